/* options.h: the options of the command line, for all verbs */
#ifndef MLBGPD_CMD_OPTIONS_H
#define MLBGPD_CMD_OPTIONS_H

#include "base/array.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which options a verb takes; the common ones are taken by all, before the verb or behind it. */
enum {
	TAKES_JSON = 1 << 0,
	TAKES_STRICT = 1 << 1,
	TAKES_ALL_NODES = 1 << 2,
	TAKES_STATS = 1 << 3,
	TAKES_PIN = 1 << 4,
	TAKES_FROM = 1 << 5,
	TAKES_EXIT_CODE = 1 << 6,
	TAKES_WATCH = 1 << 7,
	TAKES_CONFIRM = 1 << 8,
	TAKES_ANYTHING = 1 << 9, /* of a verb that this version does not have: pass over all */
};

struct options {
	ARRAY(const char *) configs; /* --config */
	const char *node; /* NULL: $MLBGPD_NODE_NAME, the host's name */
	const char *socket;
	const char *state_dir; /* NULL: not given */
	int log_level; /* -1: the configuration's */
	bool no_fallback;
	bool json, strict, all_nodes, stats, pin, exit_code, watch;
	const char *from; /* --from OLD */
	const char *confirm;
	bool help, version;
	char **args; /* what stands behind the verb; borrowed from argv */
	size_t n_args;
};

void options_init(struct options *options);
void options_fini(struct options *options);

/* Reads options from argv[1] on, as far as the first word that is none where `first` is set (the
 * verb), else all, with the other words in args.  Returns the index of the first such word, or -1
 * after a complaint.  `verb` is for the complaint; takes: of the TAKES_* bits. */
int options_parse(struct options *options, int argc, char **argv, bool first, const char *verb,
		  unsigned takes);

#endif
