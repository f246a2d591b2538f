/* diff_updates.c: how many UPDATE messages a change of plans takes
 *
 * What goes out: a session that begins sends all its routes and an End-of-RIB for each family.
 * One that stays sends, at once, what differs for VIPs that stand already; the new VIPs follow
 * together, once they stand.
 */
#include "plan/diff_updates.h"

#include "base/heap.h"
#include "plan/diff.h"
#include "plan/diff_route.h"

#include <string.h>

/* RFC 4271 4.1, 4.3 */
enum { MESSAGE_MAX = 4096, UPDATE_HEADER = 23 };
/* of the sending side: how many changes are packed together */
enum { PIECE = 8192 };

void diff_changes_add(struct diff_changes *list, const struct prefix *prefix,
		      const struct plan_attrs *attrs)
{
	*array_add(list) = (struct diff_change){
		.attrs = attrs,
		.family = prefix->addr.family,
		.bytes = (uint8_t)(1 + (prefix->len + 7) / 8),
	};
}

/* Interned: equal sets are one object. */
static int change_cmp(const void *a, const void *b)
{
	const struct diff_change *x = a, *y = b;
	uintptr_t p = (uintptr_t)x->attrs, q = (uintptr_t)y->attrs;

	if (p != q)
		return p < q ? -1 : 1;
	return x->family - y->family;
}

static size_t list_bytes(size_t n, size_t size)
{
	return n == 0 ? 0 : n * size + (n * size > 255 ? 4 : 3);
}

/* ORIGIN, AS_PATH, NEXT_HOP, MED, LOCAL_PREF, COMMUNITIES, LARGE_COMMUNITIES; for IPv6 the head of
 * MP_REACH_NLRI or MP_UNREACH_NLRI (RFC 4760) instead of NEXT_HOP. */
static size_t fixed_bytes(const struct diff_change *change, bool internal)
{
	const struct plan_attrs *attrs = change->attrs;
	bool ipv6 = change->family == ADDR_IPV6;
	size_t n = UPDATE_HEADER;

	if (!attrs)
		return n + (ipv6 ? 7 : 0);
	n += 4 + 3 + (ipv6 ? 4 + 5 + 16 : 7);
	n += internal ? 7 : 2 + 4 * ((size_t)attrs->prepend + 1);
	n += (attrs->has_med ? 7 : 0) + (attrs->has_local_pref && !internal ? 7 : 0);
	return n + list_bytes(attrs->n_communities, 4) + list_bytes(attrs->n_large_communities, 12);
}

static size_t count_piece(const struct diff_change *at, size_t n, bool internal)
{
	size_t messages = 0, room = 0;

	for (size_t i = 0; i < n; i++) {
		if (i == 0 || change_cmp(&at[i - 1], &at[i]) != 0 || room < at[i].bytes) {
			size_t fixed = fixed_bytes(&at[i], internal);

			messages++;
			room = fixed + at[i].bytes < MESSAGE_MAX ? MESSAGE_MAX - fixed
								 : at[i].bytes;
		}
		room -= at[i].bytes;
	}
	return messages;
}

size_t diff_changes_messages(struct diff_changes *list, bool internal)
{
	size_t messages = 0;

	for (size_t i = 0; i < list->n; i += PIECE) {
		size_t n = list->n - i < PIECE ? list->n - i : PIECE;

		qsort(&list->at[i], n, sizeof(*list->at), change_cmp);
		messages += count_piece(&list->at[i], n, internal);
	}
	return messages;
}

struct count {
	const struct plan *old_plan;
	struct plan *new_plan;
	const struct plan_peer *old_peers, *new_peers;
	size_t n_old, n_new;
	bool *kept; /* of the new peers: their sessions stay */
	struct diff_pairs *pairs;
	size_t n;
};

static const struct plan_peer *old_version(const struct count *c, const struct plan_peer *peer)
{
	uint32_t i = c->old_plan ? plan_find_peer(c->old_plan, peer->name) : PLAN_NONE;

	return i == PLAN_NONE ? NULL : &c->old_peers[i];
}

static bool is_kept(const struct count *c, const struct plan_peer *peer)
{
	const struct plan_peer *old_one = old_version(c, peer);

	return old_one && plan_peer_cost(old_one, peer, NULL, NULL) != COST_RESTART;
}

static void count_begin(struct count *c)
{
	for (size_t i = 0; i < c->n_new; i++) {
		const struct plan_peer *p = &c->new_peers[i];

		c->kept[i] = is_kept(c, p);
		if (c->kept[i] || p->shutdown)
			continue;
		c->n += diff_pair_updates(c->pairs, PLAN_NONE, p->group, p->type == PEER_INTERNAL);
		c->n += (size_t)p->ipv4 + p->ipv6;
	}
}

static void count_kept(struct count *c)
{
	for (size_t i = 0; i < c->n_new; i++) {
		const struct plan_peer *p = &c->new_peers[i];

		if (c->kept[i] && !p->shutdown)
			c->n += diff_pair_updates(c->pairs, old_version(c, p)->group, p->group,
						  p->type == PEER_INTERNAL);
	}
}

/* ---- new VIPs, as they stand ---- */

struct touched {
	uint32_t group, route;
};

struct touched_list {
	ARRAY(struct touched);
};

static void touch(void *arg, uint32_t group, uint32_t route)
{
	*array_add((struct touched_list *)arg) = (struct touched){group, route};
}

static int touched_cmp(const void *a, const void *b)
{
	const struct touched *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return x->route < y->route ? -1 : x->route > y->route;
}

static void count_group(struct count *c, uint32_t group, struct diff_changes *changes)
{
	size_t n, times[2] = {0, 0};
	const struct plan_group *g = &plan_groups(c->new_plan, &n)[group];

	for (uint32_t i = 0; i < g->n_peers; i++) {
		const struct plan_peer *p = &c->new_peers[g->peers[i]];

		if (c->kept[g->peers[i]] && !p->shutdown)
			times[p->type == PEER_INTERNAL]++;
	}
	for (int internal = 0; internal < 2; internal++)
		if (times[internal] > 0)
			c->n += times[internal] * diff_changes_messages(changes, internal);
	changes->n = 0;
}

static void count_touched(struct count *c, struct touched_list *list)
{
	struct diff_changes changes = {0};
	size_t n;
	const struct plan_group *groups = plan_groups(c->new_plan, &n);

	array_sort(list, touched_cmp);
	for (size_t i = 0; i < list->n; i++) {
		const struct touched *t = &list->at[i];
		const struct plan_route *r = &groups[t->group].routes[t->route];

		if (i == 0 || touched_cmp(t, t - 1) != 0)
			diff_changes_add(&changes, &r->prefix, plan_attrs(c->new_plan, r->attrs));
		if (i + 1 == list->n || t[1].group != t->group)
			count_group(c, t->group, &changes);
	}
	list->n = 0;
	array_fini(&changes);
}

static bool is_new(const struct count *c, const struct plan_vip *vip)
{
	return vip->open && (!c->old_plan || plan_find_vip(c->old_plan, &vip->addr) == PLAN_NONE);
}

/* What kept sessions send: with the new VIPs' gates closed first, then with all open. */
static void count_in_steps(struct count *c)
{
	ARRAY(uint32_t) fresh = {0};
	struct touched_list list = {0};
	size_t n;
	const struct plan_vip *vips = plan_vips(c->new_plan, &n);

	for (uint32_t i = 0; i < n; i++)
		if (is_new(c, &vips[i]))
			*array_add(&fresh) = i;
	for (size_t i = 0; i < fresh.n; i++)
		plan_gate(c->new_plan, fresh.at[i], false, NULL, NULL);
	c->pairs = diff_pairs_new(c->old_plan, c->new_plan);
	count_kept(c);
	diff_pairs_free(c->pairs);
	for (size_t i = 0; i < fresh.n; i++)
		plan_gate(c->new_plan, fresh.at[i], true, touch, &list);
	count_touched(c, &list);
	array_fini(&list);
	array_fini(&fresh);
}

size_t plan_diff_updates(const struct plan *old_plan, struct plan *new_plan)
{
	struct count c = {.old_plan = old_plan, .new_plan = new_plan};

	if (old_plan)
		c.old_peers = plan_peers(old_plan, &c.n_old);
	c.new_peers = plan_peers(new_plan, &c.n_new);
	c.kept = heap_alloc_array(c.n_new, sizeof(*c.kept));
	c.pairs = diff_pairs_new(old_plan, new_plan);
	count_begin(&c);
	diff_pairs_free(c.pairs);
	count_in_steps(&c);
	free(c.kept);
	return c.n;
}
