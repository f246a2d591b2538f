/* test_addr.c: addresses and prefixes: texts both ways, order, what contains what */
#include "base/addr.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>

#define N(table) (sizeof(table) / sizeof((table)[0]))

static struct addr addr(const char *text)
{
	struct addr a = {0};

	cr_assert_eq(addr_parse(&a, text), ADDR_OK, "%s", text);
	return a;
}

static struct prefix prefix(const char *text)
{
	struct prefix p = {0};

	cr_assert_eq(prefix_parse(&p, text), ADDR_OK, "%s", text);
	return p;
}

Test(addr, texts_are_canonical)
{
	static const struct {
		const char *text, *canonical; /* NULL: no address */
	} rows[] = {
		{"192.0.2.1", "192.0.2.1"},
		{"0.0.0.0", "0.0.0.0"},
		{"255.255.255.255", "255.255.255.255"},
		/* RFC 5952 4 */
		{"2001:0db8::0001", "2001:db8::1"},
		{"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},
		{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
		{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
		{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
		{"2001:DB8::ABCD", "2001:db8::abcd"},
		{"::", "::"},
		{"::1", "::1"},
		{"1::", "1::"},
		{"::1:2", "::1:2"},
		{"::1.2.3.4", "::102:304"},
		{"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"", NULL},
		{" 192.0.2.1", NULL},
		{"192.0.2.1 ", NULL},
		{"192.0.2", NULL},
		{"192.0.2.256", NULL},
		{"192.0.02.1", NULL},
		{"192.0.2.1/32", NULL},
		{"fe80::1%eth0", NULL},
		{"2001:db8::1::2", NULL},
		{"localhost", NULL},
	};

	for (size_t i = 0; i < N(rows); i++) {
		struct addr a = {.family = 99};
		char buf[ADDR_TEXT_MAX];

		if (!rows[i].canonical) {
			cr_expect_eq(addr_parse(&a, rows[i].text), ADDR_BAD_TEXT, "%s",
				     rows[i].text);
			cr_expect_eq(a.family, 99, "%s: touched", rows[i].text);
			continue;
		}
		cr_expect_eq(addr_parse(&a, rows[i].text), ADDR_OK, "%s", rows[i].text);
		cr_expect_str_eq(addr_format(buf, &a), rows[i].canonical);
	}
}

Test(addr, order_is_by_family_then_bytes)
{
	static const char *const ascending[] = {"0.0.0.0", "10.0.0.2", "10.0.0.10",  "200.0.0.0",
						"::",	   "::1",      "2001:db8::", "fe80::1"};

	for (size_t i = 0; i < N(ascending); i++) {
		for (size_t j = 0; j < N(ascending); j++) {
			struct addr a = addr(ascending[i]), b = addr(ascending[j]);
			int c = addr_cmp(&a, &b);

			cr_expect_eq((c > 0) - (c < 0), (i > j) - (i < j), "%s %s", ascending[i],
				     ascending[j]);
			cr_expect_eq(addr_equal(&a, &b), i == j);
			if (i == j)
				cr_expect_eq(addr_hash(&a), addr_hash(&b));
		}
	}
}

Test(addr, next)
{
	static const struct {
		const char *from, *to; /* NULL: the last of its family */
	} rows[] = {
		{"192.0.2.1", "192.0.2.2"},
		{"192.0.2.255", "192.0.3.0"},
		{"127.255.255.255", "128.0.0.0"},
		{"255.255.255.255", NULL},
		{"2001:db8::ffff:ffff", "2001:db8::1:0:0"},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	};

	for (size_t i = 0; i < N(rows); i++) {
		struct addr a = addr(rows[i].from);
		struct addr want = addr(rows[i].to ? rows[i].to : rows[i].from);

		cr_expect_eq(addr_next(&a), rows[i].to != NULL, "%s", rows[i].from);
		cr_expect(addr_equal(&a, &want), "%s", rows[i].from);
	}
}

Test(addr, kinds)
{
	static const struct {
		const char *text;
		bool unspecified, loopback, multicast, link_local, link_local_ipv6;
	} rows[] = {
		{"0.0.0.0", .unspecified = true},
		{"::", .unspecified = true},
		{"127.0.0.1", .loopback = true},
		{"127.255.0.9", .loopback = true},
		{.text = "128.0.0.1"},
		{"::1", .loopback = true},
		{.text = "::2"},
		{.text = "223.255.255.255"},
		{"224.0.0.1", .multicast = true},
		{"239.255.255.255", .multicast = true},
		{.text = "240.0.0.1"},
		{"ff02::1", .multicast = true},
		{"169.254.0.1", .link_local = true},
		{.text = "169.253.0.1"},
		{"fe80::1", .link_local = true, .link_local_ipv6 = true},
		{"febf::1", .link_local = true, .link_local_ipv6 = true},
		{.text = "fec0::1"},
		{.text = "2001:db8::1"},
	};

	for (size_t i = 0; i < N(rows); i++) {
		struct addr a = addr(rows[i].text);

		cr_expect_eq(addr_is_unspecified(&a), rows[i].unspecified, "%s", rows[i].text);
		cr_expect_eq(addr_is_loopback(&a), rows[i].loopback, "%s", rows[i].text);
		cr_expect_eq(addr_is_multicast(&a), rows[i].multicast, "%s", rows[i].text);
		cr_expect_eq(addr_is_link_local(&a), rows[i].link_local, "%s", rows[i].text);
		cr_expect_eq(addr_is_link_local_ipv6(&a), rows[i].link_local_ipv6, "%s",
			     rows[i].text);
	}
}

Test(addr, to_numbers_and_socket_addresses_and_back)
{
	static const char *const texts[] = {"192.0.2.1", "255.0.0.128", "2001:db8::1", "fe80::1"};
	struct sockaddr_in6 mapped = {.sin6_family = AF_INET6, .sin6_port = htons(179)};
	struct sockaddr local = {.sa_family = AF_UNIX};
	struct addr four = addr("192.0.2.1"), a;
	uint16_t port = 0;

	for (size_t i = 0; i < N(texts); i++) {
		struct addr before = addr(texts[i]), after;
		struct sockaddr_storage ss;
		socklen_t len = addr_to_sockaddr(&before, 179, 7, &ss);
		bool six = before.family == ADDR_IPV6;

		cr_expect_eq(len, six ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
		after = addr_from_sockaddr((struct sockaddr *)&ss, &port);
		cr_expect(addr_equal(&before, &after), "%s", texts[i]);
		cr_expect_eq(port, 179);
		if (six)
			cr_expect_eq(((struct sockaddr_in6 *)&ss)->sin6_scope_id, 7);
	}
	cr_expect_eq(addr_ipv4_u32(&four), 0xc0000201u);
	a = addr_from_ipv4_u32(0xc0000201u);
	cr_expect(addr_equal(&a, &four));

	inet_pton(AF_INET6, "::ffff:192.0.2.1", &mapped.sin6_addr);
	a = addr_from_sockaddr((struct sockaddr *)&mapped, NULL);
	cr_expect(addr_equal(&a, &four));
	a = addr_from_sockaddr(&local, NULL);
	cr_expect_eq(a.family, ADDR_NONE);
}

Test(prefix, texts)
{
	static const struct {
		const char *text;
		enum addr_problem problem;
		const char *canonical, *last;
	} rows[] = {
		{"192.0.2.0/24", ADDR_OK, "192.0.2.0/24", "192.0.2.255"},
		{"192.0.2.77/24", ADDR_OK, "192.0.2.0/24", "192.0.2.255"},
		{"192.0.2.77/27", ADDR_OK, "192.0.2.64/27", "192.0.2.95"},
		{"192.0.2.77/32", ADDR_OK, "192.0.2.77/32", "192.0.2.77"},
		{"1.2.3.4/0", ADDR_OK, "0.0.0.0/0", "255.255.255.255"},
		{"2001:db8:ffff::/33", ADDR_OK, "2001:db8:8000::/33",
		 "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"2001:db8::1/128", ADDR_OK, "2001:db8::1/128", "2001:db8::1"},
		{"::/0", ADDR_OK, "::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"192.0.2.0", ADDR_NO_LENGTH, NULL, NULL},
		{"nonsense", ADDR_BAD_TEXT, NULL, NULL},
		{"nonsense/24", ADDR_BAD_TEXT, NULL, NULL},
		{"/24", ADDR_BAD_TEXT, NULL, NULL},
		{"192.0.2.0/", ADDR_BAD_LENGTH, NULL, NULL},
		{"192.0.2.0/33", ADDR_BAD_LENGTH, NULL, NULL},
		{"2001:db8::/129", ADDR_BAD_LENGTH, NULL, NULL},
		{"192.0.2.0/-1", ADDR_BAD_LENGTH, NULL, NULL},
		{"192.0.2.0/24 ", ADDR_BAD_LENGTH, NULL, NULL},
		{"192.0.2.0/24/24", ADDR_BAD_LENGTH, NULL, NULL},
		{"192.0.2.0/99999999999999999999999", ADDR_BAD_LENGTH, NULL, NULL},
		{"2001:0db8:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000/24", ADDR_BAD_TEXT,
		 NULL, NULL},
	};

	for (size_t i = 0; i < N(rows); i++) {
		struct prefix p = {.len = 99};
		char buf[PREFIX_TEXT_MAX];
		struct addr last;

		cr_expect_eq(prefix_parse(&p, rows[i].text), rows[i].problem, "%s", rows[i].text);
		if (rows[i].problem != ADDR_OK) {
			cr_expect_eq(p.len, 99, "%s: touched", rows[i].text);
			continue;
		}
		cr_expect_str_eq(prefix_format(buf, &p), rows[i].canonical);
		last = prefix_last(&p);
		cr_expect_str_eq(addr_format(buf, &last), rows[i].last);
	}
}

Test(prefix, contains_and_covers)
{
	static const struct {
		const char *outer, *inner;
		bool covers;
	} rows[] = {
		{"10.0.0.0/8", "10.255.0.0/16", true},
		{"10.0.0.0/8", "10.0.0.0/8", true},
		{"10.0.0.0/8", "10.0.0.0/7", false},
		{"10.0.0.0/8", "11.0.0.0/16", false},
		{"0.0.0.0/0", "203.0.113.7/32", true},
		{"0.0.0.0/0", "::/0", false},
		{"2001:db8::/33", "2001:db8:7fff::/48", true},
		{"2001:db8::/33", "2001:db8:8000::/48", false},
	};

	for (size_t i = 0; i < N(rows); i++) {
		struct prefix outer = prefix(rows[i].outer), inner = prefix(rows[i].inner);

		cr_expect_eq(prefix_covers(&outer, &inner), rows[i].covers, "%s %s", rows[i].outer,
			     rows[i].inner);
		if (outer.len <= inner.len)
			cr_expect_eq(prefix_contains(&outer, &inner.addr), rows[i].covers);
	}
}

Test(prefix, shorter_before_longer)
{
	static const char *const ascending[] = {"10.0.0.0/8", "10.0.0.0/24", "10.0.1.0/24", "::/0",
						"2001:db8::/32"};

	for (size_t i = 0; i + 1 < N(ascending); i++) {
		struct prefix a = prefix(ascending[i]), b = prefix(ascending[i + 1]);

		cr_expect(prefix_cmp(&a, &b) < 0 && prefix_cmp(&b, &a) > 0, "%s", ascending[i]);
		cr_expect(prefix_equal(&a, &a) && !prefix_equal(&a, &b));
	}
}
