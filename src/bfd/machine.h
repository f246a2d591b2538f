/* machine.h: one BFD session in asynchronous mode: packets and timeouts in, state and actions out
 *
 * RFC 5880 6.8.  Pure: no clock, no socket, no random number.  Whoever drives it keeps two timers,
 * of bfd_tx_interval_us() (with bfd_jitter_us()) and of bfd_detection_us(), and asks again whenever
 * an action says that they changed.
 */
#ifndef MLBGPD_BFD_MACHINE_H
#define MLBGPD_BFD_MACHINE_H

#include "bfd/codec.h"

enum { BFD_SLOW_US = 1000000 /* 6.8.3: while not Up, no faster than this */ };

/* What a BFDProfile says. */
struct bfd_params {
	uint32_t transmit_us, receive_us;
	uint32_t echo_receive_us; /* 0: we do not loop echoes */
	uint32_t echo_transmit_us; /* 0: we send none */
	uint8_t detect_mult;
	bool passive;
};

/* State variables of 6.8.1, and what a change of timers remembers until its poll is over. */
struct bfd_machine {
	struct bfd_params params;
	enum bfd_state state, remote_state;
	uint8_t diag, remote_diag;
	uint32_t local_discr, remote_discr;
	uint32_t remote_min_rx_us, remote_desired_tx_us, remote_min_echo_rx_us;
	uint8_t remote_mult; /* 0: nothing has come yet */
	bool remote_demand;
	bool polling; /* our Poll sequence runs (6.5) */
	bool final_due; /* a packet with F answers their Poll */
	uint32_t tx_in_use_us; /* Desired Min TX that counts for the interval */
	bool echo_works; /* control packets may be slow (6.8.3) */
	uint32_t rx_in_use_us; /* Required Min RX that counts for the detection time */
};

enum {
	BFD_DO_STATE = 1, /* the state changed */
	BFD_DO_SEND = 2, /* send a packet at once: an answer to a Poll, or news */
	BFD_DO_TX_TIMER = 4, /* the transmit interval changed */
	BFD_DO_DETECT_TIMER = 8, /* detection starts (anew) from now */
	BFD_DO_STOP_DETECT = 16, /* nothing is expected any more */
};

void bfd_machine_init(struct bfd_machine *m, uint32_t local_discr, const struct bfd_params *params);
/* 6.8.6, of a packet of this session's peer; *reason tells why it was not taken (BFD_OK: it was).
 * One that names another session is not, but ends the silence of a passive one that has heard
 * nothing yet.  Returns BFD_DO_*. */
unsigned bfd_receive(struct bfd_machine *m, const struct bfd_packet *packet,
		     enum bfd_discard *reason);
/* Nothing came for the detection time (6.8.4). */
unsigned bfd_detect_expired(struct bfd_machine *m);
/* Echoes of ours no longer come back (6.8.5). */
unsigned bfd_echo_failed(struct bfd_machine *m);
/* Echoes of ours come back, or are no longer sent: by a Poll sequence the peer's control packets
 * become slow, or what the profile says (6.8.3). */
unsigned bfd_echo_works(struct bfd_machine *m, bool works);
/* Between two echoes, without jitter; 0: none may be sent (6.8.9). */
uint32_t bfd_echo_interval_us(const struct bfd_machine *m);
/* Administratively down, and back (6.8.16). */
unsigned bfd_admin(struct bfd_machine *m, bool down);
/* Other intervals, without a reset: by a Poll sequence where the session is Up (6.8.3). */
unsigned bfd_set_params(struct bfd_machine *m, const struct bfd_params *params);

/* The packet to be sent now (6.8.7): F where one is due, else P while polling.  False where none
 * may be sent: we are passive and have heard nothing.  What was due is done. */
bool bfd_packet_to_send(struct bfd_machine *m, struct bfd_packet *ret);
/* Time between two packets, without jitter; 0: none are sent by the clock (6.8.7). */
uint32_t bfd_tx_interval_us(const struct bfd_machine *m);
/* 0: nothing is expected. */
uint64_t bfd_detection_us(const struct bfd_machine *m);
/* 75 to 100 % of an interval, 75 to 90 % with a multiplier of 1 (6.8.7); dice: any number. */
uint32_t bfd_jitter_us(uint32_t interval_us, uint8_t detect_mult, uint64_t dice);

#endif
