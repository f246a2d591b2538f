#!/bin/bash
# 20-reload: a reload changes what differs and nothing else, counted at the routers
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node host left right
wire host left
wire host right
address host left 192.0.2.2/30
address left host 192.0.2.1/30
address host right 192.0.2.6/30
address right host 192.0.2.5/30

peers() {
	peer left 192.0.2.1 64512 64512
	[[ ${1:-} == alone ]] || peer right 192.0.2.5 64512 64512
}
# a thousand VIPs: 198.18.0.0 to 198.18.3.231
services() {
	local i
	for ((i = 0; i < 1000; i++)); do service "s$i" "198.18.$((i / 256)).$((i % 256))"; done
}
rest() {
	pool many 198.18.0.0/22
	advertisement all 'localPref: 200' "communities: [\"64512:${1:-10}\"]"
}
services >"$LAB/services"
write() { cat "$@" >"$LAB/new" && mv "$LAB/new" "$LAB/host.yaml"; }
write <(peers) <(rest) "$LAB/services"

frr_start left <<'END'
router bgp 64512
 bgp router-id 192.0.2.1
 neighbor 192.0.2.2 remote-as 64512
 neighbor 192.0.2.2 timers connect 1
END
bird_start right <<END
log "$LAB/right.bird.log" all;
router id 192.0.2.5;
protocol device { }
protocol bgp host {
	local as 64512; neighbor 192.0.2.6 as 64512; direct;
	hold time 240; connect delay time 1; error wait time 1,2;
	ipv4 { import all; export none; };
}
END
mlbgpd_start host

left_routes() { frr_peer left 192.0.2.2 .addressFamilyInfo.ipv4Unicast.acceptedPrefixCounter; }
right_routes() { bird_ask right show route count | awk '/routes for/ {print $1; exit}'; }
routes_are() { [[ $(left_routes) == "$1" && $(right_routes) == "$1" ]]; }
updates() { frr_peer left 192.0.2.2 .messageStats.updatesRecv; }
sessions() { frr_peer left 192.0.2.2 .connectionsEstablished; }
since() { bird_ask right show protocols host | awk '/^host / {print $5, $6}'; }

# Both sessions have carried a KEEPALIVE since: what was written before it has arrived.
keepalives() { frr_peer left 192.0.2.2 .messageStats.keepalivesRecv; }
two_more() { (($(keepalives) >= $1 + 2)); }
quiet() { wait_for 20 two_more "$(keepalives)"; }

eventually 'a thousand routes at both routers' 60 routes_are 1000
quiet
like 'they came packed, some hundred to a message' "$(updates)" '^[1-9]$'
check 'a thousand VIPs on lo' test "$(addresses host lo | grep -c '^198\.18\.')" = 1000

# one VIP more
sessions_before=$(sessions)
since_before=$(since)
updates_before=$(updates)
capture_start right.one right host tcp port 179 and src host 192.0.2.6
write <(peers) <(rest) "$LAB/services" <(service one-more 198.18.3.240)
diff=$(mlbgpd host diff --json "$LAB/host.yaml")
is 'diff foretells one VIP' "$(jq -c .vips.added <<<"$diff")" '["198.18.3.240"]'
is 'diff foretells no session' "$(jq -c '[.sessions[] | length] | add' <<<"$diff")" 0
check 'reload' mlbgpd host reload
eventually 'the route is at both routers' 20 routes_are 1001
quiet
stop right.one INT
is 'one UPDATE at FRR' "$(($(updates) - updates_before))" 1
is 'one UPDATE at BIRD' "$(capture_count right.one 'Update Message')" 1
is 'it names one prefix' "$(capture_count right.one '198\.18\.[0-9.]+/32')" 1
check 'the VIP is on lo' has_address host lo 198.18.3.240/32

# nothing changed
updates_before=$(updates)
check 'a reload of the same file' mlbgpd host reload
quiet
is 'sends nothing' "$(($(updates) - updates_before))" 0

# one VIP less, by SIGHUP
write <(peers) <(rest) "$LAB/services"
kill -HUP "${PID[host]}"
eventually 'SIGHUP reloads: the route is withdrawn from both' 20 routes_are 1000
eventually 'the VIP is off lo' 20 eval '! has_address host lo 198.18.3.240/32'
quiet
is 'one UPDATE withdraws' "$(($(updates) - updates_before))" 1

# an attribute of all
write <(peers) <(rest 11) "$LAB/services"
check 'reload with another community' mlbgpd host reload
both_say() {
	[[ $(frr_path left 198.18.1.7/32 '.[0].community.string') == 64512:11 ]] &&
		bird_says right 198.18.1.7/32 'BGP.community: \(64512,11\)'
}
eventually 'both routers have it' 20 both_say
is 'and a thousand routes still' "$(left_routes)" 1000

# an invalid file
cp "$LAB/host.yaml" "$LAB/good.yaml"
updates_before=$(updates)
write <(peers) <(rest 12) "$LAB/services" <(service twin 198.18.0.1 | sed 's/80/eighty/')
refused 'an invalid file is refused, with its place' 1 'host.yaml:[0-9]+:[0-9]+: error: .*port' \
	mlbgpd host reload
kill -HUP "${PID[host]}"
is_stale() { [[ $(mlbgpd_show host summary .stale) == true ]]; }
eventually 'SIGHUP: the same, and show summary says stale' 10 is_stale
quiet
is 'an invalid file sends nothing' "$(($(updates) - updates_before))" 0
is 'an invalid file changes no address' "$(addresses host lo | grep -c '^198\.18\.')" 1000
cp "$LAB/good.yaml" "$LAB/host.yaml"
check 'a good file is taken again' mlbgpd host reload
is 'and show summary says so' "$(mlbgpd_show host summary .stale)" false

is 'no session was touched at FRR' "$(sessions)" "$sessions_before"
is 'no session was touched at BIRD' "$(since)" "$since_before"

# five hundred VIPs more, which the kernel takes in batches
updates_before=$(updates)
more_services() {
	local i
	for ((i = 0; i < 500; i++)); do service "m$i" "198.19.$((i / 256)).$((i % 256))"; done
}
write <(peers) <(rest 11) <(pool more 198.19.0.0/22) "$LAB/services" <(more_services)
foretold=$(mlbgpd host diff --json "$LAB/host.yaml" | jq .updates)
check 'reload with five hundred VIPs more' mlbgpd host reload
eventually 'they are at both routers' 60 routes_are 1500
quiet
is 'diff foretells an UPDATE for each router' "$foretold" 2
# those that stand within a tenth of a second go together; the kernel may take longer for all
n=$(($(updates) - updates_before))
check "FRR: they come together ($n UPDATEs)" test "$n" -ge 1 -a "$n" -le 4
updates_before=$(updates)
write <(peers) <(rest 11) "$LAB/services"
check 'reload without them' mlbgpd host reload
eventually 'they are withdrawn' 60 routes_are 1000
quiet
is 'in one UPDATE' "$(($(updates) - updates_before))" 1

# a peer goes, a peer comes
updates_before=$(updates)
write <(peers alone) <(rest 11) "$LAB/services"
check 'a peer is removed' mlbgpd host reload
eventually 'its router hears Peer De-configured' 20 \
	grep -Eq 'host: Received: Peer de-configured' "$LAB/right.bird.log"
quiet
write <(peers) <(rest 11) "$LAB/services"
check 'the peer is added again' mlbgpd host reload
eventually 'its session comes back with all routes' 60 routes_are 1000
quiet
is 'the other session was not touched' "$(sessions)" "$sessions_before"
is 'the other router heard nothing' "$(($(updates) - updates_before))" 0

stop host
is 'stopped in order' "$STATUS" 0
finish
