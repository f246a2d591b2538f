#!/bin/bash
# 1c-ttl-security: GTSM (RFC 5082) with five routers: on both sides, on ours alone, by more than a hop
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

lan_begin
lan_routers
node host way far
lan_plug host 10
# beyond a hop
lan_plug way 254
wire way far
address way far 198.51.100.1/30 2001:db8:51::1/64
address far way 198.51.100.2/30 2001:db8:51::2/64
route() { ip -n "$LAB_NAME-$1" route add "$2" via "$3" || bail_out "no route to $2 in $1"; }
route host 198.51.100.0/30 192.0.2.254
route host 2001:db8:51::/64 2001:db8::254
route far 192.0.2.0/24 198.51.100.1
route far 2001:db8::/64 2001:db8:51::1

# documents IPv6-TOO FAR-HOPS: with in IPv4, as the routers; in IPv6 they do nothing of the kind
documents() {
	local router
	for router in "${ROUTERS[@]}"; do
		peer "$router-4" "192.0.2.${AT[$router]}" 64999 64512 'connectTime: 1s'
		peer_policy "$router-4" "$router-4" 'ttlSecurityHops: 1'
		peer "$router-6" "2001:db8::${AT[$router]}" 64999 64512 'connectTime: 1s' \
			'routerID: 192.0.2.10'
		[[ -z $1 ]] || peer_policy "$router-6" "$router-6" 'ttlSecurityHops: 1'
	done
	peer far-4 198.51.100.2 64999 64512 'connectTime: 1s'
	peer_policy far-4 far-4 'ttlSecurityHops: 2'
	peer far-6 2001:db8:51::2 64999 64512 'connectTime: 1s' 'routerID: 192.0.2.10'
	peer_policy far-6 far-6 "ttlSecurityHops: $2"
	pool all 203.0.113.0/24 2001:db8:113::/64
	service web 203.0.113.80
	service mail 2001:db8:113::25
	advertisement all
}
documents too 1 >"$LAB/host.yaml"
for router in "${ROUTERS[@]}"; do
	"${router}_config" 64512 "192.0.2.${AT[$router]}" '192.0.2.10 64999 gtsm=1' \
		"2001:db8::10 64999 local=2001:db8::${AT[$router]}" | "${router}_start" "$router"
done
frr_config 64512 198.51.100.2 '192.0.2.10 64999 gtsm=2' '2001:db8::10 64999 gtsm=2' | frr_start far
mlbgpd_start host

for router in "${ROUTERS[@]}"; do
	eventually "$router: both sides: session" 30 "${router}_established" "$router" 192.0.2.10
	eventually "$router: both sides: route" 10 "${router}_has" "$router" 203.0.113.80/32
done
eventually 'two hops: session' 30 frr_established far 192.0.2.10
eventually 'two hops: route' 10 frr_has far 203.0.113.80/32

dropped() { (($(in_node host nstat -asz TcpExtTCPMinTTLDrop | awk '/MinTTL/ {print $2}') > 0)); }
eventually 'our kernel drops what lives too short' 20 dropped
for router in "${ROUTERS[@]}"; do
	check "$router: ours alone: no session" eval "! ${router}_established $router 2001:db8::10"
	check "$router: ours alone: no route" "${router}_lacks" "$router" 2001:db8:113::25/128
done
check 'two hops where one is allowed: no session' eval '! frr_established far 2001:db8::10'
# says NAME PATTERN: show peers has it, as a note or as the last error
says() { mlbgpd_show host peers ".[] | select(.name == \"$1\") | .note, .lastError.text" | grep -E "$2"; }
ours='does (it|the router) use TTL security'
for router in "${ROUTERS[@]}"; do
	eventually "$router: ours alone: show says why" 60 says "$router-6" "$ours"
	like "$router: ours alone: explain says why" "$(mlbgpd host explain mail "$router-6")" \
		"no +the session is not up: .*$ours"
	eventually "$router: ours alone: the log says why" 40 grep -Eq "peer $router-6: .*$ours" "$LAB/host.log"
done
like 'show summary says why' "$(mlbgpd_show host summary '.problems[]')" \
	"^peer bird-6 is not established .*$ours"
eventually 'two hops where one is allowed: show says so' 20 says far-6 "$ours"

documents '' 2 >"$LAB/host.yaml"
check 'reload: without ours' mlbgpd host reload
# they would wait for the OPEN that is lost, or for the next try, GoBGP for half a minute
for router in frr bird openbgpd exabgp; do "${router}_reset" "$router" 2001:db8::10 >"$LAB/out"; done
for router in frr bird openbgpd exabgp; do
	eventually "$router: neither side: session" 30 "${router}_established" "$router" 2001:db8::10
	eventually "$router: neither side: route" 10 "${router}_has" "$router" 2001:db8:113::25/128
	check "$router: the other session stays" "${router}_established" "$router" 192.0.2.10
done
eventually 'two hops that are allowed: session' 30 frr_established far 2001:db8::10

# BIRD asks for it, and we no longer send what it hears
documents '' 2 | sed '/ttlSecurityHops: 1/d' >"$LAB/host.yaml"
check 'reload: theirs alone' mlbgpd host reload
# BIRD may take what comes before it has set the TTL that it wants: a session that its hold timer ends
eventually 'bird: theirs alone: show says why' 100 says bird-4 \
	'is not acknowledged for [0-9]+ s: does the router ask for TTL security|no answer'
check 'bird: theirs alone: no session' eval '! bird_established bird 192.0.2.10'

stop host
is 'stopped in order' "$STATUS" 0
finish
