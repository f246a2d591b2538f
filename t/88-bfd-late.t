#!/bin/bash
# 88-bfd-late: a daemon that gets no processor for much longer than its detection time: a router that
# speaks all the while is not given up, and one that gave us up is not blamed for it
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node host router
wire host router
address host router 192.0.2.1/30 2001:db8:1::1/64
address router host 192.0.2.2/30 2001:db8:1::2/64
{
	# we give it up after 150 ms, it us after 2.5 s
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: patient},\n'
	printf ' spec: {transmitInterval: 50, receiveInterval: 50, detectMultiplier: 50}}\n'
	peer four 192.0.2.2 64501 64512 'bfdProfile: patient'
	peer six 2001:db8:1::2 64501 64512 'bfdProfile: patient'
} >"$LAB/host.yaml"
bird_config 64512 192.0.2.2 '192.0.2.1 64501' '2001:db8:1::1 64501' | sed 's/^protocol bgp.*{/&\n	bfd on;/' |
	cat - <(echo 'protocol bfd { interface "*" { interval 50 ms; multiplier 3; }; }') | bird_start router
# its timers are not what is tried
chrt -a -f -p 10 "${PID[router]}"
mlbgpd_start host

bfd() { mlbgpd_show host bfd ".[] | select(.peer == \"$1\") | $2"; }
all_up() { [[ $(mlbgpd_show host bfd '[.[].state] | join(",")') == Up,Up ]]; }
downs() { mlbgpd_show host bfd '[.[].downCount] | add'; }
bgp_ups() { mlbgpd_show host peers '[.[].establishedCount] | add'; }
both_established() { [[ $(mlbgpd_show host peers '[.[].state] | join(",")') == Established,Established ]]; }
# held SECONDS: the daemon stands still
held() {
	kill -STOP "${PID[host]}"
	sleep "$1"
	kill -CONT "${PID[host]}"
}
eventually 'BFD is Up' 40 all_up
eventually 'BGP is up' 40 both_established
is 'we give up after' "$(bfd four .detectTimeMs)" 150
ups=$(bgp_ups)

for i in 1 2 3; do
	held 1
	check "after 1 s, $i: Up at once" all_up
done
is 'no session was lost' "$(downs)" 0
is 'nor one of BGP' "$(bgp_ups)" "$ups"
check 'the lateness is told' test "$(bfd four .lateness.maxUs)" -gt 500000

# now it gives us up
held 5
gone() { (($(downs) >= 2)); }
eventually 'after 5 s: the router has given us up' 20 gone
for one in four six; do
	is "$one: diagnostic" "$(bfd "$one" .lastDown.diagnostic)" 'neighbor signaled session down'
	like "$one: verdict" "$(bfd "$one" .lastDown.verdict)" \
		'^the peer heard nothing of us, our thread was late by [0-9]+ ms: host overloaded$'
done
eventually 'BFD comes back' 60 all_up
eventually 'and BGP' 60 both_established
finish
