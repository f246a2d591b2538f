/* discard.h: why a packet is thrown away, how many were, and when the log is told
 *
 * Pure and without allocation: the counters belong to the thread that receives.
 */
#ifndef MLBGPD_BFD_DISCARD_H
#define MLBGPD_BFD_DISCARD_H

#include "base/addr.h"

/* In the order of RFC 5880 6.8.6; those from BFD_NO_SESSION on need to know the sessions. */
enum bfd_discard {
	BFD_OK = 0,
	BFD_SHORT, /* less than a header, or a length below 24 (26 with authentication) */
	BFD_BAD_VERSION,
	BFD_BAD_LENGTH, /* longer than what came */
	BFD_NO_MULTIPLIER, /* Detect Mult is 0 */
	BFD_MULTIPOINT,
	BFD_NO_DISCRIMINATOR, /* My Discriminator is 0 */
	BFD_UNEXPECTED, /* Your Discriminator is 0 in a state other than Down and AdminDown */
	BFD_AUTHENTICATED, /* nobody has agreed on authentication here */
	BFD_NO_SESSION, /* Your Discriminator is none of ours */
	BFD_UNKNOWN_SOURCE, /* it is 0, and no session is with whoever sent it */
	BFD_OTHER_HOPS, /* the peer sends to the port of the other kind of session */
	BFD_OTHER_INTERFACE, /* single hop: not that of the peer's subnet (RFC 5881 3) */
	BFD_OTHER_ADDRESS, /* multihop: not to our address in the session (RFC 5883 4.1) */
	BFD_BAD_TTL, /* RFC 5881 5, 5883 5 */
	BFD_SESSION_ADMIN_DOWN,
	BFD_ECHO_NOT_TAKEN, /* the session is not Up, or its profile has no echo */
	BFD_ECHO_TOO_OFTEN, /* more than twice of what we said */
	BFD_DROPPED, /* by the kernel: the sieve in a flood, or no room in the socket */
	BFD_DISCARD_COUNT,
};
const char *bfd_discard_text(enum bfd_discard reason);
/* A word for metrics and JSON: "low_ttl". */
const char *bfd_discard_name(enum bfd_discard reason);

/* For the log: so many since it was told last, and the last of them. */
struct bfd_discard_report {
	enum bfd_discard reason;
	uint64_t n;
	struct addr from; /* ADDR_NONE: not known */
	uint8_t ttl;
};

struct bfd_discards {
	struct {
		uint64_t n, told;
		int64_t told_at; /* 0: never */
		struct addr from; /* of the last one */
		uint8_t ttl;
	} of[BFD_DISCARD_COUNT];
	bool pending; /* some were not told yet */
};

enum { BFD_DISCARDS_PAUSE_S = 60 /* a reason is told no oftener */ };

void bfd_discards_add(struct bfd_discards *d, enum bfd_discard reason, const struct addr *from,
		      uint8_t ttl);
/* So many, of whoever sent them. */
void bfd_discards_add_many(struct bfd_discards *d, enum bfd_discard reason, uint64_t n);
/* What is to be told at now (ns); false: nothing.  The same again until bfd_discards_told(). */
bool bfd_discards_due(struct bfd_discards *d, int64_t now, struct bfd_discard_report *ret);
void bfd_discards_told(struct bfd_discards *d, const struct bfd_discard_report *report,
		       int64_t now);

#endif
