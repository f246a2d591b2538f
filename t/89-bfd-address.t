#!/bin/bash
# 89-bfd-address: BFD's own address is that of BGP: sourceAddress, the kernel's choice, or what the router
# has dialled, never a VIP; packets by another interface or to another address are not the session's
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find
cc -O2 -o "$LAB/bfd_send" "$T/bfd_send.c" || bail_out 'no sender'

#    host -- near (BIRD)         192.0.2.0/30, by one of two wires: single hop
#    host -- stranger            192.0.2.4/30: on another link of the host
#    host -- mid -- far (BIRD)   192.0.2.8/30, 192.0.2.12/30: multihop, by sourceAddress
#            mid -- caller (BIRD)   192.0.2.16/30: multihop, dials an address of the host's loopback
node host near stranger mid far caller
wire host near
ip link add name near2 netns "$LAB_NAME-host" type veth peer name host2 netns "$LAB_NAME-near"
ip -n "$LAB_NAME-host" link set near2 up
ip -n "$LAB_NAME-near" link set host2 up
wire host stranger
wire host mid
wire mid far
wire mid caller
address host near 192.0.2.1/30
address near host 192.0.2.2/30
address host stranger 192.0.2.5/30
address stranger host 192.0.2.6/30
address host mid 192.0.2.9/30
address mid host 192.0.2.10/30
address mid far 192.0.2.13/30
address far mid 192.0.2.14/30
address mid caller 192.0.2.17/30
address caller mid 192.0.2.18/30
address host lo 198.51.100.1/32 198.51.100.2/32
for one in 192.0.2.12/30 192.0.2.16/30; do ip -n "$LAB_NAME-host" route add "$one" via 192.0.2.10; done
ip -n "$LAB_NAME-mid" route add 198.51.100.0/24 via 192.0.2.9
for one in far:192.0.2.13 caller:192.0.2.17; do
	ip -n "$LAB_NAME-${one%%:*}" route add 198.51.100.0/24 via "${one#*:}"
	ip -n "$LAB_NAME-${one%%:*}" route add 192.0.2.8/30 via "${one#*:}"
done

ip -n "$LAB_NAME-stranger" route add 192.0.2.0/30 via 192.0.2.5

HOLD=60
{
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: quick}, spec: {%s}}\n' \
		'transmitInterval: 100, receiveInterval: 100, minimumTtl: 10'
	peer near 192.0.2.2 64501 64512 "holdTime: ${HOLD}s" 'bfdProfile: quick'
	peer far 192.0.2.14 64501 64513 "holdTime: ${HOLD}s" 'bfdProfile: quick' 'ebgpMultiHop: true' \
		'sourceAddress: 198.51.100.1'
	peer caller 192.0.2.18 64501 64514 "holdTime: ${HOLD}s" 'bfdProfile: quick' 'ebgpMultiHop: true'
	peer_policy waits caller 'passive: true'
	peer by-vip 192.0.2.6 64501 64515 'bfdProfile: quick' 'sourceAddress: 203.0.113.80'
	pool all 203.0.113.0/24
	service web 203.0.113.80
	advertisement all
} >"$LAB/host.yaml"
with_bfd() {
	sed 's/^protocol bgp.*{/&\n	bfd on;/'
	echo 'protocol bfd { interface "*" { interval 100 ms; multiplier 3; };'
	echo '	multihop { interval 100 ms; multiplier 3; }; }'
}
bird_config 64512 192.0.2.2 "192.0.2.1 64501 hold=$HOLD" | with_bfd | bird_start near
bird_config 64513 192.0.2.14 "198.51.100.1 64501 multihop=4 local=192.0.2.14 hold=$HOLD" | with_bfd | bird_start far
bird_config 64514 192.0.2.18 "198.51.100.2 64501 multihop=4 local=192.0.2.18 hold=$HOLD" | with_bfd |
	bird_start caller
mlbgpd_start host

bfd() { mlbgpd_show host bfd ".[] | select(.peer == \"$1\") | $2"; }
bfd_is() { [[ $(bfd "$1" "$2") == "$3" ]]; }
bgp_up() { mlbgpd_peer_state host "$1" Established; }
bird_bfd_up() { bird_ask "$1" show bfd sessions | grep -Eq "^$2 .* Up "; }
for one in near:192.0.2.1 far:198.51.100.1 caller:198.51.100.2; do
	name=${one%%:*} at=${one#*:}
	eventually "$name: BGP is up" 40 bgp_up "$name"
	is "$name: by this address" "$(mlbgpd_show host peers ".[] | select(.name == \"$name\").localAddress")" "$at"
	eventually "$name: BFD is Up" 40 bfd_is "$name" .state Up
	check "$name: with the same address at the other end" bird_bfd_up "$name" "$at"
done
is 'a VIP is no address of BFD' "$(bfd by-vip .state)" ''
like 'the log says so' "$(cat "$LAB/host.log")" 'warning: peer by-vip: no BFD: its local address is a VIP'
is 'once' "$(grep -c 'by-vip: no BFD' "$LAB/host.log")" 1
is 'nor of BGP' "$(mlbgpd_show host peers '.[] | select(.name == "by-vip") | [.state, .note]')" \
	'["Idle","its sourceAddress is a VIP"]'
is 'nothing good was discarded' "$(bfd near .discarded)$(bfd far .discarded)" '{}{}'

# spoof NODE TO SOURCE KEY=VALUE...: a router that was started anew, which would end the session
spoof() {
	local node=$1 to=$2 from=$3
	shift 3
	in_node "$node" "$LAB/bfd_send" "$to" source="$from" state=1 my=77 count=3 "$@" >/dev/null
}
spoof stranger 192.0.2.5 192.0.2.2
eventually 'near: by another interface' 10 bfd_is near .discarded.other_interface 3
spoof stranger 192.0.2.1 192.0.2.2 your="$(bfd near .localDiscriminator)"
eventually 'near: even with our discriminator' 10 bfd_is near .discarded.other_interface 6
spoof far 192.0.2.9 192.0.2.14 port=4784
eventually 'far: to another address' 10 bfd_is far .discarded.other_address 3
spoof far 198.51.100.2 192.0.2.14 port=4784 your="$(bfd far .localDiscriminator)"
eventually 'far: even with our discriminator' 10 bfd_is far .discarded.other_address 6
for one in near far caller; do
	is "$one: Up all the while" "$(bfd "$one" '[.state, .downCount]')" '["Up",0]'
done

# the router's subnet goes to another interface; nothing of a link's state tells of it
# (BIRD's BFD does not bear to lose its address)
bird_do near 'disable n1' | notes
eventually 'near: Down' 20 bfd_is near .state Down
ip -n "$LAB_NAME-host" addr del 192.0.2.1/30 dev near
ip -n "$LAB_NAME-near" addr del 192.0.2.2/30 dev host
address host near2 192.0.2.1/30
address near host2 192.0.2.2/30
bird_do near 'enable n1' | notes
eventually 'near: BFD is Up by the other interface' 40 bfd_is near .state Up
eventually 'near: and BGP' 60 bgp_up near
stop host
is 'stopped in order' "$STATUS" 0
finish
