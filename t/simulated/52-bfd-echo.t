#!/bin/bash
# 52-bfd-echo: echoes each 10 ms, by IPv4 and IPv6: a link that falls silent is seen 30 ms after the last that came back, while
# control packets come once a second
. "${0%/*}/lab.sh"
lab_begin
mlbgpd_find

#    host -- twin    192.0.2.0/30 and 2001:db8:1::/64, a session each, both mlbgpd
node host twin
wire host twin
address host twin 192.0.2.1/30 2001:db8:1::1/64
address twin host 192.0.2.2/30 2001:db8:1::2/64
config() {
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: echo}, spec: '
	printf '{transmitInterval: 300, receiveInterval: 300, detectMultiplier: 3, echoMode: true, echoInterval: 10}}\n'
	peer four "$1" "$3" "$4" 'holdTime: 90s' 'bfdProfile: echo'
	peer six "$2" "$3" "$4" 'holdTime: 90s' 'bfdProfile: echo'
}
config 192.0.2.2 2001:db8:1::2 64501 64512 >"$LAB/host.yaml"
config 192.0.2.1 2001:db8:1::1 64512 64501 >"$LAB/twin.yaml"
mlbgpd_start host
mlbgpd_start twin
log_follow host
# bfd PEER FILTER
bfd() { mlbgpd_show host bfd ".[] | select(.peer == \"$1\") | $2"; }
bfd_is() { [[ $(bfd "$1" "$2") == "$3" ]]; }
for one in four six; do
	eventually "$one: BFD is Up" 60 bfd_is "$one" .state Up
	eventually "$one: BGP is up" 60 mlbgpd_peer_state host "$one" Established
	eventually "$one: echoes come back" 20 bfd_is "$one" .echo true
done
sleep 60
for one in four six; do
	is "$one: Up all the time" "$(bfd "$one" '[.state, .downCount, .echo]')" '["Up",0,true]'
done
wire_follow host
sleep 5
# it takes all that leaves by the link, and so what comes back of us
tc -n "$LAB_NAME-twin" qdisc add dev host root netem loss 100%
sleep 3

# judge PEER OURS ITS
judge() {
	local one=$1 ours=$2 its=$3 least most back late down
	packets host " $ours $ours ECHO" | awk '
		$NF == "in" { back = $1; if (back - sent > late) late = back - sent; next }
		sent {
			gap = $1 - sent
			if (!least || gap < least) least = gap
			if (gap > most) most = gap
		}
		{ sent = $1 }
		END { print least, most, back, late }' >"$LAB/echoes"
	read -r least most back late <"$LAB/echoes"
	between "$one: the shortest gap between two echoes" "$least" 7400 8500
	between "$one: the longest one" "$most" 9500 10100
	down=$(packets host " $its BFD Down diag 2 " | head -n 1 | cut -d ' ' -f 1)
	between "$one: microseconds from the last that came back to our Down" $((down - back)) 29900 31100
	# both its kernel and its daemon have sent it back; packets may wait for others, a millisecond
	between "$one: the longest time until one is back" "$late" 0 1100
	between "$one: and to the end of BGP" $(($(log_us host "peer $one: Established -> ") - back)) 29900 32000
	like "$one: verdict" "$(bfd "$one" .lastDown.verdict)" '^no echo came back for 30 ms, our timers were on time: '
	# control packets meanwhile
	packets host " $ours $its BFD Up" | awk 'NR > 1 { print $1 - last } { last = $1 }' | sort -n >"$LAB/gaps"
	between "$one: the shortest gap between control packets" "$(head -n 1 "$LAB/gaps")" 749900 1000100
	between "$one: the longest one" "$(tail -n 1 "$LAB/gaps")" 749900 1000100
}
judge four 192.0.2.1 192.0.2.2
judge six 2001:db8:1::1 2001:db8:1::2
finish
