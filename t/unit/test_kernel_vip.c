/* test_kernel_vip.c: VIPs on real interfaces, in a network namespace of each test's own */
#include "base/heap.h"
#include "kernel/address.h"
#include "kernel/vip.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEADLINE_S = 10 };

struct lab {
	sd_event *event;
	struct vip_set *set;
	size_t stood, adopted, lost, removed, failed, settled;
	int error;
	char words[NETLINK_WORDS_MAX];
};

static void on_stands(void *arg, const struct addr *addr, bool owned, bool adopted)
{
	struct lab *lab = arg;

	(void)addr;
	(void)owned;
	lab->stood++;
	lab->adopted += adopted;
}

static void on_lost(void *arg, const struct addr *addr, const char *why)
{
	struct lab *lab = arg;

	(void)addr;
	(void)why;
	lab->lost++;
}

static void on_failed(void *arg, const struct addr *addr, int error, const char *words)
{
	struct lab *lab = arg;

	(void)addr;
	lab->failed++;
	lab->error = error;
	snprintf(lab->words, sizeof(lab->words), "%s", words);
}

static void on_removed(void *arg, const struct addr *addr)
{
	struct lab *lab = arg;

	(void)addr;
	lab->removed++;
}

static void on_settled(void *arg)
{
	((struct lab *)arg)->settled++;
}

static const struct vip_ops ops = {
	.stands = on_stands,
	.lost = on_lost,
	.failed = on_failed,
	.removed = on_removed,
	.settled = on_settled,
};

static void shell(const char *command)
{
	cr_assert(eq(int, system(command), 0), "%s", command);
}

static void lab_open(struct lab *lab)
{
	memset(lab, 0, sizeof(*lab));
	cr_assert(eq(int, unshare(CLONE_NEWNET), 0), "needs root");
	shell("ip link set lo up");
	cr_assert(ge(int, sd_event_new(&lab->event), 0));
	cr_assert(eq(int, vip_set_new(&lab->set, lab->event, &ops, lab), 0));
}

static void lab_close(struct lab *lab)
{
	vip_set_free(lab->set);
	sd_event_unref(lab->event);
}

/* A daemon that was killed: a new set, the kernel as it was. */
static void lab_restart(struct lab *lab)
{
	vip_set_free(lab->set);
	lab->stood = lab->adopted = lab->lost = lab->removed = 0;
	cr_assert(eq(int, vip_set_new(&lab->set, lab->event, &ops, lab), 0));
}

typedef bool (*condition_fn)(const struct lab *lab);

static bool is_settled(const struct lab *lab)
{
	return vip_set_is_settled(lab->set);
}

static bool has_lost(const struct lab *lab)
{
	return lab->lost > 0;
}

static bool is_back(const struct lab *lab)
{
	return lab->lost > 0 && lab->stood > 1;
}

static bool has_failed(const struct lab *lab)
{
	return lab->failed > 0;
}

static bool run_until(struct lab *lab, condition_fn condition)
{
	uint64_t now, end;

	sd_event_now(lab->event, CLOCK_MONOTONIC, &end);
	end += DEADLINE_S * 1000000ull;
	while (!condition(lab)) {
		sd_event_run(lab->event, 100000);
		sd_event_now(lab->event, CLOCK_MONOTONIC, &now);
		if (now > end)
			return false;
	}
	return true;
}

/* base, and the n - 1 addresses behind it, on one interface */
static void want(struct lab *lab, const char *base, size_t n, const char *interface)
{
	struct vip_wish *wishes = heap_alloc_array(n, sizeof(*wishes));
	struct addr a;

	cr_assert(eq(int, addr_parse(&a, base), ADDR_OK));
	for (size_t i = 0; i < n; i++) {
		wishes[i] = (struct vip_wish){.addr = a, .interface = interface};
		addr_next(&a);
	}
	vip_set_want(lab->set, wishes, n);
	free(wishes);
}

struct count {
	size_t ours, all;
};

static void count_one(void *arg, const struct address_entry *entry)
{
	struct count *c = arg;

	if (addr_is_loopback(&entry->addr) || addr_is_link_local(&entry->addr))
		return;
	c->all++;
	c->ours += entry->proto == OUR_PROTOCOL;
}

static struct count in_kernel(void)
{
	struct netlink nl;
	struct count c = {0};

	cr_assert(eq(int, netlink_open(&nl, NETLINK_ROUTE, 0), 0));
	cr_assert(eq(int, address_dump(&nl, count_one, &c), 0));
	netlink_close(&nl);
	return c;
}

static void expect_kernel(size_t ours, size_t all)
{
	struct count c = in_kernel();

	cr_expect(eq(sz, c.ours, ours));
	cr_expect(eq(sz, c.all, all));
}

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
