/* attrs.c: attribute sets of one plan, interned: equal sets have equal indexes */
#include "plan/attrs.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/heap.h"

#include <string.h>

enum { LOCAL_PREF_UNSET = 100, SLOTS_MIN = 64 };

struct attrs_table {
	struct arena *arena;
	ARRAY(const struct plan_attrs *) sets;
	uint32_t *slots; /* open addressing: index + 1; a power of two */
	size_t n_slots;
};

struct attrs_table *attrs_table_new(struct arena *arena)
{
	struct attrs_table *table = heap_new_of(struct attrs_table);

	table->arena = arena;
	table->n_slots = SLOTS_MIN;
	table->slots = heap_alloc_array(table->n_slots, sizeof(*table->slots));
	return table;
}

void attrs_table_free(struct attrs_table *table)
{
	if (!table)
		return;
	array_fini(&table->sets);
	free(table->slots);
	free(table);
}

size_t attrs_table_size(const struct attrs_table *table)
{
	return sizeof(*table) + table->sets.max * sizeof(*table->sets.at) +
	       table->n_slots * sizeof(*table->slots);
}

int large_community_cmp(const struct large_community *a, const struct large_community *b)
{
	if (a->global_admin != b->global_admin)
		return a->global_admin < b->global_admin ? -1 : 1;
	if (a->data1 != b->data1)
		return a->data1 < b->data1 ? -1 : 1;
	if (a->data2 != b->data2)
		return a->data2 < b->data2 ? -1 : 1;
	return 0;
}

bool plan_attrs_same(const struct plan_attrs *a, const struct plan_attrs *b)
{
	if (a->n_communities != b->n_communities ||
	    a->n_large_communities != b->n_large_communities || a->prepend != b->prepend ||
	    a->has_local_pref != b->has_local_pref || a->has_med != b->has_med ||
	    !addr_equal(&a->next_hop, &b->next_hop))
		return false;
	if ((a->has_local_pref && a->local_pref != b->local_pref) ||
	    (a->has_med && a->med != b->med))
		return false;
	for (unsigned i = 0; i < a->n_communities; i++) {
		if (a->communities[i] != b->communities[i])
			return false;
	}
	for (unsigned i = 0; i < a->n_large_communities; i++) {
		if (large_community_cmp(&a->large_communities[i], &b->large_communities[i]) != 0)
			return false;
	}
	return true;
}

static uint64_t mix(uint64_t h, uint64_t value)
{
	h = (h ^ value) * 0x9e3779b97f4a7c15u;
	return h ^ (h >> 29);
}

static uint64_t hash(const struct plan_attrs *a)
{
	uint64_t h = mix(1, a->prepend);

	h = mix(h, a->next_hop.family ? addr_hash(&a->next_hop) + 1ull : 0);
	h = mix(h, a->has_local_pref ? a->local_pref + 1ull : 0);
	h = mix(h, a->has_med ? a->med + 1ull : 0);
	for (unsigned i = 0; i < a->n_communities; i++)
		h = mix(h, a->communities[i]);
	for (unsigned i = 0; i < a->n_large_communities; i++) {
		const struct large_community *c = &a->large_communities[i];

		h = mix(mix(mix(h, c->global_admin), c->data1), c->data2);
	}
	return h;
}

/* The slot that holds attrs, or the free one where it belongs. */
static size_t find_slot(const struct attrs_table *table, const struct plan_attrs *attrs)
{
	size_t mask = table->n_slots - 1, i = hash(attrs) & mask;

	while (table->slots[i] != 0 && !plan_attrs_same(table->sets.at[table->slots[i] - 1], attrs))
		i = (i + 1) & mask;
	return i;
}

static void grow(struct attrs_table *table)
{
	free(table->slots);
	table->n_slots *= 2;
	table->slots = heap_alloc_array(table->n_slots, sizeof(*table->slots));
	for (size_t i = 0; i < table->sets.n; i++)
		table->slots[find_slot(table, table->sets.at[i])] = (uint32_t)i + 1;
}

uint32_t attrs_intern(struct attrs_table *table, const struct plan_attrs *attrs)
{
	size_t slot = find_slot(table, attrs);
	struct plan_attrs *copy;

	if (table->slots[slot] != 0)
		return table->slots[slot] - 1;
	copy = arena_copy(table->arena, attrs, sizeof(*attrs));
	copy->communities = arena_copy(table->arena, attrs->communities,
				       attrs->n_communities * sizeof(*attrs->communities));
	copy->large_communities =
		arena_copy(table->arena, attrs->large_communities,
			   attrs->n_large_communities * sizeof(*attrs->large_communities));
	*array_add(&table->sets) = copy;
	table->slots[slot] = (uint32_t)table->sets.n;
	if (table->sets.n > table->n_slots / 2)
		grow(table);
	return (uint32_t)table->sets.n - 1;
}

const struct plan_attrs *attrs_get(const struct attrs_table *table, uint32_t index)
{
	return table->sets.at[index];
}

static uint16_t merge_communities(uint32_t *ret, const struct plan_attrs *a,
				  const struct plan_attrs *b)
{
	unsigned i = 0, j = 0;
	uint16_t n = 0;

	while (i < a->n_communities || j < b->n_communities) {
		if (j == b->n_communities ||
		    (i < a->n_communities && a->communities[i] < b->communities[j]))
			ret[n++] = a->communities[i++];
		else if (i == a->n_communities || b->communities[j] < a->communities[i])
			ret[n++] = b->communities[j++];
		else
			ret[n++] = a->communities[i++], j++;
	}
	return n;
}

static uint16_t merge_large(struct large_community *ret, const struct plan_attrs *a,
			    const struct plan_attrs *b)
{
	unsigned i = 0, j = 0;
	uint16_t n = 0;

	while (i < a->n_large_communities || j < b->n_large_communities) {
		int c = i == a->n_large_communities ? 1
			: j == b->n_large_communities
				? -1
				: large_community_cmp(&a->large_communities[i],
						      &b->large_communities[j]);

		ret[n++] = c <= 0 ? a->large_communities[i] : b->large_communities[j];
		i += c <= 0;
		j += c >= 0;
	}
	return n;
}

static void merge_preference(struct plan_attrs *ret, const struct plan_attrs *a,
			     const struct plan_attrs *b)
{
	uint32_t lp_a = a->has_local_pref ? a->local_pref : LOCAL_PREF_UNSET;
	uint32_t lp_b = b->has_local_pref ? b->local_pref : LOCAL_PREF_UNSET;
	uint32_t med_a = a->has_med ? a->med : 0, med_b = b->has_med ? b->med : 0;

	ret->prepend = a->prepend < b->prepend ? a->prepend : b->prepend;
	ret->has_local_pref = a->has_local_pref || b->has_local_pref;
	ret->local_pref = ret->has_local_pref ? (lp_a > lp_b ? lp_a : lp_b) : 0;
	ret->has_med = a->has_med || b->has_med;
	ret->med = med_a < med_b ? med_a : med_b;
}

uint32_t attrs_union(struct attrs_table *table, uint32_t a, uint32_t b)
{
	const struct plan_attrs *x, *y;
	struct plan_attrs both = {0};
	struct large_community *large;
	uint32_t *communities, ret;

	if (a == b || b == PLAN_NOT_ANNOUNCED)
		return a;
	if (a == PLAN_NOT_ANNOUNCED)
		return b;
	x = attrs_get(table, a);
	y = attrs_get(table, b);
	communities =
		heap_alloc_array((size_t)x->n_communities + y->n_communities, sizeof(*communities));
	large = heap_alloc_array((size_t)x->n_large_communities + y->n_large_communities,
				 sizeof(*large));
	both.n_communities = merge_communities(communities, x, y);
	both.n_large_communities = merge_large(large, x, y);
	both.communities = communities;
	both.large_communities = large;
	merge_preference(&both, x, y);
	both.next_hop = x->next_hop; /* of one peer and family: the same */
	ret = attrs_intern(table, &both);
	free(communities);
	free(large);
	return ret;
}
