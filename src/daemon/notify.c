/* notify.c: sd_notify with the words of `systemctl status` */
#include "daemon/notify.h"
#include "base/clock.h"
#include "base/text.h"
#include "daemon/state.h"
#include "daemon/vips.h"
#include "plan/plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>

static void add_status(const struct daemon *d, struct text *t)
{
	size_t n_peers, n_vips;

	(void)plan_peers(d->running->plan, &n_peers);
	(void)plan_vips(d->running->plan, &n_vips);
	text_addf(t, "STATUS=%zu of %zu peers established, %zu of %zu VIPs announced%s",
		  d->n_established, n_peers, vips_count_state(d->vips, VIP_ANNOUNCED), n_vips,
		  d->stale ? "; the newest configuration was refused" : "");
}

void notify_status(struct daemon *d)
{
	struct text t = {0};

	if (d->phase != DAEMON_RUNNING)
		return;
	add_status(d, &t);
	if (text_equal(t.text, d->status)) {
		text_fini(&t);
		return;
	}
	free(d->status);
	d->status = text_take(&t);
	sd_notify(0, d->status);
}

void notify_ready(struct daemon *d)
{
	if (d->phase != DAEMON_RUNNING)
		return;
	sd_notify(0, "READY=1");
	free(d->status);
	d->status = NULL;
	notify_status(d);
}

void notify_reloading(const struct daemon *d)
{
	if (d->phase == DAEMON_RUNNING)
		sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIi64 "\nSTATUS=reads its files",
			   monotime_now().us);
}

void notify_stopping(const struct daemon *d)
{
	(void)d;
	sd_notify(0, "STOPPING=1\nSTATUS=withdraws its routes and stops");
}
