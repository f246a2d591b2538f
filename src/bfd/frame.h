/* frame.h: an IPv4 packet by UDP to the port of BFD's echo, as it is on the link, from and to one
 * and the same address (RFC 5881 4): who is asked to forward it sends it back; no I/O
 */
#ifndef MLBGPD_BFD_FRAME_H
#define MLBGPD_BFD_FRAME_H

#include "base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BFD_PORT_ECHO = 3785, BFD_FRAME_HEADERS = 28, BFD_FRAME_MAX = 128 };

struct bfd_frame {
	struct addr from, to;
	uint8_t ttl;
	const uint8_t *payload; /* in the packet that was read */
	size_t len;
};

/* IPv4 address at, TTL 255; buf has room for the headers and the payload.  Returns the length. */
size_t bfd_frame_write(uint8_t *buf, const struct addr *at, uint16_t id, const uint8_t *payload,
		       size_t len);
/* False where it is no whole IPv4 packet by UDP to this port. */
bool bfd_frame_read(struct bfd_frame *ret, const uint8_t *data, size_t len);
/* One hop more: TTL less one, with the checksum (RFC 1624).  Of a packet that could be read. */
void bfd_frame_forward(uint8_t *data);

#endif
