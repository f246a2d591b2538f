/* timer.h: timers by name: starting one again replaces it
 *
 * On CLOCK_MONOTONIC; one may be late by 100 ms, which is good enough for BGP and lets the kernel
 * wake us for many at once.  Zeroed is "stopped".
 */
#ifndef MLBGPD_BGP_TIMER_H
#define MLBGPD_BGP_TIMER_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

enum { BGP_TIMER_LATE_US = 100000 };

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
