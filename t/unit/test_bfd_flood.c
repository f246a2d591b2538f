/* test_bfd_flood.c: when a flood begins and ends, and what the kernel lets through while it lasts
 */
#include "bfd/codec.h"
#include "bfd/flood.h"
#include "bfd/sieve.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

static const int64_t MS = 1000000, S = 1000000000;

/* So many a second, for so long; true: it has begun. */
static bool begins(struct bfd_flood *f, int64_t *now, unsigned rate, unsigned seconds)
{
	for (unsigned i = 0; i < rate * seconds; i++) {
		*now += S / rate;
		if (bfd_flood_begins(f, *now))
			return true;
	}
	return false;
}

Test(bfd_flood, begins_with_a_thousand_in_a_second)
{
	struct bfd_flood f = {0};
	int64_t now = 5 * S;

	cr_assert(not(begins(&f, &now, FLOOD_PACKETS - 100, 30)));
	cr_assert(not(f.on));
	cr_assert(begins(&f, &now, 2 * FLOOD_PACKETS, 2));
	cr_assert(f.on);
	cr_assert(not(bfd_flood_begins(&f, now)), "it has begun already");
}

Test(bfd_flood, ends_after_ten_quiet_seconds)
{
	struct bfd_flood f = {0};
	int64_t now = 5 * S;

	cr_assert(begins(&f, &now, 10000, 1));
	for (int i = 0; i < 60; i++) {
		now += S;
		cr_assert(not(bfd_flood_ends(&f, 100000, now)));
	}
	for (int i = 0; i < FLOOD_OVER_S - 1; i++) {
		now += S;
		cr_assert(not(bfd_flood_ends(&f, 5, now)));
	}
	/* once more: all begins anew */
	now += S;
	cr_assert(not(bfd_flood_ends(&f, FLOOD_REST_PACKETS + 1, now)));
	for (int i = 0; i < FLOOD_OVER_S - 1; i++) {
		now += S;
		cr_assert(not(bfd_flood_ends(&f, 0, now)));
	}
	now += S;
	cr_assert(bfd_flood_ends(&f, 0, now));
	cr_assert(not(f.on));
	cr_assert(not(bfd_flood_begins(&f, now)));
	cr_assert(begins(&f, &now, 10000, 1));
}

/* It is asked late: so many in 20 s are few. */
Test(bfd_flood, is_measured_by_the_time_that_went_by)
{
	struct bfd_flood f = {0};
	int64_t now = 5 * S;

	cr_assert(begins(&f, &now, 10000, 1));
	now += 20 * S;
	cr_assert(bfd_flood_ends(&f, 20 * FLOOD_REST_PACKETS - 1, now));
	cr_assert(begins(&f, &now, 10000, 1));
	now += 500 * MS;
	cr_assert(not(bfd_flood_ends(&f, FLOOD_REST_PACKETS, now)));
	now += 9900 * MS;
	cr_assert(not(bfd_flood_ends(&f, 0, now)));
}

/* ---- the sieve, on a socket of the host's loopback ---- */

struct way {
	int to, from;
	struct sockaddr_storage at;
	socklen_t len;
};

static struct way way_of(uint8_t family)
{
	struct way w = {.len = sizeof(w.at)};
	struct addr loopback = {.family = family};

	if (family == ADDR_IPV4)
		memcpy(loopback.bytes, (const uint8_t[]){127, 0, 0, 1}, 4);
	else
		loopback.bytes[15] = 1;
	w.len = addr_to_sockaddr(&loopback, 0, 0, &w.at);
	w.to = socket(w.at.ss_family, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	w.from = socket(w.at.ss_family, SOCK_DGRAM, 0);
	cr_assert(eq(int, bind(w.to, (struct sockaddr *)&w.at, w.len), 0));
	cr_assert(eq(int, getsockname(w.to, (struct sockaddr *)&w.at, &w.len), 0));
	return w;
}

static bool comes(const struct way *w, int ttl, const uint8_t *data, size_t len)
{
	uint8_t got[64];

	if (w->at.ss_family == AF_INET)
		setsockopt(w->from, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	else
		setsockopt(w->from, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl, sizeof(ttl));
	cr_assert(eq(i64, sendto(w->from, data, len, 0, (const struct sockaddr *)&w->at, w->len),
		     (int64_t)len));
	return recv(w->to, got, sizeof(got), 0) == (ssize_t)len;
}

static struct addr loopback_of(uint8_t family, uint8_t last)
{
	struct addr ret = {.family = family};

	ret.bytes[family == ADDR_IPV4 ? 3 : 15] = last;
	if (family == ADDR_IPV4)
		ret.bytes[0] = 127;
	return ret;
}

static const uint8_t families[] = {ADDR_IPV4, ADDR_IPV6};

Test(bfd_sieve, lets_through_what_a_session_may_take_and_nothing_else)
{
	static const struct {
		const char *what;
		size_t at;
		uint8_t byte;
		size_t len;
		int ttl;
		uint32_t your;
		bool known, comes; /* the source is a session's */
	} rows[] = {
		{"ours", 0, 0x20, 24, 255, 0x80000001, false, true},
		{"the last of ours", 0, 0x20, 24, 255, 7, false, true},
		{"with more behind it", 0, 0x20, 40, 255, 7, false, true},
		{"none of ours", 0, 0x20, 24, 255, 8, true, false},
		{"TTL 254", 0, 0x20, 24, 254, 7, true, false},
		{"TTL 1", 0, 0x20, 24, 1, 7, true, false},
		{"version 0", 0, 0x00, 24, 255, 7, true, false},
		{"version 2", 0, 0x40, 24, 255, 7, true, false},
		{"short", 0, 0x20, 23, 255, 7, true, false},
		{"empty", 0, 0x20, 0, 255, 7, true, false},
		{"authenticated", 1, 0xc4, 40, 255, 7, true, false},
		{"multipoint", 1, 0xc1, 24, 255, 7, true, false},
		{"poll and all that is allowed", 1, 0xfa, 24, 255, 7, true, true},
		{"the first one, Down", 1, 0x40, 24, 255, 0, true, true},
		{"the first one, AdminDown", 1, 0x00, 24, 255, 0, true, true},
		{"the first one, Init", 1, 0x80, 24, 255, 0, true, false},
		{"the first one, Up", 1, 0xc0, 24, 255, 0, true, false},
		{"a stranger's first one", 1, 0x40, 24, 255, 0, false, false},
	};

	for (size_t f = 0; f < 2; f++)
		for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
			struct way w = way_of(families[f]);
			const uint8_t last = rows[i].known ? 1 : 5;
			const struct bfd_sieve_session sessions[] = {
				{0x80000001, loopback_of(families[f], 9), 0},
				{0x12345678, loopback_of(families[f], last), 0},
				{7, loopback_of(families[f], 6), 0},
			};
			struct bfd_sieve s;
			uint8_t bytes[40] = {0x20, 0xc0, 3, 24, 0, 0, 0, 77};
			const uint32_t your = htonl(rows[i].your);

			memcpy(bytes + 8, &your, sizeof(your));
			bytes[rows[i].at] = rows[i].byte;
			bfd_sieve_build(&s, families[f], 255, sessions, 3);
			cr_assert(comes(&w, rows[i].ttl, bytes, rows[i].len), "without a sieve");
			cr_assert(eq(int, bfd_sieve_attach(&s, w.to), 0));
			cr_assert(
				eq(int, comes(&w, rows[i].ttl, bytes, rows[i].len), rows[i].comes),
				"IPv%d, %s", families[f], rows[i].what);
			cr_assert(eq(u32, bfd_sieve_drops(w.to), !rows[i].comes));
			cr_assert(eq(int, bfd_sieve_detach(w.to), 0));
			cr_assert(comes(&w, rows[i].ttl, bytes, rows[i].len), "without it again");
			close(w.to);
			close(w.from);
		}
}

/* By the address alone a router is known on its own link only; the discriminator is enough on any,
 * for the filter. */
Test(bfd_sieve, a_router_is_known_on_its_link)
{
	const uint32_t lo = if_nametoindex("lo");
	const uint8_t first[24] = {0x20, 0x40, 3, 24, 0, 0, 0, 77};
	const uint8_t later[24] = {0x20, 0xc0, 3, 24, 0, 0, 0, 77, 0, 0, 0, 7};
	const struct {
		uint32_t ifindex[3];
		bool comes;
	} rows[] = {{{lo, lo + 1, lo + 1}, false},     {{lo, lo + 1, lo}, true},
		    {{lo + 1, lo + 1, lo + 2}, false}, {{lo + 2, lo + 1, 0}, true},
		    {{0, lo + 1, lo + 2}, false},      {{lo, lo, lo}, true}};

	for (size_t f = 0; f < 2; f++)
		for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
			const struct bfd_sieve_session sessions[] = {
				{5, loopback_of(families[f], 9), rows[i].ifindex[0]},
				{6, loopback_of(families[f], 8), rows[i].ifindex[1]},
				{7, loopback_of(families[f], 1), rows[i].ifindex[2]},
			};
			struct way w = way_of(families[f]);
			struct bfd_sieve s;

			bfd_sieve_build(&s, families[f], 255, sessions, 3);
			cr_assert(eq(int, bfd_sieve_attach(&s, w.to), 0));
			cr_assert(eq(int, comes(&w, 255, first, sizeof(first)), rows[i].comes),
				  "IPv%d, row %d", families[f], (int)i);
			cr_assert(comes(&w, 255, later, sizeof(later)));
			close(w.to);
			close(w.from);
		}
}

Test(bfd_sieve, multihop_takes_the_ttl_that_it_is_told)
{
	const struct bfd_sieve_session session = {7, loopback_of(ADDR_IPV4, 1), 0};
	const uint8_t bytes[24] = {0x20, 0xc0, 3, 24, 0, 0, 0, 77, 0, 0, 0, 7};
	struct way w = way_of(ADDR_IPV4);
	struct bfd_sieve s;

	bfd_sieve_build(&s, ADDR_IPV4, 10, &session, 1);
	cr_assert(eq(int, bfd_sieve_attach(&s, w.to), 0));
	cr_assert(comes(&w, 255, bytes, sizeof(bytes)));
	cr_assert(comes(&w, 10, bytes, sizeof(bytes)));
	cr_assert(not(comes(&w, 9, bytes, sizeof(bytes))));
}

/* As many as have room, all of them found; with one more, none is looked for. */
Test(bfd_sieve, many_sessions)
{
	static struct bfd_sieve_session sessions[SIEVE_SESSIONS_MAX + 1];
	uint8_t bytes[24] = {0x20, 0xc0, 3, 24, 0, 0, 0, 77};
	struct way w = way_of(ADDR_IPV4);
	struct bfd_sieve s;

	for (unsigned i = 0; i <= SIEVE_SESSIONS_MAX; i++)
		sessions[i] = (struct bfd_sieve_session){0xabcd0000 + i,
							 loopback_of(ADDR_IPV4, (uint8_t)i), 0};
	bfd_sieve_build(&s, ADDR_IPV4, 255, sessions, SIEVE_SESSIONS_MAX);
	cr_assert(eq(int, bfd_sieve_attach(&s, w.to), 0));
	for (unsigned i = 0; i <= SIEVE_SESSIONS_MAX; i++) {
		const uint32_t your = htonl(sessions[i].discriminator);

		memcpy(bytes + 8, &your, sizeof(your));
		cr_assert(eq(int, comes(&w, 255, bytes, sizeof(bytes)), i < SIEVE_SESSIONS_MAX));
	}
	bfd_sieve_build(&s, ADDR_IPV4, 255, sessions, SIEVE_SESSIONS_MAX + 1);
	cr_assert(eq(int, bfd_sieve_attach(&s, w.to), 0));
	cr_assert(comes(&w, 255, bytes, sizeof(bytes)));
	cr_assert(not(comes(&w, 254, bytes, sizeof(bytes))));
}
