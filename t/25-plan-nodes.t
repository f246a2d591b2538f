#!/bin/bash
# 25-plan-nodes: plan --all-nodes: which node does what with each VIP, readable whatever the number
# of nodes and the length of names; needs no daemon
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

long=a-name-as-long-as-those-that-clouds-make-of-regions-and-zones
# documents NODES: the first is excluded, the second has a peer of its own
documents() {
	local i
	for ((i = 1; i <= $1; i++)); do
		printf -- '---\n{apiVersion: v1, kind: Node, metadata: {name: n%d-%s, labels: {n: "%d"%s}}}\n' \
			"$i" "$long" "$i" "$( ((i > 1)) || echo ', node.kubernetes.io/exclude-from-external-load-balancers: ""')"
	done
	peer inner 192.0.2.1 64512 64512
	peer outer 192.0.2.2 64512 65001
	peer second 192.0.2.3 64512 64512 'nodeSelectors: [{matchLabels: {n: "2"}}]'
	pool "$long" 198.51.100.0/28 2001:db8::/120
	advertisement all 'localPref: 200' 'peers: [inner, second]'
	advertisement outer 'localPref: 200' 'peers: [outer]' 'nodeSelectors: [{matchLabels: {n: "2"}}]'
	service "$long" 198.51.100.1
	service web 198.51.100.2
	service six 2001:db8::7
	service lost 10.0.0.1
}
documents 20 >"$LAB/twenty.yaml"
twenty=$("$MLBGPD" plan --all-nodes "$LAB/twenty.yaml" 2>/dev/null)
is 'twenty nodes: no line is longer than 120' "$(awk '{ if (length > m) m = length } END { print (m <= 120) }' <<<"$twenty")" 1
is 'each has its totals' "$(grep -Ec "^n[0-9]+-$long  " <<<"$twenty")" 20
is 'each has a column' "$(grep '^VIP' <<<"$twenty" | grep -Eo ' n[0-9]+-a-name' | sort -u | wc -l)" 20

documents 3 >"$LAB/three.yaml"
three=$("$MLBGPD" plan --all-nodes "$LAB/three.yaml" 2>/dev/null)
# the cells of a row stand in columns that two blanks part
row() { awk -F '  +' -v vip="$1" '$1 == vip { for (i = 4; i <= NF; i++) print $i }' <<<"$three" | paste -sd'|'; }
is 'excluded, two inner peers and an outer one, one peer' "$(row 198.51.100.2)" \
	'nodeLabeledExcludeBalancers|3 @ 200|1 @ 200'
is 'a family that no session carries' "$(row 2001:db8::7)" \
	'nodeLabeledExcludeBalancers|familyNotCarried|familyNotCarried'
is 'a Service without an address' "$(awk -F '  +' '$2 == "default/lost" { for (i = 4; i <= NF; i++) print $i }' <<<"$three" | sort -u)" \
	ipNotAllowed
is 'totals: peers, VIPs, routes, pending' \
	"$(awk '/^n[0-9]-/ {print $2, $3, $4, $5}' <<<"$three" | paste -sd'|')" '2 0 0 1|3 2 6 1|2 2 2 1'
is 'as JSON: whole plans' "$("$MLBGPD" plan --all-nodes --json "$LAB/three.yaml" | jq -c '[.nodes[] | .vips | length]')" \
	'[0,2,2]'
is 'a next hop that is the session'"'"'s own is null' \
	"$("$MLBGPD" plan --json --node "n3-$long" "$LAB/three.yaml" | jq -c '[.routes[].nextHop] | unique')" '[null]'

printf '{apiVersion: v1, kind: Node, metadata: {name: n}}\n' >"$LAB/none.yaml"
like 'nothing at all' "$("$MLBGPD" plan --all-nodes "$LAB/none.yaml" 2>/dev/null)" '^no VIP, and no Service'
finish
