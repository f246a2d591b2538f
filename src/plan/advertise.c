/* advertise.c: which advertisements apply to which Service, and why a Service is not announced */
#include "plan/advertise.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/heap.h"
#include "config/conflict.h"
#include "config/selector.h"
#include "plan/advertise_check.h"
#include "plan/request.h"

#include <string.h>
#include <uthash.h>

static const char exclude_label[] = "node.kubernetes.io/exclude-from-external-load-balancers";

/* The advertisements that select a pool. */
struct pool_adverts {
	ARRAY(uint32_t) advs;
	bool by_service; /* one of them has serviceSelectors */
	uint32_t profile; /* of all Services, where not; PLAN_NONE: not yet made */
};

struct profile_entry {
	uint32_t index;
	UT_hash_handle hh;
	uint32_t key[]; /* the pool, then the advertisements */
};

struct adverts {
	struct advert_check check;
	struct arena *arena;
	size_t n_advs;
	bool *here;
	struct pool_adverts *pools;
	size_t n_pools;
	ARRAY(struct profile) profiles;
	struct profile_entry *table;
	uint32_t *scratch; /* a key: the pool and all advertisements */
};

bool adverts_selects_node(const struct bgp_advertisement *adv, const struct node *node)
{
	return selectors_match(&adv->node_selectors, &node->object.labels, true);
}

bool adverts_selects_peer(const struct bgp_advertisement *adv, const char *peer)
{
	return adv->peers.n == 0 || names_have(&adv->peers, peer);
}

bool node_is_excluded(const struct node *node)
{
	return labels_get(&node->object.labels, exclude_label);
}

bool adverts_is_here(const struct adverts *adverts, uint32_t adv)
{
	return adverts->here[adv];
}

static void find_pools(struct adverts *t, const struct ip_address_pool *pools)
{
	for (size_t p = 0; p < t->n_pools; p++) {
		struct pool_adverts *pool = &t->pools[p];

		pool->profile = PLAN_NONE;
		for (uint32_t i = 0; i < t->n_advs; i++) {
			if (!advertisement_has_pool(&t->check.advs[i], &pools[p]))
				continue;
			*array_add(&pool->advs) = i;
			pool->by_service |= t->check.advs[i].service_selectors.n > 0;
		}
	}
}

struct adverts *adverts_new(const struct model *model, const struct node *node,
			    const struct plan_peer *peers, size_t n_peers, struct arena *arena,
			    struct arena *reasons)
{
	struct adverts *t = heap_new_of(struct adverts);

	t->check.advs = model_advertisements(model, &t->n_advs);
	t->check.pools = model_pools(model, &t->n_pools);
	t->check.peers = peers;
	t->check.n_peers = n_peers;
	t->check.node = node;
	t->check.arena = reasons;
	t->arena = arena;
	t->here = heap_alloc_array(t->n_advs, sizeof(*t->here));
	t->pools = heap_alloc_array(t->n_pools, sizeof(*t->pools));
	t->scratch = heap_alloc_array(t->n_advs + 1, sizeof(*t->scratch));
	for (size_t i = 0; i < t->n_advs; i++)
		t->here[i] = adverts_selects_node(&t->check.advs[i], node);
	find_pools(t, t->check.pools);
	return t;
}

void adverts_free(struct adverts *adverts)
{
	if (!adverts)
		return;
	for (size_t p = 0; p < adverts->n_pools; p++)
		array_fini(&adverts->pools[p].advs);
	HASH_CLEAR(hh, adverts->table);
	array_fini(&adverts->profiles);
	free(adverts->scratch);
	free(adverts->pools);
	free(adverts->here);
	free(adverts);
}

const struct profile *adverts_get(const struct adverts *adverts, uint32_t profile)
{
	return &adverts->profiles.at[profile];
}

size_t adverts_profiles(const struct adverts *adverts)
{
	return adverts->profiles.n;
}

static uint8_t length_for(const struct bgp_advertisement *adv, uint8_t family)
{
	return family == ADDR_IPV6 ? adv->aggregation_length_v6 : adv->aggregation_length;
}

static struct step make_step(const struct adverts *t, const struct profile *p, uint8_t family,
			     uint8_t length)
{
	struct step step = {.family = family, .length = length};
	uint32_t *advs = arena_array_of(t->arena, uint32_t, p->n_advs);

	for (uint32_t i = 0; i < p->n_advs; i++) {
		if (length_for(&t->check.advs[p->advs[i]], family) == length)
			advs[step.n_advs++] = p->advs[i];
	}
	step.advs = advs;
	return step;
}

static void make_steps(const struct adverts *t, struct profile *p)
{
	static const uint8_t families[] = {ADDR_IPV4, ADDR_IPV6};
	ARRAY(struct step) steps = {0};

	for (unsigned f = 0; f < 2; f++) {
		bool seen[129] = {false};

		for (uint32_t i = 0; i < p->n_advs; i++)
			seen[length_for(&t->check.advs[p->advs[i]], families[f])] = true;
		for (unsigned length = 0; length <= 128; length++) {
			if (seen[length])
				*array_add(&steps) = make_step(t, p, families[f], (uint8_t)length);
		}
	}
	p->steps = arena_copy(t->arena, steps.at, steps.n * sizeof(*steps.at));
	p->n_steps = (uint32_t)steps.n;
	array_fini(&steps);
}

/* The first step that fails tells the reason, in MetalLB's order. */
static void find_silence(const struct adverts *t, struct profile *p)
{
	const char *pool = t->check.pools[p->pool].object.name;
	const struct pool_adverts *all = &t->pools[p->pool];
	uint32_t here = 0, pool_here = 0;

	for (size_t i = 0; i < all->advs.n; i++)
		pool_here += t->here[all->advs.at[i]];
	for (uint32_t i = 0; i < p->n_advs; i++)
		here += t->here[p->advs[i]];
	if (all->advs.n == 0) {
		p->silence = SILENCE_NO_ADVERTISEMENT;
		p->reason =
			reason_text(t->check.arena, "no BGPAdvertisement selects pool %s", pool);
	} else if (pool_here == 0) {
		p->silence = SILENCE_OTHER_NODES;
		p->reason = reason_text(t->check.arena,
					"no BGPAdvertisement of pool %s selects node %s", pool,
					t->check.node->object.name);
	} else if (here == 0) {
		p->silence = SILENCE_OTHER_SERVICES;
		p->reason = reason_text(
			t->check.arena,
			"no BGPAdvertisement of pool %s on this node selects the Service", pool);
	} else {
		advert_check(&t->check, t->here, p);
	}
}

static uint32_t make_profile(struct adverts *t, uint32_t pool, const uint32_t *advs, uint32_t n)
{
	struct profile *p = array_add(&t->profiles);

	p->pool = pool;
	p->advs = arena_copy(t->arena, advs, n * sizeof(*advs));
	p->n_advs = n;
	make_steps(t, p);
	find_silence(t, p);
	return (uint32_t)t->profiles.n - 1;
}

uint32_t adverts_profile(struct adverts *t, uint32_t pool, const struct service *service)
{
	struct pool_adverts *p = &t->pools[pool];
	struct profile_entry *entry;
	uint32_t n = 0;
	size_t bytes;

	if (!p->by_service) {
		if (p->profile == PLAN_NONE)
			p->profile = make_profile(t, pool, p->advs.at, (uint32_t)p->advs.n);
		return p->profile;
	}
	t->scratch[n++] = pool;
	for (size_t i = 0; i < p->advs.n; i++) {
		if (selectors_match(&t->check.advs[p->advs.at[i]].service_selectors,
				    &service->object.labels, true))
			t->scratch[n++] = p->advs.at[i];
	}
	bytes = n * sizeof(*t->scratch);
	HASH_FIND(hh, t->table, t->scratch, bytes, entry);
	if (!entry) {
		entry = arena_alloc(t->arena, sizeof(*entry) + bytes);
		memcpy(entry->key, t->scratch, bytes);
		entry->index = make_profile(t, pool, t->scratch + 1, n - 1);
		HASH_ADD(hh, t->table, key, bytes, entry);
	}
	return entry->index;
}
