#!/bin/bash
# 1d-hostile-peer: neighbours that send garbage, half messages, too much, too slowly or nothing; what
# they cost, what the log says of them, and that the session beside them does not notice
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

lan_begin
node host good bad
lan_plug host 10
lan_plug good 1
lan_plug bad 66
address bad lan 192.0.2.67/24

config() {
	peer good 192.0.2.1 64501 64512
	peer bad 192.0.2.66 64501 64666 'connectTime: 1s'
	pool all 203.0.113.0/24
	service web 203.0.113.80
	advertisement all
}
config >"$LAB/host.yaml"
bird_config 64512 192.0.2.1 '192.0.2.10 64501' | bird_start good
# a sanitizer keeps freed memory back: little of it, so that what grows is ours
# shellcheck disable=SC2034
LAUNCHER=(env "ASAN_OPTIONS=quarantine_size_mb=1:${ASAN_OPTIONS:-}")
mlbgpd_start host
eventually 'good: session' 30 bird_established good n1
eventually 'good: the route' 10 bird_has good 203.0.113.80/32
before=$(bird_session good n1)

# value NAME: of the bad peer's metric
value() {
	in_node host curl -sS --max-time 5 http://127.0.0.1:7472/metrics |
		awk -v series="$1{peer=\"192.0.2.66:179\",vrf=\"default\"}" '$1 == series {print $NF}'
}
rss_kb() { awk '$1 == "VmRSS:" {print $2}' "/proc/${PID[host]}/status"; }
# of processor time, ours and the kernel's for us
cpu_ms() { awk -v hz="$(getconf CLK_TCK)" '{print ($14 + $15) * 1000 / hz}' "/proc/${PID[host]}/stat"; }
bad_lines() { grep 'peer bad: ' "$LAB/host.log"; }
is_done() { is_gone "${PID[$1]}"; }
says_ready() { grep -q '^ready' "$LAB/$1.log"; }
at_most() { (($1 <= $2)) || { echo "$1 > $2" && false; }; }

mlbgpd host reset bad >/dev/null # what is done for the first time costs memory for good
is 'no UPDATE from there yet' "$(value metallb_bgp_updates_total_received)" 0
memory=$(rss_kb)

# hostile MODE SECONDS ADDRESS [LINES]: at most so many lines in the log, and none of them twice
hostile() {
	local mode=$1 seconds=$2 address=$3 most=${4:-12} ms skip end dials=
	[[ $mode =~ ^(flood|stranger|flap)$ ]] && dials=yes
	skip=$(bad_lines | wc -l)
	# the back-off of the one before is not its own; whoever listens need not wait to be dialled
	[[ -z $dials ]] || mlbgpd host reset bad >/dev/null
	spawn "$mode" bad python3 "$T/hostile_peer.py" "$mode" "$address" 192.0.2.10 64666 "$seconds"
	wait_for 20 says_ready "$mode"
	ms=$(cpu_ms)
	[[ -n $dials ]] || mlbgpd host reset bad >/dev/null
	eventually "$mode: it had its time" "$((seconds + 30))" is_done "$mode"
	ms=$(($(cpu_ms) - ms))
	end=$(tail -1 "$LAB/$mode.log")
	# what it may have met before the reset is told anew behind it
	bad_lines | tail -n +$((skip + 1)) | tac | sed '/Idle -> Connect: started$/q' | tac >"$LAB/said"
	note "$end; $ms ms of CPU in $seconds s, $(rss_kb) kB ($memory before), $(wc -l <"$LAB/said") lines"
	like "$mode: it came to connections" "$end" "^$mode: [1-9]"
	is "$mode: the session beside it" "$(bird_session good n1)" "$before"
	check "$mode: memory: a quarter more at most" at_most "$(rss_kb)" $((memory * 5 / 4))
	check "$mode: half of one processor at most" at_most "$ms" $((seconds * 500))
	if [[ $mode != flap ]]; then
		is "$mode: nothing is said twice" "$(sort "$LAB/said" | uniq -d)" ''
	fi
	check "$mode: told in few words" at_most "$(wc -l <"$LAB/said")" "$most"
}
received=$(value metallb_bgp_updates_total_received)
hostile garbage 5 192.0.2.66
like 'garbage: the log says what it was' "$(cat "$LAB/said")" \
	'sent NOTIFICATION: Message Header Error: Connection Not Synchronized'
hostile half 5 192.0.2.66
hostile slow 5 192.0.2.66
hostile updates 12 192.0.2.66
received=$(($(value metallb_bgp_updates_total_received) - received))
check "updates: all of 100,000 were read ($received)" test "$received" -ge 100000
hostile capabilities 5 192.0.2.66
like 'capabilities: it is a session' "$(cat "$LAB/said")" '-> Established'
hostile nothing 5 192.0.2.66
hostile flood 5 192.0.2.66
hostile stranger 5 192.0.2.67
# ten sessions, each with its lines; then it rests
sessions() { mlbgpd_show host peers '.[] | select(.name == "bad").establishedCount'; }
flaps=$(sessions)
hostile flap 5 192.0.2.66 90
flaps=$(($(sessions) - flaps))
check "flap: at rest after ten, but for one try more ($flaps)" at_most "$flaps" 11
check 'the route is there' bird_has good 203.0.113.80/32

# A second daemon that somebody copied, router ID and all (RFC 4271 6.2: internal peers must differ)
node twin
lan_plug twin 11
{ config && peer twin 192.0.2.11 64501 64501 'routerID: 192.0.2.10' 'connectTime: 1s'; } >"$LAB/new"
mv "$LAB/new" "$LAB/host.yaml"
peer host 192.0.2.10 64501 64501 'routerID: 192.0.2.10' 'connectTime: 1s' >"$LAB/twin.yaml"
mlbgpd_start twin
check 'twin: a reload' mlbgpd host reload
refused() { grep -E "peer $2: (sent|received) NOTIFICATION: OPEN Message Error: Bad BGP Identifier" "$LAB/$1.log"; }
eventually 'twin: the host says what is wrong' 20 refused host twin
eventually 'twin: so does the other' 20 refused twin host
fails_again() { (($(mlbgpd_show host peers '.[] | select(.name == "twin").lastError.code') == 2)); }
eventually 'twin: show too' 10 fails_again
tried() { (($(in_node host ss -tnH state time-wait | wc -l) + $(in_node twin ss -tnH state time-wait | wc -l) >= 4)); }
eventually 'twin: it is tried again and again' 40 tried
for one in 'host twin' 'twin host'; do
	is "twin: ${one% *}: nothing is said twice" "$(grep "peer ${one#* }: " "$LAB/${one% *}.log" | sort | uniq -d)" ''
done
is 'twin: the session beside it' "$(bird_session good n1)" "$before"
stop twin
is 'the twin stopped in order' "$STATUS" 0
stop host
is 'stopped in order' "$STATUS" 0
finish
