/* advertise_check.c: what silences Services whose advertisements do apply */
#include "config/conflict.h"
#include "plan/advertise_check.h"

#include "base/array.h"
#include "plan/attrs.h"
#include "plan/pool.h"
#include "plan/request.h"

#include <stdio.h>
#include <string.h>

static const char *conflict_text(const struct advert_check *c, const struct bgp_advertisement *a,
				 const struct bgp_advertisement *b)
{
	char x[16] = "unset", y[16] = "unset";

	if (a->local_pref)
		snprintf(x, sizeof(x), "%u", a->local_pref);
	if (b->local_pref)
		snprintf(y, sizeof(y), "%u", b->local_pref);
	return reason_text(c->arena,
			   "BGPAdvertisements %s and %s both apply and contradict each other: "
			   "localPref %s and %s",
			   a->object.name, b->object.name, x, y);
}

static bool find_conflict(const struct advert_check *c, const bool *here, struct profile *p)
{
	for (uint32_t i = 0; i < p->n_advs; i++) {
		const struct bgp_advertisement *a = &c->advs[p->advs[i]];

		for (uint32_t j = i + 1; here[p->advs[i]] && j < p->n_advs; j++) {
			const struct bgp_advertisement *b = &c->advs[p->advs[j]];

			if (!here[p->advs[j]] || !advertisements_conflict(a, b, &c->pools[p->pool]))
				continue;
			p->silence = SILENCE_CONFLICT;
			p->rule = 68;
			p->reason = conflict_text(c, a, b);
			return true;
		}
	}
	return false;
}

static int u32_cmp(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static int large_cmp(const void *a, const void *b)
{
	return large_community_cmp(a, b);
}

/* How many different ones are in a sorted array. */
static size_t distinct(const void *at, size_t n, size_t size,
		       int (*cmp)(const void *, const void *))
{
	size_t ret = n > 0;

	for (size_t i = 1; i < n; i++)
		ret += cmp((const char *)at + (i - 1) * size, (const char *)at + i * size) != 0;
	return ret;
}

/* Of all advertisements of a step that reach the peer, together. */
static size_t count_communities(const struct advert_check *c, const bool *here,
				const struct step *step, const char *peer)
{
	ARRAY(uint32_t) standard = {0};
	ARRAY(struct large_community) large = {0};
	size_t ret;

	for (uint32_t i = 0; i < step->n_advs; i++) {
		const struct bgp_advertisement *a = &c->advs[step->advs[i]];

		if (!here[step->advs[i]] || !adverts_selects_peer(a, peer))
			continue;
		for (uint32_t k = 0; k < a->communities.n_standard; k++)
			*array_add(&standard) = a->communities.standard[k];
		for (uint32_t k = 0; k < a->communities.n_large; k++)
			*array_add(&large) = a->communities.large[k];
	}
	array_sort(&standard, u32_cmp);
	array_sort(&large, large_cmp);
	ret = distinct(standard.at, standard.n, sizeof(*standard.at), u32_cmp) +
	      distinct(large.at, large.n, sizeof(*large.at), large_cmp);
	array_fini(&standard);
	array_fini(&large);
	return ret;
}

static bool find_too_many(const struct advert_check *c, const bool *here, struct profile *p)
{
	size_t at_most = 0;

	for (uint32_t i = 0; i < p->n_advs; i++)
		at_most += c->advs[p->advs[i]].communities.n_standard +
			   c->advs[p->advs[i]].communities.n_large;
	if (at_most <= COMMUNITIES_MAX)
		return false;
	for (uint32_t s = 0; s < p->n_steps; s++) {
		for (size_t i = 0; i < c->n_peers; i++) {
			size_t n = count_communities(c, here, &p->steps[s], c->peers[i].name);

			if (n <= COMMUNITIES_MAX)
				continue;
			p->silence = SILENCE_COMMUNITIES;
			p->rule = 69;
			p->reason = reason_text(c->arena,
						"%zu communities for peer %s, at most %d are sent",
						n, c->peers[i].name, COMMUNITIES_MAX);
			return true;
		}
	}
	return false;
}

void advert_check(const struct advert_check *check, const bool *here, struct profile *profile)
{
	if (find_conflict(check, here, profile) || find_too_many(check, here, profile))
		return;
	if (check->node->network_unavailable) {
		profile->silence = SILENCE_NODE;
		profile->reason = "the node's condition NetworkUnavailable is True";
	} else if (node_is_excluded(check->node)) {
		profile->silence = SILENCE_NODE;
		profile->reason = "the node has the label "
				  "node.kubernetes.io/exclude-from-external-load-balancers";
	}
}
