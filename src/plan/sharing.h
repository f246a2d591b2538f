/* sharing.h: which address is used by which Services, and who may join them (MetalLB's rules)
 *
 * A Service may join those on an address if all have the same non-empty sharing key and the same
 * backend key, and none has its protocol and port already.  Usage only grows while a plan is made:
 * an address that once refused a set of ports refuses it for good, which keeps all searches linear.
 */
#ifndef MLBGPD_PLAN_SHARING_H
#define MLBGPD_PLAN_SHARING_H

#include "base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct service;
struct usage;

/* Where an address lies in its pool: searches go block by block as they are listed. */
struct pool_slot {
	uint32_t pool;
	uint32_t block;
	struct addr addr;
};
int pool_slot_cmp(const struct pool_slot *a, const struct pool_slot *b);

/* services: an array that outlives it; a Service is known by its index. */
struct usage *usage_new(const struct service *services);
void usage_free(struct usage *usage);

enum usage_verdict {
	USAGE_FREE, /* nobody uses it */
	USAGE_SHARABLE,
	USAGE_NO_KEY, /* used, and this or the other Service does not share */
	USAGE_OTHER_KEY,
	USAGE_OTHER_BACKENDS,
	USAGE_SAME_PORT,
};
/* May the Service have the address?  *other is the Service that is in the way. */
enum usage_verdict usage_ask(const struct usage *usage, const struct addr *addr, uint32_t service,
			     uint32_t *other);
/* May the Service share an address at all? */
bool usage_shares(const struct usage *usage, uint32_t service);
bool usage_is_used(const struct usage *usage, const struct addr *addr);

/* The Service has it from now on; to be asked first.  `searched`: it came out of a search (those
 * come in ascending order), not from a wish; after the first of these no wish may follow.  True for
 * the first user. */
bool usage_take(struct usage *usage, const struct pool_slot *slot, uint32_t service, bool searched);

/* The first address of the pool and family that is used already and that the Service may join. */
bool usage_first_sharable(struct usage *usage, uint32_t service, uint32_t pool, uint8_t family,
			  struct pool_slot *ret);

#endif
