/* allocate.h: which Service has which addresses
 *
 * Pure: equal documents and leases give equal answers.  In this order, each in document order:
 * addresses asked for (those that the Service's status confirms first), a status,
 * AddressAllocations for the node, leases, a second family for those that prefer two, pools asked
 * for, automatic ones.  Within a pool the lowest address that is free or may be shared.  Linear in
 * the number of Services.
 */
#ifndef MLBGPD_PLAN_ALLOCATE_H
#define MLBGPD_PLAN_ALLOCATE_H

#include "plan/leases.h"
#include "plan/plan.h"

struct arena;
struct node;

/* services: one for each of the model's, zeroed; pools: likewise, with pool and settings filled in.
 * Their outcome is filled in.  Reasons are
 * the arena's.  leases may be NULL. */
void allocate(const struct model *model, const struct node *node, const char *load_balancer_class,
	      const struct leases *leases, struct arena *arena, struct plan_service *services,
	      struct plan_pool *pools);

#endif
