/* plan_peer.c: the sessions that a node runs, with all their parameters */
#include "plan/plan_impl.h"

#include "base/arena.h"
#include "config/selector.h"

#include <string.h>

enum { HOLD_DEFAULT_S = 90, CONNECT_RETRY_DEFAULT_S = 5, SECOND_NS = 1000000000 };

static uint16_t seconds(int64_t ns)
{
	int64_t s = ns / SECOND_NS;

	return (uint16_t)(s < 0 ? 0 : s > UINT16_MAX ? UINT16_MAX : s);
}

/* What is not given follows from the other: keepalives come three in a hold time. */
static void set_timers(struct plan_peer *ret, const struct bgp_peer *peer)
{
	ret->hold_time_s = HOLD_DEFAULT_S;
	if (peer->hold_time.set)
		ret->hold_time_s = seconds(peer->hold_time.ns);
	else if (peer->keepalive_time.set && peer->keepalive_time.ns > 0)
		ret->hold_time_s = seconds(3 * peer->keepalive_time.ns);
	if (peer->keepalive_time.set)
		ret->keepalive_s = seconds(peer->keepalive_time.ns);
	/* A hold time without keepalives would end the session. */
	if (ret->keepalive_s == 0)
		ret->keepalive_s = ret->hold_time_s / 3;
	ret->connect_retry_s = CONNECT_RETRY_DEFAULT_S;
	if (peer->connect_time.set && seconds(peer->connect_time.ns) > 0)
		ret->connect_retry_s = seconds(peer->connect_time.ns);
}

static uint32_t router_id(const struct plan *plan, const struct bgp_peer *peer)
{
	const struct addr *candidates[] = {&peer->router_id, &plan->settings.router_id,
					   &plan->node->internal_ip};

	for (unsigned i = 0; i < 3; i++) {
		if (candidates[i]->family == ADDR_IPV4)
			return addr_ipv4_u32(candidates[i]);
	}
	return 0;
}

static void set_policy(struct plan_peer *ret, const struct plan *plan, const struct bgp_peer *peer)
{
	struct peer_settings policy;

	model_peer_policy(plan->model, plan->node, peer, &policy);
	ret->policy = arena_copy(plan->arena, &policy, sizeof(policy));
	ret->passive = policy.passive;
	ret->ttl_security_hops = policy.ttl_security_hops;
	ret->shutdown = policy.shutdown;
	ret->shutdown_message = policy.shutdown_message;
	ret->password_file = policy.password_file;
	ret->bfd_hops = policy.bfd_hops;
	ret->bfd_strict = policy.bfd_strict;
	ret->drain = policy.drain;
}

static struct plan_peer make_peer(const struct plan *plan, const struct bgp_peer *peer)
{
	struct plan_peer ret = {
		.peer = peer,
		.name = peer->object.name,
		.address = peer->address,
		.interface = peer->interface,
		.vrf = peer->vrf,
		.source_address = peer->source_address,
		.port = peer->port,
		.my_asn = peer->local_asn ? peer->local_asn : peer->my_asn,
		.peer_asn = peer->peer_asn,
		.router_id = router_id(plan, peer),
		.multihop = peer->ebgp_multihop,
		.graceful_restart = peer->graceful_restart,
		.ipv4 = peer->dual_stack || peer->address.family == ADDR_IPV4,
		.ipv6 = peer->dual_stack || peer->address.family == ADDR_IPV6,
		.password = peer->password && peer->password[0] ? peer->password : NULL,
	};

	ret.type = bgp_peer_is_internal(peer) ? PEER_INTERNAL : PEER_EXTERNAL;
	set_timers(&ret, peer);
	set_policy(&ret, plan, peer);
	if (peer->bfd_profile)
		ret.bfd = model_find_bfd_profile(plan->model, peer->bfd_profile);
	return ret;
}

static int name_cmp(const void *a, const void *b)
{
	return strcmp(((const struct plan_peer *)a)->name, ((const struct plan_peer *)b)->name);
}

static bool is_set(const char *text)
{
	return text && text[0];
}

/* Peers on an interface or in a VRF do not run: the configuration says so. */
static bool can_run(const struct bgp_peer *peer)
{
	return !is_set(peer->interface) && !is_set(peer->vrf);
}

static struct plan_peer *make_peers(struct plan *plan, bool that_run, size_t *ret_n)
{
	ARRAY(struct plan_peer) peers = {0};
	struct plan_peer *ret;
	const struct bgp_peer *docs;
	size_t n;

	docs = model_peers(plan->model, &n);
	for (size_t i = 0; i < n; i++) {
		if (can_run(&docs[i]) == that_run &&
		    selectors_match(&docs[i].node_selectors, &plan->node->object.labels, true))
			*array_add(&peers) = make_peer(plan, &docs[i]);
	}
	array_sort(&peers, name_cmp);
	ret = arena_copy(plan->arena, peers.at, peers.n * sizeof(*peers.at));
	*ret_n = peers.n;
	array_fini(&peers);
	return ret;
}

void plan_make_peers(struct plan *plan)
{
	plan->peers = make_peers(plan, true, &plan->n_peers);
	plan->idle_peers = make_peers(plan, false, &plan->n_idle_peers);
}
