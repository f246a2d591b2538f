/* loader.h: loads a configuration in the worker */
#ifndef MLBGPD_DAEMON_LOADER_H
#define MLBGPD_DAEMON_LOADER_H

#include "daemon/generation.h"

struct daemon_options;
struct worker;

/* Gets the result, which is now the callee's; in the loop's thread.  NULL: the daemon ends. */
typedef void (*loader_done_fn)(void *arg, struct generation *take);

/* Reads our own files (sources NULL; goes before those who only ask) or takes those given, and
 * plans for our node with leases (as in their file; copied); then calls fn.  The options are
 * borrowed as long as the worker lives. */
void loader_queue(struct worker *worker, const struct daemon_options *options,
		  struct source_set *take_sources, const char *leases, loader_done_fn fn,
		  void *arg);

#endif
