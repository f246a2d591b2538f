/* vip_step.c: from what is there to what is wanted, a batch at a time */
#include "kernel/vip_set.h"

#include "base/heap.h"

#include <errno.h>

enum { RETRY_US = 5 * 1000 * 1000 };

/* New ones first: an address that moves is on both interfaces for a moment, never on none. */
static size_t collect_adds(struct vip_set *set, struct address_op *ops)
{
	size_t n = 0;

	for (; set->cursor < set->entries.n && n < ADDRESS_BATCH; set->cursor++) {
		const struct vip_entry *e = &set->entries.at[set->cursor];

		if (e->stands || e->failed || e->ifindex == 0)
			continue;
		ops[n++] = (struct address_op){.addr = e->addr, .ifindex = e->ifindex, .add = true};
	}
	return n;
}

static size_t collect_removals(struct vip_set *set, struct address_op *ops)
{
	size_t n = 0;

	while (set->strays.n > 0 && n < ADDRESS_BATCH) {
		const struct vip_stray *s = &set->strays.at[--set->strays.n];

		ops[n++] = (struct address_op){.addr = s->addr, .ifindex = s->ifindex};
	}
	return n;
}

static void added(struct vip_set *set, const struct address_op *op)
{
	struct vip_entry *e = vip_entry_find(set, &op->addr);

	if (!e || e->ifindex != op->ifindex)
		return;
	e->error = op->error == -EEXIST ? 0 : op->error;
	if (op->error == -EEXIST) {
		/* whose it is a dump will tell */
		set->must_dump = true;
	} else if (op->error == 0) {
		e->stands = e->owned = true;
		e->add_told = false;
		set->ops.stands(set->arg, &e->addr, true, false);
	} else {
		e->failed = true;
		vip_set_wake_later(set, RETRY_US);
		if (!e->add_told)
			set->ops.failed(set->arg, &op->addr, op->error, op->words);
		e->add_told = true;
	}
}

static void removed(struct vip_set *set, const struct address_op *op)
{
	bool gone = op->error == 0 || op->error == -EADDRNOTAVAIL || op->error == -ENODEV;

	if (gone) {
		set->ops.removed(set->arg, &op->addr);
		return;
	}
	*array_add(&set->strays) = (struct vip_stray){.addr = op->addr, .ifindex = op->ifindex};
	set->ops.failed(set->arg, &op->addr, op->error, op->words);
}

/* Carries out one batch; false where nothing of the kind can be done now. */
static bool apply(struct vip_set *set, struct address_op *ops, size_t n)
{
	size_t strays = set->strays.n;
	int r = address_apply(&set->requests, ops, n);

	if (r < 0) {
		/* nothing is known of this batch: look, then go on */
		set->must_dump = true;
		vip_set_wake_later(set, RETRY_US);
		return false;
	}
	for (size_t i = 0; i < n; i++)
		(ops[i].add ? added : removed)(set, &ops[i]);
	if (set->strays.n > strays) {
		/* those that could not be removed wait */
		vip_set_wake_later(set, RETRY_US);
		return false;
	}
	return true;
}

void vip_set_step(struct vip_set *set)
{
	struct address_op *ops;
	size_t n;
	bool go_on = true;

	if (set->must_dump)
		vip_set_look(set);
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
		if (set->ops.settled)
			set->ops.settled(set->arg);
	}
}
