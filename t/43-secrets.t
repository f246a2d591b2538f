#!/bin/bash
# 43-secrets: passwords of every place work, change without a word of their value, and are nowhere in
# what is printed, logged or answered, whatever is wrong with the file
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node host router other
wire host router
address host router 192.0.2.2/30
address router host 192.0.2.1/30
wire host other
address host other 192.0.2.6/30
address other host 192.0.2.5/30

# Every secret begins with this; so does its base64.
stem=hush
coded() { printf '%s' "$1" | base64; }
code=$(coded "$stem-" | cut -c1-6)
at=127.0.0.1:7472

secret() { # NAME KEY VALUE
	printf -- '---\napiVersion: v1\nkind: Secret\nmetadata: {name: %s}\n' "$1"
	printf 'type: kubernetes.io/basic-auth\n%s: {password: %s}\n' "$2" "$3"
}
common() {
	pool four 203.0.113.0/28
	advertisement all 'localPref: 200'
	service web 203.0.113.1
	printf -- '---\napiVersion: mlbgpd.io/v1alpha1\nkind: Daemon\nmetadata: {name: all}\n'
	printf 'spec: {logLevel: debug, metricsAddress: "%s"}\n' "$at"
}
good() {
	peer router 192.0.2.1 64512 64512 'connectTime: 1s'
	peer other 192.0.2.5 64512 64512 'connectTime: 1s' "password: ${1:-$stem-peer}"
	peer data 192.0.2.21 64512 64512 'ebgpMultiHop: false' 'passwordSecret: {name: data}'
	peer string 192.0.2.22 64512 64512 'passwordSecret: {name: string}'
	peer credential 192.0.2.23 64512 64512
	secret data data "$(coded "$stem-data")"
	secret string stringData "$stem-string"
	peer_policy router router "passwordFile: $LAB/router.password"
	peer_policy credential credential 'passwordFile: credential'
	common
}
write() { cat >"$LAB/new" && chmod 600 "$LAB/new" && mv "$LAB/new" "$LAB/host.yaml"; }
put() { printf '%s' "$2" >"$LAB/new" && chmod "${3:-600}" "$LAB/new" && mv "$LAB/new" "$LAB/$1"; }

put router.password "$stem-file"$'\n'
mkdir "$LAB/credentials"
put credentials/credential "$stem-credential"
good | write

bird_with() { # NODE ADDRESS HOST PASSWORD
	cat <<-END
		router id $2;
		log "$LAB/$1.bird.log" all;
		protocol device { }
		protocol bgp host {
		 local as 64512; neighbor $3 as 64512; direct; hold time 9; connect retry time 1;
		 password "$4";
		 ipv4 { import all; export none; };
		}
	END
}
bird_with router 192.0.2.1 192.0.2.2 "$stem-file" | bird_start router
bird_with other 192.0.2.5 192.0.2.6 "$stem-peer" | bird_start other

# What anybody may see is kept in $LAB/seen; show also prints what is not to be empty.
: >"$LAB/seen"
see() { "$@" >>"$LAB/seen" 2>&1; }
silent() {
	local where
	where=$(grep -naE "$stem|$code" "$LAB/seen" "$LAB/host.log" | cut -c1-200)
	is "$1: no secret" "$where" ''
}

LAUNCHER=(env CREDENTIALS_DIRECTORY="$LAB/credentials")
mlbgpd_start host
eventually 'the password of a file: session' 60 bird_established router 192.0.2.2
eventually 'the password of a BGPPeer: session' 60 bird_established other 192.0.2.6
is 'check: nothing to tell' "$("$MLBGPD" check --node host "$LAB/host.yaml" 2>&1 | grep -c secret-readable)" 0
is 'plan tells that there is one' \
	"$("$MLBGPD" plan --json --node host "$LAB/host.yaml" 2>/dev/null |
		jq -c '[.peers[].authentication] | unique')" '["md5"]'

look() {
	local json
	for json in '' --json; do
		see "$MLBGPD" check --node host $json "$LAB/host.yaml"
		see "$MLBGPD" check --all-nodes $json "$LAB/host.yaml"
		see "$MLBGPD" plan --node host $json "$LAB/host.yaml"
		see "$MLBGPD" plan --pin --node host "$LAB/host.yaml"
		see "$MLBGPD" diff --node host $json --from "$LAB/before.yaml" "$LAB/host.yaml"
		see mlbgpd host diff $json
		see mlbgpd host diff $json "$LAB/host.yaml"
		for what in summary peers vips routes services config; do
			see mlbgpd host show $what $json
		done
		see mlbgpd host explain $json default/web
		see mlbgpd host explain $json 203.0.113.1 router
	done
	see in_node host curl -sS --max-time 5 "http://$at/metrics"
	cat "$LAB/host.state/leases" >>"$LAB/seen"
}
good "$stem-before" >"$LAB/before.yaml"
look
check 'much was seen' test "$(wc -c <"$LAB/seen")" -gt 20000
check 'the log is at debug' grep -q 'the plan was applied' "$LAB/host.log"
silent 'all is well'
check 'the last good documents have them' grep -q "$stem-peer" "$LAB/host.state/last-good"
is 'and are root'"'"'s alone' "$(stat -c '%a %u' "$LAB/host.state/last-good")" '600 0'
is 'so are the leases' "$(stat -c '%a' "$LAB/host.state/leases")" 600

# --- a change ----------------------------------------------------------------------------------

sessions=$(bird_session other 192.0.2.6)
put router.password "$stem-changed"$'\n'
is 'diff: one session has another password' \
	"$(mlbgpd host diff --json | jq -c '.sessions | [.rekeyed[].peer, (.restarted | length)]')" '["router",0]'
is 'diff in words' "$(mlbgpd host diff | grep -c '~ router stays, .*passwordFile')" 1
is 'diff of a file does not read it' \
	"$(mlbgpd host diff --json "$LAB/host.yaml" | jq -c '.sessions.rekeyed')" '[]'
check 'reload' mlbgpd host reload
bird_with router 192.0.2.1 192.0.2.2 "$stem-changed" >"$LAB/router.conf"
bird_do router configure >/dev/null
eventually 'the changed password: session' 60 bird_established router 192.0.2.2
is 'the other session was not touched' "$(bird_session other 192.0.2.6)" "$sessions"
look
silent 'a changed file'

# --- what is wrong with the file of a password ---------------------------------------------------

spoilt() { # WORDS PATTERN
	local out status=0
	out=$(mlbgpd host reload 2>&1) || status=$?
	printf '%s\n' "$out" >>"$LAB/seen"
	is "$1: refused" "$status" 1
	like "$1: at its place" "$out" "host\\.yaml:[0-9]+:[0-9]+: error: PeerPolicy/router: spec\\.passwordFile: .*$2"
	check "$1: the session stands" bird_established router 192.0.2.2
}
rm "$LAB/router.password"
spoilt 'gone' 'No such file'
put router.password ''
spoilt 'empty' 'empty'
put router.password "$stem-$(printf 'x%.0s' {1..80})"
spoilt 'too long' '80 bytes'
put router.password "$stem-1"$'\n'"$stem-2"$'\n'
spoilt 'two lines' 'more than one line'
rm "$LAB/router.password"
mkfifo "$LAB/router.password"
spoilt 'a FIFO' 'no regular file'
rm "$LAB/router.password"
put router.password "$stem-changed" 604
like 'others may read it: a warning' "$(mlbgpd host reload 2>&1)" \
	'warning: PeerPolicy/router: spec.passwordFile: everybody may read.*secret-readable'
chmod 644 "$LAB/host.yaml"
like 'others may read the configuration: a warning' "$("$MLBGPD" check --node host "$LAB/host.yaml" 2>&1)" \
	'host\.yaml:[0-9]+:[0-9]+: warning: BGPPeer/other: spec.password: everybody may read.*secret-readable'
refused 'and with --strict an error' 1 secret-readable "$MLBGPD" check --strict --node host "$LAB/host.yaml"
chmod 600 "$LAB/host.yaml"
mlbgpd host reload >>"$LAB/seen" 2>&1

# --- mistakes beside a secret --------------------------------------------------------------------

n=0
mistake() { # stdin: documents
	local before
	{
		common
		cat
	} | write
	before=$(wc -c <"$LAB/seen")
	see "$MLBGPD" check --node host "$LAB/host.yaml"
	see "$MLBGPD" check --json --node host "$LAB/host.yaml"
	see "$MLBGPD" plan --node host "$LAB/host.yaml"
	see mlbgpd host diff --json "$LAB/host.yaml"
	see mlbgpd host reload
	see mlbgpd host show summary --json
	(($(wc -c <"$LAB/seen") > before)) || not_ok "mistake $n: nothing was said"
	n=$((n + 1))
}
head='myASN: 64512, peerASN: 64512, peerAddress: 192.0.2.9'
bgp() { printf -- '---\napiVersion: metallb.io/v1beta2\nkind: BGPPeer\nmetadata: {name: p}\nspec: %s\n' "$1" | mistake; }
bgp "{$head, password: $stem-1, holdTime: x}"
bgp "{holdTime: x, $head, password: $stem-2}"
bgp "{$head, password: [$stem-3]}"
bgp "{$head, password: {$stem-4: x}}"
bgp "{$head, password: $stem-5, password: $stem-6}"
bgp "{$head, pasword: $stem-7, holdTime: x}"
bgp "{$head, Password: $stem-8}"
bgp "{$head, passwd: $stem-9, holdTime: x}"
bgp "{$head, md5: $stem-10}"
bgp "{$head, passwordSecret: $stem-11}"
bgp "{$head, password: $stem-12, passwordSecret: {name: nobody}}"
bgp "{$head, password: \"$stem-13\" x}"
bgp "{$head, password: \"$stem-14\\q\"}"
bgp "{$head, password: \"$stem-$(printf 'x%.0s' {1..100})\"}"
bgp "{$head, password: *$stem-15}"
bgp "{$head, password: &$stem-16 [x]}"
bgp "{$head, password: !$stem-17 [x]}"
bgp "{$head, password: $stem-18, peers: [}"
bgp $'\n  password: |\n    '"$stem-19"$'\n   x: y: '"$stem-20"
bgp $'\n  password:\n  - '"$stem-21"
bgp $'\n  password: "a\n'"$stem-22"$' b": c'
bgp $'\n  password: '"$stem-23: $stem-24"
bgp $'\n  password: '"$stem-25"$'\n    '"$stem-26"$': x'
bgp $'\n\tpassword: '"$stem-27"
bgp $'\n  password: '"$stem-28"$'\xff'
policy() { peer_policy p router "$@" | mistake; }
policy "passwordFile: $stem-30"
policy "passwordFile: $stem-31/x"
policy "passwordFile: [$stem-32]"
policy "passwordFile: $stem-33" 'localPref: x'
keyed() { printf -- '---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: kubernetes.io/basic-auth\n%s\n' "$1" | mistake; }
keyed "data: {password: $stem-40}"
keyed "data: {password: $(coded "$stem-41")x}"
keyed "data: {password: [$(coded "$stem-42")]}"
keyed "stringData: {password: 1, token: $stem-43, x: [1]}"
keyed "stringData: $stem-44"
keyed "stringData: {password: $stem-45, x: [}"
keyed $'stringData:\n  password: a: '"$stem-46"
keyed $'stringdata:\n  password: '"$stem-47"
keyed $'data:\n- '"$stem-48"$': x'
printf '[{apiVersion: v1, kind: Secret, data: {password: %s}}\n' "$stem-50" | mistake
printf '{"apiVersion":"v1","kind":"List","items":[{"kind":"Secret","stringData":{"password":"%s"}},7]}\n' "$stem-51" | mistake
check 'many mistakes' test "$n" -ge 40
silent 'mistakes'
check 'the daemon answers' mlbgpd_answers host
stop host
is 'stopped in order' "$STATUS" 0
silent 'at the end'
finish
