#!/bin/bash
# 8c-bfd-echo-ipv6: echoes by IPv6 with FRR, whose kernel returns ours while its bfdd has its own returned by
# us, and between two of ours; a router that forwards no more is lost by them; what is not ours is not returned
. "${0%/*}/lib.sh"
. "$T/routers.sh"
. "$T/echo.sh"
lab_begin
mlbgpd_find

# near 2001:db8:1::/64, twin 2001:db8:2::/64, side 2001:db8:3::/64
node host near twin side
n=0
for one in near twin side; do
	wire host "$one"
	address host "$one" "2001:db8:$((++n))::1/64"
	address "$one" host "2001:db8:$n::2/64"
done
in_node twin sysctl -qw net.ipv6.conf.all.forwarding=0

# config PROFILE {NAME ADDRESS OURS ITS}...
config() {
	echo_profile "$1"
	shift
	while (($# > 0)); do
		peer "$1" "$2" "$3" "$4" "holdTime: ${ECHO_HOLD}s" "routerID: 198.51.100.$(($3 - 64500))" 'bfdProfile: quick'
		shift 4
	done
}
# host_config PROFILE [NAME ADDRESS OURS ITS]: with another peer
host_config() {
	config "$1" near 2001:db8:1::2 64501 64512 twin 2001:db8:2::2 64501 64513 side 2001:db8:3::2 64501 64514 "${@:2}"
}
host_config "$ECHO_TIMES, echoMode: true" >"$LAB/host.yaml"
config "$ECHO_TIMES, echoMode: true" host 2001:db8:2::1 64513 64501 >"$LAB/twin.yaml"
check 'check says nothing of echo' "$MLBGPD" check --strict --node host "$LAB/host.yaml"

echo_start 2001:db8:1::1 2001:db8:3::1
echo_comes_up
# FRR makes its session anew once it has a connection, which counts as a loss
near_downs=$(bfd host near .downCount)
echoes_go_on 2001:db8:1::2
is 'nobody went down' "$(bfd host near .downCount) $(bfd host twin .downCount) $(bfd twin host .downCount)" "$near_downs 0 0"

# its control plane lives on, and forwards no more: diagnostic 2, by echoes alone
went_down() { [[ $(bfd host "$1" .downCount) -gt $2 ]]; }
in_node near nft -f - <<-END
	table netdev told {
		counter failed { }
		chain in { type filter hook ingress device host priority 0;
			ip6 saddr 2001:db8:1::1 udp dport 3784 @th,64,8 0x22 counter name failed; }; }
END
told() { in_node near nft -j list counters table netdev told | jq '.nftables[].counter // empty | .packets'; }
frr_downs=$(frr_counter session-down)
in_node near sysctl -qw net.ipv6.conf.all.forwarding=0
eventually 'near: forwards no more, and is lost' 15 went_down near "$near_downs"
is 'near: why' "$(bfd host near .lastDown.diagnostic)" 'echo failed'
verdict=$(bfd host near .lastDown.verdict)
note "$verdict"
like 'near: verdict' "$verdict" "^no echo came back for [0-9]+ ms, our "
# three intervals of 80 ms, and what the machine was late
silence=${verdict#no echo came back for } silence=${silence%% *}
check 'within the detection time' test "$silence" -ge 239 -a "$silence" -le 700
like 'near: BGP ended by it' "$(cat "$LAB/host.log")" 'peer near: sent NOTIFICATION: Cease: BFD Down'
is 'twin: stays' "$(bfd host twin .downCount)" 0
check 'near: told by RFC 5880 diagnostic 2' test "$(told)" -ge 1
eventually 'FRR: counts it too' 10 grows 1 "$frr_downs" frr_counter session-down
eventually 'near: Up again, for control packets go on' 40 bfd_is host near .state Up
eventually 'near: without echo' 20 bfd_is host near '[.echo, .echoNote]' '[false,"none has come back yet"]'
eventually 'near: BGP is up' 40 mlbgpd_peer_state host near Established
near_downs=$(bfd host near .downCount)
in_node near sysctl -qw net.ipv6.conf.all.forwarding=1
eventually 'near: with echo again' 20 bfd_is host near .echo true
is 'near: without another loss' "$(bfd host near .downCount)" "$near_downs"

# another link address of the router
twin_downs=$(bfd host twin .downCount)
ip -n "$LAB_NAME-twin" link set dev host address 02:00:00:00:00:77
eventually 'twin: another link address' 40 bfd_is host twin '[.state, .echo]' '["Up",true]'
back=$(echoes_back 2001:db8:2::2)
eventually 'twin: echoes come back by that' 40 grows 20 "$back" echoes_back 2001:db8:2::2
note "twin went down $(($(bfd host twin .downCount) - twin_downs)) times by it"

echo_mirror 2001:db8:3::1 2001:db8:3::2 2001:db8:99::99 2001:db8:1::2

# without echo, and with it again, by reload: no session goes down
has_port() { in_node host ss -Hlun 'sport = :3785' | grep -q .; }
has_no_port() { ! has_port; }
before=$(mlbgpd_show host bfd '.[] | [.peer, .downCount]')
host_config "$ECHO_TIMES" >"$LAB/host.yaml"
check 'reload without echo' mlbgpd host reload
eventually 'near: no echo' 20 bfd_is host near '[.echo, .echoNote, .echoIntervalMs, .receiveIntervalMs]' \
	'[false,null,null,300]'
eventually 'FRR knows that we take none' 20 frr_bfd_is '."remote-echo-interval" // ."remote-echo-receive-interval"' 0
eventually 'the port is closed' 20 has_no_port
host_config "$ECHO_TIMES, echoMode: true" local fe80::99 64501 64515 >"$LAB/host.yaml"
like 'check warns of a link-local peer' "$("$MLBGPD" check --node host "$LAB/host.yaml" 2>&1)" \
	'warning: BGPPeer/local: spec.bfdProfile: BFDProfile/quick has echoMode, .*\[echo-link-local\]'
check 'reload with echo, and such a peer' mlbgpd host reload
eventually 'near: echo again' 20 bfd_is host near .echo true
like 'by a socket of IPv6 alone' "$(in_node host ss -Hlun 'sport = :3785' | awk '{print $4}')" '^(\*|\[::\]):3785$'
is 'one' "$(in_node host ss -Hlun 'sport = :3785' | wc -l)" 1
eventually 'which has none' 20 bfd_is host local '[.echo, .echoNote]' \
	'[false,"routers forward nothing that comes from a link-local address"]'
is 'nobody went down' "$(mlbgpd_show host bfd '.[] | select(.peer != "local") | [.peer, .downCount]')" "$before"
stop host
stop twin
is 'stopped in order' "$STATUS" 0
finish
