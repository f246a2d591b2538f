/* plan_print.c: writes a plan piece by piece */
#include "cmd/plan_print.h"
#include "cmd/cells.h"
#include "cmd/table.h"
#include "config/diag.h"
#include "daemon/plan_json.h"
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
	json_plan_routes(plan, add, &list);
	close_list(&list);
	json_bfd(plan);
	fputs(",\n\"warnings\": ", stdout);
	json_dumpf(json_object_get(findings, "warnings"), stdout, 0);
	fputs("}", stdout);
	json_decref(findings);
	json_decref(node);
}

static void text_peers(const struct plan *plan)
{
	static const char *const titles[] = {"PEER", "ADDRESS",	 "AS",	"TYPE",
					     "HOLD", "PASSWORD", "BFD", NULL};
	struct table table;
	size_t n;
	const struct plan_peer *peers = plan_peers(plan, &n);

	table_init(&table, titles);
	for (size_t i = 0; i < n; i++) {
		json_t *peer = json_plan_peer(&peers[i]);
		char *address = cell_of(peer, "address");

		table_row(&table,
			  (char *[]){cell_of(peer, "name"),
				     address ? address : cell_of(peer, "interface"),
				     cell_of(peer, "peerASN"), cell_of(peer, "type"),
				     cell_of(peer, "holdTimeSeconds"),
				     cell_of(peer, "authentication"), cell_of(peer, "bfdProfile")});
		json_decref(peer);
	}
	table_end(&table, "no peer runs on this node");
}

static void text_services(const struct plan *plan)
{
	static const char *const titles[] = {"SERVICE", "ADDRESSES", "POOL", "STATE",
					     "SOURCE",	"REASON",    NULL};
	struct table table;
	size_t n;
	const struct plan_service *services = plan_services(plan, &n);
	uint32_t *order = plan_services_sorted(plan, &n);

	table_init(&table, titles);
	for (size_t i = 0; i < n; i++) {
		const struct plan_service *s = &services[order[i]];
		json_t *service = json_plan_service(plan, s);
		json_t *name = json_object_name(&s->service->object);

		json_object_set_new(service, "full", name);
		table_row(&table,
			  (char *[]){cell_of(service, "full"), cell_list(service, "addresses", 2),
				     cell_of(service, "pool"), cell_of(service, "state"),
				     cell_of(service, "source"), cell_of(service, "reason")});
		json_decref(service);
	}
	table_end(&table, "no Service of type LoadBalancer");
	free(order);
}

static void text_vips(const struct plan *plan)
{
	static const char *const titles[] = {"VIP", "INTERFACE", "POOL", "SERVICES", NULL};
	struct table table;
	size_t n;
	const struct plan_vip *vips = plan_vips(plan, &n);

	table_init(&table, titles);
	for (size_t i = 0; i < n; i++) {
		json_t *vip = json_plan_vip(plan, &vips[i]);

		table_row(&table, (char *[]){cell_of(vip, "address"), cell_of(vip, "interface"),
					     cell_of(vip, "pool"), cell_list(vip, "services", 3)});
		json_decref(vip);
	}
	table_end(&table, "no VIP on this node");
}

static void text_route(void *arg, json_t *take)
{
	table_row(arg, (char *[]){cell_of(take, "peer"), cell_of(take, "prefix"),
				  cell_of(take, "localPref"), cell_of(take, "med"),
				  cell_list(take, "asPath", 12), cell_list(take, "communities", 8),
				  cell_list(take, "largeCommunities", 4)});
	json_decref(take);
}

static void text_routes(const struct plan *plan)
{
	static const char *const titles[] = {"PEER",	"PREFIX",      "LOCAL PREF",  "MED",
					     "AS PATH", "COMMUNITIES", "LARGE COMM.", NULL};
	struct table table;

	table_init(&table, titles);
	json_plan_routes(plan, text_route, &table);
	table_end(&table, "no route is announced");
}

void plan_print_text(const struct plan *plan)
{
	printf("node %s\n\n", plan_node(plan)->object.name);
	text_peers(plan);
	putchar('\n');
	text_services(plan);
	putchar('\n');
	text_vips(plan);
	putchar('\n');
	text_routes(plan);
}
