# shellcheck shell=bash
# costs.sh: what a changed field costs, counted at a router: UPDATEs, sessions that start again
#
# Sourced after routers.sh by 21-costs.t (sessions) and 27-costs-routes.t (the rest); costs_run ROWS
# does it.  The rows are those of src/plan/peer_costs.def and field_costs.def: each has its case below,
# or fails.  A case says what changes; the row says what that may cost; the router says what it did
# cost, and diff must have foretold it.

# Two sessions with one FRR: left is external, right internal and with a key.
costs_lab() {
	lab_begin
	mlbgpd_find
	node host router
	wire host router
	address host router 10.0.1.2/24 10.0.2.2/24
	address router host 10.0.1.1/24 10.0.1.9/24 10.0.2.1/24
	frr_start router <<-END
		router bgp 64512
		 bgp router-id 10.0.1.1
		 no bgp ebgp-requires-policy
		 neighbor 10.0.1.2 remote-as 65001
		 neighbor 10.0.1.2 timers connect 1
		 neighbor 10.0.2.2 remote-as 64512
		 neighbor 10.0.2.2 timers connect 1
		 neighbor 10.0.2.2 password opensesame
		 address-family ipv6 unicast
		  neighbor 10.0.1.2 activate
	END
	echo opensesame >"$LAB/key"
	echo another >"$LAB/other"
}

# --- documents: KIND.PATH=VALUE, the paths of each as a flat tree -------------------------------

declare -A F=()
declare -A API=([BGPPeer]=metallb.io/v1beta2 [Service]=v1 [Node]=v1 [Namespace]=v1 [Secret]=v1
	[Daemon]=mlbgpd.io/v1alpha1 [PeerPolicy]=mlbgpd.io/v1alpha1 [PoolPolicy]=mlbgpd.io/v1alpha1
	[HealthCheck]=mlbgpd.io/v1alpha1 [AddressAllocation]=mlbgpd.io/v1alpha1)

# set DOC PATH VALUE: DOC is KIND/NAME
set_field() { F["$1 $2"]=$3; }
unset_field() { unset "F[$1 $2]"; }

# all documents as one List in JSON, which is YAML
documents() {
	local key
	for key in "${!F[@]}"; do printf '%s\t%s\n' "$key" "${F[$key]}"; done | sort |
		jq -Rn --argjson api "$(for key in "${!API[@]}"; do printf '%s\t%s\n' "$key" "${API[$key]}"; done |
			jq -Rn '[inputs / "\t" | {(.[0]): .[1]}] | add')" '
		reduce (inputs / "\t") as [$key, $value] ({}; ($key / " ") as [$doc, $path] |
			setpath([$doc] + ($path / "."); $value | try fromjson catch $value)) |
		{apiVersion: "v1", kind: "List", items: [to_entries[] | (.key / "/") as [$kind, $name] |
			.value * {apiVersion: ($api[$kind] // "metallb.io/v1beta1"), kind: $kind,
				metadata: ((.value.metadata // {}) * {name: $name})}]}'
}

# peers, a pool, two Services: web has a lease, mail asks
start_values() {
	local one
	F=()
	for one in 'BGPPeer/left spec.peerAddress 10.0.1.1' 'BGPPeer/left spec.myASN 65001' \
		'BGPPeer/left spec.peerASN 64512' 'BGPPeer/right spec.peerAddress 10.0.2.1' \
		'BGPPeer/right spec.myASN 64512' 'BGPPeer/right spec.peerASN 64512' \
		'BGPPeer/right spec.passwordSecret.name key' \
		'Secret/key stringData.password opensesame' 'Secret/key type kubernetes.io/basic-auth' \
		'IPAddressPool/vips spec.addresses ["192.168.100.0/24"]' \
		'BGPAdvertisement/all spec.localPref 200' 'BGPAdvertisement/all spec.communities ["tag"]' \
		'Community/names spec.communities [{"name":"tag","value":"64512:1"}]' \
		'Service/web spec.type LoadBalancer' 'Service/web spec.ports [{"port":80}]' \
		'Service/mail spec.type LoadBalancer' 'Service/mail spec.ports [{"port":25}]' \
		'Service/mail spec.loadBalancerIP 192.168.100.25' \
		'Node/host metadata.labels {"rack":"one"}' 'Namespace/default metadata.labels {"team":"a"}' \
		'Namespace/other metadata.labels {"team":"z"}' 'BFDProfile/quick spec.transmitInterval 300' \
		'Daemon/d spec.logLevel info' 'PeerPolicy/p spec.peers ["left"]' \
		'L2Advertisement/l2 spec.ipAddressPools ["vips"]'; do
		read -r doc path value <<<"$one"
		set_field "$doc" "$path" "$value"
	done
	for one in left right; do
		set_field "BGPPeer/$one" spec.holdTime 30s
		set_field "BGPPeer/$one" spec.keepaliveTime 1s
		set_field "BGPPeer/$one" spec.connectTime 1s
	done
}
write() { documents >"$LAB/new" && mv "$LAB/new" "$LAB/host.yaml"; }

# --- what the router has counted ---------------------------------------------------------------

METRICS=127.0.0.1:7472
# U[left] U[right]: UPDATEs received; S: established how often; UP: now
declare -A U=() S=() UP=()
look() {
	read -r U[left] S[left] UP[left] U[right] S[right] UP[right] < <(
		frr router show bgp neighbors json | jq -r '[.["10.0.1.2"], .["10.0.2.2"] |
			.messageStats.updatesRecv, .connectionsEstablished, .bgpState] | join(" ")')
	[[ -n ${UP[right]} ]]
}
# until_true SECONDS COMMAND...: as wait_for, but in this shell: what it looks at stays
until_true() {
	local end=$(($(now_ms) + $1 * 1000))
	shift
	until "$@"; do
		if (($(now_ms) > end)); then
			note "waited for: $*"
			return 1
		fi
		sleep 0.05
	done
}
both_up() { look && [[ ${UP[left]} == Established && ${UP[right]} == Established ]]; }
sent() {
	in_node host curl -s "$METRICS/metrics" | awk '/^metallb_bgp_updates_total\{/ {n += $2} END {print n + 0}'
}
# what the daemon has sent has arrived
BASE=0
is_all() { ((U[left] + U[right] - BASE == $(sent))); }
arrived() { look && is_all; }
keepalives() { frr_peer router 10.0.2.2 .messageStats.keepalivesRecv; }
two_more() { (($(keepalives) >= $1 + 2)); }

# to the documents as they are now, uncounted
settle() {
	write
	mlbgpd host reload >"$LAB/reload.out" 2>&1 || notes <"$LAB/reload.out"
	# a peer that was gone counts from 0 again
	if [[ ${1:-} == anew ]]; then
		until_true 20 both_up
		wait_for 20 two_more "$(keepalives)"
		look
		BASE=$((U[left] + U[right] - $(sent)))
	else
		until_true 20 up_and_arrived
	fi
}
up_and_arrived() { both_up && is_all; }


# --- the cases ---------------------------------------------------------------------------------

# In a case:
#
#     from DOC PATH VALUE   the start, where it is not that of start_values
#     to DOC PATH VALUE     what changes; "to DOC PATH -" takes the field away
#     want LEFT RIGHT       UPDATEs; 0 0 unless said
#     begins PEER           whose session starts again; with all its routes, as diff foretells
#     ends PEER [gone]      whose session ends; the router takes it no more (or it is not there)
from() { set_field "$@" && FROM=yes; }
to() { CHANGES+=("$*"); }
want() { WANT[left]=$1 WANT[right]=$2; }
begins() { BEGINS=$1; }
ends() { ENDS=$1 GONE=${2:-}; }

left() { to BGPPeer/left "spec.$1" "$2"; }
policy() { to PeerPolicy/p "spec.$1" "$2"; }
pool_is() { to IPAddressPool/vips "spec.$1" "$2"; }
all() { to BGPAdvertisement/all "spec.$1" "$2"; }
web() { to Service/web "$1" "$2"; }
daemon() { to Daemon/d "spec.$1" "$2"; }
NOBODY='[{"matchLabels":{"no":"body"}}]'

# preference WORD DOCUMENT FIELD: of externalPreference, which a PeerPolicy and a Daemon have
preference() {
	local word=$1 doc=$2 at=externalPreference.$3
	case $3 in
	mode) "$word" "$at" med && want 1 0 ;;
	prependPerTier) "$word" "$at" 5 ;;
	medBase) from "$doc" spec.externalPreference.mode med && "$word" "$at" 7 && want 1 0 ;;
	medPerTier) from "$doc" spec.externalPreference.mode med && "$word" "$at" 7 ;;
	community)
		from "$doc" spec.externalPreference.mode community
		from "$doc" "spec.$at" '65000:$localPref'
		"$word" "$at" '65001:$localPref' && want 1 0
		;;
	*) return 1 ;;
	esac
}

the_case() {
	case $1 in
	peer.peerAddress) from BGPPeer/left spec.peerAddress 10.0.1.9 && left peerAddress 10.0.1.1 && begins left ;;
	peer.interface) left peerAddress - && left interface router && ends left gone ;;
	peer.vrf) left vrf red && ends left gone ;;
	peer.peerPort) left peerPort 1790 && begins left ;;
	peer.sourceAddress) left sourceAddress 10.0.1.2 && begins left ;;
	peer.myASN) left myASN 65009 && ends left ;;
	BGPPeer.localASN) left localASN 65009 && ends left ;;
	peer.peerASN) left peerASN 65010 && ends left ;;
	peer.dynamicASN)
		unset_field BGPPeer/left spec.peerASN && from BGPPeer/left spec.dynamicASN external
		left dynamicASN internal && ends left
		;;
	peer.routerID) left routerID 1.1.1.1 && begins left ;;
	peer.password) left password wrong && ends left ;;
	peer.password-another)
		unset_field BGPPeer/right spec.passwordSecret.name
		from BGPPeer/right spec.password opensesame
		to BGPPeer/right spec.password another
		;;
	peer.passwordFile) policy passwordFile "$LAB/key" && ends left ;;
	peer.passwordFile-another)
		unset_field BGPPeer/right spec.passwordSecret.name
		from PeerPolicy/p spec.peers '["right"]' && from PeerPolicy/p spec.passwordFile "$LAB/key"
		policy passwordFile "$LAB/other"
		;;
	peer.ttlSecurityHops) policy ttlSecurityHops 1 && ends left ;;
	peer.shutdown) policy shutdown true && ends left ;;
	peer.dualStackAddressFamily) left dualStackAddressFamily true && begins left ;;
	peer.ebgpMultiHop) left ebgpMultiHop true && begins left ;;
	peer.enableGracefulRestart) left enableGracefulRestart true && begins left ;;
	peer.holdTime) left holdTime 40s ;;
	peer.keepaliveTime) left keepaliveTime 2s ;;
	peer.connectTime) left connectTime 2s ;;
	peer.passive) policy passive true ;;
	peer.bfd.strict) policy bfd.strict true ;;
	peer.bfd.hops) policy bfd.hops multi ;;
	peer.bfdProfile) left bfdProfile quick ;;
	peer.bfdProfile-removed) from BGPPeer/left spec.bfdProfile quick && left bfdProfile - ;;
	peer.shutdownMessage) policy shutdownMessage bye ;;
	peer.drain) from PeerPolicy/p spec.shutdownMessage bye && policy drain true && want 1 0 ;;
	BGPPeer.nodeSelectors) left nodeSelectors "$NOBODY" && ends left gone ;;
	BGPPeer.passwordSecret) to BGPPeer/right spec.passwordSecret - && ends right ;;
	BGPPeer.disableMP) left disableMP true ;;

	PeerPolicy.nodeSelectors) from PeerPolicy/p spec.med 7 && policy nodeSelectors "$NOBODY" && want 1 0 ;;
	PeerPolicy.peers) from PeerPolicy/p spec.med 7 && policy peers '["right"]' && want 1 1 ;;
	PeerPolicy.peerSelectors)
		from PeerPolicy/p spec.med 7
		policy peerSelectors '[{"matchLabels":{"side":"right"}}]'
		from BGPPeer/right metadata.labels '{"side":"right"}'
		want 0 1
		;;
	PeerPolicy.localPref)
		unset_field BGPAdvertisement/all spec.localPref && from PeerPolicy/p spec.peers '["right"]'
		# two values: the external peer hears of a lower tier
		policy localPref 150 && want 1 1
		;;
	PeerPolicy.communities) policy communities '["64512:9"]' && want 1 0 ;;
	PeerPolicy.med) policy med 9 && want 1 0 ;;
	PeerPolicy.asPathPrepend) policy asPathPrepend 2 && want 1 0 ;;
	PeerPolicy.nextHop) policy nextHop 10.0.1.77 && want 1 0 ;;
	PeerPolicy.maximumPrefixes) policy maximumPrefixes 10 ;;
	PeerPolicy.externalPreference.*) preference policy PeerPolicy/p "${1##*.}" ;;

	IPAddressPool.addresses) pool_is addresses '["192.168.100.25/32","192.168.101.0/24"]' && want 2 2 ;;
	IPAddressPool.autoAssign) pool_is autoAssign false ;;
	IPAddressPool.avoidBuggyIPs) pool_is avoidBuggyIPs true && want 2 2 ;;
	IPAddressPool.serviceAllocation.priority) pool_is serviceAllocation.priority 5 ;;
	IPAddressPool.serviceAllocation.namespaces) pool_is serviceAllocation.namespaces '["other"]' && want 1 1 ;;
	IPAddressPool.serviceAllocation.namespaceSelectors)
		pool_is serviceAllocation.namespaceSelectors '[{"matchLabels":{"team":"z"}}]' && want 1 1
		;;
	IPAddressPool.serviceAllocation.serviceSelectors) pool_is serviceAllocation.serviceSelectors "$NOBODY" && want 1 1 ;;
	BGPAdvertisement.ipAddressPools) all ipAddressPools '["none"]' && want 1 1 ;;
	BGPAdvertisement.ipAddressPoolSelectors) all ipAddressPoolSelectors "$NOBODY" && want 1 1 ;;
	BGPAdvertisement.aggregationLength) all aggregationLength 24 && want 2 2 ;;
	BGPAdvertisement.aggregationLengthV6) all aggregationLengthV6 64 ;;
	BGPAdvertisement.localPref) all localPref 300 && want 0 1 ;;
	BGPAdvertisement.communities) all communities '["tag","64512:7"]' && want 1 1 ;;
	BGPAdvertisement.peers) all peers '["right"]' && want 1 0 ;;
	BGPAdvertisement.nodeSelectors) all nodeSelectors "$NOBODY" && want 1 1 ;;
	BGPAdvertisement.serviceSelectors) all serviceSelectors "$NOBODY" && want 1 1 ;;
	Community.communities) to Community/names spec.communities '[{"name":"tag","value":"64512:2"}]' && want 1 1 ;;
	BFDProfile.receiveInterval | BFDProfile.transmitInterval | BFDProfile.echoInterval)
		to BFDProfile/quick "spec.${1#*.}" 100
		;;
	BFDProfile.detectMultiplier | BFDProfile.minimumTtl) to BFDProfile/quick "spec.${1#*.}" 5 ;;
	BFDProfile.echoMode | BFDProfile.passiveMode) to BFDProfile/quick "spec.${1#*.}" true ;;
	L2Advertisement.*) to L2Advertisement/l2 spec.ipAddressPools '["vips","more"]' ;;

	Service.metadata.labels)
		from BGPAdvertisement/all spec.serviceSelectors '[{"matchLabels":{"app":"web"}}]'
		from Service/web metadata.labels '{"app":"web"}'
		web metadata.labels '{"app":"db"}' && want 1 1
		;;
	Service.metadata.annotations)
		web metadata.annotations '{"metallb.io/loadBalancerIPs":"192.168.100.21"}' && want 2 2
		;;
	Service.type) web spec.type ClusterIP && want 1 1 ;;
	Service.loadBalancerClass) web spec.loadBalancerClass a.example/b && want 1 1 ;;
	Service.loadBalancerIP) web spec.loadBalancerIP 192.168.100.30 && want 2 2 ;;
	Service.clusterIP) web spec.clusterIP '2001:db8::1' && want 1 1 ;;
	Service.clusterIPs) web spec.clusterIPs '["2001:db8::1"]' && want 1 1 ;;
	Service.ipFamilies) web spec.ipFamilies '["IPv6"]' && want 1 1 ;;
	Service.ipFamilyPolicy) web spec.ipFamilyPolicy RequireDualStack && want 1 1 ;;
	Service.externalTrafficPolicy) web spec.externalTrafficPolicy Local ;;
	Service.selector) web spec.selector '{"app":"web"}' ;;
	Service.ports) web spec.ports '[{"port":81}]' ;;
	Service.allocateLoadBalancerNodePorts | Service.publishNotReadyAddresses) web "spec.${1#*.}" true ;;
	Service.externalIPs) web spec.externalIPs '["192.0.2.77"]' ;;
	Service.loadBalancerSourceRanges) web spec.loadBalancerSourceRanges '["192.0.2.0/24"]' ;;
	Service.externalName) web spec.externalName a.example ;;
	Service.healthCheckNodePort) web spec.healthCheckNodePort 30000 ;;
	Service.internalTrafficPolicy) web spec.internalTrafficPolicy Local ;;
	Service.sessionAffinity) web spec.sessionAffinity ClientIP ;;
	Service.sessionAffinityConfig) web spec.sessionAffinityConfig.clientIP.timeoutSeconds 10 ;;
	Service.trafficDistribution) web spec.trafficDistribution PreferClose ;;
	Service.status.loadBalancer.ingress)
		web status.loadBalancer.ingress '[{"ip":"192.168.100.40"}]' && want 2 2
		;;
	Node.metadata.labels)
		to Node/host metadata.labels '{"node.kubernetes.io/exclude-from-external-load-balancers":""}'
		want 1 1
		;;
	Node.status.conditions)
		to Node/host status.conditions '[{"type":"NetworkUnavailable","status":"True"}]' && want 1 1
		;;
	Node.status.addresses)
		from BGPPeer/left spec.routerID 1.1.1.1
		to Node/host status.addresses '[{"type":"InternalIP","address":"9.9.9.9"}]' && begins right
		;;
	Namespace.metadata.labels)
		from IPAddressPool/vips spec.serviceAllocation.namespaceSelectors '[{"matchLabels":{"team":"a"}}]'
		to Namespace/default metadata.labels '{"team":"z"}'
		to Namespace/other metadata.labels '{"team":"a"}'
		want 1 1
		;;
	# another key in place: the session stays as long as the router may take to follow
	Secret.stringData) from Secret/key type kubernetes.io/basic-auth && to Secret/key stringData.password another ;;
	Secret.data)
		unset_field Secret/key stringData.password
		from Secret/key data.password b3BlbnNlc2FtZQ==
		to Secret/key data.password d3Jvbmc=
		;;
	AddressAllocation.services)
		to AddressAllocation/pins spec.services \
			'[{"namespace":"default","name":"web","addresses":["192.168.100.50"]}]'
		want 2 2
		;;
	AddressAllocation.nodeSelectors)
		from AddressAllocation/pins spec.services \
			'[{"namespace":"default","name":"web","addresses":["192.168.100.50"]}]'
		# no pin of this node: allocated as before it
		to AddressAllocation/pins spec.nodeSelectors "$NOBODY" && want 2 2
		;;

	Daemon.nodeSelectors) from Daemon/d spec.withdrawHold 6s && daemon nodeSelectors "$NOBODY" ;;
	Daemon.loadBalancerClass) daemon loadBalancerClass a.example/b && want 1 1 ;;
	Daemon.routerID) from BGPPeer/left spec.routerID 1.1.1.1 && daemon routerID 8.8.8.8 && begins right ;;
	Daemon.vipInterface) daemon vipInterface router ;;
	Daemon.vipMode) daemon vipMode route ;;
	Daemon.createInterface | Daemon.announceOnLink | Daemon.keepVIPsOnStop) daemon "${1#*.}" true ;;
	Daemon.unreachableAggregates) daemon unreachableAggregates false ;;
	Daemon.vipLifetime | Daemon.withdrawHold | Daemon.stopTimeout) daemon "${1#*.}" 60s ;;
	Daemon.defaultProbe) daemon defaultProbe listening ;;
	Daemon.listenAddresses) daemon listenAddresses '["0.0.0.0:1179"]' ;;
	Daemon.metricsAddress) daemon metricsAddress 127.0.0.1:7473 && METRICS=127.0.0.1:7473 ;;
	Daemon.logLevel) daemon logLevel debug ;;
	Daemon.externalPreference.*) preference daemon Daemon/d "${1##*.}" ;;

	PoolPolicy.vips)
		pool_is addresses '["192.168.100.0/24"]'
		to IPAddressPool/whole spec.addresses '["192.168.102.0/31"]'
		to PoolPolicy/w spec.ipAddressPools '["whole"]' && to PoolPolicy/w spec.vips addresses
		want 1 1
		;;
	PoolPolicy.interface) to PoolPolicy/w spec.interface router ;;
	PoolPolicy.vipMode) to PoolPolicy/w spec.vipMode route ;;
	PoolPolicy.aggregates)
		from BGPAdvertisement/all spec.aggregationLength 24
		to PoolPolicy/w spec.aggregates always
		;;
	PoolPolicy.ipAddressPools | PoolPolicy.ipAddressPoolSelectors | PoolPolicy.nodeSelectors)
		from PoolPolicy/w spec.aggregates always
		if [[ $1 == *Pools ]]; then
			to PoolPolicy/w spec.ipAddressPools '["vips"]'
		else
			to PoolPolicy/w "spec.${1#*.}" "$NOBODY"
		fi
		;;
	HealthCheck.probe) to HealthCheck/h spec.probe.tcpSocket.port 80 ;;
	HealthCheck.services) from HealthCheck/h spec.probe.tcpSocket.port 80 && to HealthCheck/h spec.services '["web"]' ;;
	HealthCheck.ipAddressPools)
		from HealthCheck/h spec.probe.tcpSocket.port 80 && to HealthCheck/h spec.ipAddressPools '["vips"]'
		;;
	HealthCheck.serviceSelectors | HealthCheck.ipAddressPoolSelectors | HealthCheck.nodeSelectors)
		from HealthCheck/h spec.probe.tcpSocket.port 80 && to HealthCheck/h "spec.${1#*.}" "$NOBODY"
		;;
	HealthCheck.onFailure)
		from HealthCheck/h spec.probe.tcpSocket.port 80 && to HealthCheck/h spec.onFailure.action unassign
		;;
	*) return 1 ;;
	esac
}

# --- a row ---------------------------------------------------------------------------------------

declare -A WANT=() KEPT=()
begin_case() {
	local key
	start_values
	for key in "${!KEPT[@]}"; do F[$key]=${KEPT[$key]}; done
	CHANGES=() WANT=([left]=0 [right]=0) BEGINS='' ENDS='' GONE='' FROM=''
}
change() {
	local one doc path value
	for one in "${CHANGES[@]}"; do
		read -r doc path value <<<"$one"
		if [[ $value == - ]]; then
			for value in "${!F[@]}"; do
				[[ $value != "$doc $path" && $value != "$doc $path."* ]] || unset "F[$value]"
			done
		else
			set_field "$doc" "$path" "$value"
			# what costs the router nothing, or a session each time, stays for the cases to come
			[[ $COST == UPDATES || -n $ENDS || -n $FROM ]] || KEPT[$doc $path]=$value
		fi
	done
	write
}
has_begun() { look && ((S[$1] == BEFORE_S[$1] + 1)) && [[ ${UP[$1]} == Established ]]; }
has_ended() { look && { [[ ${UP[$1]} != Established ]] || ((S[$1] > BEFORE_S[$1])); }; }
came() { echo "$((U[left] - BEFORE_U[left])) $((U[right] - BEFORE_U[right]))"; }
starts() { echo "$((S[left] - BEFORE_S[left])) $((S[right] - BEFORE_S[right]))"; }

declare -A BEFORE_U=() BEFORE_S=()
# run_case KIND FIELD COST
run_case() {
	local name=$1.$2 other foretold words wanted want_starts='0 0'
	COST=$3
	begin_case
	if ! the_case "$name"; then
		not_ok "$name ($COST): there is no case for it"
		return
	fi
	[[ -z $FROM && -z $DIRTY ]] || settle "$DIRTY"
	DIRTY=
	for other in left right; do BEFORE_U[$other]=${U[$other]} BEFORE_S[$other]=${S[$other]}; done
	change
	foretold=$(mlbgpd host diff --json "$LAB/host.yaml" 2>/dev/null | jq .updates)
	mlbgpd host reload >"$LAB/reload.out" 2>&1 || notes <"$LAB/reload.out"
	words="$name ($COST)"
	if [[ -n $ENDS ]]; then
		other=left
		[[ $ENDS == right ]] || other=right
		DIRTY=yes
		[[ -z $GONE ]] || DIRTY=anew
		if [[ $COST == RESTART ]] && until_true 20 has_ended "$ENDS" &&
			((U[$other] == BEFORE_U[$other] && S[$other] == BEFORE_S[$other])); then
			ok "$words: the session of $ENDS ends, that of $other hears nothing"
		else
			not_ok "$words: a session should end, the other should hear nothing"
			note "UPDATEs $(came), starts $(starts), $ENDS is ${UP[$ENDS]}"
		fi
		return
	fi
	wanted="${WANT[left]} ${WANT[right]}"
	if [[ $BEGINS == left ]]; then
		want_starts='1 0' wanted="$foretold 0"
	elif [[ $BEGINS == right ]]; then
		want_starts='0 1' wanted="0 $foretold"
	fi
	if [[ -n $BEGINS ]]; then
		until_true 20 has_begun "$BEGINS"
	fi
	until_true 10 arrived
	[[ $COST != UPDATES && -z $FROM ]] || DIRTY=yes
	is "$words: UPDATEs, starts, all foretold; and the cost fits" \
		"$(came), $(starts), $foretold, $(costs_so "$wanted" "$want_starts")" \
		"$wanted, $want_starts, $((${wanted% *} + ${wanted#* })), yes"
}
# does the row's cost allow for what the case wants?
costs_so() {
	case $COST in
	RESTART) [[ $2 != '0 0' ]] ;;
	UPDATES) [[ $2 == '0 0' ]] ;;
	*) [[ "$1 $2" == '0 0 0 0' ]] ;;
	esac && echo yes || echo no
}

rows() {
	sed -n 's/^COST("\([^"]*\)", \([A-Z_]*\),.*/peer \1 \2/p' "$TOP/src/plan/peer_costs.def" |
		sed 's/ (\([^)]*\))/-\1/'
	sed -n 's/^FIELD("\([^"]*\)", "\([^"]*\)", \([A-Z_]*\))$/\1 \2 \3/p' "$TOP/src/plan/field_costs.def"
}

# costs_run: KIND FIELD COST, a line each, from stdin
costs_run() {
	local kind field cost
	start_values
	write
	mlbgpd_start host
	until_true 60 both_up
	DIRTY=anew
	while read -r kind field cost <&3; do
		run_case "$kind" "$field" "$cost"
	done 3<&0
	stop host
	is 'stopped in order' "$STATUS" 0
}
