# shellcheck shell=bash
# bird.sh: BIRD in a node; sourced by routers.sh, which tells the words
#
# A neighbor is its address or its protocol's name; bird_config calls them n1, n2, ... in order.

bird_config() {
	local asn=$1 id=$2 spec i=0
	shift 2
	cat <<-END
		router id $id;
		debug protocols { states, events };
		protocol device { }
	END
	for spec; do
		neighbor_read "$spec"
		echo "protocol bgp n$((++i)) {"
		bird_neighbor "$asn" | sed 's/^/	/'
		echo '}'
	done
}

bird_neighbor() {
	local asn=$1 channel family
	echo "local ${N[local]:-} as $asn;"
	echo "neighbor $N_ADDRESS ${N[port]:+port ${N[port]}} as $N_ASN;"
	echo "hold time ${N[hold]:-240}; connect delay time 1; error wait time 1,2;"
	[[ -z ${N[password]:-} ]] || echo "password \"${N[password]}\";"
	if [[ -n ${N[multihop]:-} ]]; then
		echo "multihop ${N[multihop]};"
	else
		echo 'direct;'
	fi
	[[ -z ${N[gtsm]:-} ]] || echo 'ttl security on;'
	[[ -z ${N[passive]:-} ]] || echo 'passive on;'
	[[ ${N[as4]:-} != no ]] || echo 'enable as4 off;'
	channel="import all; export none; ${N[max]:+import limit ${N[max]} action restart;}"
	for family in ipv4 ipv6; do
		[[ ${N[families]:-} != both && $(family_of "$N_ADDRESS") != "$family" ]] ||
			echo "$family { $channel };"
	done
}

bird_start() {
	local node=$1
	cat >"$LAB/$node.conf"
	grep -q '^log ' "$LAB/$node.conf" || echo "log \"$LAB/$node.bird.log\" all;" >>"$LAB/$node.conf"
	bird -p -c "$LAB/$node.conf" 2>&1 | notes || bail_out "$node's BIRD refuses its configuration"
	spawn "$node" "$node" /usr/sbin/bird -f -c "$LAB/$node.conf" -s "$LAB/$node.ctl" \
		-P "$LAB/$node.pid"
	wait_for 20 test -S "$LAB/$node.ctl" || bail_out "$node's BIRD does not start"
}

bird_ask() {
	local node=$1
	shift
	birdc -r -s "$LAB/$node.ctl" "$*"
}

bird_do() {
	local node=$1
	shift
	birdc -s "$LAB/$node.ctl" "$*"
}

# bird_protocol NODE NEIGHBOR: its protocol's name
bird_protocol() {
	if [[ $2 != *[.:]* ]]; then
		echo "$2"
		return
	fi
	bird_ask "$1" show protocols all | awk -v address="$2" '
		/^[a-z]/ { name = $1 }
		/Neighbor address:/ && $3 == address { print name; exit }'
}

# bird_peer NODE NEIGHBOR: all that it says of it, as text
bird_peer() { bird_ask "$1" "show protocols all $(bird_protocol "$1" "$2")"; }

bird_established() { bird_peer "$1" "$2" | grep -q '^[a-z].* Established'; }

# bird_route NODE PREFIX [PROTOCOL]: all it knows, as text
bird_route() {
	bird_ask "$1" "show route $2 all ${3:+protocol $3}"
}

bird_has() { bird_route "$1" "$2" | grep -Fq "$2"; }
bird_lacks() { bird_ask "$1" show status | grep -q 'is up' && ! bird_has "$1" "$2"; }

# bird_says NODE PREFIX PATTERN
bird_says() { bird_route "$1" "$2" | grep -E -- "$3"; }

# "BGP.community: (64512,10) (64512,20)"; IPv6 has its link-local next hop behind the other
bird_attrs() {
	bird_route "$1" "$2" | jq -crRn '[inputs | capture("^\\s+BGP\\.(?<key>[a-z_]+): ?(?<value>.*)$")] |
		from_entries | select(.origin) |
		{asPath: .as_path, origin, nextHop: (.next_hop | split(" ")[0]),
		 localPref: (.local_pref // null | if . then tonumber else . end),
		 med: (.med // null | if . then tonumber else . end),
		 communities: (.community // null | if . then gsub("[()]"; "") | gsub(","; ":") else . end),
		 largeCommunities: (.large_community // null |
			if . then gsub(", "; ":") | gsub("[()]"; "") else . end)} | '"$ATTRS"
}

bird_count() {
	bird_peer "$1" "$2" | awk '/Routes:/ {n += $2} END {print n + 0}'
}

# the log of bird_config's daemons tells of states and events
bird_session() { grep -c "$(bird_protocol "$1" "$2"): BGP session established" "$LAB/$1.bird.log"; }
bird_updates() { bird_peer "$1" "$2" | awk '/Import updates:/ {n += $3} END {print n + 0}'; }
bird_refresh() { bird_do "$1" "reload in $(bird_protocol "$1" "$2")"; }
bird_log() { cat "$LAB/$1.bird.log"; }
bird_reset() { bird_do "$1" "restart $(bird_protocol "$1" "$2")"; }

bird_heard() {
	sed -n "s/.*<RMT> $(bird_protocol "$1" "$2"): Received: //p" "$LAB/$1.bird.log" | tail -n 1 |
		sed 's,^Administrative shutdown:*,6/2,; s,^Peer de-configured,6/3,; s,^Administrative reset,6/4,'
}
