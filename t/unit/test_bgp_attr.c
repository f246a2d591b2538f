/* test_bgp_attr.c: path attributes and NLRI against the RFCs' text
 *
 * What is sent is compared as "flags:code=value ..." in hex without the Extended Length bit, which
 * RFC 4271 leaves to the sender.
 */
#include "bgp/attr.h"

#include "hex.h"

static struct addr address(const char *text)
{
	struct addr a = {0};

	cr_assert_eq(addr_parse(&a, text), ADDR_OK, "%s", text);
	return a;
}

static struct prefix prefix(const char *text)
{
	struct prefix p = {0};

	cr_assert_eq(prefix_parse(&p, text), ADDR_OK, "%s", text);
	return p;
}

/* The attributes in w as text. */
static void describe(char *text, size_t size, const struct writer *w)
{
	struct reader r = reader_of(w->start, writer_len(w));
	size_t at = 0;

	text[0] = '\0';
	while (reader_left(&r) > 0) {
		uint8_t flags = read_u8(&r), code = read_u8(&r);
		size_t len = flags & ATTR_FLAG_EXTENDED ? read_u16(&r) : read_u8(&r);
		struct reader value = read_sub(&r, len);

		cr_assert_not(r.bad, "an attribute runs over the end");
		at += (size_t)snprintf(text + at, size - at, "%s%02x:%u=", at ? " " : "",
				       flags & ~ATTR_FLAG_EXTENDED, code);
		while (reader_left(&value) > 0)
			at += (size_t)snprintf(text + at, size - at, "%02x", read_u8(&value));
	}
}

static const uint32_t communities[] = {65000u << 16 | 100, 0xffff0000};
static const struct large_community large[] = {{65000, 1, 2}, {4200000000, 0, 4294967295}};

enum { AS2 = 65001 };
static const uint32_t AS4 = 4200000000; /* fa56ea00 */

#define ORIGIN_IGP "40:1=00"
#define NEXT_HOP " 40:3=c0000201"

static const struct {
	const char *name;
	struct plan_attrs set;
	uint32_t my_asn;
	bool internal, as4;
	uint8_t family;
	const char *expected;
} sent[] = {
	{"4271 5.1.2 external: our AS",
	 {0},
	 AS2,
	 false,
	 true,
	 ADDR_IPV4,
	 ORIGIN_IGP " 40:2=02010000fde9" NEXT_HOP},
	{"4271 5.1.2 internal: empty path; 5.1.5 LOCAL_PREF always",
	 {0},
	 AS2,
	 true,
	 true,
	 ADDR_IPV4,
	 ORIGIN_IGP " 40:2=" NEXT_HOP " 40:5=00000064"},
	{"4271 5.1.5 LOCAL_PREF as wanted",
	 {.has_local_pref = true, .local_pref = 200},
	 AS2,
	 true,
	 true,
	 ADDR_IPV4,
	 ORIGIN_IGP " 40:2=" NEXT_HOP " 40:5=000000c8"},
	{"4271 5.1.5 LOCAL_PREF 0 is one",
	 {.has_local_pref = true},
	 AS2,
	 true,
	 true,
	 ADDR_IPV4,
	 ORIGIN_IGP " 40:2=" NEXT_HOP " 40:5=00000000"},
	{"a plan that sends LOCAL_PREF to an external peer",
	 {.has_local_pref = true, .local_pref = 300},
	 AS2,
	 false,
	 true,
	 ADDR_IPV4,
	 ORIGIN_IGP " 40:2=02010000fde9" NEXT_HOP " 40:5=0000012c"},
	{"4271 5.1.4 MULTI_EXIT_DISC",
	 {.has_med = true, .med = 50},
	 AS2,
	 false,
	 true,
	 ADDR_IPV4,
	 ORIGIN_IGP " 40:2=02010000fde9" NEXT_HOP " 80:4=00000032"},
	{"4271 5.1.2 prepended twice",
	 {.prepend = 2},
	 AS2,
	 false,
	 true,
	 ADDR_IPV4,
	 ORIGIN_IGP " 40:2=02030000fde90000fde90000fde9" NEXT_HOP},
	{"4271 5.1.2 nothing is prepended inside the AS",
	 {.prepend = 2},
	 AS2,
	 true,
	 true,
	 ADDR_IPV4,
	 ORIGIN_IGP " 40:2=" NEXT_HOP " 40:5=00000064"},
	{"6793 4.2.2 a peer with two octets",
	 {0},
	 AS2,
	 false,
	 false,
	 ADDR_IPV4,
	 ORIGIN_IGP " 40:2=0201fde9" NEXT_HOP},
	{"6793 4.2.2 AS_TRANS and AS4_PATH",
	 {.prepend = 1},
	 AS4,
	 false,
	 false,
	 ADDR_IPV4,
	 ORIGIN_IGP " 40:2=02025ba05ba0" NEXT_HOP " c0:17=0202fa56ea00fa56ea00"},
	{"6793 4.2.2 no AS4_PATH beside an empty path",
	 {0},
	 AS4,
	 true,
	 false,
	 ADDR_IPV4,
	 ORIGIN_IGP " 40:2=" NEXT_HOP " 40:5=00000064"},
	{"6793 3 no AS4_PATH between speakers of four octets",
	 {0},
	 AS4,
	 false,
	 true,
	 ADDR_IPV4,
	 ORIGIN_IGP " 40:2=0201fa56ea00" NEXT_HOP},
	{"1997, 8092",
	 {.communities = communities,
	  .n_communities = 2,
	  .large_communities = large,
	  .n_large_communities = 2},
	 AS2,
	 false,
	 true,
	 ADDR_IPV4,
	 ORIGIN_IGP " 40:2=02010000fde9" NEXT_HOP " c0:8=fde80064ffff0000"
		    " c0:32=0000fde80000000100000002fa56ea0000000000ffffffff"},
	{"4760 3 no NEXT_HOP beside MP_REACH_NLRI",
	 {0},
	 AS2,
	 false,
	 true,
	 ADDR_IPV6,
	 ORIGIN_IGP " 40:2=02010000fde9"},
	{"all, in ascending order (4271 F.3)",
	 {.communities = communities,
	  .n_communities = 1,
	  .large_communities = large,
	  .n_large_communities = 1,
	  .has_med = true,
	  .med = 1,
	  .has_local_pref = true,
	  .local_pref = 2},
	 AS4,
	 false,
	 false,
	 ADDR_IPV4,
	 ORIGIN_IGP " 40:2=02015ba0" NEXT_HOP " 80:4=00000001 40:5=00000002 c0:8=fde80064"
		    " c0:17=0201fa56ea00 c0:32=0000fde80000000100000002"},
};

Test(bgp_attr, rfc4271_5_sent)
{
	for (size_t i = 0; i < sizeof(sent) / sizeof(sent[0]); i++) {
		const struct wire_attrs attrs = {.set = &sent[i].set,
						 .next_hop = address("192.0.2.1"),
						 .my_asn = sent[i].my_asn,
						 .internal = sent[i].internal,
						 .as4 = sent[i].as4};
		uint8_t buf[512];
		struct writer w = writer_of(buf, sizeof(buf));
		char text[1024];

		attrs_encode(&w, &attrs, sent[i].family);
		cr_assert_not(w.full, "%s", sent[i].name);
		describe(text, sizeof(text), &w);
		cr_expect_str_eq(text, sent[i].expected, "%s: %s", sent[i].name, text);
	}
}

Test(bgp_attr, rfc4271_4_3_a_segment_has_at_most_255)
{
	const struct plan_attrs set = {.prepend = 299};
	const struct wire_attrs attrs = {.set = &set, .my_asn = AS2, .as4 = true};
	uint8_t buf[2048];
	struct writer w = writer_of(buf, sizeof(buf));
	struct reader r, path;

	attrs_encode(&w, &attrs, ADDR_IPV6);
	r = reader_of(buf, writer_len(&w));
	read_bytes(&r, 4 + 2); /* ORIGIN; flags and code */
	path = read_sub(&r, read_u16(&r));
	cr_expect_eq(read_u8(&path), 2);
	cr_expect_eq(read_u8(&path), 255);
	read_bytes(&path, 255 * 4);
	cr_expect_eq(read_u8(&path), 2);
	cr_expect_eq(read_u8(&path), 45);
	read_bytes(&path, 45 * 4);
	cr_expect(!path.bad && reader_left(&path) == 0);
}

Test(bgp_attr, rfc4760_3_mp_reach)
{
	const struct plan_attrs set = {0};
	const struct wire_attrs attrs = {.set = &set, .next_hop = address("2001:db8::1")};
	const struct prefix p = prefix("2001:db8:1::/48");
	uint8_t buf[128];
	struct writer w = writer_of(buf, sizeof(buf));
	size_t slot = attr_mp_reach_open(&w, &attrs, ADDR_IPV6);
	char text[256];

	nlri_encode(&w, &p);
	write_len16_close(&w, slot);
	describe(text, sizeof(text), &w);
	cr_expect_str_eq(text, "80:14=0002011020010db8000000000000000000000001"
			       "003020010db80001");
}

Test(bgp_attr, rfc4760_4_mp_unreach)
{
	const struct prefix p = prefix("2001:db8::/32");
	uint8_t buf[128];
	struct writer w = writer_of(buf, sizeof(buf));
	size_t slot = attr_mp_unreach_open(&w, ADDR_IPV6);
	char text[256];

	nlri_encode(&w, &p);
	write_len16_close(&w, slot);
	describe(text, sizeof(text), &w);
	cr_expect_str_eq(text, "80:15=0002012020010db8");
}

static const struct {
	const char *text, *hex;
} nlri[] = {
	{"0.0.0.0/0", "00"},
	{"10.0.0.0/8", "08 0a"},
	{"192.0.2.128/25", "19 c0000280"},
	{"192.0.2.1/32", "20 c0000201"},
	{"128.0.0.0/1", "01 80"},
	{"10.128.0.0/9", "09 0a80"},
	{"::/0", "00"},
	{"2001:db8::/32", "20 20010db8"},
	{"2001:db8:1:8000::/49", "31 20010db8000180"},
	{"2001:db8::1/128", "80 20010db8000000000000000000000001"},
};

Test(bgp_attr, rfc4271_4_3_nlri)
{
	for (size_t i = 0; i < sizeof(nlri) / sizeof(nlri[0]); i++) {
		struct prefix p = prefix(nlri[i].text), back = {0};
		uint8_t buf[32];
		struct writer w = writer_of(buf, sizeof(buf));
		struct reader r;

		nlri_encode(&w, &p);
		hex_assert(nlri[i].text, buf, writer_len(&w), nlri[i].hex);
		r = reader_of(buf, writer_len(&w));
		cr_expect(nlri_decode(&r, p.addr.family, &back), "%s", nlri[i].text);
		cr_expect(prefix_equal(&p, &back) && reader_left(&r) == 0, "%s", nlri[i].text);
	}
}

/* text NULL: malformed */
static const struct {
	const char *name, *hex;
	uint8_t family;
	const char *text;
} nlri_received[] = {
	{"4.3 trailing bits are irrelevant", "19 c00002ff", ADDR_IPV4, "192.0.2.128/25"},
	{"4.3 trailing bits, IPv6", "31 20010db80001ff", ADDR_IPV6, "2001:db8:1:8000::/49"},
	{"6.3 33 bits", "21 c000020100", ADDR_IPV4, NULL},
	{"6.3 255 bits", "ff c000020100", ADDR_IPV4, NULL},
	{"6.3 129 bits", "81 20010db800000000000000000000000100", ADDR_IPV6, NULL},
	{"6.3 cut short", "18 c000", ADDR_IPV4, NULL},
	{"6.3 a length alone", "08", ADDR_IPV4, NULL},
	{"6.3 cut short, IPv6", "80 20010db80000000000000000000000", ADDR_IPV6, NULL},
	{"6.3 nothing", "", ADDR_IPV4, NULL},
};

Test(bgp_attr, rfc4271_6_3_nlri_received)
{
	for (size_t i = 0; i < sizeof(nlri_received) / sizeof(nlri_received[0]); i++) {
		const char *name = nlri_received[i].name;
		uint8_t buf[32];
		struct reader r = reader_of(buf, hex_bytes(buf, sizeof(buf), nlri_received[i].hex));
		struct prefix p = {0};
		char text[PREFIX_TEXT_MAX];
		bool good = nlri_decode(&r, nlri_received[i].family, &p);

		cr_expect_eq(good, nlri_received[i].text != NULL, "%s", name);
		if (good)
			cr_expect_str_eq(prefix_format(text, &p), nlri_received[i].text, "%s",
					 name);
	}
}

enum { WK = 0x40, OPT = 0x80, OPT_TR = 0xc0 };
enum { EXT = 0, INT = 1, OLD = 2 }; /* OLD: a peer of two-octet AS numbers */

static const struct {
	const char *name;
	uint8_t flags, code;
	const char *value;
	unsigned from;
	enum attr_error expected;
} checks[] = {
	{"4271 5.1.1 ORIGIN", WK, 1, "00", EXT, ATTR_FINE},
	{"7606 7.1 ORIGIN 3", WK, 1, "03", EXT, ATTR_WITHDRAW},
	{"7606 7.1 ORIGIN of two bytes", WK, 1, "0000", EXT, ATTR_WITHDRAW},
	{"7606 7.1 ORIGIN of none", WK, 1, "", EXT, ATTR_WITHDRAW},
	{"7606 3c ORIGIN as optional", OPT, 1, "00", EXT, ATTR_WITHDRAW},
	{"7606 3c ORIGIN as not transitive", 0, 1, "00", EXT, ATTR_WITHDRAW},
	{"4271 4.3 the low flags don't count", WK | 0x0f, 1, "00", EXT, ATTR_FINE},
	{"4271 5.1.2 AS_PATH", WK, 2, "0202 0000fde9 0000fdea", EXT, ATTR_FINE},
	{"4271 5.1.2 empty AS_PATH", WK, 2, "", INT, ATTR_FINE},
	{"4271 5.1.2 a set and a sequence", WK, 2, "0101 0000fde9 0201 0000fdea", EXT, ATTR_FINE},
	{"6793 4.1 AS_PATH of two octets", WK, 2, "0202 fde9 fdea", OLD, ATTR_FINE},
	{"7606 7.2 two octets where four are due", WK, 2, "0202 fde9 fdea", EXT, ATTR_WITHDRAW},
	{"7606 7.2 overrun", WK, 2, "0203 0000fde9 0000fdea", EXT, ATTR_WITHDRAW},
	{"7606 7.2 underrun", WK, 2, "0201 0000fde9 02", EXT, ATTR_WITHDRAW},
	{"7606 7.2 empty segment", WK, 2, "0200", EXT, ATTR_WITHDRAW},
	{"7606 7.2 unknown segment", WK, 2, "0501 0000fde9", EXT, ATTR_WITHDRAW},
	{"7607 2 AS 0 in AS_PATH", WK, 2, "0202 0000fde9 00000000", EXT, ATTR_WITHDRAW},
	{"7606 7.3 NEXT_HOP", WK, 3, "c0000201", EXT, ATTR_FINE},
	{"7606 7.3 NEXT_HOP of 16 bytes", WK, 3, "20010db8000000000000000000000001", EXT,
	 ATTR_WITHDRAW},
	{"7606 7.4 MULTI_EXIT_DISC", OPT, 4, "00000000", EXT, ATTR_FINE},
	{"7606 7.4 MULTI_EXIT_DISC of three bytes", OPT, 4, "000000", EXT, ATTR_WITHDRAW},
	{"7606 3c MULTI_EXIT_DISC as transitive", OPT_TR, 4, "00000000", EXT, ATTR_WITHDRAW},
	{"7606 7.5 LOCAL_PREF", WK, 5, "00000064", INT, ATTR_FINE},
	{"7606 7.5 LOCAL_PREF of three bytes", WK, 5, "000064", INT, ATTR_WITHDRAW},
	{"7606 7.6 ATOMIC_AGGREGATE", WK, 6, "", EXT, ATTR_FINE},
	{"7606 7.6 ATOMIC_AGGREGATE of one byte", WK, 6, "00", EXT, ATTR_DISCARD},
	{"7606 3c ATOMIC_AGGREGATE as optional", OPT, 6, "", EXT, ATTR_WITHDRAW},
	{"7606 7.7 AGGREGATOR", OPT_TR, 7, "0000fde9 c0000201", EXT, ATTR_FINE},
	{"7606 7.7 AGGREGATOR of two octets", OPT_TR, 7, "fde9 c0000201", OLD, ATTR_FINE},
	{"7606 7.7 AGGREGATOR of six bytes where eight are due", OPT_TR, 7, "fde9 c0000201", EXT,
	 ATTR_DISCARD},
	{"7606 7.7 AGGREGATOR of eight where six are due", OPT_TR, 7, "0000fde9 c0000201", OLD,
	 ATTR_DISCARD},
	{"7607 2 AS 0 in AGGREGATOR", OPT_TR, 7, "00000000 c0000201", EXT, ATTR_DISCARD},
	{"7607 2 AS 0 in AS4_AGGREGATOR", OPT_TR, 18, "00000000 c0000201", OLD, ATTR_DISCARD},
	{"7606 7.8 COMMUNITIES", OPT_TR, 8, "fde80064 fde80065", EXT, ATTR_FINE},
	{"7606 7.8 COMMUNITIES of five bytes", OPT_TR, 8, "fde80064 00", EXT, ATTR_WITHDRAW},
	{"7606 7.8 no COMMUNITIES", OPT_TR, 8, "", EXT, ATTR_WITHDRAW},
	{"4271 4.3 Partial on an optional transitive one", OPT_TR | 0x20, 8, "fde80064", EXT,
	 ATTR_FINE},
	{"7606 7.9 ORIGINATOR_ID", OPT, 9, "c0000201", INT, ATTR_FINE},
	{"7606 7.9 ORIGINATOR_ID of five bytes", OPT, 9, "c000020100", INT, ATTR_WITHDRAW},
	{"7606 7.10 CLUSTER_LIST", OPT, 10, "c0000201 c0000202", INT, ATTR_FINE},
	{"7606 7.10 empty CLUSTER_LIST", OPT, 10, "", INT, ATTR_WITHDRAW},
	{"7606 7.14 extended communities", OPT_TR, 16, "0002fde800000064", EXT, ATTR_FINE},
	{"7606 7.14 of nine bytes", OPT_TR, 16, "0002fde80000006400", EXT, ATTR_WITHDRAW},
	{"6793 6 AS4_PATH", OPT_TR, 17, "0201 fa56ea00", OLD, ATTR_FINE},
	{"6793 6 malformed AS4_PATH", OPT_TR, 17, "0202 fa56ea00", OLD, ATTR_DISCARD},
	{"6793 6 AS4_AGGREGATOR of seven bytes", OPT_TR, 18, "fa56ea00 c00002", OLD, ATTR_DISCARD},
	{"8092 6 large community", OPT_TR, 32, "0000fde8 00000001 00000002", EXT, ATTR_FINE},
	{"8092 6 of eleven bytes", OPT_TR, 32, "0000fde8 00000001 000002", EXT, ATTR_WITHDRAW},
	{"8092 6 of none", OPT_TR, 32, "", EXT, ATTR_WITHDRAW},
	{"4271 5 unknown, optional", OPT_TR, 99, "0102", EXT, ATTR_FINE},
	{"4271 6.3 unknown, well-known", WK, 99, "0102", EXT, ATTR_RESET},
};

Test(bgp_attr, rfc7606_7_received)
{
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		const struct attr_context context = {.internal = checks[i].from == INT,
						     .as4 = checks[i].from != OLD};
		uint8_t buf[64];
		struct reader value = reader_of(buf, hex_bytes(buf, sizeof(buf), checks[i].value));
		const char *what = NULL;
		enum attr_error r =
			attr_check(checks[i].flags, checks[i].code, value, &context, &what);

		cr_expect_eq(r, checks[i].expected, "%s: %d", checks[i].name, (int)r);
		cr_expect(r == ATTR_FINE || what, "%s: no words", checks[i].name);
	}
}

/* From an external peer it is as if these had not been sent (RFC 7606 7.5, 7.9, 7.10). */
Test(bgp_attr, rfc7606_7_internal_attributes_of_an_external_peer)
{
	static const uint8_t codes[] = {5, 9, 10}, flags[] = {WK, OPT, OPT};
	static const uint8_t value[3];
	const struct attr_context context = {.internal = false, .as4 = true};

	for (size_t i = 0; i < 3; i++) {
		const char *what = NULL;

		cr_expect_leq(attr_check(flags[i], codes[i], reader_of(value, 3), &context, &what),
			      ATTR_DISCARD, "%u", codes[i]);
	}
}

Test(bgp_attr, names)
{
	cr_expect_str_eq(attr_name(ATTR_AS_PATH), "AS_PATH");
	cr_expect_str_eq(attr_name(ATTR_MP_UNREACH), "MP_UNREACH_NLRI");
	cr_expect_null(attr_name(99));
}
