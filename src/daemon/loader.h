/* loader.h: loads configurations in a thread of its own, one at a time
 *
 * The worker touches nothing but the job that it was given; the result comes back to the loop by an
 * eventfd.  Jobs wait in a queue.
 */
#ifndef MLBGPD_DAEMON_LOADER_H
#define MLBGPD_DAEMON_LOADER_H

#include "daemon/generation.h"

#include <systemd/sd-event.h>

struct loader;

/* Gets the result, which is now the callee's; in the loop's thread. */
typedef void (*loader_done_fn)(void *arg, struct generation *take);

/* Files and node are borrowed as long as the loader lives.  0 or -errno. */
int loader_new(struct loader **ret, sd_event *event, const struct config_files *files,
	       const char *node);
/* Waits for a running job; what waits is dropped without a call.  NULL does nothing. */
void loader_free(struct loader *loader);

/* Reads our own files (sources NULL) or takes those given, and plans; then calls fn. */
void loader_queue(struct loader *loader, struct source_set *take_sources, loader_done_fn fn,
		  void *arg);
size_t loader_queued(const struct loader *loader);

#endif
