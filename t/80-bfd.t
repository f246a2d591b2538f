#!/bin/bash
# 80-bfd: BFD with FRR and BIRD: single hop by IPv4 and IPv6, multihop; a path that loses all packets
# ends its BGP session at once; other intervals without a reset; AdminDown at the end
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find
[[ -x /usr/lib/frr/bfdd ]] || bail_out 'no bfdd'

#    host -- near (FRR)          192.0.2.0/30, 2001:db8:1::/64: single hop
#    host -- mid -- far (BIRD)   198.51.100.0/30, 198.51.100.4/30: multihop
#    host -- side (BIRD)         198.51.100.8/30: single hop
#    host -- mute (BIRD)         198.51.100.12/30: never speaks BFD
node host near mid far side mute
wire host near
wire host mid
wire mid far
wire host side
wire host mute
address host near 192.0.2.1/30 2001:db8:1::1/64
address near host 192.0.2.2/30 2001:db8:1::2/64
address host mid 198.51.100.1/30
address mid host 198.51.100.2/30
address mid far 198.51.100.5/30
address far mid 198.51.100.6/30
address host side 198.51.100.9/30
address side host 198.51.100.10/30
address host mute 198.51.100.13/30
address mute host 198.51.100.14/30
ip -n "$LAB_NAME-host" route add 198.51.100.4/30 via 198.51.100.2
ip -n "$LAB_NAME-far" route add 198.51.100.0/30 via 198.51.100.5

HOLD=60
profile() {
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: %s}, spec: {%s}}\n' \
		"$1" "$2"
}
config() {
	profile quick "$1"
	# BIRD sends multihop packets with a TTL of 64
	profile long "minimumTtl: 10, $1"
	peer near4 192.0.2.2 64501 64512 "holdTime: ${HOLD}s" 'bfdProfile: quick'
	peer near6 2001:db8:1::2 64501 64512 "holdTime: ${HOLD}s" 'bfdProfile: quick'
	peer far 198.51.100.6 64501 64513 "holdTime: ${HOLD}s" 'bfdProfile: long' 'ebgpMultiHop: true'
	peer side 198.51.100.10 64501 64501 "holdTime: ${HOLD}s" 'bfdProfile: quick'
	peer mute 198.51.100.14 64501 64514 "holdTime: ${HOLD}s" 'bfdProfile: quick'
	pool all 203.0.113.0/24
	service web 203.0.113.80
	advertisement all
}
config 'transmitInterval: 100, receiveInterval: 100, detectMultiplier: 3' >"$LAB/host.yaml"
check 'check says nothing of BFD' "$MLBGPD" check --strict --node host "$LAB/host.yaml"

# shellcheck disable=SC2034  # for frr_start
FRR_DAEMONS='zebra bfdd bgpd'
{
	printf '%s\n' bfd ' profile quick' '  receive-interval 100' '  transmit-interval 100' \
		'  detect-multiplier 5' ' exit' exit
	frr_config 64512 192.0.2.2 "192.0.2.1 64501 hold=$HOLD" "2001:db8:1::1 64501 hold=$HOLD"
	printf '%s\n' ' neighbor 192.0.2.1 bfd profile quick' ' neighbor 2001:db8:1::1 bfd profile quick'
} | frr_start near
with_bfd() {
	sed 's/^protocol bgp.*{/&\n	bfd on;/'
	echo 'protocol bfd { interface "*" { interval 100 ms; multiplier 3; };'
	echo '	multihop { interval 100 ms; multiplier 3; }; }'
}
bird_config 64513 198.51.100.6 "198.51.100.1 64501 multihop=4 local=198.51.100.6 hold=$HOLD" |
	with_bfd | bird_start far
bird_config 64501 198.51.100.10 "198.51.100.9 64501 hold=$HOLD" | with_bfd | bird_start side
bird_config 64514 198.51.100.14 "198.51.100.13 64501 hold=$HOLD" | bird_start mute
mlbgpd_start host

# bfd NAME FILTER
bfd() { mlbgpd_show host bfd ".[] | select(.peer == \"$1\") | $2"; }
bfd_is() { [[ $(bfd "$1" "$2") == "$3" ]]; }
# frr_bfd ADDRESS FILTER
frr_bfd() { frr near 'show bfd peers json' | jq -cr ".[] | select(.peer == \"$1\") | $2"; }
frr_bfd_is() { [[ $(frr_bfd "$1" "$2") == "$3" ]]; }
bird_bfd_up() { bird_ask "$1" show bfd sessions | grep -Eq "^$2 .* Up "; }
bgp_up() { mlbgpd_peer_state host "$1" Established; }

for one in near4 near6 far side; do
	eventually "$one: BFD is Up" 40 bfd_is "$one" .state Up
	eventually "$one: BGP is up" 40 bgp_up "$one"
	is "$one: show peers tells it" "$(mlbgpd_show host peers ".[] | select(.name == \"$one\").bfdState")" Up
done
eventually 'a peer that speaks no BFD keeps its session' 40 bgp_up mute
is 'it is Down, and BGP is up' "$(bfd mute .state)" Down

is 'near4: hops' "$(bfd near4 .hops)" single
is 'near6: hops' "$(bfd near6 .hops)" single
is 'side, internal on the link: hops' "$(bfd side .hops)" single
is 'far: hops' "$(bfd far .hops)" multi
for one in near4:192.0.2.1 near6:2001:db8:1::1; do
	name=${one%%:*} at=${one#*:}
	eventually "$name: agreed intervals" 20 bfd_is "$name" '[.transmitIntervalMs, .receiveIntervalMs]' '[100,100]'
	is "$name: Up at the other end" "$(frr_bfd "$at" .status)" up
	is "$name: our discriminator is theirs of us" "$(bfd "$name" .localDiscriminator)" \
		"$(frr_bfd "$at" '."remote-id"')"
	is "$name: and theirs is ours of them" "$(bfd "$name" .remoteDiscriminator)" "$(frr_bfd "$at" .id)"
	is "$name: what we send is what they heard" "$(frr_bfd "$at" '."remote-transmit-interval"')" 100
	is "$name: our multiplier" "$(frr_bfd "$at" '."remote-detect-multiplier"')" 3
	is "$name: time to detect, by their multiplier" "$(bfd "$name" .detectTimeMs)" 500
done
check 'far: Up at the other end' bird_bfd_up far 198.51.100.1
check 'side: Up at the other end' bird_bfd_up side 198.51.100.9
like 'as text' "$(mlbgpd host show bfd near4)" '^near4 +Up +Up +single +100 ms +100 ms +500 ms +[0-9]+ '
refused 'no such peer' 1 'no peer neer4 runs on this node; did you mean near4' mlbgpd host show bfd neer4

# lose NODE INTERFACE: nothing that comes by it is taken, the link stays up
lose() {
	in_node "$1" nft -f - <<-END
		table inet lossy { chain in { type filter hook input priority 0; iifname "$2" drop; }; }
	END
}
heal() { in_node "$1" nft delete table inet lossy; }
# loses INTERFACE PEER NODE ROUTER: seen long before the hold time, by both ends
loses() {
	local interface=$1 name=$2 node=$3 router=$4 begin took downs
	eventually "$name: the route is there" 20 "${router}_has" "$node" 203.0.113.80/32
	downs=$(bfd "$name" .downCount)
	begin=$(now_ms)
	lose host "$interface"
	eventually "$name: BGP ends" $((HOLD / 4)) bgp_is_down "$name"
	took=$(($(now_ms) - begin))
	note "$name: after $took ms, hold time $HOLD s"
	eventually "$name: the route is withdrawn" $((HOLD / 4)) "${router}_lacks" "$node" 203.0.113.80/32
	check "$name: within a tenth of the hold time" test "$took" -lt $((HOLD * 100))
	is "$name: why" "$(mlbgpd_show host peers ".[] | select(.name == \"$name\").lastError | [.sent, .code, .subcode]")" \
		'[true,6,10]'
	is "$name: diagnostic" "$(bfd "$name" .lastDown.diagnostic)" 'detection time expired'
	like "$name: verdict" "$(bfd "$name" .lastDown.verdict)" '^nothing came for [0-9]+ ms, our '
	is "$name: counted" "$(bfd "$name" .downCount)" $((downs + 1))
	heal host
	eventually "$name: BFD comes back" 40 bfd_is "$name" .state Up
	eventually "$name: and BGP" 60 bgp_up "$name"
	eventually "$name: and the route" 20 "${router}_has" "$node" 203.0.113.80/32
}
bgp_is_down() { ! bgp_up "$1"; }
loses near near4 near frr
loses mid far far bird
like 'in the log' "$(cat "$LAB/host.log")" 'peer near4: BFD Up -> Down: detection time expired: nothing came for'
is 'side: never lost' "$(bfd side .downCount)" 0

# our packets are lost, theirs come: the router withdraws long before its hold time
eventually 'near4: BFD is Up' 40 frr_bfd_is 192.0.2.1 .status up
begin=$(now_ms)
lose near host
eventually 'withdrawn at the other end' $((HOLD / 4)) frr_lacks near 203.0.113.80/32
check 'within a tenth of the hold time' test $(($(now_ms) - begin)) -lt $((HOLD * 100))
heal near
for one in near4 near6; do
	eventually "$one: BGP comes back" 60 bgp_up "$one"
	eventually "$one: and BFD" 40 bfd_is "$one" .state Up
done

# BFD alone is lost: BGP comes back without it, and summary tells of it, until it is back
problems() { mlbgpd_show host summary '[.problems[] | select(test("BFD"))]'; }
no_problems() { [[ $(problems) == '[]' ]]; }
is 'no problem with BFD, nor with a peer that speaks none' "$(problems)" '[]'
in_node host nft -f - <<-END
	table inet lossy { chain in { type filter hook input priority 0; iifname "side" udp dport 3784 drop; }; }
END
eventually 'side: BGP ends' 20 bgp_is_down side
eventually 'side: and comes back, without BFD' 60 bgp_up side
like 'side: that is a problem' "$(problems)" '^\["peer side: BFD was lost: nothing came for [0-9]+ ms, our [^"]*"\]$'
is 'side: so not all is well' "$(mlbgpd_show host summary .ok)" false
heal host
eventually 'side: BFD is back' 40 bfd_is side .state Up
eventually 'side: and no problem is left' 20 no_problems
eventually 'side: and BGP is there' 60 bgp_up side

# other intervals go to a session that runs
sessions() {
	mlbgpd_show host bfd '.[] | [.peer, .localDiscriminator, .downCount]'
	mlbgpd_show host peers '.[] | [.name, .establishedCount]'
}
before=$(sessions)
config 'transmitInterval: 250, receiveInterval: 200, detectMultiplier: 4' >"$LAB/host.yaml"
check 'reload with other intervals' mlbgpd host reload
eventually 'near4: agreed anew' 20 bfd_is near4 '[.transmitIntervalMs, .receiveIntervalMs, .detectTimeMs]' \
	'[250,200,1000]'
eventually 'near4: known at the other end' 20 frr_bfd_is 192.0.2.1 \
	'[."remote-transmit-interval", ."remote-receive-interval", ."remote-detect-multiplier"]' '[250,200,4]'
eventually 'far: agreed anew' 20 bfd_is far '[.transmitIntervalMs, .receiveIntervalMs]' '[250,200]'
is 'no session was reset' "$(sessions)" "$before"

# without BFD, and with it again
config '' | grep -v bfdProfile >"$LAB/host.yaml"
is 'diff says whose sessions may end by it' "$(mlbgpd host diff --json "$LAB/host.yaml" |
	jq -c '.sessions | [(.mayEnd | map(.peer)), .restarted]')" '[["far","mute","near4","near6","side"],[]]'
like 'and in words' "$(mlbgpd host diff "$LAB/host.yaml")" \
	'near4 stays, but the router is told AdminDown: FRR and BIRD end theirs, and it comes back: bfdProfile'
downs=$(grep -c 'BFD Up -> ' "$LAB/host.log")
check 'reload without BFD' mlbgpd host reload
is 'no session is left' "$(mlbgpd_show host bfd length)" 0
eventually 'the router is told AdminDown' 20 frr_bfd_is 192.0.2.1 '."remote-diagnostic"' \
	'administratively down'
# FRR and BIRD take that for a failure; they come back without BFD
for one in near4 near6 far side; do eventually "$one: BGP without BFD" 60 bgp_up "$one"; done
is 'none of them is told to us as lost' "$(grep -c 'BFD Up -> ' "$LAB/host.log")" "$downs"

config 'transmitInterval: 100, receiveInterval: 100' >"$LAB/host.yaml"
check 'reload with BFD again' mlbgpd host reload
for one in near4 near6 far side; do
	eventually "$one: BFD is Up" 40 bfd_is "$one" .state Up
done

stop host
is 'stopped in order' "$STATUS" 0
eventually 'near4: AdminDown is seen' 20 frr_bfd_is 192.0.2.1 '."remote-diagnostic"' 'administratively down'
eventually 'near6: AdminDown is seen' 20 frr_bfd_is 2001:db8:1::1 '."remote-diagnostic"' 'administratively down'
finish
