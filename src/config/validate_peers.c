/* validate_peers.c: two peers that are one (V-050), BFD echo and IPv6 (V-074) */
#include "config/conflict.h"
#include "config/selector.h"
#include "config/validate_private.h"

#include "base/text.h"

#include <string.h>

static bool same_target(const struct bgp_peer *a, const struct bgp_peer *b)
{
	if (a->address.family != ADDR_NONE)
		return addr_equal(&a->address, &b->address) && text_equal(a->vrf, b->vrf);
	return a->interface && b->interface && strcmp(a->interface, b->interface) == 0 &&
	       b->address.family == ADDR_NONE && text_equal(a->vrf, b->vrf);
}

static const char *target_field(const struct bgp_peer *peer)
{
	return peer->address.family != ADDR_NONE ? "spec.peerAddress" : "spec.interface";
}

void v050_one_session_a_router(struct check *c)
{
	for (size_t i = 1; i < c->model->peers.n; i++) {
		const struct bgp_peer *b = &c->model->peers.at[i];

		for (size_t k = 0; k < i; k++) {
			const struct bgp_peer *a = &c->model->peers.at[k];
			struct place place;
			struct diag *diag;

			if (!same_target(a, b) ||
			    !check_common_node(c, &a->node_selectors, &b->node_selectors))
				continue;
			place = check_place(c, &a->object, target_field(a));
			diag = check_error(c, &b->object, target_field(b), "V-050",
					   "BGPPeer/%s is the same router, on the same node",
					   a->object.name);
			diag_hint(c->diags, diag,
				  "one BGPPeer is enough; nodeSelectors may keep two apart");
			diag_related(c->diags, diag, place, "the other one is here, in BGPPeer/%s",
				     a->object.name);
			break;
		}
	}
}

/* A pool with IPv6 addresses that some advertisement takes to the peer. */
static const struct ip_address_pool *ipv6_pool_for(struct check *c, const struct bgp_peer *peer)
{
	for (size_t i = 0; i < c->model->advertisements.n; i++) {
		const struct bgp_advertisement *adv = &c->model->advertisements.at[i];

		if (adv->peers.n > 0 && !names_have(&adv->peers, peer->object.name))
			continue;
		for (size_t k = 0; k < c->model->pools.n; k++) {
			const struct ip_address_pool *pool = &c->model->pools.at[k];

			if (pool_has_family(pool, ADDR_IPV6) && advertisement_has_pool(adv, pool))
				return pool;
		}
	}
	return NULL;
}

void v074_echo_and_ipv6(struct check *c)
{
	for (size_t i = 0; i < c->model->peers.n; i++) {
		const struct bgp_peer *peer = &c->model->peers.at[i];
		const struct bfd_profile *profile;
		const struct ip_address_pool *pool;
		struct diag *diag;

		profile = peer->bfd_profile ? model_find_bfd_profile(c->model, peer->bfd_profile)
					    : NULL;
		pool = profile && profile->echo_mode ? ipv6_pool_for(c, peer) : NULL;
		if (!pool)
			continue;
		diag = check_error(c, &peer->object, "spec.bfdProfile", "V-074",
				   "BFDProfile/%s has echoMode, and IPAddressPool/%s, which is"
				   " announced to this peer, has IPv6 addresses",
				   profile->object.name, pool->object.name);
		diag_hint(c->diags, diag,
			  "another profile for this peer, or an advertisement whose peers or"
			  " ipAddressPools leave it out");
		diag_related(c->diags, diag, profile->object.place, "the profile is here");
		diag_related(c->diags, diag, pool->object.place, "the pool is here");
	}
}
