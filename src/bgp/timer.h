/* timer.h: timers by name: starting one again replaces it
 *
 * On CLOCK_MONOTONIC with an accuracy of 100 ms, which is enough for BGP and lets the kernel wake
 * us for many at once.  Zeroed is "stopped".
 */
#ifndef MLBGPD_BGP_TIMER_H
#define MLBGPD_BGP_TIMER_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct bgp_timer;
typedef void (*bgp_timer_fn)(void *arg);

struct bgp_timer {
	sd_event_source *source;
	bgp_timer_fn fn;
	void *arg;
};

/* Calls fn once, delay_us from now. */
void bgp_timer_start(struct bgp_timer *t, sd_event *event, int64_t delay_us, bgp_timer_fn fn,
		     void *arg);
void bgp_timer_stop(struct bgp_timer *t);
bool bgp_timer_runs(const struct bgp_timer *t);
void bgp_timer_fini(struct bgp_timer *t);

#endif
