#!/bin/bash
# 8b-bfd-link-local: BFD with FRR and BIRD at link-local addresses, by the thread alone (bfd_alone), for
# BGP peers have global ones
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find
[[ -x /usr/lib/frr/bfdd ]] || bail_out 'no bfdd'
program=${VALGRIND_MLBGPD:-$MLBGPD}
make -s -C "${program%/*}" t/bfd_alone >"$LAB/make" 2>&1 || {
	notes <"$LAB/make"
	bail_out 'no bfd_alone'
}

# address: the one that the interface has
link_local() { in_node "$1" ip -6 -j addr show dev "$2" scope link | jq -r '.[].addr_info[] | select(.tentative | not) | .local'; }
has_link_local() { [[ $(link_local "$@") == fe80::* ]]; }
alone() { spawn "$router.bfd" "$1" "${program%/*}/t/bfd_alone" "$2" "$3"; }
says() { (($(grep -c -- "$1" "$LAB/$router.bfd.log") >= ${2:-1})); }
drop() { in_node "$1" nft -f - <<<'table inet cut { chain in { type filter hook input priority 0; udp dport 3784 drop; }; }'; }
heal() { in_node "$1" nft delete table inet cut; }

node host frr bird
for router in frr bird; do
	wire host "$router"
	eventually "$router: link-local addresses" 10 has_link_local host "$router"
	check "$router: both" wait_for 10 has_link_local "$router" host
done
FRR_DAEMONS="zebra bfdd" frr_start frr <<END
bfd
 peer $(link_local host frr) local-address $(link_local frr host) interface host
  transmit-interval 50
  receive-interval 50
  no shutdown
 exit
exit
END
bird_start bird <<END
router id 192.0.2.2;
protocol device { }
protocol bfd {
	interface "*" { interval 50 ms; multiplier 3; };
	neighbor $(link_local host bird) dev "host" local $(link_local bird host);
}
END
frr_session() { frr frr 'show bfd peers json' | jq -r ".[0] | $1"; }
frr_is_up() { [[ $(frr_session .status) == up ]]; }
bird_is_up() { bird_ask bird show bfd sessions | grep -q '^fe80.* Up '; }

for router in frr bird; do
	alone host "$(link_local "$router" host)" "$router"
	eventually "$router: Up" 20 says '-> Up:'
	eventually "$router: Up there, too" 10 "${router}_is_up"
	[[ $router != frr ]] || is 'frr: it knows our discriminator' "$(frr_session '."remote-id"')" 4096
	drop host
	eventually "$router: what is lost is noticed" 10 says 'Up -> Down: detection time expired'
	heal host
	eventually "$router: Up again" 20 says '-> Up:' 2
	eventually "$router: and there" 10 "${router}_is_up"
	stop "$router.bfd"
	is "$router: it ends" "$STATUS" 0
done
finish
