/* changes.c: plan_diff() -> JSON */
#include "daemon/changes.h"
#include "base/text.h"
#include "daemon/changes_group.h"
#include "daemon/plan_json.h"
#include "plan/diff.h"
#include "plan/diff_traffic.h"

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
	json_t *added, *removed, *restarted, *rekeyed, *may_end; /* sessions */
	json_t *deferred;
	json_t *vips_added, *vips_removed, *vips_moved;
	json_t *bfd_added, *bfd_removed, *bfd_changed;
	const struct plan *old_plan, *new_plan;
	struct change_groups groups; /* of VIPs */
};

static void add_vip(struct lists *l, const struct plan *plan, const struct plan_vip *vip,
		    const char *what)
{
	const struct prefix prefix = prefix_of(&vip->addr, vip->length);

	change_groups_add(&l->groups, plan, plan_find_vip(plan, &vip->addr), what, NULL, &prefix);
}

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
	case CHANGE_SESSION_REKEYED:
		json_array_append_new(l->rekeyed, peer_field(c));
		break;
	case CHANGE_SESSION_MAY_END:
		json_array_append_new(l->may_end, peer_field(c));
		break;
	case CHANGE_VIP_ADDED:
		json_array_append_new(l->vips_added, json_vip(c->vip));
		add_vip(l, l->new_plan, c->vip, "added");
		break;
	case CHANGE_VIP_REMOVED:
		json_array_append_new(l->vips_removed, json_vip(c->vip));
		add_vip(l, l->old_plan, c->vip, "removed");
		break;
	case CHANGE_VIP_MOVED:
		json_array_append_new(l->vips_added, json_vip(c->vip));
		json_array_append_new(l->vips_removed, json_vip(c->vip));
		json_array_append_new(l->vips_moved, json_vip(c->vip));
		add_vip(l, l->new_plan, c->vip, "moved");
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

/* Lists by a key, each with its members: {KEY: ..., MEMBERS: [...]}. */
static json_t *list_under(json_t *list, const char *key, const char *word, const char *members)
{
	json_t *entry;
	size_t i;

	json_array_foreach (list, i, entry)
		if (strcmp(json_string_value(json_object_get(entry, key)), word) == 0)
			return json_object_get(entry, members);
	entry = json_pack("{s:s, s:[]}", key, word, members);
	json_array_append_new(list, entry);
	return json_object_get(entry, members);
}

static void add_lost(void *arg, const struct plan_vip *vip, const char *why)
{
	json_array_append_new(list_under(arg, "reason", why, "addresses"), json_vip(vip));
}

static void add_interrupted(void *arg, const struct plan_vip *vip)
{
	json_array_append_new(arg, json_vip(vip));
}

/* By both orders: one text while they are collected. */
static void add_order(void *arg, const struct prefix *prefix, const char *before, const char *after)
{
	struct text key = {0};

	text_addf(&key, "%s\n%s", before, after);
	json_array_append_new(list_under(arg, "order", key.text, "prefixes"), json_prefix(prefix));
	text_fini(&key);
}

static json_t *preference(const struct plan *old_plan, const struct plan *new_plan)
{
	json_t *found = json_array(), *list = json_array(), *entry;
	size_t i;

	diff_order(old_plan, new_plan, add_order, found);
	json_array_foreach (found, i, entry) {
		const char *order = json_string_value(json_object_get(entry, "order"));
		const char *end = strchr(order, '\n');

		json_array_append_new(list,
				      json_pack("{s:s%, s:s, s:O}", "before", order,
						(size_t)(end - order), "after", end + 1, "prefixes",
						json_object_get(entry, "prefixes")));
	}
	json_decref(found);
	return list;
}

static void add_setting(void *arg, const char *field, enum plan_cost cost)
{
	static const char *const words[] = {
		[COST_NOTHING] = "nothing", [COST_IN_PLACE] = "in place",
		[COST_UPDATES] = "UPDATEs", [COST_NEXT] = "next",
		[COST_MAY_END] = "may end", [COST_RESTART] = "restart",
	};

	json_array_append_new(arg, json_pack("{s:s, s:s}", "field", field, "cost", words[cost]));
}

json_t *changes_object(const struct plan *old_plan, struct plan *new_plan)
{
	struct lists l = {.old_plan = old_plan, .new_plan = new_plan};
	json_t **const lists[] = {&l.added,	 &l.removed,   &l.restarted,   &l.deferred,
				  &l.rekeyed,	 &l.may_end,   &l.vips_added,  &l.vips_removed,
				  &l.vips_moved, &l.bfd_added, &l.bfd_removed, &l.bfd_changed};
	json_t *settings = json_array(), *lost = json_array(), *interrupted = json_array();
	char *summary = changes_summary(old_plan, new_plan);
	json_t *ret;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		*lists[i] = json_array();
	plan_diff(old_plan, new_plan, collect, &l);
	plan_diff_settings(old_plan, new_plan, add_setting, settings);
	diff_lost(old_plan, new_plan, add_lost, lost);
	diff_interrupted(old_plan, new_plan, add_interrupted, interrupted);
	ret = json_pack(
		"{s:{s:o, s:o, s:o, s:o, s:o}, s:{s:o, s:o, s:o, s:o}, s:[], s:{s:o, s:o, s:o}, s:I, "
		"s:o, s:s, s:o, s:o, s:o, s:o}",
		"sessions", "added", l.added, "removed", l.removed, "restarted", l.restarted,
		"rekeyed", l.rekeyed, "mayEnd", l.may_end, "vips", "added", l.vips_added, "removed",
		l.vips_removed, "moved", l.vips_moved, "groups", change_groups_take(&l.groups),
		"routes", "bfd", "added", l.bfd_added, "removed", l.bfd_removed, "changed",
		l.bfd_changed, "updates", (json_int_t)plan_diff_updates(old_plan, new_plan),
		"deferred", l.deferred, "summary", summary, "settings", settings, "lost", lost,
		"interrupted", interrupted, "preference", preference(old_plan, new_plan));
	free(summary);
	return ret;
}
