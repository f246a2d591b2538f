/* conflict.h: do two advertisements contradict each other in local preference?  MetalLB's rule, for
 * the whole configuration (V-067) and for one Service (V-068) */
#ifndef MLBGPD_CONFIG_CONFLICT_H
#define MLBGPD_CONFIG_CONFLICT_H

#include "config/model.h"

#include <stdbool.h>
#include <stdint.h>

/* Does it announce addresses of the pool? */
bool advertisement_has_pool(const struct bgp_advertisement *adv,
			    const struct ip_address_pool *pool);
/* Has the pool an entry of the family (ADDR_IPV4, ADDR_IPV6)? */
bool pool_has_family(const struct ip_address_pool *pool, uint8_t family);

/* For addresses of this pool: different values (none is 0), an equal aggregation length of a family
 * that the pool has, and a peer in common (no list: all).  Whether they have a node in common is
 * the caller's to ask. */
bool advertisements_conflict(const struct bgp_advertisement *a, const struct bgp_advertisement *b,
			     const struct ip_address_pool *pool);

#endif
