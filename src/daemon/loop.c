/* loop.c: sd_event_loop(), with a clock beside it */
#include "daemon/loop.h"
#include "base/clock.h"
#include "base/log.h"

#include <time.h>

/* So long, and routers may have lost patience: that is to be told. */
static const int64_t STALL_US = 1000000;

static int64_t worked_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void count(struct loop_turns *turns, int64_t us, int64_t worked)
{
	if (us > turns->longest_us)
		turns->longest_us = us;
	if (us < LOOP_LONG_US)
		return;
	turns->n_long++;
	log_event(us < STALL_US ? LOG_DEBUG : LOG_WARNING, EVENT_NONE, LOG_NO_FIELDS,
		  "the event loop stood still for %lld ms, in which it had the processor for %lld",
		  (long long)(us / 1000), (long long)(worked / 1000));
}

int loop_run(sd_event *event, struct loop_turns *turns)
{
	while (sd_event_get_state(event) != SD_EVENT_FINISHED) {
		struct monotime begin;
		int64_t worked;
		int r = sd_event_prepare(event);

		if (r == 0)
			r = sd_event_wait(event, UINT64_MAX);
		if (r < 0)
			return r;
		begin = monotime_now();
		worked = worked_us();
		if (r > 0)
			r = sd_event_dispatch(event);
		if (r < 0)
			return r;
		count(turns, monotime_since_us(monotime_now(), begin), worked_us() - worked);
	}
	return 0;
}
