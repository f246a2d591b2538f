#!/bin/bash
# 17-session-options: no hold timer, another port, a source address, several of our ASes and router ids
# in one process, both families on one session; with five routers
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

lan_begin
node host
lan_plug host 10
address host lan 192.0.2.11/24 2001:db8::11/64
number=0
for one in timeless port source both frr-both; do
	node "$one"
	lan_plug "$one" "$((++number))"
done
# three more: NAME-port for the port and the source address, NAME-both for both families and no hold timer
more=(gobgp openbgpd exabgp)
number=20
declare -A at=()
for router in "${more[@]}"; do
	for one in "$router-port" "$router-both"; do
		node "$one"
		lan_plug "$one" "$((++number))"
		at[$one]=192.0.2.$number
	done
done

{
	peer timeless 192.0.2.1 64501 64512 'holdTime: 0s' 'routerID: 198.51.100.1'
	peer port 192.0.2.2 64502 64512 'peerPort: 1790' 'routerID: 198.51.100.2'
	peer source 192.0.2.3 64503 64512 'sourceAddress: 192.0.2.11' 'routerID: 198.51.100.3'
	peer both 192.0.2.4 64512 64512 'dualStackAddressFamily: true'
	peer frr-both 192.0.2.5 64505 64512 'dualStackAddressFamily: true'
	for router in "${more[@]}"; do
		peer "$router-port" "${at[$router-port]}" 64506 64512 'sourceAddress: 192.0.2.11' \
			'peerPort: 1790' 'routerID: 198.51.100.6'
		peer "$router-both" "${at[$router-both]}" 64512 64512 'dualStackAddressFamily: true' \
			'holdTime: 0s'
	done
	pool all 203.0.113.0/24 2001:db8:113::/64
	service web 203.0.113.80
	service mail 2001:db8:113::25
	advertisement all 'localPref: 200'
} >"$LAB/host.yaml"

bird_config 64512 192.0.2.1 '192.0.2.10 64501 hold=0' | bird_start timeless
bird_config 64512 192.0.2.2 '192.0.2.10 64502 passive=yes' |
	sed 's/^\tlocal  as/\tlocal port 1790 as/' | bird_start port
frr_config 64512 192.0.2.3 '192.0.2.11 64503' | frr_start source
bird_config 64512 192.0.2.4 '192.0.2.10 64512 families=both' | bird_start both
frr_config 64512 192.0.2.5 '192.0.2.10 64505 families=both' | frr_start frr-both
for router in "${more[@]}"; do
	"${router}_config" 64512 "${at[$router-port]}" '192.0.2.11 64506 passive=yes listen=1790' |
		"${router}_start" "$router-port"
	# with ours of 0 nobody has one, with another a KEEPALIVE came each second
	"${router}_config" 64512 "${at[$router-both]}" '192.0.2.10 64512 families=both hold=3' |
		"${router}_start" "$router-both"
done
mlbgpd_start host

eventually 'holdTime 0: session' 30 bird_established timeless n1
eventually 'peerPort: session' 30 bird_established port n1
eventually 'sourceAddress: session' 30 frr_established source 192.0.2.11
eventually 'both families: session with BIRD' 30 bird_established both n1
eventually 'both families: session with FRR' 30 frr_established frr-both 192.0.2.10
for router in "${more[@]}"; do
	eventually "$router: sourceAddress, peerPort: session" 30 "${router}_established" "$router-port" \
		192.0.2.11
	eventually "$router: both families, holdTime 0: session" 30 "${router}_established" \
		"$router-both" 192.0.2.10
done

# attrs NAME ROUTER NODE PREFIX WANTED
attrs() {
	eventually "$1: route" 10 "$2_has" "$3" "$4"
	is "$1: what the router sees" "$("$2_attrs" "$3" "$4")" "$5"
}
here='origin IGP, next-hop 192.0.2.10'
attrs 'holdTime 0' bird timeless 203.0.113.80/32 "as-path 64501, $here, local-pref 100"
attrs peerPort bird port 203.0.113.80/32 "as-path 64502, $here, local-pref 100"
attrs sourceAddress frr source 203.0.113.80/32 'as-path 64503, origin IGP, next-hop 192.0.2.11'
attrs 'both families, BIRD' bird both 203.0.113.80/32 "$here, local-pref 200"
attrs 'both families, FRR' frr frr-both 203.0.113.80/32 "as-path 64505, $here"
# the IPv6 next hop is an address of the same interface
sees() { "$1_attrs" "$2" 2001:db8:113::25/128; }
eventually 'both families, BIRD: the IPv6 route' 10 bird_has both 2001:db8:113::25/128
like 'both families, BIRD: what it sees' "$(sees bird both)" \
	'^origin IGP, next-hop 2001:db8::1[01], local-pref 200$'
eventually 'both families, FRR: the IPv6 route' 10 frr_has frr-both 2001:db8:113::25/128
like 'both families, FRR: what it sees' "$(sees frr frr-both)" \
	'^as-path 64505, origin IGP, next-hop 2001:db8::1[01]$'

declare -A external=([openbgpd]=', local-pref 100, med 0') internal=([openbgpd]=', med 0')
for router in "${more[@]}"; do
	attrs "$router: sourceAddress, peerPort" "$router" "$router-port" 203.0.113.80/32 \
		"as-path 64506, origin IGP, next-hop 192.0.2.11${external[$router]-}"
	like "$router: peerPort: a connection to it" "$(in_node "$router-port" ss -tnH state established)" \
		"${at[$router-port]}:1790 +192\.0\.2\.11:"
	attrs "$router: both families" "$router" "$router-both" 203.0.113.80/32 \
		"$here, local-pref 200${internal[$router]-}"
	eventually "$router: both families: the IPv6 route" 10 "${router}_has" "$router-both" \
		2001:db8:113::25/128
	like "$router: both families: what it sees" "$(sees "$router" "$router-both")" \
		"^origin IGP, next-hop 2001:db8::1[01], local-pref 200${internal[$router]-}\$"
done

like 'holdTime 0: the router has no hold timer' "$(bird_peer timeless n1)" 'Hold timer: +0\.000/0$'
like 'holdTime 0: the router has no keepalive timer' "$(bird_peer timeless n1)" \
	'Keepalive timer: +0\.000/0$'
like 'peerPort: a connection to it' "$(in_node port ss -tnH state established)" '192\.0\.2\.2:1790 '
for one in timeless:1 port:2; do
	like "${one%:*}: our router id" "$(bird_peer "${one%:*}" n1)" "Neighbor ID: +198\\.51\\.100\\.${one#*:}$"
done
is 'source: our router id' "$(frr_peer source 192.0.2.11 .remoteRouterId)" 198.51.100.3
is 'both: our router id is our address' "$(frr_peer frr-both 192.0.2.10 .remoteRouterId)" 192.0.2.10
is 'show peers: hold time, AS, local address' "$(mlbgpd_show host peers \
	'map("\(.name) \(.holdTimeSeconds) \(.myASN) \(.localAddress)") | join(", ")')" \
	"$(printf '%s, ' 'both 30 64512 192.0.2.10' \
		'exabgp-both 0 64512 192.0.2.10' 'exabgp-port 30 64506 192.0.2.11' \
		'frr-both 30 64505 192.0.2.10' \
		'gobgp-both 0 64512 192.0.2.10' 'gobgp-port 30 64506 192.0.2.11' \
		'openbgpd-both 0 64512 192.0.2.10' 'openbgpd-port 30 64506 192.0.2.11' \
		'port 30 64502 192.0.2.10' 'source 30 64503 192.0.2.11')timeless 0 64501 192.0.2.10"

# Nothing keeps the session without timers up but itself: it outlives what the others need.
keepalives() { frr_peer source 192.0.2.11 .messageStats.keepalivesRecv; }
enough() { (($(keepalives) >= $1)); }
declare -A session=()
for router in "${more[@]}"; do
	session[$router]=$("${router}_session" "$router-both" 192.0.2.10)
	capture_start "$router.quiet" "$router-both" lan tcp port 179
done
capture_start timeless.quiet timeless lan tcp port 179
eventually 'some keepalives elsewhere' 30 enough "$(($(keepalives) + 5))"
for one in timeless "${more[@]}"; do
	stop "$one.quiet" INT
	is "$one: holdTime 0: no KEEPALIVE" "$(capture_count "$one.quiet" Keepalive)" 0
done
for router in "${more[@]}"; do
	check "$router: holdTime 0: the session is up" "${router}_established" "$router-both" 192.0.2.10
	is "$router: holdTime 0: it is the same" "$("${router}_session" "$router-both" 192.0.2.10)" \
		"${session[$router]}"
done
check 'holdTime 0: the session is up' bird_established timeless n1
is 'holdTime 0: it was never down' "$(bird_session timeless n1)" 1

stop host
is 'stopped in order' "$STATUS" 0
finish
