/* test_bfd_codec.c: control packets on the wire (RFC 5880 4.1), and those thrown away (6.8.6) */
#include "bfd/codec.h"

#include <criterion/criterion.h>
#include <string.h>

/* Version 1, no diagnostic; Up; multiplier 3; length 24. */
#define GOOD                                                                                       \
	0x20, 0xc0, 3, 24, 0, 0, 0, 7, 0, 0, 0, 9, 0, 4, 0x93, 0xe0, 0, 4, 0x93, 0xe0, 0, 0, 0xc3, \
		0x50

Test(bfd_codec, rfc5880_4_1_fields)
{
	static const uint8_t bytes[] = {GOOD};
	struct bfd_packet p;
	uint8_t back[BFD_PACKET_LEN];

	cr_assert_eq(bfd_decode(&p, bytes, sizeof(bytes)), BFD_OK);
	cr_expect_eq(p.diag, BFD_DIAG_NONE);
	cr_expect_eq(p.state, BFD_UP);
	cr_expect(!p.poll && !p.final && !p.control_plane_independent && !p.demand);
	cr_expect_eq(p.detect_mult, 3);
	cr_expect_eq(p.my_discr, 7);
	cr_expect_eq(p.your_discr, 9);
	cr_expect_eq(p.desired_min_tx_us, 300000);
	cr_expect_eq(p.required_min_rx_us, 300000);
	cr_expect_eq(p.required_min_echo_rx_us, 50000);
	bfd_encode(back, &p);
	cr_expect_arr_eq(back, bytes, sizeof(bytes));
}

Test(bfd_codec, rfc5880_4_1_flags_and_diagnostics)
{
	static const struct {
		uint8_t first, second;
		struct bfd_packet wanted;
	} rows[] = {
		{0x21, 0x60, {.diag = 1, .state = BFD_DOWN, .poll = true}},
		{0x27, 0x10, {.diag = 7, .state = BFD_ADMIN_DOWN, .final = true}},
		{0x3f, 0x88, {.diag = 31, .state = BFD_INIT, .control_plane_independent = true}},
		{0x20, 0xc2, {.state = BFD_UP, .demand = true}},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t bytes[] = {GOOD}, back[BFD_PACKET_LEN];
		const struct bfd_packet *w = &rows[i].wanted;
		struct bfd_packet p;

		bytes[0] = rows[i].first;
		bytes[1] = rows[i].second;
		cr_assert_eq(bfd_decode(&p, bytes, sizeof(bytes)), BFD_OK, "row %zu", i);
		cr_expect(p.diag == w->diag && p.state == w->state && p.poll == w->poll &&
				  p.final == w->final && p.demand == w->demand &&
				  p.control_plane_independent == w->control_plane_independent,
			  "row %zu", i);
		bfd_encode(back, &p);
		cr_expect_arr_eq(back, bytes, sizeof(bytes), "row %zu", i);
	}
}

/* One byte of a good packet changed, in the order of the section. */
Test(bfd_codec, rfc5880_6_8_6_discarded_before_a_session_is_looked_for)
{
	static const struct {
		const char *what;
		size_t at;
		uint8_t byte;
		size_t len; /* of the datagram; 0: all */
		enum bfd_discard wanted;
	} rows[] = {
		{"version 0", 0, 0x00, 0, BFD_BAD_VERSION},
		{"version 2", 0, 0x40, 0, BFD_BAD_VERSION},
		{"a length below 24", 3, 23, 0, BFD_SHORT},
		{"a length of 0", 3, 0, 0, BFD_SHORT},
		{"a length below 26 with authentication", 1, 0xc4, 0, BFD_SHORT},
		{"a length above the payload", 3, 25, 0, BFD_BAD_LENGTH},
		{"a datagram that is cut", 3, 24, 23, BFD_SHORT},
		{"no byte at all", 3, 24, 0, BFD_OK},
		{"detect multiplier 0", 2, 0, 0, BFD_NO_MULTIPLIER},
		{"multipoint", 1, 0xc1, 0, BFD_MULTIPOINT},
		{"my discriminator 0", 7, 0, 0, BFD_NO_DISCRIMINATOR},
		{"your discriminator 0 in Up", 11, 0, 0, BFD_UNEXPECTED},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t bytes[] = {GOOD};
		struct bfd_packet p = {.my_discr = 77};
		enum bfd_discard got;

		bytes[rows[i].at] = rows[i].byte;
		got = bfd_decode(&p, bytes, rows[i].len ? rows[i].len : sizeof(bytes));
		cr_expect_eq(got, rows[i].wanted, "%s: %s", rows[i].what, bfd_discard_text(got));
		cr_expect_eq(p.my_discr, got == BFD_OK ? 7 : 77, "%s: untouched", rows[i].what);
	}
	cr_expect_eq(bfd_decode(&(struct bfd_packet){0}, NULL, 0), BFD_SHORT);
}

Test(bfd_codec, rfc5880_6_8_6_your_discriminator_0_is_for_down_and_admin_down)
{
	for (unsigned state = 0; state < BFD_STATE_COUNT; state++) {
		uint8_t bytes[] = {GOOD};
		struct bfd_packet p;

		bytes[1] = (uint8_t)(state << 6);
		bytes[11] = 0;
		cr_expect_eq(bfd_decode(&p, bytes, sizeof(bytes)),
			     state <= BFD_DOWN ? BFD_OK : BFD_UNEXPECTED, "%s",
			     bfd_state_name((enum bfd_state)state));
	}
}

/* Authentication is not agreed on, however well it is formed; bytes behind the packet are nobody's.
 */
Test(bfd_codec, rfc5880_6_8_6_authentication_and_trailing_bytes)
{
	uint8_t bytes[40] = {GOOD};
	struct bfd_packet p;

	cr_expect_eq(bfd_decode(&p, bytes, sizeof(bytes)), BFD_OK);
	bytes[1] |= 4;
	bytes[3] = 28;
	cr_expect_eq(bfd_decode(&p, bytes, sizeof(bytes)), BFD_AUTHENTICATED);
}

Test(bfd_codec, every_word)
{
	for (unsigned i = 0; i < BFD_DISCARD_COUNT; i++)
		cr_expect(bfd_discard_text((enum bfd_discard)i)[0], "%u", i);
	cr_expect_str_eq(bfd_diag_text(BFD_DIAG_TIME_EXPIRED), "detection time expired");
	cr_expect_str_eq(bfd_diag_text(BFD_DIAG_COUNT), "unknown");
	cr_expect_str_eq(bfd_diag_text(31), "unknown");
}
