/* vip_set.h: the inside of a VIP set, for vip.c and vip_step.c alone
 *
 *	vip.c       the set, its events, and what is wanted
 *	vip_look.c  what is there, by dumps and events
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
	uint16_t interface; /* into the set's interfaces */
	uint8_t length; /* the address's bits, but for a block */
	bool route; /* a local route, not an address */
	bool stands; /* on its interface */
	bool owned;
	bool seen; /* in the dump that is being looked at */
	bool failed; /* waits for the next try */
	bool fail_told; /* `failed` was told for this error */
	uint32_t ifindex; /* of its interface; 0: there is none */
	uint32_t left_ifindex; /* until it stands there it stays on this one; 0: on none */
	bool left_seen; /* in the dump that is being looked at */
	int error;
};

/* One of ours that is not wanted where it is. */
struct vip_stray {
	struct addr addr;
	uint32_t ifindex;
	uint8_t length;
	bool route;
};

struct vip_interface {
	char *name;
	uint32_t ifindex; /* when last asked; 0: there is none */
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
	ARRAY(struct vip_interface) interfaces;
	size_t cursor; /* where the next step looks */
	size_t batch; /* how many changes at once */
	bool again; /* something changed behind the cursor */
	bool settled;
	bool started; /* the first list has come; before it nothing is touched */
	bool hears_routes;
	bool must_dump; /* what is there is not known for sure */
	unsigned fights; /* how often VIPs were removed by somebody lately */
	struct monotime fought;
	bool stray_left, stray_told; /* one that could not be removed */
	size_t n_lost; /* since the last try to put them back */
	size_t n_failed; /* since it settled last; the first one's address, error and words: */
	struct addr failed_addr;
	char failed_words[NETLINK_WORDS_MAX];
};

struct vip_entry *vip_entry_find(struct vip_set *set, const struct addr *addr);
/* Something is to be done. */
void vip_set_wake(struct vip_set *set);
/* The step that runs has left something for the next one. */
void vip_set_go_on(struct vip_set *set);
/* As vip_set_wake(), in a while: after a failure, or where a VIP is fought over. */
void vip_set_wake_later(struct vip_set *set, uint64_t delay_us);
/* One of ours that is not wanted there. */
void vip_stray_add(struct vip_set *set, const struct vip_stray *stray);
/* Reads what is there and compares; false where it can't be read (tried again later). */
bool vip_set_look(struct vip_set *set);
/* An event of the kernel's: what somebody else has put or removed. */
void vip_set_hear(struct vip_set *set, const struct nlmsghdr *h);
/* One batch of work; then wakes itself or settles. */
void vip_set_step(struct vip_set *set);

#endif
