/* changes_route.c: the routes of two plans that differ, peer by peer */
#include "base/array.h"
#include "base/heap.h"
#include "daemon/changes.h"
#include "daemon/changes_group.h"
#include "daemon/changes_words.h"
#include "daemon/plan_json.h"
#include "plan/diff.h"
#include "plan/diff_traffic.h"

#include <stdlib.h>
#include <string.h>

struct routes {
	const struct plan *old_plan, *new_plan;
	char *peer; /* the one that is collected */
	json_t *announced, *changed, *withdrawn;
	struct change_groups groups;
	changes_peer_fn fn;
	void *arg;
};

static void flush(struct routes *r)
{
	if (!r->announced)
		return;
	r->fn(r->arg, json_pack("{s:s, s:o, s:o, s:o, s:o}", "peer", r->peer, "announced",
				r->announced, "changed", r->changed, "withdrawn", r->withdrawn,
				"groups", change_groups_take(&r->groups)));
	free(r->peer);
	r->peer = NULL;
	r->announced = r->changed = r->withdrawn = NULL;
}

/* A withdrawn one is of the old plan, any other of the new. */
static void add_to_group(struct routes *r, const struct plan_change *c, const char *what)
{
	const struct plan *plan = c->new_attrs ? r->new_plan : r->old_plan;
	struct text words = {0};

	if (c->old_attrs && c->new_attrs)
		changes_add_attrs(&words, c->old_attrs, c->new_attrs);
	change_groups_add(&r->groups, plan, diff_vip_in(plan, c->prefix), what, words.text,
			  c->prefix);
	text_fini(&words);
}

static void collect_route(void *arg, const struct plan_change *c)
{
	struct routes *r = arg;

	if (c->what != CHANGE_ROUTE_ANNOUNCED && c->what != CHANGE_ROUTE_CHANGED &&
	    c->what != CHANGE_ROUTE_WITHDRAWN)
		return;
	if (r->peer && strcmp(r->peer, c->peer) != 0)
		flush(r);
	if (!r->peer) {
		r->peer = heap_strdup(c->peer);
		r->announced = json_array();
		r->changed = json_array();
		r->withdrawn = json_array();
	}
	if (c->what == CHANGE_ROUTE_ANNOUNCED) {
		json_array_append_new(r->announced, json_prefix(c->prefix));
		add_to_group(r, c, "announced");
	} else if (c->what == CHANGE_ROUTE_CHANGED) {
		json_array_append_new(r->changed, json_prefix(c->prefix));
		add_to_group(r, c, "changed");
	} else {
		json_array_append_new(r->withdrawn, json_prefix(c->prefix));
		add_to_group(r, c, "withdrawn");
	}
}

void changes_routes(const struct plan *old_plan, const struct plan *new_plan, changes_peer_fn fn,
		    void *arg)
{
	struct routes r = {.old_plan = old_plan, .new_plan = new_plan, .fn = fn, .arg = arg};

	plan_diff(old_plan, new_plan, collect_route, &r);
	flush(&r);
}
