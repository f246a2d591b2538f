/* advertise_check.h: what silences Services whose advertisements do apply; private to advertise.c
 */
#ifndef MLBGPD_PLAN_ADVERTISE_CHECK_H
#define MLBGPD_PLAN_ADVERTISE_CHECK_H

#include "plan/advertise.h"

struct advert_check {
	const struct bgp_advertisement *advs;
	const struct ip_address_pool *pools;
	const struct plan_peer *peers; /* those of the node */
	size_t n_peers;
	const struct node *node;
	struct arena *arena; /* of reasons */
};

/* Conflicts in local preference (V-068), too many communities (V-069), the node itself: fills
 * silence, rule and reason.  here: which advertisements select the node. */
void advert_check(const struct advert_check *check, const bool *here, struct profile *profile);

#endif
