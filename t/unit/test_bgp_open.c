/* test_bgp_open.c: OPEN and its capabilities against the RFCs' text */
#include "bgp/codec.h"

#include "hex.h"

enum { ALL = BGP_CAP_IPV4 | BGP_CAP_IPV6 | BGP_CAP_ROUTE_REFRESH | BGP_CAP_AS4 };
enum { ID = 0xc0000201 }; /* 192.0.2.1 */

static const struct {
	const char *name;
	struct bgp_open open;
	const char *hex;
} sent[] = {
	{"4271 4.2, 5492, 4760, 2918, 6793",
	 {.asn = 65001, .router_id = ID, .hold_time_s = 90, .capabilities = ALL},
	 MARK "0033 01 04 fde9 005a c0000201 16 02 14"
	      "0104 0001 00 01 0104 0002 00 01 0200 4104 0000fde9"},
	{"6793 4.1 AS_TRANS",
	 {.asn = 4200000000, .router_id = ID, .hold_time_s = 180, .capabilities = BGP_CAP_AS4},
	 MARK "0025 01 04 5ba0 00b4 c0000201 08 02 06 4104 fa56ea00"},
	{"2918 2, 7313 3.1, 8654 3, 8950 4",
	 {.asn = 65001,
	  .router_id = ID,
	  .hold_time_s = 90,
	  .capabilities = BGP_CAP_ROUTE_REFRESH | BGP_CAP_ENHANCED_REFRESH |
			  BGP_CAP_EXTENDED_MESSAGE | BGP_CAP_NEXT_HOP},
	 MARK "002d 01 04 fde9 005a c0000201 10 02 0e"
	      "0200 0506 0001 0001 0002 0600 4600"},
	{"4724 3 F of one family, and the time",
	 {.asn = 65001,
	  .router_id = ID,
	  .hold_time_s = 90,
	  .capabilities = BGP_CAP_GRACEFUL_RESTART,
	  .restart_time_s = 120,
	  .restart_families = BGP_CAP_IPV4 | BGP_CAP_IPV6,
	  .preserved = BGP_CAP_IPV6},
	 MARK "002b 01 04 fde9 005a c0000201 0e 02 0c 400a 0078 0001 01 00 0002 01 80"},
	{"4724 3 R; 8538 2 N",
	 {.asn = 65001,
	  .router_id = ID,
	  .hold_time_s = 90,
	  .capabilities = BGP_CAP_GRACEFUL_RESTART,
	  .restarting = true,
	  .notifications = true,
	  .restart_time_s = 4095,
	  .restart_families = BGP_CAP_IPV4},
	 MARK "0027 01 04 fde9 005a c0000201 0a 02 08 4006 cfff 0001 01 00"},
	{"5492 5 to a peer that knows no capabilities: no parameter",
	 {.asn = 65001, .router_id = ID, .hold_time_s = 0, .capabilities = 0},
	 MARK "001d 01 04 fde9 0000 c0000201 00"},
};

Test(bgp_open, rfc4271_4_2_sent)
{
	for (size_t i = 0; i < sizeof(sent) / sizeof(sent[0]); i++) {
		uint8_t buf[256];
		struct writer w = writer_of(buf, sizeof(buf));

		bgp_open_encode(&w, &sent[i].open);
		cr_assert_not(w.full);
		hex_assert(sent[i].name, buf, writer_len(&w), sent[i].hex);
	}
}

/* Bodies: version, AS, hold time, identifier; then the parameters. */
#define HEAD "04 fde9 005a c0000201 "
#define GOOD         \
	{            \
		0, 0 \
	}

static const struct open_case {
	const char *name, *body;
	struct {
		uint8_t code, subcode;
	} error;
	uint32_t asn, capabilities;
	const char *data;
} received[] = {
	{"4271 4.2 no parameters", HEAD "00", GOOD, 65001, 0, ""},
	{"5492 4 one parameter", HEAD "0a 02 08 0104 0001 00 01 0200", GOOD, 65001,
	 BGP_CAP_MULTIPROTOCOL | BGP_CAP_IPV4 | BGP_CAP_ROUTE_REFRESH, ""},
	{"5492 4 a parameter for each", HEAD "0c 02 06 0104 0002 00 01 02 02 0200", GOOD, 65001,
	 BGP_CAP_MULTIPROTOCOL | BGP_CAP_IPV6 | BGP_CAP_ROUTE_REFRESH, ""},
	{"5492 4 one twice", HEAD "06 02 04 0200 0200", GOOD, 65001, BGP_CAP_ROUTE_REFRESH, ""},
	{"5492 3 unknown", HEAD "09 02 07 f903 010203 0200", GOOD, 65001, BGP_CAP_ROUTE_REFRESH,
	 ""},
	{"5492 4 an empty parameter", HEAD "02 02 00", GOOD, 65001, 0, ""},
	{"4760 8 a family that we don't have", HEAD "08 02 06 0104 0001 00 80", GOOD, 65001,
	 BGP_CAP_MULTIPROTOCOL, ""},
	{"4760 8 too short", HEAD "05 02 03 0101 00", GOOD, 65001, 0, ""},
	{"6793 4.1 four octets", "04 5ba0 005a c0000201 08 02 06 4104 fa56ea00", GOOD, 4200000000,
	 BGP_CAP_AS4, ""},
	{"6793 4.1 of a wrong length", HEAD "06 02 04 4102 fde9", GOOD, 65001, 0, ""},
	{"7607 2 AS 0 in the capability", HEAD "08 02 06 4104 00000000", GOOD, 0, BGP_CAP_AS4, ""},
	{"7607 2 AS 0 in the field", "04 0000 005a c0000201 08 02 06 4104 0000fde9", GOOD, 0,
	 BGP_CAP_AS4, ""},
	{"4724 3, 8654 3, 7313 3", HEAD "0e 02 0c 4006 8078 0001 01 80 0600 4600", GOOD, 65001,
	 BGP_CAP_GRACEFUL_RESTART | BGP_CAP_EXTENDED_MESSAGE | BGP_CAP_ENHANCED_REFRESH, ""},
	{"8950 4", HEAD "0a 02 08 0506 0001 0001 0002", GOOD, 65001, BGP_CAP_NEXT_HOP, ""},
	{"8950 4 the second of two", HEAD "10 02 0e 050c 0001 0080 0002 0001 0001 0002", GOOD,
	 65001, BGP_CAP_NEXT_HOP, ""},
	{"8950 4 for another family", HEAD "0a 02 08 0506 0001 0080 0002", GOOD, 65001, 0, ""},
	{"8950 4 of a wrong length", HEAD "09 02 07 0505 0001 0001 00", GOOD, 65001, 0, ""},
	{"4724 3 of a wrong length", HEAD "07 02 05 4003 0078 00", GOOD, 65001, 0, ""},
	{"4724 3 without families", HEAD "06 02 04 4002 0078", GOOD, 65001,
	 BGP_CAP_GRACEFUL_RESTART, ""},
	{"2918 2 of a wrong length", HEAD "05 02 03 0201 00", GOOD, 65001, 0, ""},
	{"8654 3 of a wrong length", HEAD "05 02 03 0601 00", GOOD, 65001, 0, ""},
	{"7313 3.1 of a wrong length", HEAD "05 02 03 4601 00", GOOD, 65001, 0, ""},
	{"4760 8 too long", HEAD "09 02 07 0105 0001 00 01 00", GOOD, 65001, 0, ""},
	{"9072 2 extended", HEAD "ff ff 0009 02 0006 4104 fa56ea00", GOOD, 4200000000, BGP_CAP_AS4,
	 ""},
	{"9072 2 the old length says nothing", HEAD "10 ff 0009 02 0006 4104 fa56ea00", GOOD,
	 4200000000, BGP_CAP_AS4, ""},
	{"9072 2 extended and empty", HEAD "ff ff 0000", GOOD, 65001, 0, ""},
	{"9072 2 overrun", HEAD "ff ff 000a 02 0006 4104 fa56ea00", {2, 0}, 0, 0, ""},
	{"9072 2 bytes left over", HEAD "ff ff 0009 02 0006 4104 fa56ea00 00", {2, 0}, 0, 0, ""},
	{"9072 2 inner overrun", HEAD "ff ff 0009 02 0007 4104 fa56ea00", {2, 0}, 0, 0, ""},
	{"4271 6.2 version 3", "03 fde9 005a c0000201 00", {2, 1}, 0, 0, "0004"},
	{"4271 6.2 version 5", "05 fde9 005a c0000201 00", {2, 1}, 0, 0, "0004"},
	{"4271 6.2 version before all else", "05 fde9 0001 c0000201 ff", {2, 1}, 0, 0, "0004"},
	{"4271 6.2 hold time 1", "04 fde9 0001 c0000201 00", {2, 6}, 0, 0, ""},
	{"4271 6.2 hold time 2", "04 fde9 0002 c0000201 00", {2, 6}, 0, 0, ""},
	{"4271 6.2 hold time 0", "04 fde9 0000 c0000201 00", GOOD, 65001, 0, ""},
	{"4271 6.2 hold time 3", "04 fde9 0003 c0000201 00", GOOD, 65001, 0, ""},
	{"4271 6.2 unknown parameter", HEAD "03 01 01 00", {2, 4}, 0, 0, ""},
	{"4271 6.2 unknown parameter behind a known one",
	 HEAD "06 02 02 0200 03 00",
	 {2, 4},
	 0,
	 0,
	 ""},
	{"4271 6.2 bytes left over", HEAD "00 00", {2, 0}, 0, 0, ""},
	{"4271 6.2 parameters that are not there", HEAD "04", {2, 0}, 0, 0, ""},
	{"4271 6.2 a parameter that runs over", HEAD "04 02 03 0200", {2, 0}, 0, 0, ""},
	{"4271 6.2 a parameter of one byte", HEAD "01 02", {2, 0}, 0, 0, ""},
	{"5492 4 a capability that runs over", HEAD "04 02 02 0201", {2, 0}, 0, 0, ""},
	{"5492 4 a capability of one byte", HEAD "03 02 01 02", {2, 0}, 0, 0, ""},
	{"4271 4.2 cut short", "04 fde9 005a c00002", {2, 0}, 0, 0, ""},
};

Test(bgp_open, rfc4271_6_2_received)
{
	for (size_t i = 0; i < sizeof(received) / sizeof(received[0]); i++) {
		const struct open_case *c = &received[i];
		uint8_t body[256];
		struct reader r = reader_of(body, hex_bytes(body, sizeof(body), c->body));
		struct bgp_error error = {0};
		struct bgp_open open;
		bool good = bgp_open_decode(&r, &open, &error);

		cr_expect_eq(good, c->error.code == 0, "%s: %u/%u", c->name, error.code,
			     error.subcode);
		if (!good) {
			cr_expect(error.code == c->error.code && error.subcode == c->error.subcode,
				  "%s: %u/%u", c->name, error.code, error.subcode);
			hex_assert(c->name, error.data, error.data_len, c->data);
			continue;
		}
		cr_expect_eq(open.asn, c->asn, "%s: AS %u", c->name, open.asn);
		cr_expect_eq(open.capabilities, c->capabilities, "%s: capabilities %x", c->name,
			     open.capabilities);
		cr_expect_eq(open.router_id, ID, "%s: identifier %x", c->name, open.router_id);
	}
}

Test(bgp_open, rfc4724_3_restart_time)
{
	uint8_t body[64];
	struct reader r = reader_of(
		body, hex_bytes(body, sizeof(body), HEAD "0a 02 08 4006 f078 0001 01 80"));
	struct bgp_error error;
	struct bgp_open open;

	cr_assert(bgp_open_decode(&r, &open, &error));
	cr_expect_eq(open.restart_time_s, 0x078, "the flags are no part of the time");
}

Test(bgp_open, rfc4724_3_flags_of_the_peer)
{
	uint8_t body[64];
	struct reader r = reader_of(
		body, hex_bytes(body, sizeof(body),
				HEAD "12 02 10 400e c0b4 0001 01 80 0002 01 00 0001 80 80"));
	struct bgp_error error;
	struct bgp_open open;

	cr_assert(bgp_open_decode(&r, &open, &error));
	cr_expect(open.restarting);
	cr_expect(open.notifications, "RFC 8538 2");
	cr_expect_eq(open.restart_time_s, 180);
	cr_expect_eq(open.restart_families, BGP_CAP_IPV4 | BGP_CAP_IPV6);
	cr_expect_eq(open.preserved, BGP_CAP_IPV4);
}

Test(bgp_open, rfc9072_1_more_than_255_bytes)
{
	/* five capabilities of 200 bytes that nobody knows, then four-octet AS */
	uint8_t body[2048];
	struct writer w = writer_of(body, sizeof(body));
	struct bgp_error error;
	struct bgp_open open;
	struct reader r;
	uint8_t head[16];
	size_t outer, parameter;

	write_bytes(&w, head, hex_bytes(head, sizeof(head), HEAD "ff ff"));
	outer = write_len16_open(&w);
	write_u8(&w, 2);
	parameter = write_len16_open(&w);
	for (unsigned i = 0; i < 5; i++) {
		static const uint8_t nothing[200];

		write_u8(&w, (uint8_t)(240 + i));
		write_u8(&w, sizeof(nothing));
		write_bytes(&w, nothing, sizeof(nothing));
	}
	write_bytes(&w, "\x41\x04\xfa\x56\xea\x00", 6);
	write_len16_close(&w, parameter);
	write_len16_close(&w, outer);
	r = reader_of(body, writer_len(&w));
	cr_assert(bgp_open_decode(&r, &open, &error));
	cr_expect_eq(open.asn, 4200000000);
}

Test(bgp_open, rfc4271_4_2_what_is_sent_is_understood)
{
	const struct bgp_open open = {
		.asn = 4200000001, .router_id = ID, .hold_time_s = 9, .capabilities = ALL};
	uint8_t buf[256];
	struct writer w = writer_of(buf, sizeof(buf));
	struct bgp_error error;
	struct bgp_open back;
	struct reader r;

	bgp_open_encode(&w, &open);
	r = reader_of(buf + BGP_HEADER_LEN, writer_len(&w) - BGP_HEADER_LEN);
	cr_assert(bgp_open_decode(&r, &back, &error));
	cr_expect_eq(back.asn, open.asn);
	cr_expect_eq(back.hold_time_s, 9);
	cr_expect_eq(back.capabilities, ALL | (uint32_t)BGP_CAP_MULTIPROTOCOL);
}

enum { ME = 65001, PEER_AS = 65002, OTHER_ID = 0xc0000202 };

static const struct {
	const char *name;
	uint32_t asn, router_id;
	struct bgp_expect expect;
	uint8_t subcode; /* of OPEN Message Error; 0: good */
} checks[] = {
	{"4271 6.2 as expected",
	 PEER_AS,
	 OTHER_ID,
	 {ME, PEER_AS, false, false, ID, true, false},
	 0},
	{"4271 6.2 another AS", 65003, OTHER_ID, {ME, PEER_AS, false, false, ID, true, false}, 2},
	{"4271 6.2 internal", ME, OTHER_ID, {ME, ME, false, false, ID, true, false}, 0},
	{"7607 2 AS 0", 0, OTHER_ID, {ME, PEER_AS, false, false, ID, true, false}, 2},
	{"7607 2 AS 0 of a dynamic peer", 0, OTHER_ID, {ME, 0, false, true, ID, true, false}, 2},
	{"dynamic", 65003, OTHER_ID, {ME, 0, false, false, ID, true, false}, 0},
	{"dynamic internal", ME, OTHER_ID, {ME, 0, true, false, ID, true, false}, 0},
	{"dynamic internal, but it is not",
	 65003,
	 OTHER_ID,
	 {ME, 0, true, false, ID, true, false},
	 2},
	{"dynamic external", 65003, OTHER_ID, {ME, 0, false, true, ID, true, false}, 0},
	{"dynamic external, but it is not", ME, OTHER_ID, {ME, 0, false, true, ID, true, false}, 2},
	{"6286 2.2 identifier 0", PEER_AS, 0, {ME, PEER_AS, false, false, ID, true, false}, 3},
	{"6286 2.2 ours, internal", ME, ID, {ME, ME, false, false, ID, true, false}, 3},
	{"6286 2.1 ours, external: unique within an AS only",
	 PEER_AS,
	 ID,
	 {ME, PEER_AS, false, false, ID, true, false},
	 0},
	{"6286 2.1 no address of a host",
	 PEER_AS,
	 0xe0000001,
	 {ME, PEER_AS, false, false, ID, true, false},
	 0},
};

Test(bgp_open, rfc6286_2_expected)
{
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		struct bgp_open open = {.asn = checks[i].asn, .router_id = checks[i].router_id};
		struct bgp_error error = {0};
		bool good = bgp_open_check(&open, &checks[i].expect, &error);

		cr_expect_eq(good, checks[i].subcode == 0, "%s", checks[i].name);
		if (!good)
			cr_expect(error.code == BGP_ERR_OPEN && error.subcode == checks[i].subcode,
				  "%s: %u/%u", checks[i].name, error.code, error.subcode);
	}
}

static const struct {
	const char *name;
	uint32_t capabilities;
	bool ipv4, ipv6;
	const char *data; /* NULL: good */
} families[] = {
	{"4760 8 the same", BGP_CAP_MULTIPROTOCOL | BGP_CAP_IPV6, false, true, NULL},
	{"4760 8 one of two", BGP_CAP_MULTIPROTOCOL | BGP_CAP_IPV6, true, true, NULL},
	{"4760 8 no capability is IPv4", 0, true, false, NULL},
	{"5492 5 no IPv6", 0, false, true, "0104 0002 00 01"},
	{"5492 5 the other one", BGP_CAP_MULTIPROTOCOL | BGP_CAP_IPV4, false, true,
	 "0104 0002 00 01"},
	{"5492 5 neither", BGP_CAP_MULTIPROTOCOL, true, true, "0104 0001 00 01 0104 0002 00 01"},
};

Test(bgp_open, rfc5492_5_no_family_in_common)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		const struct bgp_open open = {.asn = PEER_AS,
					      .router_id = OTHER_ID,
					      .capabilities = families[i].capabilities};
		const struct bgp_expect expect = {.my_asn = ME,
						  .peer_asn = PEER_AS,
						  .router_id = ID,
						  .ipv4 = families[i].ipv4,
						  .ipv6 = families[i].ipv6};
		struct bgp_error error = {0};
		bool good = bgp_open_check(&open, &expect, &error);

		cr_expect_eq(good, families[i].data == NULL, "%s", families[i].name);
		if (good || !families[i].data)
			continue;
		cr_expect(error.code == BGP_ERR_OPEN && error.subcode == BGP_OPEN_NO_CAPABILITY);
		hex_assert(families[i].name, error.data, error.data_len, families[i].data);
	}
}

Test(bgp_open, capabilities_in_words)
{
	const char *names[16];
	size_t n = bgp_capability_names(ALL | BGP_CAP_MULTIPROTOCOL, names, 16);

	cr_assert_eq(n, 4);
	cr_expect_str_eq(names[0], "ipv4-unicast");
	cr_expect_eq(bgp_capability_names(ALL, names, 2), 2, "no more than there is room for");
	cr_expect_eq(bgp_capability_names(0, names, 16), 0);
}
