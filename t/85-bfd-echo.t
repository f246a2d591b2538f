#!/bin/bash
# 85-bfd-echo: echoes by IPv4 with FRR, in both directions, and between two of ours, on hosts that forward and on
# one that does not; a lost one ends the session; what is not ours is not believed and not returned
. "${0%/*}/lib.sh"
. "$T/routers.sh"
. "$T/echo.sh"
lab_begin
mlbgpd_find

# near 192.0.2.0/30, twin 192.0.2.4/30, side 192.0.2.8/30
star_begin near twin side
# a server forwards nothing
in_node twin sysctl -qw net.ipv4.ip_forward=0

config() {
	echo_profile "$1"
	peer near 192.0.2.2 64501 64512 "holdTime: ${ECHO_HOLD}s" 'bfdProfile: quick'
	peer twin 192.0.2.6 64501 64513 "holdTime: ${ECHO_HOLD}s" 'bfdProfile: quick'
	peer side 192.0.2.10 64501 64514 "holdTime: ${ECHO_HOLD}s" 'bfdProfile: quick'
	pool all 203.0.113.0/24
	service web 203.0.113.80
	advertisement all
}
config "$ECHO_TIMES, echoMode: true" >"$LAB/host.yaml"
{
	echo_profile "$ECHO_TIMES, echoMode: true"
	peer host 192.0.2.5 64513 64501 "holdTime: ${ECHO_HOLD}s" 'bfdProfile: quick'
} >"$LAB/twin.yaml"
check 'check says nothing of echo' "$MLBGPD" check --strict --node host "$LAB/host.yaml"

echo_start 192.0.2.1 192.0.2.9
echo_comes_up
like 'as text' "$(mlbgpd host show bfd twin)" ' 0 +60 ms'
like 'why not, as text' "$(mlbgpd host show bfd side)" ' no: the peer takes no echoes'
# FRR makes its session anew once it has a connection, which counts as a loss
near_downs=$(bfd host near .downCount)
echoes_go_on 192.0.2.2
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

echo_mirror 192.0.2.9 192.0.2.10 192.0.2.99 192.0.2.2

# without echo, and with it again, by reload: no session goes down
before=$(mlbgpd_show host bfd '.[] | [.peer, .downCount]')
config "$ECHO_TIMES" >"$LAB/host.yaml"
check 'reload without echo' mlbgpd host reload
eventually 'near: no echo' 20 bfd_is host near '[.echo, .echoNote, .echoIntervalMs, .receiveIntervalMs]' \
	'[false,null,null,300]'
eventually 'FRR knows that we take none' 20 frr_bfd_is '."remote-echo-interval" // ."remote-echo-receive-interval"' 0
has_port() { in_node host ss -Hlun 'sport = :3785' | grep -q .; }
has_no_port() { ! has_port; }
eventually 'the port is closed' 20 has_no_port
config "$ECHO_TIMES, echoMode: true" >"$LAB/host.yaml"
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
	'[false,"the packet socket for echoes (IPv4): Operation not permitted"]'
is 'and it asks for none' "$(bfd twin host '[.echo, .echoNote]')" '[false,"the peer takes no echoes"]'
like 'the log says why' "$(cat "$LAB/host.log")" \
	"error: BFD can't listen: the packet socket for echoes \(IPv4\): Operation not permitted; its sessions run without echo"
stop host
stop twin
is 'stopped in order' "$STATUS" 0
finish
