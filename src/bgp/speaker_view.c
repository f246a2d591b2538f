/* speaker_view.c: what is told of peers and of the routes that were sent to them */
#include "bgp/speaker_private.h"

#include <string.h>

enum { DEFAULT_LOCAL_PREF = 100 };

void speaker_peers(const struct speaker *speaker, bgp_peer_view_fn fn, void *arg)
{
	for (size_t i = 0; i < speaker->sessions.n; i++) {
		struct bgp_peer_view view;

		session_view(speaker->sessions.at[i], &view);
		fn(arg, &view);
	}
}

struct route_teller {
	const struct session *session;
	bgp_route_view_fn fn;
	void *arg;
};

static void tell_route(void *arg, const struct prefix *prefix, const struct plan_attrs *attrs)
{
	const struct route_teller *t = arg;
	const struct plan_peer *peer = session_peer(t->session);
	struct plan_attrs on_wire = *attrs;
	struct bgp_route_view view = {
		.peer = peer->name,
		.prefix = *prefix,
		.next_hop = session_route_next_hop(t->session, attrs, prefix->addr.family),
		.attrs = &on_wire,
		.my_asn = peer->my_asn,
		.internal = session_is_internal(t->session)};

	if (view.next_hop.family == ADDR_NONE)
		return;
	if (view.internal && !on_wire.has_local_pref) {
		on_wire.has_local_pref = true;
		on_wire.local_pref = DEFAULT_LOCAL_PREF;
	}
	t->fn(t->arg, &view);
}

bool speaker_routes(const struct speaker *speaker, const char *peer, struct prefix *at, size_t max,
		    bgp_route_view_fn fn, void *arg)
{
	struct session *s = speaker_session(speaker, peer);
	struct route_teller teller = {s, fn, arg};

	return s && adjout_some_sent(session_cursor(s), at, max, tell_route, &teller);
}

void speaker_route(const struct speaker *speaker, const char *peer, const struct prefix *prefix,
		   bgp_route_view_fn fn, void *arg)
{
	struct session *s = speaker_session(speaker, peer);
	struct route_teller teller = {s, fn, arg};
	const struct plan_attrs *attrs = s ? adjout_sent(session_cursor(s), prefix) : NULL;

	if (attrs)
		tell_route(&teller, prefix, attrs);
}
