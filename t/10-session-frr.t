#!/bin/bash
# 10-session-frr: sessions with FRR: internal and external, both families, MD5, what routes carry
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node host inner outer stranger
wire host inner
wire host outer
wire host stranger
address host inner 192.0.2.2/30 2001:db8:1::2/64
address inner host 192.0.2.1/30 2001:db8:1::1/64
address host outer 192.0.2.6/30
address outer host 192.0.2.5/30
address host stranger 192.0.2.10/30
address stranger host 192.0.2.9/30

{
	peer inner4 192.0.2.1 64512 64512
	peer inner6 2001:db8:1::1 64512 64512 'routerID: 192.0.2.2'
	peer outer 192.0.2.5 64512 65001 'password: opensesame'
	peer stranger 192.0.2.9 64512 65002 'password: wrong'
	pool four 203.0.113.0/24
	pool six 2001:db8:113::/64
	advertisement inner 'peers: [inner4, inner6]' 'localPref: 200' \
		'communities: ["64512:10", "64512:20", "large:64512:1:70000"]'
	advertisement outer 'peers: [outer, stranger]' 'localPref: 200' 'communities: ["64512:30"]'
	service web 203.0.113.80
	service mail 2001:db8:113::25
} >"$LAB/host.yaml"

frr_start inner <<'END'
router bgp 64512
 bgp router-id 192.0.2.1
 no bgp default ipv4-unicast
 neighbor 192.0.2.2 remote-as 64512
 neighbor 192.0.2.2 timers connect 1
 neighbor 2001:db8:1::2 remote-as 64512
 neighbor 2001:db8:1::2 timers connect 1
 address-family ipv4 unicast
  neighbor 192.0.2.2 activate
 address-family ipv6 unicast
  neighbor 2001:db8:1::2 activate
END
# outside NODE ASN ROUTER-ID HOST KEY
outside() {
	frr_start "$1" <<-END
		router bgp $2
		 bgp router-id $3
		 no bgp ebgp-requires-policy
		 neighbor $4 remote-as 64512
		 neighbor $4 password $5
		 neighbor $4 timers connect 1
	END
}
outside outer 65001 192.0.2.5 192.0.2.6 'opensesame'
outside stranger 65002 192.0.2.9 192.0.2.10 right
mlbgpd_start host

eventually 'internal IPv4 session' 30 frr_established inner 192.0.2.2
eventually 'internal IPv6 session' 30 frr_established inner 2001:db8:1::2
eventually 'external session with MD5' 30 frr_established outer 192.0.2.6

eventually 'internal: IPv4 route' 20 frr_has inner 203.0.113.80/32
eventually 'internal: IPv6 route' 20 frr_has inner 2001:db8:113::25/128
eventually 'external: IPv4 route' 20 frr_has outer 203.0.113.80/32

four=$(frr_path inner 203.0.113.80/32 '.[0]')
six=$(frr_path inner 2001:db8:113::25/128 '.[0]')
out=$(frr_path outer 203.0.113.80/32 '.[0]')
is 'one path only' "$(frr_path inner 203.0.113.80/32 length)" 1
is 'LOCAL_PREF 200, IPv4' "$(jq -r .locPrf <<<"$four")" 200
is 'LOCAL_PREF 200, IPv6' "$(jq -r .locPrf <<<"$six")" 200
is 'no LOCAL_PREF outside' "$(jq -r '.locPrf // "none"' <<<"$out")" none
is 'communities, sorted' "$(jq -r .community.string <<<"$four")" '64512:10 64512:20'
is 'communities, IPv6' "$(jq -r .community.string <<<"$six")" '64512:10 64512:20'
is 'large community' "$(jq -r .largeCommunity.string <<<"$four")" 64512:1:70000
is 'communities outside' "$(jq -r .community.string <<<"$out")" 64512:30
is 'AS path is empty inside' "$(jq -r .aspath.length <<<"$four")" 0
is 'AS path is our AS outside' "$(jq -r .aspath.string <<<"$out")" 64512
is 'origin' "$(jq -r .origin <<<"$four")" IGP
is 'next hop is our address, IPv4' "$(jq -r '.nexthops[0].ip' <<<"$four")" 192.0.2.2
is 'next hop is our address, IPv6' \
	"$(jq -r '[.nexthops[] | select(.scope == "global").ip][0]' <<<"$six")" 2001:db8:1::2
is 'next hop is reachable, IPv6' "$(jq -r '.valid' <<<"$six")" true
is 'only the IPv6 route on the IPv6 session' \
	"$(frr_peer inner 2001:db8:1::2 '[.addressFamilyInfo[].acceptedPrefixCounter] | add')" 1
is 'only the IPv4 route on the IPv4 session' \
	"$(frr_peer inner 192.0.2.2 '[.addressFamilyInfo[].acceptedPrefixCounter] | add')" 1

four_octets=.neighborCapabilities.\"4byteAs\"
is 'capability: four-octet AS' "$(frr_peer inner 192.0.2.2 "$four_octets")" advertisedAndReceived
like 'capability: route refresh' "$(frr_peer inner 192.0.2.2 .neighborCapabilities.routeRefresh)" \
	'advertisedAndReceived'
is 'hold time is the smaller one' "$(frr_peer inner 192.0.2.2 .bgpTimerHoldTimeMsecs)" 30000
is 'our router id, IPv6' "$(frr_peer inner 2001:db8:1::2 .remoteRouterId)" 192.0.2.2

# Route refresh: everything again, nothing else
sent=$(frr_peer inner 192.0.2.2 .messageStats.updatesRecv)
frr inner clear bgp ipv4 unicast 192.0.2.2 soft in
more_updates() { (($(frr_peer inner 192.0.2.2 .messageStats.updatesRecv) > sent)); }
eventually 'route refresh is answered' 10 more_updates
check 'the route is still there' frr_has inner 203.0.113.80/32

# show
is 'show: Established' "$(mlbgpd_show host peers '.[] | select(.name == "inner4").state')" Established
is 'show: internal' "$(mlbgpd_show host peers '.[] | select(.name == "inner6").type')" internal
is 'show: external' "$(mlbgpd_show host peers '.[] | select(.name == "outer").type')" external
is 'show: the router id of the other' \
	"$(mlbgpd_show host peers '.[] | select(.name == "outer").remoteRouterID')" 192.0.2.5
is 'show: routes' "$(mlbgpd_show host routes \
	'[.[] | "\(.peer) \(.prefix) \(.localPref)"] | sort | join(", ")')" \
	'inner4 203.0.113.80/32 200, inner6 2001:db8:113::25/128 200, outer 203.0.113.80/32 null'
check 'show peers, in words' mlbgpd host show peers

# explain
explained() { mlbgpd host explain "$1" "$2" --json | jq -cr "$3"; }
is 'explain: yes, to the end' "$(explained 203.0.113.80 inner4 \
	'.peers[] | "\(.announced) \(.chain[-1].step) \(all(.chain[]; .ok))"')" 'true route true'
like 'explain: what was sent' "$(explained web inner4 '.peers[0].chain[-1].text')" \
	'203.0.113.80/32.*local preference 200.*64512:10 64512:20'
is 'explain: the file' "$(explained web inner4 '.peers[0].chain[0].file')" "$LAB/host.yaml"
is 'explain: no, the other family' "$(explained default/web inner6 \
	'.peers[] | "\(.announced) \(.chain[-1].step)"')" 'false family'
is 'explain: no, the session' "$(explained web stranger \
	'.peers[] | "\(.announced) \(.chain[-1].step)"')" 'false session'
is 'explain: every peer' "$(mlbgpd host explain web --json | jq '.peers | length')" 4
like 'explain: the session, in words' "$(explained web stranger '.peers[0].chain[-1].text')" \
	'session is not up: [A-Z]'
like 'explain: the VIP' "$(explained web outer '.peers[0].chain[] | select(.step == "vip").text')" \
	'203.0.113.80 stands on interface lo .put there by mlbgpd.$'
like 'explain, in words' "$(mlbgpd host explain web outer)" 'to peer outer: announced'
like 'explain: the nearest name' "$(mlbgpd host explain wbe 2>&1)" 'did you mean web'
like 'explain: the nearest peer' "$(mlbgpd host explain web outr 2>&1)" 'did you mean outer'

# The stranger has another key: its packets are thrown away by the kernel.
eventually 'a wrong MD5 key: the kernel counts it' 30 md5_failures host
is 'a wrong MD5 key: no session' "$(frr_peer stranger 192.0.2.10 '.bgpState == "Established"')" false
is 'a wrong MD5 key: no route' "$(frr_path stranger 203.0.113.80/32 length)" 0

# The router ends a session: it comes back by itself.
before=$(frr_peer inner 192.0.2.2 .connectionsEstablished)
frr inner clear bgp ipv4 192.0.2.2
again() {
	(($(frr_peer inner 192.0.2.2 .connectionsEstablished) > before)) &&
		frr_established inner 192.0.2.2 && frr_has inner 203.0.113.80/32
}
eventually 'a session that the router resets comes back, with the route' 60 again
check 'the log has no password' bash -c "test -s '$LAB/host.log' && ! grep sesame '$LAB/host.log'"

stop host
is 'stopped in order' "$STATUS" 0
finish
