#!/bin/bash
# 30-retry: how often a router is dialled that refuses, one that does not answer, and one that was
# there for a while
. "${0%/*}/lab.sh"
lab_begin
mlbgpd_find

#    host -- refuses  192.0.2.0/30     nobody listens there; later BIRD does
#    host -- silent   192.0.2.4/30     takes no packet
#    host -- often    192.0.2.8/30     refuses; connectTime 1 s
#    host -- rarely   192.0.2.12/30    refuses; connectTime 300 s
star_begin refuses silent often rarely
in_node silent nft -f - <<-END
	table inet cut { chain in { type filter hook input priority 0; tcp dport 179 drop; }; }
END
{
	peer refuses "${AT[refuses]}" 64501 64512 'holdTime: 90s'
	peer silent "${AT[silent]}" 64501 64512 'holdTime: 90s'
	peer often "${AT[often]}" 64501 64512 'holdTime: 90s' 'connectTime: 1s'
	peer rarely "${AT[rarely]}" 64501 64512 'holdTime: 90s' 'connectTime: 300s'
} >"$LAB/host.yaml"
wire_follow host
mlbgpd_start host

# dialled PEER SINCE: microseconds from then (0: from the first attempt) to each attempt from the one before
dialled() {
	packets host " ${AT[$1]} SYN" | awk -v last="$2" '$1 >= last { if (last) print $1 - last; last = $1 }'
}
# backs_off PEER SINCE SECONDS...: by a quarter less at the most, or a tenth of a second more
backs_off() {
	local one=$1 since=$2 i=0
	local -a gaps
	shift 2
	mapfile -t gaps < <(dialled "$one" "$since")
	for seconds; do
		between "$one: microseconds to attempt $((i + 1))" "${gaps[i]:-}" $((seconds * 750000 - 100)) \
			$((seconds * 1000000 + 100100))
		i=$((i + 1))
	done
}

sleep 1500
backs_off refuses 0 5 10 20 40 80 120 120 120 120
backs_off often 0 1 2 4 8 16 32 64 120 120 120
backs_off rarely 0 300 300 300
# an attempt that is not answered lasts until the next one
backs_off silent 0 5 5 10 20 40 80 120 120

# BIRD listens, is dialled, is up for so many seconds, and is killed at LOST
up_for() {
	local i
	bird_config 64512 "${AT[refuses]}" '192.0.2.1 64501 hold=90 passive=yes' | bird_start refuses
	for ((i = 0; i < 61; i++)); do
		! mlbgpd_peer_state host refuses Established || break
		sleep 2
	done
	check 'refuses: it listens, and is dialled within two minutes' mlbgpd_peer_state host refuses Established
	sleep "$1"
	stop refuses KILL
	LOST=${EPOCHREALTIME/./}
	rm -f "$LAB/refuses.ctl"
}
up_for 30
sleep 121
backs_off refuses "$LOST" 120
up_for 65
sleep 60
backs_off refuses "$LOST" 5 5 10 20
finish
