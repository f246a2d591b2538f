#!/bin/bash
# 31-crash: kill -9 and a new start: addresses of ours are adopted, those not wanted are removed
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

pair_begin
address host lo 198.51.100.99/32 203.0.113.4/32

documents() {
	local one
	peer router 192.0.2.1 64512 64512
	# never up: VIPs stand whether or not a session does
	peer router6 2001:db8:1::1 64512 64512 'routerID: 192.0.2.2'
	pool four 203.0.113.0/28
	pool six 2001:db8:113::/64
	advertisement all
	for one; do service "s-${one//[.:]/-}" "$one"; done
}
documents 203.0.113.1 203.0.113.2 2001:db8:113::1 2001:db8:113::2 203.0.113.4 >"$LAB/host.yaml"

pair_router
in_order() { addresses host lo | sort | paste -sd' '; }
is_now() { [[ $(in_order) == "$1" ]]; }
all='198.51.100.99/32 2001:db8:113::1/128 2001:db8:113::2/128 203.0.113.1/32 203.0.113.2/32 203.0.113.4/32'

mlbgpd_start host
eventually 'all stand' 20 is_now "$all"
eventually 'and are announced' 30 frr_has router 203.0.113.1/32

stop host KILL
is 'killed' "$STATUS" 137
is 'the kernel keeps them' "$(in_order)" "$all"

# what happens to addresses from now on
in_node host ip monitor address >"$LAB/monitor.txt" &
PID[monitor]=$!
mlbgpd_start host
eventually 'started again: announced' 30 frr_has router 203.0.113.1/32
is 'none doubled, none lost' "$(in_order)" "$all"
is 'not one was taken off' "$(grep -c Deleted "$LAB/monitor.txt")" 0
owned() { mlbgpd_show host vips '[.[] | select(.owned) | .address] | sort | join(" ")'; }
is 'ours are ours again, the other is not' "$(owned)" \
	'2001:db8:113::1 2001:db8:113::2 203.0.113.1 203.0.113.2'

# The file changes while nobody is there
stop host KILL
documents 203.0.113.1 2001:db8:113::1 203.0.113.3 >"$LAB/host.yaml"
mlbgpd_start host
eventually 'what the file no longer names is removed, theirs is not' 30 is_now \
	'198.51.100.99/32 2001:db8:113::1/128 203.0.113.1/32 203.0.113.3/32 203.0.113.4/32'
eventually 'the routes follow' 30 frr_has router 203.0.113.3/32
eventually 'and only those' 30 frr_lacks router 203.0.113.2/32

stop host
is 'stopped in order' "$STATUS" 0
is 'theirs are left' "$(in_order)" '198.51.100.99/32 203.0.113.4/32'
finish
