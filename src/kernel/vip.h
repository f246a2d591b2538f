/* vip.h: puts the VIPs that are wanted on their interfaces, keeps them there, takes ours off again
 *
 * Ours bear our mark (IFA_PROTO of addresses, rtm_protocol of routes: OUR_PROTOCOL).  An address of
 * ours that is there at start is adopted; one of ours that is not wanted is removed; one that is
 * somebody else's is used, never removed (owned: false).  A VIP that somebody removes comes back.
 * Works in bounded steps from the event loop, in batches; lost netlink events lead to a dump and a
 * comparison.
 */
#ifndef MLBGPD_KERNEL_VIP_H
#define MLBGPD_KERNEL_VIP_H

#include "base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

enum { OUR_PROTOCOL = 179 }; /* IFA_PROTO of our addresses, rtm_protocol of our routes */

struct vip_set;

struct vip_wish {
	struct addr addr;
	const char *interface; /* name or altname; borrowed for the call */
	uint8_t length; /* of a block, which is one route; 0: the address alone */
	bool route; /* a local route instead of an address (IPv4; IPv6 stays an address) */
};

struct vip_ops {
	/* The address stands on its interface (now, or already did); adopted: it was ours before.
	 */
	void (*stands)(void *arg, const struct addr *addr, bool owned, bool adopted);
	/* It no longer does: somebody removed it, or its interface went.  It will be put back. */
	void (*lost)(void *arg, const struct addr *addr, const char *why);
	/* It could not be put there; tried again later.  words: the kernel's own. */
	void (*failed)(void *arg, const struct addr *addr, int error, const char *words);
	/* One that is not wanted any more is off. */
	void (*removed)(void *arg, const struct addr *addr);
	/* All that was wanted is done, or has failed and waits. */
	void (*settled)(void *arg);
};

/* Opens the sockets and takes a first dump.  0 or -errno (-EPERM: no CAP_NET_ADMIN). */
int vip_set_new(struct vip_set **ret, sd_event *event, const struct vip_ops *ops, void *arg);
/* Leaves the kernel as it is. */
void vip_set_free(struct vip_set *set);

/* The whole list, sorted by address; what is ours and not in it is taken off.  Before the first
 * call nothing is touched.  One that goes from address to route, or to another interface, stands at
 * its new place before it leaves the old one, however long that takes. */
void vip_set_want(struct vip_set *set, const struct vip_wish *wishes, size_t n);
bool vip_set_is_settled(const struct vip_set *set);
/* May we write at all?  0, or -EPERM. */
int vip_set_may_write(const struct vip_set *set);

struct vip_view {
	struct addr addr;
	const char *interface;
	bool stands, owned; /* on that interface */
	uint32_t left_ifindex; /* it stands there until it does; 0: nowhere else */
	int error; /* the last failure, 0: none */
};

/* False where the address is not wanted. */
bool vip_set_view(const struct vip_set *set, const struct addr *addr, struct vip_view *ret);
/* Those that do not stand where they are wanted, by address. */
typedef void (*vip_missing_fn)(void *arg, const struct addr *addr);
void vip_set_missing(const struct vip_set *set, vip_missing_fn fn, void *arg);
/* Is this address one of the VIPs that are wanted, or in a block of them? */
bool vip_set_is_wanted(const struct vip_set *set, const struct addr *addr);

#endif
