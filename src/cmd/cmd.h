/* cmd.h: the command line: the daemon and its verbs
 *
 * mlbgpd [OPTION]... is the daemon, mlbgpd [OPTION]... VERB [OPTION]... [ARGUMENT]... a command.
 * Each verb is one entry of cmd.c's table and one function in a file of its own.
 */
#ifndef MLBGPD_CMD_CMD_H
#define MLBGPD_CMD_CMD_H

#include "daemon/exit_status.h"

struct options;

int cmd_main(int argc, char **argv);

/* The verbs; each returns the exit status (daemon/exit_status.h). */
int cmd_daemon(const struct options *options);
int cmd_check(const struct options *options);
int cmd_plan(const struct options *options);
int cmd_diff(const struct options *options);
int cmd_reload(const struct options *options);
int cmd_show(const struct options *options);
int cmd_explain(const struct options *options);
int cmd_reset(const struct options *options);
int cmd_confirm(const struct options *options);
int cmd_schema(const struct options *options);

/* One line to stderr: "mlbgpd: ..." */
void cmd_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
