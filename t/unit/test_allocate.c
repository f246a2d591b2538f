/* test_allocate.c: which Service has which addresses: one case for each rule of the allocation */
#include "plan_text.h"

#include "config/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SMALL POOL("p", "192.0.2.0/30", "")
#define BOTH POOL("both", "192.0.2.0/30, \"2001:db8::/126\"", "")
#define PREFER ", ipFamilyPolicy: PreferDualStack"
#define REQUIRE ", ipFamilyPolicy: RequireDualStack"
#define CLUSTER_V6 ", clusterIPs: [\"fd00::1\"]"
#define CLUSTER_BOTH ", clusterIPs: [10.96.0.1, \"fd00::1\"]"

static const struct plan_case families[] = {
	{"IPv4 where nothing tells", BOTH SERVICE("s", ""), "s has 192.0.2.0 allocated\n"},
	{"of the cluster IP", BOTH SERVICE("s", CLUSTER_V6), "s has 2001:db8:: allocated\n"},
	{"text that is no cluster IP does not count", BOTH SERVICE("s", ", clusterIP: None"),
	 "s has 192.0.2.0 allocated\n"},
	{"of ipFamilies", BOTH SERVICE("s", ", ipFamilies: [IPv6]"),
	 "s has 2001:db8:: allocated\n"},
	{"of the address asked for", BOTH SERVICE_ASKS("s", "loadBalancerIPs", "2001:db8::2"),
	 "s has 2001:db8::2 requested\n"},
	{"a policy for two wants two", BOTH SERVICE("s", REQUIRE) SERVICE("t", PREFER),
	 "s has 192.0.2.0 2001:db8:: allocated\nt has 192.0.2.1 2001:db8::1 allocated\n"},
	{"RequireDualStack takes no less", SMALL SERVICE("s", REQUIRE), "s pending V-092\n"},
	{"RequireDualStack with one cluster IP", BOTH SERVICE("s", REQUIRE CLUSTER_V6),
	 "s pending V-091\n"},
	{"PreferDualStack takes what there is", SMALL SERVICE("s", PREFER),
	 "s has 192.0.2.0 allocated\n"},
	{"PreferDualStack with one cluster IP wants one", BOTH SERVICE("s", PREFER CLUSTER_V6),
	 "s has 2001:db8:: allocated\n"},
	{"the first family is preferred",
	 POOL("four", "192.0.2.0/30", "") POOL("six", "\"2001:db8::/126\"", "")
		 SERVICE("s", PREFER ", ipFamilies: [IPv6]") SERVICE("t", PREFER),
	 "s has 2001:db8:: allocated\nt has 192.0.2.0 allocated\n"},
	{"a pool with both comes before the first family",
	 POOL("four", "192.0.2.0/30", "") POOL("both", "198.51.100.0/30, \"2001:db8::/126\"", "")
		 SERVICE("s", PREFER),
	 "s has 198.51.100.0 2001:db8:: allocated\n"},
};

Test(allocate, families)
{
	EXPECT_PLANS(families, plan_text_services);
}

static const struct plan_case requests[] = {
	{"an address", SMALL SERVICE("s", ", loadBalancerIP: 192.0.2.2"),
	 "s has 192.0.2.2 requested\n"},
	{"the annotation, with blanks",
	 BOTH SERVICE_ASKS("s", "loadBalancerIPs", " 2001:db8::3 , 192.0.2.3 "),
	 "s has 192.0.2.3 2001:db8::3 requested\n"},
	{"both ways",
	 SMALL SERVICE_WITH("name: s, annotations: {metallb.io/loadBalancerIPs: 192.0.2.1}",
			    ", loadBalancerIP: 192.0.2.1", ""),
	 "s pending V-080: loadBalancerIP and the annotation loadBalancerIPs are both set\n"},
	{"no address", SMALL SERVICE_ASKS("s", "loadBalancerIPs", "192.0.2.1,x"),
	 "s pending V-081: \"x\" is not an IP address\n"},
	{"an empty part", SMALL SERVICE_ASKS("s", "loadBalancerIPs", "192.0.2.1,"),
	 "s pending V-081: \"\" is not an IP address\n"},
	{"three", BOTH SERVICE_ASKS("s", "loadBalancerIPs", "192.0.2.1,192.0.2.2,2001:db8::1"),
	 "s pending V-082: more than two addresses are asked for\n"},
	{"two of a family", SMALL SERVICE_ASKS("s", "loadBalancerIPs", "192.0.2.1,192.0.2.2"),
	 "s pending V-082: two IPv4 addresses are asked for\n"},
	{"another family", BOTH SERVICE("s", ", loadBalancerIP: 192.0.2.1" CLUSTER_V6),
	 "s pending V-083: one IPv4 address is asked for, but the Service is IPv6\n"},
	{"one for a dual-stack Service",
	 BOTH SERVICE("s", ", loadBalancerIP: 192.0.2.1" CLUSTER_BOTH),
	 "s pending V-083: one IPv4 address is asked for, but the Service is dual-stack\n"},
	{"in no pool", SMALL SERVICE("s", ", loadBalancerIP: 192.0.2.9"),
	 "s pending V-084: 192.0.2.9 is in no IPAddressPool\n"},
	{"avoided",
	 POOL("p", "192.0.2.0/24", ", avoidBuggyIPs: true")
		 SERVICE("s", ", loadBalancerIP: 192.0.2.255"),
	 "s pending V-084: 192.0.2.255 ends in .0 or .255, which pool p avoids\n"},
	{"in two pools",
	 SMALL POOL("six", "\"2001:db8::/126\"", "")
		 SERVICE_ASKS("s", "loadBalancerIPs", "192.0.2.1,2001:db8::1"),
	 "s pending V-085: 192.0.2.1 is in pool p, 2001:db8::1 in pool six\n"},
	{"another pool is asked for",
	 SMALL POOL("q", "198.51.100.0/30", "")
		 SERVICE_WITH("name: s, annotations: {metallb.io/address-pool: q}",
			      ", loadBalancerIP: 192.0.2.1", ""),
	 "s pending V-086: pool q is asked for, but 192.0.2.1 is in pool p\n"},
	{"an unknown pool", SMALL SERVICE_ASKS("s", "address-pool", "q"),
	 "s pending V-087: there is no IPAddressPool q\n"},
	{"autoAssign does not count",
	 POOL("p", "192.0.2.0/30", ", autoAssign: false")
		 SERVICE("s", ", loadBalancerIP: 192.0.2.1") SERVICE_ASKS("t", "address-pool", "p"),
	 "s has 192.0.2.1 requested\nt has 192.0.2.0 allocated\n"},
	{"wishes come before automatic ones, in any order of documents",
	 SMALL SERVICE("s", "") SERVICE("t", ", loadBalancerIP: 192.0.2.0"),
	 "s has 192.0.2.1 allocated\nt has 192.0.2.0 requested\n"},
	{"pools asked for come before automatic ones",
	 SMALL SERVICE("s", "") SERVICE_ASKS("t", "address-pool", "p"),
	 "s has 192.0.2.1 allocated\nt has 192.0.2.0 allocated\n"},
	{"the first document wins",
	 SMALL SERVICE("s", ", loadBalancerIP: 192.0.2.1")
		 SERVICE("t", ", loadBalancerIP: 192.0.2.1"),
	 "s has 192.0.2.1 requested\n"
	 "t pending V-089: 192.0.2.1 is in use by default/s, and this Service has no sharing key\n"},
	{"no fall-back from a pool that is full",
	 POOL("one", "192.0.2.0/32", "") POOL("two", "192.0.2.4/30", "")
		 SERVICE_ASKS("s", "address-pool", "one") SERVICE_ASKS("t", "address-pool", "one"),
	 "s has 192.0.2.0 allocated\nt pending V-092: no free IPv4 address in pool one\n"},
	{"a pool asked for, two families, SingleStack",
	 BOTH SERVICE_WITH("name: s, annotations: {metallb.io/address-pool: both}",
			   ", ipFamilyPolicy: SingleStack" CLUSTER_BOTH, ""),
	 "s pending V-091: ipFamilyPolicy SingleStack contradicts two families\n"},
};

Test(allocate, requests)
{
	EXPECT_PLANS(requests, plan_text_pending);
}

#define NAMESPACE(name, labels) \
	"---\n{apiVersion: v1, kind: Namespace, metadata: {name: " name ", labels: {" labels "}}}\n"
#define FOR(allocation) ", serviceAllocation: {" allocation "}"
#define GOLD SERVICE_WITH("name: g, namespace: gold, labels: {tier: top}", "", "")

static const struct plan_case pools[] = {
	{"document order",
	 POOL("b", "192.0.2.0/31", "") POOL("a", "192.0.2.4/30", "") SERVICE("s", "")
		 SERVICE("t", "") SERVICE("u", ""),
	 "s has 192.0.2.0 allocated\nt has 192.0.2.1 allocated\nu has 192.0.2.4 allocated\n"},
	{"not without being asked",
	 POOL("p", "192.0.2.0/30", ", autoAssign: false") SERVICE("s", ""),
	 "s pending V-092: no IPAddressPool gives addresses to this Service without being asked "
	 "(autoAssign, serviceAllocation)\n"},
	{"by priority, 0 last, then those of nobody",
	 POOL("n", "192.0.2.0/32", "") POOL("z", "192.0.2.1/32", FOR("")) POOL("t", "192.0.2.2/32",
									       FOR("priority: 20"))
		 POOL("o", "192.0.2.3/32", FOR("priority: 1")) SERVICE("s", "") SERVICE("t", "")
			 SERVICE("u", "") SERVICE("v", "") SERVICE("w", ""),
	 "s has 192.0.2.3 allocated\nt has 192.0.2.2 allocated\nu has 192.0.2.1 allocated\n"
	 "v has 192.0.2.0 allocated\nw pending V-092: no free IPv4 address in pool o, t, z and 1 more\n"},
	{"of a namespace",
	 SMALL POOL("g", "198.51.100.0/30", FOR("namespaces: [gold]")) GOLD SERVICE("s", "")
		 SERVICE_ASKS("t", "address-pool", "g"),
	 "g has 198.51.100.0 allocated\ns has 192.0.2.0 allocated\n"
	 "t pending V-088: pool g is not for namespace default (serviceAllocation)\n"},
	{"of labels of namespaces",
	 POOL("g", "198.51.100.0/30", FOR("namespaceSelectors: [{matchLabels: {metal: au}}]"))
		 NAMESPACE("gold", "metal: au") GOLD SERVICE("s", ""),
	 "g has 198.51.100.0 allocated\n"
	 "s pending V-092: no IPAddressPool gives addresses to this Service without being asked "
	 "(autoAssign, serviceAllocation)\n"},
	{"every namespace has its name as a label",
	 POOL("g", "198.51.100.0/30",
	      FOR("namespaceSelectors: [{matchLabels: {kubernetes.io/metadata.name: gold}}]")) GOLD,
	 "g has 198.51.100.0 allocated\n"},
	{"of labels of Services",
	 POOL("g", "198.51.100.0/30", FOR("serviceSelectors: [{matchLabels: {tier: top}}]"))
		 GOLD SERVICE("s", ", loadBalancerIP: 198.51.100.1"),
	 "g has 198.51.100.0 allocated\n"
	 "s pending V-088: pool g is for Services with other labels "
	 "(serviceAllocation.serviceSelectors)\n"},
	{"selectors that find no namespace: nobody, asked for or not",
	 POOL("g", "198.51.100.0/30", FOR("namespaceSelectors: [{matchLabels: {metal: au}}]"))
		 GOLD SERVICE_ASKS("t", "address-pool", "g"),
	 "g pending V-092: no IPAddressPool gives addresses to this Service without being asked "
	 "(autoAssign, serviceAllocation)\n"
	 "t pending V-088: pool g is not for namespace default (serviceAllocation)\n"},
	{"no pool at all", SERVICE("s", ""), "s none: there is no IPAddressPool\n"},
	{"another class", SMALL SERVICE("s", ", loadBalancerClass: x.io/y"),
	 "s none: loadBalancerClass is \"x.io/y\", ours is not set\n"},
	{"our class",
	 SMALL DAEMON("loadBalancerClass: x.io/y") SERVICE("s", ", loadBalancerClass: x.io/y")
		 SERVICE("t", ""),
	 "s has 192.0.2.0 allocated\nt none: loadBalancerClass is not set, ours is x.io/y\n"},
};

Test(allocate, pools)
{
	EXPECT_PLANS(pools, plan_text_pending);
}

#define SHARED(name, key, port, more)                                  \
	"---\n{apiVersion: v1, kind: Service, metadata: {name: " name  \
	", annotations: {metallb.io/allow-shared-ip: \"" key "\"}},\n" \
	"  spec: {type: LoadBalancer, ports: [" port "]" more "}}\n"
#define AT ", loadBalancerIP: 192.0.2.1"
#define LOCAL(selector) ", externalTrafficPolicy: Local, selector: {" selector "}"

static const struct plan_case sharing[] = {
	{"equal keys, other ports",
	 SMALL SHARED("s", "k", "{port: 80}", "") SHARED("t", "k", "{port: 443}", ""),
	 "s has 192.0.2.0 allocated\nt has 192.0.2.0 allocated\n"},
	{"one port, two protocols",
	 SMALL SHARED("s", "k", "{port: 53}", "") SHARED("t", "k", "{port: 53, protocol: UDP}", ""),
	 "s has 192.0.2.0 allocated\nt has 192.0.2.0 allocated\n"},
	{"the same port: the next address, and then that one is filled",
	 SMALL SHARED("s", "k", "{port: 80}", "") SHARED("t", "k", "{port: 80}", "")
		 SHARED("u", "k", "{port: 81}", "") SHARED("v", "k", "{port: 81}", ""),
	 "s has 192.0.2.0 allocated\nt has 192.0.2.1 allocated\nu has 192.0.2.0 allocated\n"
	 "v has 192.0.2.1 allocated\n"},
	{"an address asked for further up is joined after the free ones",
	 SMALL SHARED("s", "k", "{port: 80}", ", loadBalancerIP: 192.0.2.2")
		 SHARED("t", "k", "{port: 81}", "") SHARED("u", "k", "{port: 81}", "")
			 SHARED("v", "k", "{port: 81}", "") SHARED("w", "k", "{port: 81}", ""),
	 "s has 192.0.2.2 requested\nt has 192.0.2.0 allocated\nu has 192.0.2.1 allocated\n"
	 "v has 192.0.2.2 allocated\nw has 192.0.2.3 allocated\n"},
	{"the same port asked for",
	 SMALL SHARED("s", "k", "{port: 80}", AT) SHARED("t", "k", "{port: 81}, {port: 80}", AT),
	 "s has 192.0.2.1 requested\nt pending V-090: default/s has the same port on 192.0.2.1\n"},
	{"another key", SMALL SHARED("s", "k", "{port: 80}", AT) SHARED("t", "l", "{port: 81}", AT),
	 "s has 192.0.2.1 requested\n"
	 "t pending V-089: 192.0.2.1 is in use by default/s, which has another sharing key\n"},
	{"an empty key is none",
	 SMALL SHARED("s", "", "{port: 80}", AT) SHARED("t", "", "{port: 81}", AT),
	 "s has 192.0.2.1 requested\n"
	 "t pending V-089: 192.0.2.1 is in use by default/s, and this Service has no sharing key\n"},
	{"policy Cluster: whatever the selectors",
	 SMALL SHARED("s", "k", "{port: 80}", AT ", selector: {app: x}")
		 SHARED("t", "k", "{port: 81}", AT ", selector: {app: y}"),
	 "s has 192.0.2.1 requested\nt has 192.0.2.1 requested\n"},
	{"policy Local: equal selectors",
	 SMALL SHARED("s", "k", "{port: 80}", AT LOCAL("app: x, b: c"))
		 SHARED("t", "k", "{port: 81}", AT LOCAL("b: c, app: x"))
			 SHARED("u", "k", "{port: 82}", AT LOCAL("app: y"))
				 SHARED("v", "k", "{port: 83}", AT),
	 "s has 192.0.2.1 requested\nt has 192.0.2.1 requested\n"
	 "u pending V-089: 192.0.2.1 is in use by default/s, whose externalTrafficPolicy or selector "
	 "differs\n"
	 "v pending V-089: 192.0.2.1 is in use by default/s, whose externalTrafficPolicy or selector "
	 "differs\n"},
};

Test(allocate, sharing)
{
	EXPECT_PLANS(sharing, plan_text_pending);
}

static const struct plan_case statuses[] = {
	{"is kept", SMALL SERVICE("s", "") SERVICE_HAS("t", "192.0.2.0", ""),
	 "s has 192.0.2.1 allocated\nt has 192.0.2.0 status\n"},
	{"in no pool any more", SMALL SERVICE_HAS("s", "198.51.100.1", ""),
	 "s has 192.0.2.0 allocated\n"},
	{"another pool is asked for",
	 SMALL POOL("q", "198.51.100.0/30", "")
		 SERVICE_WITH("name: s, annotations: {metallb.io/address-pool: q}", "",
			      ", status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}"),
	 "s has 198.51.100.0 allocated\n"},
	{"another family", BOTH SERVICE_HAS("s", "192.0.2.1", CLUSTER_V6),
	 "s has 2001:db8:: allocated\n"},
	{"a second family is added from the same pool", BOTH SERVICE_HAS("s", "192.0.2.1", PREFER),
	 "s has 192.0.2.1 2001:db8:: status\n"},
	{"a first family is added too", BOTH SERVICE_HAS("s", "2001:db8::1", PREFER),
	 "s has 192.0.2.0 2001:db8::1 status\n"},
	{"no second family, no harm", SMALL SERVICE_HAS("s", "192.0.2.1", PREFER),
	 "s has 192.0.2.1 status\n"},
	{"another address is asked for: it is lost, even for one that can't be had",
	 SMALL SERVICE_HAS("s", "192.0.2.1", ", loadBalancerIP: 192.0.2.9"), "s pending V-084\n"},
	{"a malformed request does not cost it",
	 SMALL SERVICE_HAS("s", "192.0.2.1", ", loadBalancerIP: x"),
	 "s has 192.0.2.1 status V-081\n"},
	{"of two that ask for one address the one that has it gets it",
	 SMALL SERVICE("s", ", loadBalancerIP: 192.0.2.1")
		 SERVICE_HAS("t", "192.0.2.1", ", loadBalancerIP: 192.0.2.1"),
	 "s pending V-089\nt has 192.0.2.1 requested\n"},
	{"autoAssign does not evict",
	 POOL("p", "192.0.2.0/30", ", autoAssign: false") SERVICE_HAS("s", "192.0.2.1", ""),
	 "s has 192.0.2.1 status\n"},
};

Test(allocate, statuses)
{
	EXPECT_PLANS(statuses, plan_text_services);
}

#define PINS(name, spec) DOC("mlbgpd.io/v1alpha1", "AddressAllocation", name, "spec: {" spec "}")
#define PIN(service, address) "{name: " service ", addresses: [" address "]}"
#define ON(node) "nodeSelectors: [{matchLabels: {kubernetes.io/hostname: " node "}}], "

static const struct plan_case pins[] = {
	{"before what is searched",
	 SMALL SERVICE("s", "") SERVICE("t", "") PINS("x", "services: [" PIN("t", "192.0.2.0") "]"),
	 "s has 192.0.2.1 allocated\nt has 192.0.2.0 pinned\n"},
	{"after what is asked for",
	 SMALL SERVICE("s", "") SERVICE("t", ", loadBalancerIP: 192.0.2.2")
		 PINS("x", "services: [" PIN("s", "192.0.2.2") ", " PIN("t", "192.0.2.3") "]"),
	 "s has 192.0.2.0 allocated\nt has 192.0.2.2 requested\n"},
	{"after a status",
	 SMALL SERVICE_HAS("s", "192.0.2.1", "") PINS("x", "services: [" PIN("s", "192.0.2.2") "]"),
	 "s has 192.0.2.1 status\n"},
	{"not outside the pools, nor of another family",
	 BOTH SERVICE("s", "") SERVICE("t", "") PINS(
		 "x", "services: [" PIN("s", "203.0.113.1") ", " PIN("t", "'2001:db8::1'") "]"),
	 "s has 192.0.2.0 allocated\nt has 192.0.2.1 allocated\n"},
	{"not outside the pool asked for",
	 SMALL POOL("q", "198.51.100.0/30", "") SERVICE_ASKS("s", "address-pool", "q")
		 PINS("x", "services: [" PIN("s", "192.0.2.1") "]"),
	 "s has 198.51.100.0 allocated\n"},
	{"one address, of two Services without a key the first has it",
	 SMALL SERVICE("s", "") SERVICE("t", "")
		 PINS("x", "services: [" PIN("t", "192.0.2.1") ", " PIN("s", "192.0.2.1") "]"),
	 "s has 192.0.2.1 pinned\nt has 192.0.2.0 allocated\n"},
	{"a second family is found beside the pinned one",
	 BOTH SERVICE("s", PREFER) PINS("x", "services: [" PIN("s", "192.0.2.2") "]"),
	 "s has 192.0.2.2 2001:db8:: pinned\n"},
	{"for the node that is selected",
	 SMALL SERVICE("s", "") PINS("x", ON("b") "services: [" PIN("s", "192.0.2.2") "]")
		 PINS("y", ON("a") "services: [" PIN("s", "192.0.2.3") "]"),
	 "s has 192.0.2.3 pinned\n"},
};

Test(allocate, pinned)
{
	EXPECT_PLANS(pins, plan_text_services);
}

Test(allocate, pins_come_before_leases)
{
	struct leases *leases = leases_new();
	struct lease l = {.namespace = "default", .name = "s", .n_addresses = 1};
	struct planned p;

	addr_parse(&l.addresses[0], "192.0.2.2");
	leases_set(leases, &l);
	p = plan_text(SMALL SERVICE("s", "") PINS("x", "services: [" PIN("s", "192.0.2.1") "]"),
		      "a", leases);
	expect_text("pin and lease", plan_text_services(p.plan), "s has 192.0.2.1 pinned\n");
	leases_free(leases);
	planned_fini(&p);
}

Test(allocate, leases_come_after_what_is_written_and_before_what_is_searched)
{
	struct leases *leases = leases_new();
	struct lease l = {.namespace = "default", .n_addresses = 1};
	struct planned p;

	addr_parse(&l.addresses[0], "192.0.2.0");
	l.name = "kept";
	leases_set(leases, &l);
	addr_parse(&l.addresses[0], "192.0.2.1");
	l.name = "evicted";
	leases_set(leases, &l);
	addr_parse(&l.addresses[0], "198.51.100.1");
	l.name = "gone";
	leases_set(leases, &l);
	l.namespace = "other";
	l.name = "searched";
	leases_set(leases, &l);
	p = plan_text(SMALL SERVICE("searched", "") SERVICE("kept", "") SERVICE("evicted", "")
			      SERVICE("asks", ", loadBalancerIP: 192.0.2.1") SERVICE("gone", ""),
		      "a", leases);
	expect_text("leases", plan_text_services(p.plan),
		    "searched has 192.0.2.2 allocated\nkept has 192.0.2.0 lease\n"
		    "evicted has 192.0.2.3 allocated\nasks has 192.0.2.1 requested\n"
		    "gone pending V-092\n");
	leases_free(leases);
	planned_fini(&p);
}

static double cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Seconds that the plan of n Services takes; each a line made from the format and its number. */
static double plan_many(unsigned n, const char *pool, const char *format, unsigned *in_use)
{
	size_t max = (size_t)n * 256 + 1024, len = (size_t)snprintf(NULL, 0, "%s", pool), n_pools;
	char *yaml = malloc(max);
	struct planned p;
	struct plan *plan;
	double begin;

	memcpy(yaml, pool, len);
	for (unsigned i = 0; i < n; i++)
		len += (size_t)snprintf(yaml + len, max - len, format, i, i);
	p = plan_text(yaml, "a", NULL);
	begin = cpu_s();
	plan = plan_new(p.model, NULL, NULL, NULL, NULL);
	begin = cpu_s() - begin;
	*in_use = (unsigned)plan_pools(plan, &n_pools)[0].in_use_ipv4;
	plan_free(plan);
	planned_fini(&p);
	free(yaml);
	return begin;
}

/* Ten times as many may not take anything like a hundred times as long. */
Test(allocate, is_linear)
{
	static const char meta[] =
		"---\n{apiVersion: v1, kind: Service, metadata: {name: s%u, annotations: "
		"{metallb.io/allow-shared-ip: ";
	static const struct {
		const char *what, *rest;
		bool one_each; /* an address each */
	} rows[] = {
		{"no key", "\"\"}}, spec: {type: LoadBalancer, ports: [{port: 80}]}}\n", true},
		{"one key, one port", "k}}, spec: {type: LoadBalancer, ports: [{port: 80}]}}\n",
		 true},
		{"one key, a port each", "k}}, spec: {type: LoadBalancer, ports: [{port: 1%u}]}}\n",
		 false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char format[512];
		unsigned few, many;
		double short_s, long_s;

		snprintf(format, sizeof(format), "%s%s", meta, rows[i].rest);
		short_s = plan_many(500, POOL("p", "10.0.0.0/15", ""), format, &few);
		long_s = plan_many(5000, POOL("p", "10.0.0.0/15", ""), format, &many);
		cr_expect_eq(few, rows[i].one_each ? 500 : 1, "%s: %u", rows[i].what, few);
		cr_expect_eq(many, rows[i].one_each ? 5000 : 1, "%s: %u", rows[i].what, many);
		cr_expect_lt(long_s, 40 * short_s + 0.05, "%s: %f s, then %f s", rows[i].what,
			     short_s, long_s);
	}
}
