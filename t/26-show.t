#!/bin/bash
# 26-show: what the daemon tells of its configuration, its Services and its names; no router is needed
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node host
mkdir "$LAB/conf"
{
	peer router-a 192.0.2.1 64512 64512 'password: opensesame'
	peer router-b 192.0.2.5 64512 64512 'nodeSelectors: [{matchLabels: {is: elsewhere}}]'
	pool public 203.0.113.0/24
	advertisement all
} >"$LAB/conf/network.yaml"
services() {
	service web 203.0.113.80
	service lost "$1"
	printf -- '---\napiVersion: mlbgpd.io/v1alpha1\nkind: Daemon\nmetadata: {name: mine}\n'
	printf 'spec:\n  withdrawHold: 1s\n'
}
services 10.0.0.1 >"$LAB/conf/services.yaml"
mlbgpd_start host --config "$LAB/conf"

# --- config
config() { mlbgpd_show host config "$1"; }
text=$(mlbgpd host show config)
like 'show config: a setting, its value and who gives it' "$text" \
	"^withdrawHold +1s +mine \(.*services.yaml:$(grep -n withdrawHold "$LAB/conf/services.yaml" | cut -d: -f1)\)\$"
like 'a setting that nobody gives' "$text" '^stopTimeout +20s +default$'
like 'its age' "$text" '^loaded +20..-.*Z, [0-9]+s ago$'
is 'no secret in it' "$(grep -c opensesame <<<"$text")" 0
is 'nor in the JSON of anything' "$(for what in summary peers vips routes services config; do
	mlbgpd host show $what --json
done | grep -c opensesame)" 0
is 'all settings have a value and an origin' "$(config '(.settings | keys) == (.origins | keys)')" true
is 'the files are as they were read' "$(config '[.files[].onDisk] | unique | join(" ")')" same
digests=$(config '[.files[].digest] | join(" ")')
whole=$(config .configDigest)
is 'two files, two digests' "$(tr ' ' '\n' <<<"$digests" | sort -u | wc -l)" 2

sed -i 's/opensesame/sesameopen/; 1i # a comment' "$LAB/conf/network.yaml"
is 'a file that changes' "$(config '[.files[].onDisk] | join(", ")')" 'changed since, same'
check 'reload' mlbgpd host reload
is 'a comment and a secret make no difference' "$(config '[.files[].digest] | join(" ")')" "$digests"
is 'and it is as it was read' "$(config '[.files[].onDisk] | unique | join(" ")')" same

# --- Services without address
told() { grep -c "Service default/lost stays without address: $1" "$LAB/host.log"; }
like 'show services: rule and reason' "$(mlbgpd host show services lost)" \
	'^default/lost .*10.0.0.1 is in no IPAddressPool \[V-084\]$'
like 'the log too, with the place' "$(cat "$LAB/host.log")" \
	'services.yaml:[0-9]+: Service default/lost stays without address: 10.0.0.1 is in no IPAddressPool \[V-084\]'
is 'once, whatever the number of reloads' "$(told 10.0.0.1)" 1
services 10.0.0.2 >"$LAB/conf/services.yaml"
check 'reload with another wish' mlbgpd host reload
is 'again when it changes' "$(told 10.0.0.2)" 1
digests_now=$(config '[.files[].digest] | join(" ")')
is 'the digest of that file alone differs' "${digests_now% *} $([[ ${digests_now#* } != "${digests#* }" ]] && echo differs)" \
	"${digests% *} differs"
is 'and that of all' "$([[ $(config .configDigest) != "$whole" ]] && echo differs)" differs
services 203.0.113.81 >"$LAB/conf/services.yaml"
check 'reload with a good one' mlbgpd host reload
like 'and when it ends' "$(cat "$LAB/host.log")" 'Service default/lost has 203.0.113.81 now$'

# --- an invalid file
echo 'kind: Nonsense' >>"$LAB/conf/services.yaml"
refused 'an invalid file' 1 'refused' mlbgpd host reload
like 'show config: stale, and why' "$(mlbgpd host show config)" '^stale +the newest configuration was refused \([0-9]+ errors?\): .*services.yaml'
is 'show summary: not well' "$(mlbgpd_show host summary '[.ok, .stale, .lastReload.ok] | join(" ")')" 'false true false'
is 'show summary: the digests are those of what runs' \
	"$(mlbgpd_show host summary '.configDigest + .addressDigest')" "$(config '.configDigest + .addressDigest')"
like 'show summary: problems in words' "$(mlbgpd host show summary)" 'peer router-a is not established \('

# --- names
refused 'a misspelt peer' 1 'no peer router-c runs on this node; did you mean router-a\?' mlbgpd host show peers router-c
refused 'one that runs elsewhere' 1 'router-b does not run on this node: mlbgpd explain' mlbgpd host show routes router-b
refused 'a misspelt VIP' 1 '203.0.113.8 is no VIP of this node; did you mean 203.0.113.8[01]\?' mlbgpd host show vips 203.0.113.8
refused 'a misspelt Service' 1 'did you mean web\?' mlbgpd host show services wbe
refused 'with its namespace' 1 'did you mean default/web\?' mlbgpd host show services defalt/web
refused 'a misspelt report' 2 'did you mean services\?' mlbgpd host show service
like 'one peer' "$(mlbgpd host show peers router-a)" '^router-a '
is 'one VIP' "$(mlbgpd host show vips 203.0.113.80 --json | jq -c 'map(.address)')" '["203.0.113.80"]'
twice() {
	timeout 20 "$MLBGPD" show vips --watch --socket "$LAB/host.sock" | awk '/^VIP/ && ++n == 2 { exit 7 }'
	[[ ${PIPESTATUS[1]} == 7 ]]
}
check '--watch tells again' twice

stop host
finish
