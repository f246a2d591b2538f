/* test_explain.c: the chain of reasons: one case for each way in which it may end, and well */
#include "plan_text.h"

#include "base/text.h"
#include "plan/explain.h"

#include <stdlib.h>
#include <string.h>

#define IN PEER("in", "203.0.113.1", "64512", "")
#define FOUR POOL("four", "192.0.2.0/28", "")
#define S SERVICE("s", "")
#define KX ADVERTISEMENT("kx", "")
#define ELSE(field) field ": [{matchLabels: {x: other}}]"

static const struct {
	const char *what, *yaml;
	const char *end; /* the last step */
	bool ok;
	const char *words; /* in its text */
	unsigned line; /* of its place in the text; 0: nowhere */
} cases[] = {
	{"all is well", IN FOUR S KX, "family", true, "takes IPv4", 2},
	{"a class of somebody else", IN FOUR SERVICE("s", ", loadBalancerClass: x.example/y") KX,
	 "service", false, "loadBalancerClass is \"x.example/y\", ours is not set", 6},
	{"no pool at all", IN S KX, "service", false, "there is no IPAddressPool", 4},
	{"an address that is in no pool", IN FOUR SERVICE("s", ", loadBalancerIP: 10.0.0.1") KX,
	 "address", false, "[V-0", 6},
	{"no advertisement selects the pool",
	 IN FOUR S ADVERTISEMENT("kx", "ipAddressPools: [other]"), "advertisement", false,
	 "no BGPAdvertisement selects pool four", 4},
	{"only from other nodes", IN FOUR S ADVERTISEMENT("kx", ELSE("nodeSelectors")), "node",
	 false, "selects node a (there is kx)", 9},
	{"only other Services", IN FOUR S ADVERTISEMENT("kx", ELSE("serviceSelectors")),
	 "serviceSelectors", false, "selects the Service (there is kx)", 9},
	{"two that contradict each other",
	 IN FOUR SERVICE_WITH("name: s, labels: {x: one}", "", "")
		 ADVERTISEMENT("kx", "localPref: 100")
			 ADVERTISEMENT("ky", "serviceSelectors: [{matchLabels: {x: one}}], "
					     "localPref: 200"),
	 "conflict", false, "localPref 100 and 200", 9},
	{"an excluded node",
	 NODE("a", "node.kubernetes.io/exclude-from-external-load-balancers: ''") IN FOUR S KX,
	 "excluded", false, "exclude-from-external-load-balancers", 2},
	{"a node without network",
	 "---\n{apiVersion: v1, kind: Node, metadata: {name: a}, status: {conditions: [{type: "
	 "NetworkUnavailable, status: 'True'}]}}\n" IN FOUR S KX,
	 "excluded", false, "NetworkUnavailable", 2},
	{"other peers only", IN FOUR S ADVERTISEMENT("kx", "peers: [other]"), "peer", false,
	 "kx does not name peer in", 9},
	{"a peer of other nodes",
	 PEER("in", "203.0.113.1", "64512", ", " ELSE("nodeSelectors")) FOUR S KX, "nodeSelectors",
	 false, "in does not run on node a", 2},
	{"a drained peer", IN FOUR S KX PEER_POLICY("p", "drain: true"), "drain", true,
	 "PeerPolicy p drains peer in", 11},
	{"a localPref of a policy", IN FOUR S KX PEER_POLICY("p", "localPref: 7"), "localPref",
	 true, "PeerPolicy p gives localPref 7", 11},
	{"a session of the other family", PEER("in", "2001:db8:f::1", "64512", "") FOUR S KX,
	 "family", false, "does not take IPv4", 2},
};

/* All steps but the last are well, each has words, and the chain says how it ends. */
static void expect_chain(const struct explain *e, size_t row)
{
	const struct explain_step *last = &e->steps.at[e->steps.n - 1];

	for (size_t i = 0; i < e->steps.n; i++) {
		cr_expect(e->steps.at[i].text[0], "%s: step %zu", cases[row].what, i);
		cr_expect(e->steps.at[i].ok || i + 1 == e->steps.n, "%s: goes on after %s",
			  cases[row].what, e->steps.at[i].name);
	}
	cr_expect_eq(e->ok, cases[row].ok, "%s", cases[row].what);
	cr_expect_eq(last->ok, cases[row].ok, "%s", cases[row].what);
	cr_expect_str_eq(last->name, cases[row].end, "%s: ends with %s: %s", cases[row].what,
			 last->name, last->text);
	cr_expect(strstr(last->text, cases[row].words), "%s: %s", cases[row].what, last->text);
	cr_expect(last->object, "%s: no document", cases[row].what);
}

Test(explain, ends)
{
	for (size_t row = 0; row < sizeof(cases) / sizeof(cases[0]); row++) {
		struct planned p = plan_text(cases[row].yaml, "a", NULL);
		size_t n;
		const struct plan_service *s = plan_services(p.plan, &n);
		const struct bgp_peer *peer = model_find_peer(p.model, "in");
		const struct explain_step *last;
		struct explain e;

		explain_static(&e, p.plan, s, s->n_addresses ? &s->addresses[0] : NULL, peer);
		expect_chain(&e, row);
		last = &e.steps.at[e.steps.n - 1];
		cr_expect_eq(
			model_place(p.sources, last->object, last->field ? last->field : "").line,
			cases[row].line, "%s: at line %u", cases[row].what,
			model_place(p.sources, last->object, last->field ? last->field : "").line);
		/* The plan says the same. */
		plan_open_all(p.plan);
		cr_expect_eq(s->n_addresses && explain_link(p.plan, &s->addresses[0], "in"),
			     cases[row].ok, "%s: the plan differs", cases[row].what);
		explain_fini(&e);
		planned_fini(&p);
	}
}

/* Of a Service with both families each address has an end of its own. */
Test(explain, each_address)
{
	struct planned p = plan_text(IN POOL("both", "192.0.2.0/28, \"2001:db8::/124\"", "")
					     SERVICE("s", ", ipFamilyPolicy: RequireDualStack") KX,
				     "a", NULL);
	size_t n;
	const struct plan_service *s = plan_services(p.plan, &n);
	const struct bgp_peer *peer = model_find_peer(p.model, "in");

	cr_assert_eq(s->n_addresses, 2);
	for (unsigned i = 0; i < 2; i++) {
		struct explain e;

		explain_static(&e, p.plan, s, &s->addresses[i], peer);
		cr_expect_eq(e.ok, i == 0, "%s", e.steps.at[e.steps.n - 1].text);
		explain_fini(&e);
	}
	planned_fini(&p);
}

/* What comes from above goes on where the plan ended, and only after a yes. */
Test(explain, goes_on)
{
	struct explain e = {.ok = true};

	explain_add(&e, (struct explain_step){.name = "a", .ok = true}, "%s", "one");
	explain_add(&e, (struct explain_step){.name = "b"}, "two");
	explain_add(&e, (struct explain_step){.name = "c", .ok = true}, "three");
	cr_assert_eq(e.steps.n, 2);
	cr_expect_str_eq(e.steps.at[0].text, "one");
	cr_expect_str_eq(e.steps.at[1].text, "two");
	cr_expect_not(e.ok);
	explain_fini(&e);
}
