/* test_plan_policy.c: what PeerPolicies make of the routes to a peer, and of its group */
#include "plan/diff.h"

#include "config/diag.h"
#include "base/text.h"
#include "plan_text.h"

#include <stdlib.h>

#define IN PEER("in", "203.0.113.1", "64512", "")
#define E1 PEER("e1", "203.0.113.11", "65001", "")
#define E2 PEER("e2", "203.0.113.12", "65002", "")
#define FOUR POOL("four", "192.0.2.0/28", "")
#define S SERVICE("s", "")
#define ALL ADVERTISEMENT("k", "")
#define BASE IN E1 FOUR S ALL
#define MODE(preference) DAEMON("externalPreference: " preference)
#define NODES NODE("a", "n: a") NODE("b", "n: b")
#define ON(node) "nodeSelectors: [{matchLabels: {n: " node "}}], "

static const struct plan_case routes[] = {
	{"localPref where the advertisement has none",
	 BASE PEER_POLICY("p", "peers: [in], localPref: 150"),
	 "e1 192.0.2.0/32 prepend 3\nin 192.0.2.0/32 pref 150\n"},
	{"not where it has one",
	 IN FOUR S ADVERTISEMENT("k", "localPref: 70") PEER_POLICY("p", "localPref: 150"),
	 "in 192.0.2.0/32 pref 70\n"},
	{"one value for all shows no intent", BASE PEER_POLICY("p", "localPref: 150"),
	 "e1 192.0.2.0/32\nin 192.0.2.0/32 pref 150\n"},
	{"primary and backup by policy",
	 E1 E2 FOUR S ALL PEER_POLICY("p", "peers: [e1], localPref: 200")
		 PEER_POLICY("q", "peers: [e2], localPref: 50"),
	 "e1 192.0.2.0/32\ne2 192.0.2.0/32 prepend 3\n"},
	{"a policy for all that names overrule everywhere is no tier",
	 E1 E2 FOUR S ALL PEER_POLICY("o", "localPref: 300") PEER_POLICY(
		 "p", "peers: [e1], localPref: 200") PEER_POLICY("q", "peers: [e2], localPref: 50"),
	 "e1 192.0.2.0/32\ne2 192.0.2.0/32 prepend 3\n"},
	{"values on other nodes are tiers too",
	 NODES E1 FOUR S ALL PEER_POLICY("p", ON("a") "localPref: 50")
		 PEER_POLICY("q", ON("b") "localPref: 200"),
	 /* 200 on b, 100 on nodes that nobody knows, 50 here */
	 "e1 192.0.2.0/32 prepend 6\n"},
	{"so is none, where a policy selects nodes",
	 NODES E1 FOUR S ALL PEER_POLICY("q", ON("b") "localPref: 200"),
	 "e1 192.0.2.0/32 prepend 3\n"},
	{"communities are added, each once",
	 IN FOUR S ADVERTISEMENT("k", "communities: ['1:5']")
		 PEER_POLICY("p", "communities: ['1:9', '1:5', no-export, 'large:1:2:3']"),
	 "in 192.0.2.0/32 pref 100 1:5 1:9 65535:65281 1:2:3\n"},
	{"a fixed MED, 0 too",
	 BASE PEER_POLICY("p", "peers: [in], med: 0") PEER_POLICY("q", "peers: [e1], med: 7"),
	 "e1 192.0.2.0/32 med 7\nin 192.0.2.0/32 pref 100 med 0\n"},
	{"asPathPrepend is added to the tier's, and goes to external peers only",
	 IN E1 E2 FOUR S ALL PEER_POLICY("o", "asPathPrepend: 2") PEER_POLICY(
		 "p", "peers: [e1], localPref: 200") PEER_POLICY("q", "peers: [e2], localPref: 50"),
	 /* 200, 100 (in), 50 */
	 "e1 192.0.2.0/32 prepend 2\ne2 192.0.2.0/32 prepend 8\nin 192.0.2.0/32 pref 100\n"},
	{"externalPreference of one peer, over the Daemon's",
	 E1 E2 FOUR S ADVERTISEMENT("k", "peers: [e1], localPref: 200")
		 ADVERTISEMENT("l", "peers: [e2]") MODE("{mode: prepend, medBase: 5}")
			 PEER_POLICY("p", "peers: [e2], externalPreference: med"),
	 "e1 192.0.2.0/32\ne2 192.0.2.0/32 med 105\n"},
	{"the next hop of a family",
	 PEER("d", "203.0.113.1", "64512", ", dualStackAddressFamily: true")
		 E1 POOL("p", "192.0.2.0/28, \"2001:db8::/120\"", "")
			 SERVICE("s", ", ipFamilyPolicy: PreferDualStack")
				 ALL PEER_POLICY("p", "nextHop: 203.0.113.9"),
	 "d 192.0.2.0/32 via 203.0.113.9 pref 100\nd 2001:db8::/128 pref 100\n"
	 "e1 192.0.2.0/32 via 203.0.113.9\n"},
};

Test(plan_policy, routes)
{
	EXPECT_PLANS(routes, plan_text_routes);
}

/* RFC 8326 3.2: the community always; LOCAL_PREF 0 where it is carried. */
static const struct plan_case drains[] = {
	{"internal", BASE PEER_POLICY("p", "peers: [in], drain: true"),
	 "e1 192.0.2.0/32\nin 192.0.2.0/32 pref 0 65535:0\n"},
	{"auto, though there is one value", BASE PEER_POLICY("p", "peers: [e1], drain: true"),
	 "e1 192.0.2.0/32 prepend 3 65535:0\nin 192.0.2.0/32 pref 100\n"},
	{"one tier below the lowest of all",
	 E1 E2 FOUR S ADVERTISEMENT("k", "peers: [e1], localPref: 200")
		 ADVERTISEMENT("l", "peers: [e2]") MODE("{prependPerTier: 2}")
			 PEER_POLICY("p", "peers: [e1], drain: true"),
	 "e1 192.0.2.0/32 prepend 4 65535:0\ne2 192.0.2.0/32 prepend 2\n"},
	{"med", E1 FOUR S ALL MODE("med") PEER_POLICY("p", "drain: true"),
	 "e1 192.0.2.0/32 med 200 65535:0\n"},
	{"community",
	 E1 FOUR S ALL MODE("{mode: community, community: '65000:$localPref'}")
		 PEER_POLICY("p", "drain: true"),
	 "e1 192.0.2.0/32 65000:0 65535:0\n"},
	{"send", E1 FOUR S ALL MODE("send") PEER_POLICY("p", "drain: true"),
	 "e1 192.0.2.0/32 pref 0 65535:0\n"},
	{"none",
	 E1 FOUR S ADVERTISEMENT("k", "localPref: 200") MODE("none")
		 PEER_POLICY("p", "drain: true"),
	 "e1 192.0.2.0/32 65535:0\n"},
	{"a fixed MED and asPathPrepend stay",
	 E1 FOUR S ALL PEER_POLICY("p", "drain: true, med: 9, asPathPrepend: 1"),
	 "e1 192.0.2.0/32 med 9 prepend 4 65535:0\n"},
	{"drain: false is none", E1 FOUR S ALL PEER_POLICY("p", "drain: false"),
	 "e1 192.0.2.0/32\n"},
};

Test(plan_policy, drains)
{
	EXPECT_PLANS(drains, plan_text_routes);
}

static const struct plan_case groups[] = {
	{"a policy that says the same of all leaves one group",
	 E1 E2 FOUR S ALL PEER_POLICY("p", "communities: ['1:2'], med: 5, nextHop: 203.0.113.9"),
	 "e1 e2: 1\n"},
	{"two that come to the same do, too",
	 E1 E2 FOUR S ALL PEER_POLICY("p", "peers: [e1], med: 5")
		 PEER_POLICY("q", "peers: [e2], med: 5"),
	 "e1 e2: 1\n"},
	{"what makes no difference does not part them",
	 E1 E2 FOUR S ADVERTISEMENT("k", "localPref: 200")
		 PEER_POLICY("p", "peers: [e1], localPref: 50, passive: true, maximumPrefixes: 5,"
				  " nextHop: \"2001:db8::1\""),
	 "e1 e2: 1\n"},
	{"another next hop does",
	 E1 E2 FOUR S ALL PEER_POLICY("p", "peers: [e1], nextHop: 203.0.113.9"), "e1: 1\ne2: 1\n"},
	{"a drain does", E1 E2 FOUR S ALL PEER_POLICY("p", "peers: [e2], drain: true"),
	 "e1: 1\ne2: 1\n"},
};

Test(plan_policy, groups)
{
	EXPECT_PLANS(groups, plan_text_groups);
}

#define SAYS(peers, value) "external peers do not see localPref " value " (" peers "): "
static const struct plan_case findings[] = {
	{"a policy's localPref, told at the policy",
	 E1 E2 FOUR S ALL PEER_POLICY("p", "peers: [e1], localPref: 200")
		 PEER_POLICY("q", "peers: [e2], localPref: 50"),
	 "p local-pref-external: " SAYS(
		 "e1", "200") "nothing is prepended, as it is the best value "
			      "(of 200, 50)\n"
			      "q local-pref-external: " SAYS("e2",
							     "50") "our AS is prepended 3 more "
								   "times instead (of 200, 50)\n"},
	{"peers with other modes",
	 E1 E2 FOUR S ADVERTISEMENT("k", "localPref: 200")
		 PEER_POLICY("p", "peers: [e1], externalPreference: med"),
	 "k local-pref-external: " SAYS("e1", "200") "MED 100 is sent instead\n"
						     "k local-pref-external: " SAYS(
							     "e2",
							     "200") "nothing is sent instead, "
								    "as it is the only value\n"},
	{"it is sent", E1 FOUR S ALL PEER_POLICY("p", "localPref: 200, externalPreference: send"),
	 ""},
	{"a policy's localPref that does not fit",
	 E1 FOUR S ALL PEER_POLICY("p", "localPref: 70000, externalPreference:"
					" {mode: community, community: '65000:$localPref'}"),
	 "p preference-community: localPref 70000 does not fit the community template "
	 "\"65000:$localPref\"\n"},
	{"one that just fits",
	 E1 FOUR S ALL PEER_POLICY("p", "localPref: 65535, externalPreference:"
					" {mode: community, community: '65000:$localPref'}"),
	 "p local-pref-external: " SAYS("e1", "65535") "community 65000:65535 is sent instead\n"},
	{"as many prefixes as may be",
	 IN FOUR S SERVICE("t", "") ALL PEER_POLICY("p", "maximumPrefixes: 2"), ""},
	{"one more", IN FOUR S SERVICE("t", "") ALL PEER_POLICY("p", "maximumPrefixes: 1"),
	 "p maximum-prefixes: 2 prefixes would go to peer in, at most 1 may\n"},
	{"only to the peers that it is for",
	 IN E1 FOUR S SERVICE("t", "") ALL PEER_POLICY("p", "peers: [e1], maximumPrefixes: 1"),
	 "p maximum-prefixes: 2 prefixes would go to peer e1, at most 1 may\n"},
};

Test(plan_policy, findings)
{
	EXPECT_PLAN_FINDINGS(findings);
}

/* A policy concerns its peers' routes alone, and no session starts again for it. */
static const struct {
	const char *spec;
	size_t updates;
} changes[] = {
	{"", 0},
	{"peers: [e1], drain: true", 1},
	{"nextHop: 203.0.113.9", 2},
	{"med: 1", 2},
	{"communities: ['1:2']", 2},
	{"asPathPrepend: 1", 1},
	{"localPref: 1", 1},
	{"maximumPrefixes: 100", 0},
};

Test(plan_policy, changes)
{
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct planned before = plan_text(BASE, "a", NULL), after;
		struct text yaml = {0};

		text_addf(&yaml, BASE PEER_POLICY("p", "%s"), changes[i].spec);
		after = plan_text(yaml.text, "a", NULL);
		plan_open_all(before.plan);
		plan_open_all(after.plan);
		cr_expect_eq(plan_diff_updates(before.plan, after.plan), changes[i].updates, "%s",
			     changes[i].spec);
		planned_fini(&before);
		planned_fini(&after);
		text_fini(&yaml);
	}
}
