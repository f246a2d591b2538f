/* test_addr_range.c: ranges of addresses, and the prefixes that make them up */
#include "base/addr.h"
#include "base/text.h"

#include <criterion/criterion.h>
#include <string.h>

#define N(table) (sizeof(table) / sizeof((table)[0]))

static struct addr_range range(const char *text)
{
	struct addr_range r = {0};

	cr_assert_eq(addr_range_parse(&r, text), ADDR_OK, "%s", text);
	return r;
}

Test(addr_range, texts)
{
	static const struct {
		const char *text;
		enum addr_problem problem;
		const char *first, *last;
		uint64_t size;
	} rows[] = {
		{"192.0.2.0/24", ADDR_OK, "192.0.2.0", "192.0.2.255", 256},
		{"192.0.2.9/32", ADDR_OK, "192.0.2.9", "192.0.2.9", 1},
		{"192.0.2.10-192.0.2.20", ADDR_OK, "192.0.2.10", "192.0.2.20", 11},
		{" 192.0.2.10 -\t192.0.2.10 ", ADDR_OK, "192.0.2.10", "192.0.2.10", 1},
		{"0.0.0.0/0", ADDR_OK, "0.0.0.0", "255.255.255.255", UINT64_C(1) << 32},
		{"2001:db8::1-2001:db8::1:0", ADDR_OK, "2001:db8::1", "2001:db8::1:0", 65536},
		{"2001:db8::/66", ADDR_OK, "2001:db8::", "2001:db8::3fff:ffff:ffff:ffff",
		 UINT64_C(1) << 62},
		{"2001:db8::/64", ADDR_OK, "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff",
		 INT64_MAX},
		{"::/0", ADDR_OK, "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", INT64_MAX},
		{"192.0.2.1", ADDR_NO_LENGTH, NULL, NULL, 0},
		{" 192.0.2.0/24", ADDR_BAD_TEXT, NULL, NULL, 0},
		{"-192.0.2.1", ADDR_BAD_FIRST, NULL, NULL, 0},
		{"192.0.2.0/24-192.0.2.9", ADDR_BAD_FIRST, NULL, NULL, 0},
		{"192.0.2.1-", ADDR_BAD_LAST, NULL, NULL, 0},
		{"192.0.2.1-9", ADDR_BAD_LAST, NULL, NULL, 0},
		{"192.0.2.1-192.0.2.2-192.0.2.3", ADDR_BAD_LAST, NULL, NULL, 0},
		{"192.0.2.1-2001:db8::1", ADDR_MIXED_FAMILIES, NULL, NULL, 0},
		{"192.0.2.10-192.0.2.9", ADDR_REVERSED, NULL, NULL, 0},
	};

	for (size_t i = 0; i < N(rows); i++) {
		struct addr_range r = {0};
		char buf[ADDR_TEXT_MAX];

		cr_expect_eq(addr_range_parse(&r, rows[i].text), rows[i].problem, "%s",
			     rows[i].text);
		if (rows[i].problem != ADDR_OK) {
			cr_expect_eq(r.first.family, ADDR_NONE, "%s: touched", rows[i].text);
			cr_expect_str_neq(addr_problem_text(rows[i].problem), "unknown problem");
			continue;
		}
		cr_expect_str_eq(addr_format(buf, &r.first), rows[i].first);
		cr_expect_str_eq(addr_format(buf, &r.last), rows[i].last);
		cr_expect_eq(addr_range_size(&r), rows[i].size, "%s", rows[i].text);
	}
}

Test(addr_range, contains)
{
	struct addr_range r = range("192.0.2.10-192.0.2.20");
	static const struct {
		const char *text;
		bool inside;
	} rows[] = {{"192.0.2.9", false},  {"192.0.2.10", true}, {"192.0.2.20", true},
		    {"192.0.2.21", false}, {"::", false},	 {"c000:20a::", false}};

	for (size_t i = 0; i < N(rows); i++) {
		struct addr a;

		cr_assert_eq(addr_parse(&a, rows[i].text), ADDR_OK);
		cr_expect_eq(addr_range_contains(&r, &a), rows[i].inside, "%s", rows[i].text);
	}
}

Test(addr_range, overlaps)
{
	static const struct {
		const char *a, *b;
		bool overlap;
	} rows[] = {
		{"10.0.0.0-10.0.0.5", "10.0.0.5-10.0.0.9", true},
		{"10.0.0.0-10.0.0.5", "10.0.0.6-10.0.0.9", false},
		{"10.0.0.0/8", "10.9.0.0/16", true},
		{"0.0.0.0/0", "::/0", false},
	};

	for (size_t i = 0; i < N(rows); i++) {
		struct addr_range a = range(rows[i].a), b = range(rows[i].b);

		cr_expect_eq(addr_range_overlaps(&a, &b), rows[i].overlap, "%s", rows[i].a);
		cr_expect_eq(addr_range_overlaps(&b, &a), rows[i].overlap, "%s", rows[i].a);
	}
}

Test(addr_range, minimal_prefixes)
{
	static const struct {
		const char *range, *prefixes;
	} rows[] = {
		{"40.0.0.150-40.0.0.200",
		 "40.0.0.150/31 40.0.0.152/29 40.0.0.160/27 40.0.0.192/29 40.0.0.200/32 "},
		{"192.0.2.0-192.0.2.255", "192.0.2.0/24 "},
		{"192.0.2.7-192.0.2.7", "192.0.2.7/32 "},
		{"192.0.2.1-192.0.2.6", "192.0.2.1/32 192.0.2.2/31 192.0.2.4/31 192.0.2.6/32 "},
		{"192.0.2.255-192.0.3.0", "192.0.2.255/32 192.0.3.0/32 "},
		{"0.0.0.0-255.255.255.255", "0.0.0.0/0 "},
		{"255.255.255.254-255.255.255.255", "255.255.255.254/31 "},
		{"0.0.0.0-0.0.0.2", "0.0.0.0/31 0.0.0.2/32 "},
		{"2001:db8::1-2001:db8::4", "2001:db8::1/128 2001:db8::2/127 2001:db8::4/128 "},
		{"::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0 "},
	};

	for (size_t i = 0; i < N(rows); i++) {
		struct addr_range r = range(rows[i].range);
		struct text all = {0};
		struct prefix p;
		bool more = true;
		char buf[PREFIX_TEXT_MAX];

		while (addr_range_take_prefix(&r, &more, &p))
			text_addf(&all, "%s ", prefix_format(buf, &p));
		cr_expect_str_eq(all.text, rows[i].prefixes);
		cr_expect_not(addr_range_take_prefix(&r, &more, &p));
		text_fini(&all);
	}
}
