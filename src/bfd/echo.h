/* echo.h: the Echo function of one session: when an echo is sent, which one has come back, and when
 * too many in a row have not (RFC 5880 6.4, 6.8.5, 6.8.9)
 *
 * Pure: it is given the time (nanoseconds of CLOCK_MONOTONIC) and random numbers.  An echo bears a
 * number that nobody can guess: only one that was on the way to the peer's side can come back.
 *
 * Echoes count from the first one on that has come back: a peer that says that it loops them, but
 * whose filters don't let them through, keeps its session, watched by control packets alone.
 */
#ifndef MLBGPD_BFD_ECHO_H
#define MLBGPD_BFD_ECHO_H

#include "bfd/histogram.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	BFD_ECHO_LEN = 24, /* no less: there are routers that throw away what is shorter */
	BFD_ECHO_WINDOW = 16, /* echoes on the way that are known */
};

/* What an echo of ours says; nobody but us reads it. */
struct bfd_echo_packet {
	uint32_t discr; /* of our session */
	uint32_t sequence;
	uint64_t nonce;
};

void bfd_echo_encode(uint8_t buf[BFD_ECHO_LEN], const struct bfd_echo_packet *packet);
/* False where it is none of ours by its form; ret is untouched then. */
bool bfd_echo_decode(struct bfd_echo_packet *ret, const uint8_t *data, size_t len);

struct bfd_echo {
	uint32_t interval_us; /* between two; 0: none are sent */
	uint8_t multiplier; /* as many in a row are too many */
	bool proven; /* one has come back since they are sent */
	uint32_t sequence; /* of the next one */
	uint32_t unanswered; /* sent since one came back */
	int64_t transmit_at, expires_at; /* 0: never */
	int64_t came_back_at; /* 0: none has */
	struct {
		uint64_t nonce;
		int64_t at; /* 0: it has come back, or is none */
	} sent[BFD_ECHO_WINDOW];
	uint64_t packets_in, packets_out;
	struct histogram round_trip;
};

/* From now on with this interval; 0: not any more.  The same again changes nothing. */
void bfd_echo_set(struct bfd_echo *e, uint32_t interval_us, uint8_t multiplier, int64_t now);
/* Is one to be sent? */
bool bfd_echo_is_due(const struct bfd_echo *e, int64_t now);
/* The next one, which is sent now; wait_us: until the one after it. */
struct bfd_echo_packet bfd_echo_take(struct bfd_echo *e, uint64_t nonce, uint32_t wait_us,
				     int64_t now);
/* One has come back; false: it is none that is on the way. */
bool bfd_echo_returned(struct bfd_echo *e, const struct bfd_echo_packet *packet, int64_t now);
/* Nothing came back for the detection time.  Whether the peer is lost hangs on how many echoes went
 * out in it (bfd_echo_is_lost). */
bool bfd_echo_expires(const struct bfd_echo *e, int64_t now);
/* As many as the multiplier says are unanswered, for the detection time.  Where we were late, and
 * sent less, it is looked at again an interval later. */
bool bfd_echo_is_lost(struct bfd_echo *e, int64_t now);
/* When something is to be done; 0: never. */
int64_t bfd_echo_deadline(const struct bfd_echo *e);

/* Looping what the peer sends: how often that is done at most, that of Required Min Echo RX twice,
 * with some in a burst.  at: its state, 0 at first. */
bool bfd_echo_may_loop(int64_t *at, uint32_t interval_us, int64_t now);

#endif
