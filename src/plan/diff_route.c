/* diff_route.c: what differs between two output groups, one of each plan */
#include "plan/diff_route.h"

#include "base/array.h"
#include "base/heap.h"
#include "plan/diff_updates.h"

enum { MESSAGES_UNKNOWN = -1 };

struct pair {
	bool is_same; /* known to be */
	int64_t updates[2]; /* external, internal; MESSAGES_UNKNOWN */
};

struct diff_pairs {
	const struct plan *old_plan, *new_plan;
	const struct plan_group *old_groups, *new_groups;
	size_t n_old, n_new;
	struct pair *at; /* (n_old + 1) x (n_new + 1): the last of each is "none" */
};

struct diff_pairs *diff_pairs_new(const struct plan *old_plan, const struct plan *new_plan)
{
	struct diff_pairs *p = heap_new_of(struct diff_pairs);
	size_t n;

	p->old_plan = old_plan;
	p->new_plan = new_plan;
	if (old_plan)
		p->old_groups = plan_groups(old_plan, &p->n_old);
	p->new_groups = plan_groups(new_plan, &p->n_new);
	n = (p->n_old + 1) * (p->n_new + 1);
	p->at = heap_alloc_array(n, sizeof(*p->at));
	for (size_t i = 0; i < n; i++)
		p->at[i].updates[0] = p->at[i].updates[1] = MESSAGES_UNKNOWN;
	return p;
}

void diff_pairs_free(struct diff_pairs *pairs)
{
	if (!pairs)
		return;
	free(pairs->at);
	free(pairs);
}

static struct pair *pair_of(const struct diff_pairs *p, uint32_t old_group, uint32_t new_group)
{
	size_t i = old_group == PLAN_NONE ? p->n_old : old_group;
	size_t j = new_group == PLAN_NONE ? p->n_new : new_group;

	return &p->at[i * (p->n_new + 1) + j];
}

static const struct plan_attrs *attrs_of(const struct plan *plan, const struct plan_route *route)
{
	if (!route || route->attrs == PLAN_NOT_ANNOUNCED)
		return NULL;
	return plan_attrs(plan, route->attrs);
}

struct routes_walk {
	const struct diff_pairs *pairs;
	diff_route_fn fn;
	void *arg;
	bool differs;
};

static void walk_one(void *arg, const void *old_one, const void *new_one)
{
	struct routes_walk *w = arg;
	const struct plan_route *a = old_one, *b = new_one;
	struct diff_route r = {&(b ? b : a)->prefix, attrs_of(w->pairs->old_plan, a),
			       attrs_of(w->pairs->new_plan, b)};

	if (!r.old_attrs && !r.new_attrs)
		return;
	if (r.old_attrs && r.new_attrs && plan_attrs_same(r.old_attrs, r.new_attrs))
		return;
	w->differs = true;
	w->fn(w->arg, &r);
}

static int route_cmp(const void *a, const void *b)
{
	return prefix_cmp(&((const struct plan_route *)a)->prefix,
			  &((const struct plan_route *)b)->prefix);
}

void diff_pair_routes(struct diff_pairs *pairs, uint32_t old_group, uint32_t new_group,
		      diff_route_fn fn, void *arg)
{
	static const struct plan_group none;
	struct pair *pair = pair_of(pairs, old_group, new_group);
	const struct plan_group *a = old_group == PLAN_NONE ? &none : &pairs->old_groups[old_group];
	const struct plan_group *b = new_group == PLAN_NONE ? &none : &pairs->new_groups[new_group];
	struct routes_walk w = {pairs, fn, arg, false};

	if (pair->is_same)
		return;
	array_merge_walk(a->routes, a->n_routes, b->routes, b->n_routes, sizeof(*a->routes),
			 route_cmp, walk_one, &w);
	pair->is_same = !w.differs;
}

static void collect(void *arg, const struct diff_route *route)
{
	diff_changes_add(arg, route->prefix, route->new_attrs);
}

size_t diff_pair_updates(struct diff_pairs *pairs, uint32_t old_group, uint32_t new_group,
			 bool internal)
{
	struct pair *pair = pair_of(pairs, old_group, new_group);
	struct diff_changes list = {0};

	if (pair->updates[internal] == MESSAGES_UNKNOWN) {
		diff_pair_routes(pairs, old_group, new_group, collect, &list);
		pair->updates[internal] = (int64_t)diff_changes_messages(&list, internal);
		array_fini(&list);
	}
	return (size_t)pair->updates[internal];
}
