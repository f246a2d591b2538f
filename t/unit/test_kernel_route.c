/* test_kernel_route.c: VIPs as local routes, in a network namespace of each test's own */
#include "kernel_lab.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

/* What a VIP is for. */
static bool can_bind(const char *text)
{
	struct sockaddr_storage sa;
	struct addr addr;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), r;

	cr_assert(eq(int, addr_parse(&addr, text), ADDR_OK));
	r = bind(fd, (struct sockaddr *)&sa, addr_to_sockaddr(&addr, 0, 0, &sa));
	close(fd);
	return r == 0;
}

Test(kernel_route, a_thousand_come_and_go, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	want_routes(&lab, "192.0.2.0", 1000, "lo");
	cr_expect(run_until(&lab, is_settled));
	cr_expect(eq(sz, lab.stood, 1000));
	expect_routes(1000, 1000);
	expect_kernel(0, 0);
	cr_expect(can_bind("192.0.2.7"));
	want_routes(&lab, "192.0.2.0", 7, "lo");
	cr_expect(run_until(&lab, is_settled));
	cr_expect(eq(sz, lab.removed, 993));
	expect_routes(7, 7);
	cr_expect(not(can_bind("192.0.2.7")));
	lab_close(&lab);
}

Test(kernel_route, ipv6_stays_an_address, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	want_routes(&lab, "2001:db8::5", 3, "lo");
	cr_expect(run_until(&lab, is_settled));
	expect_routes(0, 0);
	expect_kernel(3, 3);
	lab_close(&lab);
}

Test(kernel_route, adopted_after_a_crash_and_the_rest_removed, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	want_routes(&lab, "192.0.2.0", 10, "lo");
	cr_expect(run_until(&lab, is_settled));
	lab_restart(&lab);
	want_routes(&lab, "192.0.2.4", 10, "lo");
	cr_expect(run_until(&lab, is_settled));
	cr_expect(eq(sz, lab.adopted, 6));
	cr_expect(eq(sz, lab.removed, 4));
	expect_routes(10, 10);
	lab_close(&lab);
}

Test(kernel_route, from_address_to_route_and_back, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	want(&lab, "192.0.2.0", 5, "lo");
	cr_expect(run_until(&lab, is_settled));
	want_routes(&lab, "192.0.2.0", 5, "lo");
	cr_expect(run_until(&lab, is_settled));
	expect_routes(5, 5);
	expect_kernel(0, 0);
	/* after a crash too */
	lab_restart(&lab);
	want(&lab, "192.0.2.0", 5, "lo");
	cr_expect(run_until(&lab, is_settled));
	expect_routes(0, 0);
	expect_kernel(5, 5);
	cr_expect(eq(sz, lab.lost, 0));
	lab_close(&lab);
}

Test(kernel_route, what_is_not_ours_is_used_and_left_alone, .timeout = 60)
{
	static const struct {
		const char *command;
		size_t addresses, routes;
	} rows[] = {
		{"ip addr add 192.0.2.5/32 dev lo", 1, 0},
		{"ip addr add 192.0.2.5/24 dev lo", 1, 0},
		{"ip route add local 192.0.2.5/32 dev lo", 0, 1},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct addr a = addr_from_ipv4_u32(0xc0000205);
		struct vip_view view;
		struct lab lab;

		lab_open(&lab);
		shell(rows[i].command);
		want_routes(&lab, "192.0.2.5", 1, "lo");
		cr_expect(run_until(&lab, is_settled));
		cr_assert(vip_set_view(lab.set, &a, &view));
		cr_expect(view.stands && !view.owned, "%s", rows[i].command);
		want_routes(&lab, "192.0.2.5", 0, "lo");
		cr_expect(run_until(&lab, is_settled));
		expect_kernel(0, rows[i].addresses);
		expect_routes(0, rows[i].routes);
		lab_close(&lab);
	}
}

Test(kernel_route, one_that_somebody_removes_comes_back, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	want_routes(&lab, "192.0.2.5", 1, "lo");
	cr_expect(run_until(&lab, is_settled));
	shell("ip route del local 192.0.2.5/32 dev lo table local");
	cr_expect(run_until(&lab, is_back));
	expect_routes(1, 1);
	lab_close(&lab);
}

/* The kernel tells nobody of the routes of an interface that goes. */
Test(kernel_route, comes_back_with_its_interface, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	shell("ip link add vip0 type bridge && ip link set vip0 up");
	want_routes(&lab, "192.0.2.5", 1, "vip0");
	cr_expect(run_until(&lab, is_settled));
	shell("ip link del vip0");
	cr_expect(run_until(&lab, has_lost));
	shell("ip link add vip0 type bridge && ip link set vip0 up");
	cr_expect(run_until(&lab, is_back));
	expect_routes(1, 1);
	lab_close(&lab);
}

/* Routes of others come by the thousand where a routing daemon runs. */
Test(kernel_route, routes_of_others_are_not_heard, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	want_routes(&lab, "198.51.100.1", 1, "lo");
	cr_expect(run_until(&lab, is_settled));
	shell("for i in $(seq 0 63); do for j in $(seq 0 255); do "
	      "echo route add unreachable 10.$i.$j.0/24; done; done | ip -batch - && "
	      "ip route del local 198.51.100.1/32 dev lo table local");
	cr_expect(run_until(&lab, is_back));
	expect_routes(1, 1);
	lab_close(&lab);
}
