#!/bin/bash
# 81-bfd-port: another daemon has the ports of BFD: only sessions of BFD stay down, BGP runs, the log says
# who has them; they come up once the ports are free, without real-time priority, too
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node host router plain
wire host router
wire host plain
address host router 192.0.2.1/30
address router host 192.0.2.2/30
address host plain 192.0.2.5/30
address plain host 192.0.2.6/30
{
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: quick}}\n'
	peer router 192.0.2.2 64501 64512 'bfdProfile: quick'
	peer plain 192.0.2.6 64501 64513
} >"$LAB/host.yaml"
bird_config 64512 192.0.2.2 '192.0.2.1 64501' | sed 's/^protocol bgp.*{/&\n	bfd on;/' |
	cat - <(echo 'protocol bfd { interface "*" { interval 300 ms; multiplier 3; }; }') | bird_start router
bird_config 64513 192.0.2.6 '192.0.2.5 64501' | bird_start plain

# it speaks BFD on this host
printf '%s\n' 'router id 192.0.2.1;' 'protocol device { }' 'protocol bfd { }' | bird_start host
has_port() { in_node host ss -Hlun "sport = :$1" | grep -q .; }
eventually 'the other daemon has the port' 20 has_port 3784
holder=${PID[host]}
unset 'PID[host]'
PID[holder]=$holder
# nor is it permitted real-time priority
# shellcheck disable=SC2034
LAUNCHER=(prlimit --rtprio=0 setpriv --bounding-set=-sys_nice)
mlbgpd_start host

for one in router plain; do
	eventually "$one: BGP is up" 40 mlbgpd_peer_state host "$one" Established
done
like 'the log says who has it' "$(cat "$LAB/host.log")" \
	"error: BFD can't listen: UDP port 3784 \(IPv4\) is held by bird \(pid $holder\)"
is 'once' "$(grep -c "BFD can't listen" "$LAB/host.log")" 1
bfd() { mlbgpd_show host bfd ".[] | select(.peer == \"$1\") | $2"; }
is 'it says that it has no real-time priority' \
	"$(grep -c 'BFD has no real-time priority: Operation not permitted' "$LAB/host.log")" 1
is 'its session is Down' "$(bfd router .state)" Down
like 'and show says why' "$(bfd router .note)" 'is held by bird'
refused 'a peer without BFD' 1 'peer plain has no BFD session' mlbgpd host show bfd plain

stop holder
is_up() { [[ $(bfd router .state) == Up ]]; }
eventually 'BFD is Up once the port is free' 40 is_up
is 'nothing is in its way' "$(bfd router .note)" null
stop host
is 'stopped in order' "$STATUS" 0
finish
