/* test_kernel_vip.c: VIPs on real interfaces, in a network namespace of each test's own */
#include "kernel_lab.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Test(kernel_vip, a_thousand_come_and_go, .timeout = 60)
{
	static const char *const bases[] = {"192.0.2.0", "2001:db8::1000"};

	for (size_t i = 0; i < 2; i++) {
		struct lab lab;

		lab_open(&lab);
		want(&lab, bases[i], 1000, "lo");
		cr_expect(run_until(&lab, is_settled), "%s", bases[i]);
		cr_expect(eq(sz, lab.stood, 1000));
		expect_kernel(1000, 1000);
		/* one less, one more */
		want(&lab, bases[i], 999, "lo");
		cr_expect(run_until(&lab, is_settled));
		cr_expect(eq(sz, lab.removed, 1));
		expect_kernel(999, 999);
		want(&lab, bases[i], 0, "lo");
		cr_expect(run_until(&lab, is_settled));
		expect_kernel(0, 0);
		lab_close(&lab);
	}
}

Test(kernel_vip, adopted_after_a_crash_and_the_rest_removed, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	want(&lab, "192.0.2.0", 10, "lo");
	cr_expect(run_until(&lab, is_settled));
	lab_restart(&lab);
	want(&lab, "192.0.2.4", 10, "lo");
	cr_expect(run_until(&lab, is_settled));
	cr_expect(eq(sz, lab.adopted, 6));
	cr_expect(eq(sz, lab.stood, 10));
	cr_expect(eq(sz, lab.removed, 4));
	expect_kernel(10, 10);
	lab_close(&lab);
}

Test(kernel_vip, what_is_not_ours_is_used_and_left_alone, .timeout = 60)
{
	static const char *const lengths[] = {"32", "24"};

	for (size_t i = 0; i < 2; i++) {
		struct addr a = addr_from_ipv4_u32(0xc0000205);
		struct vip_view view;
		struct lab lab;
		char command[64];

		lab_open(&lab);
		snprintf(command, sizeof(command), "ip addr add 192.0.2.5/%s dev lo", lengths[i]);
		shell(command);
		want(&lab, "192.0.2.5", 1, "lo");
		cr_expect(run_until(&lab, is_settled));
		cr_expect(eq(sz, lab.stood, 1));
		cr_assert(vip_set_view(lab.set, &a, &view));
		cr_expect(view.stands && !view.owned, "/%s", lengths[i]);
		want(&lab, "192.0.2.5", 0, "lo");
		cr_expect(run_until(&lab, is_settled));
		expect_kernel(0, 1);
		lab_close(&lab);
	}
}

Test(kernel_vip, one_that_somebody_removes_comes_back, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	want(&lab, "192.0.2.5", 1, "lo");
	cr_expect(run_until(&lab, is_settled));
	shell("ip addr del 192.0.2.5/32 dev lo");
	cr_expect(run_until(&lab, has_lost));
	cr_expect(run_until(&lab, is_back));
	expect_kernel(1, 1);
	lab_close(&lab);
}

Test(kernel_vip, waits_for_its_interface, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	want(&lab, "192.0.2.5", 1, "vip0");
	cr_expect(run_until(&lab, is_settled));
	cr_expect(eq(sz, lab.stood, 0));
	shell("ip link add vip0 type bridge && ip link set vip0 up");
	lab.lost = 1; /* for is_back: it stands once more than it was lost */
	lab.stood = 1;
	cr_expect(run_until(&lab, is_back));
	expect_kernel(1, 1);
	lab.lost = 0;
	shell("ip link del vip0");
	cr_expect(run_until(&lab, has_lost));
	expect_kernel(0, 0);
	shell("ip link add vip0 type bridge");
	lab.stood = 1;
	cr_expect(run_until(&lab, is_back));
	expect_kernel(1, 1);
	lab_close(&lab);
}

Test(kernel_vip, moves_to_another_interface, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	shell("ip link add vip0 type bridge && ip link set vip0 up");
	want(&lab, "192.0.2.5", 3, "lo");
	cr_expect(run_until(&lab, is_settled));
	want(&lab, "192.0.2.5", 3, "vip0");
	cr_expect(run_until(&lab, is_settled));
	expect_kernel(3, 3);
	shell("test $(ip -o addr show dev vip0 | grep -c 192.0.2.) = 3");
	lab_close(&lab);
}

static bool is_on_vip9(const struct lab *lab)
{
	(void)lab;
	return system("test $(ip -o addr show dev vip9 | grep -c 192.0.2.) = 3 &&"
		      " ! ip -o addr show dev lo | grep -q 192.0.2.") == 0;
}

/* To where there is nothing yet: it must not be nowhere. */
Test(kernel_vip, stays_where_it_is_until_its_new_interface_is_there, .timeout = 60)
{
	struct addr a = addr_from_ipv4_u32(0xc0000205);
	struct vip_view view;
	struct lab lab;

	lab_open(&lab);
	want(&lab, "192.0.2.5", 3, "lo");
	cr_expect(run_until(&lab, is_settled));
	for (int i = 0; i < 2; i++) {
		want(&lab, "192.0.2.5", 3, i ? "vip9" : "vip8");
		cr_expect(run_until(&lab, is_settled));
		expect_kernel(3, 3);
		cr_assert(vip_set_view(lab.set, &a, &view));
		cr_expect(view.stands == 0 && view.error == -ENODEV && view.left_ifindex == 1);
	}
	cr_expect(eq(sz, lab.lost, 0));
	shell("ip link add vip9 type bridge");
	cr_expect(run_until(&lab, is_on_vip9));
	cr_expect(eq(sz, lab.lost, 0));
	cr_assert(vip_set_view(lab.set, &a, &view));
	cr_expect(view.stands && view.left_ifindex == 0);
	lab_close(&lab);
}

Test(kernel_vip, it_goes_from_there_when_nobody_wants_it, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	want(&lab, "192.0.2.5", 3, "lo");
	cr_expect(run_until(&lab, is_settled));
	want(&lab, "192.0.2.5", 3, "vip9");
	cr_expect(run_until(&lab, is_settled));
	want(&lab, "192.0.2.5", 2, "vip9");
	cr_expect(run_until(&lab, is_settled));
	expect_kernel(2, 2);
	/* nobody puts it back there: it is lost */
	shell("ip addr del 192.0.2.6/32 dev lo");
	cr_expect(run_until(&lab, has_lost));
	cr_expect(eq(sz, lab.lost, 1));
	/* back to where it was */
	want(&lab, "192.0.2.5", 2, "lo");
	cr_expect(run_until(&lab, is_settled));
	expect_kernel(2, 2);
	lab_close(&lab);
}

Test(kernel_vip, an_error_is_told_once_in_the_kernels_words, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	shell("sysctl -qw net.ipv6.conf.lo.disable_ipv6=1");
	want(&lab, "2001:db8::5", 1, "lo");
	cr_expect(run_until(&lab, has_failed));
	cr_expect(eq(sz, lab.failed, 1));
	cr_expect(lt(int, lab.error, 0));
	cr_expect(strlen(lab.words) > 0);
	lab_close(&lab);
}

Test(kernel_vip, a_burst_of_foreign_events_loses_nothing, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	want(&lab, "198.51.100.1", 1, "lo");
	cr_expect(run_until(&lab, is_settled));
	/* nobody reads meanwhile; the removal comes last */
	shell("for i in $(seq 0 15); do for j in $(seq 0 255); do "
	      "echo addr add 10.0.$i.$j/32 dev lo; done; done | ip -batch - && "
	      "ip addr flush dev lo scope global");
	cr_expect(run_until(&lab, is_back));
	expect_kernel(1, 1);
	lab_close(&lab);
}

/* The state right after a crash, with an interface that changes before the daemon has its list. */
Test(kernel_vip, nothing_is_touched_before_the_first_list, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	want(&lab, "192.0.2.0", 10, "lo");
	cr_expect(run_until(&lab, is_settled));
	lab_restart(&lab);
	shell("ip link add vip0 type bridge && ip link set vip0 up");
	for (int i = 0; i < 20; i++)
		sd_event_run(lab.event, 10000);
	cr_expect(eq(sz, lab.removed, 0));
	expect_kernel(10, 10);
	lab_close(&lab);
}

Test(kernel_vip, one_that_somebody_takes_over_is_not_ours_any_more, .timeout = 60)
{
	struct addr a = addr_from_ipv4_u32(0xc0000205);
	struct vip_view view;
	struct lab lab;

	lab_open(&lab);
	want(&lab, "192.0.2.5", 1, "lo");
	cr_expect(run_until(&lab, is_settled));
	shell("ip addr replace 192.0.2.5/32 dev lo valid_lft 3600 preferred_lft 3600");
	for (int i = 0; i < 20; i++)
		sd_event_run(lab.event, 10000);
	cr_assert(vip_set_view(lab.set, &a, &view));
	cr_expect(view.stands && !view.owned);
	want(&lab, "192.0.2.5", 0, "lo");
	cr_expect(run_until(&lab, is_settled));
	expect_kernel(0, 1);
	lab_close(&lab);
}

Test(kernel_vip, ours_beside_anothers_longer_subnet_goes_alone, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	want(&lab, "192.0.2.5", 1, "lo");
	cr_expect(run_until(&lab, is_settled));
	shell("ip addr add 192.0.2.5/24 dev lo && ip addr del 192.0.2.5/24 dev lo && "
	      "ip addr add 192.0.2.5/24 dev lo");
	for (int i = 0; i < 20; i++)
		sd_event_run(lab.event, 10000);
	cr_expect(eq(sz, lab.lost, 0));
	want(&lab, "192.0.2.5", 0, "lo");
	cr_expect(run_until(&lab, is_settled));
	expect_kernel(0, 1);
	lab_close(&lab);
}

Test(kernel_vip, follows_the_name_not_the_renamed_interface, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	shell("ip link add vip0 type bridge && ip link property add dev vip0 altname service-vips");
	want(&lab, "192.0.2.5", 2, "vip0");
	cr_expect(run_until(&lab, is_settled));
	shell("ip link set vip0 name vip1");
	cr_expect(run_until(&lab, has_lost));
	cr_expect(run_until(&lab, is_settled));
	expect_kernel(0, 0);
	/* by its altname it is the same interface whatever it is called */
	want(&lab, "192.0.2.5", 2, "service-vips");
	cr_expect(run_until(&lab, is_settled));
	lab.lost = 0;
	shell("ip link set vip1 name vip2");
	for (int i = 0; i < 20; i++)
		sd_event_run(lab.event, 10000);
	cr_expect(eq(sz, lab.lost, 0));
	expect_kernel(2, 2);
	lab_close(&lab);
}

Test(kernel_vip, no_such_interface_is_told_once, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	want(&lab, "192.0.2.5", 3, "vip0");
	cr_expect(run_until(&lab, is_settled));
	cr_expect(eq(sz, lab.failed, 3));
	cr_expect(eq(int, lab.error, -ENODEV));
	cr_expect_str_eq(lab.words, "there is no interface vip0");
	shell("ip link add vip1 type bridge");
	for (int i = 0; i < 20; i++)
		sd_event_run(lab.event, 10000);
	cr_expect(eq(sz, lab.failed, 3));
	lab_close(&lab);
}

Test(kernel_vip, ipv6_comes_back_when_its_interface_goes_down, .timeout = 60)
{
	struct lab lab;

	lab_open(&lab);
	shell("ip link add vip0 type bridge && ip link set vip0 up");
	want(&lab, "2001:db8::5", 1, "vip0");
	cr_expect(run_until(&lab, is_settled));
	shell("ip link set vip0 down");
	cr_expect(run_until(&lab, is_back));
	expect_kernel(1, 1);
	lab_close(&lab);
}

Test(kernel_vip, without_the_capability_it_says_so, .timeout = 60)
{
	struct lab lab;
	struct vip_set *set;
	sd_event *event;

	lab_open(&lab);
	cr_expect(eq(int, vip_set_may_write(lab.set), 0));
	lab_close(&lab);
	cr_assert(eq(int, setuid(65534), 0));
	cr_assert(ge(int, sd_event_new(&event), 0));
	cr_expect(eq(int, vip_set_new(&set, event, &(struct vip_ops){0}, NULL), -EPERM));
	sd_event_unref(event);
}
