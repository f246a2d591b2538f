/* load.h: the configuration that a command means: its FILE arguments, else --config, else ours */
#ifndef MLBGPD_CMD_LOAD_H
#define MLBGPD_CMD_LOAD_H

#include "cmd/options.h"
#include "daemon/generation.h"

/* Borrowed from the options. */
struct config_files load_files(const struct options *options);
/* Reads, checks and plans (with --all-nodes: plans not); findings are in it.  Never NULL. */
struct generation *load_files_of(const struct config_files *files, const struct options *options);
/* Findings to stderr, and an end word where it is not good.  The exit status. */
int load_report(const struct generation *generation, bool strict);

/* Plans for every Node document in turn (where there is none: for the node that we are); what each
 * finds is added to the generation's findings, once.  fn may be NULL; the plan is borrowed. */
typedef void (*load_node_fn)(void *arg, struct plan *plan, const struct diags *diags);
void load_each_node(struct generation *generation, load_node_fn fn, void *arg);

#endif
