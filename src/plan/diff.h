/* diff.h: two plans -> what a change from one to the other does, in consequences
 *
 * Also the one table of what each field of a peer costs when it changes; the engines ask it, so
 * that what `diff` says beforehand is what is done.
 */
#ifndef MLBGPD_PLAN_DIFF_H
#define MLBGPD_PLAN_DIFF_H

#include "plan/plan.h"

/* What a changed field of a session costs. */
enum plan_cost {
	COST_NOTHING,
	COST_IN_PLACE, /* takes effect at once, the session stays */
	COST_UPDATES, /* likewise; what differs of the routes is sent */
	COST_NEXT, /* takes effect at the next establishment */
	COST_MAY_END, /* in place, but routers that are told so may end the session */
	COST_RESTART, /* the session restarts */
};

/* Goes through the fields that differ between two versions of a peer; returns the greatest cost.
 * fn may be NULL. */
typedef void (*plan_field_fn)(void *arg, const char *field, enum plan_cost cost);
enum plan_cost plan_peer_cost(const struct plan_peer *old_peer, const struct plan_peer *new_peer,
			      plan_field_fn fn, void *arg);

/* The fields of the Daemon documents that differ.  What a field of a kind costs (field_costs.def).
 */
void plan_diff_settings(const struct plan *old_plan, const struct plan *new_plan, plan_field_fn fn,
			void *arg);
enum plan_cost plan_field_cost(const char *kind, const char *field);

/* One difference; which members are set goes by `what`. */
struct plan_change {
	enum plan_change_what {
		CHANGE_SESSION_ADDED,
		CHANGE_SESSION_REMOVED,
		CHANGE_SESSION_RESTARTED, /* peer, field */
		CHANGE_SESSION_DEFERRED, /* peer, field: at the next establishment */
		CHANGE_SESSION_REKEYED, /* peer, field: another password, and it stays */
		CHANGE_SESSION_MAY_END, /* peer, field: by the router */
		CHANGE_VIP_ADDED,
		CHANGE_VIP_REMOVED,
		CHANGE_VIP_MOVED, /* to another interface */
		CHANGE_ROUTE_ANNOUNCED,
		CHANGE_ROUTE_CHANGED,
		CHANGE_ROUTE_WITHDRAWN,
		CHANGE_BFD_ADDED,
		CHANGE_BFD_REMOVED,
		CHANGE_BFD_CHANGED,
	} what;
	const char *peer;
	const char *field;
	const struct plan_vip *vip;
	const char *interface;
	const struct prefix *prefix;
	const struct plan_attrs *old_attrs, *new_attrs;
};

/* Tells every difference, sessions first, then VIPs, routes, BFD; each sorted.  Old may be NULL
 * (all is new).  Routes of sessions that are added, removed or restarted are told too. */
typedef void (*plan_change_fn)(void *arg, const struct plan_change *change);
void plan_diff(const struct plan *old_plan, const struct plan *new_plan, plan_change_fn fn,
	       void *arg);
/* How many UPDATE messages the change costs, where all sessions are established: a session that
 * stays is sent what differs, one that begins all its routes and an End-of-RIB for each family.
 * The new plan's gates must stand as they will in the end, and do so afterwards. */
size_t plan_diff_updates(const struct plan *old_plan, struct plan *new_plan);

#endif
