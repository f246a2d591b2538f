/* adjout.c: the Adj-RIB-Out of one output group: its table and its list of changes
 *
 * The table has every route of the plan's group, announced or not, so that a gate that opens finds
 * its entry there; only a sync makes it longer.  What is announced is in the list; what is not is
 * in it while a member still has to be told.
 */
#include "bgp/adjout_table.h"

#include "base/heap.h"

#include <assert.h>
#include <stdlib.h>

struct adjout *adjout_new(struct attrset_table *sets)
{
	struct adjout *out = heap_new_of(struct adjout);

	out->sets = sets;
	TAILQ_INIT(&out->changes);
	TAILQ_INIT(&out->gone);
	LIST_INIT(&out->members);
	return out;
}

void adjout_free(struct adjout *out)
{
	if (!out)
		return;
	assert(LIST_EMPTY(&out->members));
	for (size_t i = 0; i < out->table.n; i++) {
		attrset_put(out->sets, out->table.at[i]->set);
		free(out->table.at[i]);
	}
	array_fini(&out->table);
	free(out);
}

struct adjout *adjout_clone(const struct adjout *out)
{
	struct adjout *copy = adjout_new(out->sets);
	const struct adjout_entry *e;

	copy->version = out->version;
	copy->n_ipv4 = out->n_ipv4;
	copy->n_ipv6 = out->n_ipv6;
	copy->n_dead = out->n_dead;
	for (size_t i = 0; i < out->table.n; i++) {
		struct adjout_entry *c = heap_new_of(struct adjout_entry);

		*c = *out->table.at[i];
		attrset_ref(c->set);
		*array_add(&copy->table) = c;
	}
	TAILQ_FOREACH(e, &out->changes, changes)
	{
		struct adjout_entry *c = adjout_find(copy, &e->prefix);

		TAILQ_INSERT_TAIL(&copy->changes, c, changes);
		if (!c->set)
			TAILQ_INSERT_TAIL(&copy->gone, c, gone);
	}
	return copy;
}

size_t adjout_members(const struct adjout *out)
{
	const struct adjout_cursor *c;
	size_t n = 0;

	LIST_FOREACH(c, &out->members, members)
	n++;
	return n;
}

size_t adjout_count(const struct adjout *out, uint8_t family)
{
	return family == ADDR_IPV4 ? out->n_ipv4 : family == ADDR_IPV6 ? out->n_ipv6 : 0;
}

size_t adjout_index(const struct adjout *out, const struct prefix *prefix)
{
	size_t low = 0, high = out->table.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (prefix_cmp(&out->table.at[middle]->prefix, prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct adjout_entry *adjout_find(const struct adjout *out, const struct prefix *prefix)
{
	size_t i = adjout_index(out, prefix);

	if (i == out->table.n || !prefix_equal(&out->table.at[i]->prefix, prefix))
		return NULL;
	return out->table.at[i];
}

static struct adjout_entry *entry_new(const struct prefix *prefix)
{
	struct adjout_entry *e = heap_new_of(struct adjout_entry);

	e->prefix = *prefix;
	e->planned = true;
	return e;
}

static void list_remove(struct adjout *out, struct adjout_entry *e)
{
	struct adjout_cursor *c;

	LIST_FOREACH(c, &out->members, members)
	{
		if (c->next == e)
			c->next = TAILQ_NEXT(e, changes);
	}
	TAILQ_REMOVE(&out->changes, e, changes);
	if (!e->set)
		TAILQ_REMOVE(&out->gone, e, gone);
	e->version = 0;
}

static void list_append(struct adjout *out, struct adjout_entry *e)
{
	struct adjout_cursor *c;

	e->version = ++out->version;
	TAILQ_INSERT_TAIL(&out->changes, e, changes);
	if (!e->set)
		TAILQ_INSERT_TAIL(&out->gone, e, gone);
	LIST_FOREACH(c, &out->members, members)
	{
		if (!c->next)
			c->next = e;
	}
}

/* The one place that changes what is announced.  Takes over the reference to set. */
static void entry_change(struct adjout *out, struct adjout_entry *e, const struct attrset *set)
{
	size_t *count = e->prefix.addr.family == ADDR_IPV4 ? &out->n_ipv4 : &out->n_ipv6;

	if (e->set == set) {
		attrset_put(out->sets, set);
		return;
	}
	*count += (set != NULL) - (e->set != NULL);
	/* While a tombstone is in the list somebody still has what was announced before. */
	if (e->version)
		list_remove(out, e);
	else
		e->since = out->version + 1;
	attrset_put(out->sets, e->set);
	e->set = set;
	if (set || !LIST_EMPTY(&out->members))
		list_append(out, e);
	else if (!e->planned)
		out->n_dead++;
}

/* Frees what is dead once it is a good part of the table. */
static void compact(struct adjout *out)
{
	size_t kept = 0;

	if (out->n_dead <= out->table.n / 4)
		return;
	for (size_t i = 0; i < out->table.n; i++) {
		struct adjout_entry *e = out->table.at[i];

		if (!e->planned && !e->version)
			free(e);
		else
			out->table.at[kept++] = e;
	}
	out->table.n = kept;
	out->n_dead = 0;
}

void adjout_trim(struct adjout *out)
{
	const struct adjout_cursor *c;
	uint64_t passed = UINT64_MAX;
	struct adjout_entry *e;

	if (TAILQ_EMPTY(&out->gone))
		return;
	LIST_FOREACH(c, &out->members, members)
	{
		if (c->seen < passed)
			passed = c->seen;
	}
	while ((e = TAILQ_FIRST(&out->gone)) && e->version <= passed) {
		list_remove(out, e);
		if (!e->planned)
			out->n_dead++;
	}
	compact(out);
}

/* A sync in the making: what is to be changed, in the order in which it is to be sent. */
struct change {
	struct adjout_entry *entry;
	const struct attrset *set; /* with a reference */
};

struct sync {
	struct adjout *out;
	adjout_attrs_fn attrs;
	const void *arg;
	ARRAY(struct adjout_entry *) table; /* the new one */
	ARRAY(const struct attrset *) known; /* by the plan's index, with a reference; or NULL */
	ARRAY(struct change) changes;
};

static int change_cmp(const void *pa, const void *pb)
{
	const struct change *a = pa, *b = pb;

	/* Before make is break: a prefix that another replaces stays until the other is there. */
	if (!a->set != !b->set)
		return a->set ? -1 : 1;
	if (a->set && a->set->serial != b->set->serial)
		return a->set->serial < b->set->serial ? -1 : 1;
	return prefix_cmp(&a->entry->prefix, &b->entry->prefix);
}

static const struct attrset *sync_set(struct sync *s, uint32_t attrs)
{
	if (attrs == PLAN_NOT_ANNOUNCED)
		return NULL;
	while (s->known.n <= attrs)
		*array_add(&s->known) = NULL;
	if (!s->known.at[attrs])
		s->known.at[attrs] = attrset_get(s->out->sets, s->attrs(s->arg, attrs));
	return s->known.at[attrs];
}

static void sync_change(struct sync *s, struct adjout_entry *e, const struct attrset *set)
{
	if (e->set != set)
		*array_add(&s->changes) = (struct change){e, attrset_ref(set)};
}

static void sync_gone(struct sync *s, struct adjout_entry *e)
{
	if (!e->set && !e->version) {
		free(e);
		return;
	}
	e->planned = false;
	*array_add(&s->table) = e;
	sync_change(s, e, NULL);
}

static void sync_wanted(struct sync *s, struct adjout_entry *e, const struct plan_route *route)
{
	if (!e)
		e = entry_new(&route->prefix);
	e->planned = true;
	*array_add(&s->table) = e;
	sync_change(s, e, sync_set(s, route->attrs));
}

static void sync_finish(struct sync *s)
{
	struct adjout *out = s->out;

	array_fini(&out->table);
	out->table.at = s->table.at;
	out->table.n = s->table.n;
	out->table.max = s->table.max;
	out->n_dead = 0; /* they were freed, or are wanted again */
	array_sort(&s->changes, change_cmp);
	for (size_t i = 0; i < s->changes.n; i++)
		entry_change(out, s->changes.at[i].entry, s->changes.at[i].set);
	array_fini(&s->changes);
	for (size_t i = 0; i < s->known.n; i++)
		attrset_put(out->sets, s->known.at[i]);
	array_fini(&s->known);
	compact(out);
}

void adjout_sync(struct adjout *out, const struct plan_route *routes, size_t n,
		 adjout_attrs_fn attrs, const void *arg)
{
	struct sync s = {.out = out, .attrs = attrs, .arg = arg};

	for (size_t i = 0, j = 0; i < out->table.n || j < n;) {
		struct adjout_entry *e = i < out->table.n ? out->table.at[i] : NULL;
		int c = !e ? 1 : j == n ? -1 : prefix_cmp(&e->prefix, &routes[j].prefix);

		if (c < 0)
			sync_gone(&s, e);
		else
			sync_wanted(&s, c == 0 ? e : NULL, &routes[j]);
		i += c <= 0;
		j += c >= 0;
	}
	sync_finish(&s);
}

void adjout_update(struct adjout *out, const struct prefix *prefix, const struct plan_attrs *attrs)
{
	size_t i = adjout_index(out, prefix);
	struct adjout_entry *e = i < out->table.n ? out->table.at[i] : NULL;

	if (!e || !prefix_equal(&e->prefix, prefix)) {
		if (!attrs)
			return;
		e = entry_new(prefix);
		(void)array_add(&out->table);
		memmove(out->table.at + i + 1, out->table.at + i,
			(out->table.n - 1 - i) * sizeof(struct adjout_entry *));
		out->table.at[i] = e;
	}
	if (!e->planned) {
		e->planned = true;
		out->n_dead -= !e->version;
	}
	entry_change(out, e, attrs ? attrset_get(out->sets, attrs) : NULL);
}
