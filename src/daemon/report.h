/* report.h: snapshots of the running daemon as JSON, in the shapes that others read
 *
 * Small answers at once; long ones (vips, routes, services) piece by piece as the reader takes
 * them.
 */
#ifndef MLBGPD_DAEMON_REPORT_H
#define MLBGPD_DAEMON_REPORT_H

#include "daemon/control.h"

struct daemon;
struct text;

/* summary, peers, vips, routes, bfd, services, config; name NULL: all.  Ends the answer; false
 * where there is no such report (nothing was sent then). */
bool report_show(struct daemon *daemon, struct control_client *client, const char *what,
		 const char *name);

json_t *report_summary(const struct daemon *daemon);
json_t *report_config(const struct daemon *daemon);
/* Sends all, or one; false where there is none of that name. */
bool report_peers(const struct daemon *daemon, struct control_client *client, const char *name);
bool report_bfd(const struct daemon *daemon, struct control_client *client, const char *name);
/* These stream, and end the answer. */
void report_vips(struct daemon *daemon, struct control_client *client, const char *name);
void report_routes(struct daemon *daemon, struct control_client *client, const char *peer);
void report_services(struct daemon *daemon, struct control_client *client, const char *name);
/* Why is a VIP or Service told to a peer (NULL: to each), or why not?  One chain of steps after the
 * other; ends the answer. */
void report_explain(struct daemon *daemon, struct control_client *client, const char *subject,
		    const char *peer);

/* Refuses with "BEFORE NAME AFTER", and the nearest of the names as a hint. */
void report_refuse(struct control_client *client, const char *before, const char *name,
		   const char *after, const char *const *names, size_t n);
/* No peer of this name runs. */
void report_refuse_peer(const struct daemon *daemon, struct control_client *client,
			const char *name);
/* No BFD session with a peer of this name runs. */
void report_refuse_bfd(const struct daemon *daemon, struct control_client *client,
		       const char *name);
/* Names of the peers that are established, sorted; texts are good until the loop turns.  To be
 * freed. */
const char **report_established(const struct daemon *daemon, size_t *n);
/* "2026-11-24T15:04:05Z"; null for 0 */
json_t *report_time(int64_t wall_us);
/* The state in some lines, to the log (SIGUSR1). */
void report_to_log(const struct daemon *daemon);

#endif
