/* test_kernel_address.c: batches, their errors and words, dumps and events of addresses */
#include "kernel_lab.h"

#include "base/array.h"
#include "kernel/route.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

static struct addr parse(const char *text)
{
	struct addr addr;

	cr_assert(eq(int, addr_parse(&addr, text), ADDR_OK), "%s", text);
	return addr;
}

static void open_requests(struct netlink *nl)
{
	lab_enter();
	cr_assert(eq(int, netlink_open(nl, NETLINK_ROUTE, 0), 0));
}

struct found {
	struct addr addr;
	struct address_entry entry;
	size_t n;
};

static void find_one(void *arg, const struct address_entry *entry)
{
	struct found *f = arg;

	if (!addr_equal(&entry->addr, &f->addr))
		return;
	f->entry = *entry;
	f->n++;
}

Test(kernel_address, bears_our_mark, .timeout = 60)
{
	static const struct {
		const char *addr;
		uint8_t len;
	} rows[] = {{"192.0.2.5", 32}, {"2001:db8::5", 128}};
	struct netlink nl;

	open_requests(&nl);
	for (size_t i = 0; i < 2; i++) {
		struct address_op op = {
			.addr = parse(rows[i].addr), .ifindex = if_nametoindex("lo"), .add = true};
		struct found f = {.addr = op.addr};

		cr_assert(eq(int, address_apply(&nl, &op, 1), 0));
		cr_expect(eq(int, op.error, 0));
		cr_expect_str_eq(op.words, "");
		cr_assert(eq(int, address_dump(&nl, find_one, &f), 0));
		cr_expect(eq(sz, f.n, 1), "%s", rows[i].addr);
		cr_expect(eq(u8, f.entry.proto, OUR_PROTOCOL), "%s", rows[i].addr);
		cr_expect(eq(u8, f.entry.len, rows[i].len), "%s", rows[i].addr);
		cr_expect(eq(u32, f.entry.ifindex, op.ifindex), "%s", rows[i].addr);
	}
	/* duplicate detection would keep it from use on a shared link */
	shell("ip -6 -o addr show dev lo | grep '2001:db8::5/128' | grep -q nodad");
	netlink_close(&nl);
}

Test(kernel_address, each_of_a_batch_has_its_result, .timeout = 60)
{
	struct netlink nl;
	uint32_t lo;

	open_requests(&nl);
	lo = if_nametoindex("lo");
	shell("ip addr add 192.0.2.2/32 dev lo");
	struct {
		struct address_op op;
		int error;
		const char *words; /* part of the kernel's */
	} rows[] = {
		{{.addr = parse("192.0.2.1"), .ifindex = lo, .add = true}, 0, ""},
		{{.addr = parse("192.0.2.2"), .ifindex = lo, .add = true}, -EEXIST, "lready"},
		{{.addr = parse("192.0.2.3"), .ifindex = 999, .add = true}, -ENODEV, "evice"},
		{{.addr = parse("192.0.2.4"), .ifindex = lo}, -EADDRNOTAVAIL, "ddress"},
		{{.addr = parse("192.0.2.5"), .ifindex = lo, .add = true, .route = true}, 0, ""},
		{{.addr = parse("192.0.2.6"), .ifindex = lo, .route = true}, -ESRCH, "process"},
		{{.addr = parse("2001:db8::5"), .ifindex = 999, .add = true}, -ENODEV, "nterface"},
		{{.addr = parse("2001:db8::6"), .ifindex = lo, .add = true}, 0, ""},
		/* the last one's answer ends the batch, good or bad */
		{{.addr = parse("2001:db8::6"), .ifindex = lo, .add = true}, -EEXIST, "lready"},
	};
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	struct address_op ops[N];

	for (size_t i = 0; i < N; i++)
		ops[i] = rows[i].op;
	cr_assert(eq(int, address_apply(&nl, ops, N), 0));
	for (size_t i = 0; i < N; i++) {
		cr_expect(eq(int, ops[i].error, rows[i].error), "row %zu", i);
		if (rows[i].error)
			cr_expect(strstr(ops[i].words, rows[i].words) != NULL, "row %zu: %s", i,
				  ops[i].words);
		else
			cr_expect_str_eq(ops[i].words, "");
	}
	expect_kernel(2, 3);
	expect_routes(1, 1);
	netlink_close(&nl);
}

Test(kernel_address, more_than_a_batch_is_refused, .timeout = 60)
{
	struct address_op ops[ADDRESS_BATCH + 1] = {0};
	struct netlink nl;

	open_requests(&nl);
	cr_expect(eq(int, address_apply(&nl, ops, ADDRESS_BATCH + 1), -EINVAL));
	cr_expect(eq(int, address_apply(&nl, ops, 0), 0));
	netlink_close(&nl);
}

Test(kernel_address, an_event_tells_who_did_it, .timeout = 60)
{
	struct address_op op = {.addr = parse("192.0.2.5"), .add = true};
	struct address_entry entry;
	struct netlink nl, events;
	char buf[8192];

	open_requests(&nl);
	op.ifindex = if_nametoindex("lo");
	cr_assert(eq(int, netlink_open(&events, NETLINK_ROUTE, RTMGRP_IPV4_IFADDR), 0));
	cr_assert(eq(int, address_apply(&nl, &op, 1), 0));
	shell("ip addr del 192.0.2.5/32 dev lo");
	for (size_t i = 0; i < 2; i++) {
		const struct nlmsghdr *h = (const struct nlmsghdr *)buf;
		ssize_t n = recv(mnl_socket_get_fd(events.socket), buf, sizeof(buf), MSG_DONTWAIT);

		cr_assert(gt(int, (int)n, 0));
		cr_assert(mnl_nlmsg_ok(h, (int)n));
		cr_assert(address_decode(h, &entry));
		cr_expect(addr_equal(&entry.addr, &op.addr));
		cr_expect(eq(u8, entry.proto, OUR_PROTOCOL));
		cr_expect(eq(int, h->nlmsg_type, i == 0 ? RTM_NEWADDR : RTM_DELADDR));
		cr_expect(eq(int, h->nlmsg_pid == nl.port, i == 0));
	}
	netlink_close(&events);
	netlink_close(&nl);
}

/* A message as the kernel makes it, to be spoilt. */
static struct nlmsghdr *message(char *buf, uint16_t type, uint8_t family, uint16_t attr, size_t len)
{
	static const uint8_t bytes[20] = {192, 0, 2, 5};
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(h, sizeof(*ifa));

	h->nlmsg_type = type;
	ifa->ifa_family = family;
	ifa->ifa_prefixlen = 32;
	mnl_attr_put(h, attr, len, bytes);
	return h;
}

Test(kernel_address, decodes_what_it_knows_alone)
{
	static const struct {
		uint16_t type, attr;
		size_t len;
		uint8_t family;
		bool good;
	} rows[] = {
		{RTM_NEWADDR, IFA_LOCAL, 4, AF_INET, true},
		{RTM_DELADDR, IFA_ADDRESS, 4, AF_INET, true},
		{RTM_NEWADDR, IFA_ADDRESS, 16, AF_INET6, true},
		{RTM_NEWLINK, IFA_LOCAL, 4, AF_INET, false},
		{RTM_NEWADDR, IFA_LOCAL, 4, AF_UNIX, false},
		{RTM_NEWADDR, IFA_LOCAL, 3, AF_INET, false},
		{RTM_NEWADDR, IFA_LOCAL, 16, AF_INET, false},
		{RTM_NEWADDR, IFA_ADDRESS, 4, AF_INET6, false},
		{RTM_NEWADDR, IFA_LABEL, 4, AF_INET, false},
		{RTM_NEWADDR, 200, 4, AF_INET, false},
	};
	char buf[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct address_entry entry = {.len = 1};
		struct nlmsghdr *h =
			message(buf, rows[i].type, rows[i].family, rows[i].attr, rows[i].len);

		cr_expect(eq(int, address_decode(h, &entry), rows[i].good), "row %zu", i);
		cr_expect(eq(u8, entry.len, rows[i].good ? 32 : 1), "row %zu", i);
		/* cut short */
		h->nlmsg_len = NLMSG_HDRLEN + 4;
		cr_expect(not(address_decode(h, &entry)), "row %zu", i);
		cr_expect(not(route_decode(h, &entry)), "row %zu", i);
	}
}
