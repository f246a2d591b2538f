/* plan_pool.c: what the PoolPolicies say of each pool, and pools whose addresses are all VIPs */
#include "plan/plan_impl.h"

#include "base/arena.h"
#include "base/text.h"
#include "plan/pool.h"

static uint32_t interface_of(struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->n_interfaces; i++)
		if (text_equal(plan->interfaces[i], name))
			return (uint32_t)i;
	plan->interfaces[plan->n_interfaces] = name;
	return (uint32_t)plan->n_interfaces++;
}

/* It looks like a Service to all who name one: pool/NAME, at the place of its pool. */
static const struct service *service_of(struct plan *plan, const struct ip_address_pool *pool)
{
	struct service *service = arena_alloc(plan->arena, sizeof(*service));

	*service = (struct service){.object = pool->object};
	service->object.namespace = "pool";
	service->object.labels = (struct labels){0};
	return service;
}

void plan_make_pools(struct plan *plan)
{
	const struct ip_address_pool *docs = model_pools(plan->model, &plan->n_pools);

	plan->pools = arena_array_of(plan->arena, struct plan_pool, plan->n_pools);
	plan->interfaces = arena_array_of(plan->arena, const char *, plan->n_pools + 1);
	plan->interfaces[0] = plan->settings.vip_interface;
	plan->n_interfaces = 1;
	model_services(plan->model, &plan->n_services);
	plan->services =
		arena_array_of(plan->arena, struct plan_service, plan->n_services + plan->n_pools);
	for (size_t i = 0; i < plan->n_pools; i++) {
		struct plan_pool *p = &plan->pools[i];

		p->pool = &docs[i];
		model_pool_policy(plan->model, plan->node, &docs[i], &p->settings);
		p->interface = interface_of(plan, p->settings.interface);
		if (p->settings.vips == POOL_VIPS_SERVICES)
			continue;
		plan->services[plan->n_services++] = (struct plan_service){
			.service = service_of(plan, &docs[i]),
			.whole_pool = &docs[i],
			.state = SERVICE_ALLOCATED,
			.pool = (uint32_t)i,
		};
	}
}

static void each_address(const struct ip_address_pool *pool, const struct addr_range *range,
			 plan_block_fn fn, void *arg)
{
	struct addr addr = range->first;

	do {
		const struct prefix one = prefix_of(&addr, addr_bits(&addr));

		if (pool_is_usable(pool, &addr))
			fn(arg, &one);
	} while (!addr_equal(&addr, &range->last) && addr_next(&addr));
}

static void each_block(struct addr_range range, plan_block_fn fn, void *arg)
{
	struct prefix block;
	bool more = true;

	while (addr_range_take_prefix(&range, &more, &block))
		fn(arg, &block);
}

void plan_pool_vips(const struct plan_pool *pool, plan_block_fn fn, void *arg)
{
	for (uint32_t i = 0; i < pool->pool->n_blocks; i++) {
		const struct addr_range *range = &pool->pool->blocks[i].range;

		if (pool->settings.vips == POOL_VIPS_PREFIXES)
			each_block(*range, fn, arg);
		else
			each_address(pool->pool, range, fn, arg);
	}
}
