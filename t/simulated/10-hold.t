#!/bin/bash
# 10-hold: a router that falls silent is given up when the agreed hold time is over since its last
# message, not before; one that speaks at the last moment is kept; one that makes a connection, but no
# session, is given up as well
. "${0%/*}/lab.sh"
lab_begin
mlbgpd_find

#    host -- bird    192.0.2.0/30      240 s there (BIRD), 90 s here
#    host -- quick   192.0.2.4/30      3 s there (BIRD), 90 s here
#    host -- frr     192.0.2.8/30      9 s there (FRR), 180 s here
#    host -- last    192.0.2.12/30     90 s; speaks 10 ms before the hold time is over, 8 times
#    host -- mute    192.0.2.16/30     takes the connection, and says nothing
#    host -- half    192.0.2.20/30     sends an OPEN with 30 s, and no more
star_begin bird quick frr last mute half
wire_follow host
{
	for one in bird quick last mute half; do peer "$one" "${AT[$one]}" 64501 64512 'holdTime: 90s'; done
	peer frr "${AT[frr]}" 64501 64512 'holdTime: 180s'
	pool all 203.0.113.0/24
	service web 203.0.113.80
	advertisement all
} >"$LAB/host.yaml"
bird_config 64512 "${AT[bird]}" '192.0.2.1 64501 hold=240' | bird_start bird
bird_config 64512 "${AT[quick]}" '192.0.2.5 64501 hold=3' | bird_start quick
frr_config 64512 "${AT[frr]}" '192.0.2.9 64501 hold=9' | frr_start frr
peer_start last "${AT[last]}" 64512 open=90 keepalive '8*keepalive/89.99'
peer_start mute "${AT[mute]}" 64512
peer_start half "${AT[half]}" 64512 open=30
mlbgpd_start host
log_follow host

# heard PEER US: what came from there until then
heard() { packets host " ${AT[$1]} [0-9.]+ (OPEN|KEEPALIVE|UPDATE)" | awk -v end="$2" '$1 < end'; }

# silent PEER SECONDS STATE: given up in that state, the first time, when SECONDS were over since its last
# message (in OpenSent: our OPEN).  Timers of BGP may be late by a tenth of a second.
silent() {
	local one=$1 us=$(($2 * 1000000)) said last
	said=$(grep "peer $one: $3 -> " "$LAB/host.times.log" | head -n 1)
	like "$one: why" "$said" 'hold timer expired'
	END=${said%% *}
	last=$(heard "$one" "$END" | tail -n 1)
	[[ $3 != OpenSent ]] || last=$(packets host " ${AT[$one]} OPEN" | head -n 1)
	between "$one: microseconds since its last message" $((END - ${last%% *})) $((us - 100)) $((us + 100100))
}
told() { check "$1: it is told at once" packet_near host " ${AT[$1]} NOTIFICATION 4/0" "$END"; }

for one in bird quick frr last; do
	eventually "$one: session" 60 mlbgpd_peer_state host "$one" Established
done
for one in bird:90 quick:3 frr:9 last:90 half:30; do
	is "$one s are agreed on" "$(mlbgpd_show host peers ".[] | select(.name == \"${one%:*}\").holdTimeSeconds")" \
		"${one#*:}"
done
sleep 100
for one in bird quick frr last; do
	check "$one: up after 100 s" mlbgpd_peer_state host "$one" Established
done
for one in quick frr bird; do cut_off "$one"; done
sleep 95
stop quick
stop bird
stop frr.bgpd
sleep 700
for one in quick:3 frr:9 bird:90; do
	silent "${one%:*}" "${one#*:}" Established
	check "${one%:*}: it is to be told" grep -q "peer ${one%:*}: sent NOTIFICATION: Hold Timer Expired" \
		"$LAB/host.log"
done
silent last 90 Established
told last
is 'last: heard to the end' "$(heard last "$END" | wc -l)" 10
silent half 30 OpenConfirm
told half
silent mute 240 OpenSent
told mute
finish
