/* fuzz_config.c: any bytes as a configuration: from load to plan, and all that is told on the way
 *
 * The bytes are the new configuration, and what stands before their last document is the old one:
 * both are planned for every node, with findings, gates, pins, explanations, and the difference.
 */
#include "base/text.h"
#include "config/diag.h"
#include "config/load.h"
#include "config/model.h"
#include "config/source.h"
#include "daemon/changes.h"
#include "daemon/plan_json.h"
#include "plan/explain.h"
#include "plan/pin.h"
#include "plan/plan.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SERVICES_EXPLAINED = 3 };

struct one {
	struct source_set *sources;
	struct diags *diags;
	struct model *model;
	struct plan *plan; /* of its own node */
};

static void look(const struct one *o)
{
	const struct ip_address_pool *pools;
	size_t n;

	pools = model_pools(o->model, &n);
	for (size_t i = 0; i < n; i++)
		model_place(o->sources, &pools[i].object, "spec.addresses[0]");
}

static void explain(const struct plan *plan, const struct plan_service *service)
{
	size_t n;
	const struct bgp_peer *peers = model_peers(plan_model(plan), &n);

	for (size_t i = 0; i < n; i++) {
		struct explain e;

		explain_static(&e, plan, service,
			       service->n_addresses > 0 ? &service->addresses[0] : NULL, &peers[i]);
		explain_fini(&e);
	}
}

static void tell(const struct plan *plan)
{
	struct text text = {0};
	size_t n;
	const struct plan_service *services = plan_services(plan, &n);
	const struct plan_vip *vips;

	for (size_t i = 0; i < n && i < SERVICES_EXPLAINED; i++) {
		json_decref(json_plan_service(plan, &services[i]));
		explain(plan, &services[i]);
	}
	vips = plan_vips(plan, &n);
	for (size_t i = 0; i < n && i < SERVICES_EXPLAINED; i++)
		json_decref(json_plan_vip(plan, &vips[i]));
	pin_add_document(&text, plan);
	text_fini(&text);
}

static void plan_all(struct one *o)
{
	size_t n;
	const struct node *nodes = model_nodes(o->model, &n);

	o->plan = plan_new(o->model, NULL, NULL, o->sources, o->diags);
	for (size_t i = 0; i < n && i < 3; i++) {
		struct plan *plan = plan_new(o->model, &nodes[i], NULL, o->sources, o->diags);

		plan_open_all(plan);
		plan_free(plan);
	}
	plan_open_all(o->plan);
	(void)plan_vips(o->plan, &n);
	for (uint32_t i = 0; i < n; i += 2)
		plan_gate(o->plan, i, false, NULL, NULL);
	tell(o->plan);
}

static struct one one_of(const uint8_t *data, size_t size)
{
	struct one o = {.sources = source_set_new()};

	o.diags = diags_new(o.sources);
	source_set_add_bytes(o.sources, "fuzz", (const char *)data, size);
	o.model = config_load(o.sources, "node", o.diags);
	if (o.model) {
		look(&o);
		plan_all(&o);
	}
	return o;
}

static void one_fini(struct one *o)
{
	FILE *out = fopen("/dev/null", "w");

	if (out) {
		diags_print(o->diags, out);
		fclose(out);
	}
	json_decref(diags_json(o->diags));
	plan_free(o->plan);
	model_free(o->model);
	diags_free(o->diags);
	source_set_free(o->sources);
}

/* Where the last document begins. */
static size_t last_document(const uint8_t *data, size_t size)
{
	size_t i = size;

	while (i >= 4 && memcmp(data + i - 4, "\n---", 4) != 0)
		i--;
	return i >= 4 ? i - 4 : size;
}

static void drop(void *arg, json_t *take)
{
	(void)arg;
	json_decref(take);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct one after = one_of(data, size);

	if (after.plan) {
		struct one before = one_of(data, last_document(data, size));

		if (before.plan) {
			json_decref(changes_object(before.plan, after.plan));
			changes_routes(before.plan, after.plan, drop, NULL);
		}
		one_fini(&before);
	}
	one_fini(&after);
	return 0;
}
