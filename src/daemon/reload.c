/* reload.c: one reload at a time: loading (in the worker), applying, the verdict */
#include "daemon/reload.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "config/diag.h"
#include "daemon/apply.h"
#include "daemon/changes.h"
#include "daemon/confirm.h"
#include "daemon/control.h"
#include "daemon/exit_status.h"
#include "daemon/findings.h"
#include "daemon/generation.h"
#include "daemon/keep.h"
#include "daemon/loader.h"
#include "daemon/notify.h"
#include "daemon/pending.h"
#include "daemon/state.h"
#include "daemon/vips.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const uint64_t APPLY_PATIENCE_US = 10000000;
static const char the_daemon_stops[] = "mlbgpd: the daemon stops\n";
enum { FAILURES_TOLD = 5 };

static void start(struct daemon *d);

static void remember(struct daemon *d, bool ok, size_t errors, char *take_first_error)
{
	struct reload *r = &d->reload;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	r->wall_us = now.tv_sec * 1000000LL + now.tv_nsec / 1000;
	r->ok = ok;
	r->errors = errors;
	free(r->first_error);
	r->first_error = take_first_error;
	free(r->taken_back);
	r->taken_back = NULL;
}

/* Tells all who wait, and goes on with who came later. */
static void finish(struct daemon *d, int status, const char *words)
{
	struct reload *r = &d->reload;

	for (size_t i = 0; i < r->waiters.n; i++) {
		struct control_client *client = control_find(d->control, r->waiters.at[i]);

		if (!client)
			continue;
		if (words && *words)
			control_send_text(client, words);
		control_end(client, status);
	}
	r->waiters.n = 0;
	r->step = RELOAD_IDLE;
	sd_event_source_set_enabled(r->deadline, SD_EVENT_OFF);
	notify_ready(d);
	if (r->again)
		start(d);
}

static void refuse(struct daemon *d, struct generation *g)
{
	size_t errors = diags_errors(g->diags);
	const char *plural = errors == 1 ? "" : "s";
	char *all = findings_text(g->diags);
	struct text words = {0};

	findings_log(g->diags);
	log_event(LOG_ERR, EVENT_RELOAD_REFUSED, LOG_NO_FIELDS,
		  "reload refused: %zu error%s, nothing has changed", errors, plural);
	text_addf(&words, "%smlbgpd: reload refused: %zu error%s, nothing has changed\n", all,
		  errors, plural);
	d->stale = true;
	remember(d, false, errors, findings_first_error(g->diags));
	finish(d, EXIT_INVALID, words.text);
	text_fini(&words);
	free(all);
	generation_unref(g);
}

struct failures {
	struct text *words;
	size_t told;
};

static void tell_failure(void *arg, const struct vip_status *status)
{
	struct failures *f = arg;

	if (f->told++ >= FAILURES_TOLD)
		return;
	text_add(f->words, "mlbgpd: ");
	vip_status_text(f->words, status);
	text_add(f->words, "\n");
}

/* What the kernel did not take, in words. */
static size_t failures(const struct daemon *d, struct text *words)
{
	struct failures f = {.words = words};
	size_t failed = vips_missing(d->vips, tell_failure, &f);

	if (failed > FAILURES_TOLD)
		text_addf(words, "mlbgpd: and %zu more\n", failed - FAILURES_TOLD);
	return failed;
}

static void conclude(struct daemon *d)
{
	struct text words = {0};
	size_t failed;
	char *all;

	all = findings_text(d->running->diags);
	text_add(&words, all);
	free(all);
	failed = failures(d, &words);
	if (failed > 0)
		text_addf(&words, "mlbgpd: accepted, but %zu VIP%s not on the interface yet\n",
			  failed, failed == 1 ? " is" : "s are");
	keep_problems(d->keep, &words);
	remember(d, true, 0, NULL);
	if (confirm_is_on(d) && d->reload.confirm_us > 0)
		text_addf(&words,
			  "mlbgpd: on trial: it goes back in %lld s, or when a session that was "
			  "good goes down; keep it by: mlbgpd confirm\n",
			  (long long)confirm_seconds_left(d));
	finish(d, failed > 0 ? EXIT_SYSTEM : EXIT_WELL, words.text);
	text_fini(&words);
}

static int on_apply_soon(sd_event_source *source, void *arg);

/* Not in the turn of the loop in which it came and was compared: each takes its time. */
static void apply_soon(struct daemon *d, struct generation *take)
{
	struct reload *r = &d->reload;

	r->step = RELOAD_APPLYING;
	r->take = take;
	if (!r->apply_soon && sd_event_add_defer(d->event, &r->apply_soon, on_apply_soon, d) < 0)
		abort();
	sd_event_source_set_enabled(r->apply_soon, SD_EVENT_ONESHOT);
}

/* Kernel and state folder get what they are to have; reload_on_settled() tells when they have it.
 */
static void apply(struct daemon *d, struct generation *take)
{
	sd_event_source_set_time_relative(d->reload.deadline, APPLY_PATIENCE_US);
	sd_event_source_set_enabled(d->reload.deadline, SD_EVENT_ONESHOT);
	apply_generation(d, take);
	reload_on_settled(d);
}

static void let_go(struct daemon *d)
{
	generation_unref(d->reload.take);
	d->reload.take = NULL;
}

static int on_apply_soon(sd_event_source *source, void *arg)
{
	struct daemon *d = arg;
	struct generation *take = d->reload.take;

	(void)source;
	if (!take)
		return 0;
	if (d->phase == DAEMON_STOPPING) {
		let_go(d);
		finish(d, EXIT_INVALID, the_daemon_stops);
		return 0;
	}
	d->reload.take = NULL;
	apply(d, take);
	return 0;
}

static void take_over(struct daemon *d, struct generation *take)
{
	char *changes;

	changes_expect(d->running->plan, take->plan);
	changes = changes_summary(d->running->plan, take->plan);
	findings_log(take->diags);
	pending_log(d->running, take);
	log_event(LOG_INFO, EVENT_RELOADED, LOG_NO_FIELDS, "reloaded: %s", changes);
	free(changes);
	d->stale = false;
	d->from_last_good = false;
	if (d->reload.confirm_us > 0)
		confirm_begin(d, take, d->reload.confirm_us);
	else
		confirm_end(d);
	apply_soon(d, take);
}

void reload_take_back(struct daemon *d, struct generation *take_before, char *take_why)
{
	struct reload *r = &d->reload;
	struct text words = {0};
	char *changes;

	let_go(d);
	/* who still waits for the kernel to have what is taken back */
	if (r->step == RELOAD_APPLYING) {
		text_addf(&words, "mlbgpd: taken back: %s\n", take_why);
		finish(d, EXIT_INVALID, words.text);
		text_fini(&words);
	}
	changes_expect(d->running->plan, take_before->plan);
	changes = changes_summary(d->running->plan, take_before->plan);
	log_event(LOG_INFO, EVENT_RELOADED, LOG_NO_FIELDS, "runs what ran before: %s", changes);
	free(changes);
	remember(d, false, 0, NULL);
	r->taken_back = take_why;
	d->stale = true;
	apply_generation(d, take_before);
}

char *reload_stale_words(const struct daemon *d)
{
	const struct reload *r = &d->reload;
	struct text t = {0};

	if (!d->stale)
		return NULL;
	if (d->from_last_good)
		text_add(&t, "runs from the last good documents: ");
	if (r->taken_back)
		text_addf(&t, "the newest configuration was on trial and is taken back: %s",
			  r->taken_back);
	else
		text_addf(&t, "the newest configuration was refused (%zu error%s)%s%s", r->errors,
			  r->errors == 1 ? "" : "s", r->first_error ? ": " : "",
			  r->first_error ? r->first_error : "");
	return text_take(&t);
}

static void on_loaded(void *arg, struct generation *take)
{
	struct daemon *d = arg;

	if (!take)
		return;
	if (d->phase == DAEMON_STOPPING) {
		generation_unref(take);
		finish(d, EXIT_INVALID, the_daemon_stops);
	} else if (generation_ok(take)) {
		take_over(d, take);
	} else {
		refuse(d, take);
	}
}

static int on_deadline(sd_event_source *source, uint64_t usec, void *arg)
{
	struct daemon *d = arg;

	(void)source;
	(void)usec;
	if (d->reload.step == RELOAD_APPLYING)
		conclude(d);
	return 0;
}

static void start(struct daemon *d)
{
	struct reload *r = &d->reload;

	if (!r->deadline && sd_event_add_time_relative(d->event, &r->deadline, CLOCK_MONOTONIC, 0,
						       100000, on_deadline, d) < 0)
		abort();
	sd_event_source_set_enabled(r->deadline, SD_EVENT_OFF);
	r->again = false;
	for (size_t i = 0; i < r->next_waiters.n; i++)
		*array_add(&r->waiters) = r->next_waiters.at[i];
	r->next_waiters.n = 0;
	r->confirm_us = r->next_confirm_us;
	r->step = RELOAD_LOADING;
	notify_reloading(d);
	loader_queue(d->worker, d->options, NULL, d->leases, on_loaded, d);
}

void reload_request(struct daemon *d, uint64_t client, int64_t confirm_us)
{
	struct reload *r = &d->reload;

	if (client)
		*array_add(&r->next_waiters) = client;
	if (!r->again || confirm_us < r->next_confirm_us)
		r->next_confirm_us = confirm_us;
	if (r->step == RELOAD_IDLE)
		start(d);
	else
		r->again = true;
}

void reload_refused_at_start(struct daemon *d, const struct diags *diags)
{
	d->stale = true;
	d->from_last_good = true;
	if (diags) {
		d->reload.errors = diags_errors(diags);
		d->reload.first_error = findings_first_error(diags);
	} else {
		d->reload.taken_back = heap_strdup("it was not confirmed before the daemon ended");
	}
}

void reload_on_settled(struct daemon *d)
{
	if (d->reload.step == RELOAD_APPLYING && !d->reload.take && vips_are_settled(d->vips) &&
	    !keep_is_busy(d->keep))
		conclude(d);
}

void reload_fini(struct daemon *d)
{
	array_fini(&d->reload.waiters);
	array_fini(&d->reload.next_waiters);
	free(d->reload.first_error);
	free(d->reload.taken_back);
	let_go(d);
	sd_event_source_disable_unref(d->reload.apply_soon);
	sd_event_source_disable_unref(d->reload.deadline);
}
