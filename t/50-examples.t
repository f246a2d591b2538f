#!/bin/bash
# 50-examples: every file that we give as an example is valid, alone, and does something
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

for file in "$TOP"/etc/mlbgpd.yaml "$TOP"/etc/examples/*.yaml; do
	name=${file#"$TOP"/}
	check "$name is valid" "$MLBGPD" check "$file"
	is "$name: valid, as JSON" "$("$MLBGPD" check --json "$file" | jq -c .valid)" true
done
for file in "$TOP"/etc/examples/*.yaml; do
	# on a node of the file's, or on any where it has none
	routes=$(for nodes in --all-nodes --node=any; do
		"$MLBGPD" plan $nodes --json "$file" 2>/dev/null
	done | jq -s '[.[] | (.nodes // [.])[].routes[]] | length')
	like "${file#"$TOP"/}: some node announces a route" "$routes" '^[1-9]'
done

"$MLBGPD" schema >"$LAB/schema.json"
schema_check() { "$T/schema-check" "$LAB/schema.json" "$@"; }
check 'the JSON Schema takes all of them' \
	schema_check "$TOP"/etc/mlbgpd.yaml "$TOP"/etc/examples/*.yaml
# misspelt WORDS PATTERN SED-SCRIPT
misspelt() {
	sed "$3" "$TOP/etc/mlbgpd.yaml" >"$LAB/bad.yaml"
	refused "the JSON Schema refuses $1" 1 "$2" schema_check "$LAB/bad.yaml"
}
misspelt 'a misspelt field' '\$\.spec: .*peerAdress' 's/peerAddress:/peerAdress:/'
misspelt 'a misspelt kind' '\$\.kind: .*Servce' 's/kind: Service/kind: Servce/'
misspelt 'a number for a duration' '\$\.spec\.withdrawHold: ' 's/withdrawHold: 5s/withdrawHold: 5/'
misspelt 'a duration without a unit' '\$\.spec\.withdrawHold: ' 's/withdrawHold: 5s/withdrawHold: "5"/'
misspelt 'a missing field' "'myASN' is a required" '/myASN:/d'
cat >"$LAB/list.yaml" <<'END'
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Namespace, metadata: {name: web}}
  - {apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: {name: p}, spec: {adresses: []}}
END
refused 'the JSON Schema looks into Lists' 1 '\$\.items\[1\]\.spec: .*adresses' \
	schema_check "$LAB/list.yaml"

# What is wrong in form alone: the schema says so too, and of what is right it says nothing.
mapfile -t data < <(ls "$TOP"/t/unit/data/*.yaml "$T"/plans/*.yaml | grep -v foreign)
check 'the JSON Schema takes all that the unit tests read' schema_check "${data[@]}"
mkdir "$LAB/form"
form=()
for file in "$T"/rules/*.yaml; do
	name=${file##*/}
	# a schema has no answer to the version of a kind
	[[ $name != V-003-v1beta1* ]] || continue
	sed '1,/^#--$/d' "$file" | grep -Eq '^# [0-9:]+ error (V-001|V-002|V-003|V-022|unknown-field) ' || continue
	sed '/^#--$/,$d' "$file" >"$LAB/form/$name"
	form+=("$name")
done
check 'cases of form' test "${#form[@]}" -ge 8
is 'the JSON Schema refuses each case of form' \
	"$(schema_check "$LAB"/form/*.yaml | sed 's/\.yaml: .*/.yaml/; s/.*\///' | sort -u | xargs)" \
	"$(printf '%s\n' "${form[@]}" | sort -u | xargs)"

bin=${VALGRIND_MLBGPD:-$MLBGPD}
here=${bin%/*}/etc/mlbgpd.yaml.here
like 'what is installed begins with the line that editors look for' "$(head -n 1 "$here")" \
	'^# yaml-language-server: \$schema=/.*/mlbgpd/mlbgpd\.schema\.json$'
check 'and the schema takes all its documents' schema_check "$here"

finish
