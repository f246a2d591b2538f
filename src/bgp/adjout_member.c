/* adjout_member.c: a member's way through the changes of an Adj-RIB-Out
 *
 * A member may be told of a withdrawal that it needs not know (it is told where it may have the
 * route), but never misses one that it needs.  What it has is known from three versions: `seen`,
 * `had` (before a rewind) and the entry's `since`.
 */
#include "bgp/adjout_table.h"

#include <assert.h>
#include <stdlib.h>

enum { MESSAGE_SIZE = 40 }; /* header and lengths, about; for the budget */

/* The version up to which the member was sent everything at some time. */
static uint64_t was_sent(const struct adjout_cursor *c)
{
	return c->had > c->seen ? c->had : c->seen;
}

static void enter(struct adjout *out, struct adjout_cursor *c)
{
	c->out = out;
	c->joined = out->version;
	LIST_INSERT_HEAD(&out->members, c, members);
}

void adjout_join(struct adjout *out, struct adjout_cursor *c)
{
	assert(!c->out);
	*c = (struct adjout_cursor){.next = TAILQ_FIRST(&out->changes)};
	enter(out, c);
}

void adjout_leave(struct adjout_cursor *c)
{
	struct adjout *out = c->out;

	if (!out)
		return;
	LIST_REMOVE(c, members);
	array_fini(&c->todo);
	*c = (struct adjout_cursor){0};
	adjout_trim(out);
}

void adjout_rewind(struct adjout_cursor *c, uint8_t family)
{
	if (!c->out)
		return;
	/* One rewind into another, or into a move: all is sent again. */
	c->again = c->had || c->todo_at < c->todo.n ? 0 : family;
	c->had = was_sent(c);
	c->seen = 0;
	c->next = TAILQ_FIRST(&c->out->changes);
}

void adjout_transfer(struct adjout_cursor *c, struct adjout *clone)
{
	assert(c->out && c->out->version == clone->version);
	LIST_REMOVE(c, members);
	if (c->next)
		c->next = adjout_find(clone, &c->next->prefix);
	c->out = clone;
	LIST_INSERT_HEAD(&clone->members, c, members);
}

static int todo_cmp(const void *pa, const void *pb)
{
	const struct adjout_todo *a = pa, *b = pb;

	if (a->serial != b->serial)
		return a->serial < b->serial ? -1 : 1;
	return prefix_cmp(&a->prefix, &b->prefix);
}

static int todo_prefix_cmp(const void *pa, const void *pb)
{
	const struct adjout_todo *a = pa, *b = pb;

	return prefix_cmp(&a->prefix, &b->prefix);
}

static void todo_add(struct adjout_cursor *c, const struct prefix *prefix,
		     const struct adjout_entry *e)
{
	/* Withdrawals last, as everywhere. */
	uint64_t serial = e && e->set ? e->set->serial : UINT64_MAX;

	*array_add(&c->todo) = (struct adjout_todo){serial, *prefix};
}

/* Must a member that was sent `a` by its old Adj-RIB-Out be told of `b` of the new one? */
static bool differs(const struct adjout_cursor *old, const struct adjout_entry *a,
		    const struct adjout_entry *b)
{
	const struct attrset *b_set = b ? b->set : NULL;

	if (!a || a->version == 0 || a->since > was_sent(old))
		return b_set != NULL; /* it was never sent a */
	if (a->version > old->seen)
		return true; /* who knows what it has */
	return a->set != b_set;
}

void adjout_move(struct adjout_cursor *c, struct adjout *to)
{
	const struct adjout *from = c->out;
	struct adjout_cursor moved = {.seen = to->version, .had = UINT64_MAX};
	size_t n_first;

	for (size_t i = 0, j = 0; i < from->table.n || j < to->table.n;) {
		const struct adjout_entry *a = i < from->table.n ? from->table.at[i] : NULL;
		const struct adjout_entry *b = j < to->table.n ? to->table.at[j] : NULL;
		int order = !a ? 1 : !b ? -1 : prefix_cmp(&a->prefix, &b->prefix);

		a = order <= 0 ? a : NULL;
		b = order >= 0 ? b : NULL;
		if (differs(c, a, b))
			todo_add(&moved, a ? &a->prefix : &b->prefix, b);
		i += order <= 0;
		j += order >= 0;
	}
	/* What an earlier move has left undone. */
	n_first = moved.todo.n;
	for (size_t i = c->todo_at; i < c->todo.n; i++) {
		const struct adjout_todo *t = &c->todo.at[i];

		if (array_find(moved.todo.at, n_first, sizeof(*t), t, todo_prefix_cmp) == n_first)
			todo_add(&moved, &t->prefix, adjout_find(to, &t->prefix));
	}
	array_sort(&moved.todo, todo_cmp);
	adjout_leave(c);
	*c = moved;
	enter(to, c);
}

bool adjout_pending(const struct adjout_cursor *c)
{
	return c->out && (c->next || c->todo_at < c->todo.n);
}

/* Is the entry, reached in the list, to be sent to the member? */
static bool wants(const struct adjout_cursor *c, const struct adjout_entry *e)
{
	bool rewound = c->had != UINT64_MAX && e->version <= c->had;

	if (!e->set)
		return !rewound && e->version > c->joined && e->since <= was_sent(c);
	return !rewound || !c->again || e->prefix.addr.family == c->again;
}

static int change_cmp(const void *pa, const void *pb)
{
	const struct adjout_change *a = pa, *b = pb;

	if (!a->set != !b->set)
		return a->set ? -1 : 1;
	if (a->set && a->set->serial != b->set->serial)
		return a->set->serial < b->set->serial ? -1 : 1;
	return prefix_cmp(&a->prefix, &b->prefix);
}

/* What adjout_take() gathers. */
struct batch {
	struct adjout_change *at;
	size_t n, max;
	size_t size, budget;
};

static bool batch_has_room(const struct batch *b)
{
	return b->n < b->max && b->size < b->budget;
}

static void batch_add(struct batch *b, const struct prefix *prefix, const struct attrset *set)
{
	b->size += 1 + (prefix->len + 7u) / 8;
	if (set && (b->n == 0 || b->at[b->n - 1].set != set))
		b->size += MESSAGE_SIZE + set->wire_size;
	b->at[b->n++] = (struct adjout_change){*prefix, set};
}

size_t adjout_take(struct adjout_cursor *c, struct adjout_change *ret, size_t max, size_t size)
{
	struct batch batch = {.at = ret, .max = max, .budget = size};

	if (!c->out)
		return 0;
	while (c->todo_at < c->todo.n && batch_has_room(&batch)) {
		const struct prefix *prefix = &c->todo.at[c->todo_at++].prefix;
		const struct adjout_entry *e = adjout_find(c->out, prefix);

		/* One that changed since comes by the list. */
		if (!e || e->version <= c->seen || !wants(c, e))
			batch_add(&batch, prefix, e ? e->set : NULL);
	}
	while (c->next && batch_has_room(&batch)) {
		const struct adjout_entry *e = c->next;

		c->next = TAILQ_NEXT(e, changes);
		if (wants(c, e))
			batch_add(&batch, &e->prefix, e->set);
		c->seen = e->version;
	}
	if (!adjout_pending(c)) {
		array_fini(&c->todo);
		c->todo_at = 0;
		c->seen = c->out->version;
		c->had = 0;
		c->again = 0;
	}
	adjout_trim(c->out);
	if (batch.n > 1)
		qsort(ret, batch.n, sizeof(*ret), change_cmp);
	return batch.n;
}

/* Was the member sent the entry as it is now? */
static bool has(const struct adjout_cursor *c, const struct adjout_entry *e)
{
	return e->set && e->version <= (c->had == UINT64_MAX ? c->seen : was_sent(c));
}

size_t adjout_sent_count(const struct adjout_cursor *c, uint8_t family)
{
	size_t n;

	if (!c->out)
		return 0;
	n = adjout_count(c->out, family);
	for (const struct adjout_entry *e = c->next; e; e = TAILQ_NEXT(e, changes))
		n -= e->set && e->prefix.addr.family == family && !has(c, e);
	return n;
}

const struct plan_attrs *adjout_sent(const struct adjout_cursor *c, const struct prefix *prefix)
{
	const struct adjout_entry *e = c->out ? adjout_find(c->out, prefix) : NULL;

	return e && has(c, e) ? &e->set->attrs : NULL;
}

bool adjout_some_sent(const struct adjout_cursor *c, struct prefix *at, size_t max,
		      adjout_sent_fn fn, void *arg)
{
	const struct adjout *out = c->out;
	size_t i = 0;

	if (!out)
		return false;
	if (at->addr.family != ADDR_NONE) {
		i = adjout_index(out, at);
		i += i < out->table.n && prefix_equal(&out->table.at[i]->prefix, at);
	}
	for (; max > 0 && i < out->table.n; i++, max--) {
		const struct adjout_entry *e = out->table.at[i];

		*at = e->prefix;
		if (has(c, e))
			fn(arg, &e->prefix, &e->set->attrs);
	}
	return i < out->table.n;
}
