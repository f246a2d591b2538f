#!/bin/bash
# 28-diff: a change told in consequences, between two files: a line in words, then bounded and grouped;
# what is counted at a router is in 20-reload and costs.sh
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

# documents SERVICES PREFERENCE [PEER-LINE...]: two routers, one pool, that many Services
documents() {
	local i n=$1 preference=$2
	shift 2
	peer router-a 192.0.2.1 64512 64512 "$@"
	peer router-b 192.0.2.5 64512 64512
	pool public 198.51.100.0/24 203.0.113.0/24
	advertisement a "localPref: $preference" 'peers: [router-a]'
	advertisement b 'localPref: 100' 'peers: [router-b]'
	for ((i = 0; i < n; i++)); do service "s$i" "198.51.100.$i"; done
}
# diff_of NAME NAME [OPTION...]
diff_of() {
	local from=$1 to=$2
	shift 2
	"$MLBGPD" diff --from "$LAB/$from" "$@" "$LAB/$to" 2>/dev/null
}
documents 200 200 >"$LAB/old"

is 'nothing changes: says so' "$(diff_of old old)" 'nothing would change'
check 'and has status 0' diff_of old old --exit-code

documents 199 200 >"$LAB/one-less"
text=$(diff_of old one-less)
is 'one VIP less, in a line' "$(head -n 1 <<<"$text")" \
	'0 sessions restarted, 1 VIP removed, 1 VIP withdrawn from 2 peers, 2 UPDATEs'
like 'which and whose' "$text" '^  - 198.51.100.199 of pool public \(default/s199\)$'
like 'nobody has it any more, and why' "$text" '^  ! no peer has any more: 198.51.100.199: no Service has it any more$'
refused 'status 4' 4 'withdrawn' "$MLBGPD" diff --exit-code --from "$LAB/old" "$LAB/one-less"

documents 200 50 >"$LAB/turned"
text=$(diff_of old turned)
like 'two hundred routes are one group' "$text" \
	'^  ~ 200 of pool public: 198.51.100.0 198.51.100.1 198.51.100.2 \.\.\. \(.*\): local preference 200 -> 50$'
like 'the order of the peers' "$text" \
	'^  ~ order of preference of 200 \(198.51.100.0/32 .*\): router-b > router-a; now router-a > router-b$'
check 'and all is told in some lines' test "$(wc -l <<<"$text")" -le 12
is 'the JSON has every route' "$(diff_of old turned --json | jq -c '[.routes[] | .peer, (.changed | length)]')" \
	'["router-a",200]'
is 'and the order' "$(diff_of old turned --json | jq -c '[.preference[] | .before, .after, (.prefixes | length)]')" \
	'["router-a > router-b","router-b > router-a",200]'

documents 200 200 'password: secret-one' 'holdTime: 40s' 'keepaliveTime: 1s' >"$LAB/key"
text=$(diff_of old key)
like 'a session that restarts, with the field' "$text" '^  ~ router-a restarts: password$'
like 'all its routes are sent, and an End-of-RIB' "$text" '^1 session restarted, .*2 UPDATEs$'
is 'no secret' "$(grep -c secret-one <<<"$text$(diff_of old key --json)")" 0
is 'as JSON' "$(diff_of old key --json | jq -c '.sessions.restarted')" '[{"peer":"router-a","field":"password"}]'

documents 200 200 'holdTime: 40s' 'keepaliveTime: 2s' >"$LAB/timers"
like 'fields that wait' "$(diff_of old timers)" \
	'^  ~ router-a stays; at its next establishment: holdTime, keepaliveTime$'

sed -n '/name: router-b/,$p' <(documents 200 200) | sed '1s/^/apiVersion: metallb.io\/v1beta2\nkind: BGPPeer\n/' >"$LAB/alone"
text=$(diff_of old alone)
like 'a peer that goes' "$text" '^  - router-a$'
like 'costs no UPDATE' "$(head -n 1 <<<"$text")" '1 session removed, 200 VIPs withdrawn from router-a, 0 UPDATEs$'

{ documents 200 200 && printf -- '---\napiVersion: mlbgpd.io/v1alpha1\nkind: Daemon\nmetadata: {name: d}\nspec: {logLevel: debug}\n'; } >"$LAB/level"
like 'a setting of the Daemon' "$(diff_of old level)" '^  ~ logLevel$'
is 'as JSON' "$(diff_of old level --json | jq -c '[.settings, .updates]')" '[[{"field":"logLevel","cost":"in place"}],0]'
finish
