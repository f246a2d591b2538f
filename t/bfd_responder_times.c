/* bfd_responder_times.c: measured times, and how late this machine's timers are */
#include "bfd_responder.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>

static const int64_t PERIOD = 10000000;
static const double MS = 1e6;

void times_add(struct times *t, int64_t ns)
{
	if (t->n < TIMES_MAX)
		t->at[t->n++] = ns;
}

static int compare(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* The time that so many of a hundred are not above. */
static double percentile(const struct times *t, unsigned percent)
{
	const unsigned rank = (t->n * percent + 99) / 100;

	return (double)t->at[rank > 0 ? rank - 1 : 0] / MS;
}

void times_print(struct times *t, const char *name)
{
	printf(" %s=%u", name, t->n);
	if (t->n) {
		qsort(t->at, t->n, sizeof(*t->at), compare);
		printf(" %s_min=%.3f %s_p50=%.3f %s_p99=%.3f %s_max=%.3f", name, percentile(t, 0),
		       name, percentile(t, 50), name, percentile(t, 99), name, percentile(t, 100));
	}
	t->n = 0;
}

static struct timer {
	const char *name;
	int policy;
	pthread_mutex_t lock;
	struct times late;
} timers[] = {
	{.name = "fifo", .policy = SCHED_FIFO, .lock = PTHREAD_MUTEX_INITIALIZER},
	{.name = "other", .policy = SCHED_OTHER, .lock = PTHREAD_MUTEX_INITIALIZER},
};

static void *keep_time(void *arg)
{
	struct timer *timer = arg;
	const struct sched_param param = {.sched_priority = timer->policy == SCHED_FIFO ? 10 : 0};
	int64_t next = now_ns();

	if (pthread_setschedparam(pthread_self(), timer->policy, &param) != 0)
		die("SCHED_FIFO");
	for (;;) {
		const struct timespec at = {next / 1000000000, next % 1000000000};
		int64_t now;

		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
		now = now_ns();
		pthread_mutex_lock(&timer->lock);
		times_add(&timer->late, now - next);
		pthread_mutex_unlock(&timer->lock);
		for (next += PERIOD; next < now;)
			next += PERIOD;
	}
	return NULL;
}

void timers_start(void)
{
	for (unsigned i = 0; i < 2; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, keep_time, &timers[i]) != 0)
			die("thread");
	}
}

void timers_print(void)
{
	printf("timer");
	for (unsigned i = 0; i < 2; i++) {
		static struct times taken;

		pthread_mutex_lock(&timers[i].lock);
		taken = timers[i].late;
		timers[i].late.n = 0;
		pthread_mutex_unlock(&timers[i].lock);
		times_print(&taken, timers[i].name);
	}
	printf("\n");
}
