/* plan_warn_preference.c: says, once for each advertisement, what becomes of a localPref that
 * external peers would not see, and what they are sent instead */
#include "config/conflict.h"
#include "plan/plan_impl.h"

#include "base/text.h"
#include "config/diag.h"
#include "plan/pool.h"
#include "plan/preference.h"

/* Do both make the same prefixes of some pool? */
static bool share_prefixes(const struct build *b, const struct bgp_advertisement *x,
			   const struct bgp_advertisement *y)
{
	size_t n;
	const struct ip_address_pool *pools = model_pools(b->plan->model, &n);

	for (size_t i = 0; i < n; i++) {
		if (!adverts_selects_pool(x, &pools[i]) || !adverts_selects_pool(y, &pools[i]))
			continue;
		if ((x->aggregation_length == y->aggregation_length &&
		     pool_has_family(&pools[i], ADDR_IPV4)) ||
		    (x->aggregation_length_v6 == y->aggregation_length_v6 &&
		     pool_has_family(&pools[i], ADDR_IPV6)))
			return true;
	}
	return false;
}

/* Adds the names of the external peers that it reaches; how many. */
static unsigned name_externals(const struct build *b, const struct bgp_advertisement *adv,
			       struct text *text)
{
	enum { NAMES_MAX = 4 };
	const struct plan *plan = b->plan;
	unsigned n = 0;

	for (size_t i = 0; i < plan->n_peers; i++) {
		const struct plan_peer *peer = &plan->peers[i];

		if (peer->type == PEER_INTERNAL || !adverts_selects_peer(adv, peer->name))
			continue;
		if (n++ < NAMES_MAX)
			text_addf(text, "%s%s", n == 1 ? "" : ", ", peer->name);
	}
	if (n > NAMES_MAX)
		text_addf(text, " and %u more", n - NAMES_MAX);
	return n;
}

static void add_tiers(struct text *text, const struct tiers *tiers)
{
	enum { TIERS_MAX = 6 };

	for (size_t i = 0; i < tiers->values.n && i < TIERS_MAX; i++)
		text_addf(text, "%s%u", i ? ", " : "", tiers->values.at[i]);
	if (tiers->values.n > TIERS_MAX)
		text_add(text, ", ...");
}

static void add_effect(struct text *text, const struct external_preference *p,
		       const struct preference_effect *e, const struct tiers *tiers)
{
	const struct large_community *l = &e->large_community;

	if (e->has_med)
		text_addf(text, "MED %u is sent instead", e->med);
	else if (e->has_community)
		text_addf(text, "community %u:%u is sent instead", e->community >> 16,
			  e->community & UINT16_MAX);
	else if (e->has_large_community)
		text_addf(text, "community large:%u:%u:%u is sent instead", l->global_admin,
			  l->data1, l->data2);
	else if (e->prepend > 0)
		text_addf(text, "our AS is prepended %u more time%s instead", e->prepend,
			  e->prepend == 1 ? "" : "s");
	else if (p->mode == PREFERENCE_NONE)
		text_add(text, "nothing is sent instead (externalPreference: none)");
	else if (tiers->values.n > 1)
		text_add(text, "nothing is prepended, as it is the best value");
	else
		text_add(text, "nothing is sent instead, as it is the only value");
	if (tiers->values.n > 1) {
		text_add(text, " (of ");
		add_tiers(text, tiers);
		text_add(text, ")");
	}
}

static void warn_advertisement(const struct warn *w, uint32_t index)
{
	const struct bgp_advertisement *adv = &w->b->advs[index];
	const struct external_preference *p = &w->b->plan->settings.preference;
	struct preference_effect effect;
	struct tiers tiers = {0};
	struct text peers = {0}, instead = {0};
	struct finding about = {DIAG_WARNING, &adv->object, "spec.localPref", "local-pref-external",
				NULL};

	for (size_t i = 0; i < w->b->n_advs; i++) {
		if (i == index || share_prefixes(w->b, adv, &w->b->advs[i]))
			tiers_add(&tiers, w->b->advs[i].local_pref);
	}
	tiers_seal(&tiers);
	preference_effect(&effect, p, &tiers, adv->local_pref, PEER_EXTERNAL);
	if (name_externals(w->b, adv, &peers) > 0 && effect.misfit) {
		about.severity = DIAG_ERROR;
		about.rule = "preference-community";
		warn_add(w, about, "localPref %u does not fit the community template \"%s\"",
			 adv->local_pref, p->community ? p->community : "");
	} else if (peers.text && !effect.has_local_pref) {
		add_effect(&instead, p, &effect, &tiers);
		about.hint = "externalPreference in a Daemon document chooses what is sent to "
			     "external peers";
		warn_add(w, about, "external peers do not see localPref %u (%s): %s",
			 adv->local_pref, peers.text, instead.text);
	}
	tiers_fini(&tiers);
	text_fini(&peers);
	text_fini(&instead);
}

void plan_warn_preference(const struct warn *w)
{
	for (uint32_t i = 0; i < w->b->n_advs; i++) {
		if (w->b->advs[i].local_pref != 0 && adverts_is_here(w->b->adverts, i))
			warn_advertisement(w, i);
	}
}
