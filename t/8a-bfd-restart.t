#!/bin/bash
# 8a-bfd-restart: graceful restart beside BFD: after a crash the router's BFD ends what graceful restart
# would have kept, as check says; without BFD the route stays
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find
[[ -x /usr/lib/frr/bfdd ]] || bail_out 'no bfdd'

#    host -- frr, bird    with BFD
#    host -- plain (BIRD) without
star_begin frr bird plain
{
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: quick}, spec: {%s}}\n' \
		'transmitInterval: 100, receiveInterval: 100'
	peer frr 192.0.2.2 64501 64512 'enableGracefulRestart: true' 'bfdProfile: quick'
	peer bird 192.0.2.6 64501 64513 'enableGracefulRestart: true' 'bfdProfile: quick'
	peer plain 192.0.2.10 64501 64514 'enableGracefulRestart: true'
	pool all 203.0.113.0/24
	service web 203.0.113.80
	advertisement all
} >"$LAB/host.yaml"
out=$("$MLBGPD" check --node host "$LAB/host.yaml" 2>&1)
is 'check warns of both, not of the third' "$(grep -o 'BGPPeer/[a-z]*: spec.enableGracefulRestart' <<<"$out")" \
	$'BGPPeer/frr: spec.enableGracefulRestart\nBGPPeer/bird: spec.enableGracefulRestart'

# shellcheck disable=SC2034  # for frr_start
FRR_DAEMONS='zebra bfdd bgpd'
{
	printf '%s\n' bfd ' profile quick' '  receive-interval 100' '  transmit-interval 100' ' exit' exit
	frr_config 64512 192.0.2.2 '192.0.2.1 64501 restart=yes'
	printf '%s\n' ' neighbor 192.0.2.1 bfd profile quick'
} | frr_start frr
bird_config 64513 192.0.2.6 '192.0.2.5 64501 restart=yes' | sed 's/^protocol bgp.*{/&\n	bfd on;/' |
	cat - <(echo 'protocol bfd { interface "*" { interval 100 ms; multiplier 3; }; }') | bird_start bird
bird_config 64514 192.0.2.10 '192.0.2.9 64501 restart=yes' | bird_start plain
mlbgpd_start host

bfd_up() { [[ $(mlbgpd_show host bfd ".[] | select(.peer == \"$1\").state") == Up ]]; }
eventually 'frr: BFD is Up' 40 bfd_up frr
eventually 'bird: BFD is Up' 40 bfd_up bird
eventually 'frr: the route' 40 frr_has frr 203.0.113.80/32
eventually 'bird: the route' 40 bird_has bird 203.0.113.80/32
eventually 'plain: the route' 40 bird_has plain 203.0.113.80/32
stop host KILL
begin=$(now_ms)
eventually 'bird: the route goes' 20 bird_lacks bird 203.0.113.80/32
note "after $(($(now_ms) - begin)) ms"
check 'plain: it stays' bird_has plain 203.0.113.80/32
# FRR hears of the lost connection first, and keeps it
check 'frr: it stays too' frr_has frr 203.0.113.80/32
mlbgpd_start host
eventually 'frr: the route is back' 60 frr_has frr 203.0.113.80/32
eventually 'bird: the route is back' 60 bird_has bird 203.0.113.80/32
eventually 'frr: BFD is Up' 40 bfd_up frr
eventually 'bird: BFD is Up' 40 bfd_up bird
kill -STOP "${PID[host]}"
begin=$(now_ms)
for one in frr bird; do
	eventually "$one: silence: the route goes" 20 "${one}_lacks" "$one" 203.0.113.80/32
	note "after $(($(now_ms) - begin)) ms"
done
check 'plain: stays' bird_has plain 203.0.113.80/32
kill -CONT "${PID[host]}"
stop host
finish
