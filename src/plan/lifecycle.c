/* lifecycle.c: the life of a VIP as a pure state machine
 *
 * A VIP is three facts (wanted, stands, good) and how far it has come.  Towards announced it goes
 * as far as the facts allow; back it goes step by step: gate closed, withdrawn, held, off.  A VIP
 * that turns bad but is still wanted is withdrawn and stays on its interface.  One that the kernel
 * lost is withdrawn at once and comes back by itself.  Once absent it remembers nothing: it must
 * stand and be found good anew.
 */
#include "plan/lifecycle.h"

const char *vip_state_name(enum vip_state state)
{
	static const char *const names[VIP_STATE_COUNT] = {
		[VIP_ABSENT] = "absent",
		[VIP_ASSIGNED] = "assigned",
		[VIP_READY] = "ready",
		[VIP_ANNOUNCED] = "announced",
		[VIP_WITHDRAWING] = "withdrawing",
		[VIP_HOLDING] = "holding",
	};

	return (unsigned)state < VIP_STATE_COUNT ? names[state] : "unknown";
}

/* How far up a wanted VIP may be. */
static enum vip_state highest(const struct vip_life *life)
{
	if (!life->stands)
		return VIP_ASSIGNED;
	return life->good ? VIP_READY : VIP_ASSIGNED;
}

/* Up from assigned as far as the facts allow: ready is passed through, the gate opens. */
static unsigned rise(struct vip_life *life)
{
	if (highest(life) != VIP_READY) {
		life->state = VIP_ASSIGNED;
		return 0;
	}
	life->state = VIP_ANNOUNCED;
	return VIP_DO_OPEN;
}

/* Off: what is known of it is out of date. */
static unsigned leave(struct vip_life *life)
{
	*life = (struct vip_life){.state = VIP_ABSENT};
	return VIP_DO_UNASSIGN;
}

static unsigned wanted(struct vip_life *life)
{
	switch (life->state) {
	case VIP_ABSENT:
		life->state = VIP_ASSIGNED;
		return VIP_DO_ASSIGN | rise(life);
	case VIP_WITHDRAWING:
		return VIP_DO_ASSIGN | rise(life);
	case VIP_HOLDING:
		return VIP_DO_CANCEL_HOLD | VIP_DO_ASSIGN | rise(life);
	default:
		return 0;
	}
}

/* Off the interface comes only what no session has any more, and after the hold. */
static unsigned unwanted(struct vip_life *life)
{
	switch (life->state) {
	case VIP_ASSIGNED:
	case VIP_READY:
		return leave(life);
	case VIP_ANNOUNCED:
		life->state = VIP_WITHDRAWING;
		return VIP_DO_CLOSE;
	default:
		return 0;
	}
}

/* Bad, or lost: it is still wanted, or it is on its way out already. */
static unsigned fall(struct vip_life *life)
{
	if (life->state != VIP_ANNOUNCED)
		return 0;
	life->state = VIP_WITHDRAWING;
	return VIP_DO_CLOSE;
}

static unsigned withdrawn(struct vip_life *life)
{
	if (life->state != VIP_WITHDRAWING)
		return 0;
	if (life->wanted)
		return rise(life);
	life->state = VIP_HOLDING;
	return VIP_DO_HOLD;
}

static unsigned hold_over(struct vip_life *life)
{
	if (life->state != VIP_HOLDING)
		return 0;
	return leave(life);
}

static unsigned better(struct vip_life *life)
{
	if (!life->wanted)
		return 0;
	if (life->state != VIP_ASSIGNED && life->state != VIP_READY &&
	    life->state != VIP_WITHDRAWING)
		return 0;
	return highest(life) == VIP_READY ? rise(life) : 0;
}

unsigned vip_life_event(struct vip_life *life, enum vip_event event)
{
	switch (event) {
	case VIP_EVENT_WANTED:
		life->wanted = 1;
		return wanted(life);
	case VIP_EVENT_UNWANTED:
		life->wanted = 0;
		return unwanted(life);
	case VIP_EVENT_STANDS:
		life->stands = 1;
		return better(life);
	case VIP_EVENT_LOST:
		life->stands = 0;
		return fall(life);
	case VIP_EVENT_GOOD:
		life->good = 1;
		return better(life);
	case VIP_EVENT_BAD:
		life->good = 0;
		return fall(life);
	case VIP_EVENT_WITHDRAWN:
		return withdrawn(life);
	case VIP_EVENT_HOLD_OVER:
		return hold_over(life);
	case VIP_EVENT_COUNT:
		break;
	}
	return 0;
}
