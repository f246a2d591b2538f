/* allocator.h: what the parts of the allocation share: wishes and searches; private to them */
#ifndef MLBGPD_PLAN_ALLOCATOR_H
#define MLBGPD_PLAN_ALLOCATOR_H

#include "base/array.h"
#include "plan/plan.h"
#include "plan/pool.h"
#include "plan/request.h"
#include "plan/sharing.h"

struct allocator {
	const struct model *model;
	struct arena *arena; /* of reasons */
	const struct service *docs;
	size_t n;
	const struct ip_address_pool *pool_docs;
	size_t n_pools;
	struct plan_service *services;
	struct plan_pool *pools;
	struct request *requests;
	bool *decided;
	struct walks *walks;
	struct pool_book *book;
	struct usage *usage;
};

/* allocate.c */
void allocator_use(struct allocator *a, uint32_t service, const struct pool_slot *slot,
		   bool searched);
void allocator_claim(struct allocator *a, uint32_t service, const struct pool_slot *slots,
		     unsigned n, enum plan_service_source source);
void allocator_refuse(struct allocator *a, uint32_t service, uint16_t rule, const char *reason);
/* The pool asked for, by index; PLAN_NONE for an unknown one. */
uint32_t allocator_pool(const struct allocator *a, const char *name);

/* allocate_wish.c: these very addresses.  Claims them, or tells the rule and (where reason is not
 * NULL) the reason, and changes nothing. */
bool allocate_wish(struct allocator *a, uint32_t service, const struct addr *addresses, unsigned n,
		   enum plan_service_source source, uint16_t *rule, const char **reason);
/* May the Service have addresses of the pool?  Not where all of them are VIPs (PoolPolicy). */
bool allocate_is_allowed(const struct allocator *a, uint32_t pool, uint32_t service);
/* Why the pool is not for the Service. */
const char *allocate_not_allowed(const struct allocator *a, uint32_t pool, uint32_t service);

/* allocate_walk.c: pools to try, in order; in it only those that give addresses without being
 * asked. */
struct walk {
	ARRAY(uint32_t) pools;
	size_t open[WANT_BOTH + 1]; /* by families: the pools before are full of them for good */
};
struct walks *walks_new(const struct allocator *a);
void walks_free(struct walks *walks);
/* Pools without a serviceAllocation, in document order. */
struct walk *walks_general(struct walks *walks);
/* Those of a serviceAllocation that has the Service's namespace, by priority; made once for each.
 */
struct walk *walks_pinned(struct walks *walks, const struct allocator *a, uint32_t service);
/* Does a pool of a walk match the Service's labels? */
bool walk_fits(const struct allocator *a, uint32_t pool, uint32_t service);
/* Where to begin: behind the full ones, unless the Service may share addresses there. */
size_t walk_begin(struct allocator *a, struct walk *walk, uint8_t families, uint32_t service);

/* allocate_search.c: each decides the Service. */
void allocate_from_pool(struct allocator *a, uint32_t service);
void allocate_automatic(struct allocator *a, uint32_t service);
/* A second family from the same pool, where the Service prefers two; no harm where there is none.
 */
void allocate_second_family(struct allocator *a, uint32_t service);

#endif
