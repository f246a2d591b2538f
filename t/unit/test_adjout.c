/* test_adjout.c: what members of an Adj-RIB-Out are sent, against a naive model */
#include "bgp/adjout.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_PREFIXES = 30, N_ATTRS = 5, N_MEMBERS = 4, N_OUTS = 3 };

static const uint32_t communities[] = {65000u << 16 | 1, 65000u << 16 | 2};

/* Attribute set k of a plan: local preference 100 + k. */
static const struct plan_attrs *attrs_of(const void *arg, uint32_t k)
{
	static struct plan_attrs sets[N_ATTRS];

	(void)arg;
	sets[k] = (struct plan_attrs){.has_local_pref = true,
				      .local_pref = 100 + k,
				      .communities = communities,
				      .n_communities = (uint16_t)(k % 3)};
	return &sets[k];
}

/* Prefix i: IPv4 below 20, then IPv6; ascending. */
static struct prefix prefix_no(unsigned i)
{
	char text[PREFIX_TEXT_MAX];
	struct prefix p;

	if (i < 20)
		snprintf(text, sizeof(text), "192.0.2.%u/32", i);
	else
		snprintf(text, sizeof(text), "2001:db8::%x/128", i);
	cr_assert_eq(prefix_parse(&p, text), ADDR_OK);
	return p;
}

static unsigned prefix_index(const struct prefix *p)
{
	return p->addr.family == ADDR_IPV4 ? p->addr.bytes[3] : p->addr.bytes[15];
}

/* The naive model: what is wanted, or what a peer has: attribute set by prefix, -1: none. */
struct rib {
	int at[N_PREFIXES];
	bool planned[N_PREFIXES];
};

static void rib_clear(struct rib *rib)
{
	for (unsigned i = 0; i < N_PREFIXES; i++) {
		rib->at[i] = -1;
		rib->planned[i] = false;
	}
}

struct member {
	struct adjout_cursor cursor;
	struct rib has;
	int out; /* index of its Adj-RIB-Out, -1: none */
	unsigned announced, withdrawn; /* so far */
};

struct world {
	struct attrset_table *sets;
	struct adjout *outs[N_OUTS];
	struct rib wanted[N_OUTS];
	struct member members[N_MEMBERS];
};

static void world_init(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->sets = attrset_table_new();
	for (unsigned i = 0; i < N_OUTS; i++) {
		w->outs[i] = adjout_new(w->sets);
		rib_clear(&w->wanted[i]);
	}
	for (unsigned i = 0; i < N_MEMBERS; i++) {
		rib_clear(&w->members[i].has);
		w->members[i].out = -1;
	}
}

static void world_fini(struct world *w)
{
	for (unsigned i = 0; i < N_MEMBERS; i++)
		adjout_leave(&w->members[i].cursor);
	for (unsigned i = 0; i < N_OUTS; i++)
		adjout_free(w->outs[i]);
	cr_expect_eq(attrset_table_count(w->sets), 0, "a set is still referenced");
	attrset_table_free(w->sets);
}

static void sync_out(struct adjout *out, const struct rib *rib)
{
	struct plan_route routes[N_PREFIXES];
	size_t n = 0;

	for (unsigned i = 0; i < N_PREFIXES; i++) {
		if (!rib->planned[i])
			continue;
		routes[n++] = (struct plan_route){.prefix = prefix_no(i),
						  .attrs = rib->at[i] < 0 ? PLAN_NOT_ANNOUNCED
									  : (uint32_t)rib->at[i]};
	}
	adjout_sync(out, routes, n, attrs_of, NULL);
}

static void update(struct world *w, unsigned out, unsigned i, int attrs)
{
	struct prefix p = prefix_no(i);

	adjout_update(w->outs[out], &p, attrs < 0 ? NULL : attrs_of(NULL, (uint32_t)attrs));
	w->wanted[out].at[i] = attrs;
	w->wanted[out].planned[i] |= attrs >= 0;
}

static void join(struct world *w, unsigned m, int out)
{
	rib_clear(&w->members[m].has);
	w->members[m].out = out;
	adjout_join(w->outs[out], &w->members[m].cursor);
}

/* Takes one batch and plays the peer that gets it. */
static size_t take(struct world *w, unsigned m, size_t max, size_t size)
{
	struct member *member = &w->members[m];
	struct adjout_change changes[64];
	bool seen[N_PREFIXES] = {false};
	size_t n = adjout_take(&member->cursor, changes, max, size);

	cr_assert_leq(n, max);
	for (size_t i = 0; i < n; i++) {
		unsigned p = prefix_index(&changes[i].prefix);
		int now = w->wanted[member->out].at[p];

		cr_assert(!seen[p], "prefix %u twice in one batch", p);
		seen[p] = true;
		if (i > 0)
			cr_assert(!changes[i].set || changes[i - 1].set,
				  "an announcement behind a withdrawal");
		if (changes[i].set) {
			cr_assert_eq((int)changes[i].set->attrs.local_pref, 100 + now);
			member->announced++;
		} else {
			cr_assert_eq(now, -1, "prefix %u withdrawn, but it is wanted", p);
			member->withdrawn++;
		}
		member->has.at[p] = now;
	}
	return n;
}

static void take_all(struct world *w, unsigned m)
{
	while (adjout_pending(&w->members[m].cursor))
		take(w, m, 64, 65536);
}

/* What is told of a member's routes, in pieces. */
struct telling {
	const struct rib *wanted;
	int last;
	size_t n;
};

static void tell(void *arg, const struct prefix *prefix, const struct plan_attrs *attrs)
{
	struct telling *t = arg;
	int i = (int)prefix_index(prefix);

	cr_assert_gt(i, t->last, "ascending, each once");
	cr_assert_eq((int)attrs->local_pref, 100 + t->wanted->at[i]);
	t->last = i;
	t->n++;
}

static void expect_told(const struct adjout_cursor *c, const struct rib *wanted, size_t n)
{
	struct telling t = {.wanted = wanted, .last = -1};
	struct prefix at = {0};

	while (adjout_some_sent(c, &at, 7, tell, &t))
		;
	cr_assert_eq(t.n, n);
	for (unsigned i = 0; i < N_PREFIXES; i++) {
		struct prefix p = prefix_no(i);

		cr_assert_eq(adjout_sent(c, &p) != NULL, wanted->at[i] >= 0);
	}
}

static void expect_converged(const struct world *w, unsigned m)
{
	const struct member *member = &w->members[m];
	const struct rib *wanted = &w->wanted[member->out];
	size_t n[2] = {0, 0};

	for (unsigned i = 0; i < N_PREFIXES; i++) {
		cr_assert_eq(member->has.at[i], wanted->at[i],
			     "member %u, prefix %u: has %d, not %d", m, i, member->has.at[i],
			     wanted->at[i]);
		if (wanted->at[i] >= 0)
			n[i >= 20]++;
	}
	cr_assert_eq(adjout_sent_count(&member->cursor, ADDR_IPV4), n[0]);
	cr_assert_eq(adjout_sent_count(&member->cursor, ADDR_IPV6), n[1]);
	expect_told(&member->cursor, wanted, n[0] + n[1]);
}

static void plan_first(struct world *w, unsigned out, unsigned n, int attrs)
{
	for (unsigned i = 0; i < N_PREFIXES; i++) {
		w->wanted[out].planned[i] = i < n;
		w->wanted[out].at[i] = i < n ? attrs : -1;
	}
	sync_out(w->outs[out], &w->wanted[out]);
}

Test(adjout, a_late_joiner_gets_the_table_sorted_by_attributes)
{
	struct world w;
	struct adjout_change changes[64];
	size_t n;

	world_init(&w);
	for (unsigned i = 0; i < N_PREFIXES; i++)
		update(&w, 0, i, (int)(i % 2));
	join(&w, 0, 0);
	n = adjout_take(&w.members[0].cursor, changes, 64, 65536);
	cr_assert_eq(n, N_PREFIXES);
	for (size_t i = 1; i < n; i++) {
		bool same = changes[i - 1].set == changes[i].set;

		cr_expect(same || i == N_PREFIXES / 2, "the sets are mixed at %zu", i);
		if (same)
			cr_expect_lt(prefix_cmp(&changes[i - 1].prefix, &changes[i].prefix), 0);
	}
	cr_expect(!adjout_pending(&w.members[0].cursor));
	world_fini(&w);
}

Test(adjout, only_what_differs_is_sent)
{
	struct world w;

	world_init(&w);
	plan_first(&w, 0, 10, 1);
	join(&w, 0, 0);
	take_all(&w, 0);
	cr_expect_eq(w.members[0].announced, 10);

	sync_out(w.outs[0], &w.wanted[0]);
	cr_expect(!adjout_pending(&w.members[0].cursor), "the same again is nothing");

	w.wanted[0].planned[10] = true;
	w.wanted[0].at[10] = 1;
	sync_out(w.outs[0], &w.wanted[0]);
	take_all(&w, 0);
	cr_expect_eq(w.members[0].announced, 11);
	cr_expect_eq(w.members[0].withdrawn, 0);
	expect_converged(&w, 0);
	world_fini(&w);
}

Test(adjout, what_came_and_went_unseen_is_not_sent)
{
	struct world w;

	world_init(&w);
	plan_first(&w, 0, 3, 1);
	join(&w, 0, 0);
	take_all(&w, 0);
	update(&w, 0, 5, 2); /* came and went */
	update(&w, 0, 5, -1);
	update(&w, 0, 1, 3); /* changed twice */
	update(&w, 0, 1, 4);
	take_all(&w, 0);
	cr_expect_eq(w.members[0].announced, 4);
	cr_expect_eq(w.members[0].withdrawn, 0);
	expect_converged(&w, 0);
	world_fini(&w);
}

/* A tombstone outlives a quick member and its own revival for the sake of a slow one. */
Test(adjout, a_slow_member_misses_no_withdrawal)
{
	struct world w;

	world_init(&w);
	plan_first(&w, 0, 5, 0);
	join(&w, 0, 0);
	join(&w, 1, 0);
	take_all(&w, 0);
	take_all(&w, 1);
	update(&w, 0, 2, -1);
	take_all(&w, 0);
	update(&w, 0, 2, 1);
	take_all(&w, 0);
	update(&w, 0, 2, -1);
	take_all(&w, 0);
	expect_converged(&w, 0);
	take_all(&w, 1);
	expect_converged(&w, 1);
	cr_expect_eq(w.members[1].withdrawn, 1);

	join(&w, 2, 0);
	take_all(&w, 2);
	cr_expect_eq(w.members[2].withdrawn, 0, "it never had the route");
	expect_converged(&w, 2);
	world_fini(&w);
}

Test(adjout, a_route_refresh_sends_its_family_again)
{
	struct world w;

	world_init(&w);
	plan_first(&w, 0, N_PREFIXES, 0);
	join(&w, 0, 0);
	take_all(&w, 0);
	w.members[0].announced = 0;
	adjout_rewind(&w.members[0].cursor, ADDR_IPV6);
	cr_expect_eq(adjout_sent_count(&w.members[0].cursor, ADDR_IPV4), 20);
	update(&w, 0, 3, -1);
	take_all(&w, 0);
	cr_expect_eq(w.members[0].announced, N_PREFIXES - 20);
	cr_expect_eq(w.members[0].withdrawn, 1);
	expect_converged(&w, 0);
	world_fini(&w);
}

/* One group becomes two: a copy, and the cursor stays where it was. */
Test(adjout, a_split_group_sends_only_what_differs)
{
	struct world w;

	world_init(&w);
	plan_first(&w, 0, 8, 0);
	join(&w, 0, 0);
	join(&w, 1, 0);
	take_all(&w, 0);
	take_all(&w, 1);
	adjout_free(w.outs[1]);
	w.outs[1] = adjout_clone(w.outs[0]);
	w.wanted[1] = w.wanted[0];
	adjout_transfer(&w.members[1].cursor, w.outs[1]);
	w.members[1].out = 1;
	w.wanted[1].at[4] = 2;
	sync_out(w.outs[1], &w.wanted[1]);
	w.members[1].announced = 0;
	take_all(&w, 0);
	take_all(&w, 1);
	cr_expect_eq(w.members[0].announced, 8);
	cr_expect_eq(w.members[1].announced, 1);
	expect_converged(&w, 0);
	expect_converged(&w, 1);
	world_fini(&w);
}

Test(adjout, merged_groups_send_only_what_differs)
{
	struct world w;

	world_init(&w);
	plan_first(&w, 0, 8, 0);
	plan_first(&w, 1, 10, 0);
	update(&w, 1, 3, 1);
	update(&w, 1, 5, -1);
	join(&w, 0, 0);
	take_all(&w, 0);
	w.members[0].announced = 0;
	adjout_move(&w.members[0].cursor, w.outs[1]);
	w.members[0].out = 1;
	take_all(&w, 0);
	expect_converged(&w, 0);
	cr_expect_eq(w.members[0].announced, 3, "changed: 3; new: 8, 9");
	cr_expect_eq(w.members[0].withdrawn, 1);
	world_fini(&w);
}

static unsigned pick(unsigned *state, unsigned n)
{
	*state = *state * 1103515245u + 12345u;
	return (*state >> 16) % n;
}

static void random_plan(struct world *w, unsigned out, unsigned *rnd)
{
	for (unsigned i = 0; i < N_PREFIXES; i++) {
		if (pick(rnd, 3))
			continue;
		w->wanted[out].planned[i] = pick(rnd, 4) > 0;
		w->wanted[out].at[i] =
			w->wanted[out].planned[i] && pick(rnd, 3) ? (int)pick(rnd, N_ATTRS) : -1;
	}
	sync_out(w->outs[out], &w->wanted[out]);
}

/* Its members stay with the old one, which is freed once the last has left. */
static void random_split(struct world *w, unsigned from, unsigned to)
{
	for (unsigned m = 0; m < N_MEMBERS; m++) {
		if (w->members[m].out == (int)to)
			return;
	}
	adjout_free(w->outs[to]);
	w->outs[to] = adjout_clone(w->outs[from]);
	w->wanted[to] = w->wanted[from];
	for (unsigned m = 0; m < N_MEMBERS; m += 2) {
		if (w->members[m].out != (int)from)
			continue;
		adjout_transfer(&w->members[m].cursor, w->outs[to]);
		w->members[m].out = (int)to;
	}
}

static void random_step(struct world *w, unsigned *rnd)
{
	unsigned m = pick(rnd, N_MEMBERS), out = pick(rnd, N_OUTS);
	struct member *member = &w->members[m];

	switch (pick(rnd, 12)) {
	case 0:
		random_plan(w, out, rnd);
		break;
	case 1:
		if (member->out < 0)
			join(w, m, (int)out);
		break;
	case 2:
		if (member->out >= 0 && pick(rnd, 3) == 0) {
			adjout_leave(&member->cursor);
			member->out = -1;
		}
		break;
	case 3:
		adjout_rewind(&member->cursor, (uint8_t[]){0, ADDR_IPV4, ADDR_IPV6}[pick(rnd, 3)]);
		break;
	case 4:
		if (member->out >= 0 && member->out != (int)out) {
			adjout_move(&member->cursor, w->outs[out]);
			member->out = (int)out;
		}
		break;
	case 5:
		if (member->out >= 0 && member->out != (int)out)
			random_split(w, (unsigned)member->out, out);
		break;
	case 6:
	case 7:
	case 8:
		if (member->out >= 0)
			take(w, m, 1 + pick(rnd, 6), 20 + pick(rnd, 400));
		break;
	default:
		update(w, out, pick(rnd, N_PREFIXES),
		       (int)pick(rnd, N_ATTRS + 2) - 2 < 0 ? -1 : (int)pick(rnd, N_ATTRS));
		break;
	}
}

Test(adjout, agrees_with_a_naive_model, .timeout = 60)
{
	for (unsigned seed = 1; seed <= 300; seed++) {
		unsigned rnd = seed;
		struct world w;

		world_init(&w);
		for (unsigned step = 0; step < 300; step++) {
			random_step(&w, &rnd);
			for (unsigned m = 0; m < N_MEMBERS; m++) {
				if (w.members[m].out >= 0 && !adjout_pending(&w.members[m].cursor))
					expect_converged(&w, m);
			}
		}
		for (unsigned m = 0; m < N_MEMBERS; m++) {
			take_all(&w, m);
			if (w.members[m].out >= 0)
				expect_converged(&w, m);
		}
		world_fini(&w);
	}
}

/* Sets that differ in the next hop alone are two: a member must be told of the change. */
Test(adjout, a_next_hop_tells_sets_apart)
{
	struct attrset_table *sets = attrset_table_new();
	struct plan_attrs a = {0}, b = {0}, c = {0};
	const struct attrset *x, *y, *z, *again;

	cr_assert_eq(addr_parse(&b.next_hop, "192.0.2.1"), ADDR_OK);
	cr_assert_eq(addr_parse(&c.next_hop, "192.0.2.2"), ADDR_OK);
	x = attrset_get(sets, &a);
	y = attrset_get(sets, &b);
	z = attrset_get(sets, &c);
	again = attrset_get(sets, &b);
	cr_expect(x != y && y != z && x != z);
	cr_expect_eq(y, again);
	cr_expect(addr_equal(&z->attrs.next_hop, &c.next_hop));
	attrset_put(sets, x);
	attrset_put(sets, y);
	attrset_put(sets, z);
	attrset_put(sets, again);
	cr_expect_eq(attrset_table_count(sets), 0);
	attrset_table_free(sets);
}
