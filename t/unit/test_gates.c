/* test_gates.c: a plan patched by gates equals one made anew with the same gates */
#include "plan/plan.h"

#include "base/text.h"
#include "plan_text.h"

#include <stdlib.h>
#include <string.h>

#define SELECTS(labels) "serviceSelectors: [{matchLabels: {" labels "}}]"

#define CHECK(color, value)                                                                \
	DOC("mlbgpd.io/v1alpha1", "HealthCheck", color,                                    \
	    "spec: {probe: {listening: {}}, serviceSelectors: [{matchLabels: {check" color \
	    ": here}}], onFailure: {action: demote, localPref: " value "}}")

/* Aggregates beside single addresses, shared addresses, two families, three groups. */
static char *tangle(void)
{
	struct text yaml = {0};

	text_add(&yaml, PEER("in", "203.0.113.1", "64512", ", dualStackAddressFamily: true")
				PEER("e1", "203.0.113.2", "65001", "")
					PEER("e2", "203.0.113.3", "65002", "")
						PEER("e3", "203.0.113.4", "65002", ""));
	text_add(&yaml, POOL("p", "192.0.2.0/27, \"2001:db8::/122\"", ""));
	text_add(&yaml, ADVERTISEMENT("all", "aggregationLength: 29, aggregationLengthV6: 125, "
					     "peers: [in, e1], communities: ['1:1']"));
	text_add(&yaml, ADVERTISEMENT("red", SELECTS("color: red") ", localPref: 200, peers: [e1], "
								   "communities: ['1:2', '1:3']"));
	text_add(&yaml,
		 ADVERTISEMENT("blue", SELECTS("color: blue") ", localPref: 90, communities: "
							      "['1:3', 'large:1:2:3']"));
	text_add(&yaml, CHECK("x", "30") CHECK("y", "95") CHECK("z", "150"));
	for (unsigned i = 0; i < 40; i++)
		text_addf(
			&yaml,
			"---\n{apiVersion: v1, kind: Service, metadata: {name: s%u, labels: {color: "
			"%s%s%s%s}, annotations: {metallb.io/allow-shared-ip: '%s'}}, spec: {type: "
			"LoadBalancer, ipFamilyPolicy: PreferDualStack, ports: [{port: %u}]}}\n",
			i,
			i % 3 == 0   ? "red"
			: i % 3 == 1 ? "blue"
				     : "green",
			i % 2 ? ", checkx: here" : "", i % 3 ? ", checky: here" : "",
			i % 5 ? ", checkz: here" : "", i % 4 ? "k" : "", 80 + i % 5);
	return text_take(&yaml);
}

struct told {
	const struct plan *plan;
	unsigned n;
};

static void route_changed(void *arg, uint32_t group, uint32_t route)
{
	struct told *told = arg;
	size_t n;
	const struct plan_group *g = plan_groups(told->plan, &n);

	cr_assert_lt(group, n);
	cr_assert_lt(route, g[group].n_routes);
	told->n++;
}

/* Attributes by content: the sets of two plans have indexes of their own. */
static void expect_same(const struct plan *a, const struct plan *b, unsigned *differ)
{
	size_t n, m;
	const struct plan_group *x = plan_groups(a, &n), *y = plan_groups(b, &m);

	cr_assert_eq(n, m);
	for (size_t g = 0; g < n; g++) {
		cr_assert_eq(x[g].n_routes, y[g].n_routes);
		for (uint32_t r = 0; r < x[g].n_routes; r++) {
			uint32_t p = x[g].routes[r].attrs, q = y[g].routes[r].attrs;
			bool same = p == q;

			cr_assert(prefix_equal(&x[g].routes[r].prefix, &y[g].routes[r].prefix));
			if (p != PLAN_NOT_ANNOUNCED && q != PLAN_NOT_ANNOUNCED)
				same = plan_attrs_same(plan_attrs(a, p), plan_attrs(b, q));
			*differ += !same;
		}
	}
}

Test(gates, patched_equals_anew)
{
	char *yaml = tangle();
	struct planned p = plan_text(yaml, "a", NULL);
	struct told told = {p.plan, 0};
	unsigned random = 7, demoted = 0;
	size_t n, n_groups;

	plan_vips(p.plan, &n);
	cr_assert_gt(n, 20);
	plan_groups(p.plan, &n_groups);
	cr_assert_eq(n_groups, 3);
	for (unsigned round = 0; round < 60; round++) {
		struct plan *before = plan_new(p.model, NULL, NULL, NULL, NULL);
		struct plan *anew = plan_new(p.model, NULL, NULL, NULL, NULL);
		unsigned changed = 0, differ = 0;

		for (uint32_t v = 0; v < n; v++) {
			plan_gate(before, v, plan_vips(p.plan, &n)[v].open, NULL, NULL);
			plan_demote(before, v, plan_demoted(p.plan, v), NULL, NULL);
		}
		for (unsigned k = 0; k < 5; k++) {
			random = random * 1103515245u + 12345u;
			plan_gate(p.plan, (random >> 8) % (uint32_t)n, random >> 31, route_changed,
				  &told);
			random = random * 1103515245u + 12345u;
			demoted += plan_demote(p.plan, (random >> 8) % (uint32_t)n,
					       (const uint32_t[]){30, 95, 150, 0}[random >> 30],
					       route_changed, &told);
		}
		/* In the other order, and with detours. */
		for (uint32_t v = (uint32_t)n; v-- > 0;) {
			plan_demote(anew, v, 95, NULL, NULL);
			plan_gate(anew, v, true, NULL, NULL);
			plan_demote(anew, v, plan_demoted(p.plan, v), NULL, NULL);
			plan_gate(anew, v, plan_vips(p.plan, &n)[v].open, NULL, NULL);
		}
		expect_same(p.plan, anew, &differ);
		cr_assert_eq(differ, 0, "round %u", round);
		expect_same(p.plan, before, &changed);
		cr_assert_geq(told.n, changed, "a change that was not told");
		told.n = 0;
		plan_free(before);
		plan_free(anew);
	}
	cr_expect_gt(demoted, 100);
	planned_fini(&p);
	free(yaml);
}

/* An aggregate stays while one VIP in it does; nothing is told twice. */
Test(gates, an_aggregate_goes_with_its_last_vip)
{
	struct planned p =
		plan_text(PEER("in", "203.0.113.1", "64512", "") POOL("p", "192.0.2.0/28", "")
				  ADVERTISEMENT("k", "aggregationLength: 28") SERVICE("s", "")
					  SERVICE("t", ""),
			  "a", NULL);
	struct told told = {p.plan, 0};

	expect_text("closed", plan_text_routes(p.plan), "");
	plan_gate(p.plan, 1, true, route_changed, &told);
	plan_gate(p.plan, 0, true, route_changed, &told);
	plan_gate(p.plan, 0, true, route_changed, &told);
	cr_expect_eq(told.n, 1);
	plan_gate(p.plan, 1, false, route_changed, &told);
	cr_expect_eq(told.n, 1);
	expect_text("one is left", plan_text_routes(p.plan), "in 192.0.2.0/28 pref 100\n");
	plan_gate(p.plan, 0, false, route_changed, &told);
	cr_expect_eq(told.n, 2);
	expect_text("closed again", plan_text_routes(p.plan), "");
	planned_fini(&p);
}
