/* plan_text.c: a plan for reading: peers, Services, VIPs, and the routes of each group of peers
 * that hear the same */
#include "base/heap.h"
#include "base/text.h"
#include "cmd/plan_print.h"
#include "cmd/table.h"
#include "daemon/plan_json.h"
#include "daemon/route_json.h"
#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAMES_TOLD = 4 };

static char *addr_cell(const struct addr *addr)
{
	char text[ADDR_TEXT_MAX];

	return addr->family == ADDR_NONE ? NULL : heap_strdup(addr_format(text, addr));
}

static char *vip_cell(const struct plan_vip *vip)
{
	char text[PREFIX_TEXT_MAX];

	return heap_strdup(addr_format_block(text, &vip->addr, vip->length));
}

static char *number_cell(uint32_t number)
{
	struct text t = {0};

	text_addf(&t, "%u", number);
	return text_take(&t);
}

/* NULL where nothing was added. */
static char *taken(struct text *t)
{
	return t->len > 0 ? text_take(t) : NULL;
}

static void print_peers(const struct plan *plan)
{
	static const char *const titles[] = {"PEER", "ADDRESS",	 "AS",	"TYPE",
					     "HOLD", "PASSWORD", "BFD", NULL};
	static const char *const types[] = {"internal", "external", "dynamic"};
	struct table table;
	size_t n;
	const struct plan_peer *peers = plan_peers(plan, &n);

	table_init(&table, titles);
	for (size_t i = 0; i < n; i++) {
		const struct plan_peer *p = &peers[i];
		const char *bfd = p->bfd ? p->bfd->object.name : NULL;

		table_row(&table,
			  (char *[]){heap_strdup(p->name),
				     p->address.family ? addr_cell(&p->address)
						       : heap_strdup(p->interface),
				     p->peer_asn ? number_cell(p->peer_asn) : NULL,
				     heap_strdup(types[p->type]), number_cell(p->hold_time_s),
				     heap_strdup(p->password || p->password_file ? "md5" : NULL),
				     heap_strdup(bfd)});
	}
	table_end(&table, "no peer runs on this node");
}

static char *addresses_cell(const struct plan_service *s)
{
	struct text t = {0};
	char addr[ADDR_TEXT_MAX];

	for (size_t i = 0; i < s->n_addresses; i++)
		text_addf(&t, "%s%s", i > 0 ? " " : "", addr_format(addr, &s->addresses[i]));
	for (uint32_t i = 0; s->whole_pool && i < s->whole_pool->n_blocks; i++)
		text_addf(&t, "%s%s", i > 0 ? " " : "", s->whole_pool->blocks[i].text);
	return taken(&t);
}

static char *name_cell(const struct object *object)
{
	struct text t = {0};

	text_addf(&t, "%s/%s", object->namespace, object->name);
	return text_take(&t);
}

static void print_services(const struct plan *plan)
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

		table_row(&table, (char *[]){name_cell(&s->service->object), addresses_cell(s),
					     heap_strdup(plan_pool_name(plan, s->pool)),
					     heap_strdup(plan_service_state_name(s)),
					     heap_strdup(plan_service_source_name(s)),
					     heap_strdup(s->reason)});
	}
	table_end(&table, "no Service of type LoadBalancer");
	free(order);
}

static char *services_cell(const struct plan *plan, const struct plan_vip *vip)
{
	const uint32_t *indexes = plan_vip_services(plan) + vip->service;
	struct text t = {0};
	size_t n;
	const struct plan_service *services = plan_services(plan, &n);

	for (size_t i = 0; i < vip->n_services && i < NAMES_TOLD; i++) {
		const struct object *o = &services[indexes[i]].service->object;

		text_addf(&t, "%s%s/%s", i > 0 ? " " : "", o->namespace, o->name);
	}
	if (vip->n_services > NAMES_TOLD)
		text_addf(&t, " +%u", vip->n_services - NAMES_TOLD);
	return taken(&t);
}

static void print_vips(const struct plan *plan)
{
	static const char *const titles[] = {"VIP", "INTERFACE", "POOL", "SERVICES", NULL};
	struct table table;
	size_t n, n_interfaces;
	const struct plan_vip *vips = plan_vips(plan, &n);
	const char *const *interfaces = plan_interfaces(plan, &n_interfaces);

	table_init(&table, titles);
	for (size_t i = 0; i < n; i++)
		table_row(&table,
			  (char *[]){vip_cell(&vips[i]), heap_strdup(interfaces[vips[i].interface]),
				     heap_strdup(plan_pool_name(plan, vips[i].pool)),
				     services_cell(plan, &vips[i])});
	table_end(&table, "no VIP on this node");
}

static void print_route(struct table *table, const struct plan_route *route,
			const struct plan_attrs *attrs, const struct plan_peer *peer)
{
	bool internal = peer->type == PEER_INTERNAL;
	struct text path = {0}, communities = {0}, large = {0};
	char prefix[PREFIX_TEXT_MAX];
	uint32_t local_pref;

	route_add_as_path(&path, attrs, peer->my_asn, internal);
	route_add_communities(&communities, attrs);
	route_add_large_communities(&large, attrs);
	table_row(table, (char *[]){heap_strdup(prefix_format(prefix, &route->prefix)),
				    attrs->next_hop.family ? addr_cell(&attrs->next_hop) : NULL,
				    route_local_pref(attrs, internal, &local_pref)
					    ? number_cell(local_pref)
					    : NULL,
				    attrs->has_med ? number_cell(attrs->med) : NULL, taken(&path),
				    taken(&communities), taken(&large)});
}

static void print_group(const struct plan *plan, const struct plan_group *group)
{
	static const char *const titles[] = {"PREFIX",	"NEXT HOP",    "LOCAL PREF",	    "MED",
					     "AS PATH", "COMMUNITIES", "LARGE COMMUNITIES", NULL};
	struct table table;
	size_t n;
	const struct plan_peer *peers = plan_peers(plan, &n);

	fputs("\nroutes to", stdout);
	for (size_t i = 0; i < group->n_peers; i++)
		printf(" %s", peers[group->peers[i]].name);
	putchar('\n');
	table_init(&table, titles);
	for (size_t i = 0; i < group->n_routes; i++)
		if (group->routes[i].attrs != PLAN_NOT_ANNOUNCED)
			print_route(&table, &group->routes[i],
				    plan_attrs(plan, group->routes[i].attrs),
				    &peers[group->peers[0]]);
	table_end(&table, "none");
}

void plan_print_text(const struct plan *plan)
{
	size_t n;
	const struct plan_group *groups = plan_groups(plan, &n);

	printf("node %s\n\n", plan_node(plan)->object.name);
	print_peers(plan);
	putchar('\n');
	print_services(plan);
	putchar('\n');
	print_vips(plan);
	for (size_t i = 0; i < n; i++)
		if (groups[i].n_peers > 0)
			print_group(plan, &groups[i]);
}
