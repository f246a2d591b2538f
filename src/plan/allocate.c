/* allocate.c: which Service has which addresses: the order in which they are served */
#include "plan/allocate.h"

#include "base/heap.h"
#include "base/text.h"
#include "config/selector.h"
#include "plan/allocator.h"

void allocator_use(struct allocator *a, uint32_t service, const struct pool_slot *slot,
		   bool searched)
{
	if (!usage_take(a->usage, slot, service, searched))
		return;
	if (slot->addr.family == ADDR_IPV6)
		a->pools[slot->pool].in_use_ipv6++;
	else
		a->pools[slot->pool].in_use_ipv4++;
}

void allocator_claim(struct allocator *a, uint32_t service, const struct pool_slot *slots,
		     unsigned n, enum plan_service_source source)
{
	struct plan_service *s = &a->services[service];

	for (unsigned i = 0; i < n; i++) {
		allocator_use(a, service, &slots[i], source == SOURCE_ALLOCATED);
		s->addresses[i] = slots[i].addr;
	}
	s->n_addresses = (uint8_t)n;
	s->pool = slots[0].pool;
	s->state = SERVICE_ALLOCATED;
	s->source = (uint8_t)source;
	a->decided[service] = true;
}

void allocator_refuse(struct allocator *a, uint32_t service, uint16_t rule, const char *reason)
{
	struct plan_service *s = &a->services[service];

	s->state = SERVICE_PENDING;
	s->rule = rule;
	s->reason = reason;
	a->decided[service] = true;
}

uint32_t allocator_pool(const struct allocator *a, const char *name)
{
	const struct ip_address_pool *pool = model_find_pool(a->model, name);

	return pool ? (uint32_t)(pool - a->pool_docs) : PLAN_NONE;
}

static void leave_out(struct allocator *a, uint32_t service, const char *reason)
{
	a->services[service].state = SERVICE_NONE;
	a->services[service].reason = reason;
	a->decided[service] = true;
}

/* As in MetalLB: without a class of ours only Services without one, with one only those of it. */
static void read_wishes(struct allocator *a, const char *class)
{
	const char *ours = class && class[0] ? class : NULL;

	for (uint32_t i = 0; i < a->n; i++) {
		const char *theirs = a->docs[i].load_balancer_class;

		a->services[i].service = &a->docs[i];
		a->services[i].pool = PLAN_NONE;
		if (theirs && !theirs[0])
			theirs = NULL;
		if (!text_equal(ours, theirs))
			leave_out(a, i,
				  reason_text(a->arena, "loadBalancerClass is %s%s%s, ours is %s",
					      theirs ? "\"" : "", theirs ? theirs : "not set",
					      theirs ? "\"" : "", ours ? ours : "not set"));
		else if (a->n_pools == 0)
			leave_out(a, i, "there is no IPAddressPool");
		else
			request_of(&a->requests[i], &a->docs[i], a->arena);
	}
}

static bool status_is(const struct service *s, const struct request *r)
{
	struct addr status[2];

	if (s->n_status != r->n_addresses || !addresses_in_order(status, s->status, s->n_status))
		return false;
	for (unsigned i = 0; i < s->n_status; i++) {
		if (!addr_equal(&status[i], &r->addresses[i]))
			return false;
	}
	return true;
}

/* Addresses asked for; in a first round those that a status confirms. */
static void serve_requests(struct allocator *a, bool confirmed)
{
	for (uint32_t i = 0; i < a->n; i++) {
		const struct request *r = &a->requests[i];
		const char *reason = NULL;
		uint16_t rule = 0;

		if (a->decided[i] || r->rule != 0 || r->n_addresses == 0)
			continue;
		if (confirmed && !status_is(&a->docs[i], r))
			continue;
		if (!allocate_wish(a, i, r->addresses, r->n_addresses, SOURCE_REQUESTED, &rule,
				   &reason))
			allocator_refuse(a, i, rule, reason);
	}
}

/* Addresses that the Service had: kept where the families still fit and nothing stands against
 * them.  A malformed request does not cost it those, but is told. */
static void keep(struct allocator *a, uint32_t service, const struct addr *had, unsigned n,
		 enum plan_service_source source)
{
	const struct request *r = &a->requests[service];
	struct addr addresses[2];
	uint16_t rule;

	if (a->decided[service] || r->rule == 91 || !addresses_in_order(addresses, had, n))
		return;
	if (families_of(addresses, n) != r->families && !(r->prefer && n == 1))
		return;
	if (!allocate_wish(a, service, addresses, n, source, &rule, NULL))
		return;
	a->services[service].rule = r->rule;
	a->services[service].reason = r->reason;
}

/* Every Service's pin; documents of one node do not contradict each other. */
static void find_pins(struct allocator *a, const struct node *node)
{
	size_t n;
	const struct address_allocation *docs = model_allocations(a->model, &n);

	for (size_t i = 0; i < n; i++) {
		if (!selectors_match(&docs[i].node_selectors, &node->object.labels, true))
			continue;
		for (uint32_t k = 0; k < docs[i].n_pins; k++) {
			const struct pinned *pin = &docs[i].pins[k];
			const struct service *s =
				model_find_service(a->model, pin->namespace, pin->name);

			if (s)
				a->services[s - a->docs].pin = pin;
		}
	}
}

static void serve_memory(struct allocator *a, const struct leases *leases)
{
	for (uint32_t i = 0; i < a->n; i++)
		keep(a, i, a->docs[i].status, a->docs[i].n_status, SOURCE_STATUS);
	for (uint32_t i = 0; i < a->n; i++) {
		const struct pinned *pin = a->services[i].pin;

		if (pin)
			keep(a, i, pin->addresses, pin->n_addresses, SOURCE_PINNED);
	}
	for (uint32_t i = 0; i < a->n && leases; i++) {
		const struct lease *lease =
			leases_find(leases, a->docs[i].object.namespace, a->docs[i].object.name);

		if (lease)
			keep(a, i, lease->addresses, lease->n_addresses, SOURCE_LEASE);
	}
	for (uint32_t i = 0; i < a->n; i++) {
		if (a->decided[i])
			allocate_second_family(a, i);
		else if (a->requests[i].rule != 0)
			allocator_refuse(a, i, a->requests[i].rule, a->requests[i].reason);
	}
}

static void serve_searches(struct allocator *a)
{
	for (uint32_t i = 0; i < a->n; i++) {
		const char *pool = a->docs[i].requested_pool;

		if (!a->decided[i] && pool && pool[0])
			allocate_from_pool(a, i);
	}
	for (uint32_t i = 0; i < a->n; i++) {
		if (!a->decided[i])
			allocate_automatic(a, i);
	}
}

static void begin_pools(struct allocator *a)
{
	for (size_t i = 0; i < a->n_pools; i++) {
		struct plan_pool *p = &a->pools[i];

		p->capacity_ipv4 = pool_capacity(p->pool, ADDR_IPV4);
		p->capacity_ipv6 = pool_capacity(p->pool, ADDR_IPV6);
		if (p->settings.vips == POOL_VIPS_SERVICES)
			continue;
		p->in_use_ipv4 = p->capacity_ipv4;
		p->in_use_ipv6 = p->capacity_ipv6;
	}
}

void allocate(const struct model *model, const struct node *node, const char *load_balancer_class,
	      const struct leases *leases, struct arena *arena, struct plan_service *services,
	      struct plan_pool *pools)
{
	struct allocator a = {.model = model, .arena = arena, .services = services, .pools = pools};

	a.docs = model_services(model, &a.n);
	a.pool_docs = model_pools(model, &a.n_pools);
	a.requests = heap_alloc_array(a.n, sizeof(*a.requests));
	a.decided = heap_alloc_array(a.n, sizeof(*a.decided));
	a.book = pool_book_new(model);
	a.usage = usage_new(a.docs);
	begin_pools(&a);
	a.walks = walks_new(&a);
	read_wishes(&a, load_balancer_class);
	find_pins(&a, node);
	serve_requests(&a, true);
	serve_requests(&a, false);
	serve_memory(&a, leases);
	serve_searches(&a);
	walks_free(a.walks);
	usage_free(a.usage);
	pool_book_free(a.book);
	free(a.decided);
	free(a.requests);
}
