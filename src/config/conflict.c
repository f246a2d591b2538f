/* conflict.c: advertisements that contradict each other in local preference */
#include "config/conflict.h"

#include "config/selector.h"

#include <string.h>

bool advertisement_has_pool(const struct bgp_advertisement *adv, const struct ip_address_pool *pool)
{
	return object_is_selected(&pool->object, &adv->pools, &adv->pool_selectors);
}

bool pool_has_family(const struct ip_address_pool *pool, uint8_t family)
{
	for (uint32_t i = 0; i < pool->n_blocks; i++)
		if (pool->blocks[i].range.first.family == family)
			return true;
	return false;
}

static bool peers_overlap(const struct names *a, const struct names *b)
{
	if (a->n == 0 || b->n == 0)
		return true;
	for (uint32_t i = 0; i < a->n; i++) {
		for (uint32_t j = 0; j < b->n; j++) {
			if (strcmp(a->at[i], b->at[j]) == 0)
				return true;
		}
	}
	return false;
}

/* They would make the same kind of update; with both families one equal length is enough. */
static bool same_lengths(const struct bgp_advertisement *a, const struct bgp_advertisement *b,
			 const struct ip_address_pool *pool)
{
	return (a->aggregation_length == b->aggregation_length &&
		pool_has_family(pool, ADDR_IPV4)) ||
	       (a->aggregation_length_v6 == b->aggregation_length_v6 &&
		pool_has_family(pool, ADDR_IPV6));
}

bool advertisements_conflict(const struct bgp_advertisement *a, const struct bgp_advertisement *b,
			     const struct ip_address_pool *pool)
{
	return a->local_pref != b->local_pref && same_lengths(a, b, pool) &&
	       peers_overlap(&a->peers, &b->peers);
}
