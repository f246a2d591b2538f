#!/bin/bash
# 84-bfd-strict: no session before BFD is Up: with FRR, BIRD, a router that never speaks BFD, and one
# whose BFD can't run on this host; lost and back; the router administratively down
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find
[[ -x /usr/lib/frr/bfdd ]] || bail_out 'no bfdd'

#    host -- near (FRR), side (BIRD), mute (BIRD, without BFD)
star_begin near side mute

HOLD=60
# config STRICT: for all peers; connectTime: what comes sooner is not the retry timer's doing
config() {
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: quick}, spec: {%s}}\n' \
		'transmitInterval: 100, receiveInterval: 100'
	for one in near:192.0.2.2:64512 side:192.0.2.6:64513 mute:192.0.2.10:64514; do
		IFS=: read -r name at asn <<<"$one"
		peer "$name" "$at" 64501 "$asn" "holdTime: ${HOLD}s" 'connectTime: 120s' 'bfdProfile: quick'
	done
	pool all 203.0.113.0/24
	service web 203.0.113.80
	advertisement all
	peer_policy strict 'near, side, mute' "bfd: {strict: $1}"
}
config true >"$LAB/host.yaml"
check 'check says nothing of strict' "$MLBGPD" check --strict --node host "$LAB/host.yaml"

bfd() { mlbgpd_show host bfd ".[] | select(.peer == \"$1\") | $2"; }
bfd_is() { [[ $(bfd "$1" "$2") == "$3" ]]; }
bgp() { mlbgpd_show host peers ".[] | select(.name == \"$1\") | $2"; }
bgp_is() { [[ $(bgp "$1" .state) == "$2" ]]; }
log_count() { grep -Ec -- "$1" "$LAB/host.log"; }

# the routers' BGP is there before their BFD
# shellcheck disable=SC2034  # for frr_start
FRR_DAEMONS='zebra bfdd bgpd'
frr_config 64512 192.0.2.2 "192.0.2.1 64501 hold=$HOLD" | frr_start near
bird_config 64513 192.0.2.6 "192.0.2.5 64501 hold=$HOLD" | bird_start side
bird_config 64514 192.0.2.10 "192.0.2.9 64501 hold=$HOLD" | bird_start mute
mlbgpd_start host

# the routers dial every second: wait until each has been refused
mute_was_refused() { bird_ask mute show protocols all n1 | grep -q 'Last error:\|Connection\|refused\|reset'; }
eventually 'a router that dials is refused' 40 mute_was_refused
for one in near side mute; do
	is "$one: waits" "$(bgp "$one" '[.state, .note]')" \
		'["Idle","waits for BFD (strict): it has not been Up yet"]'
	is "$one: told once" "$(log_count "peer $one: no session before BFD is Up \(bfd.strict\)")" 1
	is "$one: never up" "$(bgp "$one" .establishedCount)" 0
done
like 'explain says it' "$(mlbgpd host explain 203.0.113.80 mute)" \
	'session is not up: Idle; waits for BFD \(strict\)'
like 'and so does summary' "$(mlbgpd_show host summary '.problems[]')" \
	'peer mute is not established \(Idle\): waits for BFD'

# BFD comes up, and BGP with it
frr_do near 'bfd' 'profile quick' 'receive-interval 100' 'transmit-interval 100' 'exit' 'exit' \
	'router bgp 64512' 'neighbor 192.0.2.1 bfd profile quick'
sed 's/^protocol bgp.*{/&\n	bfd on;/' "$LAB/side.conf" >"$LAB/side.new"
echo 'protocol bfd { interface "*" { interval 100 ms; multiplier 3; }; }' >>"$LAB/side.new"
cp "$LAB/side.new" "$LAB/side.conf"
bird_do side configure | notes
for one in near side; do
	eventually "$one: BFD is Up" 40 bfd_is "$one" .state Up
	eventually "$one: BGP is up, without a retry timer" 30 bgp_is "$one" Established
	is "$one: nothing is awaited" "$(bgp "$one" .note)" null
done
eventually 'near: the route is there' 20 frr_has near 203.0.113.80/32
is 'mute: waits on' "$(bgp mute .state)" Idle

# lost: the session ends, waits, and comes back with BFD
lose() {
	in_node "$1" nft -f - <<-END
		table inet lossy { chain in { type filter hook input priority 0; iifname "$2" drop; }; }
	END
}
heal() { in_node "$1" nft delete table inet lossy; }
lose host near
eventually 'near: ends' 15 bgp_is near Idle
is 'near: why' "$(bgp near '.lastError | [.sent, .code, .subcode]')" '[true,6,10]'
like 'near: and what it waits for' "$(bgp near .note)" '^waits for BFD \(strict\): nothing came for'
heal host
eventually 'near: BFD is Up again' 40 bfd_is near .state Up
eventually 'near: and BGP' 30 bgp_is near Established

# AdminDown is no failure: the session stands, a new one waits
is 'side: up once' "$(bgp side .establishedCount)" 1
count=$(bgp near .establishedCount)
frr_do near 'bfd' 'peer 192.0.2.1' 'shutdown'
eventually 'near: administratively down' 20 bfd_is near .lastDown.verdict 'the peer is administratively down'
is 'near: BFD is Down' "$(bfd near .state)" Down
is 'near: BGP stands' "$(bgp near '[.state, .establishedCount, .note]')" "[\"Established\",$count,null]"
check 'near: reset' mlbgpd host reset near
is 'near: a new one waits' "$(bgp near '[.state, .note]')" \
	'["Idle","waits for BFD (strict): the peer is administratively down"]'
frr_do near 'bfd' 'peer 192.0.2.1' 'no shutdown'
eventually 'near: Up again' 40 bfd_is near .state Up
eventually 'near: and BGP' 30 bgp_is near Established

# strict no more: the mute router gets its session
config false >"$LAB/host.yaml"
check 'reload without strict' mlbgpd host reload
eventually 'mute: BGP without BFD' 30 bgp_is mute Established
is 'mute: BFD' "$(bfd mute .state)" Down
is 'side: not touched by it' "$(bgp side .establishedCount)" 1
# and again: a session that stands is not touched
config true >"$LAB/host.yaml"
like 'diff says when it counts' "$(mlbgpd host diff "$LAB/host.yaml" 2>&1)" 'bfd.strict'
check 'reload with strict' mlbgpd host reload
check 'mute: stays' bgp_is mute Established
check 'reset' mlbgpd host reset mute
check 'mute: a new one waits' bgp_is mute Idle
stop host
is 'stopped in order' "$STATUS" 0

# another daemon has the port
printf '%s\n' 'router id 192.0.2.1;' 'protocol device { }' 'protocol bfd { }' | bird_start host
has_port() { in_node host ss -Hlun 'sport = :3784' | grep -q .; }
eventually 'the other daemon has the port' 20 has_port
PID[holder]=${PID[host]}
unset 'PID[host]'
mlbgpd_start host
is 'near: waits' "$(bgp near .state)" Idle
like 'near: for a port that another daemon has' "$(bgp near .note)" \
	'^waits for BFD \(strict\): UDP port 3784 \(IPv4\) is held by bird'
stop holder
eventually 'near: BFD is Up once the port is free' 40 bfd_is near .state Up
eventually 'near: and BGP' 30 bgp_is near Established
stop host
finish
