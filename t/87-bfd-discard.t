#!/bin/bash
# 87-bfd-discard: packets of BFD that must not be taken: each is counted by its reason, for the router and
# in all, told in the log once, and does nothing to the session
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find
cc -O2 -o "$LAB/bfd_send" "$T/bfd_send.c" || bail_out 'no sender'

node host router
wire host router
address host router 192.0.2.1/30 2001:db8:1::1/64
address router host 192.0.2.2/30 2001:db8:1::2/64
address router lo 198.51.100.6/32
ip -n "$LAB_NAME-host" route add 198.51.100.6/32 via 192.0.2.2
{
	printf '%s\n' 'apiVersion: mlbgpd.io/v1alpha1' 'kind: Daemon' 'metadata: {name: all}' \
		'spec: {metricsAddress: "127.0.0.1:7472"}'
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: one}, spec: {minimumTtl: 100}}\n'
	peer near4 192.0.2.2 64501 64512 'bfdProfile: one'
	peer near6 2001:db8:1::2 64501 64512 'bfdProfile: one'
	peer far 198.51.100.6 64501 64513 'bfdProfile: one' 'ebgpMultiHop: true'
} >"$LAB/host.yaml"
bird_config 64512 192.0.2.2 '192.0.2.1 64501' '2001:db8:1::1 64501' | sed 's/^protocol bgp.*{/&\n	bfd on;/' |
	cat - <(echo 'protocol bfd { interface "*" { interval 300 ms; multiplier 3; }; }') | bird_start router
mlbgpd_start host

bfd() { mlbgpd_show host bfd ".[] | select(.peer == \"$1\") | $2"; }
bfd_is() { [[ $(bfd "$1" "$2") == "$3" ]]; }
# a router may make its session anew when BGP comes up
established() { [[ $(mlbgpd_show host peers ".[] | select(.name == \"$1\") | .state") == Established ]]; }
declare -A downs
for one in near4 near6; do
	eventually "$one: Established" 40 established "$one"
	eventually "$one: BFD is Up" 40 bfd_is "$one" .state Up
	downs[$one]=$(bfd "$one" .downCount)
done
is 'nothing of good routers is discarded' "$(mlbgpd_show host bfd '[.[].discarded | length] | add')" 0

# value REASON: of the metric
value() {
	in_node host curl -sS --max-time 5 http://127.0.0.1:7472/metrics |
		sed -n "s/^mlbgpd_bfd_discarded_packets_total{reason=\"$1\"} //p"
}
value_is() { [[ $(value "$1") == "$2" ]]; }
# discards PEER REASON KEY=VALUE...: three such packets, as from the peer
discards() {
	local name=$1 reason=$2 before total to from
	shift 2
	case $name in
	near4) from=192.0.2.2 to=192.0.2.1 ;;
	near6) from=2001:db8:1::2 to=2001:db8:1::1 ;;
	far) from=198.51.100.6 to=192.0.2.1 ;;
	esac
	before=$(bfd "$name" ".discarded.$reason // 0") total=$(value "$reason")
	in_node router "$LAB/bfd_send" "$to" source="$from" "$@" count=3 >/dev/null
	eventually "$name: $* is $reason" 10 bfd_is "$name" ".discarded.$reason" $((before + 3))
	is "$name: $*, in all" "$(value "$reason")" $((total + 3))
}
begin=$(now_ms)
# in the order of RFC 5880 6.8.6
for one in near4 near6; do
	discards "$one" bad_version version=0
	discards "$one" bad_version version=2
	discards "$one" too_short length=23
	discards "$one" too_short size=23
	discards "$one" too_short size=0
	discards "$one" too_short flags=4 length=25 size=40
	discards "$one" bad_length length=25
	discards "$one" no_multiplier mult=0
	discards "$one" multipoint flags=1
	discards "$one" no_discriminator my=0
	discards "$one" unknown_discriminator your=77
	discards "$one" unexpected_state state=3
	discards "$one" unexpected_state state=2
	discards "$one" authenticated flags=4 length=28 size=28
	# RFC 5881 5; even with the right discriminator
	discards "$one" low_ttl ttl=254
	discards "$one" low_ttl ttl=254 your="$(bfd "$one" .localDiscriminator)"
done
discards near4 other_hops port=4784
# RFC 5883 5
discards far low_ttl port=4784 ttl=99
discards far other_hops port=3784

before=$(value unknown_source)
in_node router "$LAB/bfd_send" 192.0.2.1 source=203.0.113.1 sources=5 count=5 >/dev/null
eventually 'of nobody that we know' 10 value_is unknown_source $((before + 5))

for one in near4 near6; do
	is "$one: Up all the while" "$(bfd "$one" '[.state, .downCount]')" "[\"Up\",${downs[$one]}]"
done
like 'a session that is not: show says why' "$(mlbgpd host show bfd far)" \
	'packets of the peer are discarded: (came from too far|one side takes the session)'
like 'the log' "$(cat "$LAB/host.log")" \
	'warning: BFD: [123] packets? discarded: came from too far \(TTL 254\); the last from 192.0.2.2 \(peer near4\)'
like 'the log, of a stranger' "$(cat "$LAB/host.log")" \
	'warning: BFD: [1-5] packets? discarded: no session is with this address; the last from 203.0.113.[1-5]$'
told() { grep -o 'discarded: [^;(]*' "$LAB/host.log" | sort; }
is 'all 12 reasons are told' "$(told | uniq | wc -l)" 12
if (($(now_ms) - begin < 55000)); then
	is 'once a minute' "$(told | uniq -d)" ''
fi

# a multihop packet with just enough TTL is one
in_node router "$LAB/bfd_send" 192.0.2.1 source=198.51.100.6 port=4784 ttl=100 mult=255 >/dev/null
eventually 'far: minimumTtl is enough' 10 bfd_is far .state Init
finish
