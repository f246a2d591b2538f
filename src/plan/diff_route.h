/* diff_route.h: what differs between two output groups, one of each plan; private to diff*.c */
#ifndef MLBGPD_PLAN_DIFF_ROUTE_H
#define MLBGPD_PLAN_DIFF_ROUTE_H

#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Remembers of each pair of groups what was found: many peers have the same one. */
struct diff_pairs;

/* old_plan may be NULL. */
struct diff_pairs *diff_pairs_new(const struct plan *old_plan, const struct plan *new_plan);
void diff_pairs_free(struct diff_pairs *pairs);

struct diff_route {
	const struct prefix *prefix;
	const struct plan_attrs *old_attrs; /* NULL: was not announced */
	const struct plan_attrs *new_attrs; /* NULL: is not announced */
};
typedef void (*diff_route_fn)(void *arg, const struct diff_route *route);
/* By prefix.  A group may be PLAN_NONE: no such peer. */
void diff_pair_routes(struct diff_pairs *pairs, uint32_t old_group, uint32_t new_group,
		      diff_route_fn fn, void *arg);
/* How many UPDATE messages bring a peer from one to the other, at the least. */
size_t diff_pair_updates(struct diff_pairs *pairs, uint32_t old_group, uint32_t new_group,
			 bool internal);

#endif
