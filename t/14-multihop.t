#!/bin/bash
# 14-multihop: external sessions through a router: with ebgpMultiHop, and not without
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

lan_begin
lan_routers
node host way
wire host way
address host way 198.51.100.2/30 2001:db8:51::2/64
address way host 198.51.100.1/30 2001:db8:51::1/64
lan_plug way 254
# route NODE TO VIA
route() { ip -n "$LAB_NAME-$1" route add "$2" via "$3" || bail_out "no route to $2 in $1"; }
route host 192.0.2.0/24 198.51.100.1
route host 2001:db8::/64 2001:db8:51::1
for router in "${ROUTERS[@]}"; do
	route "$router" 198.51.100.0/30 192.0.2.254
	route "$router" 2001:db8:51::/64 2001:db8::254
done

# The routers wait for us in the sessions without.  ExaBGP can only dial: its connection stands, and only
# what we send on it is lost.
listeners=(frr bird gobgp openbgpd)
# documents [SPEC-LINE]: of the IPv6 sessions
documents() {
	local router
	for router in "${ROUTERS[@]}"; do
		peer "$router-4" "192.0.2.${AT[$router]}" 64999 64512 'ebgpMultiHop: true' \
			'connectTime: 2s'
	done
	for router in "${ROUTERS[@]}"; do
		peer "$router-6" "2001:db8::${AT[$router]}" 64999 64512 'connectTime: 2s' \
			'routerID: 198.51.100.2' "$@"
	done
	pool all 203.0.113.0/24 2001:db8:113::/64
	service web 203.0.113.80
	service mail 2001:db8:113::25
	advertisement all
}
documents >"$LAB/host.yaml"
for router in "${ROUTERS[@]}"; do
	passive=passive=yes
	[[ $router != exabgp ]] || passive=
	"${router}_config" 64512 "192.0.2.${AT[$router]}" '198.51.100.2 64999 multihop=4' \
		"2001:db8:51::2 64999 multihop=4 $passive local=2001:db8::${AT[$router]}" |
		"${router}_start" "$router"
done
mlbgpd_start host

for router in "${ROUTERS[@]}"; do
	eventually "$router: with ebgpMultiHop: session" 30 "${router}_established" "$router" 198.51.100.2
	eventually "$router: with ebgpMultiHop: route" 10 "${router}_has" "$router" 203.0.113.80/32
	like "$router: its next hop is two hops away" "$("${router}_attrs" "$router" 203.0.113.80/32)" \
		'^as-path 64999, origin IGP, next-hop 198\.51\.100\.2(,|$)'
done
# without: our packets live for one hop
says() { mlbgpd_show host peers ".[] | select(.name == \"$1\") | \"\(.state): \(.lastError.text)\""; }
unreachable() { says "$1" | grep -E '^(Connect|Active): No route to host .*needs ebgpMultiHop'; }
for router in "${listeners[@]}"; do
	eventually "$router: without: show says why" 20 unreachable "$router-6"
	like "$router: without: explain says why" "$(mlbgpd host explain mail "$router-6")" \
		'no +the session is not up: .*No route to host .*needs ebgpMultiHop'
	check "$router: without: no session" eval "! ${router}_established $router 2001:db8:51::2"
	check "$router: without: no route" "${router}_lacks" "$router" 2001:db8:113::25/128
done

why='is not acknowledged for [0-9]+ s: our packets live for one hop, and .* needs ebgpMultiHop'
is_unheard() { mlbgpd_show host peers '.[] | select(.name == "exabgp-6") | "\(.state) \(.note)"' | grep -E "^Open.* $why"; }
eventually 'exabgp: without: show says what it waits for' 40 is_unheard
like 'exabgp: without: explain says so' "$(mlbgpd host explain mail exabgp-6)" "no +the session is not up: .*$why"
like 'exabgp: without: the log says so' "$(cat "$LAB/host.log")" "^warning: peer exabgp-6: Open.*$why"

documents 'ebgpMultiHop: true' >"$LAB/host.yaml"
check 'reload: with ebgpMultiHop' mlbgpd host reload
for router in "${listeners[@]}"; do # ExaBGP waits for long before it dials again
	eventually "$router: mended: session" 40 "${router}_established" "$router" 2001:db8:51::2
	eventually "$router: mended: route" 10 "${router}_has" "$router" 2001:db8:113::25/128
done

stop host
is 'stopped in order' "$STATUS" 0
finish
