#!/bin/bash
# 1a-many-peers: 64 peers in one daemon: all come up soon, share one output group, hear each change once
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

# one router with 64 addresses, 198.18.0.N; each hears from an address of its own, 198.18.1.N
PEERS=64
node host many
wire host many
for ((i = 1; i <= PEERS; i++)); do
	address many host "198.18.0.$i/23"
	address host many "198.18.1.$i/23"
done
{
	echo 'router id 198.18.0.1; protocol device { } debug protocols { states, events };'
	for ((i = 1; i <= PEERS; i++)); do
		cat <<-END
			ipv4 table t$i;
			protocol bgp n$i {
				local 198.18.0.$i as 64512; neighbor 198.18.1.$i as 64512; direct; hold time 90;
				connect delay time 1; error wait time 1,2;
				ipv4 { table t$i; import all; export none; };
			}
		END
	done
} | bird_start many

documents() {
	for ((i = 1; i <= PEERS; i++)); do
		peer "many$i" "198.18.0.$i" 64512 64512 "sourceAddress: 198.18.1.$i" 'holdTime: 90s'
	done
	pool few 203.0.113.0/24
	for ((i = 1; i <= $1; i++)); do service "web$i" "203.0.113.$i"; done
	advertisement all 'localPref: 200'
}
documents 20 >"$LAB/host.yaml"
mlbgpd_start host

established() { [[ $(mlbgpd_show host summary .peers.established) == "$1" ]]; }
routes() { bird_ask many show route table all | grep -c '^203\.0\.113\.'; }
routes_are() { [[ $(routes) == "$1" ]] || { routes && false; }; }
sessions() { grep -c ': BGP session established' "$LAB/many.bird.log"; }
eventually 'all sessions' 30 established "$PEERS"
eventually 'each has all routes' 20 routes_are $((PEERS * 20))
like 'they share one output group' "$("$MLBGPD" plan --node host --stats "$LAB/host.yaml" 2>&1)" \
	'^output groups: 1$'
hops() { bird_ask many show route table all all | grep 'BGP.next_hop' | sort -u | wc -l; }
is 'each has a next hop of its own' "$(hops)" "$PEERS"

sessions=$(sessions)
capture_start many.one many host tcp port 179 and dst net 198.18.0.0/24
documents 21 >"$LAB/host.yaml"
check 'reload: one VIP more' mlbgpd host reload
eventually 'each has it' 20 routes_are $((PEERS * 21))
eventually 'by an UPDATE each' 5 capture_has many.one 'Update Message' "$PEERS"
stop many.one INT
is 'by one only' "$(capture_count many.one 'Update Message')" "$PEERS"
is 'that names one prefix' "$(capture_count many.one '203\.0\.113\.21/32')" "$PEERS"
documents 20 >"$LAB/host.yaml"
check 'reload: and one less' mlbgpd host reload
eventually 'each has lost it' 20 routes_are $((PEERS * 20))
is 'no session was touched' "$(sessions)" "$sessions"

stop host
is 'stopped in order' "$STATUS" 0
eventually 'each has lost all' 20 routes_are 0
finish
