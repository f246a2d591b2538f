# shellcheck shell=bash
# gobgp.sh: GoBGP in a node; sourced by routers.sh, which tells the words

gobgp_config() {
	local asn=$1 id=$2 spec
	shift 2
	printf '[global.config]\nas = %s\nrouter-id = "%s"\n' "$asn" "$id"
	for spec; do
		neighbor_read "$spec"
		[[ -z ${N[listen]:-} ]] || echo "port = ${N[listen]}"
	done
	for spec; do
		neighbor_read "$spec"
		gobgp_neighbor
	done
}

gobgp_neighbor() {
	local family
	printf '[[neighbors]]\n[neighbors.config]\nneighbor-address = "%s"\npeer-as = %s\n' \
		"$N_ADDRESS" "$N_ASN"
	[[ -z ${N[password]:-} ]] || echo "auth-password = \"${N[password]}\""
	printf '[neighbors.timers.config]\nconnect-retry = 1\nidle-hold-time-after-reset = 1\n'
	echo "hold-time = ${N[hold]:-90}"
	[[ -z ${N[hold]:-} ]] || echo "keepalive-interval = $((N[hold] / 3))"
	printf '[neighbors.transport.config]\n'
	[[ -z ${N[local]:-} ]] || echo "local-address = \"${N[local]}\""
	[[ -z ${N[port]:-} ]] || echo "remote-port = ${N[port]}"
	[[ -z ${N[passive]:-} ]] || echo 'passive-mode = true'
	[[ -z ${N[multihop]:-} ]] ||
		printf '[neighbors.ebgp-multihop.config]\nenabled = true\nmultihop-ttl = %s\n' "${N[multihop]}"
	[[ -z ${N[gtsm]:-} ]] ||
		printf '[neighbors.ttl-security.config]\nenabled = true\nttl-min = %s\n' $((256 - N[gtsm]))
	# its notification-enabled (RFC 8538) holds whatever the other side says
	[[ -z ${N[restart]:-} ]] ||
		printf '[neighbors.graceful-restart.config]\nenabled = true\nrestart-time = 120\n'
	for family in ipv4 ipv6; do
		[[ ${N[families]:-} != both && $(family_of "$N_ADDRESS") != "$family" ]] && continue
		printf '[[neighbors.afi-safis]]\n[neighbors.afi-safis.config]\nafi-safi-name = "%s-unicast"\n' \
			"$family"
		[[ -z ${N[restart]:-} ]] ||
			printf '[neighbors.afi-safis.mp-graceful-restart.config]\nenabled = true\n'
		[[ -z ${N[max]:-} ]] ||
			printf '[neighbors.afi-safis.prefix-limit.config]\nmax-prefixes = %s\n' "${N[max]}"
	done
}

gobgp_start() {
	local node=$1
	cat >"$LAB/$node.toml"
	# a JSON log, one object a line
	spawn "$node" "$node" gobgpd -f "$LAB/$node.toml" --api-hosts "unix://$LAB/$node.sock" \
		--pprof-disable -l debug
	wait_for 20 gobgp_ask "$node" global || bail_out "$node's GoBGP does not start"
}

gobgp_ask() {
	local node=$1
	shift
	gobgp --target "unix://$LAB/$node.sock" "$@"
}

# gobgp_peer NODE NEIGHBOR FILTER
gobgp_peer() { gobgp_ask "$1" neighbor "$2" -j | jq -cr "$3"; }

# 6: Established
gobgp_established() { [[ $(gobgp_peer "$1" "$2" '.state.session_state // 0') == 6 ]]; }

# gobgp_path NODE PREFIX FILTER: over the array of paths
gobgp_path() {
	gobgp_ask "$1" global rib -a "$(family_of "$2")" -j | jq -cr ".[\"$2\"] // [] | $3"
}

gobgp_has() { [[ $(gobgp_path "$1" "$2" length) == [1-9]* ]]; }
gobgp_lacks() { [[ $(gobgp_path "$1" "$2" length) == 0 ]]; }

gobgp_attrs() {
	gobgp_path "$1" "$2" '.[].attrs | map({key: (.type | tostring), value: .}) | from_entries |
		{asPath: ([."2".as_paths[]?.asns[]? | tostring] | join(" ")),
		 origin: ["IGP", "EGP", "incomplete"][."1".value],
		 nextHop: (."3".nexthop // ."14".nexthop),
		 med: ."4".metric, localPref: ."5".value,
		 communities: (."8".communities // null |
			if . then map("\(. / 65536 | floor):\(. % 65536)") | join(" ") else . end),
		 largeCommunities: (."32".value // null |
			if . then map("\(.ASN):\(.LocalData1):\(.LocalData2)") | join(" ") else . end)} |
		'"$ATTRS"
}

gobgp_count() { gobgp_peer "$1" "$2" '[.afi_safis[]?.state.accepted // 0] | add'; }
gobgp_session() { gobgp_peer "$1" "$2" '.timers.state.uptime.seconds'; }
gobgp_updates() { gobgp_peer "$1" "$2" '.state.messages.received.update // 0'; }
gobgp_log() { cat "$LAB/$1.log"; }
gobgp_reset() { gobgp_ask "$1" neighbor "$2" reset; }

gobgp_heard() {
	jq -R -r -n --arg peer "$2" '[inputs | fromjson? |
		select(.msg == "received notification" and .Key == $peer)] | last | "\(.Code)/\(.Subcode)" +
		(."Communicated-Reason" // "" | if . == "" then "" else " \"\(.)\"" end)' "$LAB/$1.log"
}
