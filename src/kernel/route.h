/* route.h: local routes: a VIP, or a block of them, without an address on an interface
 *
 * The kernel takes packets for such a destination as its own, and sockets may bind to it (IPv4
 * only: in IPv6 bind() wants an address, or the socket option IP_FREEBIND).  They stand in the
 * table "local", beside those that the kernel makes for addresses, and bear our number as their
 * protocol.
 */
#ifndef MLBGPD_KERNEL_ROUTE_H
#define MLBGPD_KERNEL_ROUTE_H

#include "kernel/address.h"

/* Completes the message of a batch (its flags and number are the caller's). */
void route_put(struct nlmsghdr *h, const struct address_op *op);
/* One message RTM_NEWROUTE or RTM_DELROUTE of a local route that the kernel did not make for an
 * address; false for any other. */
bool route_decode(const struct nlmsghdr *h, struct address_entry *ret);
/* Every such route of the machine.  0 or -errno. */
int route_dump(struct netlink *nl, address_fn fn, void *arg);
/* From now on the event socket hears of local routes, and of no others. */
int route_listen(struct netlink *events);

#endif
