# shellcheck shell=bash
# openbgpd.sh: OpenBGPD in a node; sourced by routers.sh, which tells the words

openbgpd_config() {
	local asn=$1 id=$2 spec
	shift 2
	cat <<-END
		AS $asn
		router-id $id
		connect-retry 1
		fib-update no
	END
	for spec; do
		neighbor_read "$spec"
		[[ -z ${N[listen]:-} ]] || echo "listen on $id port ${N[listen]}"
		echo "neighbor $N_ADDRESS {"
		openbgpd_neighbor | sed 's/^/	/'
		echo '}'
	done
	printf 'allow from any\nallow to any\n'
}

# A family for each session: both, unless told otherwise, where the other can do both.
openbgpd_neighbor() {
	echo "remote-as $N_ASN"
	[[ -z ${N[local]:-} ]] || echo "local-address ${N[local]}"
	[[ -z ${N[password]:-} ]] || echo "tcp md5sig password \"${N[password]}\""
	[[ -z ${N[multihop]:-} ]] || echo "multihop ${N[multihop]}"
	[[ -z ${N[gtsm]:-} ]] || echo 'ttl-security yes'
	[[ -z ${N[passive]:-} ]] || echo 'passive'
	[[ -z ${N[port]:-} ]] || echo "port ${N[port]}"
	[[ -z ${N[hold]:-} ]] || echo "holdtime ${N[hold]}"
	[[ ${N[as4]:-} != no ]] || echo 'announce as-4byte no'
	[[ -z ${N[max]:-} ]] || echo "max-prefix ${N[max]} restart 1"
	if [[ ${N[families]:-} == both ]]; then
		printf 'announce IPv4 unicast\nannounce IPv6 unicast\n'
	elif [[ $N_ADDRESS == *:* ]]; then
		printf 'announce IPv4 none\nannounce IPv6 unicast\n'
	fi
}

openbgpd_start() {
	local node=$1 conf=$LAB/$1.conf
	{ cat && echo "socket \"$LAB/$node.sock\""; } >"$conf"
	chmod 600 "$conf"
	bgpd -n -f "$conf" >"$LAB/$node.out" 2>&1 || {
		notes <"$LAB/$node.out"
		bail_out "$node's OpenBGPD refuses its configuration"
	}
	# it goes into /run/openbgpd, which nobody makes without systemd; the mounts of spawn are private
	# shellcheck disable=SC2016
	spawn "$node" "$node" sh -c 'mount --make-rprivate / && mount -t tmpfs -o mode=755 tmpfs /run &&
		install -d -m 755 /run/openbgpd && exec bgpd -d -v -f "$0"' "$conf"
	wait_for 20 openbgpd_ask "$node" show || bail_out "$node's OpenBGPD does not start"
}

openbgpd_ask() {
	local node=$1
	shift
	bgpctl -s "$LAB/$node.sock" "$@"
}

# openbgpd_peer NODE NEIGHBOR FILTER
openbgpd_peer() { openbgpd_ask "$1" -j show neighbor "$2" | jq -cr ".neighbors[0] | $3"; }

openbgpd_established() { [[ $(openbgpd_peer "$1" "$2" .state) == Established ]]; }

# openbgpd_path NODE PREFIX FILTER: over the array of paths
openbgpd_path() {
	openbgpd_ask "$1" -j show rib detail "$2" | jq -cr ".rib // [] | map(select(.prefix == \"$2\")) | $3"
}

openbgpd_has() { [[ $(openbgpd_path "$1" "$2" length) == [1-9]* ]]; }
openbgpd_lacks() { [[ $(openbgpd_path "$1" "$2" length) == 0 ]]; }

openbgpd_attrs() {
	openbgpd_path "$1" "$2" '.[] | {asPath: .aspath, origin, nextHop: .exit_nexthop,
		localPref: .localpref, med: .metric,
		communities: (.communities // null | if . then join(" ") else . end),
		largeCommunities: (.large_communities // null | if . then join(" ") else . end)} |
		'"$ATTRS"
}

openbgpd_count() { openbgpd_peer "$1" "$2" .stats.prefixes.received; }
openbgpd_session() {
	grep -c "neighbor $2.*: state change OpenConfirm -> Established" "$LAB/$1.log"
}
openbgpd_updates() { openbgpd_peer "$1" "$2" .stats.update.received.updates; }
openbgpd_refresh() { openbgpd_ask "$1" neighbor "$2" refresh; }
openbgpd_log() { cat "$LAB/$1.log"; }
openbgpd_reset() { openbgpd_ask "$1" neighbor "$2" clear; }

# The words of a shutdown are in a line of their own.
openbgpd_heard() {
	sed -n "s/^neighbor $2[^:]*: received \(notification\|shutdown reason\): \(Cease, \)\?//p" "$LAB/$1.log" |
		sed 's,^administratively down$,6/2,; s,^peer unconfigured$,6/3,; s,^administrative reset$,6/4,' |
		tac | sed '\,^6/,q' | tac | paste -sd ' '
}
