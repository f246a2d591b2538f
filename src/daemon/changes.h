/* changes.h: the difference of two plans, in the shape of `diff --json`, and in one line
 *
 * {sessions: {added, removed, restarted: [{peer, field}], rekeyed: [{peer, field}],
 *  mayEnd: [{peer, field}]},
 *  vips: {added, removed, moved, groups: [{what, pool, n, addresses, services}]},
 *  routes: [{peer, announced, changed, withdrawn,
 *            groups: [{what, pool, change, n, prefixes, services}]}],
 *  bfd: {added, removed, changed}, updates, deferred: [{peer, field}],
 *  summary, settings: [{field, cost}], lost: [{reason, addresses}], interrupted: [address],
 *  preference: [{before, after, prefixes}]}
 *
 * The lists are whole; groups tell of the same in short, with the first few names of each.
 */
#ifndef MLBGPD_DAEMON_CHANGES_H
#define MLBGPD_DAEMON_CHANGES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct plan;

/* Opens the gates of a plan that is not running yet as they will stand: of a VIP that the old plan
 * has as there, of a new one open. */
void changes_expect(const struct plan *old_plan, struct plan *new_plan);

/* All but the routes, which may be many: "routes" is an empty list. */
json_t *changes_object(const struct plan *old_plan, struct plan *new_plan);
/* One call for each peer with a changed route, by name; a new reference each. */
typedef void (*changes_peer_fn)(void *arg, json_t *take);
void changes_routes(const struct plan *old_plan, const struct plan *new_plan, changes_peer_fn fn,
		    void *arg);
/* "0 sessions restarted, 1 VIP withdrawn from router-b, 3 UPDATEs"; to be freed. */
char *changes_summary(const struct plan *old_plan, struct plan *new_plan);

#endif
