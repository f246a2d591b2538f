/* worker.h: work that would hold up the loop, in a thread of its own, one piece at a time
 *
 * The worker touches nothing but what its piece was given; that it is done comes back to the loop
 * by an eventfd.  Pieces wait in a queue.
 */
#ifndef MLBGPD_DAEMON_WORKER_H
#define MLBGPD_DAEMON_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

struct worker;

/* work runs in the thread; done in the loop's, after it, always, and frees what arg is.  dropped:
 * the worker ends and nobody wants the result. */
struct work {
	void (*work)(void *arg);
	void (*done)(void *arg, bool dropped);
	void *arg;
	bool must; /* done even at the end */
	bool first; /* goes before those that wait without it */
};

/* 0 or -errno. */
int worker_new(struct worker **ret, sd_event *event);
/* Waits for the running piece, does those that must be, drops the others.  NULL does nothing. */
void worker_free(struct worker *worker);
void worker_queue(struct worker *worker, const struct work *work);
/* Those that wait and the running one. */
size_t worker_queued(const struct worker *worker);

#endif
