/* session.h: a BFD session in time: the machine with its two timers, what was counted, and why it
 * went down
 *
 * Pure: it is given the time (nanoseconds of CLOCK_MONOTONIC) and packets, and says when it is to
 * be called again and whether a packet is to be sent.  Allocates nothing.
 */
#ifndef MLBGPD_BFD_SESSION_H
#define MLBGPD_BFD_SESSION_H

#include "bfd/echo.h"
#include "bfd/histogram.h"
#include "bfd/machine.h"

enum {
	BFD_VERDICT_MAX = 160,
	BFD_REPRIEVE_US = 2000,
	BFD_SLACK_MOST_US = 3000, /* of fast sessions */
};

/* What is due within may go together: an eighth of a short interval, a sixteenth of a long one. */
static inline uint32_t bfd_slack_us(uint32_t interval_us)
{
	const uint32_t eighth = interval_us / 8;

	if (eighth < BFD_SLACK_MOST_US)
		return eighth;
	return eighth / 2 > BFD_SLACK_MOST_US ? eighth / 2 : BFD_SLACK_MOST_US;
}

/* Changes of state that nobody was told of yet, as one. */
struct bfd_change {
	bool pending;
	bool lost; /* was Up, and it was no administrator who ended it */
	enum bfd_state from, to;
	uint8_t diag;
	char verdict[BFD_VERDICT_MAX]; /* of a Down in words; "" for other changes */
};

struct bfd_session {
	struct bfd_machine machine;
	uint64_t dice; /* state of the generator of jitter; not 0 */
	int64_t sent_at, transmit_at, detect_at; /* 0: never, stopped */
	int64_t transmit_from; /* it may go before transmit_at, where that costs less */
	int64_t heard_at; /* 0: nothing yet */
	int64_t late_ns, late_at; /* the most that our thread was late in a detection time, when */
	bool reprieved; /* detect_at is a little later, for we were late to look */
	bool send_now;
	bool follows; /* a packet of the peer's was heard since we sent one */
	uint64_t packets_in, packets_out, ups, downs;
	struct bfd_echo echo;
	struct histogram lateness; /* of our timers */
	struct histogram gaps; /* between two packets of the peer, while Up */
	struct bfd_change change;
};

void bfd_session_init(struct bfd_session *s, uint32_t local_discr, const struct bfd_params *params,
		      uint64_t seed, int64_t now);
void bfd_session_receive(struct bfd_session *s, const struct bfd_packet *packet,
			 enum bfd_discard *reason, int64_t now);
/* Does what is due.  A session whose detection is over at now, though its packets may wait in a
 * socket that was not read since, is not to be called before that (bfd_session_expires).  Where it
 * is called late, what the peer sent meanwhile may still be on its way through the kernel: the
 * peer is given up BFD_REPRIEVE_US later, if nothing comes. */
void bfd_session_tick(struct bfd_session *s, int64_t now);
/* A packet may go now, though it is not due yet: together with others, bfd_slack_us() earlier. */
bool bfd_session_may_send(const struct bfd_session *s, int64_t now);
/* A packet of the peer's woke us; alone: for itself, so that ours may go as soon as RFC 5880
 * permits. */
void bfd_session_follow(struct bfd_session *s, bool alone, int64_t now);
bool bfd_session_expires(const struct bfd_session *s, int64_t now);
void bfd_session_set_params(struct bfd_session *s, const struct bfd_params *params, int64_t now);
void bfd_session_admin_down(struct bfd_session *s, int64_t now);
/* A packet that is to go now; false: none. */
bool bfd_session_take_packet(struct bfd_session *s, struct bfd_packet *ret, int64_t now);
/* An echo that is to go now, with this number that nobody can guess; false: none. */
bool bfd_session_take_echo(struct bfd_session *s, struct bfd_echo_packet *ret, uint64_t nonce,
			   int64_t now);
/* An echo came back; false: it is none of ours. */
bool bfd_session_echo_returned(struct bfd_session *s, const struct bfd_echo_packet *packet,
			       int64_t now);
/* When to call bfd_session_tick(); 0: not before something comes. */
int64_t bfd_session_deadline(const struct bfd_session *s);

#endif
