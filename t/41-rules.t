#!/bin/bash
# 41-rules: check tells each rule where it is broken (t/rules), as text, as JSON and by its status
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

# --- every case of t/rules, through the program --------------------------------------------------

# expected FILE: "LINE:COLUMN error|warning RULE", one a line
expected() {
	sed '1,/^#--$/d' "$1" | sed -n 's/^# \([0-9]*:[0-9]* [a-z]* [^ ]*\).*/\1/p'
}
# of JSON; what does nothing in this version is another matter, where the case is not about it
found() {
	jq -r '[(.errors[] + {severity: "error"}), (.warnings[] + {severity: "warning"})]
		| sort_by(.line, .column) | .[] | "\(.line):\(.column) \(.severity) \(.rule)"' |
		if grep -q ' not-yet' <<<"$wanted"; then cat; else grep -v ' not-yet$'; fi
}
said() {
	sed -En 's/^[^ ]*:([0-9]+:[0-9]+): (error|warning): .*\[([^][]*)\]$/\1 \2 \3/p' |
		if grep -q ' not-yet' <<<"$wanted"; then cat; else grep -v ' not-yet$'; fi
}
in_order() { sort -t: -k1,1n -k2,2n; }
wrong=()
# copies for us alone: that a file with a password may be read by all is a finding of its own
mkdir "$LAB/rules"
install -m 600 "$T"/rules/*.yaml "$LAB/rules"
for file in "$LAB"/rules/*.yaml; do
	name=${file##*/}
	# some have passwords: not for everybody to read
	install -m 600 "$file" "$LAB/case.yaml"
	wanted=$(expected "$file" | in_order)
	status=0
	grep -q ' error ' <<<"$wanted" && status=1
	text=$("$MLBGPD" check --node node-a "$LAB/case.yaml" 2>&1 >/dev/null)
	got=$?
	json=$("$MLBGPD" check --json --node node-a "$LAB/case.yaml" 2>/dev/null)
	[[ $got == "$status" ]] || wrong+=("$name: status $got")
	[[ $(said <<<"$text" | in_order) == "$wanted" ]] || wrong+=("$name: text")
	[[ $(found <<<"$json" | in_order) == "$wanted" ]] || wrong+=("$name: JSON")
	[[ $(jq .valid <<<"$json") == "$([[ $status == 0 ]] && echo true || echo false)" ]] ||
		wrong+=("$name: valid")
	# a Service that waits: in the plan with its rule and reason
	while read -r service rule words; do
		reason=$("$MLBGPD" plan --json --node node-a "$LAB/case.yaml" | jq -r --arg s "$service" --arg r "$rule" \
			'.services[] | select(.namespace + "/" + .name == $s and .state == "pending" and .rule == $r) | .reason')
		[[ $reason == *"$words"* ]] || wrong+=("$name: pending by $rule")
	done < <(sed -n 's/^# pending //p' "$file")
done
is 'every case of t/rules: what is found, where, and the status' "${wrong[*]}" ''

# --- the form ----------------------------------------------------------------------------------

cat >"$LAB/two.yaml" <<'END'
{apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: {name: b}, spec: {addresses: [192.0.2.0/24]}}
---
{apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: {name: c}, spec: {addresses: [192.0.2.9/32]}}
---
{apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: {name: d}, spec: {adresses: []}}
END
like 'as text: place, object, field, what is wrong, the rule; the line, a caret; the other place' \
	"$("$MLBGPD" check "$LAB/two.yaml" 2>&1)" \
	"^[^:]*two\.yaml:3:95: error: IPAddressPool/c: spec\.addresses\[0\]: 192\.0\.2\.9/32 overlaps .* \[V-056\]
    \{apiVersion: .*
 +\^
[^:]*two\.yaml:1:95: note: the other one is here, 192\.0\.2\.0/24 of IPAddressPool/b
"
is 'as JSON: exactly the fields of the contract' \
	"$("$MLBGPD" check --json "$LAB/two.yaml" | jq -c '[keys, (.errors[] | keys), (.errors[].related[] | keys)] | unique')" \
	'[["column","field","file","hint","kind","line","message","name","related","rule"],["column","file","line","message"],["errors","valid","warnings"]]'
is 'as JSON: sorted by place' \
	"$("$MLBGPD" check --json "$LAB/two.yaml" | jq -c '[.errors[] | [.line, .column, .rule]]')" \
	'[[3,95,"V-056"],[5,76,"V-003"],[5,83,"unknown-field"]]'
is 'as JSON: the other place' \
	"$("$MLBGPD" check --json "$LAB/two.yaml" | jq -c '.errors[0].related | map([(.file | sub(".*/"; "")), .line, .column])')" \
	'[["two.yaml",1,95]]'

# --- files -------------------------------------------------------------------------------------

mkdir "$LAB/folder"
sed -n 1p "$LAB/two.yaml" >"$LAB/folder/20-b.yaml"
sed -n 3p "$LAB/two.yaml" >"$LAB/folder/10-c.yml"
echo 'no YAML: [' >"$LAB/folder/.hidden.yaml"
echo 'no YAML: [' >"$LAB/folder/notes.txt"
overlap() { sed -En 's/^.*[ /]([^ /]*):1:95: (error|note): .*/\1 \2/p' | paste -sd' '; }
is 'a folder: by name, hidden and other files left out' \
	"$("$MLBGPD" check "$LAB/folder" 2>&1 | overlap)" '20-b.yaml error 10-c.yml note'
is 'several files: in their order, errors across them' \
	"$("$MLBGPD" check "$LAB/folder/20-b.yaml" "$LAB/folder/10-c.yml" 2>&1 | overlap)" \
	'10-c.yml error 20-b.yaml note'
check 'standard input' "$MLBGPD" check - <"$LAB/folder/20-b.yaml"
is 'standard input beside a file' \
	"$("$MLBGPD" check "$LAB/folder/20-b.yaml" - <"$LAB/folder/10-c.yml" 2>&1 | grep -c 'V-056')" 1
refused 'an empty standard input' 1 '1:1: error: .*no-documents' "$MLBGPD" check - </dev/null
both=$("$MLBGPD" check "$LAB/two.yaml" "$LAB/none.yaml" 2>&1)
like 'a file that is not there hides no error of another' "$both" 'none\.yaml.*No such file'
like '... the other file is told of, too' "$both" 'V-056'

# --- nodes -------------------------------------------------------------------------------------

nodes() {
	local name
	for name; do
		printf -- '---\n{apiVersion: v1, kind: Node, metadata: {name: %s, labels: {rack: %s}}}\n' "$name" "$name"
	done
}
cat >"$LAB/nodes.yaml" <<'END'
apiVersion: metallb.io/v1beta2
kind: BGPPeer
metadata: {name: leaf}
spec:
  myASN: 64512
  peerASN: 64513
  peerAddress: 192.0.2.1
  nodeSelectors: [{matchLabels: {rack: b}}]
---
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: public}
spec: {addresses: [198.51.100.0/24]}
---
apiVersion: metallb.io/v1beta1
kind: BGPAdvertisement
metadata: {name: all}
spec: {localPref: 200}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, loadBalancerIP: 203.0.113.1, ports: [{port: 80}]}
END
nodes a b >>"$LAB/nodes.yaml"
rules() { jq -c '[.warnings[] | .rule]'; }
is 'on one node' "$("$MLBGPD" check --json --node a "$LAB/nodes.yaml" | rules)" '["no-peer","V-084"]'
is 'on the other' "$("$MLBGPD" check --json --node b "$LAB/nodes.yaml" | rules)" \
	'["local-pref-external","V-084"]'
is '--all-nodes: those of each, and each once' \
	"$("$MLBGPD" check --json --all-nodes "$LAB/nodes.yaml" | rules)" \
	'["no-peer","local-pref-external","V-084"]'
check 'warnings are no errors' "$MLBGPD" check "$LAB/nodes.yaml" --node a
refused '--strict: they are' 1 'warnings, and --strict' "$MLBGPD" check --strict "$LAB/nodes.yaml" --node a
is '--strict --json: status 1, though valid' \
	"$("$MLBGPD" check --strict --json "$LAB/nodes.yaml" --node a | jq -c .valid; echo "${PIPESTATUS[0]}")" $'true\n1'
refused '--strict --all-nodes' 1 'local-pref-external' "$MLBGPD" check --strict --all-nodes "$LAB/nodes.yaml"

# --- files as people bring them from a cluster -----------------------------------------------------

router() {
	printf -- '---\napiVersion: metallb.io/v1beta2\nkind: BGPPeer\nmetadata: {name: %s, namespace: metallb-system}\n' "$1"
	printf 'spec:\n  myASN: 65000\n  peerASN: %s\n  peerAddress: %s\n  holdTime: 90s\n  keepaliveTime: 30s\n' "$2" "$3"
	printf '  %s\n' "${@:4}"
}
block() {
	printf -- '---\napiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: {name: %s, namespace: metallb-system}\n' "$1"
	printf 'spec:\n  addresses:\n    - %s\n' "${@:2}"
}
told() { # told NAME POOL PEER LOCALPREF [COMMUNITY]
	printf -- '---\napiVersion: metallb.io/v1beta1\nkind: BGPAdvertisement\nmetadata: {name: %s, namespace: metallb-system}\n' "$1"
	printf 'spec:\n  ipAddressPools: [%s]\n  peers: [%s]\n  localPref: %s\n' "$2" "$3" "$4"
	[[ -z ${5:-} ]] || printf '  communities: [%s]\n' "$5"
}
aliases() {
	printf -- '---\napiVersion: metallb.io/v1beta1\nkind: Community\nmetadata: {name: paths, namespace: metallb-system}\nspec:\n  communities:\n'
	printf '    - {name: %s, value: "%s"}\n' "$@"
}
base() {
	router first 65001 10.0.0.1
	router second 65002 10.0.0.2
	block production 192.168.10.0/24
}
errors() { "$MLBGPD" check --json --node n "$@" | jq -c '[.errors[] | .rule]'; }

{ base && told one production first 200 first-path && told two production second 100 backup-path; } >"$LAB/paths.yaml"
is 'aliases that no Community defines' "$(errors "$LAB/paths.yaml")" '["V-065","V-065"]'
aliases first-path 65000:100 backup-path 65000:200 >>"$LAB/paths.yaml"
is '... with it: valid' "$(errors "$LAB/paths.yaml")" '[]'
is '... what becomes of each localPref is told' \
	"$("$MLBGPD" check --json --node n "$LAB/paths.yaml" | jq -c '[.warnings[] | select(.rule == "local-pref-external") | .name]')" \
	'["one","two"]'
{ cat "$LAB/paths.yaml" && told drain production first 50 maintenance && aliases maintenance 65000:666 | sed 's/name: paths/name: more/'; } >"$LAB/drain.yaml"
like 'a second advertisement to drain the first contradicts it' \
	"$("$MLBGPD" check --node n "$LAB/drain.yaml" 2>&1)" \
	'BGPAdvertisement/drain: spec\.localPref: 50 here and 200 in BGPAdvertisement/one, .*\[V-067\]'
sed 's/localPref: 200/localPref: 50/' "$LAB/paths.yaml" >"$LAB/edited.yaml"
is '... to edit the first one is right' "$(errors "$LAB/edited.yaml")" '[]'
{ base && router third 65003 10.0.0.3 'bfdProfile: site'; } >"$LAB/west.yaml"
is 'a profile that another file defines' "$(errors "$LAB/west.yaml")" '["V-031"]'
{ block east 192.168.10.0/24 && printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: site}}\n'; } >"$LAB/east.yaml"
is '... with that file: the same block twice' "$(errors "$LAB/west.yaml" "$LAB/east.yaml")" '["V-056"]'
{ base && block critical 192.168.10.0/26 && block standard 192.168.10.64/26; } >"$LAB/parts.yaml"
is 'parts of a pool beside it' "$(errors "$LAB/parts.yaml")" '["V-056","V-056"]'
{ router first 65001 10.0.0.1 && block critical 192.168.10.0/26 && block standard 192.168.10.64/26; } >"$LAB/parts.yaml"
is '... without it: valid' "$(errors "$LAB/parts.yaml")" '[]'

finish
