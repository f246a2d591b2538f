/* attrset.h: attribute sets of announced routes: one copy of each different one, counted
 *
 * An Adj-RIB-Out outlives the plan that it was filled from, so it has copies of the attributes.
 * One table serves all Adj-RIB-Outs of a speaker: equal sets are one object, and a pointer is
 * compared where contents are meant.
 */
#ifndef MLBGPD_BGP_ATTRSET_H
#define MLBGPD_BGP_ATTRSET_H

#include "plan/plan.h"

#include <stddef.h>
#include <stdint.h>

struct attrset_table;

struct attrset {
	struct plan_attrs attrs; /* its arrays are the set's own */
	uint64_t serial; /* never the same twice: an order that does not hang on addresses */
	uint32_t wire_size; /* about what its path attributes take in an UPDATE */
};

struct attrset_table *attrset_table_new(void);
/* All references must have been given back. */
void attrset_table_free(struct attrset_table *table);
size_t attrset_table_count(const struct attrset_table *table);

/* The one set that equals attrs; the caller owns a reference. */
const struct attrset *attrset_get(struct attrset_table *table, const struct plan_attrs *attrs);
/* Another reference to a set; NULL gives NULL. */
const struct attrset *attrset_ref(const struct attrset *set);
/* Gives a reference back; NULL does nothing. */
void attrset_put(struct attrset_table *table, const struct attrset *set);

#endif
