/* test_cover.c: which HealthChecks cover which VIPs, and what a demotion makes of the routes */
#include "base/text.h"
#include "config/diag.h"
#include "plan/diff.h"
#include "plan/explain.h"
#include "plan_text.h"

#include <stdlib.h>
#include <string.h>

#define IN PEER("in", "203.0.113.1", "64512", "")
#define E1 PEER("e1", "203.0.113.11", "65001", "")
#define FOUR POOL("four", "192.0.2.0/28", "")
#define S SERVICE("s", "")
#define ALL ADVERTISEMENT("k", "")
#define CHECK(name, spec) \
	DOC("mlbgpd.io/v1alpha1", "HealthCheck", name, "spec: {probe: {listening: {}}" spec "}")
#define DEMOTE(n) ", onFailure: {action: demote, localPref: " n "}"

/* "ADDRESS CHECK... demote N..." of each VIP */
static char *covered(const struct plan *plan)
{
	struct text out = {0};
	char text[ADDR_TEXT_MAX];
	size_t n, n_sets;
	const struct plan_check_set *sets = plan_check_sets(plan, &n_sets);
	const struct health_check *checks = model_health_checks(plan_model(plan), &n);
	const struct plan_vip *vips = plan_vips(plan, &n);

	for (size_t i = 0; i < n; i++) {
		const struct plan_check_set *set = &sets[vips[i].check_set];

		text_add(&out, addr_format(text, &vips[i].addr));
		for (uint32_t k = 0; k < set->n_checks; k++)
			text_addf(&out, " %s", checks[set->checks[k]].object.name);
		for (uint32_t k = 0; k < set->n_demotes; k++)
			text_addf(&out, "%s %u", k == 0 ? " demote" : "", set->demotes[k]);
		text_add(&out, "\n");
	}
	return text_take(&out);
}

#define RED(name) SERVICE_WITH("name: " name ", labels: {color: red}", "", "")
#define SHARED(name, port)                                                           \
	"---\n{apiVersion: v1, kind: Service, metadata: {name: " name                \
	", annotations: {metallb.io/allow-shared-ip: k, metallb.io/loadBalancerIPs:" \
	" 192.0.2.9}}, spec: {type: LoadBalancer, ports: [{port: " port "}]}}\n"

static const struct plan_case covers[] = {
	{"no check", IN FOUR S ALL, "192.0.2.0\n"},
	{"all Services, where none is said", IN FOUR S RED("r") ALL CHECK("h", ""),
	 "192.0.2.0 h\n192.0.2.1 h\n"},
	{"by name", IN FOUR S RED("r") ALL CHECK("h", ", services: [r]"),
	 "192.0.2.0\n192.0.2.1 h\n"},
	{"by label",
	 IN FOUR S RED("r") ALL CHECK("h", ", serviceSelectors: [{matchLabels: {color: red}}]"),
	 "192.0.2.0\n192.0.2.1 h\n"},
	{"by name or label",
	 IN FOUR S RED("r") SERVICE("t", "")
		 ALL CHECK("h", ", services: [s], serviceSelectors: [{matchLabels: {color: red}}]"),
	 "192.0.2.0 h\n192.0.2.1 h\n192.0.2.2\n"},
	{"names of nobody are not all", IN FOUR S ALL CHECK("h", ", services: [t]"), "192.0.2.0\n"},
	{"labels of nobody are not all",
	 IN FOUR S ALL CHECK("h", ", serviceSelectors: [{matchLabels: {color: red}}]"),
	 "192.0.2.0\n"},
	{"by pool, and by Service and pool",
	 IN FOUR POOL("six", "198.51.100.0/28", "") S SERVICE_ASKS("t", "address-pool", "six")
		 ALL CHECK("g", ", ipAddressPools: [six]")
			 CHECK("h", ", ipAddressPools: [six], services: [s]")
				 CHECK("i", ", ipAddressPools: [four], services: [s]"),
	 "192.0.2.0 i\n198.51.100.0 g\n"},
	{"a pool that is all VIPs, by its Service's name and by its own",
	 IN POOL("p", "198.51.100.0/31", "")
		 DOC("mlbgpd.io/v1alpha1", "PoolPolicy", "a", "spec: {vips: addresses}")
			 ALL CHECK("g", ", services: [pool/p]") CHECK("h", ", ipAddressPools: [p]")
				 CHECK("i", ", services: [pool/q]"),
	 "198.51.100.0 g h\n198.51.100.1 g h\n"},
	{"of other nodes",
	 IN FOUR S ALL CHECK("h", ", nodeSelectors: [{matchLabels: {x: y}}]" DEMOTE("5")),
	 "192.0.2.0\n"},
	{"several, and their demotes",
	 IN FOUR S ALL CHECK("g", DEMOTE("50")) CHECK("h", DEMOTE("70")) CHECK("i", DEMOTE("50"))
		 CHECK("j", ""),
	 "192.0.2.0 g h i j demote 70 50\n"},
	{"all of the Services that share the address",
	 IN FOUR SHARED("s", "80") SHARED("t", "81") ALL CHECK("g", ", services: [s]" DEMOTE("50"))
		 CHECK("h", ", services: [t]"),
	 "192.0.2.9 g h demote 50\n"},
};

Test(cover, which)
{
	EXPECT_PLANS(covers, covered);
}

Test(cover, services_without_a_check_are_told_apart)
{
	struct planned p = plan_text(IN FOUR SHARED("s", "80") SHARED("t", "81")
					     ALL CHECK("g", ", services: [s]"),
				     "a", NULL);
	size_t n;

	cr_expect(plan_services(p.plan, &n)[0].checked);
	cr_expect(!plan_services(p.plan, &n)[1].checked);
	planned_fini(&p);
}

/* ---- demotions ---- */

static const struct {
	const char *what, *yaml;
	uint32_t demote; /* the first VIP */
	const char *wanted;
} demotions[] = {
	{"not demoted: a tier all the same, for all to agree",
	 IN E1 FOUR S ALL CHECK("h", DEMOTE("50")), 0,
	 "e1 192.0.2.0/32\nin 192.0.2.0/32 pref 100\n"},
	{"demoted", IN E1 FOUR S ALL CHECK("h", DEMOTE("50")), 50,
	 "e1 192.0.2.0/32 prepend 3\nin 192.0.2.0/32 pref 50\n"},
	{"never raised", IN E1 FOUR S ADVERTISEMENT("k", "localPref: 40") CHECK("h", DEMOTE("50")),
	 50, "e1 192.0.2.0/32\nin 192.0.2.0/32 pref 40\n"},
	{"below what a policy says",
	 IN FOUR S ALL PEER_POLICY("p", "localPref: 150") CHECK("h", DEMOTE("50")), 50,
	 "in 192.0.2.0/32 pref 50\n"},
	{"a demote of another node is a tier",
	 E1 FOUR S ADVERTISEMENT("k", "localPref: 40")
		 CHECK("h", ", nodeSelectors: [{matchLabels: {x: y}}]" DEMOTE("30"))
			 CHECK("i", DEMOTE("20")),
	 20, "e1 192.0.2.0/32 prepend 6\n"},
	{"one of two", IN FOUR S ALL CHECK("g", DEMOTE("50")) CHECK("h", DEMOTE("70")), 70,
	 "in 192.0.2.0/32 pref 70\n"},
	{"an aggregate goes with its best",
	 IN FOUR S SERVICE("t", "") ADVERTISEMENT("k", "aggregationLength: 28")
		 CHECK("h", ", services: [s]" DEMOTE("50")),
	 50, "in 192.0.2.0/28 pref 100\n"},
	{"and when all are demoted, with them",
	 IN FOUR S ADVERTISEMENT("k", "aggregationLength: 28") CHECK("h", DEMOTE("50")), 50,
	 "in 192.0.2.0/28 pref 50\n"},
	{"an address and its aggregate",
	 IN FOUR S SERVICE("t", "") ADVERTISEMENT("k", "aggregationLength: 28")
		 ADVERTISEMENT("l", "") CHECK("h", ", services: [s]" DEMOTE("50")),
	 50, "in 192.0.2.0/28 pref 100\nin 192.0.2.0/32 pref 50\nin 192.0.2.1/32 pref 100\n"},
	{"a drain is below", IN FOUR S ALL PEER_POLICY("p", "drain: true") CHECK("h", DEMOTE("50")),
	 50, "in 192.0.2.0/32 pref 0 65535:0\n"},
	{"mode none", E1 FOUR S ALL DAEMON("externalPreference: none") CHECK("h", DEMOTE("50")), 50,
	 "e1 192.0.2.0/32\n"},
};

Test(cover, demotions)
{
	for (size_t i = 0; i < sizeof(demotions) / sizeof(demotions[0]); i++) {
		struct planned p = plan_text(demotions[i].yaml, "a", NULL);

		plan_open_all(p.plan);
		cr_expect(plan_demote(p.plan, 0, demotions[i].demote, NULL, NULL));
		cr_expect_eq(plan_demoted(p.plan, 0), demotions[i].demote);
		expect_text(demotions[i].what, plan_text_routes(p.plan), demotions[i].wanted);
		planned_fini(&p);
	}
}

static void count(void *arg, uint32_t group, uint32_t route)
{
	(void)group;
	(void)route;
	++*(unsigned *)arg;
}

Test(cover, a_demotion_there_and_back)
{
	struct planned p = plan_text(IN E1 FOUR S ALL CHECK("h", DEMOTE("50")), "a", NULL);
	unsigned told = 0;

	cr_expect(plan_demote(p.plan, 0, 50, count, &told));
	cr_expect_eq(told, 0, "the gate is closed");
	plan_gate(p.plan, 0, true, count, &told);
	cr_expect_eq(told, 2);
	expect_text("opened as demoted", plan_text_routes(p.plan),
		    "e1 192.0.2.0/32 prepend 3\nin 192.0.2.0/32 pref 50\n");
	cr_expect(!plan_demote(p.plan, 0, 51, count, &told), "nobody says 51");
	cr_expect(plan_demote(p.plan, 0, 50, count, &told));
	cr_expect_eq(told, 2, "it is there already");
	cr_expect(plan_demote(p.plan, 0, 0, count, &told));
	cr_expect_eq(told, 4);
	expect_text("back", plan_text_routes(p.plan),
		    "e1 192.0.2.0/32\nin 192.0.2.0/32 pref 100\n");
	plan_gate(p.plan, 0, false, count, &told);
	expect_text("closed", plan_text_routes(p.plan), "");
	planned_fini(&p);
}

/* ---- demoting by gates comes to what the files say where an advertisement has the value ---- */

enum { N = 8 };

/* Values of each Service: as it should be, and when its check says demote. */
struct values {
	uint32_t own[N], demote[N];
	bool is_demoted[N];
};

static uint32_t lower(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static void add_advertisement(struct text *yaml, const char *name, unsigned service, uint32_t value,
			      const char *more)
{
	text_addf(yaml,
		  ADVERTISEMENT("%s%u",
				"serviceSelectors: [{matchLabels: {id: s%u}}], localPref: %u%s"),
		  name, service, service, value, more);
}

/* All but what the two ways differ in. */
static void add_base(struct text *yaml)
{
	text_add(yaml, IN E1 PEER("e2", "203.0.113.12", "65002", "")
			       FOUR PEER_POLICY("med", "peers: [e2], externalPreference: med"));
	for (unsigned i = 0; i < N; i++)
		text_addf(yaml, SERVICE_WITH("name: s%u, labels: {id: s%u}", "", ""), i, i);
}

static struct planned by_gates(const struct values *v)
{
	struct text yaml = {0};
	struct planned ret;

	add_base(&yaml);
	for (unsigned i = 0; i < N; i++) {
		add_advertisement(&yaml, "k", i, v->own[i], "");
		text_addf(&yaml, CHECK("h%u", ", services: [s%u]" DEMOTE("%u")), i, i,
			  v->demote[i]);
	}
	ret = plan_text(yaml.text, "a", NULL);
	text_fini(&yaml);
	plan_open_all(ret.plan);
	for (uint32_t i = 0; i < N; i++)
		cr_assert(
			plan_demote(ret.plan, i, v->is_demoted[i] ? v->demote[i] : 0, NULL, NULL));
	return ret;
}

/* Another node that has both values of each keeps the tiers what they are. */
static struct planned by_files(const struct values *v)
{
	static const char west[] = ", nodeSelectors: [{matchLabels: {x: west}}]";
	struct text yaml = {0};
	struct planned ret;

	add_base(&yaml);
	for (unsigned i = 0; i < N; i++) {
		uint32_t low = lower(v->own[i], v->demote[i]);

		add_advertisement(&yaml, "k", i, v->is_demoted[i] ? low : v->own[i], "");
		add_advertisement(&yaml, "own", i, v->own[i], west);
		add_advertisement(&yaml, "low", i, low, west);
	}
	ret = plan_text(yaml.text, "a", NULL);
	text_fini(&yaml);
	plan_open_all(ret.plan);
	return ret;
}

Test(cover, as_if_it_stood_in_the_files)
{
	static const uint32_t choice[] = {50, 100, 150, 200};
	uint32_t random = 3;

	for (unsigned round = 0; round < 20; round++) {
		struct planned gates, files;
		struct values v;
		char *wanted;

		for (unsigned i = 0; i < N; i++) {
			random = random * 1103515245u + 12345u;
			v.own[i] = choice[random >> 30];
			v.demote[i] = choice[random >> 28 & 3];
			v.is_demoted[i] = random >> 27 & 1;
		}
		gates = by_gates(&v);
		files = by_files(&v);
		wanted = plan_text_routes(files.plan);
		expect_text("the same", plan_text_routes(gates.plan), wanted);
		cr_expect_eq(plan_diff_updates(gates.plan, files.plan), 0);
		free(wanted);
		planned_fini(&gates);
		planned_fini(&files);
	}
}

Test(cover, a_demote_that_does_not_fit_the_community)
{
#define TEMPLATE DAEMON("externalPreference: {mode: community, community: '65000:$localPref'}")
	static const struct {
		const char *yaml, *wanted;
	} rows[] = {
		{E1 FOUR S ADVERTISEMENT("k", "localPref: 65535")
			 TEMPLATE CHECK("h", DEMOTE("65535")),
		 ""},
		{E1 FOUR S ADVERTISEMENT("k", "") TEMPLATE CHECK("h", DEMOTE("70000")), ""},
		{E1 FOUR S ADVERTISEMENT("k", "localPref: 80000, peers: [e1]")
			 TEMPLATE CHECK("h", DEMOTE("70000")),
		 "h preference-community: localPref 70000 does not fit the community template "
		 "\"65000:$localPref\"\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct planned p = plan_text(rows[i].yaml, "a", NULL);
		char *found = plan_text_findings(p.diags);

		if (*rows[i].wanted)
			cr_expect(strstr(found, rows[i].wanted), "%s", found);
		else
			cr_expect(!strstr(found, "preference-community"), "%s", found);
		free(found);
		planned_fini(&p);
	}
}

/* What check says of the advertisement knows of the demote. */
Test(cover, the_warning_counts_demotes)
{
	struct planned p = plan_text(
		E1 FOUR S ADVERTISEMENT("k", "localPref: 200") CHECK("h", DEMOTE("50")), "a", NULL);

	expect_text(
		"findings", plan_text_findings(p.diags),
		"k local-pref-external: external peers do not see localPref 200 (e1): nothing is "
		"prepended, as it is the best value (of 200, 50)\n"
		"h not-yet: probes do not run yet: what it covers is announced without being "
		"probed\n");
	planned_fini(&p);
}

Test(cover, explain_names_the_check)
{
	struct planned p = plan_text(IN FOUR S ALL CHECK("h", ""), "a", NULL);
	size_t n;
	const struct plan_service *s = plan_services(p.plan, &n);
	struct explain e;
	bool found = false;

	explain_static(&e, p.plan, s, &s->addresses[0], model_peers(p.model, &n));
	for (size_t i = 0; i < e.steps.n; i++)
		if (strcmp(e.steps.at[i].name, "healthCheck") == 0) {
			found = true;
			cr_expect_str_eq(e.steps.at[i].text,
					 "HealthCheck h covers it, and probes do not run in this "
					 "version: it counts as good");
			cr_expect_str_eq(e.steps.at[i].object->name, "h");
		}
	cr_expect(found && e.ok);
	explain_fini(&e);
	planned_fini(&p);
}
