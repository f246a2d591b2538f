/* test_policies.c: PeerPolicy and PoolPolicy: values, targets, what several say together */
#include "findings.h"

#define EXTERNAL(name, address)                                                  \
	"{apiVersion: metallb.io/v1beta2, kind: BGPPeer, metadata: {name: " name \
	", labels: {name: " name "}}, spec: {myASN: 64512, peerASN: 64513,\n"    \
	"peerAddress: " address "}}\n---\n"
#define INTERNAL(name, address)                                                  \
	"{apiVersion: metallb.io/v1beta2, kind: BGPPeer, metadata: {name: " name \
	", labels: {name: " name "}}, spec: {myASN: 64512, peerASN: 64512,\n"    \
	"peerAddress: " address "}}\n---\n"
/* three lines each */
#define A EXTERNAL("a", "192.0.2.1")
#define B EXTERNAL("b", "192.0.2.2")
#define GOLD POOL("gold") "addresses: [198.51.100.0/24]" NEXT
#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define LONG FIFTY FIFTY FIFTY FIFTY FIFTY "12345" /* 255 bytes */

/* ---- one document ---- */

static const struct golden values[] = {
	{"all fields",
	 A PEER_POLICY(
		 "p") "peers: [a], peerSelectors: [{matchLabels: {name: a}}],"
		      " localPref: 1, communities: [no-export, \"1:2\", \"large:1:2:3\"], med: 0,"
		      " asPathPrepend: 32, externalPreference: {mode: community, community:"
		      " \"65000:$localPref\", prependPerTier: 1, medBase: 0, medPerTier: 1},"
		      " nextHop: 192.0.2.9, maximumPrefixes: 1, passive: true,"
		      " ttlSecurityHops: 255, shutdown: true, shutdownMessage: x, drain: true,"
		      " passwordFile: router.password, bfd: {hops: multi,\nstrict: true}" END,
	 "6:9 no-effect w"},
	{"nothing", PEER_POLICY("p") END, ""},
	{"numbers just out of range",
	 A PEER_POLICY("p") "localPref: 0,\nmed: -1,\nasPathPrepend: 33,\nmaximumPrefixes: 0,\n"
			    "ttlSecurityHops: 256" END,
	 "5:12 bad-value\n6:6 bad-value\n7:16 bad-value\n8:18 bad-value\n9:18 bad-value"},
	{"and on the other side",
	 A PEER_POLICY("p") "localPref: 4294967296,\nmed: 4294967296,\nasPathPrepend: -1,\n"
			    "ttlSecurityHops: 0" END,
	 "5:12 bad-value\n6:6 bad-value\n7:16 bad-value\n8:18 bad-value"},
	{"next hops that no router can reach",
	 A PEER_POLICY("p") "nextHop: 0.0.0.0" NEXT PEER_POLICY("q") "nextHop: 127.0.0.1" NEXT
		 PEER_POLICY("r") "nextHop: 224.0.0.1" NEXT PEER_POLICY(
			 "s") "nextHop: fe80::1" NEXT PEER_POLICY("t") "nextHop: router-a" END,
	 "5:10 bad-value\n8:10 bad-value\n11:10 bad-value\n14:10 bad-value\n"
	 "17:10 bad-value"},
	{"a message of 255 bytes", A PEER_POLICY("p") "shutdownMessage: \"" LONG "\"" END, ""},
	{"a message of 256 bytes", A PEER_POLICY("p") "shutdownMessage: \"" LONG "6\"" END,
	 "5:18 bad-value"},
	{"bytes, not characters: RFC 9003",
	 A PEER_POLICY("p") "shutdownMessage: \"" FIFTY FIFTY FIFTY FIFTY FIFTY "123\u20ac\"" END,
	 "5:18 bad-value"},
	{"password files", A PEER_POLICY("p") "passwordFile: /etc/a/b" END, ""},
	{"password files that are none",
	 PEER_POLICY("p") "peers: [], passwordFile: a/b" NEXT PEER_POLICY(
		 "q") "passwordFile: \"\"" NEXT PEER_POLICY("r") "passwordFile: .." NEXT
		 PEER_POLICY("s") "passwordFile: /" END,
	 "2:26 bad-value\n5:15 bad-value\n8:15 bad-value\n11:15 bad-value"},
	{"communities",
	 A PEER_POLICY("p") "communities: [graceful-shutdown, no-exprot,\n\"1:65536\", own]" NEXT
		 COMMUNITY("c") "communities: [{name: own, value: \"1:2\"}]" END,
	 "5:34 V-065\n6:1 V-064"},
	{"words", A PEER_POLICY("p") "bfd: {hops: one}, externalPreference: preppend" END,
	 "5:13 bad-value\n5:39 bad-value"},
	{"texts twice", A PEER_POLICY("p") "peers: [a, a], communities: [\"1:2\", \"1:2\"]" END,
	 "5:12 V-063\n5:37 V-063"},
	{"a pool's",
	 GOLD POOL_POLICY("p") "ipAddressPools: [gold], ipAddressPoolSelectors: [],"
			       " vips: prefixes, interface: dummy0, vipMode: route,"
			       " aggregates: always" END,
	 ""},
	{"a pool's, that are none",
	 GOLD POOL_POLICY("p") "vips: address, interface: \"a b\", vipMode: routes,"
			       " aggregates: never" END,
	 "5:7 bad-value\n5:27 bad-value\n5:43 bad-value\n5:63 bad-value"},
	{"an interface without a name", GOLD POOL_POLICY("p") "interface: \"\"" END,
	 "5:12 bad-value"},
	{"65536 addresses are VIPs",
	 POOL("a") "addresses: [10.1.0.0/16]" NEXT POOL_POLICY("p") "vips: addresses" END, ""},
	{"one more is too many",
	 POOL("a") "addresses: [10.1.0.0/16, 10.2.0.0/32]" NEXT POOL_POLICY(
		 "p") "vips: addresses" END,
	 "5:7 bad-value"},
	{"prefixes may be as large as they are",
	 POOL("a") "addresses: [10.0.0.0/8]" NEXT POOL_POLICY("p") "vips: prefixes" END, ""},
	{"a prefix is a route",
	 POOL("a") "addresses: [10.0.0.0/8]" NEXT POOL_POLICY(
		 "p") "vips: prefixes, vipMode: address" END,
	 "5:26 bad-value"},
};

Test(policies, values)
{
	EXPECT_GOLDEN_BUT_NOT_YET(values);
}

/* ---- whom they mean ---- */

static const struct golden targets[] = {
	{"names of nobody", A PEER_POLICY("p") "peers: [a, r]" END, "5:12 unknown-peer w"},
	{"an empty name is nobody's, not everybody's", A PEER_POLICY("p") "peers: [\"\"]" END,
	 "5:9 unknown-peer w"},
	{"labels of nobody",
	 A PEER_POLICY(
		 "p") "peerSelectors: [{matchLabels: {name: a}},\n{matchLabels: {name: x}}]" END,
	 "6:1 selects-nothing w"},
	{"pools of nobody",
	 GOLD POOL_POLICY(
		 "p") "ipAddressPools: [glod], ipAddressPoolSelectors: [{matchLabels: {a: b}}]" END,
	 "5:18 unknown-pool w\n5:50 selects-nothing w"},
	{"a policy of internal peers does not prepend",
	 INTERNAL("a", "192.0.2.1") PEER_POLICY("p") "asPathPrepend: 1" END, "5:16 no-effect w"},
	{"one external peer is enough",
	 INTERNAL("a", "192.0.2.1") B PEER_POLICY("p") "asPathPrepend: 1" END, ""},
	{"a next hop of a family that no peer has", A PEER_POLICY("p") "nextHop: 2001:db8::9" END,
	 "5:10 no-effect w"},
	{"one peer of the family is enough",
	 A EXTERNAL("b", "\"2001:db8::1\"") PEER_POLICY("p") "nextHop: 2001:db8::9" END, ""},
};

Test(policies, targets)
{
	EXPECT_GOLDEN_BUT_NOT_YET(targets);
}

/* ---- with what the peer and the Daemon say ---- */

static const struct golden clashes[] = {
	{"a fixed MED, and mode med of the same document",
	 A PEER_POLICY("p") "med: 5, externalPreference: med" END, "5:6 bad-value"},
	{"of another one, and of the Daemon",
	 A B DAEMON("d") "externalPreference: med" NEXT PEER_POLICY("p") "peers: [a], med: 5" END,
	 "11:18 bad-value"},
	{"of the Daemon, which another policy overrules",
	 A DAEMON("d") "externalPreference: med" NEXT PEER_POLICY(
		 "p") "peers: [a], med: 5" NEXT PEER_POLICY("q") "externalPreference: prepend" END,
	 ""},
	{"an internal peer has no mode",
	 INTERNAL("a", "192.0.2.1") PEER_POLICY("p") "med: 5, externalPreference: med" END, ""},
	{"hops and multihop",
	 EXTERNAL("a", "192.0.2.1, ebgpMultiHop: true") PEER_POLICY("p") "ttlSecurityHops: 2" END,
	 "5:18 bad-value"},
	{"hops of others",
	 EXTERNAL("a", "192.0.2.1, ebgpMultiHop: true")
		 B PEER_POLICY("p") "peers: [b], ttlSecurityHops: 2" END,
	 ""},
	{"two passwords",
	 EXTERNAL("a", "192.0.2.1, password: x") PEER_POLICY("p") "passwordFile: a" END,
	 "5:15 bad-value"},
	{"an empty password is none",
	 EXTERNAL("a", "192.0.2.1, password: \"\"") PEER_POLICY("p") "passwordFile: a" END, ""},
	{"a router is not its own next hop: RFC 4271 5.1.3",
	 A B PEER_POLICY("p") "nextHop: 192.0.2.2" END, "8:10 bad-value"},
	{"mode community without a template", A DAEMON("d") "externalPreference: community" END,
	 "5:21 bad-value"},
	{"the template from another document",
	 A DAEMON("d") "externalPreference: community" NEXT PEER_POLICY(
		 "p") "externalPreference: {community: \"1:$localPref\"}" END,
	 ""},
	{"the template for one of two peers",
	 A B DAEMON("d") "externalPreference: community" NEXT PEER_POLICY(
		 "p") "peers: [a], externalPreference: {community: \"1:$localPref\"}" END,
	 "8:21 bad-value"},
};

Test(policies, clashes)
{
	EXPECT_GOLDEN_BUT_NOT_YET(clashes);
}

/* ---- several documents ---- */

static const struct golden conflicts[] = {
	{"two for all", A PEER_POLICY("p") "med: 5" NEXT PEER_POLICY("q") "med: 6" END,
	 "8:6 conflict"},
	{"two for all, and nobody is there",
	 PEER_POLICY("p") "med: 5" NEXT PEER_POLICY("q") "med: 6" END, ""},
	{"the same value", A PEER_POLICY("p") "med: 5" NEXT PEER_POLICY("q") "med: 5" END, ""},
	{"other fields", A PEER_POLICY("p") "med: 5" NEXT PEER_POLICY("q") "localPref: 6" END, ""},
	{"a name and none",
	 A PEER_POLICY("p") "med: 5" NEXT PEER_POLICY("q") "peers: [a], med: 6" END, ""},
	{"a name and a selector",
	 A PEER_POLICY("p") "peers: [a], med: 5" NEXT PEER_POLICY(
		 "q") "peerSelectors: [{matchLabels: {name: a}}], med: 6" END,
	 "8:49 conflict"},
	{"names of others",
	 A B PEER_POLICY("p") "peers: [a], med: 5" NEXT PEER_POLICY("q") "peers: [b], med: 6" END,
	 ""},
	{"nodes of others",
	 NODE("a", "n: a") NODE("b", "n: b")
		 A PEER_POLICY("p") "nodeSelectors: [{matchLabels: {n: a}}], med: 5" NEXT
			 PEER_POLICY("q") "nodeSelectors: [{matchLabels: {n: b}}], med: 6" END,
	 ""},
	{"a node in common",
	 NODE("a", "n: a") NODE("b", "n: b") A
		 PEER_POLICY("p") "nodeSelectors: [{matchLabels: {n: b}}], med: 5" NEXT PEER_POLICY(
			 "q") "nodeSelectors: [{matchExpressions: [{key: n, operator: Exists}]}], med: 6" END,
	 "12:73 conflict"},
	{"the peer does not run where both are",
	 NODE("a", "n: a") NODE("b", "n: b") EXTERNAL(
		 "a", "192.0.2.1, nodeSelectors: [{matchLabels: {n: a}}]")
		 PEER_POLICY("p") "nodeSelectors: [{matchLabels: {n: b}}], med: 5" NEXT PEER_POLICY(
			 "q") "nodeSelectors: [{matchExpressions: [{key: n, operator: Exists}]}],"
			      " med: 6" END,
	 ""},
	{"told once, though for two peers",
	 A B PEER_POLICY("p") "med: 5" NEXT PEER_POLICY("q") "med: 6" END, "11:6 conflict"},
	{"communities, in any order",
	 A PEER_POLICY("p") "communities: [\"1:2\", no-export]" NEXT PEER_POLICY(
		 "q") "communities: [no-export, \"1:2\"]" END,
	 ""},
	{"communities that differ",
	 A PEER_POLICY("p") "communities: [\"1:2\"]" NEXT PEER_POLICY(
		 "q") "communities: [\"1:3\"]" END,
	 "8:14 conflict"},
	{"parts of a preference",
	 A PEER_POLICY("p") "externalPreference: prepend" NEXT PEER_POLICY(
		 "q") "externalPreference: {mode: prepend, prependPerTier: 2}" NEXT
		 PEER_POLICY("r") "externalPreference: {mode: send,\nprependPerTier: 2}" END,
	 "11:28 conflict"},
	{"pools",
	 GOLD POOL_POLICY("p") "vipMode: route" NEXT POOL_POLICY("q") "vipMode: address" END,
	 "8:10 conflict"},
	{"a pool by name",
	 GOLD POOL_POLICY("p") "vipMode: route" NEXT POOL_POLICY(
		 "q") "ipAddressPools: [gold], vipMode: address" END,
	 ""},
};

Test(policies, conflicts)
{
	EXPECT_GOLDEN_BUT_NOT_YET(conflicts);
}

Test(policies, a_conflict_names_both_places)
{
	struct loaded l = load_text(A PEER_POLICY("p") "drain: false,\n"
						       "med: 5" NEXT PEER_POLICY("q") "med: 6" END);
	const struct diag *d = NULL;

	for (size_t i = 0; i < diags_count(l.diags); i++)
		if (strcmp(diags_get(l.diags, i)->rule, "conflict") == 0)
			d = diags_get(l.diags, i);
	cr_assert(d);
	cr_expect_str_eq(d->name, "q");
	cr_expect_str_eq(d->message, "PeerPolicy/p says otherwise, for BGPPeer/a on node "
				     "node-a.example, and neither is the more specific");
	cr_assert_eq(d->n_related, 1);
	cr_expect_eq(d->related[0].place.line, 6);
	cr_expect_eq(d->related[0].place.column, 6);
	cr_expect_str_eq(d->related[0].message, "the other one is here, in PeerPolicy/p");
	loaded_fini(&l);
}

Test(policies, field_by_field)
{
	struct loaded l = load_text(
		A B DAEMON("d") "externalPreference: {mode: med, medBase: 7}" NEXT PEER_POLICY(
			"all") "localPref: 150, externalPreference: prepend, communities: [\"1:2\"]" NEXT
			PEER_POLICY(
				"a") "peers: [a], localPref: 50, communities: [],"
				     " externalPreference: {prependPerTier: 2}" NEXT PEER_POLICY(
					     "other") "nodeSelectors: [{matchLabels: {a: b}}],"
						      " localPref: 9, drain: true" END);
	const struct node *self;
	struct peer_settings a, b;

	cr_assert(l.model);
	self = model_self(l.model);
	model_peer_policy(l.model, self, model_find_peer(l.model, "a"), &a);
	model_peer_policy(l.model, self, model_find_peer(l.model, "b"), &b);
	cr_expect_eq(a.local_pref, 50, "a name beats none, whatever comes first");
	cr_expect_eq(b.local_pref, 150);
	cr_expect_eq(a.communities.n_standard, 0, "an empty list is a value");
	cr_expect_eq(b.communities.n_standard, 1);
	cr_expect_eq(a.preference.mode, PREFERENCE_PREPEND,
		     "what the one leaves open, the other says");
	cr_expect_eq(a.preference.prepend_per_tier, 2);
	cr_expect_eq(b.preference.prepend_per_tier, 3);
	cr_expect_eq(a.preference.med_base, 7, "the Daemon's");
	cr_expect(!a.drain && !a.med.set && !a.maximum_prefixes.set);
	cr_expect_str_eq(a.shutdown_message, "");
	loaded_fini(&l);
}

Test(policies, of_a_pool)
{
	struct loaded l =
		load_text(GOLD POOL("tin") "addresses: [203.0.113.0/24]" NEXT DAEMON(
			"d") "vipInterface: dummy0, vipMode: route" NEXT
				  POOL_POLICY("p") "ipAddressPools: [tin], vips: prefixes,"
						   " interface: dummy1, aggregates: always" END);
	struct pool_settings gold, tin;

	cr_assert(l.model);
	model_pool_policy(l.model, model_self(l.model), model_find_pool(l.model, "gold"), &gold);
	model_pool_policy(l.model, model_self(l.model), model_find_pool(l.model, "tin"), &tin);
	cr_expect_eq(gold.vips, POOL_VIPS_SERVICES);
	cr_expect_str_eq(gold.interface, "dummy0", "the Daemon's");
	cr_expect_eq(gold.vip_mode, VIP_MODE_ROUTE, "the Daemon's");
	cr_expect_eq(gold.aggregates, AGGREGATES_HEALTHY);
	cr_expect_eq(tin.vips, POOL_VIPS_PREFIXES);
	cr_expect_str_eq(tin.interface, "dummy1");
	cr_expect_eq(tin.aggregates, AGGREGATES_ALWAYS);
	loaded_fini(&l);
}

Test(policies, an_unknown_peer_hints_at_the_nearest)
{
	struct loaded l = load_text(EXTERNAL("router-a", "192.0.2.1")
					    PEER_POLICY("p") "peers: [ruoter-a]" END);

	cr_assert_eq(diags_count(l.diags), 1);
	cr_expect_str_eq(diags_get(l.diags, 0)->hint, "did you mean router-a?");
	loaded_fini(&l);
}

/* Each contradiction is told once, however many peers and nodes it concerns, and at no great cost.
 */
Test(policies, many_contradictions, .timeout = 20)
{
	enum { NODES = 100, PEERS = 64, POLICIES = 400 };
	struct text yaml = {0};
	struct loaded l;

	for (unsigned i = 0; i < NODES; i++)
		text_addf(&yaml, NODE("n%u", "n: \"%u\""), i, i);
	for (unsigned i = 0; i < PEERS; i++)
		text_addf(&yaml, EXTERNAL("r%u", "192.0.2.%u"), i, i, i + 1);
	for (unsigned i = 0; i < POLICIES; i++)
		text_addf(&yaml, PEER_POLICY("p%u") "med: %u, localPref: %u" NEXT, i, i, i + 1);
	l = load_text(yaml.text);
	cr_expect_eq(diags_errors(l.diags), 2 * (POLICIES - 1));
	loaded_fini(&l);
	text_fini(&yaml);
}
