/* pool.c: the address pools: how much they hold, which one owns an address, what is free in them */
#include "plan/pool.h"

#include "base/array.h"
#include "base/heap.h"
#include "config/model.h"
#include "config/selector.h"

#include <string.h>

struct block {
	struct addr_range range;
	uint32_t pool, block;
};

/* Up to where all is used: one for each family. */
struct cursor {
	uint32_t block;
	struct addr addr; /* ADDR_NONE: at the start of the block */
};

struct book_pool {
	struct cursor cursors[2];
	ARRAY(const char *) namespaces; /* sorted; the model's */
};

struct pool_book {
	const struct ip_address_pool *pools;
	size_t n_pools;
	struct book_pool *at;
	ARRAY(struct block) blocks; /* of all pools, ascending; they do not overlap */
};

/* How many of 0 .. last end in 0 or in 255. */
static uint64_t buggy_up_to(uint64_t last)
{
	return last / 256 + 1 + (last + 1) / 256;
}

static uint64_t block_capacity(const struct ip_address_pool *pool, const struct addr_range *range)
{
	uint64_t size = addr_range_size(range), first, last;

	if (!pool->avoid_buggy_ips || range->first.family != ADDR_IPV4)
		return size;
	first = addr_ipv4_u32(&range->first);
	last = addr_ipv4_u32(&range->last);
	return size - (buggy_up_to(last) - (first > 0 ? buggy_up_to(first - 1) : 0));
}

uint64_t pool_capacity(const struct ip_address_pool *pool, uint8_t family)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < pool->n_blocks; i++) {
		const struct addr_range *range = &pool->blocks[i].range;

		if (range->first.family != family)
			continue;
		sum += block_capacity(pool, range);
		if (sum > INT64_MAX)
			sum = INT64_MAX;
	}
	return sum;
}

bool pool_is_usable(const struct ip_address_pool *pool, const struct addr *addr)
{
	return !pool->avoid_buggy_ips || addr->family != ADDR_IPV4 ||
	       (addr->bytes[3] != 0 && addr->bytes[3] != 255);
}

static int block_cmp(const void *a, const void *b)
{
	const struct block *x = a, *y = b;

	return addr_cmp(&x->range.first, &y->range.first);
}

static int name_cmp(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_selected_namespaces(struct book_pool *bp, const struct ip_address_pool *pool,
				    const struct model *model, const char *const *names, size_t n)
{
	static const struct labels none;

	for (size_t i = 0; i < n; i++) {
		const struct namespace_doc *doc = model_find_namespace(model, names[i]);

		if (namespace_is_selected(&pool->namespace_selectors, names[i],
					  doc ? &doc->object.labels : &none))
			*array_add(&bp->namespaces) = names[i];
	}
}

/* The namespaces that exist: those with a document, and those that Services are in; each once. */
static size_t all_namespaces(const struct model *model, const char ***ret)
{
	size_t n_docs, n_services, n = 0, unique = 0;
	const struct namespace_doc *docs = model_namespaces(model, &n_docs);
	const struct service *services = model_services(model, &n_services);
	const char **names = heap_alloc_array(n_docs + n_services, sizeof(*names));

	for (size_t i = 0; i < n_docs; i++)
		names[n++] = docs[i].object.name;
	for (size_t i = 0; i < n_services; i++) {
		if (n == 0 || strcmp(names[n - 1], services[i].object.namespace) != 0)
			names[n++] = services[i].object.namespace;
	}
	if (n > 1)
		qsort(names, n, sizeof(*names), name_cmp);
	for (size_t i = 0; i < n; i++) {
		if (unique == 0 || strcmp(names[unique - 1], names[i]) != 0)
			names[unique++] = names[i];
	}
	*ret = names;
	return unique;
}

static void add_namespaces(struct pool_book *book, const struct model *model)
{
	const char **names = NULL;
	size_t n = 0;

	for (size_t p = 0; p < book->n_pools; p++) {
		const struct ip_address_pool *pool = &book->pools[p];
		struct book_pool *bp = &book->at[p];

		for (uint32_t i = 0; i < pool->namespaces.n; i++)
			*array_add(&bp->namespaces) = pool->namespaces.at[i];
		if (pool->namespace_selectors.n > 0) {
			if (!names)
				n = all_namespaces(model, &names);
			add_selected_namespaces(bp, pool, model, names, n);
		}
		array_sort(&bp->namespaces, name_cmp);
	}
	free(names);
}

struct pool_book *pool_book_new(const struct model *model)
{
	struct pool_book *book = heap_new_of(struct pool_book);

	book->pools = model_pools(model, &book->n_pools);
	book->at = heap_alloc_array(book->n_pools, sizeof(*book->at));
	for (size_t p = 0; p < book->n_pools; p++) {
		for (uint32_t b = 0; b < book->pools[p].n_blocks; b++)
			*array_add(&book->blocks) =
				(struct block){book->pools[p].blocks[b].range, (uint32_t)p, b};
	}
	array_sort(&book->blocks, block_cmp);
	add_namespaces(book, model);
	return book;
}

void pool_book_free(struct pool_book *book)
{
	if (!book)
		return;
	for (size_t p = 0; p < book->n_pools; p++)
		array_fini(&book->at[p].namespaces);
	free(book->at);
	array_fini(&book->blocks);
	free(book);
}

bool pool_book_find(const struct pool_book *book, const struct addr *addr, struct pool_slot *ret)
{
	size_t low = 0, high = book->blocks.n;

	/* The last block that begins at or below the address. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (addr_cmp(&book->blocks.at[middle].range.first, addr) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || !addr_range_contains(&book->blocks.at[low - 1].range, addr))
		return false;
	*ret = (struct pool_slot){
		.pool = book->blocks.at[low - 1].pool,
		.block = book->blocks.at[low - 1].block,
		.addr = *addr,
	};
	return true;
}

static bool has_namespace(const struct book_pool *bp, const char *name)
{
	return array_find(bp->namespaces.at, bp->namespaces.n, sizeof(*bp->namespaces.at), &name,
			  name_cmp) < bp->namespaces.n;
}

/* Where MetalLB takes selectors that find no namespace for everybody, they are nobody here. */
bool pool_book_has_namespace(const struct pool_book *book, uint32_t pool, const char *namespace)
{
	const struct ip_address_pool *p = &book->pools[pool];
	const bool any = p->namespaces.n == 0 && p->namespace_selectors.n == 0;

	return any || has_namespace(&book->at[pool], namespace);
}

bool pool_book_allows(const struct pool_book *book, uint32_t pool, const struct service *service)
{
	return pool_book_has_namespace(book, pool, service->object.namespace) &&
	       selectors_match(&book->pools[pool].service_selectors, &service->object.labels, true);
}

bool pool_book_first_free(struct pool_book *book, uint32_t pool, uint8_t family,
			  const struct usage *usage, struct pool_slot *ret)
{
	const struct ip_address_pool *p = &book->pools[pool];
	struct cursor *c = &book->at[pool].cursors[family == ADDR_IPV6];

	for (; c->block < p->n_blocks; c->block++, c->addr.family = ADDR_NONE) {
		const struct addr_range *range = &p->blocks[c->block].range;

		if (range->first.family != family)
			continue;
		if (c->addr.family == ADDR_NONE)
			c->addr = range->first;
		do {
			if (pool_is_usable(p, &c->addr) && !usage_is_used(usage, &c->addr)) {
				*ret = (struct pool_slot){pool, c->block, c->addr};
				return true;
			}
		} while (!addr_equal(&c->addr, &range->last) && addr_next(&c->addr));
	}
	return false;
}
