/* exit_status.h: the exit statuses of the program, which answers on the control socket end with too
 */
#ifndef MLBGPD_DAEMON_EXIT_STATUS_H
#define MLBGPD_DAEMON_EXIT_STATUS_H

enum {
	EXIT_WELL = 0,
	EXIT_INVALID = 1, /* invalid configuration, or a refused request */
	EXIT_USAGE = 2,
	EXIT_NO_DAEMON = 3,
	EXIT_DIFFERENCES = 4,
	EXIT_SYSTEM = 5, /* port, capability, kernel, disk */
};

#endif
