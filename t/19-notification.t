#!/bin/bash
# 19-notification: why a session ended, in words, on both sides; what a reload and a reset do
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

lan_begin
lan_routers
node host
lan_plug host 10

# documents ROUTER...: two sessions with each; five routes in that of IPv6
documents() {
	local router i
	for router; do
		peer "$router" "192.0.2.${AT[$router]}" 64512 64512 'connectTime: 1s'
		peer "$router-6" "2001:db8::${AT[$router]}" 64512 64512 'connectTime: 1s' 'routerID: 192.0.2.10'
	done
	pool all 203.0.113.0/24 2001:db8:113::/64
	service web 203.0.113.80
	for i in {1..5}; do service "mail$i" "2001:db8:113::$i"; done
	advertisement all
}
documents "${ROUTERS[@]}" >"$LAB/host.yaml"
# where they are too many, but for ExaBGP, which counts nothing
start() {
	"$1_config" 64512 "192.0.2.${AT[$1]}" '192.0.2.10 64512' \
		"2001:db8::10 64512 max=3 local=2001:db8::${AT[$1]}" | "$1_start" "$1"
}
for router in "${ROUTERS[@]}"; do start "$router"; done
mlbgpd_start host

says() { mlbgpd_show host peers ".[] | select(.name == \"$1\") | .lastError |
	\"\(if .sent then \"sent\" else \"received\" end) \(.code)/\(.subcode) \(.text)\""; }
says_that() { [[ $(says "$1") == "$2" ]] || { says "$1" && false; }; }
# FRR adds which family, and how many it takes (RFC 4486 4)
declare -A bound=([frr]=' (IPv6 unicast: 3)')
for router in frr bird gobgp openbgpd; do
	eventually "$router: too many prefixes: show says so" 20 says_that "$router-6" \
		'received 6/1 Cease: Maximum Number of Prefixes Reached'"${bound[$router]-}"
	check "$router: too many prefixes: the log says so" grep -q \
		"peer $router-6: received NOTIFICATION: Cease: Maximum Number of Prefixes Reached${bound[$router]-}$" "$LAB/host.log"
done
for router in "${ROUTERS[@]}"; do
	eventually "$router: the other session is up" 20 "${router}_established" "$router" 192.0.2.10
done


# a shutdown of theirs, with words (RFC 9003); ExaBGP has its own
frr_do frr 'router bgp 64512' 'neighbor 192.0.2.10 shutdown message new line cards' >"$LAB/out"
bird_do bird 'disable n1 "new line cards"' >"$LAB/out"
gobgp_ask gobgp neighbor 192.0.2.10 --reason 'new line cards' shutdown >"$LAB/out"
openbgpd_ask openbgpd neighbor 192.0.2.10 down 'new line cards' >"$LAB/out"
exabgp_do exabgp 'neighbor 192.0.2.10 teardown 2'
for router in "${ROUTERS[@]}"; do
	told='new line cards'
	[[ $router != exabgp ]] || told='Administrative Shutdown'
	eventually "$router: a shutdown with words: show has them" 10 says_that "$router" \
		"received 6/2 Cease: Administrative Shutdown: \"$told\""
	check "$router: a shutdown with words: the log has them" grep -q \
		"peer $router: received NOTIFICATION: Cease: Administrative Shutdown: \"$told\"$" "$LAB/host.log"
done
frr_do frr 'router bgp 64512' 'no neighbor 192.0.2.10 shutdown' >"$LAB/out"
bird_do bird 'enable n1' >"$LAB/out"
openbgpd_ask openbgpd neighbor 192.0.2.10 up >"$LAB/out"
for router in "${ROUTERS[@]}"; do
	eventually "$router: the session is up again" 20 "${router}_established" "$router" 192.0.2.10
done

# a reset of ours
heard() { [[ $("$1_heard" "$1" "$2") == "$3" ]] || { "$1_heard" "$1" "$2" && false; }; }
returned() { (($("$1_session" "$1" 192.0.2.10) > $2)) && "$1_established" "$1" 192.0.2.10; }
for router in "${ROUTERS[@]}"; do
	session=$("${router}_session" "$router" 192.0.2.10)
	check "reset $router" mlbgpd host reset "$router"
	eventually "$router: it hears Administrative Reset" 5 heard "$router" 192.0.2.10 6/4
	eventually "$router: and the session comes back" 20 returned "$router" "$session"
	eventually "$router: with the route" 5 "${router}_has" "$router" 203.0.113.80/32
done

# peers that are no longer there
documents frr openbgpd >"$LAB/host.yaml"
before="$(frr_session frr 192.0.2.10) $(openbgpd_session openbgpd 192.0.2.10)"
check 'reload without three of the peers' mlbgpd host reload
for router in bird gobgp exabgp; do
	eventually "$router: it hears Peer De-configured" 10 heard "$router" 192.0.2.10 6/3
	eventually "$router: the route is gone" 10 "${router}_lacks" "$router" 203.0.113.80/32
done
documents exabgp >"$LAB/host.yaml"
is 'the others stay' "$(frr_session frr 192.0.2.10) $(openbgpd_session openbgpd 192.0.2.10)" "$before"
check 'reload without the others' mlbgpd host reload
for router in frr openbgpd; do
	eventually "$router: it hears Peer De-configured" 10 heard "$router" 192.0.2.10 6/3
	eventually "$router: the route is gone" 10 "${router}_lacks" "$router" 203.0.113.80/32
done

# all are back, and we stop
documents "${ROUTERS[@]}" >"$LAB/host.yaml"
check 'reload with all of them' mlbgpd host reload
# two that would wait longer
openbgpd_reset openbgpd 192.0.2.10 >"$LAB/out"
stop exabgp
start exabgp
for router in "${ROUTERS[@]}"; do
	eventually "$router: the session is back" 30 "${router}_established" "$router" 192.0.2.10
done
stop host
is 'stopped in order' "$STATUS" 0
for router in frr bird gobgp openbgpd; do
	eventually "$router: it hears Administrative Shutdown, with words" 5 heard "$router" 192.0.2.10 \
		'6/2 "mlbgpd stops"'
done
for router in "${ROUTERS[@]}"; do
	eventually "$router: the route is gone" 10 "${router}_lacks" "$router" 203.0.113.80/32
done
finish
