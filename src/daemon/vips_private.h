/* vips_private.h: the inside of the VIPs, for the files vips*.c alone
 *
 *	vips.c          the table, events of the plan and the kernel, what a life asks for
 *	vips_leaving.c  those that withdraw or are held: when each is over
 *	vips_view.c     what is told of them
 */
#ifndef MLBGPD_DAEMON_VIPS_PRIVATE_H
#define MLBGPD_DAEMON_VIPS_PRIVATE_H

#include "base/clock.h"
#include "daemon/vips.h"

#include <uthash.h>

struct vip_set;

/* Interfaces' names outlive plans; counted by the VIPs on them. */
struct interface {
	struct interface *next;
	size_t refs;
	char name[];
};

struct vip {
	struct addr addr; /* key */
	struct vip_life life;
	bool owned;
	uint8_t length; /* the address's bits, but for a block */
	bool route; /* a local route, not an address */
	bool leaving; /* in the list of those that withdraw or hold */
	uint32_t index; /* in the plan, or PLAN_NONE */
	struct interface *interface;
	struct monotime since, until; /* of withdrawing or holding */
	struct vip *prev, *next; /* leaving */
	UT_hash_handle hh;
};

struct vips {
	sd_event_source *tick, *want_soon;
	struct vip_set *set;
	struct speaker *speaker;
	struct plan *plan;
	struct vip *table;
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

#endif
