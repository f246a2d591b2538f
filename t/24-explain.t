#!/bin/bash
# 24-explain: why a VIP is announced or not, with the line that says so: what plan, host and session
# decide, for a running daemon
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node host up down
wire host up
wire host down
address host up 192.0.2.2/30
address up host 192.0.2.1/30
address host down 192.0.2.6/30
address down host 192.0.2.5/30

{
	peer up 192.0.2.1 64512 64512
	peer down 192.0.2.5 64512 65009
	pool four 203.0.113.0/24
	advertisement all 'aggregationLength: 28'
	service web 203.0.113.80
	cat <<-'END'
		---
		{apiVersion: v1, kind: Service, metadata: {name: ftp, annotations: {
		  metallb.io/loadBalancerIPs: 203.0.113.81, metallb.io/allow-shared-ip: key}},
		  spec: {type: LoadBalancer, ports: [{port: 21}]}}
		---
		{apiVersion: v1, kind: Service, metadata: {name: ssh, annotations: {
		  metallb.io/loadBalancerIPs: 203.0.113.81, metallb.io/allow-shared-ip: key}},
		  spec: {type: LoadBalancer, ports: [{port: 22}]}}
		---
		{apiVersion: v1, kind: Service, metadata: {name: inner}, spec: {ports: [{port: 22}]}}
		---
		{apiVersion: v1, kind: Service, metadata: {name: lost},
		  spec: {type: LoadBalancer, loadBalancerIP: 10.9.9.9, ports: [{port: 22}]}}
	END
} >"$LAB/host.yaml"
frr_start up <<'END'
router bgp 64512
 bgp router-id 192.0.2.1
 neighbor 192.0.2.2 remote-as 64512
 neighbor 192.0.2.2 timers connect 1
END
# its FRR takes us for another AS
frr_start down <<'END'
router bgp 65001
 bgp router-id 192.0.2.5
 no bgp ebgp-requires-policy
 neighbor 192.0.2.6 remote-as 64512
 neighbor 192.0.2.6 timers connect 1
END
mlbgpd_start host
eventually 'the route is at the router' 60 frr_has up 203.0.113.80/28

# line PATTERN: of the file, the first
line() { grep -n -m 1 -- "$1" "$LAB/host.yaml" | cut -d: -f1; }
web=$(mlbgpd host explain web up)
like 'announced: says so' "$web" '^default/web, 203.0.113.80 to peer up: announced$'
like 'the aggregate that carries it' "$web" \
	"yes  203.0.113.80 is carried by 203.0.113.80/28  \(.*host.yaml:$(line aggregationLength)\)"
like 'the VIP stands' "$web" 'yes  203.0.113.80 stands on interface lo \(put there by mlbgpd\)'
like 'the session, with the line of its peer' "$web" \
	"yes  the session is Established  \(.*host.yaml:$(line 'peerAddress: "192.0.2.1"')\)"
like 'the route as it was sent' "$web" 'yes  203.0.113.80/28 was sent: next hop 192.0.2.2, AS path empty'

has_error() { mlbgpd host explain web down | grep -q 'last error'; }
eventually 'a session that fails says why' 30 has_error
down=$(mlbgpd host explain web down)
like 'not announced: says so' "$down" '^default/web, 203.0.113.80 to peer down: not announced$'
like 'the last error, the reason in a word, and the line' "$down" \
	"no   the session is not up: .*last error: .*\[sessionNotEstablished\]  \(.*host.yaml:$(line 'peerAddress: "192.0.2.5"')\)"

shared=$(mlbgpd host explain 203.0.113.81 up)
is 'a shared VIP has one chain' "$(grep -c '^default/' <<<"$shared")" 1
like 'and speaks for the other Service' "$shared" '^  also default/ssh, yes: '
is 'as JSON' "$(mlbgpd host explain 203.0.113.81 up --json | jq -c '[.peers[] | .announced, .reason, .shared[].service]')" \
	'[true,null,"default/ssh"]'

like 'a Service of another type' "$(mlbgpd host explain inner)" \
	"no   Service default/inner is of type ClusterIP.* \[notLoadBalancer\]  \(.*host.yaml:$(line 'name: inner')\)"
like 'a Service without an address, once for all peers' "$(mlbgpd host explain default/lost)" \
	'^default/lost to any peer: not announced$'
is 'its reason' "$(mlbgpd host explain lost --json | jq -c '[.peers[].reason]')" '["ipNotAllowed"]'
like 'an address that nobody has' "$(mlbgpd host explain 203.0.113.9)" 'no   no Service has .* \[serviceDeleted\]'
like 'an address of no pool' "$(mlbgpd host explain 10.0.0.1)" 'no   10.0.0.1 is in no IPAddressPool.* \[ipNotAllowed\]'
check 'a no has status 0' mlbgpd host explain 10.0.0.1
refused 'a misspelt Service: the nearest' 1 'did you mean web' mlbgpd host explain wbe
refused 'one of another type, misspelt' 1 'did you mean inner' mlbgpd host explain iner
refused 'a misspelt peer: the nearest' 1 'did you mean down' mlbgpd host explain web donw

# the host's part
{
	cat "$LAB/host.yaml"
	service new 203.0.113.90
	printf -- '---\napiVersion: mlbgpd.io/v1alpha1\nkind: Daemon\nmetadata: {name: d}\n'
	printf 'spec: {vipInterface: nowhere}\n'
} >"$LAB/new" && mv "$LAB/new" "$LAB/host.yaml"
mlbgpd host reload >"$LAB/reload.out" 2>&1
like 'a VIP whose interface is missing' "$(mlbgpd host explain new up)" \
	'no   203.0.113.90 does not stand on interface nowhere.* \[vipNotThere\]'

stop host
finish
