/* load.h: the configuration that a command means: its FILE arguments, else --config, else ours */
#ifndef MLBGPD_CMD_LOAD_H
#define MLBGPD_CMD_LOAD_H

#include "cmd/options.h"
#include "daemon/generation.h"

/* Borrowed from the options. */
struct config_files load_files(const struct options *options);
/* Reads, checks and plans; findings are in it.  Never NULL. */
struct generation *load_files_of(const struct config_files *files, const struct options *options);
/* Findings to stderr, and an end word where it is not good.  The exit status. */
int load_report(const struct generation *generation, bool strict);
/* For every Node document in turn: adds the findings of its plan to the generation's. */
void load_check_all_nodes(struct generation *generation);

#endif
