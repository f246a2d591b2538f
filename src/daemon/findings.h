/* findings.h: what is wrong with a configuration, told by the daemon: to the log, or as text */
#ifndef MLBGPD_DAEMON_FINDINGS_H
#define MLBGPD_DAEMON_FINDINGS_H

struct diags;

/* One line each, errors and warnings; but those of pending.h, which are told by it. */
void findings_log(const struct diags *diags);
/* As diags_print() has it, "" where there is none; to be freed. */
char *findings_text(const struct diags *diags);
/* The first error in one line, to be freed; NULL where there is none. */
char *findings_first_error(const struct diags *diags);

#endif
