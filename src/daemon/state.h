/* state.h: the running daemon: its engines, its running plan, what the last reload did
 *
 * One for a process, made by daemon.c.  Everything in it is the loop's thread's.
 */
#ifndef MLBGPD_DAEMON_STATE_H
#define MLBGPD_DAEMON_STATE_H

#include "base/array.h"
#include "base/clock.h"
#include "daemon/daemon.h"
#include "daemon/generation.h"
#include "daemon/loop.h"

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct bfd_engine;
struct control;
struct keep;
struct link_watch;
struct metrics_http;
struct speaker;
struct vips;
struct worker;

enum daemon_phase { DAEMON_STARTING, DAEMON_RUNNING, DAEMON_STOPPING };

/* reload --confirm (confirm.h) */
struct trial {
	struct generation *before; /* what to go back to; NULL: nothing is on trial */
	struct monotime until;
	sd_event_source *deadline;
	ARRAY(char *) watched; /* peers whose sessions are good; owned */
	char *bad; /* what has turned bad; NULL: nothing */
	ARRAY(uint64_t) confirmers; /* clients who wait until it is written */
};

/* One reload at a time; whoever asks meanwhile gets the next one. */
struct reload {
	enum reload_step { RELOAD_IDLE, RELOAD_LOADING, RELOAD_APPLYING } step;
	bool again; /* asked for while one was running */
	ARRAY(uint64_t) waiters; /* clients to tell the verdict of this one */
	ARRAY(uint64_t) next_waiters;
	int64_t confirm_us; /* this one is on trial for so long; 0: it is not */
	int64_t next_confirm_us; /* likewise */
	struct generation *take; /* accepted, to be applied in the next turn of the loop */
	sd_event_source *apply_soon;
	sd_event_source *deadline; /* of applying */
	/* the last verdict */
	int64_t wall_us; /* CLOCK_REALTIME; 0: never */
	bool ok;
	size_t errors;
	char *first_error; /* in words; NULL: none */
	char *taken_back; /* the newest files were on trial: why no more; NULL: they were not */
};

struct daemon {
	const struct daemon_options *options;
	sd_event *event;
	enum daemon_phase phase;
	struct monotime started;
	struct loop_turns turns;
	struct generation *running;
	struct vips *vips;
	struct link_watch *links;
	char link_words[64]; /* what happened to an interface */
	struct speaker *speaker;
	struct bfd_engine *bfd;
	struct worker *worker;
	struct keep *keep;
	struct control *control;
	struct metrics_http *metrics;
	struct reload reload;
	struct trial trial;
	char *leases; /* of the running plan, as lease_format() */
	char *status; /* what systemd was told last */
	bool stale; /* the newest file is not the running one */
	bool from_last_good; /* the running one was read from the state folder */
	size_t n_listening;
	size_t n_established;
	sd_event_source *ready_deadline, *stop_tick, *status_soon;
	struct monotime stop_until, hold_until;
	bool stop_shut_down; /* sessions are closed, the VIPs leave */
	bool stop_hurry; /* asked twice */
};

#endif
