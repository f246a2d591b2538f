/* vips_private.h: the inside of the VIPs, for the files vips*.c alone
 *
 *	vips.c          the list, events of the plan and the kernel, what a life asks for
 *	vips_leaving.c  those that withdraw or are held: when each is over
 *	vips_log.c      what the log says of their lives
 *	vips_view.c     what is told of them
 */
#ifndef MLBGPD_DAEMON_VIPS_PRIVATE_H
#define MLBGPD_DAEMON_VIPS_PRIVATE_H

#include "base/array.h"
#include "base/clock.h"
#include "daemon/vips.h"

struct vip_set;

/* Interfaces' names outlive plans; counted by the VIPs on them. */
struct interface {
	struct interface *next;
	size_t refs;
	char name[];
};

struct vip {
	struct addr addr;
	struct vip_life life;
	bool owned;
	uint8_t length; /* the address's bits, but for a block */
	bool route; /* a local route, not an address */
	bool leaving; /* in the list of those that withdraw or hold */
	uint32_t index; /* in the plan, or PLAN_NONE */
	struct interface *interface;
	struct monotime since, until; /* of withdrawing or holding */
	struct vip *prev, *next; /* leaving */
};

/* Changes of state that had no line of their own. */
struct vips_log {
	sd_event_source *timer; /* runs since the first line */
	size_t n_lines;
	size_t more[VIP_STATE_COUNT][VIP_STATE_COUNT]; /* from, to */
};

struct vips {
	sd_event_source *tick, *want_soon;
	struct vip_set *set;
	struct speaker *speaker;
	struct plan *plan;
	ARRAY(struct vip *) list; /* by address */
	struct vips_log log;
	struct vip *leaving;
	struct monotime next_look; /* at the sockets on those that are held */
	struct interface *interfaces;
	size_t count[VIP_STATE_COUNT];
	int64_t hold_us;
	vips_settled_fn settled;
	void *settled_arg;
};

/* "192.0.2.1", "192.0.2.0/24"; buf is PREFIX_TEXT_MAX long.  Returns buf. */
const char *vip_format(char *buf, const struct vip *vip);
/* NULL where there is none. */
struct vip *vips_find(const struct vips *vips, const struct addr *addr);
/* Gives a life an event, and does what it asks for. */
void vips_feed(struct vips *vips, struct vip *vip, enum vip_event event);

/* 0 or -errno */
int vips_leaving_init(struct vips *vips, sd_event *event);
void vips_leaving_fini(struct vips *vips);
/* It withdraws, or is held, for so long at most. */
void vips_leave_until(struct vips *vips, struct vip *vip, int64_t us);
void vips_leave_no_more(struct vips *vips, struct vip *vip);

/* 0 or -errno */
int vips_log_init(struct vips *vips, sd_event *event);
/* Tells what is still to be told. */
void vips_log_fini(struct vips *vips);
/* It was in another state before. */
void vips_log_state(struct vips *vips, const struct vip *vip, enum vip_state from);

#endif
