/* lifecycle.h: the life of a VIP as a pure state machine
 *
 * absent -> assigned -> ready -> announced -> withdrawing -> holding -> absent.  On before
 * announced, withdrawn before off.  No clock, no kernel, no session: events in, state and actions
 * out.
 */
#ifndef MLBGPD_PLAN_LIFECYCLE_H
#define MLBGPD_PLAN_LIFECYCLE_H

enum vip_state {
	VIP_ABSENT,
	VIP_ASSIGNED, /* asked for or on the interface, not yet known to be good */
	VIP_READY, /* stands, first verdict good */
	VIP_ANNOUNCED,
	VIP_WITHDRAWING, /* the withdrawals are on their way */
	VIP_HOLDING, /* withdrawn, still on the interface until withdrawHold is over */
	VIP_STATE_COUNT,
};
const char *vip_state_name(enum vip_state state); /* "absent", ... as in show vips */

enum vip_event {
	VIP_EVENT_WANTED, /* the plan has it */
	VIP_EVENT_UNWANTED, /* the plan no longer has it */
	VIP_EVENT_STANDS, /* the kernel has it */
	VIP_EVENT_LOST, /* the kernel no longer has it */
	VIP_EVENT_GOOD, /* health: good, or nobody asks */
	VIP_EVENT_BAD,
	VIP_EVENT_WITHDRAWN, /* no session has it any more */
	VIP_EVENT_HOLD_OVER,
	VIP_EVENT_COUNT,
};

enum {
	VIP_DO_ASSIGN = 1, /* put it on the interface */
	VIP_DO_OPEN = 2, /* open its gate */
	VIP_DO_CLOSE = 4, /* close its gate */
	VIP_DO_HOLD = 8, /* start the hold timer */
	VIP_DO_UNASSIGN = 16, /* take it off */
	VIP_DO_CANCEL_HOLD = 32,
};

/* What one VIP remembers; zeroed is absent. */
struct vip_life {
	enum vip_state state;
	unsigned wanted : 1, stands : 1, good : 1;
};

/* Returns the VIP_DO_* actions, in the order: close, hold, assign or unassign, open. */
unsigned vip_life_event(struct vip_life *life, enum vip_event event);

#endif
