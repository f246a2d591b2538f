/* plan_warn_preference.c: says, once for each advertisement or policy, what becomes of a localPref
 * that external peers would not see, and what they are sent instead */
#include "config/conflict.h"
#include "plan/plan_impl.h"

#include "base/text.h"
#include "config/diag.h"
#include "config/selector.h"
#include "config/settings.h"
#include "plan/pool.h"
#include "plan/preference.h"

#include <string.h>

/* Do both make the same prefixes of some pool? */
static bool share_prefixes(const struct build *b, const struct bgp_advertisement *x,
			   const struct bgp_advertisement *y)
{
	size_t n;
	const struct ip_address_pool *pools = model_pools(b->plan->model, &n);

	for (size_t i = 0; i < n; i++) {
		if (!advertisement_has_pool(x, &pools[i]) || !advertisement_has_pool(y, &pools[i]))
			continue;
		if ((x->aggregation_length == y->aggregation_length &&
		     pool_has_family(&pools[i], ADDR_IPV4)) ||
		    (x->aggregation_length_v6 == y->aggregation_length_v6 &&
		     pool_has_family(&pools[i], ADDR_IPV6)))
			return true;
	}
	return false;
}

enum { NAMES_MAX = 4 }; /* of peers */

/* A localPref, and the external peers to which it comes to the same. */
struct source {
	const struct object *object; /* the advertisement, or the policy that fills it in */
	uint32_t local_pref;
	const struct external_preference *preference; /* of the first peer */
	struct preference_effect effect;
	struct text peers;
	unsigned n_peers;
};

struct sources {
	ARRAY(struct source);
};

static bool same_effect(const struct preference_effect *a, const struct preference_effect *b)
{
	return a->has_local_pref == b->has_local_pref && a->has_med == b->has_med &&
	       a->has_community == b->has_community &&
	       a->has_large_community == b->has_large_community && a->prepend == b->prepend &&
	       a->med == b->med && a->community == b->community && a->misfit == b->misfit &&
	       memcmp(&a->large_community, &b->large_community, sizeof(a->large_community)) == 0;
}

static struct source *source_of(struct sources *sources, const struct source *like)
{
	struct source *ret;

	for (size_t i = 0; i < sources->n; i++) {
		struct source *s = &sources->at[i];

		if (s->object == like->object && s->preference->mode == like->preference->mode &&
		    same_effect(&s->effect, &like->effect))
			return s;
	}
	ret = array_add(sources);
	*ret = *like;
	return ret;
}

static void add_peer(struct sources *sources, const struct source *like, const char *name)
{
	struct source *s = source_of(sources, like);

	if (s->n_peers++ < NAMES_MAX)
		text_addf(&s->peers, "%s%s", s->n_peers == 1 ? "" : ", ", name);
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

static void find_sources(const struct build *b, const struct bgp_advertisement *adv,
			 const struct tiers *tiers, struct sources *ret)
{
	const struct plan *plan = b->plan;

	for (size_t i = 0; i < plan->n_peers; i++) {
		const struct plan_peer *peer = &plan->peers[i];
		struct source like = {.object = &adv->object,
				      .local_pref = adv->local_pref,
				      .preference = &peer->policy->preference};

		if (peer->type == PEER_INTERNAL || peer->drain ||
		    !adverts_selects_peer(adv, peer->name))
			continue;
		if (!adv->local_pref) {
			like.local_pref = peer->policy->local_pref;
			like.object = model_peer_policy_giver(plan->model, plan->node, peer->peer,
							      PEER_LOCAL_PREF);
		}
		if (!like.local_pref)
			continue;
		preference_effect(&like.effect, like.preference, tiers, like.local_pref,
				  PEER_EXTERNAL);
		add_peer(ret, &like, peer->name);
	}
}

static void warn_source(const struct warn *w, const struct source *s, const struct tiers *tiers)
{
	struct finding about = {DIAG_WARNING, s->object, "spec.localPref", "local-pref-external",
				NULL};
	struct text peers = {0}, instead = {0};

	text_add(&peers, s->peers.text);
	if (s->n_peers > NAMES_MAX)
		text_addf(&peers, " and %u more", s->n_peers - NAMES_MAX);
	if (s->effect.misfit) {
		about.severity = DIAG_ERROR;
		about.rule = "preference-community";
		warn_add(w, about, "localPref %u does not fit the community template \"%s\"",
			 s->local_pref, s->preference->community ? s->preference->community : "");
	} else if (!s->effect.has_local_pref) {
		add_effect(&instead, s->preference, &s->effect, tiers);
		about.hint =
			"externalPreference in a Daemon or PeerPolicy document chooses what is "
			"sent to external peers";
		warn_add(w, about, "external peers do not see localPref %u (%s): %s", s->local_pref,
			 peers.text, instead.text);
	}
	text_fini(&peers);
	text_fini(&instead);
}

/* Those of all nodes, of checks that may cover what it announces. */
static void add_demotes(const struct build *b, uint32_t adv, struct tiers *ret)
{
	size_t n, n_pools;
	const struct health_check *checks = model_health_checks(b->plan->model, &n);
	const struct ip_address_pool *pools = model_pools(b->plan->model, &n_pools);

	for (size_t i = 0; i < n; i++) {
		for (size_t p = 0; p < n_pools && checks[i].on_failure == ON_FAILURE_DEMOTE; p++) {
			if (!advertisement_has_pool(&b->advs[adv], &pools[p]) ||
			    !health_check_has_pool(&checks[i], &pools[p]))
				continue;
			build_add_demoted(b, adv, checks[i].local_pref, ret);
			break;
		}
	}
}

static void warn_advertisement(const struct warn *w, uint32_t index)
{
	const struct bgp_advertisement *adv = &w->b->advs[index];
	struct sources sources = {0};
	struct tiers tiers = {0};

	for (uint32_t i = 0; i < w->b->n_advs; i++) {
		if (i == index || share_prefixes(w->b, adv, &w->b->advs[i]))
			build_add_tiers(w->b, i, &tiers);
	}
	add_demotes(w->b, index, &tiers);
	tiers_seal(&tiers);
	find_sources(w->b, adv, &tiers, &sources);
	for (size_t i = 0; i < sources.n; i++) {
		warn_source(w, &sources.at[i], &tiers);
		text_fini(&sources.at[i].peers);
	}
	array_fini(&sources);
	tiers_fini(&tiers);
}

/* Somebody says something of it: else there is nothing to tell, and nothing to look for. */
static bool has_value(const struct adv_values *values)
{
	return values->n > 1 || values->at[0] != 0;
}

/* At each check of the node that demotes to a value which the community can't carry. */
static void warn_misfits(const struct warn *w)
{
	const struct plan *plan = w->b->plan;
	size_t n;
	const struct health_check *checks = model_health_checks(plan->model, &n);

	for (size_t m = 0; m < w->b->misfits.n; m++) {
		const struct misfit *misfit = &w->b->misfits.at[m];

		for (size_t i = 0; i < n; i++) {
			struct finding about = {DIAG_ERROR, &checks[i].object,
						"spec.onFailure.localPref", "preference-community",
						NULL};

			if (checks[i].local_pref == misfit->local_pref &&
			    selectors_match(&checks[i].node_selectors, &plan->node->object.labels,
					    true))
				warn_add(w, about,
					 "localPref %u does not fit the community template \"%s\"",
					 misfit->local_pref,
					 misfit->template ? misfit->template : "");
		}
	}
}

void plan_warn_preference(const struct warn *w)
{
	for (uint32_t i = 0; i < w->b->n_advs; i++) {
		if (has_value(&w->b->values[i]) && adverts_is_here(w->b->adverts, i))
			warn_advertisement(w, i);
	}
	warn_misfits(w);
}
