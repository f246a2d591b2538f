/* host.h: facts of the host: where an address is, what is connected, a neighbour's link address,
 * which sockets are on a VIP
 *
 * Each call asks the kernel anew and waits for the answer (milliseconds, bounded by a time-out).
 * Needs no capability.
 */
#ifndef MLBGPD_KERNEL_HOST_H
#define MLBGPD_KERNEL_HOST_H

#include "base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a packet to an address would go now. */
struct host_path {
	bool local; /* the address is the host's own */
	bool on_link; /* no gateway in between */
	uint32_t ifindex; /* out of this interface; where local, of loopback */
	struct addr source; /* the local address it would have; ADDR_NONE: not told */
};

/* ifindex: only by this interface (needed for link-local IPv6), 0: any.  0 or -errno:
 * -ENETUNREACH, -EHOSTUNREACH or -EACCES where there is no way. */
int host_path_to(const struct addr *addr, uint32_t ifindex, struct host_path *ret);

/* Is this an address of the host's, or inside a connected subnet?  False where it can't be told. */
bool host_is_local(const struct addr *addr);
bool host_is_on_link(const struct addr *addr);

enum { HOST_MAC_LEN = 6 };

/* The Ethernet address by which the kernel sends to a neighbour on this interface.  0 or -errno:
 * -ENOENT where it knows none now (Linux 5.0 and later). */
int host_link_address(const struct addr *addr, uint32_t ifindex, uint8_t ret[HOST_MAC_LEN]);

/* A connected subnet, of somebody else's address, that shares addresses with prefix: 1 and ret, or
 * 0 where there is none, or -errno.  Loopback, link-local and single addresses are no subnets. */
int host_subnet_overlapping(const struct prefix *prefix, struct prefix *ret);

/* Sockets bound to exactly this address: TCP that listens or has a peer (TIME_WAIT does not
 * count), and UDP.  One bound to the wildcard is on no address, what it has accepted is.  1, 0 or
 * -errno (-ENOENT: this kernel has no sock_diag for it). */
int host_address_in_use(const struct addr *addr);
/* The same for n addresses, sorted, at the price of one look: in_use[i] is set for each. */
int host_addresses_in_use(const struct addr *addrs, size_t n, bool *in_use);

#endif
