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

void speaker_routes(const struct speaker *speaker, const char *peer, bgp_route_view_fn fn,
		    void *arg)
{
	for (size_t i = 0; i < speaker->sessions.n; i++) {
		struct session *s = speaker->sessions.at[i];
		struct route_teller teller = {s, fn, arg};

		if (!peer || strcmp(session_peer(s)->name, peer) == 0)
			adjout_each_sent(session_cursor(s), tell_route, &teller);
	}
}
