/* report_explain.c: why is an address told to a peer, or why not: the plan's steps, then the host's
 * and the session's */
#include "base/text.h"
#include "bgp/speaker.h"
#include "daemon/exit_status.h"
#include "daemon/generation.h"
#include "daemon/plan_json.h"
#include "daemon/report.h"
#include "daemon/route_json.h"
#include "daemon/state.h"
#include "daemon/vips.h"
#include "plan/explain.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What is asked for. */
struct subject {
	const char *text;
	bool is_addr;
	struct addr addr;
	const char *peer; /* NULL: all */
};

static json_t *step_json(const struct source_set *sources, const struct explain_step *step)
{
	json_t *file = json_null(), *line = json_null();

	if (step->object && step->object->place.file != SOURCE_NOWHERE) {
		struct place at = step->object->place;

		if (step->field)
			at = model_place(sources, step->object, step->field);
		file = json_text(source_set_file(sources, at.file)->name);
		line = json_integer(at.line);
	}
	return json_pack("{s:s, s:b, s:o, s:o, s:o}", "step", step->name, "ok", step->ok, "text",
			 json_text(step->text), "file", file, "line", line);
}

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
	if (!s.stands)
		explain_add(e, (struct explain_step){.name = "vip"},
			    "%s does not stand on interface %s%s%s", text, s.interface,
			    s.error ? ": " : "", s.error ? strerror(abs(s.error)) : "");
	open = plan_vips(plan, &n)[index].open;
	explain_add(e, (struct explain_step){.name = "vip", .ok = open},
		    "%s stands on interface %s (%s)%s%s", text, s.interface,
		    s.owned ? "put there by mlbgpd" : "it was there already",
		    open ? "" : ", but is not let out: its state is ",
		    open ? "" : vip_state_name(s.state));
}

struct session_search {
	const char *peer;
	struct explain *to;
	bool found;
};

static void add_session(void *arg, const struct bgp_peer_view *view)
{
	struct session_search *s = arg;
	const bool up = view->state == BGP_ESTABLISHED;
	const bool failed = !up && view->last_error.wall_us != 0 && view->last_error.text;

	if (strcmp(s->peer, view->name) != 0)
		return;
	s->found = true;
	explain_add(s->to, (struct explain_step){.name = "session", .ok = up},
		    "the session is %s%s%s%s", up ? "" : "not up: ", bgp_state_name(view->state),
		    failed ? "; last error: " : "", failed ? view->last_error.text : "");
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

	if (s->found || !prefix_equal(s->prefix, &view->prefix))
		return;
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
	speaker_routes(d->speaker, peer, find_route, &s);
	explain_add(e, (struct explain_step){.name = "route", .ok = s.found}, "%s %s%s",
		    prefix_format(prefix, s.prefix), s.found ? "was sent: " : "is not sent yet",
		    s.words.text ? s.words.text : "");
	text_fini(&s.words);
}

/* One chain: this Service's address (NULL: it has none) and this peer. */
static void send_chain(const struct daemon *d, struct control_client *client,
		       const struct plan_service *service, const struct addr *addr,
		       const struct bgp_peer *peer)
{
	const char *name = peer->object.name;
	json_t *chain = json_array();
	struct explain e;

	explain_static(&e, d->running->plan, service, addr, peer);
	if (e.ok) {
		struct session_search s = {name, &e, false};

		add_vip(d, addr, &e);
		speaker_peers(d->speaker, add_session, &s);
		if (!s.found)
			explain_add(&e, (struct explain_step){.name = "session"},
				    "there is no session with it yet");
		add_route(d, addr, name, &e);
	}
	for (size_t i = 0; i < e.steps.n; i++)
		json_array_append_new(chain, step_json(d->running->sources, &e.steps.at[i]));
	control_send_item(client, json_pack("{s:s, s:o, s:o, s:b, s:o}", "peer", name, "service",
					    json_object_name(&service->service->object), "address",
					    addr ? json_addr(addr) : json_null(), "announced", e.ok,
					    "chain", chain));
	explain_fini(&e);
}

static bool is_subject(const struct subject *s, const struct plan_service *service)
{
	if (!s->is_addr)
		return object_is_named(&service->service->object, s->text);
	for (uint32_t i = 0; service->whole_pool && i < service->whole_pool->n_blocks; i++)
		if (addr_range_contains(&service->whole_pool->blocks[i].range, &s->addr))
			return true;
	for (unsigned i = 0; i < service->n_addresses; i++)
		if (addr_equal(&service->addresses[i], &s->addr))
			return true;
	return false;
}

static void send_service(const struct daemon *d, struct control_client *client,
			 const struct subject *s, const struct plan_service *service)
{
	size_t n;
	const struct bgp_peer *peers = model_peers(plan_model(d->running->plan), &n);

	for (unsigned a = 0; a == 0 || a < service->n_addresses; a++) {
		const struct addr *addr = service->n_addresses > 0 ? &service->addresses[a] : NULL;

		/* one address of a pool speaks for all of them */
		if (service->whole_pool)
			addr = s->is_addr ? &s->addr : &service->whole_pool->blocks[0].range.first;
		if (s->is_addr && !addr_equal(addr, &s->addr))
			continue;
		for (size_t i = 0; i < n; i++)
			if (!s->peer || strcmp(s->peer, peers[i].object.name) == 0)
				send_chain(d, client, service, addr, &peers[i]);
	}
}

static void refuse_peer(struct control_client *client, const struct model *model, const char *name)
{
	ARRAY(const char *) names = {0};
	size_t n;
	const struct bgp_peer *peers = model_peers(model, &n);
	const char *near;

	for (size_t i = 0; i < n; i++)
		*array_add(&names) = peers[i].object.name;
	near = nearest_name(name, names.at, names.n);
	control_refuse(client, EXIT_INVALID, "no BGPPeer %s%s%s%s", name,
		       near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	array_fini(&names);
}

/* Nearest of names with and without namespace, and of addresses. */
static void refuse_subject(struct control_client *client, const struct plan *plan, const char *text)
{
	ARRAY(const char *) names = {0};
	ARRAY(char *) made = {0};
	size_t n;
	const struct plan_service *services = plan_services(plan, &n);
	const char *near;

	for (size_t i = 0; i < n; i++) {
		const struct object *o = &services[i].service->object;
		struct text full = {0};

		*array_add(&names) = o->name;
		text_addf(&full, "%s/%s", o->namespace, o->name);
		*array_add(&made) = text_take(&full);
		for (unsigned a = 0; a < services[i].n_addresses; a++) {
			char addr[ADDR_TEXT_MAX];

			text_add(&full, addr_format(addr, &services[i].addresses[a]));
			*array_add(&made) = text_take(&full);
		}
	}
	for (size_t i = 0; i < made.n; i++)
		*array_add(&names) = made.at[i];
	near = nearest_name(text, names.at, names.n);
	control_refuse(client, EXIT_INVALID,
		       "%s is no VIP and no Service of type LoadBalancer%s%s%s", text,
		       near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	for (size_t i = 0; i < made.n; i++)
		free(made.at[i]);
	array_fini(&made);
	array_fini(&names);
}

void report_explain(struct daemon *d, struct control_client *client, const char *text,
		    const char *peer)
{
	const struct plan *plan = d->running->plan;
	struct subject s = {.text = text, .peer = peer};
	size_t n;
	const struct plan_service *services = plan_services(plan, &n);
	json_t *names = json_array();

	s.is_addr = addr_parse(&s.addr, text) == ADDR_OK;
	for (size_t i = 0; i < n; i++)
		if (is_subject(&s, &services[i]))
			json_array_append_new(names,
					      json_object_name(&services[i].service->object));
	if (json_array_size(names) == 0 || (peer && !model_find_peer(plan_model(plan), peer))) {
		if (json_array_size(names) == 0)
			refuse_subject(client, plan, text);
		else
			refuse_peer(client, plan_model(plan), peer);
		json_decref(names);
		return;
	}
	control_send_object(
		client, json_pack("{s:s, s:o, s:[]}", "subject", text, "services", names, "peers"));
	for (size_t i = 0; i < n; i++)
		if (is_subject(&s, &services[i]))
			send_service(d, client, &s, &services[i]);
	control_end(client, EXIT_WELL);
}
