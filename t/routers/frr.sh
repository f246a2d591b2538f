# shellcheck shell=bash
# frr.sh: FRR (zebra and bgpd; others by $FRR_DAEMONS) in a node; sourced by routers.sh, which tells
# the words

frr_config() {
	local asn=$1 id=$2 spec both
	shift 2
	printf '%s\n' "router bgp $asn" " bgp router-id $id" ' no bgp default ipv4-unicast' \
		' no bgp ebgp-requires-policy' ' no bgp network import-check'
	for spec; do
		neighbor_read "$spec"
		both=$N_ADDRESS
		frr_neighbor
		[[ ${N[families]:-} == both ]] || both=
		[[ $N_ADDRESS == *:* && -z $both ]] || frr_family ipv4
		[[ $N_ADDRESS != *:* && -z $both ]] || frr_family ipv6
	done
}

frr_neighbor() {
	local at=" neighbor $N_ADDRESS"
	echo "$at remote-as $N_ASN"
	echo "$at timers connect 1"
	echo "$at advertisement-interval 0"
	[[ -z ${N[password]:-} ]] || echo "$at password ${N[password]}"
	[[ -z ${N[multihop]:-} ]] || echo "$at ebgp-multihop ${N[multihop]}"
	[[ -z ${N[gtsm]:-} ]] || echo "$at ttl-security hops ${N[gtsm]}"
	[[ -z ${N[port]:-} ]] || echo "$at port ${N[port]}"
	[[ -z ${N[hold]:-} ]] || echo "$at timers $((N[hold] / 3)) ${N[hold]}"
	[[ -z ${N[passive]:-} ]] || echo "$at passive"
	# the only way to a session without the capability of four octets
	[[ ${N[as4]:-} != no ]] || echo "$at dont-capability-negotiate"
}

frr_family() {
	local at="  neighbor $N_ADDRESS"
	echo " address-family $1 unicast"
	echo "$at activate"
	[[ -z ${N[max]:-} ]] || echo "$at maximum-prefix ${N[max]}"
	echo ' exit-address-family'
}

frr_start() {
	local node=$1 dir=$LAB/$1.frr daemon
	local -a more
	# the daemons drop to this user
	install -d -m 755 -o frr -g frr "$dir"
	cat >"$dir/conf"
	for daemon in ${FRR_DAEMONS:-zebra bgpd}; do
		more=()
		[[ $daemon != bfdd ]] || more=(--bfdctl "$dir/bfdd.ctl")
		# one of an earlier run does not show that it listens
		rm -f "$dir/$daemon.vty"
		spawn "$node.$daemon" "$node" "/usr/lib/frr/$daemon" -f /dev/null -A 127.0.0.1 -P 0 \
			-i "$dir/$daemon.pid" -z "$dir/zserv.api" --vty_socket "$dir" \
			--log "file:$dir/$daemon.log" "${more[@]}"
		wait_for 20 test -S "$dir/$daemon.vty" || bail_out "$node's $daemon does not start"
	done
	if ! vtysh --vty_socket "$dir" -f "$dir/conf" >"$dir/out" 2>&1; then
		notes <"$dir/out"
		bail_out "$node's FRR refuses its configuration"
	fi
}

frr() {
	local node=$1
	shift
	vtysh --vty_socket "$LAB/$node.frr" -c "$*" 2>/dev/null
}

# frr_do NODE COMMAND...: lines of configuration
frr_do() {
	local node=$1
	shift
	printf '%s\n' "$@" >"$LAB/$node.frr/more"
	vtysh --vty_socket "$LAB/$node.frr" -f "$LAB/$node.frr/more"
}

# frr_path NODE PREFIX FILTER: jq's FILTER over the paths of a prefix
frr_path() {
	frr "$1" "show bgp $(family_of "$2") unicast $2 json" | jq -cr ".paths // [] | $3"
}

# frr_has NODE PREFIX / frr_lacks NODE PREFIX: from any peer
frr_has() { [[ $(frr_path "$1" "$2" length) == [1-9]* ]]; }
frr_lacks() { [[ $(frr_path "$1" "$2" length) == 0 ]]; }

frr_attrs() {
	frr_path "$1" "$2" '.[] | {
		asPath: (.aspath.string | if . == "Local" then "" else . end), origin, med: .metric,
		localPref: .locPrf, nextHop: [.nexthops[] | select(.scope != "link-local").ip][0],
		communities: .community.string, largeCommunities: .largeCommunity.string} | '"$ATTRS"
}

frr_count() {
	frr_peer "$1" "$2" '[.addressFamilyInfo[].acceptedPrefixCounter] | add'
}

# frr_peer NODE NEIGHBOR FILTER: jq's FILTER over what FRR says of a neighbor
frr_peer() {
	frr "$1" "show bgp neighbors $2 json" | jq -cr ".[\"$2\"] | $3"
}

frr_established() {
	[[ $(frr_peer "$1" "$2" .bgpState) == Established ]]
}

frr_session() { frr_peer "$1" "$2" .connectionsEstablished; }
frr_updates() { frr_peer "$1" "$2" .messageStats.updatesRecv; }
frr_refresh() { frr "$1" "clear bgp $(family_of "$2") unicast $2 soft in"; }
frr_log() { cat "$LAB/$1.frr/bgpd.log"; }
frr_reset() { frr "$1" "clear bgp $(family_of "$2") $2"; }

frr_heard() {
	frr_peer "$1" "$2" '"\(.lastErrorCodeSubcode[1:2])/\(.lastErrorCodeSubcode[3:4])" +
		(.lastShutdownDescription // "" | if . == "" then "" else " \"\(.)\"" end)'
}
