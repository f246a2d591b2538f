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

/* A VIP's links to one route lie together. */
void plan_gate(struct plan *plan, uint32_t vip, bool open, plan_route_fn fn, void *arg)
{
	struct plan_vip *v = &plan->vips[vip];

	if (v->open == open)
		return;
	v->open = open;
	for (uint32_t i = v->link, end = v->link + v->n_links; i < end;) {
		uint32_t group = plan->links[i].group, route = plan->links[i].route, attrs;
		struct plan_route *r = &plan->groups[group].routes[route];

		for (; i < end && plan->links[i].group == group && plan->links[i].route == route;
		     i++)
			plan->classes[plan->links[i].class].open += open ? 1 : UINT32_MAX;
		attrs = plan_route_attrs(plan, r);
		if (attrs == r->attrs)
			continue;
		r->attrs = attrs;
		if (fn)
			fn(arg, group, route);
	}
}

void plan_open_all(struct plan *plan)
{
	for (uint32_t i = 0; i < plan->n_vips; i++)
		plan_gate(plan, i, true, NULL, NULL);
}
