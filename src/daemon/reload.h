/* reload.h: reads the files again; what is good is applied, what is not changes nothing
 *
 * The verdict is "accepted, and done in the kernel": sessions are reported, not waited for.  That
 * the state folder takes no files is told beside it.
 */
#ifndef MLBGPD_DAEMON_RELOAD_H
#define MLBGPD_DAEMON_RELOAD_H

#include <stdint.h>

struct daemon;
struct diags;
struct generation;

/* client 0: nobody waits for the verdict (SIGHUP).  confirm_us > 0: what is accepted is on trial
 * for so long (confirm.h).  Of several who ask for one reload, one who asks for no trial decides;
 * else the shortest time counts. */
void reload_request(struct daemon *daemon, uint64_t client, int64_t confirm_us);
/* Runs what ran before a trial; takes both. */
void reload_take_back(struct daemon *daemon, struct generation *take_before, char *take_why);
/* Why the newest files are not the running ones, in words; NULL: they are.  To be freed. */
char *reload_stale_words(const struct daemon *daemon);
/* The kernel, or the state folder, has what it was asked for, or has failed. */
void reload_on_settled(struct daemon *daemon);
/* The files were not taken by a start, because they are invalid (diags) or were on trial and not
 * confirmed (NULL); it runs from the last good documents. */
void reload_refused_at_start(struct daemon *daemon, const struct diags *diags);
void reload_fini(struct daemon *daemon);

#endif
