/* plan_json.c: plan -> JSON */
#include "daemon/plan_json.h"
#include "base/heap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *json_text(const char *text)
{
	return text ? json_string(text) : json_null();
}

json_t *json_addr(const struct addr *addr)
{
	char text[ADDR_TEXT_MAX];

	if (!addr || addr->family == ADDR_NONE)
		return json_null();
	return json_string(addr_format(text, addr));
}

json_t *json_prefix(const struct prefix *prefix)
{
	char text[PREFIX_TEXT_MAX];

	return json_string(prefix_format(text, prefix));
}

json_t *json_object_name(const struct object *object)
{
	return json_sprintf("%s/%s", object->namespace ? object->namespace : "default",
			    object->name);
}

static json_t *communities(const struct plan_attrs *attrs)
{
	json_t *list = json_array();

	for (size_t i = 0; i < attrs->n_communities; i++)
		json_array_append_new(list, json_sprintf("%u:%u", attrs->communities[i] >> 16,
							 attrs->communities[i] & 0xffff));
	return list;
}

static json_t *large_communities(const struct plan_attrs *attrs)
{
	json_t *list = json_array();

	for (size_t i = 0; i < attrs->n_large_communities; i++) {
		const struct large_community *c = &attrs->large_communities[i];

		json_array_append_new(list, json_sprintf("%" PRIu32 ":%" PRIu32 ":%" PRIu32,
							 c->global_admin, c->data1, c->data2));
	}
	return list;
}

/* As the router sees it: empty from an internal peer. */
static json_t *as_path(const struct route_facts *facts)
{
	json_t *list = json_array();

	if (!facts->internal)
		for (unsigned i = 0; i < 1u + facts->attrs->prepend; i++)
			json_array_append_new(list, json_integer(facts->my_asn));
	return list;
}

/* LOCAL_PREF goes to every internal peer; unset is 100 there. */
static json_t *local_pref(const struct route_facts *facts)
{
	if (facts->attrs->has_local_pref)
		return json_integer(facts->attrs->local_pref);
	return facts->internal ? json_integer(100) : json_null();
}

json_t *json_route(const struct route_facts *facts)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "peer", facts->peer, "prefix",
			 json_prefix(facts->prefix), "nextHop", json_addr(facts->next_hop),
			 "localPref", local_pref(facts), "med",
			 facts->attrs->has_med ? json_integer(facts->attrs->med) : json_null(),
			 "asPath", as_path(facts), "communities", communities(facts->attrs),
			 "largeCommunities", large_communities(facts->attrs));
}

static const char *peer_type(enum plan_peer_type type)
{
	return type == PEER_INTERNAL ? "internal" : type == PEER_EXTERNAL ? "external" : NULL;
}

json_t *json_plan_peer(const struct plan_peer *peer)
{
	return json_pack("{s:s, s:o, s:o, s:i, s:o, s:I, s:o, s:i, s:i, s:s, s:o}", "name",
			 peer->name, "address", json_addr(&peer->address), "interface",
			 json_text(peer->interface), "port", peer->port, "type",
			 json_text(peer_type(peer->type)), "myASN", (json_int_t)peer->my_asn,
			 "peerASN", peer->peer_asn ? json_integer(peer->peer_asn) : json_null(),
			 "holdTimeSeconds", peer->hold_time_s, "keepaliveSeconds",
			 peer->keepalive_s, "authentication", peer->password ? "md5" : "none",
			 "bfdProfile", json_text(peer->bfd ? peer->bfd->object.name : NULL));
}

json_t *json_plan_bfd(const struct plan_peer *peer)
{
	const struct bfd_profile *bfd = peer->bfd;

	return json_pack("{s:s, s:o, s:s, s:I, s:I, s:i, s:s}", "peer", peer->name, "address",
			 json_addr(&peer->address), "profile", bfd->object.name,
			 "transmitIntervalMs", (json_int_t)bfd->transmit_ms, "receiveIntervalMs",
			 (json_int_t)bfd->receive_ms, "detectMultiplier", bfd->detect_multiplier,
			 "hops", peer->multihop ? "multi" : "single");
}

static const char *service_state(uint8_t state)
{
	static const char *const words[] = {"allocated", "pending", "none"};

	return words[state];
}

static const char *service_source(uint8_t source)
{
	static const char *const words[] = {NULL,     "requested", "status",
					    "pinned", "lease",	   "allocated"};

	return words[source];
}

static const char *pool_name(const struct plan *plan, uint32_t pool)
{
	size_t n;
	const struct ip_address_pool *pools = model_pools(plan_model(plan), &n);

	return pool < n ? pools[pool].object.name : NULL;
}

json_t *json_plan_service(const struct plan *plan, const struct plan_service *s)
{
	json_t *addresses = json_array();

	for (size_t i = 0; i < s->n_addresses; i++)
		json_array_append_new(addresses, json_addr(&s->addresses[i]));
	return json_pack("{s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o}", "namespace",
			 s->service->object.namespace, "name", s->service->object.name, "addresses",
			 addresses, "state", service_state(s->state), "source",
			 json_text(service_source(s->source)), "pool",
			 json_text(pool_name(plan, s->pool)), "rule",
			 s->rule ? json_sprintf("V-%03u", s->rule) : json_null(), "reason",
			 json_text(s->reason));
}

json_t *json_plan_pool(const struct plan_pool *pool)
{
	return json_pack("{s:s, s:{s:I, s:I}, s:{s:I, s:I}}", "name", pool->pool->object.name,
			 "capacity", "ipv4", (json_int_t)pool->capacity_ipv4, "ipv6",
			 (json_int_t)pool->capacity_ipv6, "inUse", "ipv4",
			 (json_int_t)pool->in_use_ipv4, "ipv6", (json_int_t)pool->in_use_ipv6);
}

json_t *json_vip_services(const struct plan *plan, const struct plan_vip *vip)
{
	const uint32_t *indexes = plan_vip_services(plan) + vip->service;
	json_t *list = json_array();
	size_t n;
	const struct plan_service *services = plan_services(plan, &n);

	for (size_t i = 0; i < vip->n_services; i++)
		json_array_append_new(list,
				      json_object_name(&services[indexes[i]].service->object));
	return list;
}

json_t *json_plan_vip(const struct plan *plan, const struct plan_vip *vip)
{
	size_t n;
	const char *const *interfaces = plan_interfaces(plan, &n);

	return json_pack("{s:o, s:s, s:o, s:o}", "address", json_addr(&vip->addr), "interface",
			 interfaces[vip->interface], "services", json_vip_services(plan, vip),
			 "pool", json_text(pool_name(plan, vip->pool)));
}

static void peer_routes(const struct plan *plan, const struct plan_peer *peer, json_route_fn fn,
			void *arg)
{
	size_t n;
	const struct plan_group *group = &plan_groups(plan, &n)[peer->group];

	for (size_t i = 0; i < group->n_routes; i++) {
		const struct plan_route *route = &group->routes[i];

		if (route->attrs == PLAN_NOT_ANNOUNCED)
			continue;
		fn(arg, json_route(&(const struct route_facts){
				.peer = peer->name,
				.prefix = &route->prefix,
				.attrs = plan_attrs(plan, route->attrs),
				.my_asn = peer->my_asn,
				.internal = peer->type == PEER_INTERNAL,
			}));
	}
}

void json_plan_routes(const struct plan *plan, json_route_fn fn, void *arg)
{
	size_t n;
	const struct plan_peer *peers = plan_peers(plan, &n);

	for (size_t i = 0; i < n; i++)
		if (peers[i].group != PLAN_NONE)
			peer_routes(plan, &peers[i], fn, arg);
}

static int service_order(const void *a, const void *b, void *arg)
{
	const struct plan_service *services = arg;
	const struct object *oa = &services[*(const uint32_t *)a].service->object;
	const struct object *ob = &services[*(const uint32_t *)b].service->object;
	int c = strcmp(oa->namespace ? oa->namespace : "", ob->namespace ? ob->namespace : "");

	return c ? c : strcmp(oa->name, ob->name);
}

uint32_t *plan_services_sorted(const struct plan *plan, size_t *n)
{
	const struct plan_service *services = plan_services(plan, n);
	uint32_t *order = heap_alloc_array(*n + 1, sizeof(*order));

	for (size_t i = 0; i < *n; i++)
		order[i] = (uint32_t)i;
	qsort_r(order, *n, sizeof(*order), service_order, (void *)services);
	return order;
}
