/* bfd_responder_times.c: measured times, how late this machine's timers are, and what the least is
 * that a session can cost on it */
#include "bfd_responder.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

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

/* No lock: who measures must not wait for a thread of lower priority. */
static struct timer {
	const char *name;
	int policy;
	atomic_uint n; /* times measured; the thread's */
	unsigned told; /* the main thread's */
	int64_t late[TIMES_MAX]; /* a ring */
} timers[] = {{.name = "fifo", .policy = SCHED_FIFO}, {.name = "other", .policy = SCHED_OTHER}};

static void *keep_time(void *arg)
{
	struct timer *timer = arg;
	const struct sched_param param = {.sched_priority = timer->policy == SCHED_FIFO ? 10 : 0};
	int64_t next = now_ns();

	if (pthread_setschedparam(pthread_self(), timer->policy, &param) != 0)
		die("SCHED_FIFO");
	for (;;) {
		const struct timespec at = {next / 1000000000, next % 1000000000};
		const unsigned n = atomic_load(&timer->n);
		int64_t now;

		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
		now = now_ns();
		timer->late[n % TIMES_MAX] = now - next;
		atomic_store(&timer->n, n + 1);
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
	static struct times taken;

	printf("timer");
	for (unsigned i = 0; i < 2; i++) {
		struct timer *timer = &timers[i];
		const unsigned n = atomic_load(&timer->n);

		for (; timer->told != n; timer->told++)
			times_add(&taken, timer->late[timer->told % TIMES_MAX]);
		times_print(&taken, timer->name);
	}
	printf("\n");
}

/* ---- the least that a session can cost ---- */

static int socket_to_itself(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&at, len) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) < 0 ||
	    connect(fd, (struct sockaddr *)&at, len) < 0)
		die("socket");
	return fd;
}

/* As the scheduler counts it. */
static int64_t run_time_ns(void)
{
	char text[128] = "";
	int fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		die("schedstat");
	close(fd);
	return strtoll(text, NULL, 10);
}

void least_print(unsigned interval_ms, unsigned seconds)
{
	const int64_t wait = (int64_t)interval_ms * 937500, begin = now_ns();
	const struct sched_param param = {.sched_priority = 10};
	const struct timespec pause = {wait / 1000000000, wait % 1000000000};
	const int64_t before = run_time_ns();
	const int fd = socket_to_itself();
	char packet[24] = "";

	if (sched_setscheduler(0, SCHED_FIFO, &param) < 0)
		die("SCHED_FIFO");
	while (now_ns() - begin < seconds * 1000000000LL) {
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
		if (send(fd, packet, sizeof(packet), 0) < 0 ||
		    recv(fd, packet, sizeof(packet), 0) < 0)
			die("packet");
	}
	printf("%.2f\n", 100.0 * (double)(run_time_ns() - before) / (double)(now_ns() - begin));
}
