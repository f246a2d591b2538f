/* test_strict.c: fields that are unknown, twice, missing or of a wrong type; sloppy scalars */
#include "findings.h"

#define GOOD "myASN: 64512, peerASN: 64513, peerAddress: 192.0.2.1"

static const struct golden goldens[] = {
	{"a good one", PEER("p") GOOD END, ""},
	{"unknown", PEER("p") GOOD ",\nbfdprofile: x" END, "3:1 unknown-field"},
	{"twice", PEER("p") GOOD ",\nmyASN: 5" END, "3:1 duplicate-field"},
	{"missing", PEER("p") "peerASN: 64513, peerAddress: 192.0.2.1" END, "1:70 V-003"},
	{"null is missing", PEER("p") "myASN: ~, peerASN: 64513, peerAddress: 192.0.2.1" END,
	 "1:70 V-003"},
	{"no spec", "{apiVersion: metallb.io/v1beta2, kind: BGPPeer, metadata: {name: a}}",
	 "1:1 V-003"},
	{"no metadata", "{apiVersion: metallb.io/v1beta1, kind: BFDProfile}", "1:1 V-003"},
	{"no name", "{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {}}",
	 "1:52 V-003"},
	{"a name that is none", BFD("A_b") END, "1:69 bad-name"},
	{"a label that is no text",
	 "{apiVersion: v1, kind: Node, metadata: {name: a, labels: {b: true, c: 1, d: \"1\"}}}",
	 "1:62 V-002\n1:71 V-002"},
	{"text for a number", PEER("p") "myASN: \"1\", peerASN: 64513x, peerAddress: 192.0.2.1" END,
	 "2:8 V-002\n2:22 V-002"},
	{"a fraction for a number", BFD("b") "receiveInterval: 300.0" END, "2:18 V-002"},
	{"sloppy numbers",
	 BFD("b") "receiveInterval: 0300, transmitInterval: 0x12c,\n"
		  "echoInterval: 1_000, detectMultiplier: +3" END,
	 "2:18 V-002\n2:42 V-002\n3:15 V-002\n3:40 V-002"},
	{"a number without end", BFD("b") "receiveInterval: 99999999999999999999999" END,
	 "2:18 V-002"},
	{"no booleans",
	 POOL("a") "addresses: [192.0.2.0/24], autoAssign: maybe,\n"
		   "avoidBuggyIPs: \"true\"" END,
	 "2:40 V-002\n3:16 V-002"},
	{"a number for a boolean", BFD("b") "echoMode: 1" END, "2:11 V-002"},
	{"a number for a duration", PEER("p") GOOD ", holdTime: 90" END, "2:65 V-002"},
	{"a text for a list", POOL("a") "addresses: 192.0.2.0/24" END, "2:12 V-002"},
	{"a list for a text", PEER("p") GOOD ", bfdProfile: [a]" END, "2:67 V-002"},
	{"a mapping for a number", BFD("b") "receiveInterval: {a: b}" END, "2:18 V-002"},
	{"a list for a mapping",
	 "{apiVersion: metallb.io/v1beta1, kind: BFDProfile,"
	 " metadata: {name: b}, spec: [1]}",
	 "1:79 V-002"},
	{"a null in a list", POOL("a") "addresses: [192.0.2.0/24, ~]" END, "2:27 V-002"},
	{"a NUL in a text", PEER("p") GOOD ", bfdProfile: \"a\\0b\"" END, "2:67 V-002"},
	{"a NUL in a key", PEER("p") GOOD ", \"a\\0b\": 1" END, "2:55 V-002"},
	{"a key that is none", PEER("p") GOOD ", [a]: 1" END, "2:55 V-002"},
	{"a merge key", PEER("p") GOOD ", <<: {a: b}" END, "2:55 unknown-field"},
	{"what the API server adds",
	 "{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: a, uid: 5,\n"
	 "resourceVersion: \"1\", managedFields: [{a: b}], generation: 1, finalizers: [x],\n"
	 "creationTimestamp: ~, ownerReferences: []}, status: {anything: [1]}}",
	 ""},
	{"an enum", DAEMON("d") "vipMode: Route, logLevel: inform" END,
	 "2:10 bad-value\n2:27 bad-value"},
	{"a bare mode", DAEMON("d") "externalPreference: prepend" END, ""},
	{"a bare mode that is none", DAEMON("d") "externalPreference: preppend" END,
	 "2:21 bad-value"},
	{"fractions of seconds",
	 HEAD("mlbgpd.io/v1alpha1", "HealthCheck", "h") "probe: {listening: {}, periodSeconds: 0.5,"
							" timeoutSeconds: 1e999}" END,
	 "2:8 not-yet w\n2:60 V-002"},
	{"all at once, and values too",
	 PEER("p") "myASN: 0, peerASN: \"5\", peerAddres: 192.0.2.1,\n"
		   "peerAddress: 192.0.2.300, holdTime: 2s, routerID: \"::1\", holdTime: 3s" END,
	 "2:8 V-010\n2:20 V-002\n2:25 unknown-field\n3:14 V-018\n3:37 V-023\n3:51 V-019\n"
	 "3:58 duplicate-field"},
};

Test(strict, goldens)
{
	EXPECT_GOLDEN(goldens);
}

Test(strict, hints_name_the_nearest)
{
	struct loaded l = load_text(PEER("p") GOOD ", ebgpMultihop: true" END);

	cr_assert_eq(diags_count(l.diags), 1);
	cr_expect_str_eq(diags_get(l.diags, 0)->hint, "did you mean ebgpMultiHop?");
	loaded_fini(&l);
}

Test(strict, booleans_as_kubernetes_reads_them)
{
	static const struct {
		const char *word;
		bool value;
	} rows[] = {{"true", true},   {"True", true},	{"yes", true}, {"On", true},
		    {"false", false}, {"FALSE", false}, {"no", false}, {"Off", false}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text yaml = {0};
		struct loaded l;

		text_addf(&yaml, BFD("b") "echoMode: %s" END, rows[i].word);
		l = load_text(yaml.text);
		cr_assert(l.model, "%s", rows[i].word);
		cr_expect_eq(model_find_bfd_profile(l.model, "b")->echo_mode, rows[i].value, "%s",
			     rows[i].word);
		loaded_fini(&l);
		text_fini(&yaml);
	}
}
