/* allocate_search.c: the lowest address that is free or may be shared, in the pools that fit */
#include "plan/allocator.h"

#include "base/text.h"
#include "config/model.h"

static bool find_address(struct allocator *a, uint32_t pool, uint8_t family, uint32_t service,
			 struct pool_slot *ret)
{
	struct pool_slot shared, unused;
	bool can_share = usage_first_sharable(a->usage, service, pool, family, &shared);
	bool is_free = pool_book_first_free(a->book, pool, family, a->usage, &unused);

	if (!can_share && !is_free)
		return false;
	*ret = !is_free || (can_share && pool_slot_cmp(&shared, &unused) < 0) ? shared : unused;
	return true;
}

/* All the families at once, or nothing. */
static bool claim_from(struct allocator *a, uint32_t pool, uint8_t families, uint32_t service)
{
	struct pool_slot slots[2];
	unsigned n = 0;

	if ((families & WANT_IPV4) && !find_address(a, pool, ADDR_IPV4, service, &slots[n++]))
		return false;
	if ((families & WANT_IPV6) && !find_address(a, pool, ADDR_IPV6, service, &slots[n++]))
		return false;
	allocator_claim(a, service, slots, n, SOURCE_ALLOCATED);
	return true;
}

static uint8_t primary_of(const struct request *r)
{
	return r->primary == ADDR_IPV6 ? WANT_IPV6 : WANT_IPV4;
}

static void refuse_full(struct allocator *a, uint32_t service, const char *where)
{
	const struct request *r = &a->requests[service];

	allocator_refuse(a, service, 92,
			 reason_text(a->arena, "no free %s in %s",
				     r->prefer			? "address"
				     : r->families == WANT_BOTH ? "pair of IPv4 and IPv6 address"
				     : r->families == WANT_IPV6 ? "IPv6 address"
								: "IPv4 address",
				     where));
}

void allocate_from_pool(struct allocator *a, uint32_t service)
{
	const struct request *r = &a->requests[service];
	const char *name = a->docs[service].requested_pool;
	uint32_t pool = allocator_pool(a, name);
	struct text where = {0};

	if (pool == PLAN_NONE) {
		allocator_refuse(a, service, 87,
				 reason_text(a->arena, "there is no IPAddressPool %s", name));
		return;
	}
	if (!allocate_is_allowed(a, pool, service)) {
		allocator_refuse(a, service, 88, allocate_not_allowed(a, pool, service));
		return;
	}
	if (r->contradicts) {
		allocator_refuse(a, service, 91,
				 "ipFamilyPolicy SingleStack contradicts two families");
		return;
	}
	if (claim_from(a, pool, r->families, service))
		return;
	if (r->prefer &&
	    (claim_from(a, pool, WANT_IPV4, service) || claim_from(a, pool, WANT_IPV6, service)))
		return;
	text_addf(&where, "pool %s", name);
	refuse_full(a, service, where.text);
	text_fini(&where);
}

/* A walk over pools: those of a serviceAllocation by priority, or those of nobody. */
static uint32_t walk_pool(const struct allocator *a, bool pinned, size_t i, uint32_t service)
{
	uint32_t pool = pinned ? a->by_priority[i] : (uint32_t)i;

	if (!a->pool_docs[pool].auto_assign || a->pools[pool].settings.vips != POOL_VIPS_SERVICES)
		return PLAN_NONE;
	if (pinned)
		return pool_book_is_pinned(a->book, pool, &a->docs[service]) ? pool : PLAN_NONE;
	return a->pool_docs[pool].has_allocation ? PLAN_NONE : pool;
}

static size_t walk_length(const struct allocator *a, bool pinned)
{
	return pinned ? a->n_by_priority : a->n_pools;
}

static bool walk(struct allocator *a, bool pinned, uint8_t families, uint32_t service)
{
	for (size_t i = 0; i < walk_length(a, pinned); i++) {
		uint32_t pool = walk_pool(a, pinned, i, service);

		if (pool != PLAN_NONE && claim_from(a, pool, families, service))
			return true;
	}
	return false;
}

static bool walk_all(struct allocator *a, bool pinned, uint32_t service)
{
	const struct request *r = &a->requests[service];

	if (walk(a, pinned, r->families, service))
		return true;
	return r->prefer && (walk(a, pinned, primary_of(r), service) ||
			     walk(a, pinned, WANT_BOTH & ~primary_of(r), service));
}

/* "pool a", "pools a, b, c, ..."; false where there is none. */
static bool name_pools(struct text *text, const struct allocator *a, uint32_t service)
{
	enum { NAMES_MAX = 3 };
	unsigned n = 0;

	for (int pinned = 1; pinned >= 0; pinned--) {
		for (size_t i = 0; i < walk_length(a, pinned); i++) {
			uint32_t pool = walk_pool(a, pinned, i, service);

			if (pool == PLAN_NONE)
				continue;
			if (n++ < NAMES_MAX)
				text_addf(text, "%s%s", n == 1 ? "pool " : ", ",
					  a->pool_docs[pool].object.name);
		}
	}
	if (n > NAMES_MAX)
		text_addf(text, " and %u more", n - NAMES_MAX);
	return n > 0;
}

void allocate_automatic(struct allocator *a, uint32_t service)
{
	struct text where = {0};

	if (walk_all(a, true, service) || walk_all(a, false, service))
		return;
	if (name_pools(&where, a, service))
		refuse_full(a, service, where.text);
	else
		allocator_refuse(a, service, 92,
				 "no IPAddressPool gives addresses to this Service without being "
				 "asked (autoAssign, serviceAllocation)");
	text_fini(&where);
}

void allocate_second_family(struct allocator *a, uint32_t service)
{
	struct plan_service *s = &a->services[service];
	struct pool_slot slot;
	bool has_ipv4 = s->addresses[0].family == ADDR_IPV4;

	if (!a->requests[service].prefer || s->n_addresses != 1)
		return;
	if (!find_address(a, s->pool, has_ipv4 ? ADDR_IPV6 : ADDR_IPV4, service, &slot))
		return;
	allocator_use(a, service, &slot, true);
	if (!has_ipv4)
		s->addresses[1] = s->addresses[0];
	s->addresses[has_ipv4] = slot.addr;
	s->n_addresses = 2;
}
