/* flood.h: when a socket has come under a flood, and when that is over; pure
 *
 * A flood: more packets a second are thrown away than misconfigured routers would send.
 */
#ifndef MLBGPD_BFD_FLOOD_H
#define MLBGPD_BFD_FLOOD_H

#include <stdbool.h>
#include <stdint.h>

enum {
	FLOOD_PACKETS = 1000, /* thrown away within a second */
	FLOOD_REST_PACKETS = 100, /* a second: with fewer it rests */
	FLOOD_OVER_S = 10, /* after so long a rest */
};

/* Zeroed: all is quiet. */
struct bfd_flood {
	bool on;
	int64_t since; /* ns: of the second that is counted */
	unsigned packets; /* thrown away in it */
	int64_t rest_since;
};

/* One more was thrown away.  True: a flood begins. */
bool bfd_flood_begins(struct bfd_flood *flood, int64_t now);
/* While it is on: so many came since it was asked last.  True: it is over. */
bool bfd_flood_ends(struct bfd_flood *flood, uint32_t packets, int64_t now);

#endif
