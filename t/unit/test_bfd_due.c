/* Tests of the heap of deadlines: the earliest first, whatever is set, moved and taken out, held
 * against a list that is looked through. */
#include "bfd/due.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

static struct due due;

static int64_t first_at(void)
{
	return due_first(&due).at;
}

Test(bfd_due, nobody_waits)
{
	cr_assert(eq(i64, first_at(), 0));
	due_set(&due, 7, 0);
	cr_assert(eq(i64, first_at(), 0));
	cr_assert(eq(i64, due_of(&due, 7), 0));
}

Test(bfd_due, the_earliest_first)
{
	static const int64_t times[] = {50, 20, 90, 20, 10, 70};
	static const int64_t sorted[] = {10, 20, 20, 50, 70, 90};

	for (unsigned i = 0; i < 6; i++)
		due_set(&due, i, times[i]);
	for (unsigned i = 0; i < 6; i++) {
		const struct due_at first = due_first(&due);

		cr_assert(eq(i64, first.at, sorted[i]));
		cr_assert(eq(i64, times[first.who], sorted[i]));
		due_set(&due, first.who, 0);
	}
	cr_assert(eq(i64, first_at(), 0));
}

Test(bfd_due, a_deadline_moves_both_ways)
{
	due_set(&due, 1, 10);
	due_set(&due, 2, 20);
	due_set(&due, 1, 30);
	cr_assert(eq(uint, due_first(&due).who, 2));
	due_set(&due, 1, 5);
	cr_assert(eq(uint, due_first(&due).who, 1));
	cr_assert(eq(i64, due_of(&due, 1), 5));
	due_set(&due, 1, 0);
	cr_assert(eq(uint, due_first(&due).who, 2));
	cr_assert(eq(i64, due_of(&due, 1), 0));
}

Test(bfd_due, all_of_them)
{
	for (unsigned i = 0; i < DUE_MAX; i++)
		due_set(&due, i, DUE_MAX - i);
	for (int64_t at = 1; at <= DUE_MAX; at++) {
		cr_assert(eq(i64, first_at(), at));
		due_set(&due, due_first(&due).who, 0);
	}
}

static int64_t earliest_of(const int64_t *times, unsigned n)
{
	int64_t ret = 0;

	for (unsigned i = 0; i < n; i++)
		if (times[i] && (!ret || times[i] < ret))
			ret = times[i];
	return ret;
}

Test(bfd_due, as_a_list_would_have_it)
{
	enum { N = 60 };
	int64_t times[N] = {0};

	srandom(4711);
	for (int i = 0; i < 200000; i++) {
		const unsigned who = (unsigned)random() % N;

		times[who] = random() % 4 ? random() % 1000 + 1 : 0;
		due_set(&due, who, times[who]);
		cr_assert(eq(i64, first_at(), earliest_of(times, N)));
		if (due.n)
			cr_assert(eq(i64, times[due_first(&due).who], first_at()));
		cr_assert(eq(i64, due_of(&due, who), times[who]));
	}
}
