#!/bin/bash
# 50-bfd: at 10 ms x 3 a lost link is seen 30 ms after the last packet, to a millisecond, and never
# before, whatever the router's jitter; packets are slow until the session is Up; minutes without a loss
. "${0%/*}/lab.sh"
lab_begin
mlbgpd_find

#    host -- bird    192.0.2.0/30      10 ms x 3 on both sides
#    host -- slow    192.0.2.4/30      300 ms x 3 (BIRD)
#    host -- mixed   192.0.2.8/30      BIRD sends each 50 ms with a multiplier of 5, we ask for 20 ms x 3
#    host -- absent  192.0.2.12/30     nobody is there
star_begin bird slow mixed absent
profile() {
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: %s}, spec: ' "$1"
	printf '{transmitInterval: %s, receiveInterval: %s, detectMultiplier: %s}}\n' "$2" "$2" "$3"
}
{
	profile ms10 10 3
	profile ms20 20 3
	profile ms300 300 3
	for one in bird:ms10 slow:ms300 mixed:ms20 absent:ms10; do
		peer "${one%:*}" "${AT[${one%:*}]}" 64501 64512 'holdTime: 90s' "bfdProfile: ${one#*:}"
	done
} >"$LAB/host.yaml"
# bird_with ROUTER-ADDRESS INTERVAL MULTIPLIER
bird_with() {
	bird_config 64512 "192.0.2.$(($1 + 1))" "192.0.2.$1 64501 hold=90" | sed 's/^protocol bgp.*{/&\n	bfd on;/'
	echo "protocol bfd { interface \"*\" { interval $2 ms; idle tx interval 1 s; multiplier $3; }; }"
}
bird_with 1 10 3 | bird_start bird
bird_with 5 300 3 | bird_start slow
bird_with 9 50 5 | bird_start mixed
wire_follow host
mlbgpd_start host
log_follow host
bfd() { mlbgpd_show host bfd ".[] | select(.peer == \"$1\") | $2"; }
bfd_is() { [[ $(bfd "$1" "$2") == "$3" ]]; }
for one in bird slow mixed; do
	eventually "$one: BFD is Up" 40 bfd_is "$one" .state Up
	eventually "$one: BGP is up" 60 mlbgpd_peer_state host "$one" Established
done
# gaps PEER PATTERN: of packets of ours to it, microseconds: least, most, how many
gaps() {
	packets host " ${AT[$1]} BFD $2" | awk 'NR > 1 {
			gap = $1 - last
			if (!n++ || gap < least) least = gap
			if (gap > most) most = gap
		}
		{ last = $1 } END { print least, most, n + 0 }'
}
# spaced PEER PATTERN MICROSECONDS WORDS: from three quarters of it to all of it, where there are many
# to near both ends
spaced() {
	local least most n shorter=$3 longer=$(($3 * 3 / 4))
	read -r least most n < <(gaps "$1" "$2")
	note "$1: $n gaps"
	((n < 200)) || shorter=$(($3 * 85 / 100)) longer=$(($3 * 95 / 100))
	between "$1: $4: the shortest gap" "$least" $(($3 * 3 / 4 - 100)) "$shorter"
	between "$1: $4: the longest gap" "$most" "$longer" $(($3 + 100))
}
sleep 20
stop host.wire
spaced bird 'Up diag 0 mult 3 tx 10000 rx 10000$' 10000 Up
spaced slow 'Up diag 0 mult 3 tx 300000 rx 300000$' 300000 Up
spaced mixed 'Up diag 0 mult 3 tx 20000 rx 20000$' 50000 Up
spaced absent 'Down diag 0 mult 3 tx 1000000 rx 10000$' 1000000 Down
sleep 120

wire_follow host
sleep 1
# lost PEER MILLISECONDS N: it falls silent, after it was lost N times before
lost() {
	local one=$1 us=$(($2 * 1000)) last down
	eventually "$one: BFD is Up" 60 bfd_is "$one" .state Up
	eventually "$one: BGP is up" 60 mlbgpd_peer_state host "$one" Established
	is "$one: the time to detect it" "$(bfd "$one" .detectTimeMs)" "$2"
	is "$one: as often down as it was lost" "$(bfd "$one" .downCount)" "$3"
	cut_off "$one"
	sleep 3
	last=$(packets host " ${AT[$one]} [0-9.]+ BFD Up" | tail -n 1 | cut -d ' ' -f 1)
	down=$(packets host " ${AT[$one]} BFD Down diag 1 " | awk -v last="$last" '$1 > last' | head -n 1 |
		cut -d ' ' -f 1)
	# packets may wait for others, a millisecond where intervals are as short
	between "$one: microseconds from the last packet to our Down" $((down - last)) "$us" $((us + 1100))
	between "$one: and to the end of BGP" $(($(log_us host "peer $one: Established -> ") - last)) "$us" \
		$((us + 2000))
	mend "$one"
}
for i in 0 1 2; do
	lost bird 30 "$i"
	lost slow 900 "$i"
	lost mixed 250 "$i"
done
sleep 10
stop host.wire
# each was followed by 3 s without a sound
read -r least _ < <(gaps bird 'Down diag 1 mult 3 tx 1000000 rx 10000$')
between 'bird: Down again: the shortest gap' "$least" 749900 1000100
like 'bird: verdict' "$(bfd bird .lastDown.verdict)" \
	'^nothing came for 30 ms, our timers were on time: link or peer$'
between 'bird: microseconds of lateness of our own' "$(bfd bird .lateness.maxUs)" 0 100
finish
