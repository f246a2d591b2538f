/* generation.h: one configuration with all that was made of it, which lives and dies together
 *
 * files -> sources -> model -> plan, with the findings on the way.  Made in any thread, used in the
 * main one.  Counted: a report that is still being written holds on to the one it began with.
 */
#ifndef MLBGPD_DAEMON_GENERATION_H
#define MLBGPD_DAEMON_GENERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct diags;
struct leases;
struct model;
struct node;
struct plan;
struct source_set;

struct generation {
	struct source_set *sources;
	struct diags *diags;
	struct model *model; /* NULL where there was an error */
	struct plan *plan; /* likewise */
	int64_t wall_us; /* CLOCK_REALTIME, when it was made */
	unsigned refs; /* main thread only */
};

/* Which files: names as --config has them; none: /etc/mlbgpd.yaml and /etc/mlbgpd.d. */
struct config_files {
	const char *const *names;
	size_t n;
};

/* Reads the files into sources; what can't be read is an error in diags. */
void config_files_read(const struct config_files *files, struct source_set *sources,
		       struct diags *diags);

/* Loads, checks and plans for a node (NULL: as config_load()), with leases (NULL:
 * with none; only read).  Takes the sources; diags may be NULL, or hold what the reading found.
 * Never NULL; generation_ok() tells whether it is good.  Any thread. */
struct generation *generation_new(struct source_set *take_sources, struct diags *take_diags,
				  const char *node, const struct leases *leases);
/* The same without the plan: for a command that plans for other nodes. */
struct generation *generation_new_unplanned(struct source_set *take_sources,
					    struct diags *take_diags, const char *node);
struct generation *generation_ref(struct generation *generation);
/* NULL does nothing. */
void generation_unref(struct generation *generation);
/* No error, and a model stands. */
bool generation_ok(const struct generation *generation);

#endif
