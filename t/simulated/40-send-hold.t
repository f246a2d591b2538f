#!/bin/bash
# 40-send-hold: a router that no longer reads is given up after eight minutes, or twice the hold time
# (RFC 9687), not before; one that does not hear us when its hold time is over
. "${0%/*}/lab.sh"
lab_begin
mlbgpd_find

#    host -- deaf    192.0.2.0/30      hold time 90 s; sends KEEPALIVEs, reads nothing
#    host -- slow    192.0.2.4/30      the same with 300 s
#    host -- idle    192.0.2.8/30      the same with 90 s, where all routes and KEEPALIVEs of hours find room
#    host -- good    192.0.2.12/30     BIRD, hold time 90 s
#    host -- away    192.0.2.16/30     BIRD, hold time 90 s; what we send gets lost, on the way
star_begin deaf slow idle good away
# little room, so that few routes fill it
in_node host sysctl -qw 'net.ipv4.tcp_wmem=4096 8192 8192'
{
	for one in deaf idle good away; do peer "$one" "${AT[$one]}" 64501 64512 'holdTime: 90s'; done
	peer slow "${AT[slow]}" 64501 64512 'holdTime: 300s'
	printf -- '---\napiVersion: mlbgpd.io/v1alpha1\nkind: Daemon\nmetadata: {name: mode}\n'
	printf 'spec: {vipMode: route}\n'
	pool few 203.0.113.0/24
	service web 203.0.113.80
	advertisement few 'ipAddressPools: [few]'
	pool many 10.0.0.0/16
	advertisement many 'ipAddressPools: [many]' 'peers: [deaf, slow, good]'
	for ((i = 0; i < 4000; i++)); do service "s$i" "10.0.$((i / 256)).$((i % 256))"; done
} >"$LAB/host.yaml"
for one in deaf:90 slow:300 idle:90; do
	peer_start "${one%:*}" "${AT[${one%:*}]}" 64512 "open=${one#*:}" keepalive deaf '1000*keepalive/30'
done
bird_config 64512 "${AT[good]}" '192.0.2.13 64501 hold=90' | bird_start good
bird_config 64512 "${AT[away]}" '192.0.2.17 64501 hold=90' | bird_start away
wire_follow host
mlbgpd_start host
log_follow host
for one in deaf slow idle good away; do
	eventually "$one: session" 60 mlbgpd_peer_state host "$one" Established
done
sleep 30
is 'good: all routes are there' "$(bird_count good n1)" 4001
ended() { grep "peer $1: Established -> " "$LAB/host.times.log" | head -n 1; }
# gives_up PEER SECONDS PATTERN [LATE-US]: so long after its host had no room (and up to a tenth of a second,
# after which our socket was full as well, and another one by which timers may be late)
gives_up() {
	local one=$1 us=$(($2 * 1000000)) full
	full=$(packets host " ${AT[$one]} [0-9.]+ FULL" | head -n 1)
	like "$one: why" "$(ended "$one")" "$3"
	between "$one: microseconds since it was full" $(($(ended "$one" | cut -d ' ' -f 1) - ${full%% *})) \
		$((us - 100)) $((us + ${4:-200100}))
}

in_node away nft -f - <<-END
	table inet cut { chain in { type filter hook input priority 0; iifname host drop; }; }
END
lost=${EPOCHREALTIME/./}
sleep 650
like 'away: why' "$(ended away)" 'hold timer expired'
# the last that was heard, and a third of the hold time in which the router still sent something
between 'away: microseconds since it was lost' $(($(ended away | cut -d ' ' -f 1) - lost)) 60000000 120100000
gives_up deaf 480 'Send Hold Timer Expired'
gives_up slow 600 'Send Hold Timer Expired'
is 'deaf: as show says it' "$(mlbgpd_show host peers '.[] | select(.name == "deaf").lastError.text')" \
	'Send Hold Timer Expired'
# that nothing is read there is known to our kernel alone, which asks now and then whether there is room
for one in deaf slow away; do stop "$one"; done
sleep 9000
gives_up idle 480 'Connection timed out' 1000000
is 'good: one session all the time' "$(mlbgpd_show host peers '.[] | select(.name == "good") | [.state, .establishedCount]')" \
	'["Established",1]'
finish
