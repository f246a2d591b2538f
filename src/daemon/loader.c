/* loader.c: generations as pieces of work */
#include "daemon/loader.h"
#include "base/heap.h"
#include "config/diag.h"
#include "config/source.h"
#include "daemon/daemon.h"
#include "daemon/lease.h"
#include "daemon/password_file.h"
#include "daemon/worker.h"
#include "plan/leases.h"

#include <stdlib.h>

struct load {
	const struct daemon_options *options;
	struct source_set *sources; /* NULL: our own files */
	char *leases;
	struct generation *result;
	loader_done_fn fn;
	void *arg;
};

static void work(void *arg)
{
	struct load *l = arg;
	struct diags *diags = NULL;
	struct leases *leases;
	const bool own = !l->sources; /* whoever sends files must not learn what others may read */

	if (own) {
		l->sources = source_set_new();
		diags = diags_new(l->sources);
		config_files_read(&l->options->files, l->sources, diags);
	}
	leases = lease_parse(l->leases);
	l->result = generation_new(l->sources, diags, l->options->node, leases);
	leases_free(leases);
	if (own)
		password_files_read(l->result);
	l->sources = NULL;
}

static void done(void *arg, bool dropped)
{
	struct load *l = arg;

	source_set_free(l->sources);
	if (dropped) {
		generation_unref(l->result);
		l->fn(l->arg, NULL);
	} else {
		l->fn(l->arg, l->result);
	}
	free(l->leases);
	free(l);
}

void loader_queue(struct worker *worker, const struct daemon_options *options,
		  struct source_set *take_sources, const char *leases, loader_done_fn fn, void *arg)
{
	struct load *l = heap_new_of(struct load);

	*l = (struct load){.options = options,
			   .sources = take_sources,
			   .leases = heap_strdup(leases),
			   .fn = fn,
			   .arg = arg};
	worker_queue(worker, &(const struct work){
				     .work = work, .done = done, .arg = l, .first = !take_sources});
}
