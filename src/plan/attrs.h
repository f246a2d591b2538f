/* attrs.h: attribute sets of one plan, interned: equal sets have equal indexes */
#ifndef MLBGPD_PLAN_ATTRS_H
#define MLBGPD_PLAN_ATTRS_H

#include "plan/plan.h"

#include <stddef.h>
#include <stdint.h>

struct arena;
struct attrs_table;

/* The sets lie in the arena; the table itself on the heap. */
struct attrs_table *attrs_table_new(struct arena *arena);
void attrs_table_free(struct attrs_table *table);

/* The index of the set that equals attrs; its lists are copied where it is new. */
uint32_t attrs_intern(struct attrs_table *table, const struct plan_attrs *attrs);
/* Stays where it is as long as the arena lives. */
const struct plan_attrs *attrs_get(const struct attrs_table *table, uint32_t index);
/* Both at once on one prefix: the communities add up, of each preference the better one counts
 * (an unset LOCAL_PREF is 100, an unset MED 0).  Either may be PLAN_NOT_ANNOUNCED. */
uint32_t attrs_union(struct attrs_table *table, uint32_t a, uint32_t b);
size_t attrs_table_size(const struct attrs_table *table);

int large_community_cmp(const struct large_community *a, const struct large_community *b);

#endif
