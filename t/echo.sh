# shellcheck shell=bash
# echo.sh: what the tests of echoes share, by IPv4 (85) and IPv6 (8c); sourced after routers.sh
#
#    host -- near (FRR)   echoes both ways
#    host -- twin (ours)  a server, which forwards nothing
#    host -- side (BIRD)  which knows no echoes
#
#    echo_profile SPEC              the BFDProfile "quick"
#    echo_start NEAR SIDE           the two routers, with the host's addresses on their links, and ours by
#                                   host.yaml and twin.yaml
#    echo_comes_up                  all sessions are, with echo but for side, as both ends see it
#    bfd NODE PEER FILTER, bfd_is NODE PEER FILTER WANTED, frr_bfd FILTER, frr_bfd_is FILTER WANTED
#    discarded PEER REASON, unknown_source    how many packets
#    echo_mirror HOST SIDE STRANGER NEAR    who may use the host as a mirror: by these addresses, of which
#                                   nobody has STRANGER
#    frr_counter NAME, echoes_back ADDRESS, grows N BEFORE COMMAND...

ECHO_HOLD=60
# shellcheck disable=SC2034  # for the tests
ECHO_TIMES='transmitInterval: 300, receiveInterval: 300, echoInterval: 60'

echo_profile() {
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: quick}, spec: {%s}}\n' "$1"
}

echo_start() {
	[[ -x /usr/lib/frr/bfdd ]] || bail_out 'no bfdd'
	{
		printf '%s\n' bfd ' profile quick' '  receive-interval 300' '  transmit-interval 300' '  echo-mode' \
			'  echo transmit-interval 70' '  echo receive-interval 80' ' exit' exit
		frr_config 64512 192.0.2.2 "$1 64501 hold=$ECHO_HOLD"
		printf '%s\n' " neighbor $1 bfd profile quick"
	} | FRR_DAEMONS='zebra bfdd bgpd' frr_start near
	bird_config 64514 192.0.2.10 "$2 64501 hold=$ECHO_HOLD" | sed 's/^protocol bgp.*{/&\n	bfd on;/' |
		cat - <(echo 'protocol bfd { interface "*" { interval 300 ms; multiplier 3; }; }') | bird_start side
	mlbgpd_start host
	mlbgpd_start twin
}

bfd() { mlbgpd_show "$1" bfd ".[] | select(.peer == \"$2\") | $3"; }
bfd_is() { [[ $(bfd "$1" "$2" "$3") == "$4" ]]; }
frr_bfd() { frr near 'show bfd peers json' | jq -cr ".[] | $1"; }
frr_bfd_is() { [[ $(frr_bfd "$1") == "$2" ]]; }
frr_counter() { frr near 'show bfd peers counters json' | jq -cr ".[] | .\"$1\""; }
echoes_back() {
	in_node host curl -sS --max-time 5 http://127.0.0.1:7472/metrics |
		sed -n "s/^metallb_bfd_echo_packet_input{peer=\"$1\",.*} //p"
}
discarded() { bfd host "$1" ".discarded.$2 // 0"; }
unknown_source() {
	in_node host curl -sS --max-time 5 http://127.0.0.1:7472/metrics |
		sed -n 's/^mlbgpd_bfd_discarded_packets_total{reason="unknown_source"} //p'
}
grows() { (($("${@:3}") >= $2 + $1)); }

echo_comes_up() {
	local one
	for one in near twin side; do
		eventually "$one: BFD is Up" 40 bfd_is host "$one" .state Up
		eventually "$one: BGP is up" 40 mlbgpd_peer_state host "$one" Established
	done
	eventually 'host: echoes by FRR come back' 20 bfd_is host near '[.echo, .echoNote]' '[true,null]'
	eventually 'host: echoes by ours come back, which does not forward' 20 \
		bfd_is host twin '[.echo, .echoNote]' '[true,null]'
	eventually 'twin: and its by us' 20 bfd_is twin host .echo true
	is 'side: takes none' "$(bfd host side '[.echo, .echoNote, .echoIntervalMs]')" '[false,"the peer takes no echoes",null]'
	# RFC 5880 6.8.9: the slower of what one wants and what the other takes
	is 'near: as often as both want' "$(bfd host near .echoIntervalMs)" 80
	is 'twin: likewise' "$(bfd host twin .echoIntervalMs)" 60
	eventually 'FRR hears what we can take' 20 frr_bfd_is '."remote-echo-interval" // ."remote-echo-receive-interval"' 60
	eventually 'FRR sends as often as both want' 20 frr_bfd_is '."echo-interval" // ."echo-transmit-interval"' 70
	# 6.8.3: control packets are slow while echoes watch
	eventually 'near: and control packets are slow' 20 bfd_is host near .receiveIntervalMs 1000
	eventually 'near: known to FRR' 20 frr_bfd_is '."remote-receive-interval"' 1000
	is 'side: they are not' "$(bfd host side .receiveIntervalMs)" 300
	is 'FRR and we speak of one session' "$(frr_bfd '[."remote-id", .id]')" \
		"$(bfd host near '[.localDiscriminator, .remoteDiscriminator]')"
}

# echoes_go_on ADDRESS: of near
echoes_go_on() {
	local back frr_in discarded
	discarded=$(mlbgpd_show host bfd '[.[].discarded]')
	back=$(echoes_back "$1")
	frr_in=$(frr_counter echo-packet-input)
	eventually 'near: what comes back is counted' 20 grows 10 "$back" echoes_back "$1"
	eventually 'FRR: its echoes come back from us' 20 grows 10 "$frr_in" frr_counter echo-packet-input
	check 'there and back takes a while' test "$(bfd host near .echoRoundTrip.maxUs)" -gt 0
	is 'nothing of them is thrown away' "$(mlbgpd_show host bfd '[.[].discarded]')" "$discarded"
	check 'and by ours' test "$(bfd host twin .echoRoundTrip.maxUs)" -gt 0
}

# echo_send HOST SOURCE KEY=VALUE...: from side 200 in a second; how many came back
echo_send() {
	local before
	before=$(echo_counted back)
	in_node side "$LAB/bfd_send" "$1" source="$2" port=3785 count=200 rate=200 "${@:3}" >/dev/null
	# the last answer comes before that of a ping
	in_node side ping -c 1 -W 5 "$1" >/dev/null
	echo $(($(echo_counted back) - before))
}
echo_counted() {
	in_node side nft -j list counters table netdev mirror |
		jq ".nftables[].counter // empty | select(.name == \"$1\").packets"
}

# The peer of a session that is up, from one hop away, on its link, as often as it was told, twice (60 ms:
# 34 a second, and some at once); what is not returned is counted by its reason.
echo_mirror() {
	local host=$1 side=$2 stranger=$3 near=$4 n before direct="ip saddr $1 ip ttl 254"
	[[ $host != *:* ]] || direct="ip6 saddr $1 ip6 hoplimit 254"
	cc -O2 -o "$LAB/bfd_send" "$T/bfd_send.c" || bail_out 'no sender'
	in_node side nft -f - <<-END
		table netdev mirror {
			counter direct { }
			counter back { }
			chain in { type filter hook ingress device host priority 0;
				$direct udp sport 3785 counter name direct
				udp sport 3785 counter name back drop; }; }
	END
	before=$(unknown_source)
	is 'mirror: nobody that we know' "$(echo_send "$host" "$stranger")" 0
	eventually 'mirror: counted' 10 grows 200 "$before" unknown_source
	before=$(discarded near other_interface)
	is 'mirror: a peer of another link' "$(echo_send "$host" "$near")" 0
	eventually 'mirror: counted' 10 grows 200 "$before" discarded near other_interface
	is 'mirror: from afar' "$(echo_send "$host" "$side" ttl=254)" 0
	eventually 'mirror: counted' 10 grows 200 0 discarded side low_ttl
	n=$(echo_send "$host" "$side")
	note "$n of 200 were returned in a second"
	check 'mirror: the peer: some' test "$n" -ge 20
	check 'mirror: the peer: not more than it may' test "$n" -le 60
	is 'mirror: by our address, with a hop less' "$(echo_counted direct)" "$n"
	eventually 'mirror: the others are counted' 10 bfd_is host side .discarded.echo_too_often $((200 - n))
	in_node side nft delete table netdev mirror
	is 'side: is not disturbed' "$(bfd host side '[.state, .downCount]')" '["Up",0]'
}
