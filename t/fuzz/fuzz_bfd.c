/* fuzz_bfd.c: any datagrams, at any time, to one BFD session; what is decoded must survive encoding
 */
#include "bfd/frame.h"
#include "bfd/session.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void send_all(struct bfd_session *s, int64_t now)
{
	struct bfd_packet packet, again;
	uint8_t wire[BFD_PACKET_LEN];

	while (bfd_session_take_packet(s, &packet, now)) {
		bfd_encode(wire, &packet);
		if (bfd_decode(&again, wire, sizeof(wire)) != BFD_OK ||
		    again.state != packet.state || again.my_discr != packet.my_discr)
			abort();
	}
}

/* What an echo may come in; what could be read can be forwarded, and read again. */
static void try_echo(struct bfd_session *s, const uint8_t *data, size_t len, int64_t now)
{
	uint8_t copy[BFD_FRAME_MAX];
	struct bfd_echo_packet packet;
	struct bfd_frame frame;

	if (bfd_echo_decode(&packet, data, len) && bfd_session_echo_returned(s, &packet, now))
		abort(); /* none was sent */
	if (len > sizeof(copy) || !bfd_frame_read(&frame, data, len))
		return;
	memcpy(copy, data, len);
	bfd_frame_forward(copy);
	if (!bfd_frame_read(&frame, copy, len) || frame.len > len - BFD_FRAME_HEADERS)
		abort();
}

/* A byte of milliseconds before each datagram of 24 bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct bfd_params params = {
		.transmit_us = 10000, .receive_us = 10000, .detect_mult = 3};
	struct bfd_session s;
	int64_t now = 1000000000;

	bfd_session_init(&s, 1, &params, 1, now);
	try_echo(&s, data, size, now);
	while (size > 0) {
		const size_t len = size - 1 < BFD_PACKET_LEN ? size - 1 : BFD_PACKET_LEN;
		struct bfd_packet packet;
		enum bfd_discard reason;

		now += data[0] * 1000000LL;
		bfd_session_tick(&s, now);
		send_all(&s, now);
		if (bfd_decode(&packet, data + 1, len) == BFD_OK)
			bfd_session_receive(&s, &packet, &reason, now);
		send_all(&s, now);
		data += 1 + len;
		size -= 1 + len;
	}
	return 0;
}
