#!/bin/bash
# 85-bfd-echo: echoes with FRR, in both directions, and between two of ours, on hosts that forward and on
# one that does not; a lost one ends the session; what is not ours is not believed and not returned
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find
[[ -x /usr/lib/frr/bfdd ]] || bail_out 'no bfdd'

cc -O2 -o "$LAB/bfd_send" "$T/bfd_send.c" || bail_out 'no sender'

#    host -- near (FRR)   192.0.2.0/30, echoes both ways
#    host -- twin (ours)  192.0.2.4/30
#    host -- side (BIRD)  192.0.2.8/30, which knows no echoes
star_begin near twin side
# a server forwards nothing
in_node twin sysctl -qw net.ipv4.ip_forward=0

HOLD=60
profile() {
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: quick}, spec: {%s}}\n' "$1"
}
config() {
	profile "$1"
	peer near 192.0.2.2 64501 64512 "holdTime: ${HOLD}s" 'bfdProfile: quick'
	peer twin 192.0.2.6 64501 64513 "holdTime: ${HOLD}s" 'bfdProfile: quick'
	peer side 192.0.2.10 64501 64514 "holdTime: ${HOLD}s" 'bfdProfile: quick'
	pool all 203.0.113.0/24
	service web 203.0.113.80
	advertisement all
}
TIMES='transmitInterval: 300, receiveInterval: 300, echoInterval: 60'
config "$TIMES, echoMode: true" >"$LAB/host.yaml"
{
	profile "$TIMES, echoMode: true"
	peer host 192.0.2.5 64513 64501 "holdTime: ${HOLD}s" 'bfdProfile: quick'
} >"$LAB/twin.yaml"
check 'check says nothing of echo' "$MLBGPD" check --strict --node host "$LAB/host.yaml"

# shellcheck disable=SC2034  # for frr_start
FRR_DAEMONS='zebra bfdd bgpd'
{
	printf '%s\n' bfd ' profile quick' '  receive-interval 300' '  transmit-interval 300' '  echo-mode' \
		'  echo transmit-interval 70' '  echo receive-interval 80' ' exit' exit
	frr_config 64512 192.0.2.2 "192.0.2.1 64501 hold=$HOLD"
	printf '%s\n' ' neighbor 192.0.2.1 bfd profile quick'
} | frr_start near
bird_config 64514 192.0.2.10 "192.0.2.9 64501 hold=$HOLD" | sed 's/^protocol bgp.*{/&\n	bfd on;/' |
	cat - <(echo 'protocol bfd { interface "*" { interval 300 ms; multiplier 3; }; }') | bird_start side
mlbgpd_start host
mlbgpd_start twin

# bfd NODE NAME FILTER
bfd() { mlbgpd_show "$1" bfd ".[] | select(.peer == \"$2\") | $3"; }
bfd_is() { [[ $(bfd "$1" "$2" "$3") == "$4" ]]; }
bgp_is() { mlbgpd_peer_state host "$1" "$2"; }
metric() {
	in_node "$1" curl -s http://127.0.0.1:7472/metrics |
		awk -v want="$2{peer=\"$3\"" 'index($0, want) == 1 {print $NF}'
}
frr_bfd() { frr near 'show bfd peers json' | jq -cr ".[] | $1"; }
frr_counter() { frr near 'show bfd peers counters json' | jq -cr ".[] | .\"$1\""; }
grows() { (($("${@:3}") >= $2 + $1)); }

for one in near twin side; do
	eventually "$one: BFD is Up" 40 bfd_is host "$one" .state Up
	eventually "$one: BGP is up" 40 bgp_is "$one" Established
done
eventually 'host: echoes by FRR come back' 20 bfd_is host near '[.echo, .echoNote]' '[true,null]'
eventually 'host: echoes by ours come back, which does not forward' 20 bfd_is host twin .echo true
eventually 'twin: and its by us' 20 bfd_is twin host .echo true
is 'side: takes none' "$(bfd host side '[.echo, .echoNote, .echoIntervalMs]')" '[false,"the peer takes no echoes",null]'
is 'near: as often as both want' "$(bfd host near .echoIntervalMs)" 80
is 'twin: likewise' "$(bfd host twin .echoIntervalMs)" 60
is 'FRR hears what we can take' "$(frr_bfd '."remote-echo-interval" // ."remote-echo-receive-interval"')" 60
# RFC 5880 6.8.3: control packets are slow while echoes watch
eventually 'near: and control packets are slow' 20 bfd_is host near .receiveIntervalMs 1000
frr_hears() { [[ $(frr_bfd '."remote-receive-interval"') == "$1" ]]; }
eventually 'near: known to FRR' 20 frr_hears 1000
like 'as text' "$(mlbgpd host show bfd twin)" ' 0 +60 ms'
like 'why not, as text' "$(mlbgpd host show bfd side)" ' no: the peer takes no echoes'
is 'side: they are not' "$(bfd host side .receiveIntervalMs)" 300
# FRR makes its session anew once it has a connection, which counts as a loss
near_downs=$(bfd host near .downCount)
back=$(metric host metallb_bfd_echo_packet_input 192.0.2.2)
frr_in=$(frr_counter echo-packet-input)
eventually 'near: counted' 20 grows 10 "$back" metric host metallb_bfd_echo_packet_input 192.0.2.2
eventually 'FRR: its echoes come back from us' 20 grows 10 "$frr_in" frr_counter echo-packet-input
check 'there and back takes a while' test "$(bfd host twin .echoRoundTrip.maxUs)" -gt 0
is 'nobody went down' "$(bfd host near .downCount) $(bfd host twin .downCount) $(bfd twin host .downCount)" "$near_downs 0 0"

# our echoes alone are lost: diagnostic 2, long before control packets would tell
lose() {
	in_node "$1" nft -f - <<-END
		table netdev echo { chain in { type filter hook ingress device $2 priority 0;
			ip ttl 255 udp dport 3785 drop; }; }
	END
}
heal() { in_node "$1" nft delete table netdev echo; }
went_down() { [[ $(bfd host "$1" .downCount) -gt 0 ]]; }
lose twin host
eventually 'twin: lost' 15 went_down twin
like 'twin: what it is told' "$(bfd twin host .lastDown.verdict)" 'the peer ended or restarted its session \(echo failed\)'
is 'twin: why' "$(bfd host twin .lastDown.diagnostic)" 'echo failed'
like 'twin: verdict' "$(bfd host twin .lastDown.verdict)" '^no echo came back for [0-9]+ ms, our '
like 'twin: BGP ended by it' "$(cat "$LAB/host.log")" 'peer twin: sent NOTIFICATION: Cease: BFD Down'
is 'near: stays' "$(bfd host near .downCount)" "$near_downs"
# a session whose echoes do not come back is watched by control packets alone
eventually 'twin: Up again' 40 bfd_is host twin .state Up
eventually 'twin: without echo' 20 bfd_is host twin '[.echo, .echoNote]' '[false,"none has come back yet"]'
is 'twin: control packets are quick' "$(bfd host twin .receiveIntervalMs)" 300
downs=$(bfd host twin .downCount)
heal twin
eventually 'twin: with echo again' 20 bfd_is host twin .echo true
is 'twin: without another loss' "$(bfd host twin .downCount)" "$downs"

# who may use us as a mirror: the peer of a session that is up, from one hop away, on its link, as often as
# it was told, twice (60 ms: 34 a second, and some at once)
in_node side nft -f - <<-END
	table netdev mirror { counter back { }
		chain in { type filter hook ingress device host priority 0; udp sport 3785 counter name back drop; }; }
END
back() { in_node side nft -j list counters table netdev mirror | jq '[.nftables[].counter // empty | .packets][0]'; }
# mirror ADDRESS KEY=VALUE...: how many of 200 in a second came back
mirror() {
	local from=$1 before
	shift
	before=$(back)
	in_node side "$LAB/bfd_send" 192.0.2.9 source="$from" port=3785 count=200 rate=200 "$@" >/dev/null
	# the last answer comes before that of a ping
	in_node side ping -c 1 -W 5 192.0.2.9 >/dev/null
	echo $(($(back) - before))
}
ip -n "$LAB_NAME-side" addr add 192.0.2.99/32 dev lo
ip -n "$LAB_NAME-host" route add 192.0.2.99/32 via 192.0.2.10
is 'nobody that we know' "$(mirror 192.0.2.99)" 0
is 'from afar' "$(mirror 192.0.2.10 ttl=254)" 0
n=$(mirror 192.0.2.10)
note "$n of 200 were returned in a second"
check 'the peer: some' test "$n" -ge 20
check 'the peer: not more than it may' test "$n" -le 60
in_node side nft delete table netdev mirror
is 'side: is not disturbed' "$(bfd host side '[.state, .downCount]')" '["Up",0]'

# without echo, and with it again, by reload: no session goes down
before=$(mlbgpd_show host bfd '.[] | [.peer, .downCount]')
config "$TIMES" >"$LAB/host.yaml"
check 'reload without echo' mlbgpd host reload
eventually 'near: no echo' 20 bfd_is host near '[.echo, .echoNote, .echoIntervalMs, .receiveIntervalMs]' \
	'[false,null,null,300]'
frr_knows() { [[ $(frr_bfd '."remote-echo-interval" // ."remote-echo-receive-interval"') == "$1" ]]; }
eventually 'FRR knows that we take none' 20 frr_knows 0
has_port() { in_node host ss -Hlun 'sport = :3785' | grep -q .; }
has_no_port() { ! has_port; }
eventually 'the port is closed' 20 has_no_port
config "$TIMES, echoMode: true" >"$LAB/host.yaml"
check 'reload with echo' mlbgpd host reload
eventually 'near: echo again' 20 bfd_is host near .echo true
is 'nobody went down' "$(mlbgpd_show host bfd '.[] | [.peer, .downCount]')" "$before"
stop host

# without the capability BFD runs without echo
# shellcheck disable=SC2034
LAUNCHER=(setpriv --bounding-set=-net_raw --inh-caps=-net_raw)
: >"$LAB/host.log"
mlbgpd_start host
for one in near twin side; do eventually "$one: BFD is Up" 40 bfd_is host "$one" .state Up; done
is 'twin: without echo' "$(bfd host twin '[.echo, .echoNote]')" \
	'[false,"the packet socket for echoes: Operation not permitted"]'
is 'and it asks for none' "$(bfd twin host '[.echo, .echoNote]')" '[false,"the peer takes no echoes"]'
like 'the log says why' "$(cat "$LAB/host.log")" \
	"error: BFD can't listen: the packet socket for echoes: Operation not permitted; its sessions run without echo"
stop host
stop twin
is 'stopped in order' "$STATUS" 0
finish
