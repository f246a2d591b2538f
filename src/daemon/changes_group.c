/* changes_group.c: many changes of one kind, told as one */
#include "daemon/changes_group.h"
#include "base/heap.h"
#include "base/text.h"
#include "daemon/plan_json.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

enum { EXAMPLES = 3 };

static bool is_of(const struct change_group *g, const char *what, const char *pool,
		  const char *change)
{
	return strcmp(g->what, what) == 0 && text_equal(g->pool, pool) &&
	       text_equal(g->change, change);
}

static struct change_group *find(struct change_groups *groups, const char *what, const char *pool,
				 const char *change)
{
	struct change_group *g;

	if (groups->last < groups->n && is_of(&groups->at[groups->last], what, pool, change))
		return &groups->at[groups->last];
	for (size_t i = 0; i < groups->n; i++) {
		groups->last = i;
		if (is_of(&groups->at[i], what, pool, change))
			return &groups->at[i];
	}
	groups->last = groups->n;
	g = array_add(groups);
	*g = (struct change_group){what, pool, heap_strdup(change), 0, json_array(), json_array()};
	return g;
}

static void add_services(json_t *list, const struct plan *plan, uint32_t vip)
{
	size_t n;
	json_t *names = json_vip_services(plan, &plan_vips(plan, &n)[vip]), *name;
	size_t i;

	json_array_foreach (names, i, name)
		if (json_array_size(list) < EXAMPLES)
			json_array_append(list, name);
	json_decref(names);
}

void change_groups_add(struct change_groups *groups, const struct plan *plan, uint32_t vip,
		       const char *what, const char *change, const struct prefix *prefix)
{
	size_t n;
	const char *pool =
		vip == PLAN_NONE ? NULL : plan_pool_name(plan, plan_vips(plan, &n)[vip].pool);
	struct change_group *g = find(groups, what, pool, change);

	g->n++;
	if (json_array_size(g->examples) < EXAMPLES)
		json_array_append_new(g->examples, prefix->len == addr_bits(&prefix->addr)
							   ? json_addr(&prefix->addr)
							   : json_prefix(prefix));
	if (vip != PLAN_NONE && json_array_size(g->services) < EXAMPLES)
		add_services(g->services, plan, vip);
}

json_t *change_groups_take(struct change_groups *groups)
{
	json_t *list = json_array();

	for (size_t i = 0; i < groups->n; i++) {
		struct change_group *g = &groups->at[i];

		json_array_append_new(list,
				      json_pack("{s:s, s:o, s:o, s:I, s:o, s:o}", "what", g->what,
						"pool", json_text(g->pool), "change",
						json_text(g->change), "n", (json_int_t)g->n,
						"prefixes", g->examples, "services", g->services));
		free(g->change);
	}
	array_fini(groups);
	return list;
}
