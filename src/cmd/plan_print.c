/* plan_print.c: writes a plan as JSON, piece by piece */
#include "cmd/plan_print.h"
#include "config/diag.h"
#include "daemon/plan_json.h"
#include "daemon/route_json.h"
#include "plan/plan.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

/* Elements of one list of the object. */
struct list {
	size_t n;
};

static void open_list(struct list *list, const char *member)
{
	list->n = 0;
	printf(",\n\"%s\": [", member);
}

static void add(void *arg, json_t *take)
{
	struct list *list = arg;

	fputs(list->n++ == 0 ? "\n " : ",\n ", stdout);
	json_dumpf(take, stdout, 0);
	json_decref(take);
}

static void add_text(void *arg, const char *json)
{
	struct list *list = arg;

	fputs(list->n++ == 0 ? "\n " : ",\n ", stdout);
	fputs(json, stdout);
}

static void close_list(const struct list *list)
{
	fputs(list->n == 0 ? "]" : "\n]", stdout);
}

static void json_peers(const struct plan *plan)
{
	struct list list;
	size_t n;
	const struct plan_peer *peers = plan_peers(plan, &n);

	open_list(&list, "peers");
	for (size_t i = 0; i < n; i++)
		add(&list, json_plan_peer(&peers[i]));
	close_list(&list);
}

static void json_services(const struct plan *plan)
{
	struct list list;
	size_t n;
	const struct plan_service *services = plan_services(plan, &n);
	uint32_t *order = plan_services_sorted(plan, &n);

	open_list(&list, "services");
	for (size_t i = 0; i < n; i++)
		add(&list, json_plan_service(plan, &services[order[i]]));
	close_list(&list);
	free(order);
}

static void json_pools(const struct plan *plan)
{
	struct list list;
	size_t n;
	const struct plan_pool *pools = plan_pools(plan, &n);

	open_list(&list, "pools");
	for (size_t i = 0; i < n; i++)
		add(&list, json_plan_pool(&pools[i]));
	close_list(&list);
}

static void json_vips(const struct plan *plan)
{
	struct list list;
	size_t n;
	const struct plan_vip *vips = plan_vips(plan, &n);

	open_list(&list, "vips");
	for (size_t i = 0; i < n; i++)
		add(&list, json_plan_vip(plan, &vips[i]));
	close_list(&list);
}

static void json_bfd(const struct plan *plan)
{
	struct list list;
	size_t n;
	const struct plan_peer *peers = plan_peers(plan, &n);

	open_list(&list, "bfd");
	for (size_t i = 0; i < n; i++)
		if (peers[i].bfd)
			add(&list, json_plan_bfd(&peers[i]));
	close_list(&list);
}

void plan_print_json(const struct plan *plan, const struct diags *diags)
{
	json_t *node = json_string(plan_node(plan)->object.name);
	json_t *findings = diags_json(diags);
	struct list list;

	fputs("{\"node\": ", stdout);
	json_dumpf(node, stdout, JSON_ENCODE_ANY);
	json_peers(plan);
	json_services(plan);
	json_pools(plan);
	json_vips(plan);
	open_list(&list, "routes");
	route_json_plan(plan, add_text, &list);
	close_list(&list);
	json_bfd(plan);
	fputs(",\n\"warnings\": ", stdout);
	json_dumpf(json_object_get(findings, "warnings"), stdout, 0);
	fputs("}", stdout);
	json_decref(findings);
	json_decref(node);
}
