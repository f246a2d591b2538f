/* allocate_search.c: the lowest address that is free or may be shared, in the pools that fit */
#include "plan/allocator.h"

#include "base/text.h"
#include "config/model.h"

enum { NAMES_MAX = 3 };

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

static bool walk(struct allocator *a, struct walk *w, uint8_t families, uint32_t service)
{
	for (size_t i = walk_begin(a, w, families, service); i < w->pools.n; i++) {
		uint32_t pool = w->pools.at[i];

		if (walk_fits(a, pool, service) && claim_from(a, pool, families, service))
			return true;
	}
	return false;
}

static bool walk_all(struct allocator *a, struct walk *w, uint32_t service)
{
	const struct request *r = &a->requests[service];

	if (walk(a, w, r->families, service))
		return true;
	return r->prefer && (walk(a, w, primary_of(r), service) ||
			     walk(a, w, WANT_BOTH & ~primary_of(r), service));
}

/* "pool a", "pools a, b, c, ..."; adds how many there are to *n. */
static void name_pools(struct text *text, const struct allocator *a, const struct walk *w,
		       uint32_t service, unsigned *n)
{
	for (size_t i = 0; i < w->pools.n; i++) {
		uint32_t pool = w->pools.at[i];

		if (walk_fits(a, pool, service) && (*n)++ < NAMES_MAX)
			text_addf(text, "%s%s", *n == 1 ? "pool " : ", ",
				  a->pool_docs[pool].object.name);
	}
}

void allocate_automatic(struct allocator *a, uint32_t service)
{
	struct walk *pinned = walks_pinned(a->walks, a, service);
	struct walk *general = walks_general(a->walks);
	struct text where = {0};
	unsigned n = 0;

	if (walk_all(a, pinned, service) || walk_all(a, general, service))
		return;
	name_pools(&where, a, pinned, service, &n);
	name_pools(&where, a, general, service, &n);
	if (n > NAMES_MAX)
		text_addf(&where, " and %u more", n - NAMES_MAX);
	if (n > 0)
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
