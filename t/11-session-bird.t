#!/bin/bash
# 11-session-bird: the same with BIRD: internal and external, both families, MD5, passive listening
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node host inner outer
wire host inner
wire host outer
address host inner 192.0.2.2/30 2001:db8:1::2/64
address inner host 192.0.2.1/30 2001:db8:1::1/64
address host outer 192.0.2.6/30 2001:db8:2::6/64
address outer host 192.0.2.5/30 2001:db8:2::5/64

{
	peer inner4 192.0.2.1 64512 64512 'password: open sesame'
	peer inner6 2001:db8:1::1 64512 64512 'routerID: 192.0.2.2'
	peer outer4 192.0.2.5 64512 4200000001
	peer outer6 2001:db8:2::5 64512 4200000001 'routerID: 192.0.2.2' 'password: wrong'
	pool four 203.0.113.0/24
	pool six 2001:db8:113::/64
	advertisement inner 'peers: [inner4, inner6]' 'localPref: 50' \
		'communities: ["64512:10", "large:4200000001:1:2"]'
	advertisement outer 'peers: [outer4, outer6]' 'aggregationLength: 28'
	service web 203.0.113.80
	service www 203.0.113.81
	service mail 2001:db8:113::25
} >"$LAB/host.yaml"

bird_start inner <<END
log "$LAB/inner.bird.log" all;
router id 192.0.2.1;
protocol device { }
template bgp host { local as 64512; direct; hold time 240; connect delay time 1; error wait time 1,2; }
protocol bgp four from host {
	neighbor 192.0.2.2 as 64512; password "open sesame";
	ipv4 { import all; export none; };
}
# waits for us to dial
protocol bgp six from host {
	neighbor 2001:db8:1::2 as 64512; passive on;
	ipv6 { import all; export none; };
}
END
bird_start outer <<END
log "$LAB/outer.bird.log" all;
router id 192.0.2.5;
protocol device { }
template bgp host { local as 4200000001; hold time 240; connect delay time 1; error wait time 1,2; }
protocol bgp four from host { neighbor 192.0.2.6 as 64512; ipv4 { import all; export none; }; }
protocol bgp six from host {
	neighbor 2001:db8:2::6 as 64512; password "right";
	ipv6 { import all; export none; };
}
END
mlbgpd_start host

eventually 'internal IPv4 session with MD5' 30 bird_established inner four
eventually 'internal IPv6 session, the router passive' 60 bird_established inner six
eventually 'external session, four-octet AS' 30 bird_established outer four

eventually 'internal: IPv4 route' 20 bird_has inner 203.0.113.80/32
eventually 'internal: IPv6 route' 20 bird_has inner 2001:db8:113::25/128
eventually 'external: aggregate' 20 bird_has outer 203.0.113.80/28

four=$(bird_route inner 203.0.113.80/32)
six=$(bird_route inner 2001:db8:113::25/128)
out=$(bird_route outer 203.0.113.80/28)
like 'LOCAL_PREF 50, IPv4' "$four" 'BGP.local_pref: 50$'
like 'LOCAL_PREF 50, IPv6' "$six" 'BGP.local_pref: 50$'
like 'community' "$four" 'BGP.community: \(64512,10\)$'
like 'large community' "$six" 'BGP.large_community: \(4200000001, 1, 2\)$'
like 'next hop is our address, IPv4' "$four" 'BGP.next_hop: 192\.0\.2\.2$'
like 'next hop is our address, IPv6' "$six" 'BGP.next_hop: 2001:db8:1::2( |$)'
like 'AS path is empty inside' "$four" 'BGP.as_path: *$'
like 'AS path is our AS outside' "$out" 'BGP.as_path: 64512$'
like 'origin' "$out" 'BGP.origin: IGP$'
is 'one aggregate, no single address' "$(bird_ask outer show route | grep -c '203.0.113')" 1
is 'three routes in all' "$(bird_ask inner show route count | grep -Eo '^[0-9]+ of [0-9]+ routes for' |
	awk '{n += $1} END {print n}')" 3

eventually 'a wrong MD5 key on IPv6: the kernel counts it' 30 md5_failures host
check 'a wrong MD5 key on IPv6: no session' bash -c \
	"birdc -r -s '$LAB/outer.ctl' show protocols six | grep -Eq 'six .* (start|Connect|Active)'"

# Nothing dials from here: the router's connection is taken.
stop host
is 'stopped in order' "$STATUS" 0
eventually 'the router has heard Administrative Shutdown' 10 grep -Eq \
	'four: Received: Administrative shutdown' "$LAB/inner.bird.log"
eventually 'the router lost the route' 5 bird_lacks inner 203.0.113.80/32
in_node host nft 'add table inet t; add chain inet t o { type filter hook output priority 0 ; }'
in_node host nft 'add rule inet t o tcp dport 179 tcp flags & (syn | ack) == syn drop'
mlbgpd_start host
eventually 'the router dials, we listen: MD5' 30 bird_established inner four
eventually 'the router dials, we listen: external' 30 bird_established outer four
eventually 'and the routes are back' 10 bird_has outer 203.0.113.80/28

stop host
is 'stopped in order again' "$STATUS" 0
finish
