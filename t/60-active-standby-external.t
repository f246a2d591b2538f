#!/bin/bash
# 60-active-standby-external: primary and standby router in ASes of their own, picked by a Node's
# label; what localPref is meant for reaches both as communities and as a longer AS path
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node host primary standby
wire host primary
wire host standby
address host primary 10.0.1.2/30
address primary host 10.0.1.1/30
address host standby 10.0.2.2/30
address standby host 10.0.2.1/30

cat >"$LAB/host.yaml" <<'END'
apiVersion: v1
kind: Node
metadata:
  name: host
  labels: {node-role.kubernetes.io/worker: "true"}
---
apiVersion: v1
kind: Node
metadata: {name: spare}
---
apiVersion: metallb.io/v1beta1
kind: Community
metadata: {name: paths}
spec:
  communities:
    - {name: first-choice, value: "65000:100"}
    - {name: second-choice, value: "65000:200"}
---
apiVersion: v1
kind: Service
metadata:
  name: shop
  annotations: {metallb.io/loadBalancerIPs: 192.168.100.10}
spec:
  type: LoadBalancer
  ports: [{port: 443}]
END
workers='nodeSelectors: [{matchLabels: {node-role.kubernetes.io/worker: "true"}}]'
{
	peer primary 10.0.1.1 65000 65001 "$workers"
	peer standby 10.0.2.1 65000 65002 "$workers"
	pool vips 192.168.100.0/24
	advertisement first 'peers: [primary]' 'localPref: 200' 'communities: [first-choice]' \
		'aggregationLength: 32'
	advertisement second 'peers: [standby]' 'localPref: 100' 'communities: [second-choice]' \
		'aggregationLength: 32'
} >>"$LAB/host.yaml"

out=$("$MLBGPD" check --node host "$LAB/host.yaml" 2>&1)
is 'the file is valid' "$?" 0
like 'check says what becomes of localPref outside' "$out" 'warning: BGPAdvertisement/second: .*localPref'
out=$("$MLBGPD" check --node spare "$LAB/host.yaml" 2>&1)
like 'check on a node without the label names it' "$out" 'node-role.kubernetes.io/worker'
plan() { "$MLBGPD" plan --node "$1" --json "$LAB/host.yaml"; }
is 'plan: the AS paths' "$(plan host | jq -c '[.routes[] | {(.peer): .asPath}] | add')" \
	'{"primary":[65000],"standby":[65000,65000,65000,65000]}'
is 'plan: nothing on the spare node' "$(plan spare | jq '.routes + .peers | length')" 0

router() { # NODE ADDRESS HOST ASN
	frr_start "$1" <<-END
		router bgp $4
		 bgp router-id $2
		 no bgp ebgp-requires-policy
		 neighbor $3 remote-as 65000
		 neighbor $3 timers connect 1
	END
}
router primary 10.0.1.1 10.0.1.2 65001
bird_start standby <<'END'
router id 10.0.2.1;
protocol device { }
protocol bgp host {
	local as 65002; neighbor 10.0.2.2 as 65000;
	connect delay time 1; error wait time 1,2;
	ipv4 { import all; export none; };
}
END
mlbgpd_start host

eventually 'the primary has the route' 60 frr_has primary 192.168.100.10/32
eventually 'the standby has the route' 60 bird_has standby 192.168.100.10/32
path=$(frr_path primary 192.168.100.10/32 '.[0]')
is 'primary: community' "$(jq -r .community.string <<<"$path")" 65000:100
is 'primary: AS path' "$(jq -r .aspath.string <<<"$path")" 65000
is 'primary: next hop' "$(jq -r '.nexthops[0].ip' <<<"$path")" 10.0.1.2
is 'primary: no LOCAL_PREF on the wire' "$(jq -r '.locPrf // "none"' <<<"$path")" none
route=$(bird_route standby 192.168.100.10/32)
like 'standby: community' "$route" 'BGP.community: \(65000,200\)$'
like 'standby: a longer AS path' "$route" 'BGP.as_path: 65000 65000 65000 65000$'
like 'standby: next hop' "$route" 'BGP.next_hop: 10\.0\.2\.2$'
check 'the VIP is on lo' has_address host lo 192.168.100.10/32
is 'show routes agrees' "$(mlbgpd_show host routes '[.[] | "\(.peer) \(.asPath | length)"] | sort | join(", ")')" \
	'primary 1, standby 4'

stop host
is 'stopped in order' "$STATUS" 0
finish
