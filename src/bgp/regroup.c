/* regroup.c: which Adj-RIB-Out becomes which when a new plan comes */
#include "bgp/regroup.h"

#include "base/heap.h"

#include <stdlib.h>

struct group {
	struct adjout *source; /* the old one in which most of its members are; NULL: none is up */
	struct adjout *target;
	size_t votes; /* how many */
};

struct regrouping {
	struct attrset_table *sets;
	struct group *groups;
	size_t n_groups;
	struct session *const *sessions;
	size_t n_sessions;
};

static struct adjout *out_of(struct session *s)
{
	return session_cursor(s)->out;
}

static size_t votes_for(const struct regrouping *r, size_t group, const struct adjout *out)
{
	size_t votes = 0;

	for (size_t i = 0; i < r->n_sessions; i++)
		votes += session_peer(r->sessions[i])->group == group &&
			 out_of(r->sessions[i]) == out;
	return votes;
}

/* Sessions are few and this is once a reload: plain loops. */
static void vote(struct regrouping *r)
{
	for (size_t i = 0; i < r->n_sessions; i++) {
		size_t group = session_peer(r->sessions[i])->group;
		struct adjout *out = out_of(r->sessions[i]);
		struct group *g = &r->groups[group];
		size_t votes;

		if (!out || out == g->source)
			continue;
		votes = votes_for(r, group, out);
		if (votes > g->votes) {
			g->source = out;
			g->votes = votes;
		}
	}
}

/* Does a member leave it for one that is no copy of it?  Then it must stay as it is for a while. */
static bool is_left(const struct regrouping *r, const struct adjout *out)
{
	for (size_t i = 0; i < r->n_sessions; i++) {
		if (out_of(r->sessions[i]) == out &&
		    r->groups[session_peer(r->sessions[i])->group].source != out)
			return true;
	}
	return false;
}

/* The group that goes on with the source itself: that with the most members in it. */
static bool is_heir(const struct regrouping *r, const struct group *g)
{
	for (size_t i = 0; i < r->n_groups; i++) {
		const struct group *other = &r->groups[i];

		if (other != g && other->source == g->source &&
		    (other->votes > g->votes || (other->votes == g->votes && other < g)))
			return false;
	}
	return true;
}

static void choose_targets(struct regrouping *r)
{
	for (size_t i = 0; i < r->n_groups; i++) {
		struct group *g = &r->groups[i];

		if (!g->source)
			g->target = adjout_new(r->sets);
		else if (is_heir(r, g) && !is_left(r, g->source))
			g->target = g->source;
		else
			g->target = adjout_clone(g->source);
	}
}

static void follow_copies(struct regrouping *r)
{
	for (size_t i = 0; i < r->n_sessions; i++) {
		struct group *g = &r->groups[session_peer(r->sessions[i])->group];
		struct adjout *out = out_of(r->sessions[i]);

		if (out && out == g->source && out != g->target)
			adjout_transfer(session_cursor(r->sessions[i]), g->target);
	}
}

static void move_rest(struct regrouping *r)
{
	for (size_t i = 0; i < r->n_sessions; i++) {
		struct adjout *target = r->groups[session_peer(r->sessions[i])->group].target;
		struct adjout *out = out_of(r->sessions[i]);

		session_set_adjout(r->sessions[i], target);
		if (out && out != target)
			adjout_move(session_cursor(r->sessions[i]), target);
	}
}

static const struct plan_attrs *attrs_of(const void *plan, uint32_t attrs)
{
	return plan_attrs(plan, attrs);
}

static bool is_target(const struct regrouping *r, const struct adjout *out)
{
	for (size_t i = 0; i < r->n_groups; i++) {
		if (r->groups[i].target == out)
			return true;
	}
	return false;
}

void regroup(struct adjout_array *outs, struct attrset_table *sets, const struct plan *plan,
	     struct session *const *sessions, size_t n)
{
	struct regrouping r = {.sets = sets, .sessions = sessions, .n_sessions = n};
	const struct plan_group *groups = plan_groups(plan, &r.n_groups);

	r.groups = heap_alloc_array(r.n_groups, sizeof(*r.groups));
	vote(&r);
	choose_targets(&r);
	follow_copies(&r);
	for (size_t i = 0; i < r.n_groups; i++)
		adjout_sync(r.groups[i].target, groups[i].routes, groups[i].n_routes, attrs_of,
			    plan);
	move_rest(&r);
	for (size_t i = 0; i < outs->n; i++) {
		if (!is_target(&r, outs->at[i]))
			adjout_free(outs->at[i]);
	}
	outs->n = 0;
	for (size_t i = 0; i < r.n_groups; i++)
		*array_add(outs) = r.groups[i].target;
	free(r.groups);
}
