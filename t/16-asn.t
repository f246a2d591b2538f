#!/bin/bash
# 16-asn: AS numbers beyond 65535 on both sides, routers that can't do them, dynamicASN, localASN
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

# wide routers, in AS 4200000001, and their host; a host inside of that AS
lan_begin
lan_routers
node host inside
lan_plug host 10
lan_plug inside 20
# narrow ones, in AS 64512 and without the capability; GoBGP always has it.  Some still look at ours,
# and so at our real AS; ExaBGP knows AS_TRANS (RFC 6793); BIRD takes only small ones.
NARROW=(frr bird openbgpd exabgp)
declare -A OURS=([frr]=4200000002 [bird]=64999 [openbgpd]=4200000002 [exabgp]=4200000002)
declare -A THEIRS=([frr]=4200000002 [bird]=64999 [openbgpd]=4200000002 [exabgp]=23456)
number=30
for router in "${NARROW[@]}"; do
	node "old-$router"
	lan_plug "old-$router" "$((++number))"
	# shellcheck disable=SC2004,SC2154
	AT[old-$router]=$number
done

{
	for router in "${ROUTERS[@]}"; do
		peer "$router-4" "192.0.2.${AT[$router]}" 4200000002 4200000001
		printf -- '---\napiVersion: metallb.io/v1beta2\nkind: BGPPeer\nmetadata: {name: %s}\n' "$router-6"
		printf 'spec: {peerAddress: "%s", myASN: 64999, localASN: 4200000003, dynamicASN: external, ' \
			"2001:db8::${AT[$router]}"
		printf 'routerID: 192.0.2.110}\n'
	done
	for router in "${NARROW[@]}"; do
		peer "old-$router" "192.0.2.${AT[old-$router]}" "${OURS[$router]}" 64512
		peer_policy "old-$router" "old-$router" 'asPathPrepend: 1'
	done
	pool all 203.0.113.0/24 2001:db8:113::/64
	service web 203.0.113.10
	service mail 2001:db8:113::10
	advertisement all 'communities: ["64512:1"]'
} >"$LAB/host.yaml"
{
	for router in "${ROUTERS[@]}"; do
		printf -- '---\napiVersion: metallb.io/v1beta2\nkind: BGPPeer\nmetadata: {name: %s}\n' "$router-4"
		printf 'spec: {peerAddress: "%s", myASN: 4200000001, dynamicASN: internal}\n' \
			"192.0.2.${AT[$router]}"
	done
	pool all 203.0.113.0/24
	service web 203.0.113.20
	advertisement all 'localPref: 200'
} >"$LAB/inside.yaml"

for router in "${ROUTERS[@]}"; do
	"${router}_config" 4200000001 "192.0.2.${AT[$router]}" '192.0.2.10 4200000002' \
		"2001:db8::10 4200000003 local=2001:db8::${AT[$router]}" '192.0.2.20 4200000001' |
		"${router}_start" "$router"
done
for router in "${NARROW[@]}"; do
	capture_start "old-$router.wire" "old-$router" lan tcp port 179 and src host 192.0.2.10
	"${router}_config" 64512 "192.0.2.${AT[old-$router]}" "192.0.2.10 ${THEIRS[$router]} as4=no" |
		"${router}_start" "old-$router"
done
mlbgpd_start host
mlbgpd_start inside

declare -A no_pref=([bird]=', local-pref 100' [openbgpd]=', local-pref 100')
declare -A no_med=([openbgpd]=', med 0')
for router in "${ROUTERS[@]}"; do
	for prefix in 203.0.113.10/32 2001:db8:113::10/128 203.0.113.20/32; do
		eventually "$router: $prefix" 30 "${router}_has" "$router" "$prefix"
	done
	pref=${no_pref[$router]:-} med=${no_med[$router]:-}
	is "$router: four octets on both sides" "$("${router}_attrs" "$router" 203.0.113.10/32)" \
		"as-path 4200000002, origin IGP, next-hop 192.0.2.10$pref$med, communities 64512:1"
	is "$router: localASN, dynamicASN external" "$("${router}_attrs" "$router" 2001:db8:113::10/128)" \
		"as-path 4200000003, origin IGP, next-hop 2001:db8::10$pref$med, communities 64512:1"
	is "$router: dynamicASN internal" "$("${router}_attrs" "$router" 203.0.113.20/32)" \
		"origin IGP, next-hop 192.0.2.20, local-pref 200$med"
done
is 'show peers: dynamicASN: the AS that came' "$(mlbgpd_show host peers \
	'[.[] | select(.name == "bird-6") | .myASN, .peerASN, .type] | join(" ")')" \
	'4200000003 4200000001 external'
is 'show peers: dynamicASN internal' "$(mlbgpd_show inside peers \
	'[.[] | select(.name == "frr-4") | .peerASN, .type] | join(" ")')" '4200000001 internal'
is 'FRR: a router id for each peer' "$(frr_peer frr 192.0.2.10 .remoteRouterId) $(
	frr_peer frr 2001:db8::10 .remoteRouterId)" '192.0.2.10 192.0.2.110'

for router in "${NARROW[@]}"; do
	eventually "$router without the capability: session" 30 "${router}_established" "old-$router" 192.0.2.10
	eventually "$router without the capability: route" 10 "${router}_has" "old-$router" 203.0.113.10/32
done
origin='origin IGP, next-hop 192.0.2.10'
# FRR looks at no AS4_PATH of a neighbor that has the capability
is 'frr: AS_TRANS' "$(frr_attrs old-frr 203.0.113.10/32)" \
	"as-path 23456 23456, $origin, communities 64512:1"
is 'bird: a small AS' "$(bird_attrs old-bird 203.0.113.10/32)" \
	"as-path 64999 64999, $origin, local-pref 100, communities 64512:1"
is 'openbgpd: AS_PATH and AS4_PATH together' "$(openbgpd_attrs old-openbgpd 203.0.113.10/32)" \
	"as-path 4200000002 4200000002, $origin, local-pref 100, med 0, communities 64512:1"
is 'exabgp: AS_PATH and AS4_PATH together' "$(exabgp_attrs old-exabgp 203.0.113.10/32)" \
	"as-path 4200000002 4200000002, $origin, communities 64512:1"
# two octets for each AS, and the whole of it beside, optional, transitive and (as RFC 4271 allows) long
two='AS Path \(2\), length: 6, .*: 23456 23456 *$'
four='AS4 Path \(17\), length: 10, Flags \[OTE?\]: 4200000002 4200000002 *$'
for router in frr openbgpd exabgp; do
	wire=old-$router.wire
	eventually "$router: on the wire: our AS in the OPEN" 5 capture_has "$wire" 'my AS 23456'
	eventually "$router: on the wire: AS_PATH" 5 capture_has "$wire" "$two"
	eventually "$router: on the wire: AS4_PATH" 5 capture_has "$wire" "$four"
	stop "$wire" INT
	is "$router: on the wire: no other path" "$(capture_count "$wire" 'AS4? Path \([0-9]+\)')" \
		"$(capture_count "$wire" "$two|$four")"
done
eventually 'bird: on the wire: AS_PATH' 5 capture_has old-bird.wire \
	'AS Path \(2\), length: 6, .*: 64999 64999 *$'
stop old-bird.wire INT
is 'bird: on the wire: no AS4_PATH' "$(capture_count old-bird.wire 'AS4 Path')" 0

stop host
stop inside
is 'stopped in order' "$STATUS" 0
finish
