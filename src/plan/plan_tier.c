/* plan_tier.c: which local preferences a prefix has, on any node, to any peer
 *
 * From the documents alone, whatever node the plan is for: every node must find the same tiers.
 */
#include "plan/plan_impl.h"

#include "base/arena.h"

struct value_list {
	ARRAY(uint32_t) at;
};

static void add_value(void *arg, uint32_t local_pref)
{
	struct value_list *list = arg;

	for (size_t i = 0; i < list->at.n; i++)
		if (list->at.at[i] == local_pref)
			return;
	*array_add(&list->at) = local_pref;
}

/* What an advertisement leaves open, the policies of its peers say. */
static void peers_values(const struct build *b, const struct bgp_advertisement *adv,
			 struct value_list *ret)
{
	size_t n;
	const struct bgp_peer *peers = model_peers(b->plan->model, &n);

	for (size_t i = 0; i < n; i++)
		if (adverts_selects_peer(adv, peers[i].object.name))
			model_peer_local_prefs(b->plan->model, &peers[i], add_value, ret);
	if (ret->at.n == 0)
		add_value(ret, 0);
}

void build_values(struct build *b)
{
	b->values = arena_array_of(b->arena, struct adv_values, b->n_advs);
	for (size_t i = 0; i < b->n_advs; i++) {
		struct value_list list = {0};

		if (b->advs[i].local_pref)
			add_value(&list, b->advs[i].local_pref);
		else
			peers_values(b, &b->advs[i], &list);
		b->values[i].at = arena_copy(b->arena, list.at.at, list.at.n * sizeof(*list.at.at));
		b->values[i].n = (uint32_t)list.at.n;
		array_fini(&list.at);
	}
}

void build_add_tiers(const struct build *b, uint32_t adv, struct tiers *ret)
{
	for (uint32_t i = 0; i < b->values[adv].n; i++)
		tiers_add(ret, b->values[adv].at[i]);
}

void build_add_demoted(const struct build *b, uint32_t adv, uint32_t demote, struct tiers *ret)
{
	for (uint32_t i = 0; i < b->values[adv].n; i++)
		tiers_add(ret, demoted(b->values[adv].at[i], demote));
}

/* The tiers of a prefix come from all that stands behind it. */
void build_mix_tiers(const struct build *b, const struct mix *mix, struct tiers *ret)
{
	for (uint32_t e = 0; e < mix->n_entries; e++) {
		const struct mix_entry *entry = &b->entries.at[mix->entry + e];
		const struct step *step =
			&adverts_get(b->adverts, entry->profile)->steps[entry->step];
		const struct demotion *d;

		if (entry->level > 0)
			continue; /* that of level 0 has said it all */
		d = cover_get_demotion(b->cover, entry->demotion);
		for (uint32_t i = 0; i < step->n_advs; i++) {
			build_add_tiers(b, step->advs[i], ret);
			for (uint32_t k = 0; k < d->n_values; k++)
				build_add_demoted(b, step->advs[i], d->values[k], ret);
		}
	}
	tiers_seal(ret);
}
