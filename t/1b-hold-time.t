#!/bin/bash
# 1b-hold-time: a hold time of 3 s lives through reloads of 100,000 Services, for the event loop is never
# busy for long
#
# With sanitizers 30,000: to load 100,000 takes the worker some ten times as long, about a minute beside
# another test, while the loop is hardly busier by it (70 ms at the most).  ThreadSanitizer makes the loop
# itself five times as slow (10,000), and valgrind forty times (3,000).
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

SERVICES=100000 BUSY_MS=100
case $(ldd "$MLBGPD" 2>/dev/null) in
*libasan*) SERVICES=30000 ;;
*libtsan*) SERVICES=10000 ;;
esac
[[ -z ${VALGRIND_MLBGPD:-} ]] || SERVICES=3000 BUSY_MS=500
node host bird
wire host bird
address host bird 192.0.2.2/24
address bird host 192.0.2.1/24
{
	peer bird 192.0.2.1 64512 64512 'holdTime: 3s' 'keepaliveTime: 1s'
	printf -- '---\napiVersion: mlbgpd.io/v1alpha1\nkind: Daemon\nmetadata: {name: mode}\n'
	printf 'spec: {vipMode: route, withdrawHold: 0s, logLevel: debug}\n'
	pool few 203.0.113.0/24
	pool lots 10.0.0.0/8
	service web 203.0.113.80
	advertisement all
} >"$LAB/few.yaml"
{
	cat "$LAB/few.yaml"
	awk -v n="$SERVICES" 'BEGIN {
		for (i = 0; i < n; i++) {
			printf "---\napiVersion: v1\nkind: Service\nmetadata: {name: s%d, annotations: ", i
			printf "{metallb.io/loadBalancerIPs: 10.%d.%d.%d}}\n", i / 65536, i / 256 % 256, i % 256
			printf "spec: {type: LoadBalancer, ports: [{port: 80}]}\n"
		}
	}'
} >"$LAB/lots.yaml"
cp "$LAB/few.yaml" "$LAB/host.yaml"
bird_config 64512 192.0.2.1 '192.0.2.2 64512 hold=3' | bird_start bird
mlbgpd_start host
eventually 'session' 20 bird_established bird 192.0.2.2
eventually 'route' 10 bird_has bird 203.0.113.80/32
session=$(bird_session bird 192.0.2.2)
like 'the hold time is 3 s' "$(bird_peer bird 192.0.2.2)" 'Hold timer: +[0-3]\.[0-9]+/3$'

routes_are() { [[ $(bird_count bird 192.0.2.2) == "$1" ]] || { bird_count bird 192.0.2.2 && false; }; }
cp "$LAB/lots.yaml" "$LAB/host.yaml"
begin=$(now_ms)
check 'reload: many Services more' mlbgpd host reload
eventually 'all routes are there' 60 routes_are $((SERVICES + 1))
note "$SERVICES Services: $(($(now_ms) - begin)) ms until the last route"
is 'and stand in the kernel' "$(in_node host ip -4 route show table local proto 179 | wc -l)" \
	"$((SERVICES + 1))"
check 'reload of the same' mlbgpd host reload
is 'show routes has them all' "$(mlbgpd_show host routes length)" "$((SERVICES + 1))"
is 'diff tells which would go' "$(mlbgpd host diff --json "$LAB/few.yaml" | jq '.vips.removed | length')" \
	"$SERVICES"
cp "$LAB/few.yaml" "$LAB/host.yaml"
check 'reload: as before' mlbgpd host reload
eventually 'one route is left' 60 routes_are 1
check 'the session is up' bird_established bird 192.0.2.2
is 'and never restarted' "$(bird_session bird 192.0.2.2)" "$session"

# What it had the processor for does not depend on what else runs here.
longest=$(sed -n 's/.*the event loop stood still for .* had the processor for \([0-9]*\)$/\1/p' "$LAB/host.log" |
	sort -n | tail -n 1)
note "its longest turn: ${longest:-less than 50} ms"
check "the loop was never busy for more than $BUSY_MS ms" test "${longest:-0}" -le "$BUSY_MS"
like 'the log has a number for most of them' "$(cat "$LAB/host.log")" \
	': [0-9]+ more VIPs: assigned -> announced$'
is 'and dropped nothing' "$(grep -c 'log lines were dropped' "$LAB/host.log")" 0

cp "$LAB/lots.yaml" "$LAB/host.yaml"
check 'reload: many again' mlbgpd host reload
eventually 'all routes are there' 60 routes_are $((SERVICES + 1))
begin=$(now_ms)
kill -TERM "${PID[host]}"
eventually 'a stop: the router withdraws all at once' 10 routes_are 0
note "$(($(now_ms) - begin)) ms until the router has none"
stop host
is 'stopped in order' "$STATUS" 0
note "$(($(now_ms) - begin)) ms until the daemon has ended"
is 'and took all off' "$(in_node host ip -4 route show table local proto 179 | wc -l)" 0
finish
