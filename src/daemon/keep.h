/* keep.h: what the state folder has to hold, written by the worker and tried again until it is
 * there
 *
 * A folder that is full, read-only or gone holds up nothing: what runs is in memory.  A file that
 * can't be written is told once, and once more when it could; a folder that is gone is made again.
 * Of each file only what was wanted last counts.
 */
#ifndef MLBGPD_DAEMON_KEEP_H
#define MLBGPD_DAEMON_KEEP_H

#include <stdbool.h>
#include <systemd/sd-event.h>

struct keep;
struct text;
struct worker;

enum keep_file { KEEP_LEASES, KEEP_LAST_GOOD, KEEP_UNCONFIRMED, KEEP_COUNT };

struct keep_what {
	int (*write)(const char *state_dir, const void *arg); /* 0 or -errno; worker's thread */
	void (*free)(void *arg); /* loop's thread */
	void *arg;
};

/* All that was wanted has been tried. */
typedef void (*keep_idle_fn)(void *arg);

/* state_dir and the worker are borrowed; the worker ends first.  0 or -errno. */
int keep_new(struct keep **ret, sd_event *event, struct worker *worker, const char *state_dir,
	     keep_idle_fn fn, void *arg);
/* NULL does nothing. */
void keep_free(struct keep *keep);
/* Takes what is wanted, to be freed by its function. */
void keep_write(struct keep *keep, enum keep_file file, struct keep_what take);
/* Is something being written? */
bool keep_is_busy(const struct keep *keep);
/* Why a file is not what it should be, in words; NULL: it is, as far as is known. */
const char *keep_problem(const struct keep *keep, enum keep_file file);
/* Adds a line of warning for each. */
void keep_problems(const struct keep *keep, struct text *out);

#endif
