/* allocate_walk.c: the pools that give addresses to a Service that asks for none, in their order */
#include "plan/allocator.h"

#include "base/array.h"
#include "base/heap.h"
#include "config/model.h"
#include "config/selector.h"

#include <string.h>
#include <uthash.h>

/* Pools of a serviceAllocation for one namespace. */
struct namespace_walk {
	struct walk walk;
	UT_hash_handle hh;
	char namespace[];
};

struct walks {
	struct walk general;
	struct namespace_walk *table;
	uint32_t *by_priority; /* pools with a serviceAllocation */
	size_t n_by_priority;
};

static bool gives(const struct allocator *a, uint32_t pool)
{
	return a->pool_docs[pool].auto_assign && a->pools[pool].settings.vips == POOL_VIPS_SERVICES;
}

/* 1, 2, 3, ... and then 0, which is none; equal ones in document order, which is the array's. */
static int priority_cmp(const struct ip_address_pool *a, const struct ip_address_pool *b)
{
	if ((a->priority == 0) != (b->priority == 0))
		return a->priority == 0 ? 1 : -1;
	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	return a < b ? -1 : a > b;
}

static int by_priority(const void *a, const void *b)
{
	return priority_cmp(*(const struct ip_address_pool *const *)a,
			    *(const struct ip_address_pool *const *)b);
}

static void sort_pools(struct walks *walks, const struct allocator *a)
{
	const struct ip_address_pool **sorted = heap_alloc_array(a->n_pools, sizeof(*sorted));

	walks->by_priority = heap_alloc_array(a->n_pools, sizeof(*walks->by_priority));
	for (uint32_t i = 0; i < a->n_pools; i++) {
		if (!gives(a, i))
			continue;
		if (a->pool_docs[i].has_allocation)
			sorted[walks->n_by_priority++] = &a->pool_docs[i];
		else
			*array_add(&walks->general.pools) = i;
	}
	if (walks->n_by_priority > 1)
		qsort(sorted, walks->n_by_priority, sizeof(*sorted), by_priority);
	for (size_t i = 0; i < walks->n_by_priority; i++)
		walks->by_priority[i] = (uint32_t)(sorted[i] - a->pool_docs);
	free(sorted);
}

struct walks *walks_new(const struct allocator *a)
{
	struct walks *walks = heap_new_of(struct walks);

	sort_pools(walks, a);
	return walks;
}

void walks_free(struct walks *walks)
{
	struct namespace_walk *next;

	for (struct namespace_walk *w = walks->table; w; w = next) {
		next = w->hh.next;
		HASH_DEL(walks->table, w);
		array_fini(&w->walk.pools);
		free(w);
	}
	array_fini(&walks->general.pools);
	free(walks->by_priority);
	free(walks);
}

struct walk *walks_general(struct walks *walks)
{
	return &walks->general;
}

struct walk *walks_pinned(struct walks *walks, const struct allocator *a, uint32_t service)
{
	const char *namespace = a->docs[service].object.namespace;
	size_t len = strlen(namespace);
	struct namespace_walk *found;

	HASH_FIND(hh, walks->table, namespace, len, found);
	if (found)
		return &found->walk;
	found = heap_alloc(sizeof(*found) + len + 1);
	memcpy(found->namespace, namespace, len + 1);
	for (size_t i = 0; i < walks->n_by_priority; i++)
		if (pool_book_has_namespace(a->book, walks->by_priority[i], namespace))
			*array_add(&found->walk.pools) = walks->by_priority[i];
	HASH_ADD(hh, walks->table, namespace[0], len, found);
	return &found->walk;
}

bool walk_fits(const struct allocator *a, uint32_t pool, uint32_t service)
{
	return selectors_match(&a->pool_docs[pool].service_selectors,
			       &a->docs[service].object.labels, true);
}

/* Nothing free in one of the families: so it stays, since usage only grows. */
static bool is_full(struct allocator *a, uint32_t pool, uint8_t families)
{
	struct pool_slot slot;

	return ((families & WANT_IPV4) &&
		!pool_book_first_free(a->book, pool, ADDR_IPV4, a->usage, &slot)) ||
	       ((families & WANT_IPV6) &&
		!pool_book_first_free(a->book, pool, ADDR_IPV6, a->usage, &slot));
}

size_t walk_begin(struct allocator *a, struct walk *walk, uint8_t families, uint32_t service)
{
	size_t *at = &walk->open[families & WANT_BOTH];

	if (usage_shares(a->usage, service))
		return 0;
	while (*at < walk->pools.n && is_full(a, walk->pools.at[*at], families))
		++*at;
	return *at;
}
