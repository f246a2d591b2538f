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

/* One row for each reason of a no, and each word of a yes. */
static const struct {
	const char *what, *yaml;
	const char *step; /* of a no: the last */
	const char *reason; /* NULL: a yes */
	const char *words; /* in its text */
	unsigned line; /* of its place in the text */
} cases[] = {
	{"all is well", IN FOUR S KX, "family", NULL, "takes IPv4", 2},
	{"a class of somebody else", IN FOUR SERVICE("s", ", loadBalancerClass: x.example/y") KX,
	 "service", "otherLoadBalancerClass",
	 "loadBalancerClass is \"x.example/y\", ours is not set", 6},
	{"no pool at all", IN S KX, "service", "noIPAllocated", "there is no IPAddressPool", 4},
	{"a pool that is full", IN POOL("four", "192.0.2.0/32", "") SERVICE("r", "") S KX,
	 "address", "noIPAllocated", "no free", 9},
	{"no address", IN FOUR SERVICE("s", ", loadBalancerIP: 192.0.2.300") KX, "address",
	 "invalidIP", "[V-081]", 6},
	{"an address that is in no pool", IN FOUR SERVICE("s", ", loadBalancerIP: 10.0.0.1") KX,
	 "address", "ipNotAllowed", "[V-084]", 6},
	{"no advertisement selects the pool",
	 IN FOUR S ADVERTISEMENT("kx", "ipAddressPools: [other]"), "advertisement", "notOwner",
	 "no BGPAdvertisement selects pool four", 4},
	{"only from other nodes", IN FOUR S ADVERTISEMENT("kx", ELSE("nodeSelectors")), "node",
	 "notOwner", "selects node a (there is kx)", 9},
	{"only other Services", IN FOUR S ADVERTISEMENT("kx", ELSE("serviceSelectors")),
	 "serviceSelectors", "noMatchingAdvertisement", "selects the Service (there is kx)", 9},
	{"two that contradict each other",
	 IN FOUR SERVICE_WITH("name: s, labels: {x: one}", "", "")
		 ADVERTISEMENT("kx", "localPref: 100")
			 ADVERTISEMENT("ky", "serviceSelectors: [{matchLabels: {x: one}}], "
					     "localPref: 200"),
	 "conflict", "conflictingAdvertisements", "localPref 100 and 200", 9},
	{"an excluded node",
	 NODE("a", "node.kubernetes.io/exclude-from-external-load-balancers: ''") IN FOUR S KX,
	 "excluded", "nodeLabeledExcludeBalancers", "exclude-from-external-load-balancers", 2},
	{"a node without network",
	 "---\n{apiVersion: v1, kind: Node, metadata: {name: a}, status: {conditions: [{type: "
	 "NetworkUnavailable, status: 'True'}]}}\n" IN FOUR S KX,
	 "excluded", "nodeNetworkUnavailable", "NetworkUnavailable", 2},
	{"a HealthCheck",
	 IN FOUR S KX DOC("mlbgpd.io/v1alpha1", "HealthCheck", "h",
			  "spec: {probe: {tcpSocket: {port: 80}}}"),
	 "healthCheck", NULL, "HealthCheck h covers it", 11},
	{"other peers only", IN FOUR S ADVERTISEMENT("kx", "peers: [other]"), "peer",
	 "peerNotNamed", "kx does not name peer in", 9},
	{"a peer of other nodes",
	 PEER("in", "203.0.113.1", "64512", ", " ELSE("nodeSelectors")) FOUR S KX, "nodeSelectors",
	 "peerNotOnNode", "in does not run on node a", 2},
	{"a drained peer", IN FOUR S KX PEER_POLICY("p", "drain: true"), "drain", NULL,
	 "PeerPolicy p drains peer in", 11},
	{"a peer that is shut down", IN FOUR S KX PEER_POLICY("p", "shutdown: true"), "shutdown",
	 "peerShutdown", "PeerPolicy p shuts the session with peer in down", 11},
	{"a localPref of a policy", IN FOUR S KX PEER_POLICY("p", "localPref: 7"), "localPref",
	 NULL, "PeerPolicy p gives localPref 7", 11},
	{"a session of the other family", PEER("in", "2001:db8:f::1", "64512", "") FOUR S KX,
	 "family", "familyNotCarried", "does not take IPv4", 2},
	{"its own route", IN FOUR S KX, "prefix", NULL, "192.0.2.0 is carried by 192.0.2.0/32", 9},
	{"an aggregate", IN FOUR S ADVERTISEMENT("kx", "aggregationLength: 28"), "prefix", NULL,
	 "192.0.2.0 is carried by 192.0.2.0/28", 9},
	{"an aggregate beside its own route",
	 IN FOUR S ADVERTISEMENT("kx", "aggregationLength: 28") ADVERTISEMENT("ky", ""), "prefix",
	 NULL, "192.0.2.0 is carried by 192.0.2.0/28 and 192.0.2.0/32", 9},
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
	cr_expect_eq(e->ok, !cases[row].reason, "%s: ends with %s", cases[row].what, last->name);
	cr_expect_eq(last->ok, e->ok, "%s", cases[row].what);
	if (cases[row].reason)
		cr_expect_str_eq(last->name, cases[row].step, "%s: ends with %s: %s",
				 cases[row].what, last->name, last->text);
	cr_expect(text_equal(e->reason, cases[row].reason), "%s: %s", cases[row].what,
		  e->reason ? e->reason : "none");
}

static void expect_step(const struct planned *p, const struct explain *e, size_t row)
{
	const struct explain_step *s = NULL;
	struct place place;

	for (size_t i = 0; i < e->steps.n; i++)
		if (strcmp(e->steps.at[i].name, cases[row].step) == 0)
			s = &e->steps.at[i];
	cr_assert(s, "%s: no step %s", cases[row].what, cases[row].step);
	cr_expect(strstr(s->text, cases[row].words), "%s: %s", cases[row].what, s->text);
	cr_assert(s->object, "%s: no document", cases[row].what);
	place = model_place(p->sources, s->object, s->field ? s->field : "");
	cr_expect_eq(place.line, cases[row].line, "%s: at line %u", cases[row].what, place.line);
}

/* Of the Services the last one is asked for. */
Test(explain, ends)
{
	for (size_t row = 0; row < sizeof(cases) / sizeof(cases[0]); row++) {
		struct planned p = plan_text(cases[row].yaml, "a", NULL);
		size_t n;
		const struct plan_service *s = plan_services(p.plan, &n);
		const struct bgp_peer *peer = model_find_peer(p.model, "in");
		struct explain e;

		s += n - 1;
		explain_static(&e, p.plan, s, s->n_addresses ? &s->addresses[0] : NULL, peer);
		expect_chain(&e, row);
		expect_step(&p, &e, row);
		/* The plan says the same, but that a session that is shut down has routes. */
		plan_open_all(p.plan);
		cr_expect_eq(s->n_addresses && explain_link(p.plan, &s->addresses[0], "in"),
			     e.ok || strcmp(e.reason, "peerShutdown") == 0, "%s: the plan differs",
			     cases[row].what);
		explain_fini(&e);
		planned_fini(&p);
	}
}

/* An address that no Service has, a Service that gets none. */
Test(explain, without_a_service)
{
	struct planned p = plan_text(IN FOUR KX "---\n{apiVersion: v1, kind: Service, metadata: "
						"{name: s}, spec: {ports: [{port: 80}]}}\n",
				     "a", NULL);
	struct addr addr;
	struct explain e;
	size_t n;

	addr_parse(&addr, "192.0.2.7");
	explain_address(&e, p.plan, &addr);
	cr_assert_eq(e.steps.n, 2);
	cr_expect_str_eq(e.reason, "serviceDeleted");
	cr_expect_str_eq(e.steps.at[0].text, "192.0.2.7 is in IPAddressPool four");
	cr_expect_str_eq(e.steps.at[1].text, "no Service has 192.0.2.7");
	cr_expect_eq(model_place(p.sources, e.steps.at[0].object, "spec.addresses").line, 4);
	explain_fini(&e);
	addr_parse(&addr, "10.0.0.7");
	explain_address(&e, p.plan, &addr);
	cr_assert_eq(e.steps.n, 1);
	cr_expect_str_eq(e.reason, "ipNotAllowed");
	cr_expect_str_eq(e.steps.at[0].text,
			 "10.0.0.7 is in no IPAddressPool, and no Service has it");
	explain_fini(&e);
	explain_other(&e, &model_other_services(p.model, &n)[0]);
	cr_assert_eq(n, 1);
	cr_expect_str_eq(e.reason, "notLoadBalancer");
	cr_expect(strstr(e.steps.at[0].text, "default/s is of type ClusterIP"), "%s",
		  e.steps.at[0].text);
	cr_expect_eq(model_place(p.sources, e.steps.at[0].object, "").line, 8);
	explain_fini(&e);
	planned_fini(&p);
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

/* Without an address the first one of a pool that is all VIPs speaks for them. */
Test(explain, whole_pool)
{
	struct planned p = plan_text(
		IN FOUR KX DOC("mlbgpd.io/v1alpha1", "PoolPolicy", "x", "spec: {vips: prefixes}"),
		"a", NULL);
	size_t n;
	const struct plan_service *s = plan_services(p.plan, &n);
	struct explain e;

	cr_assert_eq(n, 1);
	explain_static(&e, p.plan, s, NULL, model_find_peer(p.model, "in"));
	cr_expect(e.ok, "%s", e.steps.at[e.steps.n - 1].text);
	cr_expect(strstr(e.steps.at[0].text, "all of IPAddressPool four are VIPs"));
	explain_fini(&e);
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
