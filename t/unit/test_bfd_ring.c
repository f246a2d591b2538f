/* Tests of the queue between two threads: order, bounds, the reader's wake, two threads at once. */
#include "bfd/ring.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>

Test(bfd_ring, keeps_order_and_its_bound)
{
	struct ring r;
	int out;

	cr_assert(eq(int, ring_init(&r, sizeof(int)), 0));
	cr_assert(not(ring_take(&r, &out)));
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < RING_LENGTH; i++)
			cr_assert(ring_put(&r, &i));
		cr_assert(not(ring_put(&r, &(int){0})));
		for (int i = 0; i < RING_LENGTH; i++) {
			cr_assert(ring_take(&r, &out));
			cr_assert(eq(int, out, i));
		}
		cr_assert(not(ring_take(&r, &out)));
	}
	ring_fini(&r);
}

Test(bfd_ring, wakes_its_reader)
{
	struct ring r;
	struct pollfd p;

	cr_assert(eq(int, ring_init(&r, sizeof(int)), 0));
	p = (struct pollfd){.fd = r.wake, .events = POLLIN};
	cr_assert(eq(int, poll(&p, 1, 0), 0));
	ring_put(&r, &(int){1});
	cr_assert(eq(int, poll(&p, 1, 0), 1));
	ring_clear(&r);
	cr_assert(eq(int, poll(&p, 1, 0), 0));
	ring_fini(&r);
}

enum { MANY = 100000 };

static void *writer(void *arg)
{
	for (int i = 0; i < MANY; i++)
		while (!ring_put(arg, &i))
			sched_yield();
	return NULL;
}

Test(bfd_ring, loses_nothing_between_two_threads)
{
	pthread_t thread;
	struct ring r;
	int out;

	cr_assert(eq(int, ring_init(&r, sizeof(int)), 0));
	cr_assert(eq(int, pthread_create(&thread, NULL, writer, &r), 0));
	for (int i = 0; i < MANY; i++) {
		while (!ring_take(&r, &out))
			sched_yield();
		cr_assert(eq(int, out, i));
	}
	pthread_join(thread, NULL);
	ring_fini(&r);
}
