/* test_bgp_update_check.c: received UPDATEs against RFC 4271 6.3 and RFC 7606 */
#include "bgp/update.h"

#include "hex.h"

/* Attributes by hand: ORIGIN IGP, AS_PATH 65001, NEXT_HOP 192.0.2.1, LOCAL_PREF 100. */
#define ORIGIN "40 01 01 00 " /* 4 */
#define PATH "40 02 06 02 01 0000fde9 " /* 9 */
#define HOP "40 03 04 c0000201 " /* 7 */
#define PREF "40 05 04 00000064 " /* 7 */
#define NET "18 cb0071" /* 203.0.113.0/24 */
/* MP_REACH_NLRI of 2001:db8::/32 via 2001:db8::1, 3 + 26 bytes */
#define REACH_HEAD "80 0e 1a 0002 01 10 20010db8000000000000000000000001 00 "
#define REACH REACH_HEAD "20 20010db8 "

enum { EXTERNAL, INTERNAL };

static const struct check_case {
	const char *name, *hex;
	int from;
	enum update_verdict verdict;
	uint8_t subcode;
	const char *data;
} cases[] = {
	{"4724 2 End-of-RIB of IPv4", "0000 0000", EXTERNAL, UPDATE_GOOD, 0, ""},
	{"4724 2 End-of-RIB of IPv6", "0000 0006 80 0f 03 0002 01", EXTERNAL, UPDATE_GOOD, 0, ""},
	{"4271 4.3 announcement", "0000 0014" ORIGIN PATH HOP NET, EXTERNAL, UPDATE_GOOD, 0, ""},
	{"4271 4.3 internal", "0000 001b" ORIGIN PATH HOP PREF NET, INTERNAL, UPDATE_GOOD, 0, ""},
	{"4271 4.3 withdrawal", "0004" NET "0000", EXTERNAL, UPDATE_GOOD, 0, ""},
	{"4271 4.3 both", "0004" NET "0014" ORIGIN PATH HOP "00", EXTERNAL, UPDATE_GOOD, 0, ""},
	{"4760 3 IPv6", "0000 002a" REACH ORIGIN PATH, EXTERNAL, UPDATE_GOOD, 0, ""},
	{"4760 4 IPv6 withdrawal", "0000 000b 80 0f 08 0002 01 20 20010db8", EXTERNAL, UPDATE_GOOD,
	 0, ""},
	{"4271 4.3 Extended Length", "0000 0015 50 01 0001 00" PATH HOP NET, EXTERNAL, UPDATE_GOOD,
	 0, ""},

	{"7606 3b withdrawn routes longer than the message", "0005" NET "0000", EXTERNAL,
	 UPDATE_SESSION_RESET, 1, ""},
	{"7606 3b attributes longer than the message", "0000 0015" ORIGIN PATH HOP, EXTERNAL,
	 UPDATE_SESSION_RESET, 1, ""},
	{"7606 3b a length that is not there", "0000 00", EXTERNAL, UPDATE_SESSION_RESET, 1, ""},
	{"7606 3g MP_REACH_NLRI twice", "0000 0047" REACH REACH ORIGIN PATH, EXTERNAL,
	 UPDATE_SESSION_RESET, 1, ""},
	{"7606 3g another attribute twice", "0000 0018" ORIGIN PATH HOP ORIGIN NET, EXTERNAL,
	 UPDATE_ATTRIBUTE_DISCARD, 0, ""},
	{"7606 3g the second is not even looked at", "0000 0018" ORIGIN PATH HOP "40 01 01 ff" NET,
	 EXTERNAL, UPDATE_ATTRIBUTE_DISCARD, 0, ""},
	{"7606 3c flags", "0000 0014 c0 01 01 00" PATH HOP NET, EXTERNAL, UPDATE_TREAT_AS_WITHDRAW,
	 0, ""},
	{"7606 3d no ORIGIN", "0000 0010" PATH HOP NET, EXTERNAL, UPDATE_TREAT_AS_WITHDRAW, 0, ""},
	{"7606 3d no AS_PATH", "0000 000b" ORIGIN HOP NET, EXTERNAL, UPDATE_TREAT_AS_WITHDRAW, 0,
	 ""},
	{"7606 3d no NEXT_HOP", "0000 000d" ORIGIN PATH NET, EXTERNAL, UPDATE_TREAT_AS_WITHDRAW, 0,
	 ""},
	{"7606 3d no LOCAL_PREF, internal", "0000 0014" ORIGIN PATH HOP NET, INTERNAL,
	 UPDATE_TREAT_AS_WITHDRAW, 0, ""},
	{"7606 3d no attribute at all", "0000 0000" NET, EXTERNAL, UPDATE_TREAT_AS_WITHDRAW, 0, ""},
	{"7606 4 an attribute that runs over", "0000 0014" ORIGIN PATH "40 03 05 c0000201" NET,
	 EXTERNAL, UPDATE_TREAT_AS_WITHDRAW, 0, ""},
	{"7606 4 two bytes left", "0000 0016" ORIGIN PATH HOP "40 08" NET, EXTERNAL,
	 UPDATE_TREAT_AS_WITHDRAW, 0, ""},
	{"7606 4 three bytes left with Extended Length", "0000 0017" ORIGIN PATH HOP "50 08 00" NET,
	 EXTERNAL, UPDATE_TREAT_AS_WITHDRAW, 0, ""},
	{"7606 2 the worst counts",
	 "0000 001f" ORIGIN "40 06 01 00 40 04 04 00000000" HOP PATH "18 cb0071", EXTERNAL,
	 UPDATE_TREAT_AS_WITHDRAW, 0, ""},
	{"7606 7.6 discard", "0000 0018" ORIGIN PATH HOP "40 06 01 00" NET, EXTERNAL,
	 UPDATE_ATTRIBUTE_DISCARD, 0, ""},
	{"7606 5.2 an error and no reachable NLRI", "0000 0004 40 01 01 03", EXTERNAL,
	 UPDATE_SESSION_RESET, 1, ""},
	{"7606 5.2 beside withdrawn routes", "0004" NET "0004 40 01 01 03", EXTERNAL,
	 UPDATE_SESSION_RESET, 1, ""},
	{"7606 5.2 a discarded attribute does not", "0000 0004 40 06 01 00", EXTERNAL,
	 UPDATE_ATTRIBUTE_DISCARD, 0, ""},
	{"7606 5.2 MP_UNREACH_NLRI alone does not", "0000 0006 c0 0f 03 0002 01", EXTERNAL,
	 UPDATE_TREAT_AS_WITHDRAW, 0, ""},
	{"7606 5.2 MP_REACH_NLRI is reachable", "0000 002a" REACH "40 01 01 03" PATH, EXTERNAL,
	 UPDATE_TREAT_AS_WITHDRAW, 0, ""},
	{"7606 5.3 a prefix of 33 bits", "0000 0014" ORIGIN PATH HOP "21 cb007100 00", EXTERNAL,
	 UPDATE_SESSION_RESET, 10, ""},
	{"7606 5.3 a withdrawn one", "0006 21 cb007100 00 0000", EXTERNAL, UPDATE_SESSION_RESET, 10,
	 ""},
	{"7606 5.3 a prefix cut short", "0000 0014" ORIGIN PATH HOP "18 cb00", EXTERNAL,
	 UPDATE_SESSION_RESET, 10, ""},
	{"4760 7 a prefix of 129 bits",
	 "0000 0025 80 0f 15 0002 01 81 20010db8000000000000000000000000 00" ORIGIN PATH, EXTERNAL,
	 UPDATE_SESSION_RESET, 9, "80 0f 15 0002 01 81 20010db8000000000000000000000000 00"},
	{"4760 7 MP_REACH_NLRI cut short", "0000 0007 80 0e 04 0002 01 10", EXTERNAL,
	 UPDATE_SESSION_RESET, 9, "80 0e 04 0002 01 10"},
	{"4760 7 MP_UNREACH_NLRI cut short", "0000 0005 80 0f 02 0002", EXTERNAL,
	 UPDATE_SESSION_RESET, 9, "80 0f 02 0002"},
	{"7606 7.11 an IPv6 next hop of 4 bytes", "0000 000c 80 0e 09 0002 01 04 c0000201 00",
	 EXTERNAL, UPDATE_SESSION_RESET, 9, "80 0e 09 0002 01 04 c0000201 00"},
	{"2545 3 a global and a link-local next hop",
	 "0000 003a 80 0e 2a 0002 01 20 20010db8000000000000000000000001"
	 "fe800000000000000000000000000001 00 20 20010db8" ORIGIN PATH,
	 EXTERNAL, UPDATE_GOOD, 0, ""},
	{"4760 7 a family that was not agreed on", "0000 000b 80 0f 08 0001 80 ff ffffffff",
	 EXTERNAL, UPDATE_GOOD, 0, ""},
	{"4271 6.3 unknown well-known attribute", "0000 0018" ORIGIN PATH HOP "40 63 01 07" NET,
	 EXTERNAL, UPDATE_SESSION_RESET, 2, "40 63 01 07"},
	{"4271 5 unknown optional attribute", "0000 0018" ORIGIN PATH HOP "c0 63 01 07" NET,
	 EXTERNAL, UPDATE_GOOD, 0, ""},
};

Test(bgp_update_check, rfc7606_received)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct check_case *c = &cases[i];
		const struct update_context context = {
			.internal = c->from == INTERNAL, .as4 = true, .ipv4 = true, .ipv6 = true};
		uint8_t body[256];
		struct reader r = reader_of(body, hex_bytes(body, sizeof(body), c->hex));
		struct bgp_error error;
		const char *what = NULL;
		enum update_verdict verdict = update_check(r, &context, &error, &what);

		cr_expect_eq(verdict, c->verdict, "%s: %d (%s)", c->name, (int)verdict,
			     what ? what : "");
		cr_expect_eq(what != NULL, c->verdict != UPDATE_GOOD, "%s: words", c->name);
		cr_expect(error.code == (verdict == UPDATE_SESSION_RESET ? BGP_ERR_UPDATE : 0) &&
				  error.subcode == c->subcode,
			  "%s: %u/%u", c->name, error.code, error.subcode);
		hex_assert(c->name, error.data, error.data_len, c->data);
	}
}

Test(bgp_update_check, rfc6793_4_1_two_octets)
{
	const struct update_context old = {.ipv4 = true};
	const struct update_context new = {.ipv4 = true, .as4 = true};
	uint8_t body[64];
	size_t len =
		hex_bytes(body, sizeof(body), "0000 0012" ORIGIN "40 02 04 02 01 fde9" HOP NET);
	struct bgp_error error;
	const char *what;

	cr_expect_eq(update_check(reader_of(body, len), &old, &error, &what), UPDATE_GOOD);
	cr_expect_eq(update_check(reader_of(body, len), &new, &error, &what),
		     UPDATE_TREAT_AS_WITHDRAW);
}

/* An unknown well-known attribute of n bytes; it is sent back whole where that can be. */
static void check_sent_back(size_t n, size_t data_len)
{
	const struct update_context context = {.ipv4 = true, .as4 = true};
	static uint8_t body[8192];
	struct writer w = writer_of(body, sizeof(body));
	struct bgp_error error;
	const char *what;

	write_u16(&w, 0);
	write_u16(&w, (uint16_t)(n + 4));
	write_u16(&w, 0x5063); /* transitive, extended length; code 99 */
	write_u16(&w, (uint16_t)n);
	cr_expect_eq(update_check(reader_of(body, 8 + n), &context, &error, &what),
		     UPDATE_SESSION_RESET);
	cr_expect_eq(error.subcode, BGP_UPDATE_UNKNOWN_WELL_KNOWN);
	cr_expect_eq(error.data_len, data_len);
	cr_expect_eq(error.data[1], 99);
}

Test(bgp_update_check, rfc4271_6_3_the_data_is_the_whole_attribute)
{
	check_sent_back(1000, 1004);
}

Test(bgp_update_check, rfc8654_4_an_attribute_that_no_notification_holds_is_cut)
{
	check_sent_back(5000, BGP_ERROR_DATA_MAX);
}
