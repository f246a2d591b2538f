/* vip_set.h: the inside of a VIP set, for vip.c and vip_step.c alone
 *
 *	vip.c       the set, what is wanted, dumps and events: what is there
 *	vip_step.c  from what is there to what is wanted, a batch at a time
 */
#ifndef MLBGPD_KERNEL_VIP_SET_H
#define MLBGPD_KERNEL_VIP_SET_H

#include "base/array.h"
#include "base/clock.h"
#include "kernel/address.h"
#include "kernel/link.h"
#include "kernel/vip.h"

/* A VIP that is wanted. */
struct vip_entry {
	struct addr addr;
	uint16_t interface; /* into the set's names */
	bool stands; /* on its interface */
	bool owned;
	bool seen; /* in the dump that is being looked at */
	bool failed; /* waits for the next try */
	bool add_told; /* `failed` was told for this error */
	uint32_t ifindex; /* of its interface; 0: there is none */
	int error;
};

/* One of ours that is not wanted where it is. */
struct vip_stray {
	struct addr addr;
	uint32_t ifindex;
};

struct vip_set {
	sd_event *event;
	struct vip_ops ops;
	void *arg;
	struct netlink requests, events;
	struct link_watch *links;
	sd_event_source *on_event, *step, *retry;
	ARRAY(struct vip_entry) entries; /* sorted by address */
	ARRAY(struct vip_stray) strays;
	ARRAY(char *) names;
	size_t cursor; /* where the next step looks */
	bool again; /* something changed behind the cursor */
	bool settled;
	bool looked; /* at what was there at the start */
	bool must_dump; /* what is there is not known for sure */
	unsigned fights; /* VIPs that somebody removed lately */
	struct monotime fought;
};

struct vip_entry *vip_entry_find(struct vip_set *set, const struct addr *addr);
/* Something is to be done. */
void vip_set_wake(struct vip_set *set);
/* The step that runs has left something for the next one. */
void vip_set_go_on(struct vip_set *set);
/* As vip_set_wake(), in a while: after a failure, or where a VIP is fought over. */
void vip_set_wake_later(struct vip_set *set, uint64_t delay_us);
/* Reads what is there and compares. */
void vip_set_look(struct vip_set *set);
/* One batch of work; then wakes itself or settles. */
void vip_set_step(struct vip_set *set);

#endif
