# shellcheck shell=bash
# pair.sh: the smallest lab: a host, and an FRR beside it; sourced by routers.sh
#
#     pair_begin         nodes "host" (192.0.2.2/30) and "router" (192.0.2.1/30), each the other's interface
#     pair_router [LINE...]   FRR on the router, AS 64512, which takes the host as an internal neighbor; LINEs
#                        more of its configuration
#     pair_sessions      how often their session was established

pair_begin() {
	node host router
	wire host router
	address host router 192.0.2.2/30
	address router host 192.0.2.1/30
}

pair_router() {
	printf '%s\n' 'router bgp 64512' ' bgp router-id 192.0.2.1' ' neighbor 192.0.2.2 remote-as 64512' \
		' neighbor 192.0.2.2 timers connect 1' "$@" | frr_start router
}

pair_sessions() { frr_peer router 192.0.2.2 .connectionsEstablished; }
