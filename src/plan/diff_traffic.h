/* diff_traffic.h: what a change of plans means for those who use the VIPs
 *
 * As far as this node decides it: other nodes may announce the same VIPs.
 */
#ifndef MLBGPD_PLAN_DIFF_TRAFFIC_H
#define MLBGPD_PLAN_DIFF_TRAFFIC_H

#include "plan/plan.h"

/* A VIP that some peer has and none will have any more, in the order of addresses; why, in words
 * (borrowed). */
typedef void (*diff_lost_fn)(void *arg, const struct plan_vip *vip, const char *why);
void diff_lost(const struct plan *old_plan, const struct plan *new_plan, diff_lost_fn fn,
	       void *arg);

/* A VIP that no peer has for a while: all sessions that it is announced over begin anew. */
typedef void (*diff_vip_fn)(void *arg, const struct plan_vip *vip);
void diff_interrupted(const struct plan *old_plan, const struct plan *new_plan, diff_vip_fn fn,
		      void *arg);

/* A prefix whose peers are preferred in another order: by the LOCAL_PREF sent, then the shorter AS
 * path, then the lower MED: "router-a > router-b = router-c".  Peers that have it before and after
 * alone count. */
typedef void (*diff_order_fn)(void *arg, const struct prefix *prefix, const char *before,
			      const char *after);
void diff_order(const struct plan *old_plan, const struct plan *new_plan, diff_order_fn fn,
		void *arg);

/* The index of the first VIP that lies in the prefix, or of that around it, or PLAN_NONE. */
uint32_t diff_vip_in(const struct plan *plan, const struct prefix *prefix);

#endif
