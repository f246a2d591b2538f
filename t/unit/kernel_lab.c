/* kernel_lab.c: what the tests of VIPs in the kernel share */
#include "kernel_lab.h"

#include "base/heap.h"
#include "kernel/route.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEADLINE_S = 10 };

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

void shell(const char *command)
{
	cr_assert(eq(int, system(command), 0), "%s", command);
}

void lab_enter(void)
{
	cr_assert(eq(int, unshare(CLONE_NEWNET), 0), "needs root");
	shell("ip link set lo up");
}

void lab_open(struct lab *lab)
{
	memset(lab, 0, sizeof(*lab));
	lab_enter();
	cr_assert(ge(int, sd_event_new(&lab->event), 0));
	cr_assert(eq(int, vip_set_new(&lab->set, lab->event, &ops, lab), 0));
}

void lab_close(struct lab *lab)
{
	vip_set_free(lab->set);
	sd_event_unref(lab->event);
}

void lab_restart(struct lab *lab)
{
	vip_set_free(lab->set);
	lab->stood = lab->adopted = lab->lost = lab->removed = 0;
	cr_assert(eq(int, vip_set_new(&lab->set, lab->event, &ops, lab), 0));
}

bool is_settled(const struct lab *lab)
{
	return vip_set_is_settled(lab->set);
}

bool has_lost(const struct lab *lab)
{
	return lab->lost > 0;
}

bool is_back(const struct lab *lab)
{
	return lab->lost > 0 && lab->stood > 1;
}

bool has_failed(const struct lab *lab)
{
	return lab->failed > 0;
}

bool run_until(struct lab *lab, condition_fn condition)
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

static void want_mode(struct lab *lab, const char *base, size_t n, const char *interface,
		      bool route)
{
	struct vip_wish *wishes = heap_alloc_array(n, sizeof(*wishes));
	struct addr a;

	cr_assert(eq(int, addr_parse(&a, base), ADDR_OK));
	for (size_t i = 0; i < n; i++) {
		wishes[i] = (struct vip_wish){.addr = a, .interface = interface, .route = route};
		addr_next(&a);
	}
	vip_set_want(lab->set, wishes, n);
	free(wishes);
}

void want(struct lab *lab, const char *base, size_t n, const char *interface)
{
	want_mode(lab, base, n, interface, false);
}

void want_routes(struct lab *lab, const char *base, size_t n, const char *interface)
{
	want_mode(lab, base, n, interface, true);
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

static void expect(int (*dump)(struct netlink *nl, address_fn fn, void *arg), size_t ours,
		   size_t all)
{
	struct netlink nl;
	struct count c = {0};

	cr_assert(eq(int, netlink_open(&nl, NETLINK_ROUTE, 0), 0));
	cr_assert(eq(int, dump(&nl, count_one, &c), 0));
	netlink_close(&nl);
	cr_expect(eq(sz, c.ours, ours));
	cr_expect(eq(sz, c.all, all));
}

void expect_kernel(size_t ours, size_t all)
{
	expect(address_dump, ours, all);
}

void expect_routes(size_t ours, size_t all)
{
	expect(route_dump, ours, all);
}
