/* diff_traffic.c: what a change of plans means for those who use the VIPs */
#include "plan/diff_traffic.h"

#include "base/array.h"
#include "base/heap.h"
#include "base/text.h"
#include "plan/diff.h"
#include "plan/diff_route.h"

#include <stdlib.h>
#include <string.h>

uint32_t diff_vip_in(const struct plan *plan, const struct prefix *prefix)
{
	size_t n, low = 0, high;
	const struct plan_vip *vips = plan_vips(plan, &n);

	for (high = n; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (addr_cmp(&vips[middle].addr, &prefix->addr) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < n && prefix_contains(prefix, &vips[low].addr))
		return (uint32_t)low;
	return plan_find_vip_around(plan, &prefix->addr);
}

/* ---- VIPs that nobody has ---- */

/* Does a group that counts (counts NULL: any with peers) announce a route over the VIP? */
static bool is_told(const struct plan *plan, uint32_t vip, const bool *counts)
{
	size_t n;
	const struct plan_vip *v = &plan_vips(plan, &n)[vip];
	const struct plan_group *groups = plan_groups(plan, &n);

	for (uint32_t i = 0; v->open && i < v->n_links; i++) {
		const struct plan_link *l = &plan_links(plan)[v->link + i];
		const struct plan_group *g = &groups[l->group];

		if ((counts ? counts[l->group] : g->n_peers > 0) &&
		    g->routes[l->route].attrs != PLAN_NOT_ANNOUNCED)
			return true;
	}
	return false;
}

/* The first of the VIP's Services tells. */
static void add_why(const struct plan *old_plan, const struct plan *new_plan, uint32_t vip,
		    struct text *out)
{
	size_t n;
	const struct plan_vip *v = &plan_vips(old_plan, &n)[vip];
	const struct plan_service *old_one =
		&plan_services(old_plan, &n)[plan_vip_services(old_plan)[v->service]];
	const struct plan_service *s = plan_services(new_plan, &n), *end = s + n;
	const struct object *o = &old_one->service->object;

	while (s < end && (strcmp(s->service->object.name, o->name) != 0 ||
			   !text_equal(s->service->object.namespace, o->namespace)))
		s++;
	if (s == end)
		text_add(out, "no Service has it any more");
	else if (s->state == SERVICE_NONE || (s->n_addresses == 0 && !s->whole_pool))
		text_addf(out, "its Service has no address: %s", s->reason ? s->reason : "pending");
	else if (!s->whole_pool && !addr_equal(&s->addresses[0], &v->addr) &&
		 (s->n_addresses < 2 || !addr_equal(&s->addresses[1], &v->addr)))
		text_add(out, "its Service has another address");
	else
		text_add(out, s->reason ? s->reason : "it is not announced on this node");
}

void diff_lost(const struct plan *old_plan, const struct plan *new_plan, diff_lost_fn fn, void *arg)
{
	size_t n = 0;
	const struct plan_vip *vips = old_plan ? plan_vips(old_plan, &n) : NULL;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t there = plan_find_vip(new_plan, &vips[i].addr);
		struct text why = {0};

		if (!is_told(old_plan, i, NULL) ||
		    (there != PLAN_NONE && is_told(new_plan, there, NULL)))
			continue;
		add_why(old_plan, new_plan, i, &why);
		fn(arg, &vips[i], why.text);
		text_fini(&why);
	}
}

void diff_interrupted(const struct plan *old_plan, const struct plan *new_plan, diff_vip_fn fn,
		      void *arg)
{
	size_t n, n_groups, n_old;
	const struct plan_peer *peers = plan_peers(new_plan, &n), *old_peers;
	const struct plan_group *groups = plan_groups(new_plan, &n_groups);
	const struct plan_vip *vips;
	bool *stays;

	if (!old_plan)
		return;
	old_peers = plan_peers(old_plan, &n_old);
	stays = heap_alloc_array(n_groups, sizeof(*stays));
	for (size_t g = 0; g < n_groups; g++)
		for (uint32_t i = 0; i < groups[g].n_peers; i++) {
			const struct plan_peer *p = &peers[groups[g].peers[i]];
			uint32_t before = plan_find_peer(old_plan, p->name);

			stays[g] |=
				before != PLAN_NONE &&
				plan_peer_cost(&old_peers[before], p, NULL, NULL) < COST_RESTART;
		}
	vips = plan_vips(new_plan, &n);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t before = plan_find_vip(old_plan, &vips[i].addr);

		if (before != PLAN_NONE && is_told(old_plan, before, NULL) &&
		    is_told(new_plan, i, NULL) && !is_told(new_plan, i, stays))
			fn(arg, &vips[i]);
	}
	free(stays);
}

/* ---- the order of preference ---- */

enum { LOCAL_PREF_DEFAULT = 100, NAMES_MAX = 6 };

/* Peers that change from one group to the same other one are one: named by the first. */
struct pair {
	uint32_t old_group, new_group;
	uint32_t peer; /* of the new plan */
	uint32_t n;
};

struct pairs {
	ARRAY(struct pair);
};

static void find_pairs(const struct plan *old_plan, const struct plan *new_plan, struct pairs *ret)
{
	size_t n, n_old;
	const struct plan_peer *peers = plan_peers(new_plan, &n);
	const struct plan_peer *old_peers = plan_peers(old_plan, &n_old);

	for (uint32_t i = 0; i < n; i++) {
		uint32_t before = plan_find_peer(old_plan, peers[i].name);
		size_t k = 0;

		if (before == PLAN_NONE)
			continue;
		while (k < ret->n && (ret->at[k].old_group != old_peers[before].group ||
				      ret->at[k].new_group != peers[i].group))
			k++;
		if (k == ret->n)
			*array_add(ret) =
				(struct pair){old_peers[before].group, peers[i].group, i, 0};
		ret->at[k].n++;
	}
}

static int route_cmp(const void *a, const void *b)
{
	return prefix_cmp(&((const struct plan_route *)a)->prefix,
			  &((const struct plan_route *)b)->prefix);
}

static const struct plan_attrs *attrs_in(const struct plan *plan, uint32_t group,
					 const struct prefix *prefix)
{
	const struct plan_route key = {.prefix = *prefix};
	size_t n;
	const struct plan_group *g = &plan_groups(plan, &n)[group];
	size_t i = array_find(g->routes, g->n_routes, sizeof(key), &key, route_cmp);

	if (i == g->n_routes || g->routes[i].attrs == PLAN_NOT_ANNOUNCED)
		return NULL;
	return plan_attrs(plan, g->routes[i].attrs);
}

struct rank {
	const char *name;
	uint32_t n; /* peers */
	const struct plan_attrs *attrs;
};

static uint32_t local_pref(const struct plan_attrs *a)
{
	return a->has_local_pref ? a->local_pref : LOCAL_PREF_DEFAULT;
}

/* The better one first. */
static int better(const struct plan_attrs *a, const struct plan_attrs *b)
{
	if (local_pref(a) != local_pref(b))
		return local_pref(a) > local_pref(b) ? -1 : 1;
	if (a->prepend != b->prepend)
		return a->prepend < b->prepend ? -1 : 1;
	if (a->med != b->med)
		return a->med < b->med ? -1 : 1;
	return 0;
}

static int rank_cmp(const void *pa, const void *pb)
{
	const struct rank *a = pa, *b = pb;
	int c = better(a->attrs, b->attrs);

	return c ? c : strcmp(a->name, b->name);
}

static char *order_text(struct rank *ranks, size_t n)
{
	struct text t = {0};

	qsort(ranks, n, sizeof(*ranks), rank_cmp);
	for (size_t i = 0; i < n && i < NAMES_MAX; i++) {
		if (i > 0)
			text_add(&t, better(ranks[i - 1].attrs, ranks[i].attrs) ? " > " : " = ");
		text_add(&t, ranks[i].name);
		if (ranks[i].n > 1)
			text_addf(&t, " (and %u like it)", ranks[i].n - 1);
	}
	if (n > NAMES_MAX)
		text_addf(&t, ", %zu more", n - NAMES_MAX);
	return text_take(&t);
}

static void order_one(const struct plan *old_plan, const struct plan *new_plan,
		      const struct pairs *pairs, const struct prefix *prefix, diff_order_fn fn,
		      void *arg)
{
	struct rank *before = heap_alloc_array(pairs->n, sizeof(*before));
	struct rank *after = heap_alloc_array(pairs->n, sizeof(*after));
	size_t n = 0, n_peers;
	const struct plan_peer *peers = plan_peers(new_plan, &n_peers);
	char *was, *is;

	for (size_t i = 0; i < pairs->n; i++) {
		const struct pair *p = &pairs->at[i];
		const char *name = peers[p->peer].name;

		before[n] = (struct rank){name, p->n, attrs_in(old_plan, p->old_group, prefix)};
		after[n] = (struct rank){name, p->n, attrs_in(new_plan, p->new_group, prefix)};
		n += before[n].attrs && after[n].attrs;
	}
	was = order_text(before, n);
	is = order_text(after, n);
	if (strcmp(was, is) != 0)
		fn(arg, prefix, was, is);
	free(was);
	free(is);
	free(before);
	free(after);
}

static int prefix_order(const void *a, const void *b)
{
	return prefix_cmp(a, b);
}

struct prefixes {
	ARRAY(struct prefix);
};

static void add_changed(void *arg, const struct diff_route *route)
{
	if (route->old_attrs && route->new_attrs)
		*array_add((struct prefixes *)arg) = *route->prefix;
}

void diff_order(const struct plan *old_plan, const struct plan *new_plan, diff_order_fn fn,
		void *arg)
{
	struct diff_pairs *routes;
	struct prefixes changed = {0};
	struct pairs pairs = {0};

	if (!old_plan)
		return;
	find_pairs(old_plan, new_plan, &pairs);
	routes = diff_pairs_new(old_plan, new_plan);
	for (size_t i = 0; i < pairs.n; i++)
		diff_pair_routes(routes, pairs.at[i].old_group, pairs.at[i].new_group, add_changed,
				 &changed);
	diff_pairs_free(routes);
	array_sort(&changed, prefix_order);
	for (size_t i = 0; i < changed.n; i++)
		if (i == 0 || !prefix_equal(&changed.at[i - 1], &changed.at[i]))
			order_one(old_plan, new_plan, &pairs, &changed.at[i], fn, arg);
	array_fini(&pairs);
	array_fini(&changed);
}
