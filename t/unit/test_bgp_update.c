/* test_bgp_update.c: UPDATEs as they are packed: bytes by hand, and what a peer makes of many */
#include "bgp/update.h"

#include "base/array.h"
#include "base/heap.h"
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

static const struct plan_attrs plain = {0};
static const struct plan_attrs preferred = {.has_med = true, .med = 10};

static struct wire_attrs via(const char *next_hop, const struct plan_attrs *set)
{
	return (struct wire_attrs){
		.set = set, .next_hop = address(next_hop), .my_asn = 65001, .as4 = true};
}

Test(bgp_update, rfc4271_4_3_announcement)
{
	const struct wire_attrs attrs = via("192.0.2.1", &plain);
	const struct prefix one = prefix("203.0.113.0/24"), two = prefix("198.51.100.7/32");
	uint8_t buf[256];
	struct writer w = writer_of(buf, sizeof(buf));
	struct update_packer p;

	update_begin(&p, &w, BGP_MESSAGE_MAX);
	cr_expect(update_announce(&p, &attrs, &one));
	cr_expect(update_announce(&p, &attrs, &two));
	cr_expect_eq(update_finish(&p), 1);
	hex_assert("announcement", buf, writer_len(&w),
		   MARK "0035 02 0000 0015 40 01 01 00 50 02 0006 02 01 0000fde9"
			"40 03 04 c0000201 18 cb0071 20 c6336407");
}

Test(bgp_update, rfc4271_4_3_withdrawal)
{
	const struct prefix one = prefix("203.0.113.0/24"), two = prefix("198.51.100.7/32");
	uint8_t buf[256];
	struct writer w = writer_of(buf, sizeof(buf));
	struct update_packer p;

	update_begin(&p, &w, BGP_MESSAGE_MAX);
	cr_expect(update_withdraw(&p, &one));
	cr_expect(update_withdraw(&p, &two));
	cr_expect_eq(update_finish(&p), 1);
	hex_assert("withdrawal", buf, writer_len(&w),
		   MARK "0020 02 0009 18 cb0071 20 c6336407 0000");
}

Test(bgp_update, rfc4760_3_announcement)
{
	/* MP_REACH_NLRI first (RFC 7606 5.1), no NEXT_HOP */
	const struct wire_attrs attrs = via("2001:db8::1", &plain);
	const struct prefix one = prefix("2001:db8:1::/48");
	uint8_t buf[256];
	struct writer w = writer_of(buf, sizeof(buf));
	struct update_packer p;

	update_begin(&p, &w, BGP_MESSAGE_MAX);
	cr_expect(update_announce(&p, &attrs, &one));
	cr_expect_eq(update_finish(&p), 1);
	hex_assert("announcement", buf, writer_len(&w),
		   MARK "0045 02 0000 002e"
			"90 0e 001c 0002 01 10 20010db8000000000000000000000001 00 30 20010db80001"
			"40 01 01 00 50 02 0006 02 01 0000fde9");
}

Test(bgp_update, rfc8950_3_ipv4_by_an_ipv6_next_hop)
{
	/* AFI 1 with a next hop of 16 octets, in MP_REACH_NLRI; no NEXT_HOP */
	const struct wire_attrs attrs = via("2001:db8::1", &plain);
	const struct prefix one = prefix("203.0.113.0/24");
	uint8_t buf[256];
	struct writer w = writer_of(buf, sizeof(buf));
	struct update_packer p;

	update_begin(&p, &w, BGP_MESSAGE_MAX);
	cr_expect(update_announce(&p, &attrs, &one));
	cr_expect(update_withdraw(&p, &one));
	cr_expect_eq(update_finish(&p), 2);
	hex_assert("announcement, withdrawal", buf, writer_len(&w),
		   MARK "0042 02 0000 002b"
			"90 0e 0019 0001 01 10 20010db8000000000000000000000001 00 18 cb0071"
			"40 01 01 00 50 02 0006 02 01 0000fde9" MARK "001b 02 0004 18 cb0071 0000");
}

/* Returns the length of the first message. */
static size_t pack_all(uint8_t *buf, size_t size, size_t max, const struct wire_attrs *attrs,
		       size_t n)
{
	struct writer w = writer_of(buf, size);
	struct update_packer p;
	struct bgp_error error;
	enum bgp_type type;
	int len;

	update_begin(&p, &w, max);
	for (size_t i = 0; i < n; i++) {
		struct prefix one = prefix("10.0.0.0/32");

		one.addr.bytes[2] = (uint8_t)(i >> 8);
		one.addr.bytes[3] = (uint8_t)i;
		cr_assert(update_announce(&p, attrs, &one));
	}
	update_finish(&p);
	len = bgp_frame(buf, writer_len(&w), max, &type, &error);
	cr_assert_gt(len, 0);
	return (size_t)len;
}

Test(bgp_update, rfc8654_4_extended_messages_are_filled)
{
	static uint8_t buf[3 * 65536];
	const struct wire_attrs attrs = via("192.0.2.1", &plain);

	/* head 19 + 4, attributes 21, then /32 prefixes of 5 octets each */
	cr_expect_eq(pack_all(buf, sizeof(buf), BGP_EXTENDED_MAX, &attrs, 20000),
		     44 + (65535 - 44) / 5 * 5);
	cr_expect_eq(pack_all(buf, sizeof(buf), BGP_MESSAGE_MAX, &attrs, 20000),
		     44 + (4096 - 44) / 5 * 5);
}

Test(bgp_update, rfc8654_4_attributes_that_only_an_extended_message_holds)
{
	static uint8_t buf[65536];
	static uint32_t communities[2000];
	const struct plan_attrs many = {.communities = communities, .n_communities = 2000};
	const struct wire_attrs attrs = via("192.0.2.1", &many);
	const struct prefix one = prefix("203.0.113.0/24");
	struct writer w = writer_of(buf, sizeof(buf));
	struct update_packer p;

	update_begin(&p, &w, BGP_MESSAGE_MAX);
	cr_expect_not(update_announce(&p, &attrs, &one));
	update_begin(&p, &w, BGP_EXTENDED_MAX);
	cr_expect(update_announce(&p, &attrs, &one));
	cr_expect_eq(update_finish(&p), 1);
	cr_expect_gt(writer_len(&w), 8000);
}

Test(bgp_update, rfc4760_4_withdrawal)
{
	const struct prefix one = prefix("2001:db8::/32");
	uint8_t buf[256];
	struct writer w = writer_of(buf, sizeof(buf));
	struct update_packer p;

	update_begin(&p, &w, BGP_MESSAGE_MAX);
	cr_expect(update_withdraw(&p, &one));
	cr_expect_eq(update_finish(&p), 1);
	hex_assert("withdrawal", buf, writer_len(&w),
		   MARK "0023 02 0000 000c 90 0f 0008 0002 01 20 20010db8");
}

Test(bgp_update, rfc4724_2_end_of_rib)
{
	uint8_t buf[256];
	struct writer w = writer_of(buf, sizeof(buf));
	struct update_packer p;

	update_begin(&p, &w, BGP_MESSAGE_MAX);
	cr_expect(update_end_of_rib(&p, ADDR_IPV4));
	cr_expect(update_end_of_rib(&p, ADDR_IPV6));
	cr_expect_eq(update_finish(&p), 2);
	hex_assert("End-of-RIB", buf, writer_len(&w),
		   MARK "0017 02 0000 0000" MARK "001e 02 0000 0007 90 0f 0003 0002 01");
}

Test(bgp_update, nothing_gives_no_message)
{
	uint8_t buf[64];
	struct writer w = writer_of(buf, sizeof(buf));
	struct update_packer p;

	update_begin(&p, &w, BGP_MESSAGE_MAX);
	cr_expect_eq(update_finish(&p), 0);
	cr_expect_eq(writer_len(&w), 0);
}

/* What a peer reads: all prefixes in the order of the messages. */
struct seen {
	struct prefix prefix;
	bool withdrawn;
	size_t message;
};

struct peer {
	ARRAY(struct seen) seen;
	size_t messages, longest, ends; /* ends: of RIB */
};

static void peer_nlri(struct peer *peer, struct reader r, uint8_t family, bool withdrawn)
{
	while (reader_left(&r) > 0) {
		struct seen *s = array_add(&peer->seen);

		cr_assert(nlri_decode(&r, family, &s->prefix));
		s->withdrawn = withdrawn;
		s->message = peer->messages;
	}
}

static void peer_attrs(struct peer *peer, struct reader attrs)
{
	while (reader_left(&attrs) > 0) {
		uint8_t flags = read_u8(&attrs), code = read_u8(&attrs);
		size_t len = flags & ATTR_FLAG_EXTENDED ? read_u16(&attrs) : read_u8(&attrs);
		struct reader value = read_sub(&attrs, len);

		cr_assert_not(attrs.bad);
		if (code == ATTR_MP_REACH)
			read_bytes(&value, 2 + 1 + 1 + 16 + 1);
		else if (code == ATTR_MP_UNREACH)
			read_bytes(&value, 2 + 1);
		else
			continue;
		peer_nlri(peer, value, ADDR_IPV6, code == ATTR_MP_UNREACH);
	}
}

static void peer_message(struct peer *peer, struct reader body)
{
	const struct update_context context = {.as4 = true, .ipv4 = true, .ipv6 = true};
	size_t before = peer->seen.n;
	struct bgp_error error;
	struct reader part;
	const char *what;

	cr_assert_eq(update_check(body, &context, &error, &what), UPDATE_GOOD, "%s", what);
	part = read_sub(&body, read_u16(&body));
	peer_nlri(peer, part, ADDR_IPV4, true);
	part = read_sub(&body, read_u16(&body));
	peer_attrs(peer, part);
	peer_nlri(peer, body, ADDR_IPV4, false);
	peer->ends += peer->seen.n == before;
	peer->messages++;
}

static void peer_reads(struct peer *peer, const struct writer *w, size_t max)
{
	const uint8_t *at = w->start;

	cr_assert_not(w->full);
	while (at < w->at) {
		struct bgp_error error;
		enum bgp_type type;
		int len = bgp_frame(at, (size_t)(w->at - at), max, &type, &error);

		cr_assert(len > 0 && len <= w->at - at, "a broken message");
		cr_assert_eq(type, BGP_UPDATE);
		if ((size_t)len > peer->longest)
			peer->longest = (size_t)len;
		peer_message(peer, reader_of(at + BGP_HEADER_LEN, (size_t)len - BGP_HEADER_LEN));
		at += len;
	}
}

/* Host routes: 10.0.0.0 + i, or 2001:db8:: + i. */
static struct prefix host(uint8_t family, uint32_t i)
{
	struct addr a = address(family == ADDR_IPV4 ? "10.0.0.0" : "2001:db8::");
	uint8_t *last = a.bytes + (family == ADDR_IPV4 ? 1 : 13);

	last[0] = (uint8_t)(i >> 16);
	last[1] = (uint8_t)(i >> 8);
	last[2] = (uint8_t)i;
	return prefix_of(&a, addr_bits(&a));
}

/* Fixed bytes of a message and of each prefix give how many messages are the least. */
static const struct {
	const char *name;
	uint8_t family;
	bool withdrawn;
	size_t max, fixed, each;
} packings[] = {
	{"IPv4", ADDR_IPV4, false, 4096, 23 + 21, 5},
	{"IPv4 withdrawn", ADDR_IPV4, true, 4096, 23, 5},
	{"IPv6", ADDR_IPV6, false, 4096, 23 + 14 + 25, 17},
	{"IPv6 withdrawn", ADDR_IPV6, true, 4096, 23 + 7, 17},
	{"8654 4 IPv4", ADDR_IPV4, false, 65535, 23 + 21, 5},
	{"8654 4 IPv6", ADDR_IPV6, false, 65535, 23 + 14 + 25, 17},
	{"8654 4 IPv6 withdrawn", ADDR_IPV6, true, 65535, 23 + 7, 17},
};

Test(bgp_update, messages_are_as_full_as_they_get)
{
	enum { N = 20000, ROOM = 1000000 };
	uint8_t *buf = heap_alloc(ROOM);

	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
		const char *name = packings[i].name;
		uint8_t family = packings[i].family;
		const struct wire_attrs attrs =
			via(family == ADDR_IPV4 ? "192.0.2.1" : "2001:db8::1", &plain);
		size_t fit = (packings[i].max - packings[i].fixed) / packings[i].each;
		struct writer w = writer_of(buf, ROOM);
		struct peer peer = {0};
		struct update_packer p;

		update_begin(&p, &w, packings[i].max);
		for (uint32_t k = 0; k < N; k++) {
			struct prefix prefix = host(family, k);

			cr_assert(packings[i].withdrawn ? update_withdraw(&p, &prefix)
							: update_announce(&p, &attrs, &prefix),
				  "%s", name);
		}
		cr_expect_eq(update_finish(&p), (N + fit - 1) / fit, "%s: %zu messages", name,
			     p.messages);
		peer_reads(&peer, &w, packings[i].max);
		cr_expect_eq(peer.longest, packings[i].fixed + fit * packings[i].each,
			     "%s: longest %zu", name, peer.longest);
		cr_assert_eq(peer.seen.n, N, "%s", name);
		for (uint32_t k = 0; k < N; k++) {
			struct prefix prefix = host(family, k);

			cr_assert(prefix_equal(&peer.seen.at[k].prefix, &prefix), "%s", name);
			cr_assert_eq(peer.seen.at[k].withdrawn, packings[i].withdrawn, "%s", name);
		}
		array_fini(&peer.seen);
	}
	free(buf);
}

/* One step of a mixed run. */
static bool step(struct update_packer *p, uint32_t k)
{
	const struct wire_attrs hops[] = {
		via("192.0.2.1", &plain),
		via("192.0.2.1", &preferred),
		via("2001:db8::1", &plain),
		via("2001:db8::1", &preferred),
	};
	uint8_t family = k % 3 ? ADDR_IPV4 : ADDR_IPV6;
	struct prefix prefix = host(family, k);

	if (k % 7 == 3)
		return update_withdraw(p, &prefix);
	return update_announce(p, &hops[(family == ADDR_IPV6 ? 2 : 0) + k / 2 % 2], &prefix);
}

/* Whatever room there is, whole messages stand in it, with what was taken and nothing else. */
Test(bgp_update, no_room_for_more)
{
	uint8_t buf[700];

	for (size_t room = 0; room <= sizeof(buf); room++) {
		struct writer w = writer_of(buf, room);
		struct peer peer = {0};
		struct update_packer p;
		uint32_t taken = 0;
		size_t messages;

		update_begin(&p, &w, 200);
		while (taken < 500 && step(&p, taken))
			taken++;
		messages = update_finish(&p);
		cr_assert_lt(taken, 500);
		peer_reads(&peer, &w, 200);
		cr_assert_eq(peer.messages, messages, "room %zu", room);
		cr_assert_eq(peer.seen.n, taken, "room %zu", room);
		for (uint32_t k = 0; k < taken; k++) {
			struct prefix prefix = host(k % 3 ? ADDR_IPV4 : ADDR_IPV6, k);

			cr_assert(prefix_equal(&peer.seen.at[k].prefix, &prefix), "room %zu", room);
		}
		array_fini(&peer.seen);
	}
}

Test(bgp_update, other_attributes_or_families_begin_another_message)
{
	const struct wire_attrs one = via("192.0.2.1", &plain), other = via("192.0.2.2", &plain);
	const struct wire_attrs med = via("192.0.2.1", &preferred);
	const struct plan_attrs equal_set = preferred;
	const struct wire_attrs equal = via("192.0.2.1", &equal_set);
	const struct prefix four = prefix("192.0.2.0/24"), six = prefix("2001:db8::/32");
	uint8_t buf[2048];
	struct writer w = writer_of(buf, sizeof(buf));
	struct peer peer = {0};
	struct update_packer p;

	update_begin(&p, &w, BGP_MESSAGE_MAX);
	cr_expect(update_announce(&p, &one, &four)); /* 0 */
	cr_expect(update_announce(&p, &other, &four)); /* 1 */
	cr_expect(update_announce(&p, &med, &four)); /* 2 */
	cr_expect(update_announce(&p, &equal, &four)); /* 2 */
	cr_expect(update_withdraw(&p, &four)); /* 3 */
	cr_expect(update_withdraw(&p, &six)); /* 4 */
	cr_expect(update_withdraw(&p, &six)); /* 4 */
	cr_expect(update_end_of_rib(&p, ADDR_IPV4)); /* 5 */
	cr_expect(update_withdraw(&p, &six)); /* 6 */
	cr_expect_eq(update_finish(&p), 7);
	peer_reads(&peer, &w, BGP_MESSAGE_MAX);
	cr_expect_eq(peer.messages, 7);
	cr_expect_eq(peer.ends, 1);
	cr_expect_eq(peer.seen.at[3].message, 2);
	cr_expect_eq(peer.seen.at[6].message, 4);
	array_fini(&peer.seen);
}

/* 4000 bytes of communities leave little room, 4400 none: refused, and the next one goes. */
Test(bgp_update, rfc4271_9_2_attributes_that_fill_a_message)
{
	static uint32_t communities[1100];
	const struct plan_attrs most = {.communities = communities, .n_communities = 1000};
	const struct plan_attrs too_many = {.communities = communities, .n_communities = 1100};
	const struct prefix four = prefix("192.0.2.0/24");
	static uint8_t buf[10000];
	struct writer w = writer_of(buf, sizeof(buf));
	struct wire_attrs small = via("192.0.2.1", &plain), big, bigger;
	struct peer peer = {0};
	struct update_packer p;

	big = via("192.0.2.1", &most);
	bigger = via("192.0.2.1", &too_many);
	update_begin(&p, &w, BGP_MESSAGE_MAX);
	for (size_t i = 0; i < 20; i++)
		cr_expect(update_announce(&p, &big, &four));
	cr_expect_not(update_announce(&p, &bigger, &four));
	cr_expect(update_announce(&p, &small, &four));
	update_finish(&p);
	peer_reads(&peer, &w, BGP_MESSAGE_MAX);
	cr_expect_eq(peer.seen.n, 21);
	array_fini(&peer.seen);
}
