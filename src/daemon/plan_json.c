/* plan_json.c: plan -> JSON */
#include "daemon/plan_json.h"
#include "base/heap.h"

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

json_t *json_block(const struct addr *addr, unsigned len)
{
	char text[PREFIX_TEXT_MAX];

	return json_string(addr_format_block(text, addr, len));
}

json_t *json_vip(const struct plan_vip *vip)
{
	return json_block(&vip->addr, vip->length);
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
			 peer->keepalive_s, "authentication",
			 peer->password || peer->password_file ? "md5" : "none", "bfdProfile",
			 json_text(peer->bfd ? peer->bfd->object.name : NULL));
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

const char *plan_service_state_name(const struct plan_service *service)
{
	static const char *const words[] = {"allocated", "pending", "none"};

	return words[service->state];
}

const char *plan_service_source_name(const struct plan_service *service)
{
	static const char *const words[] = {NULL,     "requested", "status",
					    "pinned", "lease",	   "allocated"};

	return words[service->source];
}

const char *plan_pool_name(const struct plan *plan, uint32_t pool)
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
	for (uint32_t i = 0; s->whole_pool && i < s->whole_pool->n_blocks; i++)
		json_array_append_new(addresses, json_string(s->whole_pool->blocks[i].text));
	return json_pack("{s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o}", "namespace",
			 s->service->object.namespace, "name", s->service->object.name, "addresses",
			 addresses, "state", plan_service_state_name(s), "source",
			 json_text(plan_service_source_name(s)), "pool",
			 json_text(plan_pool_name(plan, s->pool)), "rule",
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

static json_t *vip_checks(const struct plan *plan, const struct plan_vip *vip)
{
	json_t *list = json_array();
	size_t n;
	const struct plan_check_set *set = &plan_check_sets(plan, &n)[vip->check_set];
	const struct health_check *checks = model_health_checks(plan_model(plan), &n);

	for (uint32_t i = 0; i < set->n_checks; i++)
		json_array_append_new(list, json_string(checks[set->checks[i]].object.name));
	return list;
}

json_t *json_plan_vip(const struct plan *plan, const struct plan_vip *vip)
{
	size_t n;
	const char *const *interfaces = plan_interfaces(plan, &n);

	return json_pack("{s:o, s:s, s:o, s:o, s:o}", "address", json_vip(vip), "interface",
			 interfaces[vip->interface], "services", json_vip_services(plan, vip),
			 "pool", json_text(plan_pool_name(plan, vip->pool)), "healthChecks",
			 vip_checks(plan, vip));
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

bool object_is_named(const struct object *object, const char *name)
{
	const char *slash = strchr(name, '/');
	size_t len;

	if (!slash)
		return strcmp(object->name, name) == 0;
	len = (size_t)(slash - name);
	return object->namespace && strlen(object->namespace) == len &&
	       strncmp(object->namespace, name, len) == 0 && strcmp(object->name, slash + 1) == 0;
}
