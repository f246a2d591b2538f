/* cmd.h: the command line: the daemon and its verbs */
#ifndef MLBGPD_CMD_CMD_H
#define MLBGPD_CMD_CMD_H

/* Exit statuses of all verbs. */
enum {
	EXIT_WELL = 0,
	EXIT_INVALID = 1, /* invalid configuration, or a refused request */
	EXIT_USAGE = 2,
	EXIT_NO_DAEMON = 3,
	EXIT_DIFFERENCES = 4,
	EXIT_SYSTEM = 5, /* port, capability, kernel, disk */
};

int cmd_main(int argc, char **argv);

#endif
