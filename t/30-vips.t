#!/bin/bash
# 30-vips: addresses stand on the interface while the plan wants them, and only ours are removed
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

pair_begin

# the operator's own: one that no plan names, and one that a Service asks for too
address host lo 198.51.100.99/32 203.0.113.9/32

before() {
	peer router 192.0.2.1 64512 64512
	# never up: VIPs stand whether or not a session does
	peer router6 2001:db8:1::1 64512 64512 'routerID: 192.0.2.2'
	pool four 203.0.113.0/28
	pool six 2001:db8:113::/64
	advertisement all
}
write() { { before && "$@"; } >"$LAB/host.yaml"; }
three() {
	service web 203.0.113.1
	service mail 2001:db8:113::25
	service theirs 203.0.113.9
}
two() {
	service web 203.0.113.1
	service dns 203.0.113.2
}
write three

pair_router ' neighbor 192.0.2.2 timers 10 30'
in_order() { addresses host lo | sort | paste -sd' '; }
is_now() { [[ $(in_order) == "$1" ]]; }

mlbgpd_start host
eventually 'all stand on lo' 20 is_now \
	'198.51.100.99/32 2001:db8:113::25/128 203.0.113.1/32 203.0.113.9/32'
check 'IPv6 without duplicate detection' bash -c \
	"ip -n $LAB_NAME-host -6 addr show dev lo | grep 2001:db8:113::25 | grep -q nodad"
show() { mlbgpd_show host vips ".[] | select(.address == \"$1\") | $2"; }
is 'show: ours' "$(show 203.0.113.1 '"\(.interface) \(.owned)"')" 'lo true'
is 'show: theirs' "$(show 203.0.113.9 '"\(.interface) \(.owned)"')" 'lo false'
eventually 'theirs is announced too' 20 frr_has router 203.0.113.9/32
announced() { [[ $(show 203.0.113.1 .state) == announced ]]; }
eventually 'show: announced' 20 announced

# Somebody deletes one
in_node host ip addr del 203.0.113.1/32 dev lo
eventually 'one that somebody deletes comes back' 10 has_address host lo 203.0.113.1/32
eventually 'and is announced' 10 frr_has router 203.0.113.1/32
in_node host ip -6 addr del 2001:db8:113::25/128 dev lo
eventually 'IPv6 too' 10 has_address host lo 2001:db8:113::25/128
in_node host ip link set lo down
in_node host ip link set lo up
eventually 'all are back after the interface was down' 20 is_now \
	'198.51.100.99/32 2001:db8:113::25/128 203.0.113.1/32 203.0.113.9/32'

# A reload
write two
check 'reload' mlbgpd host reload
eventually 'those that left are off, new ones on, others alone' 20 is_now \
	'198.51.100.99/32 203.0.113.1/32 203.0.113.2/32 203.0.113.9/32'
eventually 'the router lost what left' 10 frr_lacks router 203.0.113.9/32

# To an interface that is not there: they stay, announced, until it is
write eval 'two && printf -- "---\napiVersion: mlbgpd.io/v1alpha1\nkind: Daemon\nmetadata: {name: d}\nspec: {vipInterface: vip9}\n"'
refused 'reload with an interface that is missing: told' 5 \
	'VIP 203.0.113.1 is not on vip9: No such device; it stays on lo' mlbgpd host reload
is 'no address is gone' "$(in_order)" '198.51.100.99/32 203.0.113.1/32 203.0.113.2/32 203.0.113.9/32'
is 'show: where it is, and where it is to be' "$(show 203.0.113.1 '"\(.interface) \(.state) \(.note)"')" \
	'lo announced to move to vip9: No such device'
like 'show summary says so' "$(mlbgpd_show host summary '.problems[]')" \
	'^VIP 203.0.113.1 is not on vip9: No such device; it stays on lo$'
like 'explain says so' "$(mlbgpd host explain web)" \
	'yes +203.0.113.1 stands on interface lo until it can move to vip9: No such device'
check 'the router has its route' frr_has router 203.0.113.1/32
ip -n "$LAB_NAME-host" link add name vip9 type bridge
ip -n "$LAB_NAME-host" link set vip9 up
eventually 'the interface comes: they are there' 10 eval \
	'has_address host vip9 203.0.113.1/32 && has_address host vip9 203.0.113.2/32'
eventually 'and not on lo any more' 10 is_now '198.51.100.99/32 203.0.113.9/32'
is 'show: nothing more to be said' "$(show 203.0.113.1 '"\(.interface) \(.state) \(.note)"')" 'vip9 announced null'
write two
check 'reload: back on lo' mlbgpd host reload
eventually 'all are on lo again' 10 is_now '198.51.100.99/32 203.0.113.1/32 203.0.113.2/32 203.0.113.9/32'
is 'no session was touched' "$(pair_sessions)" 1

# A stop
stop host
is 'stopped in order' "$STATUS" 0
is 'ours are off, theirs stay' "$(in_order)" '198.51.100.99/32 203.0.113.9/32'
reason() { frr_peer router 192.0.2.2 '.lastNotificationReason // ""'; }
told() { [[ $(reason) == 'Cease/Administrative Shutdown'* ]]; }
eventually 'the router was told Cease/Administrative Shutdown' 10 told
check 'the router has no route left' frr_lacks router 203.0.113.1/32

# SIGINT is the same
mlbgpd_start host
eventually 'a second start' 20 has_address host lo 203.0.113.2/32
stop host INT
is 'SIGINT: stopped in order' "$STATUS" 0
is 'SIGINT: ours are off' "$(in_order)" '198.51.100.99/32 203.0.113.9/32'
finish
