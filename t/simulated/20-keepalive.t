#!/bin/bash
# 20-keepalive: a day of KEEPALIVEs: never more than a third of the hold time apart, less up to a
# quarter by chance (RFC 4271 10), but never more than one in a second (4.4); no session is lost
. "${0%/*}/lab.sh"
lab_begin
mlbgpd_find

#    host -- bird    192.0.2.0/30      hold time 90 s
#    host -- frr     192.0.2.4/30      hold time 180 s, a KEEPALIVE each 10 s asked for, for three hours
#    host -- none    192.0.2.8/30      hold time 0 (BIRD)
#    host -- quick   192.0.2.12/30     hold time 3 s (BIRD), for ten minutes
star_begin bird frr none quick
{
	peer bird "${AT[bird]}" 64501 64512 'holdTime: 90s'
	peer frr "${AT[frr]}" 64501 64512 'holdTime: 180s' 'keepaliveTime: 10s'
	peer none "${AT[none]}" 64501 64512 'holdTime: 0s'
	peer quick "${AT[quick]}" 64501 64512 'holdTime: 3s'
} >"$LAB/host.yaml"
bird_config 64512 "${AT[bird]}" '192.0.2.1 64501 hold=90' | bird_start bird
frr_config 64512 "${AT[frr]}" '192.0.2.5 64501 hold=180' | frr_start frr
bird_config 64512 "${AT[none]}" '192.0.2.9 64501 hold=0' | bird_start none
bird_config 64512 "${AT[quick]}" '192.0.2.13 64501 hold=3' | bird_start quick
wire_follow host
mlbgpd_start host
for one in bird frr none quick; do
	eventually "$one: session" 60 mlbgpd_peer_state host "$one" Established
done

# gaps PEER [COUNT]: microseconds between the KEEPALIVEs that go there, each a line; the first is not
# told, for what came before it was an answer to an OPEN
gaps() { packets host "[0-9] ${AT[$1]} KEEPALIVE" | awk 'NR > 2 {print $1 - last} {last = $1}'; }
# statistics PEER: count, least, most, mean, and the smallest and largest share of the quarters between
# 75 % and 100 % of the longest gap that is allowed
statistics() {
	gaps "$1" | awk -v most="$2" '
		NR == 1 || $1 < min { min = $1 }
		$1 > max { max = $1 }
		{ sum += $1; i = int(($1 - most * 0.75) / (most / 16)); share[i < 0 ? 0 : i > 3 ? 3 : i]++ }
		END {
			least = most = 100 * share[0] / NR
			for (i = 1; i < 4; i++) {
				one = 100 * share[i] / NR
				if (one < least) least = one
				if (one > most) most = one
			}
			print NR, min, max, int(sum / NR), int(least), int(most)
		}'
}
# spread PEER SECONDS MOST-US PERCENT: over so many seconds; no quarter is further off than so many percent
# from 25, five times the standard deviation
spread() {
	local one=$1 seconds=$2 most=$3 off=$4 count least longest mean low high
	read -r count least longest mean low high < <(statistics "$one" "$most")
	note "$one: $count gaps of $least to $longest us, mean $mean; quarters of the range: $low % to $high %"
	between "$one: KEEPALIVEs" "$count" $((seconds * 1000000 / most - 2)) $((seconds * 4000000 / most / 3))
	between "$one: the shortest gap" "$least" $((most * 3 / 4 - 100)) "$most"
	between "$one: the longest gap" "$longest" $((most * 3 / 4)) $((most + 100))
	between "$one: the rarest quarter" "$low" $((25 - off)) 25
	between "$one: the most frequent one" "$high" 25 $((25 + off))
}

sleep 600
check 'quick: up after ten minutes' mlbgpd_peer_state host quick Established
read -r count least longest rest < <(statistics quick 1000000)
note "quick: $count gaps of $least to $longest us"
between 'quick: the shortest gap' "$least" 999900 1100100
between 'quick: the longest gap' "$longest" 999900 1100100
stop quick
sleep 10200
spread frr 10800 10000000 7
is 'frr: one session' "$(mlbgpd_show host peers '.[] | select(.name == "frr") | [.state, .establishedCount]')" \
	'["Established",1]'
stop frr.bgpd
sleep 75600
spread bird 86400 30000000 5
is 'none: one KEEPALIVE, which the OPEN asked for' "$(packets host "[0-9] ${AT[none]} KEEPALIVE" | wc -l)" 1
for one in bird none; do
	is "$one: one session all day" "$(mlbgpd_show host peers ".[] | select(.name == \"$one\") | [.state, .establishedCount]")" \
		'["Established",1]'
done
finish
