/* local.h: addresses of this host, as sessions need them
 *
 * Each call asks the kernel anew.  A VIP is never among them.
 */
#ifndef MLBGPD_BGP_LOCAL_H
#define MLBGPD_BGP_LOCAL_H

#include "bgp/session.h"

/* The first IPv4 address, for a BGP identifier; host order, 0: none. */
uint32_t local_any_ipv4(const struct session_env *env);
/* An address of a family on the interface that has `local`, as next hop of the other family's
 * routes: global, for IPv6 neither temporary nor deprecated nor (yet) a duplicate.  ADDR_NONE:
 * there is none. */
struct addr local_beside(const struct session_env *env, const struct addr *local, uint8_t family);

#endif
