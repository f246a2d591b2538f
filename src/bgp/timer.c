/* timer.c: timers by name: starting one again replaces it */
#include "bgp/timer.h"

#include "base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int on_time(sd_event_source *source, uint64_t due_us, void *arg)
{
	struct bgp_timer *t = arg;

	(void)source;
	(void)due_us;
	t->fn(t->arg); /* may start it again, or free it */
	return 0;
}

void bgp_timer_start(struct bgp_timer *t, sd_event *event, int64_t delay_us, bgp_timer_fn fn,
		     void *arg)
{
	uint64_t delay = delay_us > 0 ? (uint64_t)delay_us : 0;
	int r;

	t->fn = fn;
	t->arg = arg;
	if (!t->source) {
		r = sd_event_add_time_relative(event, &t->source, CLOCK_MONOTONIC, delay,
					       BGP_TIMER_LATE_US, on_time, t);
	} else {
		r = sd_event_source_set_time_relative(t->source, delay);
		if (r >= 0)
			r = sd_event_source_set_enabled(t->source, SD_EVENT_ONESHOT);
	}
	if (r < 0) { /* no memory, or the loop is at its end */
		log_error("cannot start a timer: %s", strerror(-r));
		if (r == -ENOMEM)
			abort();
	}
}

void bgp_timer_stop(struct bgp_timer *t)
{
	if (t->source)
		sd_event_source_set_enabled(t->source, SD_EVENT_OFF);
}

bool bgp_timer_runs(const struct bgp_timer *t)
{
	return t->source && sd_event_source_get_enabled(t->source, NULL) > 0;
}

void bgp_timer_fini(struct bgp_timer *t)
{
	t->source = sd_event_source_disable_unref(t->source);
}
