/* explain_live.h: what host and session add to a chain of reasons; private to report_explain.c */
#ifndef MLBGPD_DAEMON_EXPLAIN_LIVE_H
#define MLBGPD_DAEMON_EXPLAIN_LIVE_H

#include "plan/explain.h"

struct daemon;

/* After a static chain that is well: the VIP on its interface, the session, the route as it was
 * sent. */
void explain_live(const struct daemon *d, const struct addr *addr, const struct bgp_peer *peer,
		  struct explain *e);

#endif
