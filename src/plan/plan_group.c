/* plan_group.c: what each peer gets, computed once for peers that get the same
 *
 * Peers that are reached by the same advertisements, over the same families, with the same
 * preference, are one kind; kinds whose effects are equal, whatever advertisement they come from,
 * are one group.
 */
#include "plan/plan_impl.h"

#include "base/arena.h"
#include "base/heap.h"
#include "config/settings.h"

#include <string.h>

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

/* What policies say of routes. */
static bool same_policy(const struct peer_settings *a, const struct peer_settings *b)
{
	static const enum peer_field fields[] = {PEER_LOCAL_PREF, PEER_COMMUNITIES, PEER_MED,
						 PEER_PREPEND,	  PEER_NEXT_HOP,    PEER_DRAIN};

	for (unsigned i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!settings_same(&peer_policy_kind, fields[i], a, b))
			return false;
	for (unsigned i = 0; i < PREFERENCE_FIELDS; i++)
		if (!settings_same(&peer_policy_kind, PEER_PREFERENCE + i, a, b))
			return false;
	return true;
}

static bool same_kind(const struct plan_peer *a, const struct plan_peer *b)
{
	return same_way(a, b) && same_policy(a->policy, b->policy);
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
		       (!same_kind(&b->plan->peers[b->kinds.at[k].peer], &b->plan->peers[i]) ||
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
	build_values(b);
	build_effects(b);
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
