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

finish
