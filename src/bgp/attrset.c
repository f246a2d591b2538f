/* attrset.c: attribute sets of announced routes: one copy of each different one, counted
 *
 * A set is one block: the head, and behind it a key of 32-bit words that says all of it (flags,
 * numbers, counts, then the communities).  The key is what is hashed and compared; the arrays of
 * the public struct point into it.
 */
#include "bgp/attrset.h"

#include "base/heap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define uthash_fatal(msg) abort()
#include <uthash.h>

enum {
	KEY_FLAGS,
	KEY_LOCAL_PREF,
	KEY_MED,
	KEY_COUNTS,
	KEY_NEXT_HOP_FAMILY,
	KEY_NEXT_HOP,
	KEY_HEAD = KEY_NEXT_HOP + 4,
};

struct set {
	struct attrset public; /* first: the pointer that callers hold */
	uint32_t refs;
	UT_hash_handle hh;
	uint32_t key[];
};

struct attrset_table {
	struct set *sets;
	uint64_t last_serial;
};

struct attrset_table *attrset_table_new(void)
{
	return heap_new_of(struct attrset_table);
}

void attrset_table_free(struct attrset_table *table)
{
	if (!table)
		return;
	assert(!table->sets);
	free(table);
}

size_t attrset_table_count(const struct attrset_table *table)
{
	return HASH_COUNT(table->sets);
}

static size_t key_words(const struct plan_attrs *a)
{
	return KEY_HEAD + a->n_communities + (size_t)a->n_large_communities * 3;
}

/* What is not sent does not tell two sets apart. */
static void key_fill(uint32_t *key, const struct plan_attrs *a)
{
	key[KEY_FLAGS] =
		(uint32_t)a->prepend << 2 | (a->has_med ? 2u : 0) | (a->has_local_pref ? 1u : 0);
	key[KEY_LOCAL_PREF] = a->has_local_pref ? a->local_pref : 0;
	key[KEY_MED] = a->has_med ? a->med : 0;
	key[KEY_COUNTS] = (uint32_t)a->n_communities << 16 | a->n_large_communities;
	key[KEY_NEXT_HOP_FAMILY] = a->next_hop.family;
	memcpy(key + KEY_NEXT_HOP, a->next_hop.bytes, sizeof(a->next_hop.bytes));
	if (a->n_communities)
		memcpy(key + KEY_HEAD, a->communities, a->n_communities * sizeof(*key));
	if (a->n_large_communities)
		memcpy(key + KEY_HEAD + a->n_communities, a->large_communities,
		       a->n_large_communities * sizeof(*a->large_communities));
}

static struct set *set_new(const struct plan_attrs *attrs, size_t words)
{
	struct set *set = heap_alloc(sizeof(*set) + words * sizeof(uint32_t));
	struct plan_attrs *a = &set->public.attrs;

	key_fill(set->key, attrs);
	*a = *attrs;
	a->local_pref = set->key[KEY_LOCAL_PREF];
	a->med = set->key[KEY_MED];
	a->communities = set->key + KEY_HEAD;
	a->large_communities =
		(const struct large_community *)(set->key + KEY_HEAD + a->n_communities);
	/* ORIGIN, AS_PATH, NEXT_HOP, LOCAL_PREF, MED, then the lists with their heads */
	set->public.wire_size = 4 + 9 + 4u * a->prepend + 7 + 7 + 7 + 4 + 4u * a->n_communities +
				4 + 12u * a->n_large_communities;
	return set;
}

const struct attrset *attrset_get(struct attrset_table *table, const struct plan_attrs *attrs)
{
	static_assert(sizeof(struct large_community) == 3 * sizeof(uint32_t), "the key has no gap");
	size_t words = key_words(attrs);
	struct set *made = set_new(attrs, words), *found;

	HASH_FIND(hh, table->sets, made->key, words * sizeof(uint32_t), found);
	if (found) {
		free(made);
		found->refs++;
		return &found->public;
	}
	made->refs = 1;
	made->public.serial = ++table->last_serial;
	HASH_ADD_KEYPTR(hh, table->sets, made->key, words * sizeof(uint32_t), made);
	return &made->public;
}

const struct attrset *attrset_ref(const struct attrset *set)
{
	if (set)
		((struct set *)(uintptr_t)set)->refs++;
	return set;
}

void attrset_put(struct attrset_table *table, const struct attrset *public)
{
	struct set *set = (struct set *)(uintptr_t) public;

	if (!set || --set->refs > 0)
		return;
	HASH_DEL(table->sets, set);
	free(set);
}
