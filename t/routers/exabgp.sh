# shellcheck shell=bash
# exabgp.sh: ExaBGP in a node; sourced by routers.sh, which tells the words
#
# local= must be given where that is not the router id.  It has no table: what it hears goes as JSON into a file, which is read again for each question.

exabgp_config() {
	local asn=$1 id=$2 spec
	shift 2
	for spec; do
		neighbor_read "$spec"
		echo "neighbor $N_ADDRESS {"
		exabgp_neighbor "$asn" "$id" | sed 's/^/	/'
		echo '}'
	done
}

exabgp_neighbor() {
	local as4=enable
	[[ ${N[as4]:-} != no ]] || as4=disable
	echo "router-id $2; local-as $1; peer-as $N_ASN; local-address ${N[local]:-$2};"
	echo "hold-time ${N[hold]:-90};"
	[[ -z ${N[password]:-} ]] || echo "md5-password \"${N[password]}\";"
	[[ -z ${N[multihop]:-} ]] || echo "outgoing-ttl ${N[multihop]};"
	[[ -z ${N[gtsm]:-} ]] || echo "outgoing-ttl 255; incoming-ttl $((256 - N[gtsm]));"
	[[ -z ${N[passive]:-} ]] || echo 'passive;'
	[[ -z ${N[port]:-} ]] || echo "connect ${N[port]};"
	[[ -z ${N[listen]:-} ]] || echo "listen ${N[listen]};"
	if [[ ${N[families]:-} == both ]]; then
		echo 'family { ipv4 unicast; ipv6 unicast; }'
	else
		echo "family { $(family_of "$N_ADDRESS") unicast; }"
	fi
	echo "capability { route-refresh enable; asn4 $as4; }"
	echo 'api { processes [ events ]; neighbor-changes; receive { parsed; update; notification; refresh; } }'
}

exabgp_start() {
	local node=$1
	true >"$LAB/$node.events"
	true >"$LAB/$node.commands"
	printf '#!/bin/sh\ntail -n +1 -f "%s" &\nexec cat >>"%s"\n' "$LAB/$node.commands" \
		"$LAB/$node.events" >"$LAB/$node.process"
	chmod 755 "$LAB/$node.process"
	{ echo "process events { run $LAB/$node.process; encoder json; }" && cat; } >"$LAB/$node.conf"
	spawn "$node" "$node" env exabgp.api.cli=false exabgp.daemon.user=root \
		exabgp.daemon.drop=false exabgp.log.destination=stdout exabgp.tcp.attempts=0 \
		exabgp.log.network=true exabgp.log.message=true exabgp "$LAB/$node.conf"
	wait_for 20 test -s "$LAB/$node.log" || bail_out "$node's ExaBGP does not start"
}

exabgp_do() {
	local node=$1
	shift
	echo "$*" >>"$LAB/$node.commands"
}

# exabgp_peer NODE NEIGHBOR FILTER: over the array of what it has told of it
exabgp_peer() {
	jq -R -cr -n --arg peer "$2" "[inputs | fromjson? | select(.neighbor.address.peer == \$peer)] | $3" \
		"$LAB/$1.events"
}

exabgp_established() {
	[[ $(exabgp_peer "$1" "$2" 'map(select(.type == "state").neighbor.state) | last') == up ]]
}

# exabgp_rib NODE FILTER: over [{peer, prefix, nextHop, attribute}], what it would have in a table
exabgp_rib() {
	jq -R -cr -n 'reduce (inputs | fromjson?) as $event ([]; . as $rib | $event.neighbor.address.peer as $peer |
		if $event.type == "state" and $event.neighbor.state == "down" then
			map(select(.peer != $peer))
		elif $event.type == "update" then
			$event.neighbor.message.update as $update |
			[$update.announce // {} | .[] | to_entries[] | .key as $hop | .value[] |
				select(.nlri) | {peer: $peer, prefix: .nlri, nextHop: $hop, attribute: $update.attribute}] as $new |
			[$update.withdraw // {} | .[][] | .nlri] as $gone |
			map(select(.peer != $peer or
				(.prefix | IN($gone[], $new[].prefix) | not))) + $new
		else . end) | '"$2" "$LAB/$1.events"
}

exabgp_has() { [[ $(exabgp_rib "$1" "map(select(.prefix == \"$2\")) | length") == [1-9]* ]]; }
exabgp_lacks() { [[ $(exabgp_rib "$1" "map(select(.prefix == \"$2\")) | length") == 0 ]]; }

exabgp_attrs() {
	# shellcheck disable=SC2016
	exabgp_rib "$1" ".[] | select(.prefix == \"$2\")"' | .nextHop as $hop | .attribute |
		{asPath: (."as-path" // {} | [.. | numbers | tostring] | join(" ")),
		 origin: (.origin | if . == "igp" then "IGP" else . end), nextHop: $hop, med,
		 localPref: ."local-preference",
		 communities: (.community // null | if . then map(map(tostring) | join(":")) | join(" ") else . end),
		 largeCommunities: (."large-community" // null |
			if . then map(map(tostring) | join(":")) | join(" ") else . end)} | '"$ATTRS"
}

exabgp_count() { exabgp_rib "$1" "map(select(.peer == \"$2\")) | length"; }
exabgp_session() { exabgp_peer "$1" "$2" 'map(select(.neighbor.state? == "up")) | length'; }
exabgp_updates() { exabgp_peer "$1" "$2" 'map(select(.type == "update")) | length'; }
exabgp_refresh() { exabgp_do "$1" "neighbor $2 announce route-refresh $(family_of "$2") unicast"; }
exabgp_log() { cat "$LAB/$1.log"; }
# with its next OPEN the session is new
exabgp_reset() { exabgp_do "$1" "neighbor $2 teardown 4"; }

# without its words: they are what it can't read, it takes the NOTIFICATION for a broken message
exabgp_heard() {
	exabgp_peer "$1" "$2" 'map(select(.type == "notification")) | last |
		.notification // .neighbor.notification | "\(.code)/\(.subcode)"'
}
