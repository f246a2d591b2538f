#!/bin/bash
# 34-pool-policy: whole pools as VIPs, as addresses and as blocks: at the router and on the host
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node host router
wire host router
address host router 192.0.2.2/30 2001:db8:ffff::2/64
address router host 192.0.2.1/30 2001:db8:ffff::1/64

policy() {
	printf -- '---\napiVersion: mlbgpd.io/v1alpha1\nkind: PoolPolicy\nmetadata: {name: %s}\nspec:\n' "$1"
	shift
	printf '  %s\n' "$@"
}
# documents VIPS-OF-THE-ANYCAST-POOL, or none: without any policy
documents() {
	peer router 192.0.2.1 64512 64512
	peer router6 2001:db8:ffff::1 64512 64512
	pool anycast 198.51.100.0/28 2001:db8:1::/64
	pool some 203.0.113.0/28
	advertisement all
	advertisement sum 'ipAddressPools: [some]' 'aggregationLength: 28'
	service web 203.0.113.1
	[[ $1 != none ]] || return 0
	policy whole 'ipAddressPools: [anycast]' "vips: $1"
	policy always 'ipAddressPools: [some]' 'aggregates: always'
}
frr_start router <<'END'
router bgp 64512
 bgp router-id 192.0.2.1
 no bgp default ipv4-unicast
 neighbor 192.0.2.2 remote-as 64512
 neighbor 192.0.2.2 timers connect 1
 neighbor 2001:db8:ffff::2 remote-as 64512
 neighbor 2001:db8:ffff::2 timers connect 1
 address-family ipv4 unicast
  neighbor 192.0.2.2 activate
 address-family ipv6 unicast
  neighbor 2001:db8:ffff::2 activate
END
has_local() { in_node host ip "-$1" route show table local proto 179 | grep -Fq "local $2 dev lo "; }
has_other() { in_node host ip route show table local proto 99 | grep -Fq 'local 198.51.100.0/27 dev lo '; }
local_routes() { in_node host ip "-$1" route show table local proto 179 | wc -l; }
no_local() { (($(local_routes 4) == 0 && $(local_routes 6) == 0)); }
answers() { in_node router ping -c 1 -W 1 "$1"; }

# one of the kernel's table that is somebody else's
in_node host ip route add local 198.51.100.0/27 dev lo proto 99

documents prefixes >"$LAB/host.yaml"
mlbgpd_start host
eventually 'the block is one route at the router' 60 frr_has router 198.51.100.0/28
eventually 'the IPv6 one too' 60 frr_has router 2001:db8:1::/64
check 'and one local route here' has_local 4 198.51.100.0/28
check 'and one for IPv6' has_local 6 2001:db8:1::/64
eventually 'every address of it answers' 20 answers 198.51.100.7
eventually 'of the IPv6 one too' 20 answers 2001:db8:1::7
is 'show vips: the block, of pool/anycast' \
	"$(mlbgpd_show host vips '[.[] | select(.pool == "anycast") | [.address, .services[0], .state]] | sort' | tr -d ' ')" \
	'[["198.51.100.0/28","pool/anycast","announced"],["2001:db8:1::/64","pool/anycast","announced"]]'
is 'show vips of an address inside' "$(mlbgpd host show vips 198.51.100.7 --json | jq -r '.[].address')" 198.51.100.0/28
is 'show services has the pool' \
	"$(mlbgpd_show host services '.[] | select(.name == "anycast") | [.namespace, .state, .advertised]' | tr -d ' ')" \
	'["pool","allocated",true]'
like 'explain of an address inside' "$(mlbgpd host explain 198.51.100.7 router)" '198\.51\.100\.0/28 was sent'
before=$(pair_sessions)

stop host KILL
check 'a crash leaves the route' has_local 4 198.51.100.0/28
mlbgpd_start host
eventually 'it is adopted' 60 frr_has router 198.51.100.0/28
is 'once' "$(local_routes 4)" 1
eventually 'the session is back' 60 frr_established router 192.0.2.2
before=$(pair_sessions)
in_node host ip route del local 198.51.100.0/28 dev lo proto 179
eventually 'what somebody removes comes back' 20 has_local 4 198.51.100.0/28

documents addresses | sed '/2001:db8:1::/d' >"$LAB/host.yaml"
check 'reload: addresses instead' mlbgpd host reload
eventually 'each is announced' 30 frr_has router 198.51.100.15/32
eventually 'the block is withdrawn' 30 frr_lacks router 198.51.100.0/28
is 'sixteen of them' "$(addresses host lo | grep -c '^198\.51\.100\.')" 16
eventually 'no local route of ours is left' 30 no_local
eventually 'each answers' 20 answers 198.51.100.15
is 'the session was not touched' "$(pair_sessions)" "$before"

# An aggregate that stays whatever the health: one VIP is taken away, and what remains is the sum.
check 'the aggregate is there' frr_has router 203.0.113.0/28
check 'and its VIP' frr_has router 203.0.113.1/32

documents none >"$LAB/host.yaml"
check 'reload: without any policy' mlbgpd host reload
eventually 'all of the pool is withdrawn' 30 frr_lacks router 198.51.100.15/32
eventually 'and off' 30 eval '! addresses host lo | grep -q "^198\.51\.100\."'
check "somebody else's route stands" has_other
stop host
is 'stopped in order' "$STATUS" 0
check 'nothing of ours is left' no_local
finish
