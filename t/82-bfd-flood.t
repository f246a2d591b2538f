#!/bin/bash
# 82-bfd-flood: floods of packets that are not to be taken: sessions of 50 ms x 3 stay up, single hop and
# multihop, the thread leaves the processor to others, and what the kernel drops is counted
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find
cc -O2 -o "$LAB/bfd_send" "$T/bfd_send.c" || bail_out 'no sender'
SECONDS_EACH=${FLOOD_SECONDS:-2}

#    host -- near -- far     192.0.2.0/30, 2001:db8:1::/64, single hop; 198.51.100.4/30, multihop
#    host -- evil            198.51.100.8/30, 2001:db8:2::/64
node host near evil far
wire host near
wire host evil
wire near far
address host near 192.0.2.1/30 2001:db8:1::1/64
address near host 192.0.2.2/30 2001:db8:1::2/64
address host evil 198.51.100.9/30 2001:db8:2::1/64
address evil host 198.51.100.10/30 2001:db8:2::2/64
address near far 198.51.100.5/30
address far near 198.51.100.6/30
ip -n "$LAB_NAME-host" route add 198.51.100.4/30 via 192.0.2.2
ip -n "$LAB_NAME-far" route add 192.0.2.0/30 via 198.51.100.5
ip -n "$LAB_NAME-evil" route add 192.0.2.0/30 via 198.51.100.9
ip -n "$LAB_NAME-evil" route add 2001:db8:1::/64 via 2001:db8:2::1
{
	printf '%s\n' 'apiVersion: mlbgpd.io/v1alpha1' 'kind: Daemon' 'metadata: {name: all}' \
		'spec: {metricsAddress: "127.0.0.1:7472"}'
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: quick},\n'
	printf ' spec: {minimumTtl: 10, transmitInterval: 50, receiveInterval: 50, detectMultiplier: 3}}\n'
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: mirror},\n'
	printf ' spec: {transmitInterval: 50, receiveInterval: 50, detectMultiplier: 3, echoMode: true}}\n'
	peer near4 192.0.2.2 64501 64512 'bfdProfile: mirror'
	peer near6 2001:db8:1::2 64501 64512 'bfdProfile: mirror'
	peer far 198.51.100.6 64501 64513 'bfdProfile: quick' 'ebgpMultiHop: true'
} >"$LAB/host.yaml"
with_bfd() {
	sed 's/^protocol bgp.*{/&\n	bfd on;/'
	echo 'protocol bfd { interface "*" { interval 50 ms; multiplier 3; };'
	echo '	multihop { interval 50 ms; multiplier 3; }; }'
}
bird_config 64512 192.0.2.2 '192.0.2.1 64501' '2001:db8:1::1 64501' | with_bfd | bird_start near
bird_config 64513 198.51.100.6 '192.0.2.1 64501 multihop=4 local=198.51.100.6' | with_bfd | bird_start far
# the routers' own timers are not what is tried
for one in near far; do chrt -a -f -p 10 "${PID[$one]}"; done
mlbgpd_start host

all_up() { [[ $(mlbgpd_show host bfd '[.[].state] | join(",")') == Up,Up,Up ]]; }
downs() { mlbgpd_show host bfd '[.[].downCount] | add'; }
bird_downs() { cat "$LAB/near.bird.log" "$LAB/far.bird.log" | grep -c 'Session to .* from Up to Down'; }
discr() { mlbgpd_show host bfd ".[] | select(.peer == \"$1\") | .$2"; }
metric() {
	in_node host curl -sS --max-time 5 http://127.0.0.1:7472/metrics |
		sed -n "s/^mlbgpd_bfd_discarded_packets_total{reason=\"$1\"} //p"
}
dropped_is_at_least() { (($(metric dropped_by_kernel) >= $1)); }
# milliseconds of processor that all threads of the daemon have had
cpu_ms() { awk '{ticks += $14 + $15} END {print ticks * 10}' "/proc/${PID[host]}"/task/*/stat; }

eventually 'all sessions are Up' 40 all_up
near4=$(discr near4 localDiscriminator) near6=$(discr near6 localDiscriminator)

# flood WORDS DESTINATION KEY=VALUE...: from node $FROM
FROM=evil
flood() {
	local words=$1 cpu begin sent downs
	shift
	downs=$(downs)
	begin=$(now_ms) cpu=$(cpu_ms)
	sent=$(in_node "$FROM" "$LAB/bfd_send" "$@" seconds="$SECONDS_EACH")
	cpu=$((($(cpu_ms) - cpu) * 100 / ($(now_ms) - begin)))
	note "$words: $sent, daemon $cpu % of a processor"
	is "$words: no session goes down" "$(downs)" "$downs"
	# not under valgrind or ThreadSanitizer: it takes a multiple
	[[ -n ${VALGRIND_MLBGPD:-}${TSAN_OPTIONS:-} ]] || check "$words: the daemon takes less than half a processor" test "$cpu" -lt 50
	SENT=${sent%% *}
}

flood 'discriminators that are not ours' 192.0.2.1 source=198.51.100.10 random=your state=3
# the first thousand are looked at one by one
eventually 'what the kernel dropped is counted' 10 dropped_is_at_least $((SENT / 2))
flood 'strangers' 192.0.2.1 source=198.51.100.10 sources=1000
flood 'the router, with other discriminators' 192.0.2.1 source=192.0.2.2 random=your state=3
flood 'the router, from too far' 192.0.2.1 source=192.0.2.2 ttl=64 your="$near4" state=3
flood 'the router, in a state that needs a discriminator' 192.0.2.1 source=192.0.2.2 state=3
flood 'the router, garbage' 192.0.2.1 source=192.0.2.2 random=all
flood 'long garbage' 192.0.2.1 source=198.51.100.10 random=all size=120
flood 'the router, another version' 192.0.2.1 source=192.0.2.2 version=2 your="$near4" state=3
flood 'the router has restarted, on another link' 192.0.2.1 source=192.0.2.2 state=1
flood 'multihop, with other discriminators' 192.0.2.1 source=198.51.100.6 port=4784 random=your state=3
flood 'multihop, from too far' 192.0.2.1 source=198.51.100.6 port=4784 ttl=9
flood 'IPv6, with other discriminators' 2001:db8:1::1 source=2001:db8:1::2 random=your state=3
flood 'IPv6, strangers' 2001:db8:1::1 source=2001:db8:2::2 sources=250
is 'none goes down' "$(downs)" 0
is 'as the routers see it' "$(bird_downs)" 0
like 'told in the log' "$(cat "$LAB/host.log")" 'BFD: [0-9]+ packets discarded: by the kernel, in a flood$'
check 'in few lines' test "$(grep -c 'BFD: ' "$LAB/host.log")" -lt 60

# who knows the discriminator (and is on the link) is taken for the router, but gets no processor
flood 'all of it right, on another link' 192.0.2.1 source=192.0.2.2 your="$near4" state=3
FROM=near
flood 'all of it right' 192.0.2.1 source=192.0.2.2 your="$near4" state=3 my="$(discr near4 remoteDiscriminator)"
flood 'polls' 2001:db8:1::1 source=2001:db8:1::2 your="$near6" state=3 flags=32 \
	my="$(discr near6 remoteDiscriminator)"
flood 'echoes' 192.0.2.1 source=192.0.2.2 port=3785
flood 'echoes to send back' 192.0.2.1 source=192.0.2.1 port=3785
flood 'echoes that come back' 192.0.2.1 source=192.0.2.1 port=3785 ttl=254
flood 'IPv6, echoes' 2001:db8:1::1 source=2001:db8:1::2 port=3785
flood 'IPv6, echoes to send back' 2001:db8:1::1 source=2001:db8:1::1 port=3785
flood 'IPv6, echoes that come back' 2001:db8:1::1 source=2001:db8:1::1 port=3785 ttl=254
is 'none goes down' "$(downs)" 0

# nor log without end
in_node near "$LAB/bfd_send" 192.0.2.1 source=192.0.2.2 state=0 seconds=3 rate=6000 >/dev/null &
other=$!
in_node near "$LAB/bfd_send" 192.0.2.1 source=192.0.2.2 state=1 seconds=3 rate=6000 | notes
wait "$other"
like 'a router that restarts without end' "$(cat "$LAB/host.log")" 'peer near4: BFD changes its state without end'
check 'it is told of less and less' \
	test "$(grep -c 'near4: BFD .* -> ' "$LAB/host.log")" -le 42
check 'others do not care' test "$(mlbgpd_show host bfd '[.[] | select(.peer != "near4").downCount] | add')" -eq 0
eventually 'all sessions are Up after it' 40 all_up
finish
