/* test_pool.c: capacity, owners of addresses, and the search for the lowest free one */
#include "plan/pool.h"

#include "config/model.h"
#include "plan_text.h"

#include <stdlib.h>

static struct addr address(const char *text)
{
	struct addr a;

	cr_assert_eq(addr_parse(&a, text), ADDR_OK, "%s", text);
	return a;
}

#define AVOID ", avoidBuggyIPs: true"
static const struct {
	const char *yaml;
	uint64_t ipv4, ipv6;
} capacities[] = {
	{POOL("p", "192.0.2.0/24", ""), 256, 0},
	{POOL("p", "192.0.2.0/24", AVOID), 254, 0},
	{POOL("p", "10.0.0.0/16", AVOID), 65536 - 2 * 256, 0},
	{POOL("p", "192.0.2.0/32", AVOID), 0, 0},
	{POOL("p", "192.0.2.1-192.0.2.254", AVOID), 254, 0},
	{POOL("p", "192.0.2.250-192.0.3.5", AVOID), 10, 0},
	{POOL("p", "0.0.0.0/0", ""), 1ull << 32, 0},
	{POOL("p", "0.0.0.0/0", AVOID), (1ull << 32) - (1ull << 25), 0},
	{POOL("p", "192.0.2.0/30, 198.51.100.7/32, \"2001:db8::/120\"", ""), 5, 256},
	{POOL("p", "\"2001:db8::/64\"", ""), 0, INT64_MAX},
	{POOL("p", "\"2001:db8::/65\", \"2001:db8:1::/65\"", AVOID), 0, INT64_MAX},
};

Test(pool, capacity)
{
	for (size_t i = 0; i < sizeof(capacities) / sizeof(capacities[0]); i++) {
		struct planned p = plan_text(capacities[i].yaml, "a", NULL);
		size_t n;
		const struct plan_pool *pools = plan_pools(p.plan, &n);

		cr_assert_eq(n, 1);
		cr_expect_eq(pools[0].capacity_ipv4, capacities[i].ipv4, "%s: %llu",
			     capacities[i].yaml, (unsigned long long)pools[0].capacity_ipv4);
		cr_expect_eq(pools[0].capacity_ipv6, capacities[i].ipv6, "%s: %llu",
			     capacities[i].yaml, (unsigned long long)pools[0].capacity_ipv6);
		planned_fini(&p);
	}
}

Test(pool, an_address_is_found_in_its_block)
{
	struct planned p = plan_text(POOL("x", "198.51.100.0/25, 192.0.2.10-192.0.2.20", "")
					     POOL("y", "192.0.2.0/29, \"2001:db8::/64\"", ""),
				     "a", NULL);
	struct pool_book *book = pool_book_new(p.model);
	static const struct {
		const char *addr;
		int pool, block; /* -1: none */
	} rows[] = {
		{"198.51.100.0", 0, 0},	    {"198.51.100.127", 0, 0},  {"198.51.100.128", -1, 0},
		{"192.0.2.10", 0, 1},	    {"192.0.2.20", 0, 1},      {"192.0.2.21", -1, 0},
		{"192.0.2.7", 1, 0},	    {"192.0.2.8", -1, 0},      {"1.2.3.4", -1, 0},
		{"2001:db8::ffff", 1, 1},   {"2001:db8:0:1::", -1, 0}, {"::", -1, 0},
		{"255.255.255.255", -1, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct addr a = address(rows[i].addr);
		struct pool_slot slot = {0};

		cr_expect_eq(pool_book_find(book, &a, &slot), rows[i].pool >= 0, "%s",
			     rows[i].addr);
		if (rows[i].pool < 0)
			continue;
		cr_expect_eq(slot.pool, (uint32_t)rows[i].pool, "%s", rows[i].addr);
		cr_expect_eq(slot.block, (uint32_t)rows[i].block, "%s", rows[i].addr);
		cr_expect(addr_equal(&slot.addr, &a));
	}
	pool_book_free(book);
	planned_fini(&p);
}

/* Block by block as they are listed, past what is used and what is avoided, and no further. */
Test(pool, the_first_free_address)
{
	static const char *const wanted[] = {"192.0.2.254", "192.0.3.1", "192.0.2.1"};
	struct planned p =
		plan_text(POOL("x", "192.0.2.254-192.0.3.2, 192.0.2.0/31", AVOID) SERVICE("s", ""),
			  "a", NULL);
	size_t n;
	struct pool_book *book = pool_book_new(p.model);
	struct usage *usage = usage_new(model_services(p.model, &n));
	struct pool_slot slot = {0, 0, address("192.0.3.2")};

	usage_take(usage, &slot, 0, false);
	for (size_t i = 0; i < 3; i++) {
		cr_assert(pool_book_first_free(book, 0, ADDR_IPV4, usage, &slot));
		cr_expect(pool_book_first_free(book, 0, ADDR_IPV4, usage, &slot),
			  "asking takes none");
		struct addr a = address(wanted[i]);

		cr_expect(addr_equal(&slot.addr, &a), "%zu", i);
		usage_take(usage, &slot, 0, true);
	}
	cr_expect(!pool_book_first_free(book, 0, ADDR_IPV4, usage, &slot));
	cr_expect(!pool_book_first_free(book, 0, ADDR_IPV6, usage, &slot));
	usage_free(usage);
	pool_book_free(book);
	planned_fini(&p);
}
