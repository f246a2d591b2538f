/* plan_print.c: writes a plan as JSON, piece by piece */
#include "cmd/plan_print.h"
#include "base/json_stream.h"
#include "config/diag.h"
#include "daemon/plan_json.h"
#include "daemon/route_json.h"
#include "plan/plan.h"

#include <jansson.h>
#include <stdlib.h>

static void open_list(struct json_stream *out, const char *member)
{
	json_stream_key(out, member);
	json_stream_begin_array(out);
}

static void add_text(void *arg, const char *json)
{
	json_stream_text(arg, json);
}

static void json_peers(struct json_stream *out, const struct plan *plan)
{
	size_t n;
	const struct plan_peer *peers = plan_peers(plan, &n);

	open_list(out, "peers");
	for (size_t i = 0; i < n; i++)
		json_stream_value(out, json_plan_peer(&peers[i]));
	json_stream_end_array(out);
}

static void json_services(struct json_stream *out, const struct plan *plan)
{
	size_t n;
	const struct plan_service *services = plan_services(plan, &n);
	uint32_t *order = plan_services_sorted(plan, &n);

	open_list(out, "services");
	for (size_t i = 0; i < n; i++)
		json_stream_value(out, json_plan_service(plan, &services[order[i]]));
	json_stream_end_array(out);
	free(order);
}

static void json_pools(struct json_stream *out, const struct plan *plan)
{
	size_t n;
	const struct plan_pool *pools = plan_pools(plan, &n);

	open_list(out, "pools");
	for (size_t i = 0; i < n; i++)
		json_stream_value(out, json_plan_pool(&pools[i]));
	json_stream_end_array(out);
}

static void json_vips(struct json_stream *out, const struct plan *plan)
{
	size_t n;
	const struct plan_vip *vips = plan_vips(plan, &n);

	open_list(out, "vips");
	for (size_t i = 0; i < n; i++)
		json_stream_value(out, json_plan_vip(plan, &vips[i]));
	json_stream_end_array(out);
}

static void json_bfd(struct json_stream *out, const struct plan *plan)
{
	size_t n;
	const struct plan_peer *peers = plan_peers(plan, &n);

	open_list(out, "bfd");
	for (size_t i = 0; i < n; i++)
		if (peers[i].bfd)
			json_stream_value(out, json_plan_bfd(&peers[i]));
	json_stream_end_array(out);
}

void plan_print_json(struct json_stream *out, const struct plan *plan, const struct diags *diags)
{
	json_t *findings = diags_json(diags), *warning;
	size_t i;

	json_stream_begin_object(out);
	json_stream_key(out, "node");
	json_stream_value(out, json_string(plan_node(plan)->object.name));
	json_peers(out, plan);
	json_services(out, plan);
	json_pools(out, plan);
	json_vips(out, plan);
	open_list(out, "routes");
	route_json_plan(plan, add_text, out);
	json_stream_end_array(out);
	json_bfd(out, plan);
	open_list(out, "warnings");
	json_array_foreach (json_object_get(findings, "warnings"), i, warning) {
		json_stream_value(out, json_incref(warning));
	}
	json_stream_end_array(out);
	json_stream_end_object(out);
	json_decref(findings);
}
