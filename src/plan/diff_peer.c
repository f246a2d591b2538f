/* diff_peer.c: what each field of a peer costs when it changes */
#include "plan/diff.h"

#include "base/text.h"

#include <string.h>

static bool u32_differs(uint32_t a, uint32_t b)
{
	return a != b;
}

static bool bfd_differs(const struct bfd_profile *a, const struct bfd_profile *b)
{
	if (!a || !b)
		return a != b;
	return a->receive_ms != b->receive_ms || a->transmit_ms != b->transmit_ms ||
	       a->echo_ms != b->echo_ms || a->detect_multiplier != b->detect_multiplier ||
	       a->minimum_ttl != b->minimum_ttl || a->echo_mode != b->echo_mode ||
	       a->passive_mode != b->passive_mode;
}

static bool bfd_name_differs(const struct bfd_profile *a, const struct bfd_profile *b)
{
	return bfd_differs(a, b) || (a && strcmp(a->object.name, b->object.name) != 0);
}

/* A dynamic AS that is looked for elsewhere: the type of the session tells. */
static bool dynamic_differs(const struct plan_peer *a, const struct plan_peer *b)
{
	return a->peer_asn == 0 && b->peer_asn == 0 && a->type != b->type;
}

struct visit {
	plan_field_fn fn;
	void *arg;
	enum plan_cost greatest;
};

static void differs(struct visit *v, bool is_different, const char *field, enum plan_cost cost)
{
	if (!is_different)
		return;
	if (v->fn)
		v->fn(v->arg, field, cost);
	if (cost > v->greatest)
		v->greatest = cost;
}

/* The password's value is compared, never told. */
enum plan_cost plan_peer_cost(const struct plan_peer *a, const struct plan_peer *b,
			      plan_field_fn fn, void *arg)
{
	struct visit v = {fn, arg, COST_NOTHING};

	differs(&v, !addr_equal(&a->address, &b->address), "peerAddress", COST_RESTART);
	differs(&v, !text_equal(a->interface, b->interface), "interface", COST_RESTART);
	differs(&v, !text_equal(a->vrf, b->vrf), "vrf", COST_RESTART);
	differs(&v, u32_differs(a->port, b->port), "peerPort", COST_RESTART);
	differs(&v, !addr_equal(&a->source_address, &b->source_address), "sourceAddress",
		COST_RESTART);
	differs(&v, u32_differs(a->my_asn, b->my_asn), "myASN", COST_RESTART);
	differs(&v, u32_differs(a->peer_asn, b->peer_asn), "peerASN", COST_RESTART);
	differs(&v, dynamic_differs(a, b), "dynamicASN", COST_RESTART);
	differs(&v, u32_differs(a->router_id, b->router_id), "routerID", COST_RESTART);
	differs(&v, !text_equal(a->password, b->password), "password", COST_RESTART);
	differs(&v, a->ipv4 != b->ipv4 || a->ipv6 != b->ipv6, "dualStackAddressFamily",
		COST_RESTART);
	differs(&v, a->multihop != b->multihop, "ebgpMultiHop", COST_RESTART);
	differs(&v, a->graceful_restart != b->graceful_restart, "enableGracefulRestart",
		COST_RESTART);
	differs(&v, u32_differs(a->hold_time_s, b->hold_time_s), "holdTime", COST_NEXT);
	differs(&v, u32_differs(a->keepalive_s, b->keepalive_s), "keepaliveTime", COST_NEXT);
	differs(&v, u32_differs(a->connect_retry_s, b->connect_retry_s), "connectTime",
		COST_IN_PLACE);
	differs(&v, bfd_name_differs(a->bfd, b->bfd), "bfdProfile", COST_IN_PLACE);
	return v.greatest;
}
