/* regroup.h: which Adj-RIB-Out becomes which when a new plan comes
 *
 * A plan numbers its output groups anew, and a reload changes who is in which.  Each group goes on
 * with the Adj-RIB-Out in which most of its established members are, or with a copy of it, so that
 * they are sent only what differs; where groups became one, the fewer members move.
 */
#ifndef MLBGPD_BGP_REGROUP_H
#define MLBGPD_BGP_REGROUP_H

#include "base/array.h"
#include "bgp/adjout.h"
#include "bgp/session.h"

#include <stddef.h>

struct adjout_array {
	struct adjout **at; /* by the plan's group */
	size_t n, max;
};

/* Brings the Adj-RIB-Outs up to the plan, with all established sessions in them, and tells each
 * session its own.  Every session has its peer of the new plan already; one that the plan no longer
 * has must have left. */
void regroup(struct adjout_array *outs, struct attrset_table *sets, const struct plan *plan,
	     struct session *const *sessions, size_t n);

#endif
