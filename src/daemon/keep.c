/* keep.c: a slot for each file: what it has to hold, and what became of it */
#include "daemon/keep.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "daemon/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const uint64_t RETRY_US = 15000000;

/* What a file is for, and what its absence means. */
static const struct {
	const char *what, *then;
} words[KEEP_COUNT] = {
	[KEEP_LEASES] = {"the addresses given out", "they may move at the next start"},
	[KEEP_LAST_GOOD] = {"the accepted documents",
			    "a start with an invalid file would not have them"},
	[KEEP_UNCONFIRMED] = {"what is on trial or confirmed",
			      "a start would not know whether its files are confirmed"},
};

struct slot {
	struct keep_what retry; /* write NULL: nothing is to be tried again */
	unsigned wanted; /* counts keep_write() */
	int error; /* of the last attempt */
	char *problem; /* the same in words; NULL: none */
};

struct keep {
	struct worker *worker;
	const char *state_dir;
	keep_idle_fn fn;
	void *arg;
	sd_event_source *retry;
	size_t writing;
	struct slot slots[KEEP_COUNT];
};

struct job {
	struct keep *keep;
	enum keep_file file;
	unsigned number; /* of what is written: slot.wanted at its time */
	struct keep_what what;
	int result;
	bool made_folder;
};

static void drop(struct keep_what *what)
{
	if (what->write)
		what->free(what->arg);
	*what = (struct keep_what){0};
}

/* In the worker. */
static void work(void *arg)
{
	struct job *job = arg;
	const char *dir = job->keep->state_dir;

	job->result = job->what.write(dir, job->what.arg);
	if (job->result != -ENOENT || mkdir(dir, 0700) < 0)
		return;
	job->made_folder = true;
	job->result = job->what.write(dir, job->what.arg);
}

static void tell(struct keep *k, enum keep_file file, int error)
{
	struct slot *slot = &k->slots[file];
	struct text t = {0};

	if (error == slot->error)
		return;
	slot->error = error;
	free(slot->problem);
	slot->problem = NULL;
	if (error == 0) {
		log_event(LOG_INFO, EVENT_STATE_FOLDER, LOG_NO_FIELDS, "kept in %s again: %s",
			  k->state_dir, words[file].what);
		return;
	}
	text_addf(&t, "%s can't be kept in %s: %s; %s", words[file].what, k->state_dir,
		  strerror(-error), words[file].then);
	slot->problem = text_take(&t);
	log_event(LOG_WARNING, EVENT_STATE_FOLDER, LOG_NO_FIELDS, "%s", slot->problem);
}

static void done(void *arg, bool dropped)
{
	struct job *job = arg;
	struct keep *k = job->keep;
	struct slot *slot = &k->slots[job->file];

	(void)dropped;
	k->writing--;
	if (job->made_folder)
		log_event(LOG_WARNING, EVENT_STATE_FOLDER, LOG_NO_FIELDS,
			  "the state folder %s was gone: made again", k->state_dir);
	tell(k, job->file, job->result);
	if (job->result < 0 && job->number == slot->wanted) {
		slot->retry = job->what;
		sd_event_source_set_time_relative(k->retry, RETRY_US);
		sd_event_source_set_enabled(k->retry, SD_EVENT_ONESHOT);
	} else {
		drop(&job->what);
	}
	free(job);
	if (k->writing == 0 && !dropped)
		k->fn(k->arg);
}

static void queue(struct keep *k, enum keep_file file, struct keep_what take)
{
	struct job *job = heap_new_of(struct job);

	*job = (struct job){.keep = k, .file = file, .number = k->slots[file].wanted, .what = take};
	k->writing++;
	worker_queue(k->worker,
		     &(const struct work){
			     .work = work, .done = done, .arg = job, .must = true, .first = true});
}

static int on_retry(sd_event_source *source, uint64_t usec, void *arg)
{
	struct keep *k = arg;

	(void)source;
	(void)usec;
	for (enum keep_file i = 0; i < KEEP_COUNT; i++) {
		struct keep_what again = k->slots[i].retry;

		k->slots[i].retry = (struct keep_what){0};
		if (again.write)
			queue(k, i, again);
	}
	return 0;
}

int keep_new(struct keep **ret, sd_event *event, struct worker *worker, const char *state_dir,
	     keep_idle_fn fn, void *arg)
{
	struct keep *k = heap_new_of(struct keep);
	int r;

	*k = (struct keep){.worker = worker, .state_dir = state_dir, .fn = fn, .arg = arg};
	r = sd_event_add_time_relative(event, &k->retry, CLOCK_MONOTONIC, RETRY_US, 1000000,
				       on_retry, k);
	if (r < 0) {
		free(k);
		return r;
	}
	sd_event_source_set_enabled(k->retry, SD_EVENT_OFF);
	*ret = k;
	return 0;
}

void keep_free(struct keep *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < KEEP_COUNT; i++) {
		drop(&k->slots[i].retry);
		free(k->slots[i].problem);
	}
	sd_event_source_disable_unref(k->retry);
	free(k);
}

void keep_write(struct keep *k, enum keep_file file, struct keep_what take)
{
	struct slot *slot = &k->slots[file];

	slot->wanted++;
	drop(&slot->retry);
	queue(k, file, take);
}

bool keep_is_busy(const struct keep *k)
{
	return k->writing > 0;
}

const char *keep_problem(const struct keep *k, enum keep_file file)
{
	return k->slots[file].problem;
}

void keep_problems(const struct keep *k, struct text *out)
{
	for (size_t i = 0; i < KEEP_COUNT; i++)
		if (k->slots[i].problem)
			text_addf(out, "mlbgpd: warning: %s\n", k->slots[i].problem);
}
