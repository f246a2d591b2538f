#!/bin/bash
# 60-graceful-restart: for how long routers send to a host whose daemon has crashed (120 s, the restart time),
# to one that comes back in time (all the time), and to one that is dead (the hold time)
. "${0%/*}/lab.sh"
lab_begin
mlbgpd_find

#    host -- lan -- bird, frr: graceful restart on both sides, hold time 90 s
ROUTERS=(bird frr)
lan_begin
lan_routers
node host
lan_plug host 10
{
	for one in "${ROUTERS[@]}"; do
		peer "$one" "192.0.2.${AT[$one]}" 64501 64512 'holdTime: 90s' 'enableGracefulRestart: true'
	done
	pool all 203.0.113.0/24
	service web 203.0.113.80
	advertisement all
} >"$LAB/host.yaml"
for one in "${ROUTERS[@]}"; do
	"${one}_config" 64512 "192.0.2.${AT[$one]}" '192.0.2.10 64501 hold=90 restart=yes' | "${one}_start" "$one"
done
wire_follow host
mlbgpd_start host

all() {
	local one
	for one in "${ROUTERS[@]}"; do
		eventually "$one: $1" 60 "${one}_established" "$one" 192.0.2.10
		eventually "$one: $1: route" 30 "${one}_has" "$one" 203.0.113.80/32
	done
}
# lost ROUTER: microseconds, when it has no more route; looks each second
lost() {
	local i
	for ((i = 0; i < 200; i++)); do
		"${1}_has" "$1" 203.0.113.80/32 || break
		sleep 1
	done
	echo "${EPOCHREALTIME/./}"
}
# all_lost SECONDS: when each of them has no more route, to GONE[]; looks from then on
all_lost() {
	local one
	local -a looking=()
	sleep "$1"
	for one in "${ROUTERS[@]}"; do
		lost "$one" >"$LAB/$one.gone" &
		looking+=($!)
	done
	wait "${looking[@]}"
	for one in "${ROUTERS[@]}"; do GONE[$one]=$(<"$LAB/$one.gone"); done
}
# gone ROUTER WORDS SINCE SECONDS SECONDS: it had it for so long since then, and up to 2 s more, in which
# FRR has not yet cleared its tables, or we have not yet looked
gone() {
	between "$1: $2: ms until the route is gone" $(((GONE[$1] - $3) / 1000)) $(($4 * 1000)) \
		$(($5 * 1000 + 2000))
}
declare -A GONE=()

all 'session'
sleep 100
stop host KILL
crash=${EPOCHREALTIME/./}
all_lost 110
for one in "${ROUTERS[@]}"; do gone "$one" 'a crash' "$crash" 120 120; done

mlbgpd_start host
all 'started again'
expired=$(bird_log bird | grep -c 'graceful restart timed out')
sleep 70
stop host KILL
sleep 100
for one in "${ROUTERS[@]}"; do check "$one: 100 s after a crash" "${one}_has" "$one" 203.0.113.80/32; done
mlbgpd_start host
all 'back in time'
is 'bird: back in time: it never gave up' "$(bird_log bird | grep -c 'graceful restart timed out')" "$expired"
# and what was kept is no longer stale
sleep 130
for one in "${ROUTERS[@]}"; do check "$one: 130 s later" "${one}_has" "$one" 203.0.113.80/32; done

# The host is dead: it says nothing more.  BIRD's hold timer has jitter, as if it were another one's.
cut_off host
all_lost 35
for one in bird:67 frr:90; do
	least=${one#*:} one=${one%:*}
	last=$(packets host " 192.0.2.10 192.0.2.${AT[$one]} KEEPALIVE" | tail -n 1 | cut -d ' ' -f 1)
	gone "$one" 'a dead host, since its last KEEPALIVE' "$last" "$least" 90
done
stop host KILL
finish
