/* daemon.h: the daemon in the foreground, from the first check to the orderly stop */
#ifndef MLBGPD_DAEMON_DAEMON_H
#define MLBGPD_DAEMON_DAEMON_H

#include "daemon/generation.h"

#include <stdbool.h>

struct daemon_options {
	struct config_files files;
	const char *node; /* NULL: as config_load() */
	const char *socket;
	const char *state_dir;
	int log_level; /* -1: the configuration's */
	bool no_fallback;
};

/* Runs until told to stop; the exit status (exit_status.h). */
int daemon_run(const struct daemon_options *options);

#endif
