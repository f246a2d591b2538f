#!/bin/bash
# 1e-graceful-restart: what routers with graceful restart (RFC 4724), and with its extension to
# NOTIFICATIONs (RFC 8538), make of a crash, of silence, of a reset and of a stop
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

# ExaBGP has no table that could keep anything.  BIRD knows RFC 4724 alone.
helpers=(frr bird gobgp openbgpd)
lan_begin
lan_routers
node host
lan_plug host 10
{
	for router in "${helpers[@]}"; do
		peer "$router" "192.0.2.${AT[$router]}" 64512 64512 'connectTime: 1s' \
			'enableGracefulRestart: true' 'holdTime: 9s' 'keepaliveTime: 1s'
	done
	pool all 203.0.113.0/24
	service web 203.0.113.80
	advertisement all
} >"$LAB/host.yaml"
for router in "${helpers[@]}"; do
	"${router}_config" 64512 "192.0.2.${AT[$router]}" '192.0.2.10 64512 hold=9 restart=yes' |
		"${router}_start" "$router"
done
mlbgpd_start host

all() {
	local router
	for router in "${helpers[@]}"; do
		eventually "$router: $1" "$2" "${router}_$3" "$router" "$4"
	done
}
all 'session' 30 established 192.0.2.10
all 'route' 10 has 203.0.113.80/32
for router in "${helpers[@]}"; do
	check "$router: graceful restart is known to both" eval \
		"mlbgpd_show host peers '.[] | select(.name == \"$router\").capabilities[]' | grep -Fx graceful-restart"
done
# FRR tells what we said: no promise for NOTIFICATIONs
is 'frr: N is not set by us' "$(frr frr 'show bgp neighbors 192.0.2.10 json' |
	jq -c '.[].gracefulRestartInfo.nBit')" false

# A crash: routers keep the route
down() { ! "${1}_established" "$1" 192.0.2.10; }
stop host KILL
for router in "${helpers[@]}"; do eventually "$router: a crash: no session" 10 down "$router"; done
for router in "${helpers[@]}"; do
	check "$router: a crash: the route stays" "${router}_has" "$router" 203.0.113.80/32
done
mlbgpd_start host
all 'started again: session' 40 established 192.0.2.10
all 'started again: route' 10 has 203.0.113.80/32

# Silence, as of a host that is dead: the hold time counts, not the restart time behind it
kill -STOP "${PID[host]}"
for router in frr bird openbgpd; do # GoBGP keeps it, as if RFC 8538 had been agreed on
	eventually "$router: silence: the route goes with the hold time" 20 "${router}_lacks" \
		"$router" 203.0.113.80/32
done
kill -CONT "${PID[host]}"
all 'awake again: session' 60 established 192.0.2.10
all 'awake again: route' 10 has 203.0.113.80/32

# A stop: the Cease is meant
stop host
is 'stopped in order' "$STATUS" 0
all 'a stop: the route goes at once' 3 lacks 203.0.113.80/32
for router in "${helpers[@]}"; do
	is "$router: it was told why" "$("${router}_heard" "$router" 192.0.2.10)" '6/2 "mlbgpd stops"'
done
finish
