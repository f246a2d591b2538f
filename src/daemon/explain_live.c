/* explain_live.c: what host and session add to a chain of reasons */
#include "daemon/explain_live.h"
#include "base/text.h"
#include "bgp/speaker.h"
#include "daemon/generation.h"
#include "daemon/route_json.h"
#include "daemon/state.h"
#include "daemon/vips.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void add_vip(const struct daemon *d, const struct addr *addr, struct explain *e)
{
	const struct plan *plan = d->running->plan;
	const uint32_t index = plan_find_vip_around(plan, addr);
	char text[ADDR_TEXT_MAX];
	struct vip_status s;
	bool open;
	size_t n;

	addr_format(text, addr);
	if (index == PLAN_NONE || !vips_status(d->vips, &plan_vips(plan, &n)[index].addr, &s)) {
		explain_add(e, (struct explain_step){.name = "vip"}, "%s is no VIP of this node",
			    text);
		return;
	}
	if (!s.stands && !s.elsewhere[0])
		explain_add(e, (struct explain_step){.name = "vip"},
			    "%s does not stand on interface %s%s%s", text, s.interface,
			    s.error ? ": " : "", s.error ? strerror(abs(s.error)) : "");
	open = plan_vips(plan, &n)[index].open;
	if (s.elsewhere[0]) {
		explain_add(e, (struct explain_step){.name = "vip", .ok = open},
			    "%s stands on interface %s until it can move to %s%s%s", text,
			    s.elsewhere, s.interface, s.error ? ": " : "",
			    s.error ? strerror(abs(s.error)) : "");
		return;
	}
	explain_add(e, (struct explain_step){.name = "vip", .ok = open},
		    "%s stands on interface %s (%s)%s%s", text, s.interface,
		    s.owned ? "put there by mlbgpd" : "it was there already",
		    open ? "" : ", but is not let out: its state is ",
		    open ? "" : vip_state_name(s.state));
}

struct session_search {
	const struct bgp_peer *peer;
	struct explain *to;
	bool found;
};

static void add_session(void *arg, const struct bgp_peer_view *view)
{
	struct session_search *s = arg;
	const bool up = view->state == BGP_ESTABLISHED;
	const bool failed = !up && view->last_error.wall_us != 0 && view->last_error.text;

	if (strcmp(s->peer->object.name, view->name) != 0)
		return;
	s->found = true;
	explain_add(s->to,
		    (struct explain_step){.name = "session",
					  .ok = up,
					  .object = &s->peer->object,
					  .field = "spec.peerAddress"},
		    "the session is %s%s%s%s%s%s",
		    up ? "" : "not up: ", bgp_state_name(view->state), view->note ? "; " : "",
		    view->note ? view->note : "", failed ? "; last error: " : "",
		    failed ? view->last_error.text : "");
}

struct route_search {
	const struct prefix *prefix;
	struct text words;
	bool found;
};

static void add_words(const struct bgp_route_view *view, struct text *out)
{
	char text[ADDR_TEXT_MAX];
	struct text list = {0};
	uint32_t preference;

	text_addf(out, "next hop %s", addr_format(text, &view->next_hop));
	route_add_as_path(&list, view->attrs, view->my_asn, view->internal);
	text_addf(out, ", AS path %s", list.text ? list.text : "empty");
	text_fini(&list);
	if (route_local_pref(view->attrs, view->internal, &preference))
		text_addf(out, ", local preference %" PRIu32, preference);
	if (view->attrs->has_med)
		text_addf(out, ", MED %" PRIu32, view->attrs->med);
	route_add_communities(&list, view->attrs);
	if (list.text)
		text_addf(out, ", communities %s", list.text);
	text_fini(&list);
	route_add_large_communities(&list, view->attrs);
	if (list.text)
		text_addf(out, ", large communities %s", list.text);
	text_fini(&list);
}

static void find_route(void *arg, const struct bgp_route_view *view)
{
	struct route_search *s = arg;

	s->found = true;
	add_words(view, &s->words);
}

static void add_route(const struct daemon *d, const struct addr *addr, const char *peer,
		      struct explain *e)
{
	const struct plan_link *link = explain_link(d->running->plan, addr, peer);
	struct route_search s = {0};
	char prefix[PREFIX_TEXT_MAX];
	size_t n;

	if (!e->ok || !link)
		return;
	s.prefix = &plan_groups(d->running->plan, &n)[link->group].routes[link->route].prefix;
	speaker_route(d->speaker, peer, s.prefix, find_route, &s);
	explain_add(e, (struct explain_step){.name = "route", .ok = s.found}, "%s %s%s",
		    prefix_format(prefix, s.prefix), s.found ? "was sent: " : "is not sent yet",
		    s.words.text ? s.words.text : "");
	text_fini(&s.words);
}

void explain_live(const struct daemon *d, const struct addr *addr, const struct bgp_peer *peer,
		  struct explain *e)
{
	struct session_search s = {peer, e, false};

	add_vip(d, addr, e);
	speaker_peers(d->speaker, add_session, &s);
	if (!s.found)
		explain_add(e, (struct explain_step){.name = "session", .object = &peer->object},
			    "there is no session with it yet");
	add_route(d, addr, peer->object.name, e);
}
