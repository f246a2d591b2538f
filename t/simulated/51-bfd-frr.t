#!/bin/bash
# 51-bfd-frr: bfdd's link is lost: seen 150 ms after its last packet at 50 ms x 3, 900 ms at 300 ms x 3
# (not faster: bfdd asks for the time until its timers are due, again and again, within the last millisecond,
# which simulated time hardly passes in)
. "${0%/*}/lab.sh"
lab_begin
mlbgpd_find
[[ -x /usr/lib/frr/bfdd ]] || bail_out 'no bfdd'

star_begin quick slow
{
	for ms in 50 300; do
		printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: ms%s}, spec: ' "$ms"
		printf '{transmitInterval: %s, receiveInterval: %s, detectMultiplier: 3}}\n' "$ms" "$ms"
	done
	peer quick "${AT[quick]}" 64501 64512 'holdTime: 90s' 'bfdProfile: ms50'
	peer slow "${AT[slow]}" 64501 64512 'holdTime: 90s' 'bfdProfile: ms300'
} >"$LAB/host.yaml"
# shellcheck disable=SC2034  # for frr_start
FRR_DAEMONS='zebra bfdd bgpd'
# frr_with NODE OUR-ADDRESS MILLISECONDS
frr_with() {
	printf '%s\n' bfd ' profile ours' "  receive-interval $3" "  transmit-interval $3" \
		'  detect-multiplier 3' ' exit' exit
	frr_config 64512 "${AT[$1]}" "$2 64501 hold=90"
	echo " neighbor $2 bfd profile ours"
}
frr_with quick 192.0.2.1 50 | frr_start quick
frr_with slow 192.0.2.5 300 | frr_start slow
wire_follow host
mlbgpd_start host
log_follow host

bfd() { mlbgpd_show host bfd ".[] | select(.peer == \"$1\") | $2"; }
bfd_is() { [[ $(bfd "$1" "$2") == "$3" ]]; }
for one in quick:150 slow:900; do
	us=$((${one#*:} * 1000)) one=${one%:*}
	eventually "$one: BFD is Up" 60 bfd_is "$one" .state Up
	eventually "$one: BGP is up" 60 mlbgpd_peer_state host "$one" Established
	sleep 2
	is "$one: Up all the time, and the time to detect it" "$(bfd "$one" '[.state, .detectTimeMs]')" "[\"Up\",$((us / 1000))]"
	cut_off "$one"
	sleep 3
	last=$(packets host " ${AT[$one]} [0-9.]+ BFD Up" | tail -n 1 | cut -d ' ' -f 1)
	down=$(packets host " ${AT[$one]} BFD Down diag 1 " | awk -v last="$last" '$1 > last' |
		head -n 1 | cut -d ' ' -f 1)
	between "$one: microseconds from the last packet to our Down" $((down - last)) "$us" $((us + 1000))
	between "$one: and to the end of BGP" $(($(log_us host "peer $one: Established -> ") - last)) "$us" \
		$((us + 2000))
	stop "$one.bfdd"
done
finish
