/* report_explain.c: why is an address told to a peer, or why not: the plan's steps, then the host's
 * and the session's (explain_live.c)
 *
 * One chain for each address and peer.  Services that share the address stand in it together: the
 * first that says yes has the chain, of each other one the last step is told.
 */
#include "base/heap.h"
#include "base/text.h"
#include "daemon/exit_status.h"
#include "daemon/explain_live.h"
#include "daemon/generation.h"
#include "daemon/plan_json.h"
#include "daemon/report.h"
#include "daemon/state.h"
#include "plan/explain.h"

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

static json_t *chain_json(const struct source_set *sources, const struct explain *e)
{
	json_t *chain = json_array();

	for (size_t i = 0; i < e->steps.n; i++)
		json_array_append_new(chain, step_json(sources, &e->steps.at[i]));
	return chain;
}

/* How the chain of one that shares the address ends. */
static json_t *sharer_json(const struct source_set *sources, const struct plan_service *service,
			   const struct explain *e)
{
	json_t *json = step_json(sources, &e->steps.at[e->steps.n - 1]);

	json_object_set_new(json, "service", json_object_name(&service->service->object));
	json_object_set_new(json, "reason", json_text(e->reason));
	return json;
}

/* One address (NULL: the Service has none) and one peer. */
struct question {
	const struct daemon *d;
	const struct plan_service *const *services; /* that share it; at least one */
	size_t n;
	const struct addr *addr;
	const struct bgp_peer *peer;
};

/* Whether the answer hangs on the peer. */
static bool send_answer(const struct question *q, struct control_client *client, bool of_any_peer)
{
	const struct source_set *sources = q->d->running->sources;
	const struct plan *plan = q->d->running->plan;
	json_t *shared = json_array();
	struct explain *all = heap_alloc_array(q->n, sizeof(*all));
	bool of_peer = false;
	size_t best = 0;

	for (size_t i = 0; i < q->n; i++) {
		explain_static(&all[i], plan, q->services[i], q->addr, q->peer);
		of_peer |= all[i].of_peer;
		if (all[i].ok && !all[best].ok)
			best = i;
	}
	for (size_t i = 0; i < q->n; i++)
		if (i != best)
			json_array_append_new(shared,
					      sharer_json(sources, q->services[i], &all[i]));
	if (all[best].ok)
		explain_live(q->d, q->addr, q->peer, &all[best]);
	control_send_item(
		client,
		json_pack("{s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "peer",
			  of_peer || !of_any_peer ? json_string(q->peer->object.name) : json_null(),
			  "service", json_object_name(&q->services[best]->service->object),
			  "address", q->addr ? json_addr(q->addr) : json_null(), "announced",
			  all[best].ok, "reason", json_text(all[best].reason), "chain",
			  chain_json(sources, &all[best]), "shared", shared));
	for (size_t i = 0; i < q->n; i++)
		explain_fini(&all[i]);
	free(all);
	return of_peer;
}

/* What ends before any peer comes in is told once, not for each of them. */
static void send_peers(struct question *q, struct control_client *client, const char *peer)
{
	size_t n;
	const struct bgp_peer *peers = model_peers(plan_model(q->d->running->plan), &n);

	for (size_t i = 0; i < n; i++) {
		if (peer && strcmp(peer, peers[i].object.name) != 0)
			continue;
		q->peer = &peers[i];
		if (!send_answer(q, client, !peer))
			return;
	}
}

static bool has_address(const struct plan_service *s, const struct addr *addr)
{
	for (unsigned i = 0; i < s->n_addresses; i++)
		if (addr_equal(&s->addresses[i], addr))
			return true;
	return false;
}

/* The Services that have the address, with this one; to be freed. */
static const struct plan_service **sharers(const struct plan *plan,
					   const struct plan_service *service,
					   const struct addr *addr, size_t *n)
{
	size_t n_services;
	const struct plan_service *services = plan_services(plan, &n_services);
	ARRAY(const struct plan_service *) list = {0};

	*array_add(&list) = service;
	for (size_t i = 0; addr && i < n_services; i++)
		if (&services[i] != service && has_address(&services[i], addr))
			*array_add(&list) = &services[i];
	*n = list.n;
	return list.at;
}

/* Is it the first of the Services asked for that has the address?  The others have joined it. */
static bool is_first(const struct plan *plan, const struct subject *s,
		     const struct plan_service *service, const struct addr *addr)
{
	size_t n;
	const struct plan_service *services = plan_services(plan, &n);

	for (const struct plan_service *other = services; addr && other < service; other++)
		if (is_subject(s, other) && has_address(other, addr))
			return false;
	return true;
}

static void send_service(const struct daemon *d, struct control_client *client,
			 const struct subject *s, const struct plan_service *service)
{
	const struct plan *plan = d->running->plan;

	for (unsigned a = 0; a == 0 || a < service->n_addresses; a++) {
		const struct addr *addr = service->n_addresses > 0 ? &service->addresses[a] : NULL;
		const struct plan_service **list;
		struct question q = {.d = d};

		/* one address of a pool speaks for all of them */
		if (service->whole_pool)
			addr = s->is_addr ? &s->addr : &service->whole_pool->blocks[0].range.first;
		if ((s->is_addr && !addr_equal(addr, &s->addr)) ||
		    !is_first(plan, s, service, addr))
			continue;
		list = sharers(plan, service, addr, &q.n);
		q.services = list;
		q.addr = addr;
		send_peers(&q, client, s->peer);
		free(list);
	}
}

/* A chain without a Service of ours. */
static void send_other(const struct daemon *d, struct control_client *client, struct explain *e,
		       const struct object *service, const struct addr *addr)
{
	control_send_item(client,
			  json_pack("{s:n, s:o, s:o, s:b, s:o, s:o, s:[]}", "peer", "service",
				    service ? json_object_name(service) : json_null(), "address",
				    addr ? json_addr(addr) : json_null(), "announced", false,
				    "reason", json_text(e->reason), "chain",
				    chain_json(d->running->sources, e), "shared"));
	explain_fini(e);
}

static size_t send_others(const struct daemon *d, struct control_client *client,
			  const struct subject *s, bool send)
{
	size_t n, found = 0;
	const struct other_service *others = model_other_services(plan_model(d->running->plan), &n);

	for (size_t i = 0; i < n; i++) {
		struct explain e;

		if (s->is_addr || !object_is_named(&others[i].object, s->text))
			continue;
		found++;
		if (!send)
			continue;
		explain_other(&e, &others[i]);
		send_other(d, client, &e, &others[i].object, NULL);
	}
	return found;
}

static void refuse_peer(struct control_client *client, const struct model *model, const char *name)
{
	ARRAY(const char *) names = {0};
	size_t n;
	const struct bgp_peer *peers = model_peers(model, &n);

	for (size_t i = 0; i < n; i++)
		*array_add(&names) = peers[i].object.name;
	report_refuse(client, "no BGPPeer ", name, "", names.at, names.n);
	array_fini(&names);
}

/* Nearest of names with and without namespace, and of addresses. */
static void refuse_subject(struct control_client *client, const struct plan *plan, const char *text)
{
	ARRAY(const char *) names = {0};
	ARRAY(char *) made = {0};
	size_t n;
	const struct plan_service *services = plan_services(plan, &n);
	const struct other_service *others;

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
	others = model_other_services(plan_model(plan), &n);
	for (size_t i = 0; i < n; i++)
		*array_add(&names) = others[i].object.name;
	for (size_t i = 0; i < made.n; i++)
		*array_add(&names) = made.at[i];
	report_refuse(client, "", text, " is no VIP and no Service", names.at, names.n);
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
	json_t *names;
	bool any;

	s.is_addr = addr_parse(&s.addr, text) == ADDR_OK;
	if (peer && !model_find_peer(plan_model(plan), peer)) {
		refuse_peer(client, plan_model(plan), peer);
		return;
	}
	names = json_array();
	for (size_t i = 0; i < n; i++)
		if (is_subject(&s, &services[i]))
			json_array_append_new(names,
					      json_object_name(&services[i].service->object));
	any = json_array_size(names) > 0;
	if (!any && !s.is_addr && send_others(d, client, &s, false) == 0) {
		refuse_subject(client, plan, text);
		json_decref(names);
		return;
	}
	control_send_object(
		client, json_pack("{s:s, s:o, s:[]}", "subject", text, "services", names, "peers"));
	for (size_t i = 0; i < n; i++)
		if (is_subject(&s, &services[i]))
			send_service(d, client, &s, &services[i]);
	send_others(d, client, &s, true);
	if (!any && s.is_addr) {
		struct explain e;

		explain_address(&e, plan, &s.addr);
		send_other(d, client, &e, NULL, &s.addr);
	}
	control_end(client, EXIT_WELL);
}
