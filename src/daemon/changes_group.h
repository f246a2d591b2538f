/* changes_group.h: many changes of one kind, told as one; private to changes*.c */
#ifndef MLBGPD_DAEMON_CHANGES_GROUP_H
#define MLBGPD_DAEMON_CHANGES_GROUP_H

#include "base/addr.h"
#include "base/array.h"

#include <jansson.h>

struct plan;

/* By what happens, in which pool, and the change in words. */
struct change_group {
	const char *what; /* static */
	const char *pool; /* the plan's; NULL: none */
	char *change; /* NULL: no words */
	size_t n;
	json_t *examples, *services; /* the first few */
};

struct change_groups {
	ARRAY(struct change_group);
	size_t last; /* where the last one went: the next mostly follows it */
};

/* vip: index into the plan's, of the prefix, or PLAN_NONE; change may be NULL. */
void change_groups_add(struct change_groups *groups, const struct plan *plan, uint32_t vip,
		       const char *what, const char *change, const struct prefix *prefix);
/* [{what, pool, change, n, prefixes, services}] in the order of their first members; groups is
 * empty afterwards. */
json_t *change_groups_take(struct change_groups *groups);

#endif
