/* validate_pools.c: pools that overlap (V-056), aggregates longer than a pool's blocks (V-062),
 * advertisements that contradict each other in local preference (V-067) */
#include "config/conflict.h"
#include "config/reading.h"
#include "config/selector.h"
#include "config/validate_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A pool keeps only entries that are good: counts those. */
void check_block_path(struct check *c, const struct ip_address_pool *pool, uint32_t block,
		      char *buf)
{
	yaml_node_t *list = check_node(c, &pool->object, "spec.addresses");
	size_t index = 0;
	uint32_t good = 0;

	for (; index < node_count(list); index++) {
		const char *text = node_text(node_item(&c->doc, list, index));
		struct addr_range range;

		if (text && addr_range_parse(&range, text) == ADDR_OK && good++ == block)
			break;
	}
	path_item(buf, "spec.addresses", index);
}

struct block_of {
	const struct addr_range *range;
	uint32_t pool, block;
};

static int block_of_cmp(const void *pa, const void *pb)
{
	const struct block_of *a = pa, *b = pb;
	int c = addr_cmp(&a->range->first, &b->range->first);

	if (c == 0)
		c = (a->pool > b->pool) - (a->pool < b->pool);
	return c != 0 ? c : (a->block > b->block) - (a->block < b->block);
}

static void report_overlap(struct check *c, const struct block_of *a, const struct block_of *b)
{
	bool swap = a->pool > b->pool || (a->pool == b->pool && a->block > b->block);
	const struct block_of *first = swap ? b : a, *second = swap ? a : b;
	const struct ip_address_pool *x = &c->model->pools.at[first->pool];
	const struct ip_address_pool *y = &c->model->pools.at[second->pool];
	char path[PATH_TEXT_MAX];
	struct place place;
	struct diag *diag;

	if (diags_errors(c->diags) < DIAGS_MAX)
		check_block_path(c, x, first->block, path);
	else
		path_item(path, "spec.addresses", first->block);
	place = check_place(c, &x->object, path);
	if (diags_errors(c->diags) < DIAGS_MAX)
		check_block_path(c, y, second->block, path);
	diag = check_error(c, &y->object, path, "V-056", "%s overlaps %s of IPAddressPool/%s",
			   y->blocks[second->block].text, x->blocks[first->block].text,
			   x->object.name);
	diag_related(c->diags, diag, place, "the other one is here, %s of IPAddressPool/%s",
		     x->blocks[first->block].text, x->object.name);
}

/* In order of their first address, each is held against the one before that reaches farthest. */
void v056_blocks_overlap(struct check *c)
{
	ARRAY(struct block_of) all = {0};

	for (uint32_t i = 0; i < c->model->pools.n; i++)
		for (uint32_t k = 0; k < c->model->pools.at[i].n_blocks; k++)
			*array_add(&all) =
				(struct block_of){&c->model->pools.at[i].blocks[k].range, i, k};
	array_sort(&all, block_of_cmp);
	for (size_t i = 1, far = 0; i < all.n; i++) {
		if (addr_range_overlaps(all.at[far].range, all.at[i].range))
			report_overlap(c, &all.at[far], &all.at[i]);
		if (addr_cmp(&all.at[i].range->last, &all.at[far].range->last) > 0)
			far = i;
	}
	array_fini(&all);
}

/* Each entry sets its own bound. */
static unsigned shortest_allowed(const struct ip_address_pool *pool, uint8_t family)
{
	unsigned ret = 0;

	for (uint32_t i = 0; i < pool->n_blocks; i++)
		if (pool->blocks[i].range.first.family == family && pool->blocks[i].shortest > ret)
			ret = pool->blocks[i].shortest;
	return ret;
}

/* One finding a pool and family: its first block that is too large. */
static void check_lengths(struct check *c, const struct bgp_advertisement *adv,
			  const struct ip_address_pool *pool, uint8_t family)
{
	bool v4 = family == ADDR_IPV4;
	unsigned length = v4 ? adv->aggregation_length : adv->aggregation_length_v6;
	const char *field = v4 ? "spec.aggregationLength" : "spec.aggregationLengthV6";

	for (uint32_t i = 0; i < pool->n_blocks; i++) {
		const struct pool_block *block = &pool->blocks[i];
		char path[PATH_TEXT_MAX];
		struct place place;
		struct diag *diag;

		if (block->range.first.family != family || length >= block->shortest)
			continue;
		check_block_path(c, pool, i, path);
		place = check_place(c, &pool->object, path);
		diag = check_error(c, &adv->object, field, "V-062",
				   "/%u is larger than %s of IPAddressPool/%s, whose largest block"
				   " is a /%u",
				   length, block->text, pool->object.name, block->shortest);
		diag_hint(c->diags, diag, "the shortest that this pool allows is %u",
			  shortest_allowed(pool, family));
		diag_related(c->diags, diag, place, "the block is here, in IPAddressPool/%s",
			     pool->object.name);
		return;
	}
}

void v062_aggregates_within_blocks(struct check *c)
{
	for (size_t i = 0; i < c->model->advertisements.n; i++) {
		const struct bgp_advertisement *adv = &c->model->advertisements.at[i];

		if (adv->aggregation_length == 32 && adv->aggregation_length_v6 == 128)
			continue;
		for (size_t k = 0; k < c->model->pools.n; k++) {
			const struct ip_address_pool *pool = &c->model->pools.at[k];

			if (!advertisement_has_pool(adv, pool))
				continue;
			check_lengths(c, adv, pool, ADDR_IPV4);
			check_lengths(c, adv, pool, ADDR_IPV6);
		}
	}
}

static bool contradict(const struct check *c, const struct bgp_advertisement *a,
		       const struct bgp_advertisement *b, const struct ip_address_pool *pool)
{
	return advertisements_conflict(a, b, pool) &&
	       check_common_node(c, &a->node_selectors, &b->node_selectors);
}

/* 0 stands for none. */
static const char *preference_text(char buf[16], uint32_t local_pref)
{
	if (local_pref == 0)
		return "none";
	snprintf(buf, 16, "%u", local_pref);
	return buf;
}

static void report_contradiction(struct check *c, const struct bgp_advertisement *a,
				 const struct bgp_advertisement *b,
				 const struct ip_address_pool *pool)
{
	struct place place = check_place(c, &a->object, "spec.localPref");
	char here[16], there[16];
	struct diag *diag;

	diag = check_error(c, &b->object, "spec.localPref", "V-067",
			   "%s here and %s in BGPAdvertisement/%s, for the same peer, node and"
			   " IPAddressPool/%s",
			   preference_text(here, b->local_pref),
			   preference_text(there, a->local_pref), a->object.name,
			   pool->object.name);
	diag_related(c->diags, diag, place, "the other one is here, in BGPAdvertisement/%s",
		     a->object.name);
	diag_hint(c->diags, diag,
		  "give both the same value, or let peers, nodeSelectors or pools keep them apart;"
		  " to move traffic away change the other one, or drain the peer");
}

/* Those that select a pool and have no serviceSelectors, each against those before it; one finding
 * for each advertisement is enough. */
void v067_local_preferences(struct check *c)
{
	size_t n = c->model->advertisements.n;
	const struct bgp_advertisement *advs = c->model->advertisements.at;
	size_t *selecting = calloc(n + 1, sizeof(*selecting));
	bool *reported = calloc(n + 1, sizeof(*reported));

	if (!selecting || !reported)
		abort();
	for (size_t p = 0; p < c->model->pools.n; p++) {
		const struct ip_address_pool *pool = &c->model->pools.at[p];
		size_t n_selecting = 0;

		for (size_t i = 0; i < n; i++) {
			if (advs[i].service_selectors.n > 0 ||
			    !advertisement_has_pool(&advs[i], pool))
				continue;
			for (size_t k = 0; k < n_selecting && !reported[i]; k++) {
				if (!contradict(c, &advs[selecting[k]], &advs[i], pool))
					continue;
				report_contradiction(c, &advs[selecting[k]], &advs[i], pool);
				reported[i] = true;
			}
			selecting[n_selecting++] = i;
		}
	}
	free(selecting);
	free(reported);
}
