/* cover.c: which HealthChecks cover which VIPs */
#include "plan/cover.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/heap.h"
#include "base/text.h"
#include "config/selector.h"

#include <string.h>
#include <uthash.h>

/* A Service that a check names. */
struct named {
	uint32_t service, check;
};

struct set_entry {
	uint32_t index;
	UT_hash_handle hh;
	uint32_t key[]; /* checks, of all nodes */
};

struct cover {
	const struct health_check *checks;
	size_t n_checks;
	const struct plan_service *services;
	size_t n_services;
	const struct ip_address_pool *pools;
	struct arena *arena;
	bool *here; /* of each check: it selects this node */
	bool *of_pool; /* pool x check */
	ARRAY(struct named) named; /* by Service, then check */
	ARRAY(struct plan_check_set) sets;
	ARRAY(uint32_t) demotion_of; /* of each set */
	ARRAY(struct demotion) demotions;
	struct set_entry *table;
	bool *hit; /* of each check */
	uint32_t *key;
};

static int named_cmp(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	if (x->service != y->service)
		return x->service < y->service ? -1 : 1;
	return x->check < y->check ? -1 : x->check > y->check;
}

bool health_check_has_pool(const struct health_check *check, const struct ip_address_pool *pool)
{
	return object_is_selected(&pool->object, &check->pools, &check->pool_selectors);
}

/* The model's Services come first, as they stand there. */
static uint32_t find_service(const struct cover *c, const struct model *model,
			     const struct service_name *name)
{
	size_t n;
	const struct service *docs = model_services(model, &n);
	const struct service *s = model_find_service(model, name->namespace, name->name);

	if (s)
		return (uint32_t)(s - docs);
	for (size_t i = n; i < c->n_services; i++) {
		const struct object *o = &c->services[i].service->object;

		if (text_equal(o->namespace, name->namespace) && text_equal(o->name, name->name))
			return (uint32_t)i;
	}
	return PLAN_NONE;
}

static void find_named(struct cover *c, const struct model *model)
{
	for (uint32_t k = 0; k < c->n_checks; k++) {
		for (uint32_t i = 0; i < c->checks[k].n_services; i++) {
			uint32_t service = find_service(c, model, &c->checks[k].services[i]);

			if (service != PLAN_NONE)
				*array_add(&c->named) = (struct named){service, k};
		}
	}
	array_sort(&c->named, named_cmp);
}

struct cover *cover_new(const struct model *model, const struct node *node,
			const struct plan_service *services, size_t n_services, struct arena *arena)
{
	struct cover *c = heap_new_of(struct cover);
	size_t n_pools;

	c->arena = arena;
	c->services = services;
	c->n_services = n_services;
	c->checks = model_health_checks(model, &c->n_checks);
	c->pools = model_pools(model, &n_pools);
	*array_add(&c->sets) = (struct plan_check_set){0};
	*array_add(&c->demotions) = (struct demotion){0};
	*array_add(&c->demotion_of) = 0;
	c->here = heap_alloc_array(c->n_checks, sizeof(*c->here));
	c->hit = heap_alloc_array(c->n_checks, sizeof(*c->hit));
	c->key = heap_alloc_array(c->n_checks, sizeof(*c->key));
	c->of_pool = heap_alloc_array(c->n_checks * n_pools, sizeof(*c->of_pool));
	for (size_t k = 0; k < c->n_checks; k++) {
		c->here[k] =
			selectors_match(&c->checks[k].node_selectors, &node->object.labels, true);
		for (size_t p = 0; p < n_pools; p++)
			c->of_pool[p * c->n_checks + k] =
				health_check_has_pool(&c->checks[k], &c->pools[p]);
	}
	find_named(c, model);
	return c;
}

void cover_free(struct cover *c)
{
	if (!c)
		return;
	HASH_CLEAR(hh, c->table);
	array_fini(&c->named);
	array_fini(&c->sets);
	array_fini(&c->demotion_of);
	array_fini(&c->demotions);
	free(c->here);
	free(c->hit);
	free(c->key);
	free(c->of_pool);
	free(c);
}

/* Those that mean the Service by labels, or mean all. */
static bool selects_service(const struct health_check *check, const struct service *s)
{
	return selectors_match(&check->service_selectors, &s->object.labels,
			       check->n_services == 0);
}

/* Marks the checks that cover a Service, of all nodes. */
static void mark(struct cover *c, uint32_t service, uint32_t pool)
{
	const bool *of_pool = &c->of_pool[pool * c->n_checks];
	size_t low = 0, high = c->named.n;

	for (size_t k = 0; k < c->n_checks; k++)
		c->hit[k] |=
			of_pool[k] && selects_service(&c->checks[k], c->services[service].service);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->named.at[middle].service < service)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < c->named.n && c->named.at[low].service == service; low++)
		c->hit[c->named.at[low].check] |= of_pool[c->named.at[low].check];
}

bool cover_has(struct cover *c, uint32_t service, uint32_t pool)
{
	bool ret = false;

	if (c->n_checks == 0)
		return false;
	memset(c->hit, 0, c->n_checks * sizeof(*c->hit));
	mark(c, service, pool);
	for (size_t k = 0; k < c->n_checks; k++)
		ret |= c->hit[k] && c->here[k];
	return ret;
}

static int descending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x > y ? -1 : x < y;
}

/* The demotes among checks, descending, each once; on this node, or on any. */
static const uint32_t *demotes(const struct cover *c, const uint32_t *checks, size_t n,
			       bool here_only, uint32_t *ret_n)
{
	uint32_t *at = arena_array_of(c->arena, uint32_t, n);
	uint32_t all = 0, kept = 0;

	for (size_t i = 0; i < n; i++)
		if (c->checks[checks[i]].on_failure == ON_FAILURE_DEMOTE &&
		    (!here_only || c->here[checks[i]]))
			at[all++] = c->checks[checks[i]].local_pref;
	if (all > 1)
		qsort(at, all, sizeof(*at), descending);
	for (uint32_t i = 0; i < all; i++)
		if (kept == 0 || at[kept - 1] != at[i])
			at[kept++] = at[i];
	*ret_n = kept;
	return at;
}

static bool same_list(const uint32_t *a, uint32_t n_a, const uint32_t *b, uint32_t n_b)
{
	return n_a == n_b && (n_a == 0 || memcmp(a, b, n_a * sizeof(*a)) == 0);
}

static uint32_t demotion_of(struct cover *c, const uint32_t *checks, size_t n)
{
	struct demotion d = {0};

	d.values = demotes(c, checks, n, false, &d.n_values);
	d.levels = demotes(c, checks, n, true, &d.n_levels);
	for (uint32_t i = 0; i < c->demotions.n; i++) {
		const struct demotion *other = &c->demotions.at[i];

		if (same_list(d.values, d.n_values, other->values, other->n_values) &&
		    same_list(d.levels, d.n_levels, other->levels, other->n_levels))
			return i;
	}
	*array_add(&c->demotions) = d;
	return (uint32_t)c->demotions.n - 1;
}

static uint32_t make_set(struct cover *c, const uint32_t *checks, size_t n)
{
	struct plan_check_set set = {0};
	uint32_t *here = arena_array_of(c->arena, uint32_t, n);
	uint32_t demotion = demotion_of(c, checks, n);

	for (size_t i = 0; i < n; i++)
		if (c->here[checks[i]])
			here[set.n_checks++] = checks[i];
	set.checks = here;
	set.demotes = c->demotions.at[demotion].levels;
	set.n_demotes = c->demotions.at[demotion].n_levels;
	*array_add(&c->sets) = set;
	*array_add(&c->demotion_of) = demotion;
	return (uint32_t)c->sets.n - 1;
}

uint32_t cover_set(struct cover *c, const uint32_t *services, size_t n, uint32_t pool)
{
	struct set_entry *entry;
	size_t n_key = 0, bytes;

	if (c->n_checks == 0)
		return 0;
	memset(c->hit, 0, c->n_checks * sizeof(*c->hit));
	for (size_t i = 0; i < n; i++)
		mark(c, services[i], pool);
	for (uint32_t k = 0; k < c->n_checks; k++)
		if (c->hit[k])
			c->key[n_key++] = k;
	if (n_key == 0)
		return 0;
	bytes = n_key * sizeof(*c->key);
	HASH_FIND(hh, c->table, c->key, bytes, entry);
	if (!entry) {
		entry = arena_alloc(c->arena, sizeof(*entry) + bytes);
		memcpy(entry->key, c->key, bytes);
		entry->index = make_set(c, c->key, n_key);
		HASH_ADD(hh, c->table, key, bytes, entry);
	}
	return entry->index;
}

uint32_t cover_demotion(const struct cover *c, uint32_t set)
{
	return c->demotion_of.at[set];
}

const struct demotion *cover_get_demotion(const struct cover *c, uint32_t demotion)
{
	return &c->demotions.at[demotion];
}

const struct plan_check_set *cover_sets(const struct cover *c, size_t *n)
{
	*n = c->sets.n;
	return c->sets.at;
}
