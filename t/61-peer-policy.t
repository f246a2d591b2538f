#!/bin/bash
# 61-peer-policy: what PeerPolicies make of the routes, seen at the routers; a drain and its end
# are a reload, and start no session again
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node host inside outside
wire host inside
wire host outside
address host inside 10.0.1.2/29
address host inside 10.0.1.3/29
address inside host 10.0.1.1/29
address host outside 10.0.2.2/29
address host outside 10.0.2.3/29
address outside host 10.0.2.1/29

base() {
	peer inside 10.0.1.1 65000 65000
	peer outside 10.0.2.1 65000 65002
	pool vips 192.168.100.0/24
	advertisement all
	service shop 192.168.100.10
}
# policy NAME PEER SPEC-LINE...
policy() {
	local name=$1 peer=$2
	shift 2
	printf -- '---\napiVersion: mlbgpd.io/v1alpha1\nkind: PeerPolicy\nmetadata: {name: %s}\n' "$name"
	printf 'spec:\n  peers: [%s]\n' "$peer"
	printf '  %s\n' "$@"
}
write() { cat >"$LAB/new" && mv "$LAB/new" "$LAB/host.yaml"; }
base | write

router() { # NODE ADDRESS HOST ASN
	frr_start "$1" <<-END
		router bgp $4
		 bgp router-id $2
		 no bgp ebgp-requires-policy
		 neighbor $3 remote-as 65000
		 neighbor $3 timers connect 1
	END
}
router inside 10.0.1.1 10.0.1.2 65000
router outside 10.0.2.1 10.0.2.2 65002
mlbgpd_start host

# path_is ROUTER FILTER VALUE: jq's FILTER over the one path
path_is() { [[ $(frr_path "$1" 192.168.100.10/32 ".[0] | $2") == "$3" ]]; }
eventually 'the internal router has the route' 60 path_is inside .locPrf 100
eventually 'the external router has the route' 60 path_is outside .aspath.string 65000
is 'without communities' "$(frr_path outside 192.168.100.10/32 '.[0].community.string // "none"')" none

{
	base
	policy in inside 'localPref: 150' 'med: 7' 'nextHop: 10.0.1.3'
	policy out outside 'communities: ["65000:9", "large:65000:1:2"]' 'asPathPrepend: 1' \
		'externalPreference: {prependPerTier: 2}' 'nextHop: 10.0.2.3'
} | write
diff=$(mlbgpd host diff --json "$LAB/host.yaml")
is 'diff foretells a route changed for each' \
	"$(jq -c '[.routes[] | .changed | length]' <<<"$diff")" '[1,1]'
is 'and no session' "$(jq -c '[.sessions[] | length] | add' <<<"$diff")" 0
check 'reload' mlbgpd host reload
eventually 'localPref where the advertisement has none' 30 path_is inside .locPrf 150
check 'med' path_is inside .metric 7
check 'next hop inside' path_is inside '.nexthops[0].ip' 10.0.1.3
eventually 'asPathPrepend beside the tier' 30 path_is outside .aspath.string '65000 65000 65000 65000'
check 'community' path_is outside .community.string 65000:9
check 'large community' path_is outside .largeCommunity.string 65000:1:2
check 'next hop outside' path_is outside '.nexthops[0].ip' 10.0.2.3
is 'show routes has the next hops' "$(mlbgpd_show host routes '[.[].nextHop] | sort | join(" ")')" \
	'10.0.1.3 10.0.2.3'
is 'so has plan' "$("$MLBGPD" plan --node host --json "$LAB/host.yaml" | jq -c '[.routes[].nextHop] | sort')" \
	'["10.0.1.3","10.0.2.3"]'

{
	base
	policy in inside 'drain: true'
	policy out outside 'drain: true'
} | write
check 'reload with a drain' mlbgpd host reload
eventually 'drained inside: LOCAL_PREF 0' 30 path_is inside .locPrf 0
check 'drained inside: GRACEFUL_SHUTDOWN' path_is inside .community.string graceful-shutdown
eventually 'drained outside: a tier below the only one' 30 \
	path_is outside .aspath.string '65000 65000 65000 65000'
check 'drained outside: GRACEFUL_SHUTDOWN' path_is outside .community.string graceful-shutdown
is 'show peers says so' "$(mlbgpd_show host peers 'map(.draining) | unique | join(" ")')" true

base | write
check 'reload without' mlbgpd host reload
eventually 'as before inside' 30 path_is inside .locPrf 100
eventually 'as before outside' 30 path_is outside .aspath.string 65000
is 'no session started again' "$(mlbgpd_show host peers 'map(.establishedCount) | unique | join(" ")')" 1

{
	base
	service more 192.168.100.11
	policy out outside 'maximumPrefixes: 1'
} | write
refused 'a reload above maximumPrefixes' 1 'maximum-prefixes' mlbgpd host reload
check 'changes nothing' path_is outside .aspath.string 65000

stop host
is 'stopped in order' "$STATUS" 0
finish
