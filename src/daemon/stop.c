/* stop.c: SIGTERM
 *
 *	1. each session is closed with Cease/Administrative Shutdown: routers withdraw; BFD tells
 *	   them AdminDown, which is no failure
 *	2. VIPs are held for withdrawHold while they are in use, then taken off
 *	   (keepVIPsOnStop: they stay)
 *	3. the loop ends
 *
 * stopTimeout bounds the whole; what is not done then is left: a VIP that stays is adopted at the
 * next start.
 */
#include "daemon/stop.h"
#include "base/log.h"
#include "bfd/engine.h"
#include "bgp/speaker.h"
#include "daemon/notify.h"
#include "daemon/state.h"
#include "daemon/vips.h"
#include "plan/plan.h"

#include <stdlib.h>

static const uint64_t TICK_US = 10000;

static void done(struct daemon *d)
{
	log_event(LOG_INFO, EVENT_STOPPED, LOG_NO_FIELDS, "stopped");
	sd_event_exit(d->event, 0);
}

/* Step 2; true when there is nothing to wait for. */
static bool leave(struct daemon *d)
{
	if (plan_settings(d->running->plan)->keep_vips_on_stop)
		return true;
	d->stop_shut_down = true;
	vips_leave(d->vips, !d->stop_hurry);
	return vips_are_gone(d->vips);
}

static bool step(struct daemon *d)
{
	bool late = monotime_since_us(monotime_now(), d->stop_until) >= 0;

	if (d->stop_shut_down) {
		if (late && !vips_are_gone(d->vips))
			log_warning("stopTimeout is over before all VIPs are off; what stays is "
				    "adopted at the next start");
		return late || vips_are_gone(d->vips);
	}
	if (!late && !speaker_is_shut_down(d->speaker))
		return false;
	if (!speaker_is_shut_down(d->speaker))
		log_warning("stopTimeout is over with sessions that are not closed");
	d->stop_hurry = d->stop_hurry || late;
	return leave(d);
}

static int on_tick(sd_event_source *source, uint64_t usec, void *arg)
{
	struct daemon *d = arg;

	(void)usec;
	if (step(d)) {
		done(d);
		return 0;
	}
	sd_event_source_set_time_relative(source, TICK_US);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

void stop_request(struct daemon *d, const char *why)
{
	if (d->phase == DAEMON_STOPPING) {
		if (d->stop_hurry)
			return;
		d->stop_hurry = true;
		log_info("%s again: VIPs are not held any longer", why);
		if (d->stop_shut_down)
			vips_leave(d->vips, false);
		return;
	}
	d->phase = DAEMON_STOPPING;
	log_event(LOG_INFO, EVENT_STOPPING, LOG_FIELDS({"REASON", why}), "stopping (%s)", why);
	notify_stopping(d);
	d->stop_until = monotime_add_us(monotime_now(),
					plan_settings(d->running->plan)->stop_timeout_ns / 1000);
	speaker_shutdown(d->speaker, "mlbgpd stops");
	bfd_admin_down(d->bfd);
	if (sd_event_add_time_relative(d->event, &d->stop_tick, CLOCK_MONOTONIC, 0, 1000, on_tick,
				       d) < 0)
		sd_event_exit(d->event, 0);
}

void stop_fini(struct daemon *d)
{
	sd_event_source_disable_unref(d->stop_tick);
}
