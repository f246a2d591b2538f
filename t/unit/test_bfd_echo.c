/* Tests of BFD's echo: bytes of echoes and of what bears them (RFC 5881 4), when they are sent (RFC
 * 5880 6.8.9), which are believed, when a peer is lost by them (6.8.5), what becomes of control
 * packets meanwhile (6.8.3), and how often a peer's are returned. */
#include "bfd/frame.h"
#include "bfd/session.h"
#include "bfd/sieve.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const int64_t MS = 1000000, S = 1000000000;

/* ---- bytes ---- */

Test(bfd_echo, an_echo_there_and_back)
{
	const struct bfd_echo_packet packet = {0x01020304, 0xfffffff0, 0x1122334455667788};
	uint8_t bytes[BFD_ECHO_LEN];
	struct bfd_echo_packet back = {0};

	bfd_echo_encode(bytes, &packet);
	cr_expect(bfd_echo_decode(&back, bytes, sizeof(bytes)));
	cr_expect(eq(u32, back.discr, packet.discr));
	cr_expect(eq(u32, back.sequence, packet.sequence));
	cr_expect(eq(u64, back.nonce, packet.nonce));
	for (size_t len = 0; len < BFD_ECHO_LEN; len++) {
		uint8_t *cut = malloc(len + 1); /* so that a sanitizer sees what is read behind */

		memcpy(cut, bytes, len);
		cr_expect(not(bfd_echo_decode(&back, cut, len)), "%zu bytes", len);
		free(cut);
	}
	bytes[0] = 2;
	cr_expect(not(bfd_echo_decode(&back, bytes, sizeof(bytes))), "another version");
	bytes[0] = 1;
	bytes[1] = 16;
	cr_expect(not(bfd_echo_decode(&back, bytes, sizeof(bytes))), "another length");
}

static uint16_t sum_of(const uint8_t *data, size_t len, uint32_t sum)
{
	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)(data[i] << 8 | (i + 1 < len ? data[i + 1] : 0));
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static struct addr parse(const char *text)
{
	struct addr ret;

	cr_assert(eq(int, (int)addr_parse(&ret, text), ADDR_OK), "%s", text);
	return ret;
}

/* RFC 5881 4: UDP port 3785, from and to our address; 5: TTL 255. */
Test(bfd_echo, rfc5881_4_frame)
{
	static const uint8_t payload[] = {1, 2, 3, 4, 5};
	uint8_t buf[BFD_FRAME_HEADERS_MAX + sizeof(payload)];
	const struct addr me = parse("192.0.2.77");
	struct bfd_frame f;

	cr_assert(eq(sz, bfd_frame_write(buf, &me, 7, payload, sizeof(payload)), 33));
	cr_expect(eq(u8, buf[0], 0x45));
	cr_expect(eq(u8, buf[8], 255));
	cr_expect(eq(u8, buf[9], 17));
	cr_expect(eq(int, memcmp(buf + 12, "\xc0\x00\x02\x4d\xc0\x00\x02\x4d", 8), 0));
	cr_expect(eq(int, memcmp(buf + 20, "\x0e\xc9\x0e\xc9\x00\x0d", 6), 0), "3785, 13 bytes");
	/* RFC 791: the header's words add up; RFC 768: so do the datagram's with the addresses,
	 * protocol and length */
	cr_expect(eq(u16, sum_of(buf, 20, 0), 0xffff));
	cr_expect(eq(u16, sum_of(buf + 12, 33 - 12, 17 + 13), 0xffff));
	cr_assert(bfd_frame_read(&f, buf, 33));
	cr_expect(addr_equal(&f.from, &me) && addr_equal(&f.to, &me));
	cr_expect(eq(u8, f.ttl, 255));
	cr_expect(eq(sz, f.size, 33));
	cr_expect(eq(sz, f.len, sizeof(payload)));
	cr_expect(eq(int, memcmp(f.payload, payload, f.len), 0));
	bfd_frame_forward(buf);
	cr_assert(bfd_frame_read(&f, buf, 33), "its checksum is good");
	cr_expect(eq(u8, f.ttl, 254));
	cr_expect(eq(u16, sum_of(buf + 12, 33 - 12, 17 + 13), 0xffff));
}

/* RFC 8200 3, 8.1; RFC 768.  By hand: both addresses 2 * (2001 + 0db8 + 0077), length and next
 * header 000d + 0011, ports and length 2 * 0ec9 + 000d, payload 0102 + 0304 + 0500: 8323, whose
 * complement is 7cdc. */
Test(bfd_echo, rfc5881_4_frame_of_ipv6)
{
	static const uint8_t payload[] = {1, 2, 3, 4, 5};
	static const uint8_t want[] = {
		0x6c, 0,    0,	  0,	0,    13,   17, 255, /* class selector 6, no flow label */
		0x20, 0x01, 0x0d, 0xb8, 0,    0,    0,	0,   0,	   0,	 0, 0, 0, 0, 0,
		0x77, 0x20, 0x01, 0x0d, 0xb8, 0,    0,	0,   0,	   0,	 0, 0, 0, 0, 0,
		0,    0x77, 0x0e, 0xc9, 0x0e, 0xc9, 0,	13,  0x7c, 0xdc, 1, 2, 3, 4, 5,
	};
	uint8_t buf[BFD_FRAME_HEADERS_MAX + sizeof(payload)];
	const struct addr me = parse("2001:db8::77");
	struct bfd_frame f;

	cr_assert(eq(sz, sizeof(want), sizeof(buf)));
	cr_assert(eq(sz, bfd_frame_write(buf, &me, 7, payload, sizeof(payload)), sizeof(buf)));
	cr_expect(eq(int, memcmp(buf, want, sizeof(buf)), 0));
	cr_assert(bfd_frame_read(&f, buf, sizeof(buf)));
	cr_expect(addr_equal(&f.from, &me) && addr_equal(&f.to, &me));
	cr_expect(eq(u8, f.ttl, 255));
	cr_expect(eq(sz, f.size, sizeof(buf)));
	cr_expect(eq(sz, f.len, sizeof(payload)));
	cr_expect(eq(int, memcmp(f.payload, payload, f.len), 0));
	bfd_frame_forward(buf);
	cr_assert(bfd_frame_read(&f, buf, sizeof(buf)));
	cr_expect(eq(u8, f.ttl, 254));
	cr_expect(eq(int, memcmp(buf + 8, want + 8, sizeof(buf) - 8), 0), "and nothing else");
}

/* RFC 768, RFC 8200 8.1: a sum of which 0 comes is sent as all ones, for 0 says that there is none.
 * The payload makes the sum of what it was in the test before, without it 7a1d, up to ffff. */
Test(bfd_echo, a_checksum_of_ipv6_is_never_0)
{
	static const uint8_t payload[] = {0x85, 0xe2, 0, 0, 0};
	uint8_t buf[BFD_FRAME_HEADERS_MAX + sizeof(payload)];
	const struct addr me = parse("2001:db8::77");

	bfd_frame_write(buf, &me, 7, payload, sizeof(payload));
	cr_expect(eq(int, memcmp(buf + 46, "\xff\xff", 2), 0));
}

static void fix_checksum(uint8_t *buf)
{
	uint16_t sum;

	buf[10] = buf[11] = 0;
	sum = (uint16_t)~sum_of(buf, 20, 0);
	buf[10] = (uint8_t)(sum >> 8);
	buf[11] = (uint8_t)sum;
}

Test(bfd_echo, what_is_no_frame)
{
	static const struct {
		const char *name, *addr;
		unsigned at;
		uint8_t value;
	} cases[] = {
		{"IPv6", "192.0.2.77", 0, 0x65},
		{"options", "192.0.2.77", 0, 0x46},
		{"longer than it is", "192.0.2.77", 3, 200},
		{"shorter than its headers", "192.0.2.77", 3, 10},
		{"a first fragment", "192.0.2.77", 6, 0x20},
		{"a later fragment", "192.0.2.77", 7, 1},
		{"TCP", "192.0.2.77", 9, 6},
		{"another port", "192.0.2.77", 23, 0xc8},
		{"UDP without a header", "192.0.2.77", 25, 7},
		{"UDP that is longer", "192.0.2.77", 25, 200},
		{"IPv4", "2001:db8::77", 0, 0x45},
		{"no version", "2001:db8::77", 0, 0},
		{"another version", "2001:db8::77", 0, 0x7c},
		{"longer than it is", "2001:db8::77", 5, 13},
		{"much longer", "2001:db8::77", 4, 1},
		{"a jumbogram", "2001:db8::77", 5, 0},
		{"shorter than its headers", "2001:db8::77", 5, 7},
		{"shorter than UDP says", "2001:db8::77", 5, 11},
		{"hop-by-hop options", "2001:db8::77", 6, 0},
		{"TCP", "2001:db8::77", 6, 6},
		{"a routing header", "2001:db8::77", 6, 43},
		{"a fragment", "2001:db8::77", 6, 44},
		{"destination options", "2001:db8::77", 6, 60},
		{"another port", "2001:db8::77", 43, 0xc8},
		{"UDP without a header", "2001:db8::77", 45, 7},
		{"UDP that is longer", "2001:db8::77", 45, 13},
		{"UDP that is much longer", "2001:db8::77", 44, 200},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct addr me = parse(cases[i].addr);
		uint8_t buf[BFD_FRAME_HEADERS_MAX + 4];
		const size_t len = bfd_frame_write(buf, &me, 7, (const uint8_t *)"abcd", 4);
		struct bfd_frame f;

		cr_assert(bfd_frame_read(&f, buf, len));
		buf[cases[i].at] = cases[i].value;
		if (me.family == ADDR_IPV4)
			fix_checksum(buf);
		cr_expect(not(bfd_frame_read(&f, buf, len)), "%s: %s", cases[i].addr,
			  cases[i].name);
	}
}

Test(bfd_echo, a_frame_that_is_cut)
{
	static const char *const addrs[] = {"192.0.2.77", "2001:db8::77"};

	for (size_t i = 0; i < 2; i++) {
		const struct addr me = parse(addrs[i]);
		uint8_t good[BFD_FRAME_HEADERS_MAX + 4];
		const size_t whole = bfd_frame_write(good, &me, 7, (const uint8_t *)"abcd", 4);
		struct bfd_frame f;

		for (size_t len = 0; len < whole; len++) {
			uint8_t *cut = malloc(len + 1); /* as above */

			memcpy(cut, good, len);
			cr_expect(not(bfd_frame_read(&f, cut, len)), "%s: %zu bytes", addrs[i],
				  len);
			free(cut);
		}
	}
}

Test(bfd_echo, a_bad_checksum_of_the_header)
{
	const struct addr me = parse("192.0.2.77");
	uint8_t buf[BFD_FRAME_HEADERS_MAX + 4];
	const size_t len = bfd_frame_write(buf, &me, 7, (const uint8_t *)"abcd", 4);
	struct bfd_frame f;

	buf[11]++;
	cr_expect(not(bfd_frame_read(&f, buf, len)));
}

/* What the kernel lets through, by its own judgement: on a socket of another family, whose packets
 * begin where those of a packet socket do. */
Test(bfd_echo, filter)
{
	static const struct {
		const char *name, *addr;
		unsigned at;
		uint8_t value; /* there */
		bool passes;
	} cases[] = {
		{"a peer's", "192.0.2.77", 8, 255, true},
		{"come back", "192.0.2.77", 8, 254, true},
		{"from afar", "192.0.2.77", 8, 253, false},
		{"TCP", "192.0.2.77", 9, 6, false},
		{"another port", "192.0.2.77", 23, 0xc8, false},
		{"another source", "192.0.2.77", 12, 193, false},
		{"another destination", "192.0.2.77", 19, 78, false},
		{"a peer's", "2001:db8::77", 7, 255, true},
		{"come back", "2001:db8::77", 7, 254, true},
		{"from afar", "2001:db8::77", 7, 253, false},
		{"extension headers", "2001:db8::77", 6, 60, false},
		{"another port", "2001:db8::77", 43, 0xc8, false},
		{"another source, first word", "2001:db8::77", 11, 0xb9, false},
		{"another source, second word", "2001:db8::77", 12, 1, false},
		{"another source, third word", "2001:db8::77", 19, 1, false},
		{"another source, last word", "2001:db8::77", 23, 0x78, false},
		{"another destination", "2001:db8::77", 39, 0x78, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct addr me = parse(cases[i].addr);
		uint8_t buf[BFD_FRAME_HEADERS_MAX + 4], got[sizeof(buf)];
		const size_t len = bfd_frame_write(buf, &me, 7, (const uint8_t *)"abcd", 4);
		struct bfd_sieve sieve;
		int ends[2];

		cr_assert(eq(int, socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends), 0));
		bfd_sieve_build_echo(&sieve, me.family);
		cr_assert(eq(int, bfd_sieve_attach(&sieve, ends[1]), 0));
		buf[cases[i].at] = cases[i].value;
		(void)send(ends[0], buf, len, 0);
		cr_expect(eq(int, (int)recv(ends[1], got, sizeof(got), 0),
			     cases[i].passes ? (int)len : -1),
			  "%s: %s", cases[i].addr, cases[i].name);
		close(ends[0]);
		close(ends[1]);
	}
}

/* ---- a session in time ---- */

struct lab {
	struct bfd_session s;
	int64_t now;
	unsigned sent; /* echoes */
	bool loops; /* the peer returns them, after a millisecond */
	int64_t last_sent, least_gap, most_gap;
	struct bfd_packet control; /* the last that we sent */
	bool hears; /* the peer's control packets come, as often as they must */
	int64_t heard;
};

static const struct bfd_params params = {.transmit_us = 300000,
					 .receive_us = 300000,
					 .echo_receive_us = 50000,
					 .echo_transmit_us = 50000,
					 .detect_mult = 3};

static void hear(struct lab *l, enum bfd_state state, uint32_t min_echo_rx_us)
{
	enum bfd_discard reason;
	const struct bfd_packet p = {.state = (uint8_t)state,
				     .detect_mult = 3,
				     .my_discr = 9,
				     .your_discr = state == BFD_DOWN ? 0 : 7,
				     .final = l->s.machine.polling,
				     .desired_min_tx_us = 300000,
				     .required_min_rx_us = 300000,
				     .required_min_echo_rx_us = min_echo_rx_us};

	bfd_session_receive(&l->s, &p, &reason, l->now);
	cr_assert(eq(int, (int)reason, BFD_OK));
	while (bfd_session_take_packet(&l->s, &l->control, l->now))
		continue;
	l->heard = l->now;
}

static void come_up(struct lab *l, const struct bfd_params *p, uint32_t min_echo_rx_us)
{
	*l = (struct lab){.now = 5 * S, .least_gap = S, .hears = true};
	bfd_session_init(&l->s, 7, p, 12345, l->now);
	hear(l, BFD_DOWN, min_echo_rx_us);
	cr_expect(eq(i64, bfd_echo_deadline(&l->s.echo), 0), "6.8.9: none unless Up");
	hear(l, BFD_UP, min_echo_rx_us);
	cr_assert(eq(int, (int)l->s.machine.state, BFD_UP));
	hear(l, BFD_UP, min_echo_rx_us);
	l->s.change.pending = false;
}

static void send_echo(struct lab *l)
{
	struct bfd_echo_packet packet;

	if (!bfd_session_take_echo(&l->s, &packet, (uint64_t)rand() << 32 | (uint64_t)rand(),
				   l->now))
		return;
	if (l->last_sent) {
		const int64_t gap = l->now - l->last_sent;

		l->least_gap = gap < l->least_gap ? gap : l->least_gap;
		l->most_gap = gap > l->most_gap ? gap : l->most_gap;
	}
	l->last_sent = l->now;
	l->sent++;
	if (l->loops)
		cr_expect(bfd_session_echo_returned(&l->s, &packet, l->now + MS));
	while (bfd_session_take_packet(&l->s, &l->control, l->now))
		continue;
}

static void run_for(struct lab *l, int64_t ns)
{
	const int64_t until = l->now + ns;
	int64_t next;

	while ((next = bfd_session_deadline(&l->s)) && next <= until) {
		l->now = next > l->now ? next : l->now;
		if (l->hears && l->now - l->heard >= 250 * MS)
			hear(l, BFD_UP, l->s.machine.remote_min_echo_rx_us);
		bfd_session_tick(&l->s, l->now);
		while (bfd_session_take_packet(&l->s, &l->control, l->now))
			continue;
		send_echo(l);
	}
	l->now = until;
}

/* The larger of what we want and what the peer takes, less up to a quarter (6.8.9). */
Test(bfd_echo, rfc5880_6_8_9_interval)
{
	struct lab l;

	come_up(&l, &params, 20000);
	l.loops = true;
	run_for(&l, 10 * S);
	cr_expect(ge(i64, l.least_gap, 37 * MS));
	cr_expect(le(i64, l.most_gap, 50 * MS));
	cr_expect(ge(uint, l.sent, 200));
	come_up(&l, &params, 80000);
	l.loops = true;
	run_for(&l, 10 * S);
	cr_expect(ge(i64, l.least_gap, 60 * MS));
	cr_expect(le(i64, l.most_gap, 80 * MS));
}

Test(bfd_echo, rfc5880_6_8_9_none_where_the_peer_takes_none)
{
	struct bfd_params no_echo = params;
	struct lab l;

	come_up(&l, &params, 0);
	run_for(&l, S);
	cr_expect(eq(uint, l.sent, 0));
	/* then it does, and then not */
	hear(&l, BFD_UP, 50000);
	l.loops = true;
	run_for(&l, S);
	cr_expect(ge(uint, l.sent, 20));
	hear(&l, BFD_UP, 0);
	l.sent = 0;
	run_for(&l, 2 * S);
	cr_expect(eq(uint, l.sent, 0));
	cr_expect(eq(int, (int)l.s.machine.state, BFD_UP));
	cr_expect(not(l.s.echo.proven));
	/* nor where the profile says nothing of it */
	no_echo.echo_transmit_us = no_echo.echo_receive_us = 0;
	come_up(&l, &no_echo, 50000);
	run_for(&l, S);
	cr_expect(eq(uint, l.sent, 0));
	cr_expect(eq(u32, l.control.required_min_echo_rx_us, 0));
}

Test(bfd_echo, rfc5880_6_8_5_lost)
{
	struct lab l;
	int64_t last;

	come_up(&l, &params, 50000);
	l.loops = true;
	run_for(&l, S);
	cr_assert(l.s.echo.proven);
	last = l.s.echo.came_back_at;
	l.loops = false;
	run_for(&l, 149 * MS - (l.now - last));
	cr_expect(eq(int, (int)l.s.machine.state, BFD_UP), "before three intervals are over");
	run_for(&l, 60 * MS);
	cr_expect(eq(int, (int)l.s.machine.state, BFD_DOWN));
	cr_expect(eq(u8, l.s.machine.diag, BFD_DIAG_ECHO_FAILED));
	cr_expect(l.s.change.lost);
	cr_expect(not(eq(ptr, strstr(l.s.change.verdict, "no echo came back for"), NULL)));
	cr_expect(not(eq(ptr, strstr(l.s.change.verdict, "timers were on time"), NULL)));
	/* 6.8.9: none is sent any more */
	l.sent = 0;
	l.hears = false;
	run_for(&l, S);
	cr_expect(eq(uint, l.sent, 0));
	cr_expect(eq(u64, l.s.downs, 1));
}

/* What never came back is nobody's loss: control packets alone watch. */
Test(bfd_echo, not_before_one_has_come_back)
{
	struct lab l;

	come_up(&l, &params, 50000);
	run_for(&l, 5 * S);
	cr_expect(ge(uint, l.sent, 100));
	cr_expect(eq(int, (int)l.s.machine.state, BFD_UP));
	cr_expect(eq(u32, l.control.required_min_rx_us, 300000), "and stay as fast");
}

/* We slept, and sent nothing that could have come back. */
Test(bfd_echo, our_own_lateness_is_not_the_peers)
{
	struct lab l;

	come_up(&l, &params, 50000);
	l.loops = true;
	run_for(&l, S);
	l.now += 700 * MS;
	hear(&l, BFD_UP, 50000);
	cr_expect(bfd_session_expires(&l.s, l.now));
	bfd_session_tick(&l.s, l.now);
	cr_expect(eq(int, (int)l.s.machine.state, BFD_UP));
	send_echo(&l);
	run_for(&l, S);
	cr_expect(eq(int, (int)l.s.machine.state, BFD_UP));
	/* while a peer that is gone is found all the same */
	l.loops = false;
	run_for(&l, 250 * MS);
	cr_expect(eq(int, (int)l.s.machine.state, BFD_DOWN));
}

Test(bfd_echo, what_is_not_believed)
{
	struct lab l;
	struct bfd_echo_packet a, b, bad;

	come_up(&l, &params, 50000);
	cr_assert(bfd_session_take_echo(&l.s, &a, 111, l.now));
	l.now += 50 * MS;
	cr_assert(bfd_session_take_echo(&l.s, &b, 222, l.now));
	l.now += MS;
	bad = a;
	bad.nonce = b.nonce;
	cr_expect(not(bfd_session_echo_returned(&l.s, &bad, l.now)), "another number");
	bad = a;
	bad.nonce = 0;
	cr_expect(not(bfd_session_echo_returned(&l.s, &bad, l.now)), "no number");
	bad = a;
	bad.discr = 8;
	cr_expect(not(bfd_session_echo_returned(&l.s, &bad, l.now)), "another session");
	bad = a;
	bad.sequence += BFD_ECHO_WINDOW;
	cr_expect(not(bfd_session_echo_returned(&l.s, &bad, l.now)), "not sent yet");
	bad = a;
	bad.sequence -= BFD_ECHO_WINDOW;
	cr_expect(not(bfd_session_echo_returned(&l.s, &bad, l.now)), "long ago");
	bad = (struct bfd_echo_packet){.discr = 7, .sequence = 5};
	cr_expect(not(bfd_session_echo_returned(&l.s, &bad, l.now)), "never sent");
	cr_expect(not(l.s.echo.proven));
	cr_expect(bfd_session_echo_returned(&l.s, &b, l.now));
	cr_expect(bfd_session_echo_returned(&l.s, &a, l.now), "overtaken");
	cr_expect(not(bfd_session_echo_returned(&l.s, &a, l.now)), "twice");
	cr_expect(eq(u64, l.s.echo.packets_in, 2));
	/* 51 ms and 1 ms there and back */
	cr_expect(eq(i64, l.s.echo.round_trip.max_ns, 51 * MS));
}

/* Control packets become slow by a poll, and are quick again when echoes end. */
Test(bfd_echo, rfc5880_6_8_3_control_packets_are_slow_meanwhile)
{
	struct bfd_params quicker = params;
	struct lab l;

	come_up(&l, &params, 50000);
	l.loops = true;
	run_for(&l, 10 * MS);
	cr_expect(l.s.machine.polling);
	cr_expect(l.control.poll);
	cr_expect(eq(u32, l.control.required_min_rx_us, 1000000));
	cr_expect(eq(u64, bfd_detection_us(&l.s.machine), 3000000), "at once: it waits longer");
	hear(&l, BFD_UP, 50000);
	cr_expect(not(l.s.machine.polling));
	/* other intervals meanwhile do not change that */
	quicker.receive_us = 100000;
	bfd_session_set_params(&l.s, &quicker, l.now);
	hear(&l, BFD_UP, 50000);
	cr_expect(eq(u32, l.s.machine.rx_in_use_us, 1000000));
	/* no echo any more: quick, once the peer knows */
	quicker.echo_transmit_us = 0;
	bfd_session_set_params(&l.s, &quicker, l.now);
	while (bfd_session_take_packet(&l.s, &l.control, l.now))
		continue;
	cr_expect(l.control.poll);
	cr_expect(eq(u32, l.control.required_min_rx_us, 100000));
	cr_expect(eq(u32, l.s.machine.rx_in_use_us, 1000000));
	hear(&l, BFD_UP, 50000);
	cr_expect(eq(u32, l.s.machine.rx_in_use_us, 100000));
	cr_expect(eq(u64, bfd_detection_us(&l.s.machine), 900000));
}

/* A peer that is told 50 ms may send as often, even with jitter; a flood is not answered in kind.
 */
Test(bfd_echo, how_often_a_peers_echo_is_returned)
{
	int64_t at = 0;
	unsigned n = 0;

	for (int64_t now = S; now < 11 * S; now += 38 * MS)
		n += bfd_echo_may_loop(&at, 50000, now);
	cr_expect(eq(uint, n, 264), "all of the fastest that is allowed");
	at = 0;
	n = 0;
	for (int64_t now = S; now < 11 * S; now += MS / 10)
		n += bfd_echo_may_loop(&at, 50000, now);
	cr_expect(le(uint, n, 10 * 40 + 9));
	cr_expect(ge(uint, n, 10 * 40));
}
