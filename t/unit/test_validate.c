/* test_validate.c: rules that look at several documents: where, and with which other place */
#include "findings.h"

#define GOOD "myASN: 64512, peerASN: 64513, peerAddress: 192.0.2.1"
#define SECRET(type, data)                                                                       \
	"{apiVersion: v1, kind: Secret, metadata: {name: s}, type: " type ", stringData: {" data \
	"}}\n---\n"

static const struct golden goldens[] = {
	{"peers of one name",
	 PEER("p") GOOD NEXT PEER("p") "myASN: 1, peerASN: 2,"
				       " peerAddress: 192.0.2.2" END,
	 "4:66 V-009"},
	{"pools of one name",
	 POOL("p") "addresses: [192.0.2.0/25]" NEXT POOL("p") "addresses: [192.0.2.128/25]" END,
	 "4:72 V-055"},
	{"profiles of one name", BFD("p") NEXT BFD("p") END, "4:69 V-073"},
	{"services of one name, in two namespaces and in one",
	 SERVICE("s") "type: LoadBalancer" NEXT
		      "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: n},"
		      " spec: {type: LoadBalancer}}\n---\n" SERVICE("s") "type: LoadBalancer" END,
	 "6:50 duplicate-object"},
	{"a Secret that is not there", PEER("p") GOOD ",\npasswordSecret: {name: s}" END,
	 "3:24 V-028"},
	{"a Secret of another type",
	 SECRET("Opaque", "password: x") PEER("p") GOOD ",\npasswordSecret: {name: s}" END,
	 "5:24 V-029"},
	{"a Secret without password",
	 SECRET("kubernetes.io/basic-auth", "username: x") PEER("p") GOOD
	 ",\npasswordSecret: {name: s}" END,
	 "5:24 V-030"},
	{"a profile that is not there", PEER("p") GOOD ",\nbfdProfile: fats" NEXT BFD("fast") END,
	 "3:13 V-031"},
	{"the same router twice", PEER("p") GOOD NEXT PEER("q") GOOD END, "5:44 V-050"},
	{"the same router from two nodes",
	 NODE("a", "n: a") NODE("b", "n: b") PEER("p") GOOD
	 ", nodeSelectors: [{matchLabels: {n: a}}]" NEXT PEER("q") GOOD
	 ", nodeSelectors: [{matchLabels: {n: b}}]" END,
	 ""},
	{"blocks that overlap, in a pool and across",
	 POOL("a") "addresses: [192.0.2.0/24, 192.0.2.7-192.0.2.8]" NEXT POOL(
		 "b") "addresses: [192.0.3.0/24,\n192.0.2.255/32]" END,
	 "2:27 V-056\n6:1 V-056"},
	{"neighbours do not overlap",
	 POOL("a") "addresses: [192.0.2.0/25, 2001:db8::/64]" NEXT POOL(
		 "b") "addresses: [192.0.2.128-192.0.2.255, \"2001:db8:0:1::/64\"]" END,
	 ""},
	{"an alias twice",
	 COMMUNITY("a") "communities: [{name: x, value: \"1:2\"}]" NEXT COMMUNITY(
		 "b") "communities: [{name: x, value: \"1:2\"}]" END,
	 "5:22 V-059"},
	{"an aggregate above the pool's blocks",
	 POOL("a") "addresses: [10.1.0.0/24, 10.2.0.2-10.2.0.254]" NEXT ADVERTISEMENT(
		 "x") "aggregationLength: 24" NEXT ADVERTISEMENT("y") "aggregationLength: 23" NEXT
		 ADVERTISEMENT("z") "aggregationLength: 26" END,
	 "5:20 V-062\n8:20 V-062"},
	{"communities",
	 ADVERTISEMENT("x") "communities: [no-export, NO_ADVERTISE, \"1:99999\",\n"
			    "no-exprot, \"65000\", \"a:1:2:3\"]" END,
	 "2:40 V-064\n3:1 V-065\n3:12 V-065\n3:21 V-064"},
	{"an alias may look like a literal",
	 COMMUNITY("a") "communities: [{name: \"1:99999\", value: \"1:2\"}]" NEXT ADVERTISEMENT(
		 "x") "communities: [\"1:99999\"]" END,
	 ""},
	{"local preferences that contradict",
	 POOL("a") "addresses: [10.1.0.0/24]" NEXT PEER("p") GOOD NEXT ADVERTISEMENT(
		 "x") "localPref: 200, peers: [p]" NEXT ADVERTISEMENT("y") "localPref: 100" NEXT
		 ADVERTISEMENT("z") "localPref: 100, serviceSelectors: [{}]" END,
	 "11:12 V-067"},
	{"unset against set",
	 POOL("a") "addresses: [10.1.0.0/24]" NEXT ADVERTISEMENT(
		 "x") "localPref: 200" NEXT ADVERTISEMENT("y") END,
	 "7:79 V-067"},
	{"other lengths do not contradict",
	 POOL("a") "addresses: [10.1.0.0/28]" NEXT ADVERTISEMENT("x") "localPref: 200" NEXT
		 ADVERTISEMENT("y") "localPref: 100, aggregationLength: 28" END,
	 ""},
	{"of two families, one length is enough",
	 POOL("a") "addresses: [10.1.0.0/28, 2001:db8::/124]" NEXT ADVERTISEMENT(
		 "x") "localPref: 200" NEXT ADVERTISEMENT("y") "localPref: 1,"
							       " aggregationLength: 28" END,
	 "8:12 V-067"},
	{"echo and IPv6",
	 BFD("e") "echoMode: true" NEXT PEER("p") GOOD ",\nbfdProfile: e" NEXT POOL(
		 "a") "addresses: [\"2001:db8::/120\"]" NEXT ADVERTISEMENT("x") END,
	 "6:13 V-074"},
	{"names that are not there",
	 POOL("gold") "addresses: [10.1.0.0/24]" NEXT ADVERTISEMENT(
		 "x") "ipAddressPools: [gold,\nglod], peers: [r1]" END,
	 "6:1 unknown-pool w\n6:16 unknown-peer w"},
	{"Daemons that contradict",
	 DAEMON("a") "logLevel: info, vipMode: address" NEXT DAEMON("b") "logLevel: debug,\n"
									 "vipMode: address" END,
	 "5:11 conflict"},
	{"Daemons for different nodes",
	 NODE("a", "n: a") NODE("b", "n: b")
		 DAEMON("a") "nodeSelectors: [{matchLabels: {n: a}}], logLevel: info" NEXT DAEMON(
			 "b") "nodeSelectors: [{matchLabels: {n: b}}], logLevel: debug" END,
	 ""},
};

Test(validate, goldens)
{
	EXPECT_GOLDEN(goldens);
}

Test(validate, both_places_are_named)
{
	struct loaded l = load_text(POOL("a") "addresses: [10.0.0.0/9,\n10.9.0.0/24]" NEXT POOL(
		"b") "addresses: [10.200.0.0/24,\n10.1.0.0/24]" END);
	const struct diag *d;

	cr_assert_eq(diags_errors(l.diags), 2);
	d = diags_get(l.diags, 1);
	cr_expect_eq(d->place.line, 7);
	cr_assert_eq(d->n_related, 1);
	cr_expect_eq(d->related[0].place.line, 2);
	cr_expect_eq(d->related[0].place.column, 13);
	loaded_fini(&l);
}

Test(validate, more_findings_than_are_kept, .timeout = 20)
{
	struct text yaml = {0};
	struct loaded l;

	text_add(&yaml, POOL("a") "addresses: [10.0.0.0/8");
	for (int i = 0; i < 3000; i++)
		text_addf(&yaml, ",\n10.%d.%d.0/24", i / 250, i % 250);
	text_add(&yaml, "]" END);
	l = load_text(yaml.text);
	cr_expect_eq(diags_errors(l.diags), 3000);
	cr_expect_eq(diags_count(l.diags), DIAGS_MAX);
	loaded_fini(&l);
	text_fini(&yaml);
}
