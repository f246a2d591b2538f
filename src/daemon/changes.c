/* changes.c: plan_diff() -> JSON and words */
#include "daemon/changes.h"
#include "base/heap.h"
#include "base/text.h"
#include "daemon/plan_json.h"
#include "plan/diff.h"

#include <stdlib.h>
#include <string.h>

void changes_expect(const struct plan *old_plan, struct plan *new_plan)
{
	size_t n, n_old;
	const struct plan_vip *vips = plan_vips(new_plan, &n);
	const struct plan_vip *old_vips = plan_vips(old_plan, &n_old);

	for (size_t i = 0; i < n; i++) {
		uint32_t old = plan_find_vip(old_plan, &vips[i].addr);

		plan_gate(new_plan, (uint32_t)i, old == PLAN_NONE || old_vips[old].open, NULL,
			  NULL);
		if (old != PLAN_NONE)
			(void)plan_demote(new_plan, (uint32_t)i, plan_demoted(old_plan, old), NULL,
					  NULL);
	}
}

struct lists {
	json_t *added, *removed, *restarted; /* sessions */
	json_t *deferred;
	json_t *vips_added, *vips_removed;
	json_t *bfd_added, *bfd_removed, *bfd_changed;
};

static json_t *peer_field(const struct plan_change *c)
{
	return json_pack("{s:s, s:o}", "peer", c->peer, "field", json_text(c->field));
}

/* A VIP that moves is both: on the new interface, off the old one. */
static void collect(void *arg, const struct plan_change *c)
{
	struct lists *l = arg;

	switch (c->what) {
	case CHANGE_SESSION_ADDED:
		json_array_append_new(l->added, json_string(c->peer));
		break;
	case CHANGE_SESSION_REMOVED:
		json_array_append_new(l->removed, json_string(c->peer));
		break;
	case CHANGE_SESSION_RESTARTED:
		json_array_append_new(l->restarted, peer_field(c));
		break;
	case CHANGE_SESSION_DEFERRED:
		json_array_append_new(l->deferred, peer_field(c));
		break;
	case CHANGE_VIP_ADDED:
		json_array_append_new(l->vips_added, json_vip(c->vip));
		break;
	case CHANGE_VIP_REMOVED:
		json_array_append_new(l->vips_removed, json_vip(c->vip));
		break;
	case CHANGE_VIP_MOVED:
		json_array_append_new(l->vips_added, json_vip(c->vip));
		json_array_append_new(l->vips_removed, json_vip(c->vip));
		break;
	case CHANGE_BFD_ADDED:
		json_array_append_new(l->bfd_added, json_string(c->peer));
		break;
	case CHANGE_BFD_REMOVED:
		json_array_append_new(l->bfd_removed, json_string(c->peer));
		break;
	case CHANGE_BFD_CHANGED:
		json_array_append_new(l->bfd_changed, json_string(c->peer));
		break;
	case CHANGE_ROUTE_ANNOUNCED:
	case CHANGE_ROUTE_CHANGED:
	case CHANGE_ROUTE_WITHDRAWN:
		break;
	}
}

json_t *changes_object(const struct plan *old_plan, const struct plan *new_plan)
{
	struct lists l = {
		json_array(), json_array(), json_array(), json_array(), json_array(),
		json_array(), json_array(), json_array(), json_array(),
	};

	plan_diff(old_plan, new_plan, collect, &l);
	return json_pack("{s:{s:o, s:o, s:o}, s:{s:o, s:o}, s:[], s:{s:o, s:o, s:o}, s:I, s:o}",
			 "sessions", "added", l.added, "removed", l.removed, "restarted",
			 l.restarted, "vips", "added", l.vips_added, "removed", l.vips_removed,
			 "routes", "bfd", "added", l.bfd_added, "removed", l.bfd_removed, "changed",
			 l.bfd_changed, "updates",
			 (json_int_t)plan_diff_updates(old_plan, new_plan), "deferred", l.deferred);
}

struct routes {
	char *peer; /* the one that is collected */
	json_t *announced, *changed, *withdrawn;
	changes_peer_fn fn;
	void *arg;
};

static void flush(struct routes *r)
{
	if (!r->announced)
		return;
	r->fn(r->arg, json_pack("{s:s, s:o, s:o, s:o}", "peer", r->peer, "announced", r->announced,
				"changed", r->changed, "withdrawn", r->withdrawn));
	free(r->peer);
	r->peer = NULL;
	r->announced = r->changed = r->withdrawn = NULL;
}

static void collect_route(void *arg, const struct plan_change *c)
{
	struct routes *r = arg;
	json_t *list;

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
	list = c->what == CHANGE_ROUTE_ANNOUNCED ? r->announced
	       : c->what == CHANGE_ROUTE_CHANGED ? r->changed
						 : r->withdrawn;
	json_array_append_new(list, json_prefix(c->prefix));
}

void changes_routes(const struct plan *old_plan, const struct plan *new_plan, changes_peer_fn fn,
		    void *arg)
{
	struct routes r = {.fn = fn, .arg = arg};

	plan_diff(old_plan, new_plan, collect_route, &r);
	flush(&r);
}

struct counts {
	size_t of[CHANGE_BFD_CHANGED + 1];
	size_t all;
};

static void count(void *arg, const struct plan_change *c)
{
	struct counts *counts = arg;

	counts->of[c->what]++;
	counts->all++;
}

char *changes_summary(const struct plan *old_plan, const struct plan *new_plan)
{
	struct counts c = {0};
	struct text t = {0};

	plan_diff(old_plan, new_plan, count, &c);
	if (c.all == 0)
		text_add(&t, "nothing differs");
	else
		text_addf(
			&t,
			"sessions +%zu -%zu, %zu to restart; VIPs +%zu -%zu; routes +%zu ~%zu -%zu",
			c.of[CHANGE_SESSION_ADDED], c.of[CHANGE_SESSION_REMOVED],
			c.of[CHANGE_SESSION_RESTARTED], c.of[CHANGE_VIP_ADDED],
			c.of[CHANGE_VIP_REMOVED], c.of[CHANGE_ROUTE_ANNOUNCED],
			c.of[CHANGE_ROUTE_CHANGED], c.of[CHANGE_ROUTE_WITHDRAWN]);
	return text_take(&t);
}

bool changes_any(const struct plan *old_plan, const struct plan *new_plan)
{
	struct counts c = {0};

	plan_diff(old_plan, new_plan, count, &c);
	return c.all > 0;
}
