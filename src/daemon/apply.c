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
#include "bfd/engine.h"
#include "bgp/speaker.h"
#include "daemon/confirm.h"
#include "daemon/keep.h"
#include "daemon/last_good.h"
#include "daemon/lease.h"
#include "daemon/metrics_http.h"
#include "daemon/state.h"
#include "daemon/vips.h"
#include "kernel/link.h"
#include "plan/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int write_leases(const char *state_dir, const void *bytes)
{
	return lease_write(state_dir, bytes, strlen(bytes));
}

/* The next plan begins with these, whatever the state folder has. */
static void remember_leases(struct daemon *d)
{
	struct text bytes = {0};

	lease_format(d->running->plan, &bytes);
	free(d->leases);
	d->leases = text_take(&bytes);
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
	keep_write(d->keep, KEEP_LEASES,
		   (struct keep_what){write_leases, free, heap_strdup(d->leases)});
	if (!d->from_last_good)
		last_good_keep(d->keep, d->running);
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
	bfd_want(d->bfd, take->plan);
	vips_commit(d->vips);
	metrics_http_want(d->metrics, settings->metrics_address);
	generation_unref(old);
	remember_leases(d);
	if (!confirm_is_on(d))
		apply_keep(d);
	log_debug("the plan was applied in %lld us",
		  (long long)monotime_since_us(monotime_now(), begin));
}
