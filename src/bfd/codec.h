/* codec.h: BFD control packets, bytes to struct and back (RFC 5880 4.1); no I/O, no state
 *
 * Times are microseconds, as on the wire.
 */
#ifndef MLBGPD_BFD_CODEC_H
#define MLBGPD_BFD_CODEC_H

#include "bfd/discard.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BFD_VERSION = 1, BFD_PACKET_LEN = 24 /* without authentication */ };

/* As on the wire. */
enum bfd_state { BFD_ADMIN_DOWN, BFD_DOWN, BFD_INIT, BFD_UP, BFD_STATE_COUNT };
const char *bfd_state_name(enum bfd_state state); /* "AdminDown", "Down", "Init", "Up" */

enum bfd_diag {
	BFD_DIAG_NONE = 0,
	BFD_DIAG_TIME_EXPIRED = 1, /* control detection time expired */
	BFD_DIAG_ECHO_FAILED = 2,
	BFD_DIAG_NEIGHBOR_DOWN = 3, /* neighbor signaled session down */
	BFD_DIAG_FORWARDING_RESET = 4,
	BFD_DIAG_PATH_DOWN = 5,
	BFD_DIAG_CONCATENATED_DOWN = 6,
	BFD_DIAG_ADMIN_DOWN = 7,
	BFD_DIAG_REVERSE_DOWN = 8,
	BFD_DIAG_COUNT,
};
/* In words; those that no RFC knows (a peer may send up to 31) are "unknown". */
const char *bfd_diag_text(unsigned diag);

struct bfd_packet {
	uint8_t diag; /* up to 31 */
	uint8_t state; /* enum bfd_state */
	bool poll, final;
	bool control_plane_independent; /* C */
	bool demand;
	uint8_t detect_mult;
	uint32_t my_discr, your_discr;
	uint32_t desired_min_tx_us, required_min_rx_us, required_min_echo_rx_us;
};

/* The whole payload of a datagram, judged as far as that needs no session (RFC 5880 6.8.6); bytes
 * behind the packet's own length are not looked at.  ret is untouched unless BFD_OK. */
enum bfd_discard bfd_decode(struct bfd_packet *ret, const uint8_t *data, size_t len);
void bfd_encode(uint8_t buf[BFD_PACKET_LEN], const struct bfd_packet *packet);

#endif
