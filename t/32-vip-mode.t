#!/bin/bash
# 32-vip-mode.t: VIPs as local routes instead of addresses, and back, without touching a session
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

pair_begin

documents() {
	peer router 192.0.2.1 64512 64512
	pool four 203.0.113.0/28
	advertisement all
	service web 203.0.113.1
	service dns 203.0.113.2
	printf -- '---\napiVersion: mlbgpd.io/v1alpha1\nkind: Daemon\nmetadata: {name: mode}\nspec: {vipMode: %s}\n' "$1"
}
pair_router
local_routes() { in_node host ip -4 route show table local proto 179 | grep -c '^local 203\.0\.113\.'; }
has_routes() { [[ $(local_routes) == "$1" ]]; }
answers() { in_node router ping -c 1 -W 1 203.0.113.1; }

documents route >"$LAB/host.yaml"
mlbgpd_start host
eventually 'both are local routes with our protocol' 20 has_routes 2
is 'and no addresses' "$(addresses host lo)" ''
eventually 'the router has the route' 20 eval '[[ $(frr_path router 203.0.113.1/32 length) == 1 ]]'
# the router's kernel has it a moment after its BGP
eventually 'the VIP answers' 10 answers
before=$(pair_sessions)

documents address >"$LAB/host.yaml"
check 'reload: addresses' mlbgpd host reload
eventually 'both are addresses' 10 eval 'has_address host lo 203.0.113.1/32 && has_address host lo 203.0.113.2/32'
eventually 'no local route of ours is left' 10 has_routes 0
check 'the VIP still answers' answers
documents route >"$LAB/host.yaml"
check 'reload: routes again' mlbgpd host reload
eventually 'both are local routes again' 10 has_routes 2
check 'the VIP answers again' answers
is 'no session was touched' "$(pair_sessions)" "$before"
stop host
is 'stopped in order' "$STATUS" 0
is 'nothing is left' "$(local_routes)" 0
finish
