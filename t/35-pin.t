#!/bin/bash
# 35-pin: addresses that nobody asked for are pinned: two hosts give the same, whatever they remember
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node one two router
wire one router
wire two router
address one router 192.0.2.2/30
address router one 192.0.2.1/30
address two router 192.0.2.6/30
address router two 192.0.2.5/30

base() {
	local one
	for one in one two; do
		printf -- '---\napiVersion: v1\nkind: Node\nmetadata: {name: %s, labels: {host: %s}}\n' \
			"$one" "$one"
	done
	peer to-one 192.0.2.1 64512 64512 'nodeSelectors: [{matchLabels: {host: one}}]'
	peer to-two 192.0.2.5 64512 64512 'nodeSelectors: [{matchLabels: {host: two}}]'
	pool p 203.0.113.0/28
	advertisement all
}
automatic() {
	printf -- '---\napiVersion: v1\nkind: Service\nmetadata: {name: %s}\n' "$1"
	printf 'spec: {type: LoadBalancer, ports: [{port: 80}]}\n'
}
# write NODE SERVICE...: in that order
write() {
	local node=$1 one
	shift
	{
		base
		for one; do automatic "$one"; done
		cat "$LAB/pins"
	} >"$LAB/$node.yaml"
}
: >"$LAB/pins"

pair_router ' neighbor 192.0.2.6 remote-as 64512' ' neighbor 192.0.2.6 timers connect 1'
# "a 203.0.113.0, b 203.0.113.1, ...": who has what on a node
given() {
	mlbgpd_show "$1" services '[.[] | "\(.name) \(.addresses[0]) \(.source)"] | sort | join(", ")'
}
digest() { mlbgpd_show "$1" summary .addressDigest; }
both_tell() { [[ $(frr_path router "$1/32" length) == 2 ]]; }

# Two hosts with a history of their own: each remembers something else.
write one c b a
mlbgpd_start one
eventually 'one: an announcement' 60 frr_has router 203.0.113.0/32
write one a b c
check 'one: another order of the file' mlbgpd one reload
is 'one: what it gave stays' "$(given one)" \
	'a 203.0.113.2 lease, b 203.0.113.1 lease, c 203.0.113.0 lease'
write two a b c
mlbgpd_start two
is 'two: without that memory it gives others' "$(given two)" \
	'a 203.0.113.0 allocated, b 203.0.113.1 allocated, c 203.0.113.2 allocated'
check 'the digests tell that they differ' test "$(digest one)" != "$(digest two)"
like 'check warns of it' "$("$MLBGPD" check --node one "$LAB/one.yaml" 2>&1)" \
	'3 Services have an address that no file gives.*\[unpinned\]'

# What the first one has, written down with its memory, counts for both.
"$MLBGPD" plan --pin --node one --state-dir "$LAB/one.state" "$LAB/one.yaml" >"$LAB/printed" 2>"$LAB/words"
like 'plan --pin prints a document' "$(<"$LAB/printed")" '^kind: AddressAllocation$'
{
	echo ---
	cat "$LAB/printed"
} >"$LAB/pins"
write one a b c
write two c a b
refused 'no warning any more' 0 'valid: 1 file, 0 warnings' "$MLBGPD" check --node two "$LAB/two.yaml"
check 'one: reload' mlbgpd one reload
check 'two: reload' mlbgpd two reload
wanted='a 203.0.113.2 pinned, b 203.0.113.1 pinned, c 203.0.113.0 pinned'
is 'one: pinned to what it had' "$(given one)" "$wanted"
is 'two: the same' "$(given two)" "$wanted"
is 'equal digests' "$(digest one)" "$(digest two)"
metric() {
	in_node "$1" curl -s http://127.0.0.1:7472/metrics |
		sed -n 's/^mlbgpd_address_digest_info{digest="\(.*\)"} 1$/\1/p'
}
is 'and as a metric' "$(metric two)" "$(digest one)"
for i in 0 1 2; do eventually "both announce 203.0.113.$i" 60 both_tell "203.0.113.$i"; done

# Memory lost, documents in another order, another Service before them: nothing moves.
stop two
rm -r "$LAB/two.state"
write two new b c a
mlbgpd_start two
like 'two: nothing moved' "$(given two)" "$wanted, new 203.0.113.3 allocated"
is '--pin again holds all four' \
	"$("$MLBGPD" plan --pin --node two "$LAB/two.yaml" 2>/dev/null | grep -c 'name: .*addresses: \[203')" 4
finish
