/* frame.h: a packet by UDP to the port of BFD's echo, as it is on the link, from and to one and the
 * same address (RFC 5881 4): who is asked to forward it sends it back; IPv4 and IPv6, no I/O
 */
#ifndef MLBGPD_BFD_FRAME_H
#define MLBGPD_BFD_FRAME_H

#include "base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BFD_PORT_ECHO = 3785, BFD_FRAME_HEADERS_MAX = 48, BFD_FRAME_MAX = 128 };

struct bfd_frame {
	struct addr from, to;
	uint8_t ttl; /* or hop limit */
	size_t size; /* of the packet, as its header has it */
	const uint8_t *payload; /* in the packet that was read */
	size_t len;
};

/* From and to this address, TTL 255; buf has room for the headers and the payload.  id: of the
 * packet, where it is IPv4.  Returns the length. */
size_t bfd_frame_write(uint8_t *buf, const struct addr *at, uint16_t id, const uint8_t *payload,
		       size_t len);
/* False where it is no whole packet by UDP to this port, or has options, extension headers or a
 * part of a datagram.  The UDP checksum is not looked at, as a router would not. */
bool bfd_frame_read(struct bfd_frame *ret, const uint8_t *data, size_t len);
/* One hop more: TTL less one, with IPv4's checksum.  Of a packet that could be read. */
void bfd_frame_forward(uint8_t *data);

#endif
