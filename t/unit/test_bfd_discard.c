/* test_bfd_discard.c: packets thrown away: counted each, told once a minute and reason */
#include "bfd/discard.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const int64_t S = 1000000000;
static const struct addr near = {.family = ADDR_IPV4, .bytes = {192, 0, 2, 2}};
static const struct addr far = {.family = ADDR_IPV4, .bytes = {198, 51, 100, 6}};

static void add(struct bfd_discards *d, enum bfd_discard reason, unsigned n)
{
	while (n-- > 0)
		bfd_discards_add(d, reason, &near, 254);
}

Test(bfd_discard, the_first_is_told_at_once_with_its_source)
{
	struct bfd_discards d = {0};
	struct bfd_discard_report r;

	cr_assert(not(bfd_discards_due(&d, 5 * S, &r)));
	bfd_discards_add(&d, BFD_BAD_TTL, &near, 254);
	bfd_discards_add(&d, BFD_BAD_TTL, &far, 63);
	cr_assert(bfd_discards_due(&d, 5 * S, &r));
	cr_assert(eq(int, (int)r.reason, BFD_BAD_TTL));
	cr_assert(eq(u64, r.n, 2));
	cr_assert(addr_equal(&r.from, &far));
	cr_assert(eq(uint, r.ttl, 63));
	/* it found no room: the same again */
	cr_assert(bfd_discards_due(&d, 5 * S, &r));
	cr_assert(eq(u64, r.n, 2));
	bfd_discards_told(&d, &r, 5 * S);
	cr_assert(not(bfd_discards_due(&d, 5 * S, &r)));
}

Test(bfd_discard, a_reason_is_told_once_a_minute_with_all_that_came_since)
{
	struct bfd_discards d = {0};
	struct bfd_discard_report r;
	unsigned told = 0;

	/* 1000 a second for three minutes, and then nothing */
	for (int64_t now = 5 * S; now < 300 * S; now += S) {
		if (now < 185 * S)
			add(&d, BFD_NO_SESSION, 1000);
		while (bfd_discards_due(&d, now, &r)) {
			cr_assert(eq(u64, r.n,
				     told == 0	? 1000
				     : told < 3 ? 60000
						: 59000),
				  "%u: %d", told, (int)r.n);
			bfd_discards_told(&d, &r, now);
			told++;
		}
	}
	cr_assert(eq(uint, told, 4));
	cr_assert(eq(u64, d.of[BFD_NO_SESSION].n, 180000));
	cr_assert(not(d.pending));
}

Test(bfd_discard, each_reason_has_a_minute_of_its_own)
{
	struct bfd_discards d = {0};
	struct bfd_discard_report r;

	add(&d, BFD_NO_SESSION, 1);
	cr_assert(bfd_discards_due(&d, 5 * S, &r));
	bfd_discards_told(&d, &r, 5 * S);
	add(&d, BFD_NO_SESSION, 1);
	add(&d, BFD_MULTIPOINT, 1);
	cr_assert(bfd_discards_due(&d, 6 * S, &r));
	cr_assert(eq(int, (int)r.reason, BFD_MULTIPOINT));
	bfd_discards_told(&d, &r, 6 * S);
	cr_assert(not(bfd_discards_due(&d, 64 * S, &r)));
	cr_assert(bfd_discards_due(&d, 65 * S, &r));
	cr_assert(eq(int, (int)r.reason, BFD_NO_SESSION));
}

Test(bfd_discard, what_our_own_state_is_the_reason_of_is_counted_and_not_told)
{
	struct bfd_discards d = {0};
	struct bfd_discard_report r;

	add(&d, BFD_SESSION_ADMIN_DOWN, 3);
	add(&d, BFD_ECHO_NOT_TAKEN, 4);
	cr_assert(not(bfd_discards_due(&d, 5 * S, &r)));
	cr_assert(eq(u64, d.of[BFD_SESSION_ADMIN_DOWN].n, 3));
	cr_assert(eq(u64, d.of[BFD_ECHO_NOT_TAKEN].n, 4));
}

Test(bfd_discard, every_reason_has_words_and_a_name_of_its_own)
{
	for (unsigned i = 0; i < BFD_DISCARD_COUNT; i++) {
		const char *name = bfd_discard_name((enum bfd_discard)i);

		cr_assert(bfd_discard_text((enum bfd_discard)i)[0] != '\0');
		cr_assert(eq(sz, strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name)));
		for (unsigned k = 0; k < i; k++)
			cr_assert(strcmp(name, bfd_discard_name((enum bfd_discard)k)) != 0);
	}
}
