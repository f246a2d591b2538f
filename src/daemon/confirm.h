/* confirm.h: reload --confirm: a configuration on trial, and the way back to the one before it
 *
 * A trial begins when a reload with a time is accepted, and ends in one of three ways:
 *
 *	confirmed      by `mlbgpd confirm`, or by a plain reload that is accepted meanwhile
 *	time over      what ran before runs again
 *	turned bad     the same, at once: something that was good before (a session) is so no more
 *
 * While it lasts, the last good documents are those from before, and the state folder names what is
 * on trial (file "unconfirmed"), so that a start after a crash does not take it for confirmed;
 *after going back that stays, until a reload is accepted or the files say something else.
 *
 * A session that the change itself restarts has all the time to come back; once it has, it counts
 *as good.  Runs in the loop's thread.
 */
#ifndef MLBGPD_DAEMON_CONFIRM_H
#define MLBGPD_DAEMON_CONFIRM_H

#include <stdbool.h>
#include <stdint.h>

struct daemon;
struct generation;
struct model;

#define CONFIRM_FILE "unconfirmed"
enum { CONFIRM_TIME_MIN_S = 1, CONFIRM_TIME_MAX_S = 86400 };

/* Is it a time that reload --confirm takes? */
bool confirm_time_ok(int64_t ns);
/* `take` is about to be applied in place of what runs: on trial for that long.  Keeps a reference
 * to what runs; where a trial is on already, what was before that one stays the way back. */
void confirm_begin(struct daemon *daemon, const struct generation *take, int64_t time_us);
/* What runs, or is about to, counts.  False where nothing was on trial. */
bool confirm_end(struct daemon *daemon);
/* Answers a client who confirmed, once that is written, or can't be. */
void confirm_answer(struct daemon *daemon, uint64_t client);
/* All that the state folder is to hold has been tried. */
void confirm_on_kept(struct daemon *daemon);
bool confirm_is_on(const struct daemon *daemon);
/* Seconds until it goes back by itself, rounded up; -1: nothing is on trial. */
int64_t confirm_seconds_left(const struct daemon *daemon);

/* A session came to or left Established.  Only noted: the way back is gone later, from the loop. */
void confirm_session_changed(struct daemon *daemon, const char *peer, bool established);
/* The administrator resets a session: that it goes down is nothing bad. */
void confirm_session_reset(struct daemon *daemon, const char *peer);
/* What was good before the trial is bad now ("peer a went down"): goes back soon. */
void confirm_turned_bad(struct daemon *daemon, const char *what);

/* Was this on trial, and never confirmed, when the daemon ended or went back? */
bool confirm_was_unconfirmed(const char *state_dir, const struct model *model);
void confirm_fini(struct daemon *daemon);

#endif
