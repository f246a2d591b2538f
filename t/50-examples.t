#!/bin/bash
# 50-examples: every file that we give as an example is valid, alone, and does something
# shellcheck source-path=SCRIPTDIR
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
	check "${file#"$TOP"/}: some node announces a route" bash -c \
		"'$MLBGPD' plan --all-nodes --json '$file' |
			jq -e '[.nodes // [.] | .[].routes[]] | length > 0'"
done

finish
