/* plan_text.c: a plan from a text of YAML, and what it says as lines: for tests of the plan */
#include "plan_text.h"

#include "base/text.h"
#include "config/diag.h"
#include "config/load.h"
#include "config/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct planned plan_text(const char *yaml, const char *node, const struct leases *leases)
{
	struct planned p = {.sources = source_set_new()};

	p.diags = diags_new(p.sources);
	source_set_add_bytes(p.sources, "t", yaml, strlen(yaml));
	p.model = config_load(p.sources, node, p.diags);
	if (!p.model)
		diags_print(p.diags, stderr);
	cr_assert(p.model, "the text is not valid:\n%s", yaml);
	p.plan = plan_new(p.model, NULL, leases, p.sources, p.diags);
	return p;
}

void planned_fini(struct planned *p)
{
	plan_free(p->plan);
	model_free(p->model);
	diags_free(p->diags);
	source_set_free(p->sources);
}

enum reasons { NO_REASONS, OF_PENDING, ALL_REASONS };

static void add_service(struct text *out, const struct plan_service *s, enum reasons reasons)
{
	static const char *const states[] = {[SERVICE_ALLOCATED] = "has",
					     [SERVICE_PENDING] = "pending",
					     [SERVICE_NONE] = "none"};
	static const char *const sources[] = {
		[SOURCE_NONE] = "",	    [SOURCE_REQUESTED] = "requested",
		[SOURCE_STATUS] = "status", [SOURCE_PINNED] = "pinned",
		[SOURCE_LEASE] = "lease",   [SOURCE_ALLOCATED] = "allocated"};
	char text[ADDR_TEXT_MAX];

	text_addf(out, "%s %s", s->service->object.name, states[s->state]);
	for (unsigned i = 0; i < s->n_addresses; i++)
		text_addf(out, " %s", addr_format(text, &s->addresses[i]));
	if (s->source != SOURCE_NONE)
		text_addf(out, " %s", sources[s->source]);
	if (s->rule)
		text_addf(out, " V-%03u", s->rule);
	if (s->reason && reasons >= (s->state == SERVICE_ALLOCATED ? ALL_REASONS : OF_PENDING))
		text_addf(out, ": %s", s->reason);
	text_add(out, "\n");
}

static char *services_text(const struct plan *plan, enum reasons reasons)
{
	struct text out = {0};
	size_t n;
	const struct plan_service *services = plan_services(plan, &n);

	for (size_t i = 0; i < n; i++)
		add_service(&out, &services[i], reasons);
	return text_take(&out);
}

char *plan_text_full_services(const struct plan *plan)
{
	struct text out = {0};
	size_t n;
	const struct plan_service *services = plan_services(plan, &n);

	for (size_t i = 0; i < n; i++) {
		text_addf(&out, "%s/", services[i].service->object.namespace);
		add_service(&out, &services[i], NO_REASONS);
	}
	return text_take(&out);
}

char *plan_text_services(const struct plan *plan)
{
	return services_text(plan, NO_REASONS);
}

char *plan_text_pending(const struct plan *plan)
{
	return services_text(plan, OF_PENDING);
}

char *plan_text_reasons(const struct plan *plan)
{
	return services_text(plan, ALL_REASONS);
}

static void add_attrs(struct text *out, const struct plan_attrs *a)
{
	char text[ADDR_TEXT_MAX];

	if (a->next_hop.family)
		text_addf(out, " via %s", addr_format(text, &a->next_hop));
	if (a->has_local_pref)
		text_addf(out, " pref %u", a->local_pref);
	if (a->has_med)
		text_addf(out, " med %u", a->med);
	if (a->prepend)
		text_addf(out, " prepend %u", a->prepend);
	for (unsigned i = 0; i < a->n_communities; i++)
		text_addf(out, " %u:%u", a->communities[i] >> 16, a->communities[i] & UINT16_MAX);
	for (unsigned i = 0; i < a->n_large_communities; i++)
		text_addf(out, " %u:%u:%u", a->large_communities[i].global_admin,
			  a->large_communities[i].data1, a->large_communities[i].data2);
}

char *plan_text_routes(const struct plan *plan)
{
	struct text out = {0};
	char prefix[PREFIX_TEXT_MAX];
	size_t n, n_groups;
	const struct plan_peer *peers = plan_peers(plan, &n);
	const struct plan_group *groups = plan_groups(plan, &n_groups);

	for (size_t i = 0; i < n; i++) {
		const struct plan_group *g = &groups[peers[i].group];

		for (uint32_t r = 0; r < g->n_routes; r++) {
			if (g->routes[r].attrs == PLAN_NOT_ANNOUNCED)
				continue;
			text_addf(&out, "%s %s", peers[i].name,
				  prefix_format(prefix, &g->routes[r].prefix));
			add_attrs(&out, plan_attrs(plan, g->routes[r].attrs));
			text_add(&out, "\n");
		}
	}
	return text_take(&out);
}

char *plan_text_vips(const struct plan *plan)
{
	struct text out = {0};
	char text[ADDR_TEXT_MAX];
	size_t n, n_services;
	const struct plan_vip *vips = plan_vips(plan, &n);
	const struct plan_service *services = plan_services(plan, &n_services);

	for (size_t i = 0; i < n; i++) {
		text_addf(&out, "%s:", addr_format(text, &vips[i].addr));
		for (uint32_t k = 0; k < vips[i].n_services; k++) {
			uint32_t s = plan_vip_services(plan)[vips[i].service + k];

			text_addf(&out, " %s", services[s].service->object.name);
		}
		text_add(&out, "\n");
	}
	return text_take(&out);
}

char *plan_text_groups(const struct plan *plan)
{
	struct text out = {0};
	size_t n, n_peers;
	const struct plan_group *groups = plan_groups(plan, &n);
	const struct plan_peer *peers = plan_peers(plan, &n_peers);

	for (size_t g = 0; g < n; g++) {
		for (uint32_t i = 0; i < groups[g].n_peers; i++)
			text_addf(&out, "%s%s", i ? " " : "", peers[groups[g].peers[i]].name);
		text_addf(&out, ": %u\n", groups[g].n_routes);
	}
	return text_take(&out);
}

char *plan_text_findings(const struct diags *diags)
{
	struct text out = {0};

	for (size_t i = 0; i < diags_count(diags); i++) {
		const struct diag *d = diags_get(diags, i);

		cr_expect(d->rule && rule_words(d->rule), "%s is in rules.def", d->rule);
		text_addf(&out, "%s %s: %s\n", d->name, d->rule, d->message);
	}
	return text_take(&out);
}

void expect_text(const char *what, char *found, const char *wanted)
{
	cr_expect_str_eq(found, wanted, "%s:\nfound\n%swanted\n%s", what, found, wanted);
	free(found);
}

void expect_plans(const struct plan_case *cases, size_t n, plan_text_fn fn)
{
	for (size_t i = 0; i < n; i++) {
		struct planned p = plan_text(cases[i].yaml, "a", NULL);

		plan_open_all(p.plan);
		expect_text(cases[i].what, fn(p.plan), cases[i].wanted);
		planned_fini(&p);
	}
}

void expect_plan_findings(const struct plan_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct planned p = plan_text(cases[i].yaml, "a", NULL);

		expect_text(cases[i].what, plan_text_findings(p.diags), cases[i].wanted);
		planned_fini(&p);
	}
}
