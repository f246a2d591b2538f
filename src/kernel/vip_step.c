/* vip_step.c: from what is there to what is wanted, a batch at a time */
#include "kernel/vip_set.h"

#include "base/heap.h"
#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	RETRY_US = 5 * 1000 * 1000,
	BATCH_MIN = 8,
	/* a batch may take so long; what the loop has to do besides waits meanwhile */
	BATCH_LONG_US = 15 * 1000,
	BATCH_SHORT_US = 4 * 1000,
};

static void failed(struct vip_set *set, struct vip_entry *e, int error, const char *words)
{
	e->error = error;
	if (e->fail_told)
		return;
	e->fail_told = true;
	if (set->n_failed++ == 0) {
		set->failed_addr = e->addr;
		snprintf(set->failed_words, sizeof(set->failed_words), "%s", words);
	}
	set->ops.failed(set->arg, &e->addr, error, words);
}

/* One line for all: what stops one stops most of them. */
static void tell_failures(struct vip_set *set)
{
	char addr[ADDR_TEXT_MAX], more[48] = "";

	if (set->n_failed == 0)
		return;
	if (set->n_failed > 1)
		snprintf(more, sizeof(more), " (and %zu more)", set->n_failed - 1);
	addr_format(addr, &set->failed_addr);
	log_event(LOG_ERR, EVENT_KERNEL_ERROR,
		  LOG_FIELDS({"VIP", addr}, {"REASON", set->failed_words}),
		  "VIP %s can't be put on the host: %s%s; tried again", addr, set->failed_words,
		  more);
	set->n_failed = 0;
}

static void no_interface(struct vip_set *set, struct vip_entry *e)
{
	char words[NETLINK_WORDS_MAX];

	if (e->fail_told)
		return;
	snprintf(words, sizeof(words), "there is no interface %s",
		 set->interfaces.at[e->interface].name);
	failed(set, e, -ENODEV, words);
}

/* New ones first: an address that moves is on both interfaces for a moment, never on none. */
static size_t collect_adds(struct vip_set *set, struct address_op *ops)
{
	size_t n = 0;

	for (; set->cursor < set->entries.n && n < set->batch; set->cursor++) {
		struct vip_entry *e = &set->entries.at[set->cursor];

		if (e->stands || e->failed)
			continue;
		if (e->ifindex == 0) {
			no_interface(set, e);
			continue;
		}
		ops[n++] = (struct address_op){
			.addr = e->addr,
			.ifindex = e->ifindex,
			.length = e->length,
			.add = true,
			.route = e->route,
		};
	}
	return n;
}

/* Its VIP does not yet stand where it is to go. */
static bool is_held(struct vip_set *set, const struct vip_stray *s)
{
	const struct vip_entry *e = vip_entry_find(set, &s->addr);

	return e && !e->stands && e->left_ifindex == s->ifindex;
}

static size_t collect_removals(struct vip_set *set, struct address_op *ops)
{
	size_t n = 0, i = set->strays.n;

	while (i > 0 && n < set->batch) {
		const struct vip_stray s = set->strays.at[--i];

		if (is_held(set, &s))
			continue;
		set->strays.at[i] = set->strays.at[--set->strays.n];
		ops[n++] = (struct address_op){
			.addr = s.addr,
			.ifindex = s.ifindex,
			.length = s.length,
			.route = s.route,
		};
	}
	return n;
}

static void added(struct vip_set *set, const struct address_op *op)
{
	struct vip_entry *e = vip_entry_find(set, &op->addr);

	if (!e || e->ifindex != op->ifindex)
		return;
	if (op->error == -EEXIST) {
		/* whose it is a dump will tell; if not, it waits with those that failed */
		set->must_dump = true;
		e->failed = true;
		e->error = op->error;
		vip_set_wake_later(set, RETRY_US);
	} else if (op->error == 0) {
		e->stands = e->owned = true;
		e->left_ifindex = 0;
		e->fail_told = false;
		e->error = 0;
		set->ops.stands(set->arg, &e->addr, true, false);
	} else {
		e->failed = true;
		vip_set_wake_later(set, RETRY_US);
		failed(set, e, op->error, op->words);
	}
}

static void removed(struct vip_set *set, const struct address_op *op)
{
	/* no such address, no such interface, no such route: gone already */
	bool gone = op->error == 0 || op->error == -EADDRNOTAVAIL || op->error == -ENODEV ||
		    op->error == -ESRCH;

	char addr[ADDR_TEXT_MAX];

	if (gone) {
		set->stray_told = false;
		if (!vip_entry_find(set, &op->addr))
			set->ops.removed(set->arg, &op->addr);
		return;
	}
	/* the next look finds it again */
	set->stray_left = true;
	vip_set_wake_later(set, RETRY_US);
	if (set->stray_told)
		return;
	set->stray_told = true;
	log_event(LOG_ERR, EVENT_KERNEL_ERROR,
		  LOG_FIELDS({"VIP", addr_format(addr, &op->addr)}, {"REASON", op->words}),
		  "VIP %s can't be taken off the host: %s; tried again", addr, op->words);
}

/* The kernel walks all addresses of an interface for each new one: the more there are, the fewer
 * are done at once. */
static void adapt_batch(struct vip_set *set, int64_t took_us)
{
	if (took_us > BATCH_LONG_US && set->batch > BATCH_MIN)
		set->batch /= 2;
	else if (took_us < BATCH_SHORT_US && set->batch < ADDRESS_BATCH)
		set->batch *= 2;
}

/* Carries out one batch; false where the kernel could not be asked. */
static bool apply(struct vip_set *set, struct address_op *ops, size_t n)
{
	struct monotime start = monotime_now();
	int r = address_apply(&set->requests, ops, n);

	adapt_batch(set, monotime_since_us(monotime_now(), start));
	if (r < 0) {
		/* nothing is known of this batch: look, then go on */
		set->must_dump = true;
		vip_set_wake_later(set, RETRY_US);
		return false;
	}
	for (size_t i = 0; i < n; i++)
		(ops[i].add ? added : removed)(set, &ops[i]);
	return true;
}

void vip_set_step(struct vip_set *set)
{
	struct address_op *ops;
	size_t n;
	bool go_on = true;

	if (set->must_dump && !vip_set_look(set))
		return;
	ops = heap_alloc_array(ADDRESS_BATCH, sizeof(*ops));
	n = collect_adds(set, ops);
	if (n == 0)
		n = collect_removals(set, ops);
	if (n > 0)
		go_on = apply(set, ops, n);
	free(ops);
	if (!go_on)
		return;
	if (n == 0 && set->again) {
		set->again = false;
		set->cursor = 0;
		vip_set_go_on(set);
	} else if (n > 0 || set->must_dump) {
		vip_set_go_on(set);
	} else if (!set->settled) {
		set->settled = true;
		tell_failures(set);
		if (set->ops.settled)
			set->ops.settled(set->arg);
	}
}
