/* plan_effect.c: what a peer gets of the advertisements behind a prefix: attributes, or nothing */
#include "plan/plan_impl.h"

#include "base/heap.h"
#include "base/text.h"

#include <string.h>

static const uint32_t GRACEFUL_SHUTDOWN = 0xffff0000; /* RFC 8326 */

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

/* A set in the making, with room for its communities. */
struct making {
	struct plan_attrs attrs;
	uint32_t *standard;
	struct large_community *large;
};

static void add_communities(struct making *m, const struct communities *c)
{
	for (uint32_t i = 0; i < c->n_standard; i++)
		add_community(&m->attrs, m->standard, c->standard[i]);
	for (uint32_t i = 0; i < c->n_large; i++)
		add_large(&m->attrs, m->large, &c->large[i]);
}

static void add_preference(struct making *m, const struct preference_effect *e)
{
	if (e->has_community)
		add_community(&m->attrs, m->standard, e->community);
	if (e->has_large_community)
		add_large(&m->attrs, m->large, &e->large_community);
	m->attrs.prepend = e->prepend;
	m->attrs.has_local_pref = e->has_local_pref;
	m->attrs.local_pref = e->local_pref;
	m->attrs.has_med = e->has_med;
	m->attrs.med = e->med;
}

static void add_policy(struct making *m, const struct plan_peer *peer, uint8_t family)
{
	const struct peer_settings *policy = peer->policy;

	add_communities(m, &policy->communities);
	if (policy->drain)
		add_community(&m->attrs, m->standard, GRACEFUL_SHUTDOWN);
	if (peer->type != PEER_INTERNAL)
		m->attrs.prepend = (uint16_t)(m->attrs.prepend + policy->prepend);
	if (policy->med.set) {
		m->attrs.has_med = true;
		m->attrs.med = policy->med.value;
	}
	if (policy->next_hop.family == family)
		m->attrs.next_hop = policy->next_hop;
}

static void note_misfit(struct build *b, uint32_t local_pref, const char *template)
{
	for (size_t i = 0; i < b->misfits.n; i++)
		if (b->misfits.at[i].local_pref == local_pref &&
		    text_equal(b->misfits.at[i].template, template))
			return;
	*array_add(&b->misfits) = (struct misfit){local_pref, template};
}

/* What a peer gets of an advertisement's prefixes of a family; demote 0: as they should be. */
static uint32_t attrs_of(struct build *b, const struct bgp_advertisement *adv, uint32_t demote,
			 const struct tiers *tiers, const struct plan_peer *peer, uint8_t family)
{
	const struct peer_settings *policy = peer->policy;
	uint32_t local_pref = adv->local_pref ? adv->local_pref : policy->local_pref, ret;
	struct preference_effect e;
	struct making m = {0};

	if (demote)
		local_pref = demoted(local_pref, demote);
	if (policy->drain)
		preference_drain(&e, &policy->preference, tiers, peer->type);
	else
		preference_effect(&e, &policy->preference, tiers, local_pref, peer->type);
	if (e.misfit && demote && local_pref == demote)
		note_misfit(b, demote, policy->preference.community);
	m.standard = heap_alloc_array((size_t)adv->communities.n_standard +
					      policy->communities.n_standard + 2,
				      sizeof(*m.standard));
	m.large =
		heap_alloc_array((size_t)adv->communities.n_large + policy->communities.n_large + 1,
				 sizeof(*m.large));
	add_communities(&m, &adv->communities);
	add_preference(&m, &e);
	add_policy(&m, peer, family);
	m.attrs.communities = m.standard;
	m.attrs.large_communities = m.large;
	ret = attrs_intern(b->plan->attrs, &m.attrs);
	free(m.standard);
	free(m.large);
	return ret;
}

static struct effect effect_of(struct build *b, const struct mix_entry *entry,
			       const struct tiers *tiers, const struct plan_peer *peer)
{
	const struct profile *p = adverts_get(b->adverts, entry->profile);
	const struct step *step = &p->steps[entry->step];
	const struct demotion *d = cover_get_demotion(b->cover, entry->demotion);
	const uint32_t demote = entry->level > 0 ? d->levels[entry->level - 1] : 0;
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
		ret.attrs = attrs_union(b->plan->attrs, ret.attrs,
					attrs_of(b, adv, demote, tiers, peer, step->family));
	}
	return ret;
}

void build_effects(struct build *b)
{
	for (size_t k = 0; k < b->kinds.n; k++)
		b->kinds.at[k].effects =
			heap_alloc_array(b->entries.n, sizeof(*b->kinds.at[k].effects));
	for (size_t m = 0; m < b->mixes.n; m++) {
		const struct mix *mix = &b->mixes.at[m];
		struct tiers tiers = {0};

		build_mix_tiers(b, mix, &tiers);
		for (size_t k = 0; k < b->kinds.n; k++) {
			struct peer_kind *kind = &b->kinds.at[k];

			for (uint32_t e = mix->entry; e < mix->entry + mix->n_entries; e++)
				kind->effects[e] = effect_of(b, &b->entries.at[e], &tiers,
							     &b->plan->peers[kind->peer]);
		}
		tiers_fini(&tiers);
	}
}
