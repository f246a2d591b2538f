/* test_properties.c: what holds for every configuration, tried on a thousand random ones
 *
 * A failure names its seed; random_yaml.c makes the same file from it again.
 */
#include "plan_text.h"
#include "random_yaml.h"

#include "base/text.h"
#include "config/diag.h"
#include "config/load.h"
#include "daemon/lease.h"
#include "plan/diff.h"
#include "plan/pool.h"

#include <stdlib.h>
#include <string.h>

enum { FILES = 1000 };

static int line_cmp(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The lines of a text, sorted; takes it. */
static char *sorted(char *take)
{
	ARRAY(char *) lines = {0};
	struct text out = {0};

	for (char *line = strtok(take, "\n"); line; line = strtok(NULL, "\n"))
		*array_add(&lines) = line;
	array_sort(&lines, line_cmp);
	for (size_t i = 0; i < lines.n; i++)
		text_addf(&out, "%s\n", lines.at[i]);
	array_fini(&lines);
	free(take);
	return text_take(&out);
}

static void expect_equal(uint64_t seed, const char *what, char *take_a, char *take_b)
{
	cr_assert_str_eq(take_a, take_b, "seed %llu: %s:\n%s---\n%s", (unsigned long long)seed,
			 what, take_a, take_b);
	free(take_a);
	free(take_b);
}

/* Without what is told of a plan: that costs the most. */
static struct planned plan_of(const struct documents *docs, const struct leases *leases)
{
	struct planned p = {.sources = source_set_new()};
	char *yaml = documents_text(docs);

	p.diags = diags_new(p.sources);
	source_set_add_bytes(p.sources, "t", yaml, strlen(yaml));
	p.model = config_load(p.sources, "a", p.diags);
	cr_assert(p.model, "not valid:\n%s", yaml);
	p.plan = plan_new(p.model, NULL, leases, NULL, NULL);
	free(yaml);
	return p;
}

/* --- where it says so, the order of documents does not matter ------------------------------- */

Test(properties, shuffled_documents_give_the_same_plan, .timeout = 300)
{
	for (uint64_t seed = 1; seed <= FILES; seed++) {
		struct dice dice = dice_of(seed);
		struct documents docs = {0};
		struct planned a, b;

		random_documents(&docs, &dice, true);
		a = plan_of(&docs, NULL);
		documents_shuffle(&docs, &dice);
		b = plan_of(&docs, NULL);
		plan_open_all(a.plan);
		plan_open_all(b.plan);
		expect_equal(seed, "services", sorted(plan_text_full_services(a.plan)),
			     sorted(plan_text_full_services(b.plan)));
		expect_equal(seed, "routes", plan_text_routes(a.plan), plan_text_routes(b.plan));
		expect_equal(seed, "VIPs", sorted(plan_text_vips(a.plan)),
			     sorted(plan_text_vips(b.plan)));
		cr_assert_str_eq(plan_address_digest(a.plan), plan_address_digest(b.plan));
		planned_fini(&a);
		planned_fini(&b);
		documents_fini(&docs);
	}
}

/* --- a patched plan equals a new one -------------------------------------------------------- */

static void set_gates(struct plan *plan, uint64_t seed, unsigned rounds)
{
	struct dice dice = dice_of(seed);
	size_t n;

	(void)plan_vips(plan, &n);
	for (unsigned r = 0; r < rounds; r++)
		for (uint32_t v = 0; v < n; v++)
			plan_gate(plan, v, dice_roll(&dice, 2), NULL, NULL);
}

/* The state that set_gates() ends in, in a plan whose gates were never touched before. */
static void set_gates_at_once(struct plan *plan, const struct plan *like)
{
	size_t n;
	const struct plan_vip *vips = plan_vips(like, &n);

	for (uint32_t v = (uint32_t)n; v > 0; v--)
		plan_gate(plan, v - 1, vips[v - 1].open, NULL, NULL);
}

Test(properties, a_patched_plan_equals_a_new_one, .timeout = 300)
{
	for (uint64_t seed = 1; seed <= FILES; seed++) {
		struct dice dice = dice_of(seed);
		struct documents docs = {0};
		struct planned patched;
		struct plan *anew;

		random_documents(&docs, &dice, false);
		patched = plan_of(&docs, NULL);
		anew = plan_new(patched.model, NULL, NULL, NULL, NULL);
		set_gates(patched.plan, seed, 5);
		set_gates_at_once(anew, patched.plan);
		expect_equal(seed, "routes", plan_text_routes(patched.plan),
			     plan_text_routes(anew));
		plan_free(anew);
		planned_fini(&patched);
		documents_fini(&docs);
	}
}

/* --- nobody gets what is not his ------------------------------------------------------------- */

static bool may_share(const struct service *a, const struct service *b)
{
	if (!a->sharing_key || !b->sharing_key || strcmp(a->sharing_key, b->sharing_key) != 0 ||
	    strcmp(a->backend_key, b->backend_key) != 0)
		return false;
	for (unsigned i = 0; i < a->n_ports; i++)
		for (unsigned k = 0; k < b->n_ports; k++)
			if (a->ports[i].port == b->ports[k].port &&
			    strcmp(a->ports[i].protocol, b->ports[k].protocol) == 0)
				return false;
	return true;
}

static bool has(const struct plan_service *s, const struct addr *addr)
{
	for (unsigned i = 0; i < s->n_addresses; i++)
		if (addr_equal(&s->addresses[i], addr))
			return true;
	return false;
}

static bool is_in(const struct ip_address_pool *pool, const struct addr *addr)
{
	for (uint32_t i = 0; i < pool->n_blocks; i++)
		if (addr_range_contains(&pool->blocks[i].range, addr))
			return pool_is_usable(pool, addr);
	return false;
}

static void expect_legal(const struct plan *plan, uint64_t seed)
{
	size_t n, n_pools;
	const struct plan_service *s = plan_services(plan, &n);
	const struct plan_pool *pools = plan_pools(plan, &n_pools);

	for (size_t i = 0; i < n; i++) {
		const char *name = s[i].service->object.name;

		if (s[i].n_addresses > 0)
			cr_assert_eq(pools[s[i].pool].settings.vips, POOL_VIPS_SERVICES);
		for (unsigned k = 0; k < s[i].n_addresses; k++) {
			cr_assert(is_in(pools[s[i].pool].pool, &s[i].addresses[k]), "seed %llu: %s",
				  (unsigned long long)seed, name);
			for (size_t j = 0; j < i; j++)
				cr_assert(!has(&s[j], &s[i].addresses[k]) ||
						  may_share(s[i].service, s[j].service),
					  "seed %llu: %s", (unsigned long long)seed, name);
		}
		if (s[i].source == SOURCE_ALLOCATED && !s[i].service->requested_pool)
			cr_assert(pools[s[i].pool].pool->auto_assign, "seed %llu: %s",
				  (unsigned long long)seed, name);
		cr_assert(s[i].state != SERVICE_PENDING || (s[i].rule && s[i].reason));
	}
}

/* --- equal files and leases give equal answers ----------------------------------------------- */

static char *all_of(const struct plan *plan)
{
	struct text out = {0};
	char *parts[] = {plan_text_reasons(plan), plan_text_vips(plan), plan_text_routes(plan),
			 plan_text_groups(plan)};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		text_add(&out, parts[i]);
		free(parts[i]);
	}
	return text_take(&out);
}

static char *leases_text(const struct plan *plan)
{
	struct text out = {0};

	lease_format(plan, &out);
	return text_take(&out);
}

/* "allocated" is told as "lease" the second time. */
static char *addresses_of(const struct plan *plan)
{
	struct text out = {0};
	size_t n;
	const struct plan_service *s = plan_services(plan, &n);
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < n; i++) {
		text_addf(&out, "%s/%s", s[i].service->object.namespace, s[i].service->object.name);
		for (unsigned k = 0; k < s[i].n_addresses; k++)
			text_addf(&out, " %s", addr_format(text, &s[i].addresses[k]));
		text_add(&out, "\n");
	}
	return text_take(&out);
}

Test(properties, equal_files_and_leases_give_equal_and_legal_answers, .timeout = 300)
{
	for (uint64_t seed = 1; seed <= FILES; seed++) {
		struct dice dice = dice_of(seed);
		struct documents docs = {0};
		struct planned first, again;
		struct plan *later;
		struct leases *leases;
		char *bytes;

		random_documents(&docs, &dice, false);
		first = plan_of(&docs, NULL);
		again = plan_of(&docs, NULL);
		expect_equal(seed, "twice", all_of(first.plan), all_of(again.plan));
		bytes = leases_text(first.plan);
		leases = lease_parse(bytes);
		cr_assert(leases, "seed %llu", (unsigned long long)seed);
		free(bytes);
		later = plan_new(again.model, NULL, leases, NULL, NULL);
		expect_equal(seed, "after a restart", addresses_of(first.plan),
			     addresses_of(later));
		expect_equal(seed, "its leases", leases_text(first.plan), leases_text(later));
		expect_legal(first.plan, seed);
		expect_legal(later, seed);
		plan_free(later);
		leases_free(leases);
		planned_fini(&first);
		planned_fini(&again);
		documents_fini(&docs);
	}
}

/* --- the old routes and the difference are the new routes ------------------------------------ */

struct table {
	ARRAY(char *) keys; /* "PEER PREFIX" */
	ARRAY(const struct plan_attrs *) attrs;
};

static size_t find(const struct table *t, const char *key)
{
	size_t i = 0;

	while (i < t->keys.n && strcmp(t->keys.at[i], key) != 0)
		i++;
	return i;
}

static void set(struct table *t, const char *peer, const struct prefix *prefix,
		const struct plan_attrs *attrs)
{
	char text[PREFIX_TEXT_MAX];
	struct text key = {0};
	size_t i;

	text_addf(&key, "%s %s", peer, prefix_format(text, prefix));
	i = find(t, key.text);
	if (i == t->keys.n) {
		*array_add(&t->keys) = text_take(&key);
		*array_add(&t->attrs) = attrs;
	}
	text_fini(&key);
	t->attrs.at[i] = attrs;
}

static void take_routes(struct table *t, const struct plan *plan)
{
	size_t n, n_groups;
	const struct plan_peer *peers = plan_peers(plan, &n);
	const struct plan_group *groups = plan_groups(plan, &n_groups);

	for (size_t i = 0; i < n; i++) {
		const struct plan_group *g = &groups[peers[i].group];

		for (uint32_t r = 0; r < g->n_routes; r++)
			if (g->routes[r].attrs != PLAN_NOT_ANNOUNCED)
				set(t, peers[i].name, &g->routes[r].prefix,
				    plan_attrs(plan, g->routes[r].attrs));
	}
}

static void take_change(void *arg, const struct plan_change *c)
{
	if (c->what == CHANGE_ROUTE_ANNOUNCED || c->what == CHANGE_ROUTE_CHANGED)
		set(arg, c->peer, c->prefix, c->new_attrs);
	else if (c->what == CHANGE_ROUTE_WITHDRAWN)
		set(arg, c->peer, c->prefix, NULL);
}

static void table_fini(struct table *t)
{
	for (size_t i = 0; i < t->keys.n; i++)
		free(t->keys.at[i]);
	array_fini(&t->keys);
	array_fini(&t->attrs);
}

static void expect_same_table(uint64_t seed, const struct table *got, const struct table *wanted)
{
	for (size_t i = 0; i < got->keys.n; i++) {
		size_t k = find(wanted, got->keys.at[i]);
		const struct plan_attrs *a = got->attrs.at[i];
		const struct plan_attrs *b = k < wanted->keys.n ? wanted->attrs.at[k] : NULL;

		cr_assert(a == b || (a && b && plan_attrs_same(a, b)), "seed %llu: %s",
			  (unsigned long long)seed, got->keys.at[i]);
	}
	for (size_t i = 0; i < wanted->keys.n; i++)
		cr_assert_lt(find(got, wanted->keys.at[i]), got->keys.n, "seed %llu: %s",
			     (unsigned long long)seed, wanted->keys.at[i]);
}

Test(properties, old_routes_and_the_difference_are_the_new_routes, .timeout = 300)
{
	for (uint64_t seed = 1; seed <= FILES; seed++) {
		struct dice dice = dice_of(seed);
		struct documents docs = {0};
		struct table got = {0}, wanted = {0};
		struct planned before, after;

		random_documents(&docs, &dice, false);
		before = plan_of(&docs, NULL);
		documents_change(&docs, &dice);
		after = plan_of(&docs, NULL);
		set_gates(before.plan, seed, 1);
		set_gates(after.plan, seed + 1, 1);
		take_routes(&got, before.plan);
		plan_diff(before.plan, after.plan, take_change, &got);
		take_routes(&wanted, after.plan);
		expect_same_table(seed, &got, &wanted);
		table_fini(&got);
		table_fini(&wanted);
		planned_fini(&before);
		planned_fini(&after);
		documents_fini(&docs);
	}
}
