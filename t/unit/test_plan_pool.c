/* test_plan_pool.c: PoolPolicy in the plan: pools that are all VIPs, where VIPs stand, aggregates
 */
#include "plan_text.h"

#include "base/text.h"
#include "plan/diff.h"

#include <stdlib.h>

#define POLICY(name, spec) DOC("mlbgpd.io/v1alpha1", "PoolPolicy", name, "spec: {" spec "}")
#define ROUTER PEER("r", "192.0.2.1", "64512", "")
#define ALL ADVERTISEMENT("all", "")

/* "ADDRESS-OR-BLOCK address|route INTERFACE: SERVICE..." */
static char *vips_text(const struct plan *plan)
{
	struct text out = {0};
	char text[PREFIX_TEXT_MAX];
	size_t n, n_services;
	const struct plan_vip *vips = plan_vips(plan, &n);
	const struct plan_service *services = plan_services(plan, &n_services);

	for (size_t i = 0; i < n; i++) {
		text_addf(&out, "%s %s %s:", addr_format_block(text, &vips[i].addr, vips[i].length),
			  vips[i].route ? "route" : "address",
			  plan_interfaces(plan, &n_services)[vips[i].interface]);
		for (uint32_t k = 0; k < vips[i].n_services; k++) {
			const struct object *o =
				&services[plan_vip_services(plan)[vips[i].service + k]]
					 .service->object;

			text_addf(&out, " %s/%s", o->namespace, o->name);
		}
		text_add(&out, "\n");
	}
	return text_take(&out);
}

static const struct plan_case vip_cases[] = {
	{"addresses: every address of the pool",
	 ROUTER ALL POOL("p", "198.51.100.4/31, 198.51.100.9-198.51.100.10", "")
		 POLICY("x", "vips: addresses"),
	 "198.51.100.4 address lo: pool/p\n198.51.100.5 address lo: pool/p\n"
	 "198.51.100.9 address lo: pool/p\n198.51.100.10 address lo: pool/p\n"},
	{"addresses: but for those that it avoids",
	 ROUTER ALL POOL("p", "198.51.100.254-198.51.101.1", ", avoidBuggyIPs: true")
		 POLICY("x", "vips: addresses"),
	 "198.51.100.254 address lo: pool/p\n198.51.101.1 address lo: pool/p\n"},
	{"prefixes: each block is one route; a range is its blocks",
	 PEER("r", "192.0.2.1", "64512", ", dualStackAddressFamily: true")
		 ALL POOL("p", "198.51.100.0/28, 203.0.113.1-203.0.113.3, 2001:db8::/64", "")
			 POLICY("x", "vips: prefixes"),
	 "198.51.100.0/28 route lo: pool/p\n203.0.113.1 route lo: pool/p\n"
	 "203.0.113.2/31 route lo: pool/p\n2001:db8::/64 route lo: pool/p\n"},
	{"without an advertisement nothing stands",
	 ROUTER POOL("p", "198.51.100.0/28", "") POLICY("x", "vips: prefixes"), ""},
	{"an interface and a mode for one pool's VIPs",
	 ROUTER ALL POOL("p", "198.51.100.0/28", "") POOL("q", "203.0.113.0/28", "")
		 POLICY("x", "ipAddressPools: [q], interface: dummy0, vipMode: route") SERVICE_ASKS(
			 "a", "address-pool", "p") SERVICE_ASKS("b", "address-pool", "q"),
	 "198.51.100.0 address lo: default/a\n203.0.113.0 route dummy0: default/b\n"},
	{"vipMode route leaves IPv6 addresses as they are",
	 PEER("r", "192.0.2.1", "64512", ", dualStackAddressFamily: true")
		 ALL POOL("p", "\"2001:db8::/126\"", "") POLICY("x", "vipMode: route")
			 SERVICE("a", ", ipFamilies: [IPv6]"),
	 "2001:db8:: address lo: default/a\n"},
	{"only on the nodes that the policy selects",
	 NODE("a", "rack: one") NODE("b", "rack: two") ROUTER ALL POOL("p", "198.51.100.0/31", "")
		 POLICY("x", "vips: addresses, nodeSelectors: [{matchLabels: {rack: two}}]"),
	 ""},
};

Test(plan_pool, vips)
{
	EXPECT_PLANS(vip_cases, vips_text);
}

static const struct plan_case route_cases[] = {
	{"a block is announced unsplit",
	 ROUTER ALL POOL("p", "198.51.100.0/28", "") POLICY("x", "vips: prefixes"),
	 "r 198.51.100.0/28 pref 100\n"},
	{"and aggregated where the advertisement says so",
	 ROUTER ADVERTISEMENT("all", "aggregationLength: 29")
		 POOL("p", "198.51.100.0-198.51.100.11", "") POLICY("x", "vips: prefixes"),
	 "r 198.51.100.0/29 pref 100\nr 198.51.100.8/29 pref 100\n"},
	{"a longer length does not split it",
	 ROUTER ADVERTISEMENT("all", "aggregationLength: 30") POOL("p", "198.51.100.0/30", "")
		 POLICY("x", "vips: prefixes"),
	 "r 198.51.100.0/30 pref 100\n"},
	{"addresses are aggregated as ever",
	 ROUTER ADVERTISEMENT("all", "aggregationLength: 30") POOL("p", "198.51.100.0/30", "")
		 POLICY("x", "vips: addresses"),
	 "r 198.51.100.0/30 pref 100\n"},
	{"an advertisement for some Services is not for a pool",
	 ROUTER ADVERTISEMENT("some", "serviceSelectors: [{matchLabels: {app: web}}]")
		 POOL("p", "198.51.100.0/31", "") POLICY("x", "vips: addresses"),
	 ""},
};

Test(plan_pool, routes)
{
	EXPECT_PLANS(route_cases, plan_text_routes);
}

static const struct plan_case pending_cases[] = {
	{"such a pool gives nothing to Services",
	 ROUTER ALL POOL("p", "198.51.100.0/31", "") POLICY("x", "vips: addresses")
		 SERVICE("auto", "") SERVICE_ASKS("named", "address-pool", "p")
			 SERVICE_ASKS("explicit", "loadBalancerIPs", "198.51.100.1")
				 SERVICE_HAS("had", "198.51.100.1", ""),
	 "auto pending V-092: no IPAddressPool gives addresses to this Service without being asked "
	 "(autoAssign, serviceAllocation)\n"
	 "named pending V-088: pool p gives nothing to Services: a PoolPolicy makes VIPs of all its "
	 "addresses\n"
	 "explicit pending V-088: pool p gives nothing to Services: a PoolPolicy makes VIPs of all "
	 "its addresses\n"
	 "had pending V-092: no IPAddressPool gives addresses to this Service without being asked "
	 "(autoAssign, serviceAllocation)\n"
	 "p has\n"},
};

Test(plan_pool, services_get_nothing)
{
	EXPECT_PLANS(pending_cases, plan_text_pending);
}

#define AGGREGATE(policy)                                                    \
	ROUTER ADVERTISEMENT("all", "aggregationLength: 28, localPref: 200") \
		ADVERTISEMENT("hosts", "") POOL("p", "198.51.100.0/28", "")  \
			SERVICE_ASKS("a", "loadBalancerIPs", "198.51.100.1") policy

/* With all gates closed. */
static void expect_closed(const char *yaml, const char *wanted)
{
	struct planned p = plan_text(yaml, "a", NULL);

	expect_text("closed", plan_text_routes(p.plan), wanted);
	plan_open_all(p.plan);
	plan_gate(p.plan, 0, false, NULL, NULL);
	expect_text("opened and closed", plan_text_routes(p.plan), wanted);
	planned_fini(&p);
}

Test(plan_pool, aggregates_stay_where_they_are_to)
{
	expect_closed(AGGREGATE(""), "");
	expect_closed(AGGREGATE(POLICY("x", "aggregates: healthy")), "");
	expect_closed(AGGREGATE(POLICY("x", "aggregates: always")), "r 198.51.100.0/28 pref 200\n");
}

static void count_moves(void *arg, const struct plan_change *change)
{
	unsigned *moves = arg;

	*moves += change->what == CHANGE_VIP_MOVED;
}

Test(plan_pool, another_mode_or_length_moves_a_vip)
{
	struct planned before =
		plan_text(ROUTER ALL POOL("p", "198.51.100.0/28", "") SERVICE("a", ""), "a", NULL);
	struct planned route = plan_text(ROUTER ALL POOL("p", "198.51.100.0/28", "")
						 POLICY("x", "vipMode: route") SERVICE("a", ""),
					 "a", NULL);
	struct planned block =
		plan_text(ROUTER ALL POOL("p", "198.51.100.0/28", "") POLICY("x", "vips: prefixes"),
			  "a", NULL);
	unsigned moves = 0;

	plan_diff(before.plan, before.plan, count_moves, &moves);
	cr_expect_eq(moves, 0);
	plan_diff(before.plan, route.plan, count_moves, &moves);
	cr_expect_eq(moves, 1);
	plan_diff(route.plan, block.plan, count_moves, &moves);
	cr_expect_eq(moves, 2);
	planned_fini(&before);
	planned_fini(&route);
	planned_fini(&block);
}

Test(plan_pool, the_vip_around_an_address)
{
	struct planned p = plan_text(
		ROUTER ALL POOL("p", "198.51.100.0/28", "") POOL("q", "203.0.113.0/28", "")
			POLICY("x", "vips: prefixes, ipAddressPools: [p]")
				SERVICE_ASKS("a", "loadBalancerIPs", "203.0.113.7"),
		"a", NULL);
	static const struct {
		const char *addr;
		uint32_t vip;
	} cases[] = {
		{"198.51.99.255", PLAN_NONE}, {"198.51.100.0", 0},
		{"198.51.100.15", 0},	      {"198.51.100.16", PLAN_NONE},
		{"203.0.113.7", 1},	      {"203.0.113.8", PLAN_NONE},
		{"203.0.113.6", PLAN_NONE},   {"2001:db8::1", PLAN_NONE},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct addr addr;

		cr_assert_eq(addr_parse(&addr, cases[i].addr), ADDR_OK);
		cr_expect_eq(plan_find_vip_around(p.plan, &addr), cases[i].vip, "%s",
			     cases[i].addr);
	}
	planned_fini(&p);
}
