/* allocate_wish.c: may a Service have these very addresses?  Asked for, of a status, or leased */
#include "plan/allocator.h"

#include "config/model.h"
#include "config/selector.h"

#include <stdio.h>

struct wish {
	struct allocator *a;
	uint32_t service;
	const struct addr *addresses;
	unsigned n;
	struct pool_slot slots[2];
	uint16_t *rule;
	const char **reason; /* NULL: nobody asks */
};

#define refuse(w, number, ...)                                                                   \
	(*(w)->rule = (number),                                                                  \
	 (w)->reason ? (void)(*(w)->reason = reason_text((w)->a->arena, __VA_ARGS__)) : (void)0, \
	 false)

static const char *pool_name(const struct wish *w, uint32_t pool)
{
	return w->a->pool_docs[pool].object.name;
}

static bool find_pools(struct wish *w)
{
	char text[ADDR_TEXT_MAX], other[ADDR_TEXT_MAX];

	for (unsigned i = 0; i < w->n; i++) {
		struct pool_slot *slot = &w->slots[i];

		addr_format(text, &w->addresses[i]);
		if (!pool_book_find(w->a->book, &w->addresses[i], slot))
			return refuse(w, 84, "%s is in no IPAddressPool", text);
		if (!pool_is_usable(&w->a->pool_docs[slot->pool], &slot->addr))
			return refuse(w, 84, "%s ends in .0 or .255, which pool %s avoids", text,
				      pool_name(w, slot->pool));
	}
	if (w->n == 2 && w->slots[0].pool != w->slots[1].pool)
		return refuse(w, 85, "%s is in pool %s, %s in pool %s",
			      addr_format(other, &w->addresses[0]), pool_name(w, w->slots[0].pool),
			      text, pool_name(w, w->slots[1].pool));
	return true;
}

/* What keeps one of the two from sharing. */
static const char *alone(const struct service *s)
{
	return !s->sharing_key || !s->sharing_key[0]
		       ? "has no sharing key"
		       : "has no port, and so holds its address alone";
}

static bool refuse_usage(struct wish *w, const struct addr *addr, enum usage_verdict verdict,
			 uint32_t other)
{
	const struct service *s = &w->a->docs[w->service], *user = &w->a->docs[other];
	const struct object *o = &user->object;
	char text[ADDR_TEXT_MAX];

	addr_format(text, addr);
	switch (verdict) {
	case USAGE_NO_KEY:
		if (s->n_ports == 0 || !s->sharing_key || !s->sharing_key[0])
			return refuse(w, 89, "%s is in use by %s/%s, and this Service %s", text,
				      o->namespace, o->name, alone(s));
		return refuse(w, 89, "%s is in use by %s/%s, which %s", text, o->namespace, o->name,
			      alone(user));
	case USAGE_OTHER_KEY:
		return refuse(w, 89, "%s is in use by %s/%s, which has another sharing key", text,
			      o->namespace, o->name);
	case USAGE_OTHER_BACKENDS:
		return refuse(w, 89,
			      "%s is in use by %s/%s, whose externalTrafficPolicy or selector "
			      "differs",
			      text, o->namespace, o->name);
	case USAGE_SAME_PORT:
		return refuse(w, 90, "%s/%s has the same port on %s", o->namespace, o->name, text);
	case USAGE_FREE:
	case USAGE_SHARABLE:
		break;
	}
	return true;
}

static bool may_use(struct wish *w)
{
	for (unsigned i = 0; i < w->n; i++) {
		uint32_t other = 0;
		enum usage_verdict v = usage_ask(w->a->usage, &w->addresses[i], w->service, &other);

		if (!refuse_usage(w, &w->addresses[i], v, other))
			return false;
	}
	return true;
}

bool allocate_is_allowed(const struct allocator *a, uint32_t pool, uint32_t service)
{
	return a->pools[pool].settings.vips == POOL_VIPS_SERVICES &&
	       pool_book_allows(a->book, pool, &a->docs[service]);
}

const char *allocate_not_allowed(const struct allocator *a, uint32_t pool, uint32_t service)
{
	const struct ip_address_pool *p = &a->pool_docs[pool];
	const struct object *o = &a->docs[service].object;

	if (a->pools[pool].settings.vips != POOL_VIPS_SERVICES)
		return reason_text(
			a->arena,
			"pool %s gives nothing to Services: a PoolPolicy makes VIPs of all "
			"its addresses",
			p->object.name);
	if (!selectors_match(&p->service_selectors, &o->labels, true))
		return reason_text(a->arena,
				   "pool %s is for Services with other labels "
				   "(serviceAllocation.serviceSelectors)",
				   p->object.name);
	return reason_text(a->arena, "pool %s is not for namespace %s (serviceAllocation)",
			   p->object.name, o->namespace);
}

bool allocate_wish(struct allocator *a, uint32_t service, const struct addr *addresses, unsigned n,
		   enum plan_service_source source, uint16_t *rule, const char **reason)
{
	const char *asked = a->docs[service].requested_pool;
	struct wish w = {a, service, addresses, n, {{0}}, rule, reason};
	char text[ADDR_TEXT_MAX];

	if (!find_pools(&w))
		return false;
	if (!allocate_is_allowed(a, w.slots[0].pool, service))
		return refuse(&w, 88, "%s", allocate_not_allowed(a, w.slots[0].pool, service));
	if (!may_use(&w))
		return false;
	if (asked && asked[0] && allocator_pool(a, asked) != w.slots[0].pool)
		return refuse(&w, 86, "pool %s is asked for, but %s is in pool %s", asked,
			      addr_format(text, &addresses[0]), pool_name(&w, w.slots[0].pool));
	allocator_claim(a, service, w.slots, n, source);
	return true;
}
