/* test_diff.c: what a change from one plan to another does, and what each field costs */
#include "plan/diff.h"

#include "base/text.h"
#include "bgp/update.h"
#include "plan/diff_traffic.h"
#include "plan_text.h"

#include <stdio.h>
#include <stdlib.h>

#define IN PEER("in", "203.0.113.1", "64512", "")
#define EXT PEER("ext", "203.0.113.2", "65001", "")
#define FOUR POOL("four", "192.0.2.0/28", "")
#define KAY ADVERTISEMENT("k", "")
#define BFD(spec) DOC("metallb.io/v1beta1", "BFDProfile", "quick", "spec: {" spec "}")
#define IN_WITH(more) PEER("in", "203.0.113.1", "64512", more)

static void add_change(void *arg, const struct plan_change *c)
{
	static const char *const words[] = {
		[CHANGE_SESSION_ADDED] = "session added",
		[CHANGE_SESSION_REMOVED] = "session removed",
		[CHANGE_SESSION_RESTARTED] = "session restarted",
		[CHANGE_SESSION_DEFERRED] = "session deferred",
		[CHANGE_SESSION_REKEYED] = "session rekeyed",
		[CHANGE_SESSION_MAY_END] = "session may end",
		[CHANGE_VIP_ADDED] = "vip added",
		[CHANGE_VIP_REMOVED] = "vip removed",
		[CHANGE_VIP_MOVED] = "vip moved",
		[CHANGE_ROUTE_ANNOUNCED] = "announced",
		[CHANGE_ROUTE_CHANGED] = "changed",
		[CHANGE_ROUTE_WITHDRAWN] = "withdrawn",
		[CHANGE_BFD_ADDED] = "bfd added",
		[CHANGE_BFD_REMOVED] = "bfd removed",
		[CHANGE_BFD_CHANGED] = "bfd changed",
	};
	struct text *out = arg;
	char text[PREFIX_TEXT_MAX];

	text_add(out, words[c->what]);
	if (c->peer)
		text_addf(out, " %s", c->peer);
	if (c->field)
		text_addf(out, " %s", c->field);
	if (c->vip)
		text_addf(out, " %s %s", addr_format_block(text, &c->vip->addr, c->vip->length),
			  c->interface);
	if (c->prefix)
		text_addf(out, " %s%s%s", prefix_format(text, c->prefix),
			  c->old_attrs ? " old" : "", c->new_attrs ? " new" : "");
	text_add(out, "\n");
}

static const struct {
	const char *what, *before, *after, *wanted; /* before NULL: no plan */
	size_t updates;
} rows[] = {
	{"nothing", IN FOUR KAY SERVICE("s", ""), IN FOUR KAY SERVICE("s", ""), "", 0},
	{"all is new", NULL, BFD("") IN_WITH(", bfdProfile: quick") FOUR KAY SERVICE("s", ""),
	 "session added in\nvip added 192.0.2.0 lo\nannounced in 192.0.2.0/32 new\nbfd added in\n",
	 2},
	{"a Service comes", IN FOUR KAY SERVICE("s", ""),
	 IN FOUR KAY SERVICE("s", "") SERVICE("t", ""),
	 "vip added 192.0.2.1 lo\nannounced in 192.0.2.1/32 new\n", 1},
	{"a Service goes", IN EXT FOUR KAY SERVICE("s", ""), IN EXT FOUR KAY,
	 "vip removed 192.0.2.0 lo\nwithdrawn ext 192.0.2.0/32 old\nwithdrawn in 192.0.2.0/32 old\n",
	 2},
	{"attributes change", IN EXT FOUR KAY SERVICE("s", "") SERVICE("t", ""),
	 IN EXT FOUR ADVERTISEMENT("k", "localPref: 200") SERVICE("s", "") SERVICE("t", ""),
	 "changed in 192.0.2.0/32 old new\nchanged in 192.0.2.1/32 old new\n", 1},
	{"an address changes, its Service does not",
	 IN FOUR KAY SERVICE("s", ", loadBalancerIP: 192.0.2.1"),
	 IN FOUR KAY SERVICE("s", ", loadBalancerIP: 192.0.2.2"),
	 "vip removed 192.0.2.1 lo\nvip added 192.0.2.2 lo\nwithdrawn in 192.0.2.1/32 old\n"
	 "announced in 192.0.2.2/32 new\n",
	 2},
	{"another interface", IN FOUR KAY SERVICE("s", ""),
	 IN FOUR KAY SERVICE("s", "") DAEMON("vipInterface: dummy0"),
	 "vip moved 192.0.2.0 dummy0\n", 0},
	{"a session goes, its routes with it", IN EXT FOUR KAY SERVICE("s", ""),
	 IN FOUR KAY SERVICE("s", ""), "session removed ext\nwithdrawn ext 192.0.2.0/32 old\n", 0},
	{"a session restarts; what is only put off goes with it", IN FOUR KAY SERVICE("s", ""),
	 IN_WITH(", peerPort: 1179, ebgpMultiHop: false, password: x, holdTime: 30s")
		 FOUR KAY SERVICE("s", ""),
	 "session restarted in peerPort\nsession restarted in password\n", 2},
	{"another password, in place", IN_WITH(", password: x"), IN_WITH(", password: y"),
	 "session rekeyed in password (another)\n", 0},
	{"another password, and a restart anyway", IN_WITH(", password: x"),
	 IN_WITH(", password: y, peerPort: 1179"), "session restarted in peerPort\n", 1},
	{"timers wait", IN FOUR KAY SERVICE("s", ""),
	 IN_WITH(", holdTime: 30s") FOUR KAY SERVICE("s", ""),
	 "session deferred in holdTime\nsession deferred in keepaliveTime\n", 0},
	{"connectTime is nothing to tell", IN, IN_WITH(", connectTime: 9s"), "", 0},
	{"a profile's content", BFD("") IN_WITH(", bfdProfile: quick"),
	 BFD("transmitInterval: 100") IN_WITH(", bfdProfile: quick"), "bfd changed in\n", 0},
	{"BFD goes", BFD("") IN_WITH(", bfdProfile: quick"), BFD("") IN,
	 "session may end in bfdProfile (removed)\nbfd removed in\n", 0},
};

static struct planned open_plan(const char *yaml)
{
	struct planned p = plan_text(yaml, "a", NULL);

	plan_open_all(p.plan);
	return p;
}

Test(diff, changes)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct planned before = {0}, after = open_plan(rows[i].after);
		struct text out = {0};

		if (rows[i].before)
			before = open_plan(rows[i].before);
		plan_diff(before.plan, after.plan, add_change, &out);
		expect_text(rows[i].what, text_take(&out), rows[i].wanted);
		cr_expect_eq(plan_diff_updates(before.plan, after.plan), rows[i].updates, "%s: %zu",
			     rows[i].what, plan_diff_updates(before.plan, after.plan));
		if (rows[i].before)
			planned_fini(&before);
		planned_fini(&after);
	}
}

/* Many routes with equal attributes share messages as far as they hold. */
Test(diff, updates_hold_many_routes)
{
	struct text yaml = {0};
	struct planned p;

	text_add(&yaml, IN EXT KAY POOL("p", "10.0.0.0/16", ""));
	for (unsigned i = 0; i < 2000; i++)
		text_addf(
			&yaml,
			"---\n{apiVersion: v1, kind: Service, metadata: {name: s%u}, spec: {type: "
			"LoadBalancer, ports: [{port: 80}]}}\n",
			i);
	p = open_plan(yaml.text);
	/* 5 bytes a route, some 4040 in a message: 3 for each of the two peers, and an End-of-RIB.
	 */
	cr_expect_eq(plan_diff_updates(NULL, p.plan), 8);
	planned_fini(&p);
	text_fini(&yaml);
}

/* What is foretold is what the packer makes of it, for all attributes and lengths. */
static const char *const packed[] = {
	"spec: {}",
	"spec: {localPref: 7}",
	"spec: {communities: ['1:1', '1:2', 'large:1:2:3']}",
	"spec: {aggregationLength: 25, aggregationLengthV6: 65}",
	"spec: {aggregationLength: 29, aggregationLengthV6: 121}",
	"spec: {communities: ['large:1:2:1', 'large:1:2:2', 'large:1:2:3', 'large:1:2:4', "
	"'large:1:2:5', 'large:1:2:6', 'large:1:2:7', 'large:1:2:8', 'large:1:2:9', 'large:1:2:10', "
	"'large:1:2:11', 'large:1:2:12', 'large:1:2:13', 'large:1:2:14', 'large:1:2:15', "
	"'large:1:2:16', 'large:1:2:17', 'large:1:2:18', 'large:1:2:19', 'large:1:2:20', "
	"'large:1:2:21', 'large:1:2:22']}",
};

static void pack_families(const struct plan *plan, const struct plan_peer *peer, uint8_t family,
			  struct update_packer *packer)
{
	struct addr hop;
	size_t n;
	const struct plan_group *g = &plan_groups(plan, &n)[peer->group];

	addr_parse(&hop, family == ADDR_IPV6 ? "2001:db8::9" : "192.0.2.9");
	for (uint32_t i = 0; i < g->n_routes; i++) {
		const struct wire_attrs attrs = {
			.set = plan_attrs(plan, g->routes[i].attrs),
			.next_hop = hop,
			.my_asn = peer->my_asn,
			.internal = peer->type == PEER_INTERNAL,
			.as4 = true,
		};

		if (g->routes[i].prefix.addr.family == family)
			cr_assert(update_announce(packer, &attrs, &g->routes[i].prefix));
	}
}

Test(diff, updates_are_as_packed)
{
	static uint8_t bytes[1 << 18];

	for (size_t row = 0; row < sizeof(packed) / sizeof(packed[0]); row++) {
		struct writer w = writer_of(bytes, sizeof(bytes));
		struct update_packer packer;
		struct text yaml = {0};
		struct planned p;
		size_t n, wanted = 0;

		text_addf(&yaml,
			  PEER("in", "203.0.113.1", "64512", ", dualStackAddressFamily: true") PEER(
				  "ext", "203.0.113.2", "65001", ", dualStackAddressFamily: true")
				  DOC("metallb.io/v1beta1", "BGPAdvertisement", "k", "%s")
					  POOL("p", "10.0.0.0/19, '2001:db8::/64'", ""),
			  packed[row]);
		for (unsigned i = 0; i < 1500; i++)
			text_addf(&yaml, SERVICE("s%u", ", ipFamilyPolicy: RequireDualStack"), i);
		p = open_plan(yaml.text);
		update_begin(&packer, &w, BGP_MESSAGE_MAX);
		for (size_t i = 0; i < 2; i++) {
			const struct plan_peer *peer = &plan_peers(p.plan, &n)[i];

			pack_families(p.plan, peer, ADDR_IPV4, &packer);
			pack_families(p.plan, peer, ADDR_IPV6, &packer);
			wanted += 2; /* End-of-RIB */
		}
		wanted += update_finish(&packer);
		cr_expect_eq(plan_diff_updates(NULL, p.plan), wanted, "%s: %zu, packed %zu",
			     packed[row], plan_diff_updates(NULL, p.plan), wanted);
		planned_fini(&p);
		text_fini(&yaml);
	}
}

static void add_lost(void *arg, const struct plan_vip *vip, const char *why)
{
	char text[ADDR_TEXT_MAX];

	text_addf(arg, "lost %s: %s\n", addr_format(text, &vip->addr), why);
}

static void add_interrupted(void *arg, const struct plan_vip *vip)
{
	char text[ADDR_TEXT_MAX];

	text_addf(arg, "interrupted %s\n", addr_format(text, &vip->addr));
}

static void add_order(void *arg, const struct prefix *prefix, const char *before, const char *after)
{
	char text[PREFIX_TEXT_MAX];

	text_addf(arg, "%s: %s, now %s\n", prefix_format(text, prefix), before, after);
}

static void add_setting(void *arg, const char *field, enum plan_cost cost)
{
	text_addf(arg, "%s %d\n", field, cost);
}

#define IN2 PEER("two", "203.0.113.3", "64512", "")
#define ONLY(name, spec) ADVERTISEMENT(name, "peers: [" name "]" spec)
#define S SERVICE("s", "")

static const struct {
	const char *what, *before, *after, *wanted;
} traffic[] = {
	{"nothing", IN FOUR KAY S, IN FOUR KAY S, ""},
	{"its Service goes", IN FOUR KAY S, IN FOUR KAY,
	 "lost 192.0.2.0: no Service has it any more\n"},
	{"its Service moves", IN FOUR KAY SERVICE("s", ", loadBalancerIP: 192.0.2.1"),
	 IN FOUR KAY SERVICE("s", ", loadBalancerIP: 192.0.2.2"),
	 "lost 192.0.2.1: its Service has another address\n"},
	{"its Service asks in vain", IN FOUR KAY S,
	 IN FOUR KAY SERVICE("s", ", loadBalancerIP: 10.0.0.1"),
	 "lost 192.0.2.0: its Service has no address: 10.0.0.1 is in no IPAddressPool\n"},
	{"nobody announces it", IN FOUR KAY S, IN FOUR S ADVERTISEMENT("k", "ipAddressPools: [x]"),
	 "lost 192.0.2.0: no BGPAdvertisement selects pool four\n"},
	{"the peer goes", IN FOUR KAY S, FOUR KAY S,
	 "lost 192.0.2.0: no BGPPeer runs on this node\n"},
	{"one of two goes", IN IN2 FOUR KAY S, IN2 FOUR KAY S, ""},
	{"the only session restarts", IN FOUR KAY S, IN_WITH(", password: x") FOUR KAY S,
	 "interrupted 192.0.2.0\n"},
	{"one of two restarts", IN IN2 FOUR KAY S, IN_WITH(", password: x") IN2 FOUR KAY S, ""},
	{"the order turns", IN IN2 FOUR ONLY("in", ", localPref: 200") ONLY("two", "") S,
	 IN IN2 FOUR ONLY("in", ", localPref: 50") ONLY("two", "") S,
	 "192.0.2.0/32: in > two, now two > in\n"},
	{"they become equal", IN IN2 FOUR ONLY("in", ", localPref: 200") ONLY("two", "") S,
	 IN IN2 FOUR ONLY("in", ", localPref: 100") ONLY("two", "") S,
	 "192.0.2.0/32: in > two, now in = two\n"},
	{"another number, the same order",
	 IN IN2 FOUR ONLY("in", ", localPref: 200") ONLY("two", "") S,
	 IN IN2 FOUR ONLY("in", ", localPref: 300") ONLY("two", "") S, ""},
	{"settings", IN DAEMON("logLevel: info"), IN DAEMON("logLevel: debug, routerID: 1.2.3.4"),
	 "routerID 5\nlogLevel 1\n"},
};

Test(diff, traffic)
{
	for (size_t i = 0; i < sizeof(traffic) / sizeof(traffic[0]); i++) {
		struct planned before = open_plan(traffic[i].before);
		struct planned after = open_plan(traffic[i].after);
		struct text out = {0};

		diff_lost(before.plan, after.plan, add_lost, &out);
		diff_interrupted(before.plan, after.plan, add_interrupted, &out);
		diff_order(before.plan, after.plan, add_order, &out);
		plan_diff_settings(before.plan, after.plan, add_setting, &out);
		expect_text(traffic[i].what, text_take(&out), traffic[i].wanted);
		planned_fini(&before);
		planned_fini(&after);
	}
}

static const struct {
	const char *more;
	enum plan_cost cost;
} costs[] = {
	{"", COST_NOTHING},
	{", connectTime: 9s", COST_IN_PLACE},
	{", keepaliveTime: 9s, holdTime: 90s", COST_NEXT},
	{", holdTime: 9s", COST_NEXT},
	{", localASN: 7", COST_RESTART},
	{", sourceAddress: 203.0.113.9", COST_RESTART},
	{", routerID: 1.2.3.4", COST_RESTART},
	{", password: x", COST_RESTART},
	{", enableGracefulRestart: true", COST_RESTART},
	{", dualStackAddressFamily: true", COST_RESTART},
	{", connectTime: 9s, holdTime: 9s", COST_NEXT},
};

Test(diff, costs)
{
	struct planned before = plan_text(IN, "a", NULL);

	for (size_t i = 0; i < sizeof(costs) / sizeof(costs[0]); i++) {
		char yaml[512];
		struct planned after;
		size_t n;

		snprintf(
			yaml, sizeof(yaml),
			"{apiVersion: metallb.io/v1beta2, kind: BGPPeer, metadata: {name: in}, spec: "
			"{myASN: 64512, peerASN: 64512, peerAddress: \"203.0.113.1\"%s}}\n",
			costs[i].more);
		after = plan_text(yaml, "a", NULL);
		cr_expect_eq(plan_peer_cost(plan_peers(before.plan, &n), plan_peers(after.plan, &n),
					    NULL, NULL),
			     costs[i].cost, "%s", costs[i].more);
		planned_fini(&after);
	}
	planned_fini(&before);
}

static const struct {
	const char *spec;
	enum plan_cost cost;
} policy_costs[] = {
	{"", COST_NOTHING},
	{"passive: false", COST_NOTHING},
	{"passive: true", COST_NEXT},
	{"bfd: {strict: true}", COST_NEXT},
	{"bfd: {hops: multi}", COST_NOTHING}, /* without BFD */
	{"shutdownMessage: x", COST_IN_PLACE},
	{"drain: true", COST_UPDATES},
	{"shutdown: true", COST_RESTART},
	{"ttlSecurityHops: 1", COST_RESTART},
	{"passwordFile: a", COST_RESTART},
	{"peers: [in], passwordFile: a, passive: true", COST_RESTART},
	{"nodeSelectors: [{matchLabels: {a: b}}], shutdown: true", COST_NOTHING},
};

Test(diff, policy_costs)
{
	struct planned before = plan_text(IN, "a", NULL);

	for (size_t i = 0; i < sizeof(policy_costs) / sizeof(policy_costs[0]); i++) {
		struct text yaml = {0};
		struct planned after;
		size_t n;

		text_addf(&yaml, IN PEER_POLICY("p", "%s"), policy_costs[i].spec);
		after = plan_text(yaml.text, "a", NULL);
		cr_expect_eq(plan_peer_cost(plan_peers(before.plan, &n), plan_peers(after.plan, &n),
					    NULL, NULL),
			     policy_costs[i].cost, "%s", policy_costs[i].spec);
		planned_fini(&after);
		text_fini(&yaml);
	}
	planned_fini(&before);
}
