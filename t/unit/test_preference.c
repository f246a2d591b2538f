/* test_preference.c: local preference, where it is carried and where it is not */
#include "plan/preference.h"

#include "config/diag.h"
#include "plan_text.h"

#include <stdlib.h>

#define IN PEER("in", "203.0.113.1", "64512", "")
#define E1 PEER("e1", "203.0.113.11", "65001", "")
#define E2 PEER("e2", "203.0.113.12", "65002", "")
#define E3 PEER("e3", "203.0.113.13", "65003", "")
#define FOUR POOL("four", "192.0.2.0/28", "")
#define S SERVICE("s", "")
#define TO(name, peer, spec) ADVERTISEMENT(name, "peers: [" peer "]" spec)
#define TIERS \
	TO("kx", "e1", ", localPref: 300") TO("ky", "e2", ", localPref: 200") TO("kz", "e3", "")
#define MODE(preference) DAEMON("externalPreference: " preference)

static const struct plan_case routes[] = {
	{"internal: as it is, 100 where unset",
	 IN PEER("po", "203.0.113.2", "64512", "") FOUR S TO("kx", "in", ", localPref: 200")
		 TO("ky", "po", ""),
	 "in 192.0.2.0/32 pref 200\npo 192.0.2.0/32 pref 100\n"},
	{"auto: prepends for each tier, unset is 100", E1 E2 E3 FOUR S TIERS,
	 "e1 192.0.2.0/32\ne2 192.0.2.0/32 prepend 3\ne3 192.0.2.0/32 prepend 6\n"},
	{"auto: one value shows no intent", E1 E2 FOUR S ADVERTISEMENT("kx", "localPref: 200"),
	 "e1 192.0.2.0/32\ne2 192.0.2.0/32\n"},
	{"auto: equal values stay equal",
	 E1 E2 E3 FOUR S TO("kx", "e1, e2", ", localPref: 200") TO("kz", "e3", ", localPref: 50"),
	 "e1 192.0.2.0/32\ne2 192.0.2.0/32\ne3 192.0.2.0/32 prepend 3\n"},
	{"auto: an internal peer's value is a tier too",
	 IN E1 FOUR S TO("kx", "in", ", localPref: 200") TO("ky", "e1", ", localPref: 150"),
	 "e1 192.0.2.0/32 prepend 3\nin 192.0.2.0/32 pref 200\n"},
	{"auto: other prefixes are other tiers",
	 E1 FOUR POOL("six", "198.51.100.0/28", "") S SERVICE_ASKS("t", "address-pool", "six")
		 ADVERTISEMENT("kx", "ipAddressPools: [four], localPref: 200")
			 ADVERTISEMENT("ky", "ipAddressPools: [six], localPref: 300"),
	 "e1 192.0.2.0/32\ne1 198.51.100.0/32\n"},
	{"auto: so are other lengths",
	 E1 FOUR S ADVERTISEMENT("kx", "aggregationLength: 28, localPref: 200")
		 ADVERTISEMENT("ky", "localPref: 300"),
	 "e1 192.0.2.0/28\ne1 192.0.2.0/32\n"},
	{"auto: values of other nodes count",
	 NODE("a", "rack: east") NODE("b", "rack: west") E1 FOUR S ADVERTISEMENT(
		 "kx", "nodeSelectors: [{matchLabels: {rack: west}}], localPref: 200")
		 ADVERTISEMENT("ky",
			       "nodeSelectors: [{matchLabels: {rack: east}}], localPref: 150"),
	 "e1 192.0.2.0/32 prepend 3\n"},
	{"prependPerTier", E1 E2 E3 FOUR S TIERS MODE("{prependPerTier: 2}"),
	 "e1 192.0.2.0/32\ne2 192.0.2.0/32 prepend 2\ne3 192.0.2.0/32 prepend 4\n"},
	{"prepend", E1 E2 E3 FOUR S TIERS MODE("prepend"),
	 "e1 192.0.2.0/32\ne2 192.0.2.0/32 prepend 3\ne3 192.0.2.0/32 prepend 6\n"},
	{"med: on every path of the prefix", E1 E2 E3 FOUR S TIERS MODE("med"),
	 "e1 192.0.2.0/32 med 100\ne2 192.0.2.0/32 med 200\ne3 192.0.2.0/32 med 300\n"},
	{"med: base and step", E1 E2 E3 FOUR S TIERS MODE("{mode: med, medBase: 5, medPerTier: 7}"),
	 "e1 192.0.2.0/32 med 5\ne2 192.0.2.0/32 med 12\ne3 192.0.2.0/32 med 19\n"},
	{"med: not where nobody wrote a value", E1 FOUR S ADVERTISEMENT("kx", "") MODE("med"),
	 "e1 192.0.2.0/32\n"},
	{"community",
	 E1 E2 E3 FOUR S TO("kx", "e1", ", localPref: 300, communities: ['65000:400', '1:1']")
		 TO("ky", "e2", ", localPref: 200") TO("kz", "e3", "")
			 MODE("{mode: community, community: '65000:$localPref'}"),
	 "e1 192.0.2.0/32 1:1 65000:300 65000:400\ne2 192.0.2.0/32 65000:200\n"
	 "e3 192.0.2.0/32 65000:100\n"},
	{"large community",
	 E1 FOUR S ADVERTISEMENT("kx", "localPref: 70000")
		 MODE("{mode: community, community: 'large:65000:1:$localPref'}"),
	 "e1 192.0.2.0/32 65000:1:70000\n"},
	{"send", E1 E2 E3 FOUR S TIERS MODE("send"),
	 "e1 192.0.2.0/32 pref 300\ne2 192.0.2.0/32 pref 200\ne3 192.0.2.0/32 pref 100\n"},
	{"none", E1 E2 E3 FOUR S TIERS MODE("none"),
	 "e1 192.0.2.0/32\ne2 192.0.2.0/32\ne3 192.0.2.0/32\n"},
	{"a dynamic AS is external, unless it is said to be internal",
	 DOC("metallb.io/v1beta2", "BGPPeer", "dyn",
	     "spec: {myASN: 64512, dynamicASN: internal, peerAddress: 203.0.113.20}")
		 DOC("metallb.io/v1beta2", "BGPPeer", "ext",
		     "spec: {myASN: 64512, dynamicASN: external, peerAddress: 203.0.113.21}")
			 FOUR S ADVERTISEMENT("kx", "localPref: 200"),
	 "dyn 192.0.2.0/32 pref 200\next 192.0.2.0/32\n"},
};

Test(preference, routes)
{
	EXPECT_PLANS(routes, plan_text_routes);
}

#define SAYS(peers, value) "external peers do not see localPref " value " (" peers "): "
static const struct plan_case findings[] = {
	{"tiers",
	 E1 E2 FOUR S TO("kx", "e1", ", localPref: 300") TO("ky", "e2", ", localPref: 200"),
	 "kx local-pref-external: " SAYS(
		 "e1", "300") "nothing is prepended, as it is the best value "
			      "(of 300, 200)\n"
			      "ky local-pref-external: " SAYS("e2",
							      "200") "our AS is prepended 3 more "
								     "times instead (of 300, "
								     "200)\n"},
	{"one value", E1 E2 FOUR S ADVERTISEMENT("kx", "localPref: 200"),
	 "kx local-pref-external: " SAYS("e1, e2",
					 "200") "nothing is sent instead, as it is the only "
						"value\n"},
	{"nobody external", IN FOUR S ADVERTISEMENT("kx", "localPref: 200"), ""},
	{"it is sent", E1 FOUR S ADVERTISEMENT("kx", "localPref: 200") MODE("send"), ""},
	{"none", E1 FOUR S ADVERTISEMENT("kx", "localPref: 200") MODE("none"),
	 "kx local-pref-external: " SAYS(
		 "e1", "200") "nothing is sent instead (externalPreference: none)\n"},
	{"med", E1 FOUR S ADVERTISEMENT("kx", "localPref: 200") MODE("med"),
	 "kx local-pref-external: " SAYS("e1", "200") "MED 100 is sent instead\n"},
	{"a value that does not fit",
	 E1 FOUR S ADVERTISEMENT("kx", "localPref: 70000")
		 MODE("{mode: community, community: '65000:$localPref'}"),
	 "kx preference-community: localPref 70000 does not fit the community template "
	 "\"65000:$localPref\"\n"},
};

Test(preference, findings)
{
	EXPECT_PLAN_FINDINGS(findings);
}

static const struct {
	const char *template;
	uint32_t value;
	bool fits;
} templates[] = {
	{"65000:$localPref", 65535, true},
	{"65000:$localPref", 65536, false},
	{"$localPref:1", 7, true},
	{"large:1:2:$localPref", UINT32_MAX, true},
	{"large:1:2", 7, false},
	{"65000", 7, false},
	{"65000:$localPrefs", 7, false},
	{"65000:", 7, false},
	{"99999999999999999999:$localPref", 7, false},
	{"-1:$localPref", 7, false},
	{"", 7, false},
};

Test(preference, templates)
{
	for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++) {
		struct external_preference p = {.mode = PREFERENCE_COMMUNITY,
						.community = templates[i].template};
		struct preference_effect e;
		struct tiers tiers = {0};

		tiers_add(&tiers, templates[i].value);
		tiers_seal(&tiers);
		preference_effect(&e, &p, &tiers, templates[i].value, PEER_EXTERNAL);
		cr_expect_eq(!e.misfit, templates[i].fits, "%s", templates[i].template);
		cr_expect_eq(e.has_community || e.has_large_community, templates[i].fits, "%s",
			     templates[i].template);
		tiers_fini(&tiers);
	}
}

/* However many tiers there are, the AS path stays one that fits a segment. */
Test(preference, bounds)
{
	struct external_preference p = {.mode = PREFERENCE_PREPEND, .prepend_per_tier = 100};
	struct preference_effect e;
	struct tiers tiers = {0};

	for (uint32_t i = 1; i <= 1000; i++)
		tiers_add(&tiers, i);
	tiers_seal(&tiers);
	preference_effect(&e, &p, &tiers, 1, PEER_EXTERNAL);
	cr_expect_leq(e.prepend, 254);
	p = (struct external_preference){
		.mode = PREFERENCE_MED, .med_base = UINT32_MAX, .med_per_tier = UINT32_MAX};
	preference_effect(&e, &p, &tiers, 1, PEER_EXTERNAL);
	cr_expect_eq(e.med, UINT32_MAX);
	tiers_fini(&tiers);
}
