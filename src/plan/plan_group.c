/* plan_group.c: what each peer gets, computed once for peers that get the same
 *
 * Peers that are reached by the same advertisements, over the same families, with the same
 * preference, are one kind; kinds whose effects are equal, whatever advertisement they come from,
 * are one group.
 */
#include "plan/plan_impl.h"

#include "base/arena.h"
#include "base/heap.h"
#include "plan/preference.h"

#include <string.h>

/* ---- the effect of an advertisement ---- */

static void add_community(struct plan_attrs *attrs, uint32_t *list, uint32_t community)
{
	unsigned at = attrs->n_communities;

	while (at > 0 && list[at - 1] > community)
		at--;
	if (at > 0 && list[at - 1] == community)
		return;
	memmove(list + at + 1, list + at, (attrs->n_communities - at) * sizeof(*list));
	list[at] = community;
	attrs->n_communities++;
}

static void add_large(struct plan_attrs *attrs, struct large_community *list,
		      const struct large_community *community)
{
	unsigned at = attrs->n_large_communities;

	while (at > 0 && large_community_cmp(&list[at - 1], community) > 0)
		at--;
	if (at > 0 && large_community_cmp(&list[at - 1], community) == 0)
		return;
	memmove(list + at + 1, list + at, (attrs->n_large_communities - at) * sizeof(*list));
	list[at] = *community;
	attrs->n_large_communities++;
}

static uint32_t attrs_of(struct build *b, const struct bgp_advertisement *adv,
			 const struct tiers *tiers, const struct plan_peer *peer)
{
	struct preference_effect e;
	struct plan_attrs attrs = {0};
	struct large_community *large;
	uint32_t *standard, ret;

	preference_effect(&e, &b->plan->settings.preference, tiers, adv->local_pref, peer->type);
	standard = heap_alloc_array((size_t)adv->communities.n_standard + 1, sizeof(*standard));
	large = heap_alloc_array((size_t)adv->communities.n_large + 1, sizeof(*large));
	for (uint32_t i = 0; i < adv->communities.n_standard; i++)
		add_community(&attrs, standard, adv->communities.standard[i]);
	for (uint32_t i = 0; i < adv->communities.n_large; i++)
		add_large(&attrs, large, &adv->communities.large[i]);
	if (e.has_community)
		add_community(&attrs, standard, e.community);
	if (e.has_large_community)
		add_large(&attrs, large, &e.large_community);
	attrs.communities = standard;
	attrs.large_communities = large;
	attrs.prepend = e.prepend;
	attrs.has_local_pref = e.has_local_pref;
	attrs.local_pref = e.local_pref;
	attrs.has_med = e.has_med;
	attrs.med = e.med;
	ret = attrs_intern(b->plan->attrs, &attrs);
	free(standard);
	free(large);
	return ret;
}

static struct effect effect_of(struct build *b, const struct mix_entry *entry,
			       const struct tiers *tiers, const struct plan_peer *peer)
{
	const struct profile *p = adverts_get(b->adverts, entry->profile);
	const struct step *step = &p->steps[entry->step];
	struct effect ret = {PLAN_NOT_ANNOUNCED, PLAN_NONE};

	if (p->silence != SILENCE_NONE || !(step->family == ADDR_IPV6 ? peer->ipv6 : peer->ipv4))
		return ret;
	for (uint32_t i = 0; i < step->n_advs; i++) {
		const struct bgp_advertisement *adv = &b->advs[step->advs[i]];

		if (!adverts_is_here(b->adverts, step->advs[i]) ||
		    !adverts_selects_peer(adv, peer->name))
			continue;
		if (ret.advertisement == PLAN_NONE)
			ret.advertisement = step->advs[i];
		ret.attrs = attrs_union(b->plan->attrs, ret.attrs, attrs_of(b, adv, tiers, peer));
	}
	return ret;
}

/* The tiers of a prefix come from all that stands behind it, on any node. */
static void mix_tiers(struct tiers *ret, const struct build *b, const struct mix *mix)
{
	for (uint32_t e = 0; e < mix->n_entries; e++) {
		const struct mix_entry *entry = &b->entries.at[mix->entry + e];
		const struct step *step =
			&adverts_get(b->adverts, entry->profile)->steps[entry->step];

		for (uint32_t i = 0; i < step->n_advs; i++)
			tiers_add(ret, b->advs[step->advs[i]].local_pref);
	}
	tiers_seal(ret);
}

static void make_effects(struct build *b)
{
	for (size_t k = 0; k < b->kinds.n; k++)
		b->kinds.at[k].effects =
			heap_alloc_array(b->entries.n, sizeof(*b->kinds.at[k].effects));
	for (size_t m = 0; m < b->mixes.n; m++) {
		const struct mix *mix = &b->mixes.at[m];
		struct tiers tiers = {0};

		mix_tiers(&tiers, b, mix);
		for (size_t k = 0; k < b->kinds.n; k++) {
			struct peer_kind *kind = &b->kinds.at[k];

			for (uint32_t e = mix->entry; e < mix->entry + mix->n_entries; e++)
				kind->effects[e] = effect_of(b, &b->entries.at[e], &tiers,
							     &b->plan->peers[kind->peer]);
		}
		tiers_fini(&tiers);
	}
}

/* ---- kinds of peers, and groups ---- */

/* One byte for each advertisement that reaches the peer. */
static void find_reach(const struct build *b, const struct plan_peer *peer, uint8_t *reach)
{
	for (uint32_t i = 0; i < b->n_advs; i++)
		reach[i] = adverts_is_here(b->adverts, i) &&
			   adverts_selects_peer(&b->advs[i], peer->name);
}

static bool same_way(const struct plan_peer *a, const struct plan_peer *b)
{
	return a->type == b->type && a->ipv4 == b->ipv4 && a->ipv6 == b->ipv6;
}

static void make_kinds(struct build *b)
{
	size_t n = b->plan->n_peers;
	uint8_t **reaches = heap_alloc_array(n, sizeof(*reaches)); /* of each kind */

	b->kind_of = heap_alloc_array(n, sizeof(*b->kind_of));
	for (uint32_t i = 0; i < n; i++) {
		uint8_t *reach = heap_alloc(b->n_advs);
		uint32_t k = 0;

		find_reach(b, &b->plan->peers[i], reach);
		while (k < b->kinds.n &&
		       (!same_way(&b->plan->peers[b->kinds.at[k].peer], &b->plan->peers[i]) ||
			memcmp(reaches[k], reach, b->n_advs) != 0))
			k++;
		b->kind_of[i] = k;
		if (k < b->kinds.n) {
			free(reach);
			continue;
		}
		reaches[k] = reach;
		*array_add(&b->kinds) = (struct peer_kind){.peer = i};
	}
	for (size_t k = 0; k < b->kinds.n; k++)
		free(reaches[k]);
	free(reaches);
}

static bool same_output(const struct build *b, const struct peer_kind *x, const struct peer_kind *y)
{
	if (!same_way(&b->plan->peers[x->peer], &b->plan->peers[y->peer]))
		return false;
	for (size_t e = 0; e < b->entries.n; e++) {
		if (x->effects[e].attrs != y->effects[e].attrs)
			return false;
	}
	return true;
}

static void join_kinds(struct build *b)
{
	for (uint32_t k = 0; k < b->kinds.n; k++) {
		uint32_t g = 0;

		while (g < b->group_kinds.n &&
		       !same_output(b, &b->kinds.at[b->group_kinds.at[g]], &b->kinds.at[k]))
			g++;
		if (g == b->group_kinds.n)
			*array_add(&b->group_kinds) = k;
		b->kinds.at[k].group = g;
	}
}

static void fill_groups(struct build *b)
{
	struct plan *plan = b->plan;

	plan->n_groups = b->group_kinds.n;
	plan->groups = arena_array_of(plan->arena, struct plan_group, plan->n_groups);
	for (uint32_t i = 0; i < plan->n_peers; i++) {
		plan->peers[i].group = b->kinds.at[b->kind_of[i]].group;
		plan->groups[plan->peers[i].group].n_peers++;
	}
	for (uint32_t g = 0; g < plan->n_groups; g++) {
		struct plan_group *group = &plan->groups[g];
		uint32_t *peers = arena_array_of(plan->arena, uint32_t, group->n_peers), n = 0;

		for (uint32_t i = 0; i < plan->n_peers; i++) {
			if (plan->peers[i].group == g)
				peers[n++] = i;
		}
		group->peers = peers;
	}
}

void build_groups(struct build *b)
{
	make_kinds(b);
	make_effects(b);
	join_kinds(b);
	fill_groups(b);
}

void build_groups_fini(struct build *b)
{
	for (size_t k = 0; k < b->kinds.n; k++)
		free(b->kinds.at[k].effects);
	array_fini(&b->kinds);
	array_fini(&b->group_kinds);
	free(b->kind_of);
}
