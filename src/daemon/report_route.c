/* report_route.c: show routes: what was sent to each peer and stands there, in pieces */
#include "base/array.h"
#include "base/heap.h"
#include "base/text.h"
#include "bgp/speaker.h"
#include "daemon/exit_status.h"
#include "daemon/report.h"
#include "daemon/route_json.h"
#include "daemon/state.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = 1024 };

struct peer_names {
	ARRAY(const char *) established;
	const char *looked_for;
	bool found;
};

static void add_peer(void *arg, const struct bgp_peer_view *view)
{
	struct peer_names *names = arg;

	names->found = names->found || text_equal(names->looked_for, view->name);
	if (view->state == BGP_ESTABLISHED)
		*array_add(&names->established) = view->name;
}

const char **report_established(const struct daemon *d, size_t *n)
{
	struct peer_names names = {0};

	speaker_peers(d->speaker, add_peer, &names);
	*n = names.established.n;
	return names.established.at;
}

/* Keeps copies of the names: a reload may come in between. */
struct route_stream {
	const struct daemon *daemon;
	ARRAY(char *) peers;
	size_t at;
	struct prefix prefix; /* of it, the last one looked at */
};

static void send_route(void *arg, const struct bgp_route_view *view)
{
	struct text line = {0};

	route_json(&line, &(const struct route_facts){
				  .peer = view->peer,
				  .prefix = &view->prefix,
				  .next_hop = &view->next_hop,
				  .attrs = view->attrs,
				  .my_asn = view->my_asn,
				  .internal = view->internal,
			  });
	control_send_item_text(arg, line.text);
	text_fini(&line);
}

static bool more(void *arg, struct control_client *client)
{
	struct route_stream *s = arg;

	if (s->at == s->peers.n)
		return false;
	if (!speaker_routes(s->daemon->speaker, s->peers.at[s->at], &s->prefix, PIECE, send_route,
			    client)) {
		s->prefix = (struct prefix){0};
		s->at++;
	}
	return true;
}

static void fin(void *arg)
{
	struct route_stream *s = arg;

	for (size_t i = 0; i < s->peers.n; i++)
		free(s->peers.at[i]);
	array_fini(&s->peers);
	free(s);
}

void report_routes(struct daemon *d, struct control_client *client, const char *peer)
{
	struct peer_names names = {.looked_for = peer};
	struct route_stream *s;

	speaker_peers(d->speaker, add_peer, &names);
	if (peer && !names.found) {
		array_fini(&names.established);
		report_refuse_peer(d, client, peer);
		return;
	}
	s = heap_new_of(struct route_stream);
	s->daemon = d;
	for (size_t i = 0; i < names.established.n; i++)
		if (!peer || strcmp(peer, names.established.at[i]) == 0)
			*array_add(&s->peers) = heap_strdup(names.established.at[i]);
	array_fini(&names.established);
	control_stream(client, more, fin, s);
}
