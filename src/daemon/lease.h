/* lease.h: the leases of this node in its state folder, so that an address in use does not move
 *
 * A text file, a line for each Service: "namespace/name address [address]", closed by a line that
 * counts them.  Written whole beside the old one, synced and renamed; a damaged one is set aside.
 */
#ifndef MLBGPD_DAEMON_LEASE_H
#define MLBGPD_DAEMON_LEASE_H

#include <stddef.h>

struct leases;
struct plan;
struct text;

#define LEASE_FILE "leases"

/* What is in the folder; NULL where there is nothing, or it can't be read (which is logged).  Any
 * thread. */
struct leases *lease_read(const char *state_dir);
/* A damaged file becomes leases.damaged. */
void lease_set_aside_damaged(const char *state_dir);
/* The file's bytes for the addresses that the plan gave out by itself. */
void lease_format(const struct plan *plan, struct text *out);
/* Leaves a file that says the same as it is.  0 or -errno.  Any thread. */
int lease_write(const char *state_dir, const char *bytes, size_t len);

/* The table in a file's bytes, which are cut up; NULL where they are damaged. */
struct leases *lease_parse(char *bytes);

#endif
