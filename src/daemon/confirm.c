/* confirm.c: the trial's clock, the sessions that are watched, the mark in the state folder */
#include "daemon/confirm.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "bgp/speaker.h"
#include "daemon/control.h"
#include "daemon/exit_status.h"
#include "daemon/generation.h"
#include "daemon/keep.h"
#include "daemon/reload.h"
#include "daemon/report.h"
#include "daemon/state.h"
#include "daemon/state_file.h"
#include "plan/diff.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

static const int64_t SECOND_US = 1000000;

bool confirm_time_ok(int64_t ns)
{
	return ns >= CONFIRM_TIME_MIN_S * 1000000000LL && ns <= CONFIRM_TIME_MAX_S * 1000000000LL;
}

bool confirm_is_on(const struct daemon *d)
{
	return d->trial.before != NULL;
}

int64_t confirm_seconds_left(const struct daemon *d)
{
	int64_t us;

	if (!confirm_is_on(d))
		return -1;
	us = monotime_since_us(d->trial.until, monotime_now());
	return us <= 0 ? 0 : (us + SECOND_US - 1) / SECOND_US;
}

/* --- the mark in the state folder ---------------------------------------------------------- */

static int write_mark(const char *state_dir, const void *digest)
{
	return digest ? state_file_write(state_dir, CONFIRM_FILE, digest, strlen(digest))
		      : state_file_remove(state_dir, CONFIRM_FILE);
}

/* digest NULL: the mark goes. */
static void mark(struct daemon *d, const char *digest)
{
	keep_write(d->keep, KEEP_UNCONFIRMED,
		   (struct keep_what){write_mark, free, digest ? heap_strdup(digest) : NULL});
}

bool confirm_was_unconfirmed(const char *state_dir, const struct model *model)
{
	char *digest = NULL;
	bool same = state_file_read(state_dir, CONFIRM_FILE, &digest) == 0 &&
		    strcmp(digest, model_digest(model)) == 0;

	free(digest);
	return same;
}

/* --- what is watched ----------------------------------------------------------------------- */

static size_t find(const struct trial *t, const char *peer)
{
	size_t i = 0;

	while (i < t->watched.n && strcmp(t->watched.at[i], peer) != 0)
		i++;
	return i;
}

static void watch(struct trial *t, const char *peer)
{
	if (find(t, peer) == t->watched.n)
		*array_add(&t->watched) = heap_strdup(peer);
}

static bool unwatch(struct trial *t, const char *peer)
{
	size_t i = find(t, peer);

	if (i == t->watched.n)
		return false;
	free(t->watched.at[i]);
	t->watched.at[i] = t->watched.at[--t->watched.n];
	return true;
}

static void unwatch_all(struct trial *t)
{
	while (t->watched.n > 0)
		free(t->watched.at[--t->watched.n]);
}

/* Those that are up, and that the change leaves alone. */
static void watch_established(struct daemon *d, const struct plan *next)
{
	const struct plan *now = d->running->plan;
	size_t n, n_peers;
	const char **up = report_established(d, &n);
	const struct plan_peer *old_peers = plan_peers(now, &n_peers);
	const struct plan_peer *new_peers = plan_peers(next, &n_peers);

	for (size_t i = 0; i < n; i++) {
		uint32_t was = plan_find_peer(now, up[i]), is = plan_find_peer(next, up[i]);

		if (was != PLAN_NONE && is != PLAN_NONE &&
		    plan_peer_cost(&old_peers[was], &new_peers[is], NULL, NULL) != COST_RESTART)
			watch(&d->trial, up[i]);
	}
	free(up);
}

void confirm_session_changed(struct daemon *d, const char *peer, bool established)
{
	struct text what = {0};

	if (!confirm_is_on(d) || d->phase == DAEMON_STOPPING)
		return;
	if (established) {
		watch(&d->trial, peer);
		return;
	}
	if (!unwatch(&d->trial, peer))
		return;
	text_addf(&what, "the session with peer %s went down", peer);
	confirm_turned_bad(d, what.text);
	text_fini(&what);
}

void confirm_session_reset(struct daemon *d, const char *peer)
{
	unwatch(&d->trial, peer);
}

/* --- the trial ----------------------------------------------------------------------------- */

static void clear(struct trial *t)
{
	t->before = NULL;
	free(t->bad);
	t->bad = NULL;
	unwatch_all(t);
	sd_event_source_set_enabled(t->deadline, SD_EVENT_OFF);
}

static void go_back(struct daemon *d)
{
	struct trial *t = &d->trial;
	struct generation *before = t->before;
	char *why = t->bad ? t->bad : heap_strdup("it was not confirmed in time");

	t->bad = NULL;
	clear(t);
	log_event(LOG_WARNING, EVENT_TAKEN_BACK, LOG_FIELDS({"REASON", why}),
		  "the configuration on trial is taken back: %s", why);
	reload_take_back(d, before, why);
}

static int on_deadline(sd_event_source *source, uint64_t usec, void *arg)
{
	struct daemon *d = arg;

	(void)source;
	(void)usec;
	if (confirm_is_on(d) && d->phase != DAEMON_STOPPING)
		go_back(d);
	return 0;
}

static void set_deadline(struct daemon *d, int64_t us)
{
	struct trial *t = &d->trial;

	if (!t->deadline && sd_event_add_time_relative(d->event, &t->deadline, CLOCK_MONOTONIC, 0,
						       10000, on_deadline, d) < 0)
		abort();
	sd_event_source_set_time_relative(t->deadline, (uint64_t)us);
	sd_event_source_set_enabled(t->deadline, SD_EVENT_ONESHOT);
}

void confirm_begin(struct daemon *d, const struct generation *take, int64_t time_us)
{
	struct trial *t = &d->trial;
	char text[DURATION_TEXT_MAX];

	if (!t->before)
		t->before = generation_ref(d->running);
	free(t->bad);
	t->bad = NULL;
	unwatch_all(t);
	watch_established(d, take->plan);
	t->until = monotime_add_us(monotime_now(), time_us);
	set_deadline(d, time_us);
	mark(d, model_digest(take->model));
	log_event(LOG_INFO, EVENT_ON_TRIAL, LOG_NO_FIELDS,
		  "the configuration is on trial for %s: it is taken back unless confirmed",
		  duration_format(text, time_us * 1000));
}

bool confirm_end(struct daemon *d)
{
	struct generation *before = d->trial.before;

	/* what was taken back earlier may have left its mark */
	mark(d, NULL);
	if (!before)
		return false;
	clear(&d->trial);
	generation_unref(before);
	log_event(LOG_INFO, EVENT_CONFIRMED, LOG_NO_FIELDS, "the configuration is confirmed");
	return true;
}

void confirm_answer(struct daemon *d, uint64_t client)
{
	*array_add(&d->trial.confirmers) = client;
}

void confirm_on_kept(struct daemon *d)
{
	struct text words = {0};

	keep_problems(d->keep, &words);
	while (d->trial.confirmers.n > 0) {
		uint64_t id = d->trial.confirmers.at[--d->trial.confirmers.n];
		struct control_client *client = control_find(d->control, id);

		if (!client)
			continue;
		if (words.len > 0)
			control_send_text(client, words.text);
		control_end(client, EXIT_WELL);
	}
	text_fini(&words);
}

void confirm_turned_bad(struct daemon *d, const char *what)
{
	if (!confirm_is_on(d) || d->trial.bad)
		return;
	d->trial.bad = heap_strdup(what);
	set_deadline(d, 0);
}

void confirm_fini(struct daemon *d)
{
	generation_unref(d->trial.before);
	free(d->trial.bad);
	unwatch_all(&d->trial);
	array_fini(&d->trial.watched);
	array_fini(&d->trial.confirmers);
	sd_event_source_disable_unref(d->trial.deadline);
}
