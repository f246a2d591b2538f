/* explain_reason.c: chains without a Service of ours, and each no in one word
 *
 * The words are those by which MetalLB's speaker logs a withdrawal, where it has one.
 */
#include "plan/explain_reason.h"

#include "plan/explain.h"

#include <string.h>

static const struct {
	const char *step, *reason;
} reasons[] = {
	{"service", "notLoadBalancer"},
	{"address", "noIPAllocated"},
	{"pool", "ipNotAllowed"},
	{"advertisement", "notOwner"},
	{"node", "notOwner"},
	{"serviceSelectors", "noMatchingAdvertisement"},
	{"conflict", "conflictingAdvertisements"},
	{"excluded", "nodeNetworkUnavailable"},
	{"healthCheck", "noEndpoints"},
	{"peer", "peerNotNamed"},
	{"nodeSelectors", "peerNotOnNode"},
	{"family", "familyNotCarried"},
	{"shutdown", "peerShutdown"},
	{"vip", "vipNotThere"},
	{"session", "sessionNotEstablished"},
	{"route", "routeNotSent"},
};

const char *explain_reason(const char *step)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (strcmp(reasons[i].step, step) == 0)
			return reasons[i].reason;
	return "unknown";
}

const char *explain_reason_of_rule(uint16_t rule)
{
	switch (rule) {
	case 81: /* no address at all */
		return "invalidIP";
	case 84: /* in no pool, in several, in one for others */
	case 85:
	case 86:
	case 88:
		return "ipNotAllowed";
	default:
		return "noIPAllocated";
	}
}

static const struct ip_address_pool *pool_around(const struct model *model, const struct addr *addr)
{
	size_t n;
	const struct ip_address_pool *pools = model_pools(model, &n);

	for (size_t i = 0; i < n; i++)
		for (uint32_t b = 0; b < pools[i].n_blocks; b++)
			if (addr_range_contains(&pools[i].blocks[b].range, addr))
				return &pools[i];
	return NULL;
}

void explain_address(struct explain *ret, const struct plan *plan, const struct addr *addr)
{
	const struct ip_address_pool *pool = pool_around(plan_model(plan), addr);
	char text[ADDR_TEXT_MAX];

	*ret = (struct explain){.ok = true};
	addr_format(text, addr);
	if (!pool) {
		explain_add(ret, (struct explain_step){.name = "pool"},
			    "%s is in no IPAddressPool, and no Service has it", text);
		return;
	}
	explain_add(ret,
		    (struct explain_step){.name = "pool",
					  .ok = true,
					  .object = &pool->object,
					  .field = "spec.addresses"},
		    "%s is in IPAddressPool %s", text, pool->object.name);
	explain_add(ret, (struct explain_step){.name = "service", .object = &pool->object},
		    "no Service has %s", text);
	ret->reason = "serviceDeleted";
}

void explain_other(struct explain *ret, const struct other_service *service)
{
	*ret = (struct explain){.ok = true};
	explain_add(ret,
		    (struct explain_step){
			    .name = "service", .object = &service->object, .field = "spec.type"},
		    "Service %s/%s is of type %s: LoadBalancer alone gets a VIP",
		    service->object.namespace, service->object.name, service->type);
}
