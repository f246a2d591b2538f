/* apply.c: orders the phases of a change of plans
 *
 *	1. VIPs that stay announced: their gates are opened in the new plan, so that
 *	2. the speaker finds the same routes there, and sends only what differs
 *	   (a VIP that leaves is withdrawn by this step),
 *	3. new VIPs go on the interface; they are announced once they stand,
 *	   and those that leave are held, then taken off,
 *	4. the addresses that were given out are kept for the next start, and the documents too,
 *	   where they do not come from there; what is on trial is kept once it is confirmed.
 */
#include "daemon/apply.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "bgp/speaker.h"
#include "daemon/confirm.h"
#include "daemon/last_good.h"
#include "daemon/lease.h"
#include "daemon/metrics_http.h"
#include "daemon/state.h"
#include "daemon/vips.h"
#include "daemon/worker.h"
#include "kernel/link.h"
#include "plan/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct lease_work {
	struct daemon *daemon; /* the loop's alone */
	const char *state_dir;
	char *bytes;
	int result;
};

static void write_leases(void *arg)
{
	struct lease_work *w = arg;

	w->result = lease_write(w->state_dir, w->bytes, strlen(w->bytes));
	if (w->result < 0)
		log_warning("leases can't be written to %s: %s; tried again at the next reload",
			    w->state_dir, strerror(-w->result));
}

static void leases_written(void *arg, bool dropped)
{
	struct lease_work *w = arg;

	(void)dropped;
	if (w->result < 0) {
		free(w->daemon->leases);
		w->daemon->leases = NULL;
	}
	free(w->bytes);
	free(w);
}

/* Written by the worker, where they differ from what was written last. */
static void keep_leases(struct daemon *d)
{
	struct text bytes = {0};
	struct lease_work *w;

	lease_format(d->running->plan, &bytes);
	if (text_equal(bytes.text, d->leases)) {
		text_fini(&bytes);
		return;
	}
	free(d->leases);
	d->leases = text_take(&bytes);
	w = heap_new_of(struct lease_work);
	*w = (struct lease_work){
		.daemon = d, .state_dir = d->options->state_dir, .bytes = heap_strdup(d->leases)};
	worker_queue(d->worker, &(const struct work){.work = write_leases,
						     .done = leases_written,
						     .arg = w,
						     .must = true,
						     .first = true});
}

/* Where it fails, its VIPs wait for the interface. */
static void create_interface(const struct daemon_settings *settings)
{
	int r;

	if (!settings->create_interface || link_find(settings->vip_interface) != 0)
		return;
	r = link_create_dummy(settings->vip_interface);
	if (r < 0)
		log_event(LOG_ERR, EVENT_KERNEL_ERROR, LOG_NO_FIELDS,
			  "interface %s can't be created as a dummy device: %s%s",
			  settings->vip_interface, strerror(-r),
			  r == -EOPNOTSUPP ? " (this kernel has none: create an interface of "
					     "another type, or use lo)"
					   : "");
	else
		log_info("interface %s created", settings->vip_interface);
}

void apply_keep(struct daemon *d)
{
	keep_leases(d);
	if (!d->from_last_good)
		last_good_keep(d->worker, d->options->state_dir, d->running);
}

void apply_generation(struct daemon *d, struct generation *take)
{
	struct generation *old = d->running;
	const struct daemon_settings *settings = plan_settings(take->plan);
	const struct monotime begin = monotime_now();

	d->running = take;
	log_set_level(d->options->log_level >= 0 ? d->options->log_level : settings->log_level);
	create_interface(settings);
	vips_prepare(d->vips, take->plan);
	d->n_listening = speaker_listen(d->speaker, settings->listen.at, settings->listen.n);
	speaker_want(d->speaker, take->plan);
	vips_commit(d->vips);
	metrics_http_want(d->metrics, settings->metrics_address);
	generation_unref(old);
	if (!confirm_is_on(d))
		apply_keep(d);
	log_debug("the plan was applied in %lld us",
		  (long long)monotime_since_us(monotime_now(), begin));
}
