/* plan_mix.c: which prefixes there are, and which profiles stand behind each of them */
#include "plan/plan_impl.h"

#include "base/arena.h"

#include <string.h>
#include <uthash.h>

static int slot_cmp(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;
	int c = addr_cmp(&x->addr, &y->addr);

	return c ? c : x->service < y->service ? -1 : x->service > y->service;
}

static int part_cmp(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	int c = prefix_cmp(&x->prefix, &y->prefix);

	if (c == 0)
		c = x->slot < y->slot ? -1 : x->slot > y->slot;
	return c ? c : x->step < y->step ? -1 : x->step > y->step;
}

int mix_entry_cmp(const void *a, const void *b)
{
	const struct mix_entry *x = a, *y = b;

	if (x->profile != y->profile)
		return x->profile < y->profile ? -1 : 1;
	if (x->step != y->step)
		return x->step < y->step ? -1 : 1;
	if (x->demotion != y->demotion)
		return x->demotion < y->demotion ? -1 : 1;
	return x->level < y->level ? -1 : x->level > y->level;
}

/* All Services at an address, together. */
static void find_checks(struct build *b)
{
	struct plan_service *services = b->plan->services;
	ARRAY(uint32_t) sharing = {0};

	for (size_t i = 0, j; i < b->slots.n; i = j) {
		struct slot *first = &b->slots.at[i];
		uint32_t pool = services[first->service].pool, set, demotion;

		sharing.n = 0;
		for (j = i; j < b->slots.n && addr_equal(&b->slots.at[j].addr, &first->addr); j++)
			*array_add(&sharing) = b->slots.at[j].service;
		set = cover_set(b->cover, sharing.at, sharing.n, pool);
		demotion = cover_demotion(b->cover, set);
		for (size_t k = i; k < j; k++) {
			struct slot *slot = &b->slots.at[k];

			slot->check_set = set;
			slot->demotion = demotion;
			services[slot->service].checked =
				set != 0 && cover_has(b->cover, slot->service, pool);
		}
	}
	array_fini(&sharing);
}

struct pool_slots {
	struct build *b;
	uint32_t service, profile;
};

static void add_pool_slot(void *arg, const struct prefix *block)
{
	const struct pool_slots *p = arg;

	*array_add(&p->b->slots) = (struct slot){.addr = block->addr,
						 .length = block->len,
						 .service = p->service,
						 .profile = p->profile};
}

static void make_slots(struct build *b)
{
	const struct plan *plan = b->plan;

	for (uint32_t i = 0; i < plan->n_services; i++) {
		const struct plan_service *s = &plan->services[i];
		uint32_t profile;

		if (s->n_addresses == 0 && !s->whole_pool)
			continue;
		profile = adverts_profile(b->adverts, s->pool, s->service);
		for (unsigned k = 0; k < s->n_addresses; k++)
			*array_add(&b->slots) =
				(struct slot){.addr = s->addresses[k],
					      .length = (uint8_t)addr_bits(&s->addresses[k]),
					      .service = i,
					      .profile = profile};
		if (s->whole_pool)
			plan_pool_vips(&plan->pools[s->pool], add_pool_slot,
				       &(struct pool_slots){b, i, profile});
	}
	array_sort(&b->slots, slot_cmp);
	find_checks(b);
}

static void make_parts(struct build *b)
{
	for (uint32_t i = 0; i < b->slots.n; i++) {
		const struct slot *slot = &b->slots.at[i];
		const struct profile *p = adverts_get(b->adverts, slot->profile);

		for (uint32_t s = 0; s < p->n_steps; s++) {
			uint8_t length = p->steps[s].length;

			/* a block is announced unsplit */
			if (length > slot->length)
				length = slot->length;
			if (p->steps[s].family == slot->addr.family)
				*array_add(&b->parts) = (struct part){
					.prefix = prefix_of(&slot->addr, length),
					.slot = i,
					.profile = slot->profile,
					.step = s,
				};
		}
	}
	array_sort(&b->parts, part_cmp);
}

struct known_mix {
	uint32_t index;
	UT_hash_handle hh;
	struct mix_entry key[];
};

/* Entries sorted, each once. */
static size_t seal_entries(struct mix_entry *at, size_t n)
{
	size_t unique = 0;

	if (n > 1)
		qsort(at, n, sizeof(*at), mix_entry_cmp);
	for (size_t i = 0; i < n; i++) {
		if (unique == 0 || mix_entry_cmp(&at[unique - 1], &at[i]) != 0)
			at[unique++] = at[i];
	}
	return unique;
}

static uint32_t mix_of(struct build *b, struct known_mix **table, struct arena *arena,
		       const struct mix_entry *entries, size_t n)
{
	struct known_mix *known;

	HASH_FIND(hh, *table, entries, n * sizeof(*entries), known);
	if (!known) {
		known = arena_alloc(arena, sizeof(*known) + n * sizeof(*entries));
		memcpy(known->key, entries, n * sizeof(*entries));
		known->index = (uint32_t)b->mixes.n;
		HASH_ADD(hh, *table, key, n * sizeof(*entries), known);
		*array_add(&b->mixes) = (struct mix){(uint32_t)b->entries.n, (uint32_t)n};
		for (size_t i = 0; i < n; i++)
			*array_add(&b->entries) = entries[i];
	}
	return known->index;
}

static bool same_but_level(const struct mix_entry *a, const struct mix_entry *b)
{
	return a->profile == b->profile && a->step == b->step && a->demotion == b->demotion;
}

static void make_runs(struct build *b)
{
	struct known_mix *table = NULL;
	struct arena *arena = arena_new();
	ARRAY(struct mix_entry) entries = {0};

	for (size_t i = 0, j; i < b->parts.n; i = j) {
		entries.n = 0;
		for (j = i; j < b->parts.n; j++) {
			const struct part *part = &b->parts.at[j];
			uint32_t demotion = b->slots.at[part->slot].demotion;
			struct mix_entry e = {part->profile, part->step, demotion, 0};

			if (!prefix_equal(&part->prefix, &b->parts.at[i].prefix))
				break;
			if (entries.n > 0 && same_but_level(&entries.at[entries.n - 1], &e))
				continue;
			for (; e.level <= cover_get_demotion(b->cover, demotion)->n_levels;
			     e.level++)
				*array_add(&entries) = e;
		}
		entries.n = seal_entries(entries.at, entries.n);
		*array_add(&b->runs) =
			(struct run){(uint32_t)i, mix_of(b, &table, arena, entries.at, entries.n)};
	}
	*array_add(&b->runs) = (struct run){(uint32_t)b->parts.n, PLAN_NONE};
	array_fini(&entries);
	HASH_CLEAR(hh, table);
	arena_free(arena);
}

void build_mixes(struct build *b)
{
	make_slots(b);
	make_parts(b);
	make_runs(b);
}
