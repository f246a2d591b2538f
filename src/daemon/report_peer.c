/* report_peer.c: show peers: what the speaker tells of its sessions, with the state of their BFD */
#include "base/text.h"
#include "bfd/engine.h"
#include "bgp/speaker.h"
#include "daemon/plan_json.h"
#include "daemon/report.h"
#include "daemon/state.h"

#include <string.h>

/* What was no NOTIFICATION has words, but no code, and nobody sent it. */
static json_t *last_error(const struct bgp_peer_view *view)
{
	bool message = view->last_error.code != 0;

	if (view->last_error.wall_us == 0)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "time", report_time(view->last_error.wall_us),
			 "sent", message ? json_boolean(view->last_error.sent) : json_null(),
			 "code", message ? json_integer(view->last_error.code) : json_null(),
			 "subcode", message ? json_integer(view->last_error.subcode) : json_null(),
			 "text", json_text(view->last_error.text));
}

static json_t *router_id(uint32_t id)
{
	struct addr addr = addr_from_ipv4_u32(id);

	return id ? json_addr(&addr) : json_null();
}

static json_t *peer_object(const struct daemon *d, const struct bgp_peer_view *view)
{
	json_t *capabilities = json_array();
	bool up = view->state == BGP_ESTABLISHED;

	for (size_t i = 0; i < view->n_capabilities; i++)
		json_array_append_new(capabilities, json_string(view->capabilities[i]));
	return json_pack(
		"{s:s, s:o, s:o, s:o, s:s, s:s, s:I, s:o, s:o, s:i, s:o, s:o, s:I, s:I, "
		"s:o, s:b, s:b, s:o, s:o}",
		"name", view->name, "address", json_addr(&view->address), "interface",
		json_text(view->interface), "localAddress", json_addr(&view->local_address),
		"state", bgp_state_name(view->state), "type",
		view->internal ? "internal" : "external", "myASN", (json_int_t)view->my_asn,
		"peerASN", view->peer_asn ? json_integer(view->peer_asn) : json_null(),
		"remoteRouterID", router_id(view->remote_router_id), "holdTimeSeconds",
		view->hold_time_s, "capabilities", capabilities, "uptimeSeconds",
		up ? json_integer(view->uptime_us / 1000000) : json_null(), "establishedCount",
		(json_int_t)view->established_count, "prefixesAdvertised",
		(json_int_t)view->prefixes_advertised, "bfdState",
		json_text(bfd_state_of(d->bfd, view->name)), "draining", view->draining, "shutdown",
		view->shut_down, "note", json_text(view->note), "lastError", last_error(view));
}

struct peers {
	const struct daemon *daemon;
	struct control_client *client;
	const char *name; /* this one alone; NULL: all */
	const struct plan_peer *idle; /* those that are still to be told, by name */
	size_t n_idle;
	size_t found;
};

static void send_one(struct peers *p, const struct bgp_peer_view *view)
{
	if (p->name && !text_equal(p->name, view->name))
		return;
	p->found++;
	control_send_item(p->client, peer_object(p->daemon, view));
}

/* Those that do not run, and whose names come before this one (NULL: all). */
static void send_idle(struct peers *p, const char *before)
{
	for (; p->n_idle > 0 && (!before || strcmp(p->idle->name, before) < 0);
	     p->idle++, p->n_idle--) {
		const struct bgp_peer_view view = {
			.name = p->idle->name,
			.address = p->idle->address,
			.interface = p->idle->interface,
			.state = BGP_IDLE,
			.internal = p->idle->type == PEER_INTERNAL,
			.draining = p->idle->drain,
			.shut_down = p->idle->shutdown,
			.note = p->idle->vrf && *p->idle->vrf ? "peers in a VRF do not run yet"
							      : "peers by interface do not run yet",
			.my_asn = p->idle->my_asn,
			.peer_asn = p->idle->peer_asn,
			.hold_time_s = p->idle->hold_time_s,
		};

		send_one(p, &view);
	}
}

static void send_peer(void *arg, const struct bgp_peer_view *view)
{
	send_idle(arg, view->name);
	send_one(arg, view);
}

bool report_peers(const struct daemon *d, struct control_client *client, const char *name)
{
	struct peers p = {.daemon = d, .client = client, .name = name};

	if (d->running)
		p.idle = plan_idle_peers(d->running->plan, &p.n_idle);
	speaker_peers(d->speaker, send_peer, &p);
	send_idle(&p, NULL);
	return !name || p.found > 0;
}
