/* route_json.h: a route as JSON text: {peer, prefix, nextHop, localPref, med, asPath, communities,
 * largeCommunities}
 *
 * Written without a tree of values in between: there are millions of them in a large plan.
 */
#ifndef MLBGPD_DAEMON_ROUTE_JSON_H
#define MLBGPD_DAEMON_ROUTE_JSON_H

#include "base/text.h"
#include "plan/plan.h"

struct route_facts {
	const char *peer;
	const struct prefix *prefix;
	const struct addr *next_hop; /* NULL or ADDR_NONE: not known */
	const struct plan_attrs *attrs;
	uint32_t my_asn;
	bool internal;
};
void route_json(struct text *out, const struct route_facts *facts);

/* Words for one column each, added to out; nothing where there is nothing to tell. */
void route_add_as_path(struct text *out, const struct plan_attrs *attrs, uint32_t my_asn,
		       bool internal);
void route_add_communities(struct text *out, const struct plan_attrs *attrs);
void route_add_large_communities(struct text *out, const struct plan_attrs *attrs);
/* The LOCAL_PREF that is sent: true, and it in *ret. */
bool route_local_pref(const struct plan_attrs *attrs, bool internal, uint32_t *ret);

/* Every route of a plan that is announced, by peer, then prefix; the text is borrowed. */
typedef void (*route_json_fn)(void *arg, const char *json);
void route_json_plan(const struct plan *plan, route_json_fn fn, void *arg);

#endif
