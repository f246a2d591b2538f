/* plan_json.h: the parts of a plan as JSON, in the shapes that `plan` and `show` share
 *
 * Each returns a new reference.  Members stand in the order of the contract.
 */
#ifndef MLBGPD_DAEMON_PLAN_JSON_H
#define MLBGPD_DAEMON_PLAN_JSON_H

#include "plan/plan.h"

#include <jansson.h>

/* null where text is NULL */
json_t *json_text(const char *text);
/* null for ADDR_NONE */
json_t *json_addr(const struct addr *addr);
json_t *json_prefix(const struct prefix *prefix);
/* "namespace/name" */
json_t *json_object_name(const struct object *object);

struct route_facts {
	const char *peer;
	const struct prefix *prefix;
	const struct addr *next_hop; /* NULL or ADDR_NONE: not known */
	const struct plan_attrs *attrs;
	uint32_t my_asn;
	bool internal;
};
json_t *json_route(const struct route_facts *facts);
json_t *json_plan_peer(const struct plan_peer *peer);
json_t *json_plan_bfd(const struct plan_peer *peer);
json_t *json_plan_service(const struct plan *plan, const struct plan_service *service);
json_t *json_plan_pool(const struct plan_pool *pool);
json_t *json_plan_vip(const struct plan *plan, const struct plan_vip *vip);
/* The Services that share a VIP: ["namespace/name"]. */
json_t *json_vip_services(const struct plan *plan, const struct plan_vip *vip);

/* Every route of a plan that is announced, by peer, then prefix. */
typedef void (*json_route_fn)(void *arg, json_t *take);
void json_plan_routes(const struct plan *plan, json_route_fn fn, void *arg);
/* Indexes of the plan's services by namespace and name; to be freed. */
uint32_t *plan_services_sorted(const struct plan *plan, size_t *n);

#endif
