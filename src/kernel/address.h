/* address.h: addresses of interfaces by rtnetlink: added and removed in batches, dumped, decoded
 *
 * Local routes (route.h) go in the same batches.
 */
#ifndef MLBGPD_KERNEL_ADDRESS_H
#define MLBGPD_KERNEL_ADDRESS_H

#include "base/addr.h"
#include "kernel/netlink.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ADDRESS_BATCH = 256 };

struct address_op {
	struct addr addr; /* as /32 or /128 */
	uint8_t length; /* of a route to a block; 0: to the address alone */
	uint32_t ifindex;
	bool add; /* else: remove */
	bool route; /* a local route, not an address */
	int error; /* 0 or -errno, filled in */
	char words[NETLINK_WORDS_MAX]; /* the kernel's own, or strerror's */
};

/* Carries out at most ADDRESS_BATCH of them, bearing our mark; each gets its result, an error does
 * not stop the others.  0 or -errno where the socket failed (the results mean nothing then). */
int address_apply(struct netlink *nl, struct address_op *ops, size_t n);

struct address_entry {
	struct addr addr;
	uint32_t ifindex;
	uint8_t len;
	uint8_t proto; /* IFA_PROTO, or a route's protocol; 0: none */
	bool route;
};

/* One message RTM_NEWADDR or RTM_DELADDR; false for another, or another family. */
bool address_decode(const struct nlmsghdr *h, struct address_entry *ret);

typedef void (*address_fn)(void *arg, const struct address_entry *entry);
/* Every address of the machine.  0 or -errno. */
int address_dump(struct netlink *nl, address_fn fn, void *arg);

#endif
