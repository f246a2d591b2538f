/* test_advertise.c: which prefixes go to which peers: one case for each rule of the advertisement
 */
#include "plan_text.h"

#include "base/text.h"

#include <stdlib.h>

#define IN PEER("in", "203.0.113.1", "64512", "")
#define IN6 PEER("in6", "2001:db8:f::1", "64512", "")
#define FOUR POOL("four", "192.0.2.0/28", "")
#define BOTH POOL("both", "192.0.2.0/28, \"2001:db8::/124\"", "")
#define S SERVICE("s", "")
#define DUAL SERVICE("s", ", ipFamilyPolicy: RequireDualStack")
#define LABELLED(name, labels) SERVICE_WITH("name: " name ", labels: {" labels "}", "", "")
#define SELECTS(labels) "serviceSelectors: [{matchLabels: {" labels "}}]"

static const struct plan_case routes[] = {
	{"an internal peer is sent 100 where nothing is set", IN FOUR S ADVERTISEMENT("kx", ""),
	 "in 192.0.2.0/32 pref 100\n"},
	{"no advertisement, no route", IN FOUR S, ""},
	{"a pool by name, by label, by either, by all",
	 IN FOUR
	 "---\n{apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: "
	 "{name: l, labels: {x: one}}, spec: {addresses: [198.51.100.0/32]}}\n" POOL(
		 "other", "203.0.113.0/32", "") SERVICE_ASKS("s", "address-pool", "four")
		 SERVICE_ASKS("t", "address-pool", "l") SERVICE_ASKS("u", "address-pool", "other")
			 ADVERTISEMENT("kx",
				       "ipAddressPools: [four, no-such], communities: ['1:1']")
				 ADVERTISEMENT("ky",
					       "ipAddressPools: [l], ipAddressPoolSelectors: "
					       "[{matchLabels: {x: one}}], communities: ['1:2']")
					 ADVERTISEMENT("kz", "communities: ['1:3']"),
	 "in 192.0.2.0/32 pref 100 1:1 1:3\nin 198.51.100.0/32 pref 100 1:2 1:3\n"
	 "in 203.0.113.0/32 pref 100 1:3\n"},
	{"names that are unknown select nothing",
	 IN FOUR S ADVERTISEMENT("kx", "ipAddressPools: [no-such]"), ""},
	{"selectors that match nothing select nothing",
	 IN FOUR S ADVERTISEMENT("kx", "ipAddressPoolSelectors: [{matchLabels: {x: one}}]"), ""},
	{"only from the nodes that it selects",
	 NODE("a", "rack: east") IN FOUR S ADVERTISEMENT(
		 "kx", "nodeSelectors: [{matchLabels: {rack: west}}], communities: ['1:1']")
		 ADVERTISEMENT("ky", "nodeSelectors: [{matchLabels: {rack: east}}], "
				     "communities: ['1:2']"),
	 "in 192.0.2.0/32 pref 100 1:2\n"},
	{"only to the peers that it names",
	 IN PEER("po", "203.0.113.2", "64512", "")
		 FOUR S ADVERTISEMENT("kx", "peers: [po, no-such], communities: ['1:1']")
			 ADVERTISEMENT("ky", "peers: [in], communities: ['1:2']"),
	 "in 192.0.2.0/32 pref 100 1:2\npo 192.0.2.0/32 pref 100 1:1\n"},
	{"only Services that it selects",
	 IN FOUR LABELLED("s", "x: one") LABELLED("t", "x: two") LABELLED("u", "a: b")
		 ADVERTISEMENT("kx", SELECTS("x: one") ", communities: ['1:1']")
			 ADVERTISEMENT("ky", SELECTS("x: two") ", communities: ['1:2']"),
	 "in 192.0.2.0/32 pref 100 1:1\nin 192.0.2.1/32 pref 100 1:2\n"},
	{"each family to the peers of that family", IN IN6 BOTH DUAL ADVERTISEMENT("kx", ""),
	 "in 192.0.2.0/32 pref 100\nin6 2001:db8::/128 pref 100\n"},
	{"both to a peer with dualStackAddressFamily",
	 PEER("in", "203.0.113.1", "64512", ", dualStackAddressFamily: true")
		 BOTH DUAL ADVERTISEMENT("kx", ""),
	 "in 192.0.2.0/32 pref 100\nin 2001:db8::/128 pref 100\n"},
	{"lengths by family",
	 IN IN6 BOTH DUAL ADVERTISEMENT("kx", "aggregationLength: 30, aggregationLengthV6: 126"),
	 "in 192.0.2.0/30 pref 100\nin6 2001:db8::/126 pref 100\n"},
	{"an aggregate and what is in it",
	 IN FOUR S SERVICE("t", "") SERVICE("u", ", loadBalancerIP: 192.0.2.15")
		 ADVERTISEMENT("kx", "aggregationLength: 29, communities: ['1:1']")
			 ADVERTISEMENT("ky", "communities: ['1:2'], localPref: 300"),
	 "in 192.0.2.0/29 pref 100 1:1\nin 192.0.2.0/32 pref 300 1:2\nin 192.0.2.1/32 pref 300 1:2\n"
	 "in 192.0.2.8/29 pref 100 1:1\nin 192.0.2.15/32 pref 300 1:2\n"},
	{"an aggregate of a range reaches past it",
	 IN POOL("r", "192.0.2.2-192.0.2.254", "") S ADVERTISEMENT("kx", "aggregationLength: 26"),
	 "in 192.0.2.0/26 pref 100\n"},
	{"communities add up, each once",
	 IN FOUR S DOC("metallb.io/v1beta1", "Community", "c",
		       "spec: {communities: [{name: one, value: '1:1'}, {name: big, value: "
		       "'large:9:9:9'}]}")
		 ADVERTISEMENT("kx", "communities: [one, '1:1', '3:3', 'large:1:2:3']")
			 ADVERTISEMENT("ky", "communities: ['2:2', big, '3:3', '1:1']"),
	 "in 192.0.2.0/32 pref 100 1:1 2:2 3:3 1:2:3 9:9:9\n"},
	{"a node of no traffic, whatever the label's value",
	 NODE("a", "node.kubernetes.io/exclude-from-external-load-balancers: 'false'")
		 IN FOUR S ADVERTISEMENT("kx", ""),
	 ""},
	{"a node without network",
	 "{apiVersion: v1, kind: Node, metadata: {name: a}, status: {conditions: [{type: "
	 "NetworkUnavailable, status: 'True'}]}}\n" IN FOUR S ADVERTISEMENT("kx", ""),
	 ""},
	{"a node whose network is unknown",
	 "{apiVersion: v1, kind: Node, metadata: {name: a}, status: {conditions: [{type: "
	 "NetworkUnavailable, status: Unknown}]}}\n" IN FOUR S ADVERTISEMENT("kx", ""),
	 "in 192.0.2.0/32 pref 100\n"},
	{"Services that share an address: both advertisements count, the better preference wins",
	 IN FOUR SERVICE_WITH(
		 "name: s, labels: {x: one}, annotations: {metallb.io/allow-shared-ip: k}", "",
		 "") "---\n{apiVersion: v1, kind: Service, metadata: {name: t, labels: {x: two}, "
		     "annotations: {metallb.io/allow-shared-ip: k}}, spec: {type: LoadBalancer, ports: "
		     "[{port: 81}]}}\n" ADVERTISEMENT("kx",
						      SELECTS("x: one") ", communities: ['1:1']")
			     ADVERTISEMENT(
				     "ky",
				     SELECTS("x: two") ", communities: ['1:2'], localPref: 90"),
	 "in 192.0.2.0/32 pref 100 1:1 1:2\n"},
	{"two that contradict each other silence the Service, others are announced",
	 IN FOUR LABELLED("s", "x: one") SERVICE("t", "") ADVERTISEMENT("kx", "localPref: 100")
		 ADVERTISEMENT("ky", SELECTS("x: one") ", localPref: 200"),
	 "in 192.0.2.1/32 pref 100\n"},
	{"different lengths do not contradict each other",
	 IN FOUR LABELLED("s", "x: one")
		 ADVERTISEMENT("kx", "localPref: 100, aggregationLength: 28")
			 ADVERTISEMENT("ky", SELECTS("x: one") ", localPref: 200"),
	 "in 192.0.2.0/28 pref 100\nin 192.0.2.0/32 pref 200\n"},
	{"nor do different peers",
	 IN PEER("po", "203.0.113.2", "64512", "") FOUR LABELLED("s", "x: one")
		 ADVERTISEMENT("kx", SELECTS("x: one") ", localPref: 90, peers: [in]")
			 ADVERTISEMENT("ky", SELECTS("x: one") ", localPref: 200, peers: [po]"),
	 "in 192.0.2.0/32 pref 90\npo 192.0.2.0/32 pref 200\n"},
};

Test(advertise, routes)
{
	EXPECT_PLANS(routes, plan_text_routes);
}

static const struct plan_case reasons[] = {
	{"no advertisement", IN FOUR S,
	 "s has 192.0.2.0 allocated: no BGPAdvertisement selects pool four\n"},
	{"other nodes",
	 IN FOUR S ADVERTISEMENT("kx", "nodeSelectors: [{matchLabels: {rack: west}}]"),
	 "s has 192.0.2.0 allocated: no BGPAdvertisement of pool four selects node a\n"},
	{"other Services", IN FOUR S ADVERTISEMENT("kx", SELECTS("x: one")),
	 "s has 192.0.2.0 allocated: no BGPAdvertisement of pool four on this node selects the "
	 "Service\n"},
	{"contradiction",
	 IN FOUR LABELLED("s", "x: one") ADVERTISEMENT("kx", "")
		 ADVERTISEMENT("ky", SELECTS("x: one") ", localPref: 200"),
	 "s has 192.0.2.0 allocated V-068: BGPAdvertisements kx and ky both apply and contradict each "
	 "other: localPref unset and 200\n"},
	{"no peer at all", FOUR S ADVERTISEMENT("kx", ""),
	 "s has 192.0.2.0 allocated: no BGPPeer runs on this node\n"},
	{"no such peer", IN FOUR S ADVERTISEMENT("kx", "peers: [po]"),
	 "s has 192.0.2.0 allocated: BGPAdvertisement kx reaches no peer of this node\n"},
	{"no peer of the family", IN6 FOUR S ADVERTISEMENT("kx", ""),
	 "s has 192.0.2.0 allocated: none of the peers reached takes IPv4 prefixes\n"},
	{"one family of two", IN BOTH DUAL ADVERTISEMENT("kx", ""),
	 "s has 192.0.2.0 2001:db8:: allocated: 2001:db8:: is announced to nobody: none of the peers "
	 "reached takes IPv6 prefixes\n"},
	{"the node's label",
	 NODE("a", "node.kubernetes.io/exclude-from-external-load-balancers: ''")
		 IN FOUR S ADVERTISEMENT("kx", ""),
	 "s has 192.0.2.0 allocated: the node has the label "
	 "node.kubernetes.io/exclude-from-external-load-balancers\n"},
	{"all is well", IN FOUR S ADVERTISEMENT("kx", ""), "s has 192.0.2.0 allocated\n"},
};

Test(advertise, reasons)
{
	EXPECT_PLANS(reasons, plan_text_reasons);
}

/* A VIP stands where something of it is announced, and nowhere else. */
static const struct plan_case vips[] = {
	{"announced ones alone",
	 IN FOUR POOL("silent", "198.51.100.0/32", "") S SERVICE_ASKS("t", "address-pool", "silent")
		 ADVERTISEMENT("kx", "ipAddressPools: [four]"),
	 "192.0.2.0: s\n"},
	{"behind an aggregate too",
	 IN FOUR S SERVICE("t", "") ADVERTISEMENT("kx", "aggregationLength: 28"),
	 "192.0.2.0: s\n192.0.2.1: t\n"},
	{"one for those that share it",
	 IN FOUR SERVICE_WITH(
		 "name: s, annotations: {metallb.io/allow-shared-ip: k}", "",
		 "") "---\n{apiVersion: v1, kind: Service, metadata: {name: t, annotations: "
		     "{metallb.io/allow-shared-ip: k}}, spec: {type: LoadBalancer, ports: [{port: "
		     "81}]}}\n" ADVERTISEMENT("kx", ""),
	 "192.0.2.0: s t\n"},
	{"not the family that nobody hears of", IN BOTH DUAL ADVERTISEMENT("kx", ""),
	 "192.0.2.0: s\n"},
	{"none on a node of no traffic",
	 NODE("a", "node.kubernetes.io/exclude-from-external-load-balancers: ''")
		 IN FOUR S ADVERTISEMENT("kx", ""),
	 ""},
};

Test(advertise, vips)
{
	EXPECT_PLANS(vips, plan_text_vips);
}

/* At most 63, all advertisements of a prefix and peer together. */
Test(advertise, too_many_communities)
{
	for (unsigned more = 0; more < 2; more++) {
		struct text yaml = {0};
		struct planned p;

		text_add(&yaml,
			 IN FOUR S "---\n{apiVersion: metallb.io/v1beta1, kind: "
				   "BGPAdvertisement, metadata: {name: kx}, spec: {communities: [");
		for (unsigned i = 0; i < 60; i++)
			text_addf(&yaml, "%s'1:%u'", i ? ", " : "", i);
		text_add(&yaml, "]}}\n");
		text_add(&yaml,
			 ADVERTISEMENT("ky", "communities: ['1:1', '2:1', 'large:2:2:2', '2:3']"));
		if (more)
			text_add(&yaml, ADVERTISEMENT("kz", "communities: ['3:1']"));
		p = plan_text(yaml.text, "a", NULL);
		expect_text("communities", plan_text_services(p.plan),
			    more ? "s has 192.0.2.0 allocated V-069\n"
				 : "s has 192.0.2.0 allocated\n");
		expect_text("communities", plan_text_vips(p.plan), more ? "" : "192.0.2.0: s\n");
		planned_fini(&p);
		text_fini(&yaml);
	}
}
