#!/bin/bash
# 29-show-peers: every member of show peers --json in the states of a session, the text beside it, the
# log's lines; peers that do not run
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

lan_begin
node host up wrong
lan_plug host 10
lan_plug up 1
lan_plug wrong 2
{
	peer up 192.0.2.1 64501 64512
	peer wrong 192.0.2.2 64501 64513 'connectTime: 1s'
	peer refuses 192.0.2.2 64501 64514 'vrf: red'
	peer nobody 2001:db8::99 64501 64501 'routerID: 192.0.2.10'
	peer down 192.0.2.4 64501 64512
	peer_policy down down 'shutdown: true'
	printf -- '---\napiVersion: metallb.io/v1beta2\nkind: BGPPeer\nmetadata: {name: unnumbered}\n'
	printf 'spec: {interface: lan, myASN: 64501, dynamicASN: external}\n'
	pool all 203.0.113.0/24
	service web 203.0.113.80
	advertisement all
} >"$LAB/host.yaml"
bird_config 64512 192.0.2.1 '192.0.2.10 64501' | bird_start up
# it has another AS number than the host's peer
bird_config 64599 192.0.2.2 '192.0.2.10 64501' | bird_start wrong

checked=$("$MLBGPD" check --node host "$LAB/host.yaml" 2>&1)
like 'check: a VRF: a warning at the field' "$checked" \
	'host\.yaml:[0-9]+:[0-9]+: warning: BGPPeer/refuses: spec\.vrf: .*stays down'
like 'check: an interface: a warning at the field' "$checked" \
	'host\.yaml:[0-9]+:[0-9]+: warning: BGPPeer/unnumbered: spec\.interface: .*stays down'

mlbgpd_start host
eventually 'a session' 30 mlbgpd_peer_state host up Established
show() { mlbgpd_show host peers ".[] | select(.name == \"$1\") | $2"; }
error_is() { [[ $(show "$1" .lastError.text) == "$2" ]] || { show "$1" .lastError && false; }; }
eventually 'another AS number: an error' 30 error_is wrong 'OPEN Message Error: Bad Peer AS'
sent_is() { [[ $(show up .prefixesAdvertised) == 1 ]]; }
eventually 'a route went out' 10 sent_is

members='["address","bfdState","capabilities","draining","establishedCount","holdTimeSeconds","interface","lastError","localAddress","myASN","name","note","peerASN","prefixesAdvertised","remoteRouterID","shutdown","state","type","uptimeSeconds"]'
is 'each peer has all members' "$(mlbgpd_show host peers 'map(keys) | unique | .[]')" "$members"
is 'sorted by name' "$(mlbgpd_show host peers 'map(.name) == (map(.name) | sort)')" true
is 'up: all of it' "$(show up 'del(.uptimeSeconds, .capabilities) | tojson | fromjson | tojson' | jq -cS .)" \
	"$(jq -cnS '{name: "up", address: "192.0.2.1", interface: null, localAddress: "192.0.2.10",
		state: "Established", type: "external", myASN: 64501, peerASN: 64512, remoteRouterID: "192.0.2.1",
		holdTimeSeconds: 30, establishedCount: 1, prefixesAdvertised: 1, bfdState: null, draining: false,
		shutdown: false, note: null, lastError: null}')"
is 'up: since when' "$(show up '.uptimeSeconds | . >= 0 and . < 600')" true
is 'up: capabilities are words' "$(show up '.capabilities | length > 2 and all(type == "string")')" true
is 'wrong: the error that was sent' "$(show wrong '.lastError | del(.time) | tojson')" \
	'{"code":2,"sent":true,"subcode":2,"text":"OPEN Message Error: Bad Peer AS"}'
is 'wrong: when: the last minutes' \
	"$(show wrong '.lastError.time | sub("\\.[0-9]+"; "") | fromdate | now - . | . > -2 and . < 600')" true
is 'wrong: no session ever' "$(show wrong '"\(.uptimeSeconds) \(.establishedCount) \(.prefixesAdvertised)"')" 'null 0 0'
is 'nobody: internal, and no word of a router' "$(show nobody \
	'"\(.type) \(.localAddress) \(.remoteRouterID) \(.capabilities) \(.uptimeSeconds)"')" 'internal null null [] null'
no_message() { [[ $(show nobody '.lastError | "\(.sent) \(.code) \(.subcode) \(.text | length > 0)"') == 'null null null true' ]]; }
eventually 'nobody: an error without a NOTIFICATION has no codes' 30 no_message
is 'down: a policy says so' "$(show down '"\(.state) \(.shutdown) \(.note)"')" \
	'Idle true a PeerPolicy keeps it down'
is 'vrf: does not run' "$(show refuses '"\(.state) \(.note)"')" 'Idle peers in a VRF do not run yet'
is 'interface: does not run' "$(show unnumbered '"\(.state) \(.address) \(.interface) \(.peerASN) \(.note)"')" \
	'Idle null lan null peers by interface do not run yet'
is 'one peer by its name' "$(mlbgpd host show peers up --json | jq -c 'map(.name)')" '["up"]'

text=$(mlbgpd host show peers)
like 'text: the session' "$text" '^up +192\.0\.2\.1 +64512 +external +Established +[0-9]+s +1 '
like 'text: the error in words' "$text" '^wrong .* OPEN Message Error: Bad Peer AS$'
like 'text: what does not run' "$text" '^refuses .* Idle .* peers in a VRF do not run yet$'
like 'text: the interface stands for the address' "$text" '^unnumbered +lan .* peers by interface do not run yet$'

# the log: from, to and why, one line each
changes() { sed -n "s/^[a-z]*: peer $1: //p" "$LAB/host.log" | grep -E -- "$2"; }
like 'log: the session came up' "$(changes up '->')" '^OpenConfirm -> Established: KEEPALIVE received$'
is 'log: each change begins where the last one ended' "$(changes up '->' | awk -F '( -> |: )' '
	NR > 1 && $1 != to {print} {to = $2}')" ''
like 'log: what was sent, in words' "$(changes wrong NOTIFICATION)" \
	'^sent NOTIFICATION: OPEN Message Error: Bad Peer AS$'
like 'log: and why it is Idle' "$(changes wrong '-> Idle')" '^OpenSent -> Idle: OPEN Message Error: Bad Peer AS$'
for one in up wrong nobody; do
	is "log: $one: nothing twice" "$(changes "$one" . | sort | uniq -d)" ''
done
bird_do up 'disable n1' >"$LAB/out"
eventually 'what the router said' 10 error_is up 'Cease: Administrative Shutdown'
is 'received: its codes' "$(show up '.lastError | "\(.sent) \(.code) \(.subcode)"')" 'false 6 2'
like 'log: what was received, in words' "$(changes up NOTIFICATION)" \
	'^received NOTIFICATION: Cease: Administrative Shutdown$'
is 'lost: no uptime, but it was there once' "$(show up '"\(.uptimeSeconds) \(.establishedCount)"')" 'null 1'

stop host
is 'stopped in order' "$STATUS" 0
finish
