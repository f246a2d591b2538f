#!/bin/bash
# 52-bfd-echo: echoes each 10 ms: a link that falls silent is seen 30 ms after the last that came back, while
# control packets come once a second
. "${0%/*}/lab.sh"
lab_begin
mlbgpd_find

#    host -- twin    192.0.2.0/30, both mlbgpd
node host twin
wire host twin
address host twin 192.0.2.1/30
address twin host 192.0.2.2/30
config() {
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: echo}, spec: '
	printf '{transmitInterval: 300, receiveInterval: 300, detectMultiplier: 3, echoMode: true, echoInterval: 10}}\n'
	peer "$1" "$2" "$3" "$4" 'holdTime: 90s' 'bfdProfile: echo'
}
config twin 192.0.2.2 64501 64512 >"$LAB/host.yaml"
config host 192.0.2.1 64512 64501 >"$LAB/twin.yaml"
mlbgpd_start host
mlbgpd_start twin
log_follow host
bfd() { mlbgpd_show "$1" bfd ".[] | $2"; }
bfd_is() { [[ $(bfd "$1" "$2") == "$3" ]]; }
eventually 'BFD is Up' 60 bfd_is host .state Up
eventually 'BGP is up' 60 mlbgpd_peer_state host twin Established
eventually 'echoes come back' 20 bfd_is host .echo true
sleep 60
is 'Up all the time' "$(bfd host '[.state, .downCount, .echo]')" '["Up",0,true]'
wire_follow host
sleep 5
# it takes all that leaves by the link, and so what comes back of us
tc -n "$LAB_NAME-twin" qdisc add dev host root netem loss 100%
sleep 3

packets host ' 192.0.2.1 192.0.2.1 ECHO' | awk '
	$NF == "in" { back = $1; if (back - sent > late) late = back - sent; next }
	sent {
		gap = $1 - sent
		if (!least || gap < least) least = gap
		if (gap > most) most = gap
	}
	{ sent = $1 }
	END { print least, most, back, late }' >"$LAB/echoes"
read -r least most back late <"$LAB/echoes"
between 'the shortest gap between two echoes' "$least" 7400 8500
between 'the longest one' "$most" 9500 10100
down=$(packets host ' 192.0.2.2 BFD Down diag 2 ' | head -n 1 | cut -d ' ' -f 1)
between 'microseconds from the last that came back to our Down' $((down - back)) 29900 31100
# both its kernel and its daemon have sent it back; packets may wait for others, a millisecond
between 'the longest time until one is back' "$late" 0 1100
between 'and to the end of BGP' $(($(log_us host 'peer twin: Established -> ') - back)) 29900 32000
like 'verdict' "$(bfd host .lastDown.verdict)" '^no echo came back for 30 ms, our timers were on time: '
# control packets meanwhile
packets host ' 192.0.2.1 192.0.2.2 BFD Up' | awk 'NR > 1 { print $1 - last } { last = $1 }' | sort -n >"$LAB/gaps"
between 'the shortest gap between control packets' "$(head -n 1 "$LAB/gaps")" 749900 1000100
between 'the longest one' "$(tail -n 1 "$LAB/gaps")" 749900 1000100
finish
