/* test_kernel_host.c: routes, subnets and sockets of a host, in a network namespace of each test's
 * own */
#include "kernel/host.h"
#include "kernel/link.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void shell(const char *command)
{
	cr_assert(eq(int, system(command), 0), "%s", command);
}

static void lab_open(void)
{
	cr_assert(eq(int, unshare(CLONE_NEWNET), 0), "needs root");
	shell("ip link set lo up");
}

static struct addr parse(const char *text)
{
	struct addr addr;

	cr_assert(eq(int, addr_parse(&addr, text), ADDR_OK), "%s", text);
	return addr;
}

Test(kernel_host, path, .timeout = 60)
{
	static const struct {
		const char *to, *source;
		int error;
		bool local, on_link;
	} rows[] = {
		{"127.0.0.1", "127.0.0.1", 0, true, true},
		{"192.0.2.1", "192.0.2.1", 0, true, true},
		{"192.0.2.9", "192.0.2.1", 0, false, true},
		{"198.51.100.1", "192.0.2.1", 0, false, false},
		{"203.0.113.1", NULL, -EHOSTUNREACH, false, false},
		{"2001:db8::1", "2001:db8::1", 0, true, true},
		{"2001:db8::9", "2001:db8::1", 0, false, true},
		{"2001:db8:1::1", "2001:db8::1", 0, false, false},
		{"2001:db8:2::1", NULL, -ENETUNREACH, false, false},
	};

	lab_open();
	shell("ip link add up0 type bridge && ip link set up0 up && "
	      "ip addr add 192.0.2.1/24 dev up0 && ip addr add 2001:db8::1/64 dev up0 nodad && "
	      "ip route add 198.51.100.0/24 via 192.0.2.254 && "
	      "ip route add unreachable 203.0.113.0/24 && "
	      "ip route add 2001:db8:1::/48 via 2001:db8::ffff");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct addr to = parse(rows[i].to), source;
		struct host_path path = {0};

		cr_expect(eq(int, host_path_to(&to, 0, &path), rows[i].error), "%s", rows[i].to);
		cr_expect(eq(int, path.local, rows[i].local), "%s", rows[i].to);
		cr_expect(eq(int, path.on_link, rows[i].on_link), "%s", rows[i].to);
		cr_expect(eq(int, host_is_local(&to), rows[i].local), "%s", rows[i].to);
		cr_expect(eq(int, host_is_on_link(&to), rows[i].on_link), "%s", rows[i].to);
		if (!rows[i].source)
			continue;
		source = parse(rows[i].source);
		cr_expect(addr_equal(&path.source, &source), "%s", rows[i].to);
		if (!rows[i].local)
			cr_expect(eq(u32, path.ifindex, if_nametoindex("up0")), "%s", rows[i].to);
	}
}

Test(kernel_host, link_address, .timeout = 60)
{
	static const struct {
		const char *addr, *interface;
		int error;
		uint8_t last; /* byte of it */
	} rows[] = {
		{"192.0.2.9", "up0", 0, 9},	    {"192.0.2.9", "up1", 0, 19},
		{"192.0.2.8", "up0", 0, 8},	    {"192.0.2.7", "up0", -ENOENT, 0}, /* failed */
		{"192.0.2.6", "up0", -ENOENT, 0}, /* never asked for */
		{"2001:db8::9", "up0", 0, 0x69},    {"2001:db8::9", "up1", -ENOENT, 0},
		{"2001:db8::7", "up0", -ENOENT, 0}, {"fe80::9", "up1", 0, 0x99},
	};

	lab_open();
	shell("for i in up0 up1; do ip link add $i type bridge && ip link set $i up; done && "
	      "ip addr add 192.0.2.1/24 dev up0 && ip addr add 2001:db8::1/64 dev up0 nodad && "
	      "ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev up0 && "
	      "ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:13 dev up1 && "
	      "ip neigh add 192.0.2.8 lladdr 02:00:00:00:00:08 nud stale dev up0 && "
	      "ip neigh add 192.0.2.7 lladdr 02:00:00:00:00:07 nud failed dev up0 && "
	      "ip neigh add 2001:db8::9 lladdr 02:00:00:00:00:69 nud reachable dev up0 && "
	      "ip neigh add 2001:db8::7 nud failed dev up0 && "
	      "ip neigh add fe80::9 lladdr 02:00:00:00:00:99 dev up1");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct addr addr = parse(rows[i].addr);
		const uint8_t want[HOST_MAC_LEN] = {2, 0, 0, 0, 0, rows[i].last};
		uint8_t mac[HOST_MAC_LEN] = {2};

		cr_expect(eq(int, host_link_address(&addr, if_nametoindex(rows[i].interface), mac),
			     rows[i].error),
			  "%s", rows[i].addr);
		cr_expect(eq(int, memcmp(mac, want, sizeof(mac)), 0), "%s", rows[i].addr);
	}
}

Test(kernel_host, a_path_by_one_interface, .timeout = 60)
{
	struct addr to = parse("fe80::1");
	struct host_path path = {0};

	lab_open();
	shell("ip link add up0 type bridge && ip link set up0 up && "
	      "ip link add up1 type bridge && ip link set up1 up && "
	      "ip addr add fe80::5/64 dev up0 nodad && ip addr add fe80::6/64 dev up1 nodad");
	cr_expect(eq(int, host_path_to(&to, if_nametoindex("up1"), &path), 0));
	cr_expect(eq(u32, path.ifindex, if_nametoindex("up1")));
	cr_expect(path.on_link && !path.local);
}

Test(kernel_host, subnets, .timeout = 60)
{
	static const struct {
		const char *prefix, *found; /* NULL: none */
	} rows[] = {
		{"192.0.2.0/24", "192.0.2.0/24"},
		{"192.0.2.64/26", "192.0.2.0/24"},
		{"192.0.0.0/16", "192.0.2.0/24"},
		{"192.0.3.0/24", NULL},
		{"198.51.100.0/24", NULL}, /* a single address */
		{"127.0.0.0/8", NULL},
		{"2001:db8::/48", "2001:db8::/64"},
		{"2001:db8:1::/48", NULL},
		{"fe80::/10", NULL},
	};

	lab_open();
	shell("ip link add up0 type bridge && ip link set up0 up && "
	      "ip addr add 192.0.2.1/24 dev up0 && ip addr add 2001:db8::1/64 dev up0 nodad && "
	      "ip addr add 198.51.100.5/32 dev lo");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct prefix prefix, found, expected;

		cr_assert(eq(int, prefix_parse(&prefix, rows[i].prefix), ADDR_OK));
		cr_expect(eq(int, host_subnet_overlapping(&prefix, &found), rows[i].found != NULL),
			  "%s", rows[i].prefix);
		if (!rows[i].found)
			continue;
		cr_assert(eq(int, prefix_parse(&expected, rows[i].found), ADDR_OK));
		cr_expect(prefix_equal(&found, &expected), "%s", rows[i].prefix);
	}
}

/* A socket bound to an address (NULL: the wildcard of IPv6, which takes IPv4 too); port: in, out */
static int bound(const char *text, int type, uint16_t *port)
{
	struct sockaddr_storage sa = {.ss_family = AF_INET6};
	socklen_t len = sizeof(struct sockaddr_in6);
	struct addr addr;
	int fd;

	if (text) {
		addr = parse(text);
		len = addr_to_sockaddr(&addr, *port, 0, &sa);
	}
	fd = socket(sa.ss_family, type | SOCK_CLOEXEC, 0);
	cr_assert(ge(int, fd, 0));
	cr_assert(eq(int, bind(fd, (struct sockaddr *)&sa, len), 0), "%s", text);
	if (type == SOCK_STREAM)
		cr_assert(eq(int, listen(fd, 8), 0));
	cr_assert(eq(int, getsockname(fd, (struct sockaddr *)&sa, &len), 0));
	(void)addr_from_sockaddr((struct sockaddr *)&sa, port);
	return fd;
}

static int in_use(const char *text)
{
	struct addr addr = parse(text);

	return host_address_in_use(&addr);
}

Test(kernel_host, sockets_bound_to_an_address, .timeout = 60)
{
	static const char *const vips[] = {"192.0.2.5", "2001:db8::5"};
	static const char *const others[] = {"192.0.2.6", "2001:db8::6"};
	static const int types[] = {SOCK_STREAM, SOCK_DGRAM};

	lab_open();
	shell("ip addr add 192.0.2.5/32 dev lo && ip addr add 2001:db8::5/128 dev lo nodad");
	for (size_t i = 0; i < 4; i++) {
		const char *vip = vips[i / 2];
		uint16_t port = 0;
		int fd;

		cr_expect(eq(int, in_use(vip), 0), "%s", vip);
		fd = bound(vip, types[i % 2], &port);
		cr_expect(eq(int, in_use(vip), 1), "%s type %d", vip, types[i % 2]);
		cr_expect(eq(int, in_use(others[i / 2]), 0), "%s", vip);
		close(fd);
		cr_expect(eq(int, in_use(vip), 0), "%s", vip);
	}
}

Test(kernel_host, what_the_wildcard_accepted_is_on_its_address, .timeout = 60)
{
	struct sockaddr_storage sa;
	uint16_t port = 0;
	struct addr vip = parse("192.0.2.5");
	int listening, client, accepted;

	lab_open();
	shell("ip addr add 192.0.2.5/32 dev lo");
	listening = bound(NULL, SOCK_STREAM, &port);
	cr_expect(eq(int, in_use("192.0.2.5"), 0));
	client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert(eq(int,
		     connect(client, (struct sockaddr *)&sa, addr_to_sockaddr(&vip, port, 0, &sa)),
		     0));
	accepted = accept(listening, NULL, NULL);
	cr_assert(ge(int, accepted, 0));
	cr_expect(eq(int, in_use("192.0.2.5"), 1));
	/* who closes first waits: TIME_WAIT does not count */
	close(accepted);
	close(client);
	cr_expect(eq(int, in_use("192.0.2.5"), 0));
	close(listening);
}

Test(kernel_host, many_addresses_with_one_look, .timeout = 60)
{
	enum { N = 200, USED = 123 };
	static const size_t counts[] = {2, 64, 65, N};
	struct addr addrs[N], a = addr_from_ipv4_u32(0xc0000200);
	bool used[N];
	uint16_t port = 0;
	int fds[2];

	lab_open();
	shell("ip addr add 192.0.2.1/32 dev lo && ip addr add 192.0.2.123/32 dev lo");
	for (size_t i = 0; i < N; i++) {
		addrs[i] = a;
		addr_next(&a);
	}
	fds[0] = bound("192.0.2.1", SOCK_STREAM, &port);
	fds[1] = bound("192.0.2.123", SOCK_DGRAM, &port);
	for (size_t k = 0; k < sizeof(counts) / sizeof(counts[0]); k++) {
		memset(used, true, sizeof(used));
		cr_expect(eq(int, host_addresses_in_use(addrs, counts[k], used), 0));
		for (size_t i = 0; i < counts[k]; i++)
			cr_expect(eq(int, used[i], i == 1 || i == USED), "%zu of %zu", i,
				  counts[k]);
	}
	close(fds[0]);
	close(fds[1]);
}
