#!/bin/bash
# 70-metrics: GET /metrics tells what happens: a session, VIPs, reloads; its address may change
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

pair_begin

daemon() {
	printf -- '---\napiVersion: mlbgpd.io/v1alpha1\nkind: Daemon\nmetadata: {name: all}\n'
	printf 'spec: {metricsAddress: "%s"}\n' "$1"
}
rest() {
	peer router 192.0.2.1 64512 64512
	pool four 203.0.113.0/28
	pool six 2001:db8:113::/124
	advertisement all
}
write() { cat "$@" >"$LAB/new" && mv "$LAB/new" "$LAB/host.yaml"; }
one() { service web 203.0.113.1; }
two() { one && service mail 203.0.113.2; }
write <(rest) <(one)

at=127.0.0.1:7472
get() { in_node host curl -sS --max-time 5 "$@"; }
status_of() { get -o "$LAB/body" -w '%{http_code}' "$@"; }
# value SERIES: of one series, as it is written
value() {
	get "http://$at/metrics" | awk -v series="$1" \
		'substr($0, 1, length(series) + 1) == series " " {print $NF}'
}
value_is() { [[ $(value "$1") == "$2" ]]; }
session='{peer="192.0.2.1:179",vrf="default"}'
web='metallb_speaker_announced{service="default/web",protocol="bgp",node="host",ip="203.0.113.1"}'
mail='metallb_speaker_announced{service="default/mail",protocol="bgp",node="host",ip="203.0.113.2"}'

# Nobody has asked yet: the HTTP library costs nothing.
library_is_there() { grep -q libmicrohttpd "/proc/${PID[host]}/maps"; }
mlbgpd_start host
check 'not loaded before somebody asks' eval '! library_is_there'
is 'it answers' "$(status_of "http://$at/metrics")" 200
check 'loaded then' library_is_there

# The format
get -D "$LAB/head" "http://$at/metrics" >"$LAB/all"
like 'its content type' "$(cat "$LAB/head")" '^Content-Type: text/plain; version=0\.0\.4'
name='[a-zA-Z_:][a-zA-Z0-9_:]*'
is 'only heads and samples' "$(grep -Ev "^# HELP $name .+|^# TYPE $name (gauge|counter)$" "$LAB/all" |
	grep -Ev "^$name(\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*\})? [-+.e0-9]+$")" ''
is 'no series twice' "$(grep -v '^#' "$LAB/all" | sed 's/ [^ ]*$//' | sort | uniq -d)" ''
is 'each family together, behind its head' "$(awk '
	$2 == "HELP" {help = $3; next}
	$2 == "TYPE" {if ($3 != help || $3 in seen) print; family = $3; seen[$3]; next}
	{name = $1; sub(/\{.*/, "", name); if (name != family) print}' "$LAB/all")" ''
names() { tr ' ' '\n' | grep -E '^(metallb|mlbgpd)_[a-z]' | sort; }
manual=$(sed -n '/^\.Sh METRICS/,/^\.Sh [^M]/s/^\.It Va//p' "$TOP/man/mlbgpd.8.in" | names)
is 'the manual lists all of them, and no other' \
	"$(sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' "$LAB/all" | names)" "$manual"

# No router yet
is 'the session is down' "$(value "metallb_bgp_session_up$session")" 0
is 'nothing is announced to it' "$(value "metallb_bgp_announced_prefixes_total$session")" 0
eventually 'but should be' 10 value_is "metallb_bgp_pending_prefixes_total$session" 1
is 'its name' "$(value 'mlbgpd_bgp_peer_info{peer="192.0.2.1:179",vrf="default",name="router"}')" 1
is 'the digest is that of show summary' \
	"$(value "mlbgpd_config_digest_info{digest=\"$(mlbgpd_show host summary .configDigest)\"}")" 1
is 'of addresses too' \
	"$(value "mlbgpd_address_digest_info{digest=\"$(mlbgpd_show host summary .addressDigest)\"}")" 1

pair_router
eventually 'the session is up' 30 value_is "metallb_bgp_session_up$session" 1
eventually 'a prefix is announced' 10 value_is "metallb_bgp_announced_prefixes_total$session" 1
is 'it was established once' "$(value "mlbgpd_bgp_sessions_established_total$session")" 1
is 'the service is announced' "$(value "$web")" 1
is 'VIPs by state' "$(value 'mlbgpd_vips{state="announced"}')" 1
is 'a pool: addresses in use' "$(value 'metallb_allocator_addresses_in_use_total{pool="four"}')" 1
is 'a pool: addresses' "$(value 'metallb_allocator_addresses_total{pool="four"}')" 16
is 'a pool: of IPv6' "$(value 'metallb_allocator_ipv6_addresses_total{pool="six"}')" 16
updates=$(value "metallb_bgp_updates_total$session")
messages=$(value "metallb_bgp_total_sent$session")

# Reloads
begun=$(value mlbgpd_start_time_seconds)
is 'no reload yet: the time of the start' "$(value mlbgpd_last_reload_timestamp_seconds)" "$begun"
write <(rest) <(two)
check 'reload' mlbgpd host reload
eventually 'one more service is announced' 10 value_is "$mail" 1
eventually 'one more prefix' 10 value_is "metallb_bgp_announced_prefixes_total$session" 2
is 'one more UPDATE' "$(value "metallb_bgp_updates_total$session")" $((updates + 1))
check 'and more messages' test "$(value "metallb_bgp_total_sent$session")" -gt "$messages"
is 'the reload succeeded' "$(value mlbgpd_last_reload_success)" 1
check 'at a later time' awk "BEGIN {exit !($(value mlbgpd_last_reload_timestamp_seconds) > $begun)}"
write <(rest) <(one)
check 'reload' mlbgpd host reload
eventually 'a series leaves with its service' 10 value_is "$mail" ''
cp "$LAB/host.yaml" "$LAB/good.yaml"
echo 'kind: [' >>"$LAB/host.yaml"
refused 'an invalid file is refused' 1 error mlbgpd host reload
is 'the reload failed' "$(value mlbgpd_last_reload_success)" 0
is 'MetalLB calls that stale' "$(value metallb_k8s_client_config_stale_bool)" 1
cp "$LAB/good.yaml" "$LAB/host.yaml"
check 'reload' mlbgpd host reload
is 'not stale any more' "$(value metallb_k8s_client_config_stale_bool)" 0

# HTTP
is 'another path' "$(status_of "http://$at/")" 404
is 'a path that only begins so' "$(status_of "http://$at/metricsx")" 404
is 'HEAD' "$(status_of -I "http://$at/metrics")" 200
is 'POST' "$(status_of -d x=y "http://$at/metrics")" 405
is 'a request larger than its bound' \
	"$(status_of -H "X-Large: $(printf '%020000d' 0)" "http://$at/metrics")" 431
garbage() { in_node host bash -c 'exec 3<>/dev/tcp/127.0.0.1/7472; printf "\x01\xff\r\n\r\n" >&3; head -c 12 <&3'; }
like 'no request at all' "$(garbage)" '^HTTP/1.1 4|^$'
# Connections that say nothing: the bound holds, and the daemon works on.
for i in {1..24}; do
	spawn "mute$i" host bash -c "exec 3<>/dev/tcp/127.0.0.1/7472; read -r -t 60 <&3"
done
connections() { in_node host ss -Htn state established "sport = :7472" | wc -l; }
sixteen() { (($(connections) == 16)); }
eventually 'sixteen connections, no more' 10 sixteen
check 'sessions and commands do not mind' mlbgpd_answers host
eventually 'who says nothing is closed' 20 value_is "metallb_bgp_session_up$session" 1
for i in {1..24}; do stop "mute$i"; done

# The address changes in place
write <(daemon 192.0.2.2:9999) <(rest) <(one)
check 'reload with another address' mlbgpd host reload
check 'nobody is at the old one' eval "! get http://$at/metrics"
at=192.0.2.2:9999
is 'it is at the new one' "$(value "metallb_bgp_session_up$session")" 1
is 'no session was touched' "$(value "mlbgpd_bgp_sessions_established_total$session")" 1
write <(daemon '[::1]:7472') <(rest) <(one)
check 'reload with an IPv6 address' mlbgpd host reload
at='[::1]:7472'
is 'it is there' "$(value "metallb_bgp_session_up$session")" 1
write <(daemon 203.0.113.200:7472) <(rest) <(one)
check 'an address that the host does not have is not fatal' mlbgpd host reload
like 'the log says so' "$(cat "$LAB/host.log")" \
	'cannot listen on 203.0.113.200:7472 for metrics: .*this host does not have the address'
like 'show summary says so' "$(mlbgpd_show host summary '.problems[]')" 'cannot listen on 203.0.113.200:7472'
ip -n "$LAB_NAME-host" addr add 203.0.113.200/32 dev lo
at=203.0.113.200:7472
eventually 'it is tried again' 20 value_is "metallb_bgp_session_up$session" 1
is 'show summary is content' "$(mlbgpd_show host summary .ok)" true
write <(daemon '') <(rest) <(one)
check 'off' mlbgpd host reload
check 'nobody is there' eval "! get http://$at/metrics"

# A port that is taken, at the start
stop host
is 'stopped in order' "$STATUS" 0
write <(rest) <(one)
at=127.0.0.1:7472
# shellcheck disable=SC2016
spawn other host perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr => "127.0.0.1:7472",
	Listen => 1, ReuseAddr => 1) or die "$@"; sleep 60'
taken() { in_node host ss -Hltn "sport = :7472" | grep -q 7472; }
wait_for 10 taken || bail_out 'nobody takes the port'
mlbgpd_start host
like 'a taken port is not fatal, and its owner is named' "$(mlbgpd_show host summary '.problems[]')" \
	'cannot listen on 127.0.0.1:7472 for metrics: Address already in use \(perl \(pid [0-9]+\)\)'
stop other
check 'reload' mlbgpd host reload
is 'a reload tries again' "$(status_of "http://$at/metrics")" 200
stop host
is 'stopped in order' "$STATUS" 0
finish
