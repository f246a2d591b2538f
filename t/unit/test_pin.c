/* test_pin.c: what plan --pin prints, and what is told of addresses that are pinned or not */
#include "plan_text.h"

#include "base/text.h"
#include "config/diag.h"
#include "config/model.h"
#include "plan/pin.h"

#include <stdlib.h>

#define SMALL POOL("p", "192.0.2.0/30", "")
#define BOTH POOL("both", "192.0.2.0/30, \"2001:db8::/126\"", "")
#define PREFER ", ipFamilyPolicy: PreferDualStack"
#define CLUSTER_V6 ", clusterIPs: [\"fd00::1\"]"
#define PINS(name, spec) DOC("mlbgpd.io/v1alpha1", "AddressAllocation", name, "spec: {" spec "}")
#define PIN(service, address) "{name: " service ", addresses: [" address "]}"

static char *pin_text(const struct plan *plan)
{
	struct text out = {0};

	pin_add_document(&out, plan);
	return text_take(&out);
}

#define KEY(name, port)                                               \
	"---\n{apiVersion: v1, kind: Service, metadata: {name: " name \
	", annotations: {metallb.io/allow-shared-ip: k}},\n"          \
	"  spec: {type: LoadBalancer, ports: [{port: " port "}]}}\n"
#define OF_ALL_SORTS                                                                  \
	BOTH POOL("q", "198.51.100.0/30", ", autoAssign: false") SERVICE("z", PREFER) \
		SERVICE("'123'", "") SERVICE_ASKS("q", "address-pool", "q")           \
			SERVICE("v6", CLUSTER_V6) KEY("k1", "1") KEY("k2", "2")       \
				SERVICE_WITH("name: z, namespace: 'no'", "", "")

/* What is printed, fed back, gives every Service what it had, now pinned, and prints the same. */
Test(pin, what_pin_prints_gives_the_same_plan)
{
	struct planned before = plan_text(OF_ALL_SORTS, "a", NULL), after;
	struct text yaml = {0};
	char *printed = pin_text(before.plan);
	size_t n, n_after;
	const struct plan_service *x = plan_services(before.plan, &n), *y;

	text_addf(&yaml, "%s---\n%s", OF_ALL_SORTS, printed);
	after = plan_text(yaml.text, "a", NULL);
	y = plan_services(after.plan, &n_after);
	cr_assert_eq(n, 7);
	cr_assert_eq(n, n_after);
	for (size_t i = 0; i < n; i++) {
		cr_expect_eq(x[i].source, SOURCE_ALLOCATED, "%s", x[i].service->object.name);
		cr_expect_eq(y[i].source, SOURCE_PINNED, "%s", y[i].service->object.name);
		cr_expect_eq(x[i].pool, y[i].pool);
	}
	cr_expect_str_eq(plan_address_digest(before.plan), plan_address_digest(after.plan));
	expect_text("printed again", pin_text(after.plan), printed);
	free(printed);
	text_fini(&yaml);
	planned_fini(&before);
	planned_fini(&after);
}

Test(pin, pin_prints_sorted_what_nobody_asked_for)
{
	struct planned p = plan_text(BOTH SERVICE("z", PREFER) SERVICE("'123'", "")
					     SERVICE_HAS("h", "192.0.2.3", "")
						     SERVICE("r", ", loadBalancerIP: 192.0.2.2"),
				     "a", NULL);

	expect_text(
		"pin", pin_text(p.plan),
		"apiVersion: mlbgpd.io/v1alpha1\nkind: AddressAllocation\n"
		"metadata:\n  name: pinned\nspec:\n  services:\n"
		"    - {namespace: default, name: \"123\", addresses: [192.0.2.1]}\n"
		"    - {namespace: default, name: z, addresses: [192.0.2.0, \"2001:db8::\"]}\n");
	planned_fini(&p);
}

/* The message of the first finding of the rule; NULL: none. */
static const char *message_of(const struct planned *p, const char *rule)
{
	for (size_t i = 0; i < diags_count(p->diags); i++)
		if (text_equal(diags_get(p->diags, i)->rule, rule))
			return diags_get(p->diags, i)->message;
	return NULL;
}

static void expect_message(const char *yaml, const char *rule, const char *wanted)
{
	struct planned p = plan_text(yaml, "a", NULL);
	const char *found = message_of(&p, rule);

	cr_expect(text_equal(found, wanted), "found %s, wanted %s:\n%s", found ? found : "none",
		  wanted ? wanted : "none", yaml);
	planned_fini(&p);
}

#define TWO_NODES NODE("a", "") NODE("b", "")

Test(pin, unpinned_addresses_are_told_once_there_are_two_nodes)
{
	static const char one[] =
		"1 Service has an address that no file gives, so that nodes may differ: default/s";

	expect_message(NODE("a", "") SMALL SERVICE("s", ""), "unpinned", NULL);
	expect_message(TWO_NODES SMALL SERVICE("s", ""), "unpinned", one);
	expect_message(TWO_NODES SMALL SERVICE("s", ", loadBalancerIP: 192.0.2.1")
			       SERVICE_HAS("t", "192.0.2.2", "") SERVICE("u", "")
				       PINS("x", "services: [" PIN("u", "192.0.2.3") "]"),
		       "unpinned", NULL);
	expect_message(TWO_NODES BOTH SERVICE("s", PREFER)
			       PINS("x", "services: [" PIN("s", "192.0.2.2") "]"),
		       "unpinned", one);
	expect_message(TWO_NODES SMALL SERVICE("s", "") SERVICE("t", "") SERVICE("u", "")
			       SERVICE("v", "") SERVICE("pending", ""),
		       "unpinned",
		       "4 Services have an address that no file gives, so that nodes may differ: "
		       "default/s, default/t, default/u and 1 more");
}

Test(pin, a_pin_that_is_not_followed_is_told)
{
	expect_message(SMALL SERVICE("s", "") PINS("x", "services: [" PIN("s", "192.0.2.1") "]"),
		       "no-effect", NULL);
	expect_message(SMALL SERVICE("s", "") PINS("x", "services: [" PIN("s", "192.0.2.9") "]"),
		       "no-effect", "192.0.2.9 is pinned, but it has 192.0.2.0");
}
