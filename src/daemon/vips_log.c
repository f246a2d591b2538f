/* vips_log.c: the lives of VIPs in the log: a line for each, but of many together a number
 *
 * A reload that moves a hundred thousand VIPs would fill the log's queue, and drop the lines that
 * matter.
 */
#include "base/log.h"
#include "daemon/vips_private.h"

#include <stdint.h>
#include <string.h>

static const uint64_t WINDOW_US = 1000000;
enum { LINES_MAX = 100 }; /* in one window */

static void tell_rest(struct vips_log *log, enum vip_state from, enum vip_state to)
{
	size_t n = log->more[from][to];

	if (n == 0)
		return;
	log_event(LOG_INFO, EVENT_NONE, LOG_FIELDS({"STATE", vip_state_name(to)}),
		  "%zu more VIP%s: %s -> %s", n, n == 1 ? "" : "s", vip_state_name(from),
		  vip_state_name(to));
}

static void end_window(struct vips_log *log)
{
	for (int from = 0; from < VIP_STATE_COUNT; from++)
		for (int to = 0; to < VIP_STATE_COUNT; to++)
			tell_rest(log, from, to);
	memset(log->more, 0, sizeof(log->more));
	log->n_lines = 0;
}

static int on_window_over(sd_event_source *source, uint64_t usec, void *arg)
{
	struct vips *v = arg;

	(void)source;
	(void)usec;
	end_window(&v->log);
	return 0;
}

int vips_log_init(struct vips *v, sd_event *event)
{
	int r = sd_event_add_time_relative(event, &v->log.timer, CLOCK_MONOTONIC, 0, 100000,
					   on_window_over, v);

	return r < 0 ? r : sd_event_source_set_enabled(v->log.timer, SD_EVENT_OFF);
}

void vips_log_fini(struct vips *v)
{
	end_window(&v->log);
	sd_event_source_disable_unref(v->log.timer);
}

/* The story of one VIP is told by its ends; what lies between is for debugging. */
void vips_log_state(struct vips *v, const struct vip *vip, enum vip_state from)
{
	struct vips_log *log = &v->log;
	const enum vip_state to = vip->life.state;
	const bool end = to == VIP_ANNOUNCED || to == VIP_ABSENT || from == VIP_ANNOUNCED;
	const int level = end ? LOG_INFO : LOG_DEBUG;
	char text[PREFIX_TEXT_MAX];

	if (level > log_level())
		return;
	if (log->n_lines == 0) {
		sd_event_source_set_time_relative(log->timer, WINDOW_US);
		sd_event_source_set_enabled(log->timer, SD_EVENT_ONESHOT);
	}
	if (log->n_lines == LINES_MAX) {
		log->more[from][to]++;
		return;
	}
	log->n_lines++;
	vip_format(text, vip);
	log_event(level, EVENT_VIP_STATE, LOG_FIELDS({"VIP", text}, {"STATE", vip_state_name(to)}),
		  "VIP %s: %s -> %s", text, vip_state_name(from), vip_state_name(to));
}
