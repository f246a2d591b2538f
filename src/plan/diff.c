/* diff.c: two plans -> what a change from one to the other does, in consequences */
#include "plan/diff.h"

#include "base/array.h"
#include "base/text.h"
#include "plan/diff_route.h"

#include <string.h>

struct diff {
	const struct plan *old_plan, *new_plan; /* old may be NULL */
	plan_change_fn fn;
	void *arg;
};

static void tell(const struct diff *d, struct plan_change change)
{
	d->fn(d->arg, &change);
}

static int peer_cmp(const void *a, const void *b)
{
	return strcmp(((const struct plan_peer *)a)->name, ((const struct plan_peer *)b)->name);
}

static const struct plan_peer *peers_of(const struct plan *plan, size_t *n)
{
	*n = 0;
	return plan ? plan_peers(plan, n) : NULL;
}

static void walk_peers(const struct diff *d, array_merge_fn fn, void *arg)
{
	size_t n_old, n_new;
	const struct plan_peer *old_at = peers_of(d->old_plan, &n_old);
	const struct plan_peer *new_at = peers_of(d->new_plan, &n_new);

	array_merge_walk(old_at, n_old, new_at, n_new, sizeof(*new_at), peer_cmp, fn, arg);
}

/* ---- sessions ---- */

struct session {
	const struct diff *d;
	const char *peer;
};

static void session_field(void *arg, const char *field, enum plan_cost cost)
{
	const struct session *s = arg;

	if (cost == COST_RESTART)
		tell(s->d, (struct plan_change){CHANGE_SESSION_RESTARTED, .peer = s->peer,
						.field = field});
	else if (cost == COST_NEXT)
		tell(s->d, (struct plan_change){CHANGE_SESSION_DEFERRED, .peer = s->peer,
						.field = field});
	else if (cost == COST_MAY_END)
		tell(s->d,
		     (struct plan_change){CHANGE_SESSION_MAY_END, .peer = s->peer, .field = field});
	else if (cost == COST_IN_PLACE && text_has_prefix(field, "password"))
		tell(s->d,
		     (struct plan_change){CHANGE_SESSION_REKEYED, .peer = s->peer, .field = field});
}

/* A session that restarts anyway has nothing deferred. */
static void restarting_field(void *arg, const char *field, enum plan_cost cost)
{
	if (cost == COST_RESTART)
		session_field(arg, field, cost);
}

static void session_one(void *arg, const void *old_one, const void *new_one)
{
	const struct diff *d = arg;
	const struct plan_peer *a = old_one, *b = new_one;
	struct session s = {d, (a ? a : b)->name};

	if (!a)
		tell(d, (struct plan_change){CHANGE_SESSION_ADDED, .peer = b->name});
	else if (!b)
		tell(d, (struct plan_change){CHANGE_SESSION_REMOVED, .peer = a->name});
	else if (plan_peer_cost(a, b, NULL, NULL) == COST_RESTART)
		plan_peer_cost(a, b, restarting_field, &s);
	else
		plan_peer_cost(a, b, session_field, &s);
}

/* ---- VIPs ---- */

static int vip_cmp(const void *a, const void *b)
{
	return addr_cmp(&((const struct plan_vip *)a)->addr, &((const struct plan_vip *)b)->addr);
}

static const char *interface_of(const struct plan *plan, const struct plan_vip *vip)
{
	size_t n;

	return plan_interfaces(plan, &n)[vip->interface];
}

static void vip_one(void *arg, const void *old_one, const void *new_one)
{
	const struct diff *d = arg;
	const struct plan_vip *a = old_one, *b = new_one;
	struct plan_change c = {.vip = b ? b : a};

	c.interface = b ? interface_of(d->new_plan, b) : interface_of(d->old_plan, a);
	if (!a)
		c.what = CHANGE_VIP_ADDED;
	else if (!b)
		c.what = CHANGE_VIP_REMOVED;
	else if (!text_equal(interface_of(d->old_plan, a), c.interface) || a->length != b->length ||
		 a->route != b->route)
		c.what = CHANGE_VIP_MOVED;
	else
		return;
	tell(d, c);
}

static void diff_vips(const struct diff *d)
{
	size_t n_old = 0, n_new;
	const struct plan_vip *old_at = d->old_plan ? plan_vips(d->old_plan, &n_old) : NULL;
	const struct plan_vip *new_at = plan_vips(d->new_plan, &n_new);

	array_merge_walk(old_at, n_old, new_at, n_new, sizeof(*new_at), vip_cmp, vip_one,
			 (void *)d);
}

/* ---- routes, peer by peer ---- */

struct peer_routes {
	const struct diff *d;
	struct diff_pairs *pairs;
	const char *peer;
};

static void route_one(void *arg, const struct diff_route *r)
{
	const struct peer_routes *p = arg;
	struct plan_change c = {.peer = p->peer,
				.prefix = r->prefix,
				.old_attrs = r->old_attrs,
				.new_attrs = r->new_attrs};

	c.what = !r->old_attrs	 ? CHANGE_ROUTE_ANNOUNCED
		 : !r->new_attrs ? CHANGE_ROUTE_WITHDRAWN
				 : CHANGE_ROUTE_CHANGED;
	tell(p->d, c);
}

static void routes_one(void *arg, const void *old_one, const void *new_one)
{
	struct peer_routes *p = arg;
	const struct plan_peer *a = old_one, *b = new_one;

	p->peer = (a ? a : b)->name;
	diff_pair_routes(p->pairs, a ? a->group : PLAN_NONE, b ? b->group : PLAN_NONE, route_one,
			 p);
}

/* ---- BFD ---- */

static void bfd_field(void *arg, const char *field, enum plan_cost cost)
{
	(void)cost;
	if (strcmp(field, "bfdProfile") == 0 || strcmp(field, "bfd.hops") == 0)
		*(bool *)arg = true;
}

static void bfd_one(void *arg, const void *old_one, const void *new_one)
{
	const struct diff *d = arg;
	const struct plan_peer *a = old_one, *b = new_one;
	struct plan_change c = {.peer = (a ? a : b)->name};
	bool had = a && a->bfd, has = b && b->bfd, changed = false;

	if (!had && !has)
		return;
	if (had && has) {
		plan_peer_cost(a, b, bfd_field, &changed);
		if (!changed)
			return;
		c.what = CHANGE_BFD_CHANGED;
	} else {
		c.what = has ? CHANGE_BFD_ADDED : CHANGE_BFD_REMOVED;
	}
	tell(d, c);
}

void plan_diff(const struct plan *old_plan, const struct plan *new_plan, plan_change_fn fn,
	       void *arg)
{
	struct diff d = {old_plan, new_plan, fn, arg};
	struct peer_routes routes = {.d = &d, .pairs = diff_pairs_new(old_plan, new_plan)};

	walk_peers(&d, session_one, &d);
	diff_vips(&d);
	walk_peers(&d, routes_one, &routes);
	walk_peers(&d, bfd_one, &d);
	diff_pairs_free(routes.pairs);
}
