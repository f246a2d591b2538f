/* apply.c: orders the phases of a change of plans
 *
 *	1. VIPs that stay announced: their gates are opened in the new plan, so that
 *	2. the speaker finds the same routes there, and sends only what differs
 *	   (a VIP that leaves is withdrawn by this step),
 *	3. new VIPs go on the interface; they are announced once they stand,
 *	   and those that leave are held, then taken off.
 */
#include "daemon/apply.h"
#include "base/log.h"
#include "bgp/speaker.h"
#include "daemon/state.h"
#include "daemon/vips.h"
#include "plan/plan.h"

void apply_generation(struct daemon *d, struct generation *take)
{
	struct generation *old = d->running;
	const struct daemon_settings *settings = plan_settings(take->plan);

	d->running = take;
	log_set_level(d->options->log_level >= 0 ? d->options->log_level : settings->log_level);
	vips_prepare(d->vips, take->plan);
	d->n_listening = speaker_listen(d->speaker, settings->listen, settings->n_listen);
	speaker_want(d->speaker, take->plan);
	vips_commit(d->vips);
	generation_unref(old);
}
