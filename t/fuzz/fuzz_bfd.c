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
	if (!bfd_frame_read(&frame, copy, len) || frame.size > len ||
	    frame.payload + frame.len > copy + frame.size)
		abort();
}

/* After all that was due was done, there is nothing to do at once: else the thread would spin. */
static void check(struct bfd_session *s, int64_t now)
{
	const int64_t next = bfd_session_deadline(s);

	if ((next && next <= now) || s->machine.state >= BFD_STATE_COUNT)
		abort();
	if (s->machine.state == BFD_UP && !s->detect_at)
		abort(); /* nothing would ever end it */
}

static void other_params(struct bfd_session *s, uint8_t bits, int64_t now)
{
	const struct bfd_params params = {
		.transmit_us = 10000u << (bits & 3),
		.receive_us = 10000u << (bits >> 2 & 3),
		.detect_mult = (bits & 16) ? 1 : 3,
		.echo_receive_us = (bits & 32) ? 50000 : 0,
		.passive = bits & 64,
	};

	if (bits & 128)
		bfd_session_admin_down(s, now);
	else
		bfd_session_set_params(s, &params, now);
}

static void take(struct bfd_session *s, struct bfd_discards *discards, const uint8_t *data,
		 size_t len, int64_t now)
{
	const struct addr from = {.family = ADDR_IPV4};
	const uint64_t before = s->packets_in;
	struct bfd_discard_report report;
	struct bfd_packet packet;
	enum bfd_discard reason = bfd_decode(&packet, data, len);

	if (reason == BFD_OK)
		bfd_session_receive(s, &packet, &reason, now);
	if (reason == BFD_OK && s->packets_in != before + 1)
		abort();
	if (reason != BFD_OK)
		bfd_discards_add(discards, reason, &from, 255);
	while (bfd_discards_due(discards, now, &report)) {
		if (report.n == 0 ||
		    discards->of[report.reason].told + report.n != discards->of[report.reason].n)
			abort();
		bfd_discards_told(discards, &report, now);
	}
}

/* A byte of milliseconds before each datagram of 24 bytes; 255: a byte of other intervals, or
 * administratively down, in its place. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct bfd_params params = {
		.transmit_us = 10000, .receive_us = 10000, .detect_mult = 3};
	struct bfd_discards discards = {0};
	struct bfd_session s;
	int64_t now = 1000000000;

	bfd_session_init(&s, 1, &params, 1, now);
	try_echo(&s, data, size, now);
	while (size > 0) {
		const size_t most = data[0] == 255 ? 1 : BFD_PACKET_LEN;
		const size_t len = size - 1 < most ? size - 1 : most;

		now += data[0] * 1000000LL;
		bfd_session_tick(&s, now);
		send_all(&s, now);
		if (data[0] != 255)
			take(&s, &discards, data + 1, len, now);
		else if (len > 0)
			other_params(&s, data[1], now);
		if (data[0] & 1)
			bfd_session_follow(&s, data[0] & 2, now);
		bfd_session_tick(&s, now);
		send_all(&s, now);
		check(&s, now);
		data += 1 + len;
		size -= 1 + len;
	}
	return 0;
}
