#!/bin/bash
# 15-refresh: routers ask for their routes again: they come, and the session stays
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

lan_begin
lan_routers
node host
lan_plug host 10
{
	for router in "${ROUTERS[@]}"; do
		peer "$router-4" "192.0.2.${AT[$router]}" 64512 64512
		peer "$router-6" "2001:db8::${AT[$router]}" 64512 64512 'routerID: 192.0.2.10'
	done
	pool all 203.0.113.0/24 2001:db8:113::/64
	for i in {1..9}; do
		service "web$i" "203.0.113.$i"
		service "mail$i" "2001:db8:113::$i"
	done
	advertisement all 'localPref: 200' 'communities: ["64512:10"]'
} >"$LAB/host.yaml"
for router in "${ROUTERS[@]}"; do
	"${router}_config" 64512 "192.0.2.${AT[$router]}" '192.0.2.10 64512' \
		"2001:db8::10 64512 local=2001:db8::${AT[$router]}" | "${router}_start" "$router"
done
mlbgpd_start host

counts() { [[ $("$1_count" "$1" "$2") == "$3" ]] || { "$1_count" "$1" "$2" && false; }; }
more() { (($("$1_updates" "$1" "$2") > $3)) || { "$1_updates" "$1" "$2" && false; }; }
for router in "${ROUTERS[@]}"; do
	for at in 192.0.2.10 2001:db8::10; do
		eventually "$router: nine routes from $at" 30 counts "$router" "$at" 9
	done
done
# GoBGP keeps what it heard, and never asks
routes='203\.0\.113\.[1-9]/32|2001:db8:113::[1-9]/128'
# where the router knows RFC 7313, what comes again stands between BoRR and EoRR
declare -A refreshes=([frr]=6 [bird]=6 [openbgpd]=2 [exabgp]=6)
for router in frr bird openbgpd exabgp; do
	capture_start "$router.again" "$router" lan tcp port 179
	for at in 192.0.2.10 2001:db8::10; do
		updates=$("${router}_updates" "$router" "$at")
		session=$("${router}_session" "$router" "$at")
		check "$router: asks $at for its routes" "${router}_refresh" "$router" "$at"
		eventually "$router: they come again" 10 more "$router" "$at" "$updates"
		eventually "$router: all nine" 10 counts "$router" "$at" 9
		is "$router: the session was not touched" "$("${router}_session" "$router" "$at")" "$session"
		check "$router: the session is up" "${router}_established" "$router" "$at"
	done
	eventually "$router: requests and marks are on the wire" 5 \
		capture_has "$router.again" 'Route Refresh' "${refreshes[$router]}"
	eventually "$router: and all routes" 5 capture_has "$router.again" "$routes" 18
	stop "$router.again" INT
	is "$router: one request a family, and its marks" \
		"$(capture_count "$router.again" 'Route Refresh')" "${refreshes[$router]}"
	is "$router: every route once" "$(capture_count "$router.again" "$routes")" 18
done
stop host
is 'stopped in order' "$STATUS" 0
finish
