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
/* "192.0.2.1", or "192.0.2.0/24" for a block */
json_t *json_block(const struct addr *addr, unsigned len);
json_t *json_vip(const struct plan_vip *vip);
json_t *json_prefix(const struct prefix *prefix);
/* "namespace/name" */
json_t *json_object_name(const struct object *object);
/* By "namespace/name", or by "name" in any namespace? */
bool object_is_named(const struct object *object, const char *name);

json_t *json_plan_peer(const struct plan_peer *peer);
json_t *json_plan_bfd(const struct plan_peer *peer);
json_t *json_plan_service(const struct plan *plan, const struct plan_service *service);
json_t *json_plan_pool(const struct plan_pool *pool);
json_t *json_plan_vip(const struct plan *plan, const struct plan_vip *vip);
/* The Services that share a VIP: ["namespace/name"]. */
json_t *json_vip_services(const struct plan *plan, const struct plan_vip *vip);

/* NULL for PLAN_NONE */
const char *plan_pool_name(const struct plan *plan, uint32_t pool);
const char *plan_service_state_name(const struct plan_service *service);
/* NULL where it has no address */
const char *plan_service_source_name(const struct plan_service *service);
/* Indexes of the plan's services by namespace and name; to be freed. */
uint32_t *plan_services_sorted(const struct plan *plan, size_t *n);

#endif
