#!/bin/bash
# 12-attributes: what five routers see of a route, in internal and external sessions of both families
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

lan_begin
lan_routers
node inner outer
lan_plug inner 10
lan_plug outer 20

# host ASN NUMBER VIP4 VIP6: two sessions with each router, a VIP of each family
host() {
	local router names=()
	for router in "${ROUTERS[@]}"; do
		peer "$router-4" "192.0.2.${AT[$router]}" "$1" 64512
		peer "$router-6" "2001:db8::${AT[$router]}" "$1" 64512 "routerID: 192.0.2.$2"
		names+=("$router-4" "$router-6")
	done
	pool four "$3/32"
	pool six "$4/128"
	service web "$3"
	service mail "$4"
	advertisement here "peers: [$(IFS=, && echo "${names[*]}")]" 'localPref: 200' \
		'communities: ["64512:20", "64512:10", "large:4200000001:1:70000", "no-export"]'
}

# a better place for the same VIPs, on another node: "here" is the second choice
elsewhere() {
	peer elsewhere 192.0.2.99 4200000002 64512 'nodeSelectors: [{matchLabels: {at: elsewhere}}]'
	advertisement there 'peers: [elsewhere]' 'localPref: 300'
	printf -- '---\napiVersion: mlbgpd.io/v1alpha1\nkind: Daemon\nmetadata: {name: here}\n'
	printf 'spec: {externalPreference: {mode: %s}}\n' "$1"
}
host 64512 10 203.0.113.10 2001:db8:113::10 >"$LAB/inner.yaml"
{ host 4200000002 20 203.0.113.20 2001:db8:113::20 && elsewhere prepend; } >"$LAB/outer.yaml"

for router in "${ROUTERS[@]}"; do
	local6="local=2001:db8::${AT[$router]}"
	"${router}_config" 64512 "192.0.2.${AT[$router]}" '192.0.2.10 64512' \
		"2001:db8::10 64512 $local6" '192.0.2.20 4200000002' \
		"2001:db8::20 4200000002 $local6" | "${router}_start" "$router"
done
mlbgpd_start inner
mlbgpd_start outer


# attrs ROUTER BEFORE-COMMUNITIES: what it shows; NO_EXPORT has a name in some
attrs() {
	local no_export=65535:65281
	[[ $1 != frr ]] || no_export=no-export
	[[ $1 != openbgpd ]] || no_export=NO_EXPORT
	echo "$2, communities 64512:10 64512:20 $no_export, large 4200000001:1:70000"
}
# Where none came, some show the preference that they take, or a MED of 0.
declare -A no_pref=([bird]=', local-pref 100' [openbgpd]=', local-pref 100')
declare -A no_med=([openbgpd]=', med 0')
prepended='as-path 4200000002 4200000002 4200000002 4200000002, origin IGP'
for router in "${ROUTERS[@]}"; do
	for at in 192.0.2.10 2001:db8::10 192.0.2.20 2001:db8::20; do
		eventually "$router: session with $at" 30 "${router}_established" "$router" "$at"
	done
	eventually "$router: internal IPv4 route" 10 "${router}_has" "$router" 203.0.113.10/32
	eventually "$router: internal IPv6 route" 10 "${router}_has" "$router" 2001:db8:113::10/128
	eventually "$router: external IPv4 route" 10 "${router}_has" "$router" 203.0.113.20/32
	eventually "$router: external IPv6 route" 10 "${router}_has" "$router" 2001:db8:113::20/128
	pref=${no_pref[$router]:-} med=${no_med[$router]:-}
	is "$router: internal IPv4" "$("${router}_attrs" "$router" 203.0.113.10/32)" \
		"$(attrs "$router" "origin IGP, next-hop 192.0.2.10, local-pref 200$med")"
	is "$router: internal IPv6" "$("${router}_attrs" "$router" 2001:db8:113::10/128)" \
		"$(attrs "$router" "origin IGP, next-hop 2001:db8::10, local-pref 200$med")"
	is "$router: external IPv4, prepended" "$("${router}_attrs" "$router" 203.0.113.20/32)" \
		"$(attrs "$router" "$prepended, next-hop 192.0.2.20$pref$med")"
	is "$router: external IPv6, prepended" "$("${router}_attrs" "$router" 2001:db8:113::20/128)" \
		"$(attrs "$router" "$prepended, next-hop 2001:db8::20$pref$med")"
	sessions[${AT[$router]}]=$("${router}_session" "$router" 192.0.2.20)
done

# MED instead, by a reload
{ host 4200000002 20 203.0.113.20 2001:db8:113::20 && elsewhere med; } >"$LAB/outer.yaml"
check 'reload: MED instead of a longer path' mlbgpd outer reload
has_attrs() { [[ $("$1_attrs" "$1" "$2") == "$3" ]] || { "$1_attrs" "$1" "$2" && false; }; }
for router in "${ROUTERS[@]}"; do
	pref=${no_pref[$router]:-}
	eventually "$router: external IPv4, MED" 10 has_attrs "$router" 203.0.113.20/32 "$(attrs "$router" \
		"as-path 4200000002, origin IGP, next-hop 192.0.2.20$pref, med 200")"
	eventually "$router: external IPv6, MED" 10 has_attrs "$router" 2001:db8:113::20/128 "$(attrs \
		"$router" "as-path 4200000002, origin IGP, next-hop 2001:db8::20$pref, med 200")"
	is "$router: its session was not touched" "$("${router}_session" "$router" 192.0.2.20)" \
		"${sessions[${AT[$router]}]}"
done
is 'show peers: all ten can do four-octet ASes' "$(mlbgpd_show outer peers \
	'map(select(.capabilities | index("four-octet-as"))) | length')" 10

stop inner
stop outer
finish
