# shellcheck shell=bash
# routers.sh: the daemons of a lab: FRR, BIRD and mlbgpd; sourced after lib.sh
#
#     frr_start NODE <CONFIG      zebra and bgpd; frr NODE COMMAND asks vtysh
#     bird_start NODE <CONFIG     bird NODE COMMAND asks birdc
#     mlbgpd_start NODE OPTION... files default to $LAB/NODE.yaml; mlbgpd NODE VERB... asks it
#
# shellcheck source=t/lib.sh

# --- FRR ---------------------------------------------------------------------------------------

frr_start() {
	local node=$1 dir=$LAB/$1.frr daemon
	# the daemons drop to this user
	install -d -m 755 -o frr -g frr "$dir"
	cat >"$dir/conf"
	for daemon in zebra bgpd; do
		spawn "$node.$daemon" "$node" "/usr/lib/frr/$daemon" -f /dev/null -A 127.0.0.1 -P 0 \
			-i "$dir/$daemon.pid" -z "$dir/zserv.api" --vty_socket "$dir" \
			--log "file:$dir/$daemon.log"
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

# frr_path NODE PREFIX FILTER: jq's FILTER over the paths of a prefix
frr_path() {
	local family=ipv4
	[[ $2 == *:* ]] && family=ipv6
	frr "$1" "show bgp $family unicast $2 json" | jq -cr ".paths // [] | $3"
}

# frr_has NODE PREFIX / frr_lacks NODE PREFIX: from any peer
frr_has() { [[ $(frr_path "$1" "$2" length) == [1-9]* ]]; }
frr_lacks() { [[ $(frr_path "$1" "$2" length) == 0 ]]; }

# frr_peer NODE NEIGHBOR FILTER: jq's FILTER over what FRR says of a neighbor
frr_peer() {
	frr "$1" "show bgp neighbors $2 json" | jq -cr ".[\"$2\"] | $3"
}

frr_established() {
	[[ $(frr_peer "$1" "$2" .bgpState) == Established ]]
}

# --- BIRD --------------------------------------------------------------------------------------

bird_start() {
	local node=$1
	cat >"$LAB/$node.conf"
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

bird_established() {
	bird_ask "$1" "show protocols $2" | grep -q "^$2 .* Established"
}

# bird_route NODE PREFIX [PROTOCOL]: all it knows, as text
bird_route() {
	bird_ask "$1" "show route $2 all ${3:+protocol $3}"
}

bird_has() { bird_route "$1" "$2" | grep -Fq "$2"; }
bird_lacks() { bird_ask "$1" show status | grep -q 'is up' && ! bird_has "$1" "$2"; }

# bird_says NODE PREFIX PATTERN
bird_says() { bird_route "$1" "$2" | grep -E -- "$3"; }

# --- on the wire -------------------------------------------------------------------------------

# md5_failures NODE: has its kernel thrown away segments with a wrong TCP MD5 signature?
md5_failures() {
	local n
	n=$(in_node "$1" nstat -asz TcpExtTCPMD5Failure | awk '/MD5/ {print $2}')
	((n > 0))
}

# capture_start TAG NODE IF FILTER...
capture_start() {
	local tag=$1 node=$2 interface=$3
	shift 3
	spawn "$tag" "$node" tcpdump -i "$interface" -n -U --immediate-mode -Z root \
		-w "$LAB/$tag.pcap" "$@"
	wait_for 10 grep -q 'listening on' "$LAB/$tag.log" || bail_out 'tcpdump does not start'
}

# capture_count TAG PATTERN: lines of tcpdump -v that match
capture_count() {
	tcpdump -n -v -r "$LAB/$1.pcap" 2>/dev/null | grep -Ec -- "$2"
}

capture_has() { (($(capture_count "$1" "$2") >= ${3:-1})); }

# --- mlbgpd ------------------------------------------------------------------------------------

# The program: $MLBGPD, else the tests' build, else one in the source tree.
mlbgpd_find() {
	local one
	if [[ -n ${MLBGPD:-} ]]; then
		set -- "$MLBGPD"
	else
		set -- "$TOP/build-check/mlbgpd" "$TOP/mlbgpd"
	fi
	for one; do
		if [[ -x $one ]]; then
			MLBGPD=$(realpath "$one")
			return
		fi
	done
	bail_out "no program mlbgpd: t/check builds one, or set MLBGPD"
}

mlbgpd_launch() {
	local node=$1
	shift
	[[ " $* " == *" --config "* ]] || set -- --config "$LAB/$node.yaml" "$@"
	spawn "$node" "$node" "${LAUNCHER[@]}" "$MLBGPD" --node "$node" --socket "$LAB/$node.sock" \
		--state-dir "$LAB/$node.state" "$@"
}
# what stands before the daemon's command line: setpriv and the like
LAUNCHER=()

mlbgpd_start() {
	local node=$1
	mlbgpd_launch "$@"
	if ! wait_for 20 mlbgpd_is_up_or_gone "$node" || ! is_running "$node"; then
		bail_out "$node's mlbgpd does not start"
	fi
}

# A verb, to the daemon of a node.
mlbgpd() {
	local node=$1 verb=$2
	shift 2
	timeout 30 "$MLBGPD" "$verb" --socket "$LAB/$node.sock" "$@"
}

mlbgpd_answers() { mlbgpd "$1" show summary --json; }
mlbgpd_is_up_or_gone() { ! is_running "$1" || mlbgpd_answers "$1"; }

# mlbgpd_show NODE WHAT FILTER: jq's FILTER over show's JSON
mlbgpd_show() {
	mlbgpd "$1" show "$2" --json | jq -cr "$3"
}

mlbgpd_peer_state() { [[ $(mlbgpd_show "$1" peers ".[] | select(.name == \"$2\").state") == "$3" ]]; }

# --- documents ---------------------------------------------------------------------------------

# peer NAME ADDRESS OUR-ASN ITS-ASN [SPEC-LINE...]
peer() {
	local name=$1 address=$2 ours=$3 its=$4
	shift 4
	cat <<END
---
apiVersion: metallb.io/v1beta2
kind: BGPPeer
metadata: {name: $name}
spec:
  peerAddress: "$address"
  myASN: $ours
  peerASN: $its
END
	[[ $* == *holdTime* ]] || printf '  %s\n' 'holdTime: 30s' 'keepaliveTime: 1s'
	(($# == 0)) || printf '  %s\n' "$@"
}

# pool NAME RANGE...
pool() {
	local name=$1 range
	shift
	printf -- '---\napiVersion: metallb.io/v1beta1\nkind: IPAddressPool\n'
	printf 'metadata: {name: %s}\nspec:\n  addresses:\n' "$name"
	for range; do printf '    - "%s"\n' "$range"; done
}

# advertisement NAME [SPEC-LINE...]
advertisement() {
	local name=$1
	shift
	printf -- '---\napiVersion: metallb.io/v1beta1\nkind: BGPAdvertisement\n'
	printf 'metadata: {name: %s}\n' "$name"
	(($# == 0)) || { echo spec: && printf '  %s\n' "$@"; }
}

# service NAME ADDRESS
service() {
	printf -- '---\napiVersion: v1\nkind: Service\nmetadata:\n  name: %s\n' "$1"
	printf '  annotations: {"metallb.io/loadBalancerIPs": "%s"}\n' "$2"
	printf 'spec:\n  type: LoadBalancer\n  ports: [{port: 80}]\n'
	[[ $2 != *:* ]] || printf '  ipFamilies: [IPv6]\n'
}
