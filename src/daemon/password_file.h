/* password_file.h: the passwords that PeerPolicies keep in files of their own (passwordFile)
 *
 * A fact of the host, so no part of the plan's making: the daemon reads them once a plan stands, in
 * the worker; check, plan and diff --from do not.
 */
#ifndef MLBGPD_DAEMON_PASSWORD_FILE_H
#define MLBGPD_DAEMON_PASSWORD_FILE_H

struct generation;

/* Reads the password of each peer that has it in a file and gives it to the plan.  A name without
 * a slash is looked for in $CREDENTIALS_DIRECTORY.  What can't be read or is no password is an
 * error among the generation's findings, at the PeerPolicy's field; a file that others may read is
 * a warning.  A generation without a plan stays as it is.  Any thread. */
void password_files_read(struct generation *g);

#endif
