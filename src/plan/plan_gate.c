/* plan_gate.c: gates open and close VIPs, and patch the routes behind them in place */
#include "plan/plan_impl.h"

uint32_t plan_route_attrs(struct plan *plan, const struct plan_route *route)
{
	uint32_t attrs = PLAN_NOT_ANNOUNCED;

	for (uint32_t c = route->class; c < route->class + route->n_classes; c++) {
		if (plan->classes[c].open > 0)
			attrs = attrs_union(plan->attrs, attrs, plan->classes[c].attrs);
	}
	return attrs;
}

static bool counts(const struct plan_link *link, bool open, uint32_t level)
{
	return open && link->level == level;
}

/* A VIP's links to one route lie together. */
static void turn(struct plan *plan, uint32_t vip, bool open, uint32_t level, plan_route_fn fn,
		 void *arg)
{
	struct plan_vip *v = &plan->vips[vip];
	const bool was_open = v->open;
	const uint32_t was_level = v->level;

	v->open = open;
	v->level = level;
	for (uint32_t i = v->link, end = v->link + v->n_links; i < end;) {
		uint32_t group = plan->links[i].group, route = plan->links[i].route, attrs;
		struct plan_route *r = &plan->groups[group].routes[route];

		for (; i < end && plan->links[i].group == group && plan->links[i].route == route;
		     i++) {
			const struct plan_link *link = &plan->links[i];

			plan->classes[link->class].open +=
				(uint32_t)counts(link, open, level) -
				(uint32_t)counts(link, was_open, was_level);
		}
		attrs = plan_route_attrs(plan, r);
		if (attrs == r->attrs)
			continue;
		r->attrs = attrs;
		if (fn)
			fn(arg, group, route);
	}
}

void plan_gate(struct plan *plan, uint32_t vip, bool open, plan_route_fn fn, void *arg)
{
	if (plan->vips[vip].open != open)
		turn(plan, vip, open, plan->vips[vip].level, fn, arg);
}

bool plan_demote(struct plan *plan, uint32_t vip, uint32_t local_pref, plan_route_fn fn, void *arg)
{
	const struct plan_vip *v = &plan->vips[vip];
	const struct plan_check_set *set = &plan->check_sets[v->check_set];
	uint32_t level = 0;

	while (local_pref && level < set->n_demotes && set->demotes[level] != local_pref)
		level++;
	if (local_pref && level++ == set->n_demotes)
		return false;
	if (level != v->level)
		turn(plan, vip, v->open, level, fn, arg);
	return true;
}

uint32_t plan_demoted(const struct plan *plan, uint32_t vip)
{
	const struct plan_vip *v = &plan->vips[vip];

	return v->level > 0 ? plan->check_sets[v->check_set].demotes[v->level - 1] : 0;
}

void plan_open_all(struct plan *plan)
{
	for (uint32_t i = 0; i < plan->n_vips; i++)
		plan_gate(plan, i, true, NULL, NULL);
}
