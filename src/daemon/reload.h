/* reload.h: reads the files again; what is good is applied, what is not changes nothing
 *
 * The verdict is "accepted, and done in the kernel": sessions are reported, not waited for.
 */
#ifndef MLBGPD_DAEMON_RELOAD_H
#define MLBGPD_DAEMON_RELOAD_H

#include <stdint.h>

struct daemon;
struct diags;

/* client 0: nobody waits for the verdict (SIGHUP). */
void reload_request(struct daemon *daemon, uint64_t client);
/* The kernel has what it was asked for, or has failed. */
void reload_on_settled(struct daemon *daemon);
/* The files were refused by a start, which runs from the last good documents. */
void reload_refused_at_start(struct daemon *daemon, const struct diags *diags);
void reload_fini(struct daemon *daemon);

#endif
