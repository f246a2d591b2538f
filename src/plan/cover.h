/* cover.h: which HealthChecks cover which VIPs
 *
 * A check covers a VIP where it selects its pool and one of its Services.  VIPs that the same
 * checks cover have one check_set.  The checks of this node probe; what a demote is worth is known
 * of all nodes, since it takes part in the tiers of a prefix (preference.h).
 */
#ifndef MLBGPD_PLAN_COVER_H
#define MLBGPD_PLAN_COVER_H

#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct cover;

/* With what local preferences VIPs may be announced whose check says demote.  Equal ones are one;
 * the first is that of VIPs without. */
struct demotion {
	const uint32_t *levels; /* those of this node, descending, each once */
	const uint32_t *values; /* those of all nodes */
	uint32_t n_levels;
	uint32_t n_values;
};

/* Does it select VIPs of the pool? */
bool health_check_has_pool(const struct health_check *check, const struct ip_address_pool *pool);

/* Sets and demotions are the arena's. */
/* The Services are the plan's: those of the model, then pool/NAME of pools that are all VIPs. */
struct cover *cover_new(const struct model *model, const struct node *node,
			const struct plan_service *services, size_t n_services,
			struct arena *arena);
void cover_free(struct cover *cover);

/* Does a check of this node cover the Service, whose addresses are of the pool? */
bool cover_has(struct cover *cover, uint32_t service, uint32_t pool);
/* The set of a VIP of a pool with these Services (indexes into the plan's); 0: nobody covers it.
 */
uint32_t cover_set(struct cover *cover, const uint32_t *services, size_t n, uint32_t pool);
uint32_t cover_demotion(const struct cover *cover, uint32_t set);
const struct demotion *cover_get_demotion(const struct cover *cover, uint32_t demotion);
/* All sets that were given out, by number; good until the next is. */
const struct plan_check_set *cover_sets(const struct cover *cover, size_t *n);

#endif
