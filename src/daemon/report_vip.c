/* report_vip.c: show vips: the life of each address, and who hears of it */
#include "bgp/speaker.h"
#include "base/heap.h"
#include "daemon/exit_status.h"
#include "daemon/generation.h"
#include "daemon/plan_json.h"
#include "daemon/report.h"
#include "daemon/state.h"
#include "daemon/vips.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = 1024 };

/* The addresses as they were when it began; each is told as it is when its turn comes. */
struct vip_stream {
	struct daemon *daemon;
	struct addr *list;
	size_t n, at;
};

static bool is_in(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Marks the output groups in which a route over this VIP is announced thanks to it. */
static bool group_has(const struct plan *plan, const struct plan_vip *vip, uint32_t group)
{
	const struct plan_link *links = plan_links(plan) + vip->link;
	size_t n;
	const struct plan_group *groups = plan_groups(plan, &n);

	for (size_t i = 0; i < vip->n_links; i++)
		if (links[i].group == group && vip->open &&
		    groups[group].routes[links[i].route].attrs != PLAN_NOT_ANNOUNCED)
			return true;
	return false;
}

static json_t *advertised_to(const struct plan *plan, uint32_t index, const char *const *up,
			     size_t n_up)
{
	json_t *list = json_array();
	size_t n;
	const struct plan_peer *peers = plan_peers(plan, &n);
	const struct plan_vip *vip;

	if (index == PLAN_NONE)
		return list;
	vip = &plan_vips(plan, &n)[index];
	(void)plan_peers(plan, &n);
	for (size_t i = 0; i < n; i++)
		if (peers[i].group != PLAN_NONE && is_in(up, n_up, peers[i].name) &&
		    group_has(plan, vip, peers[i].group))
			json_array_append_new(list, json_string(peers[i].name));
	return list;
}

static json_t *vip_object(const struct daemon *d, const struct vip_status *status,
			  const char *const *up, size_t n_up)
{
	const struct plan *plan = d->running->plan;
	json_t *services = json_array(), *pool = json_null();
	const bool moves = status->elsewhere[0];
	size_t n;

	if (status->index != PLAN_NONE) {
		const struct plan_vip *vip = &plan_vips(plan, &n)[status->index];

		json_decref(services);
		services = json_vip_services(plan, vip);
		pool = json_string(model_pools(plan_model(plan), &n)[vip->pool].object.name);
	}
	return json_pack("{s:o, s:s, s:o, s:o, s:o, s:s, s:n, s:b, s:o, s:o}", "address",
			 json_block(&status->addr, status->length), "interface",
			 moves ? status->elsewhere : status->interface, "note",
			 moves ? json_sprintf("to move to %s%s%s", status->interface,
					      status->error ? ": " : "",
					      status->error ? strerror(abs(status->error)) : "")
			       : json_null(),
			 "services", services, "pool", pool, "state", vip_state_name(status->state),
			 "healthy", "owned", status->owned, "advertisedTo",
			 advertised_to(plan, status->index, up, n_up), "holdSecondsLeft",
			 status->hold_left_s >= 0 ? json_real(status->hold_left_s) : json_null());
}

static bool more(void *arg, struct control_client *client)
{
	struct vip_stream *s = arg;
	size_t n_up;
	const char **up;

	if (s->at == s->n)
		return false;
	up = report_established(s->daemon, &n_up);
	for (size_t i = 0; i < PIECE && s->at < s->n; i++, s->at++) {
		struct vip_status status;

		if (vips_status(s->daemon->vips, &s->list[s->at], &status))
			control_send_item(client, vip_object(s->daemon, &status, up, n_up));
	}
	free(up);
	return true;
}

static void fin(void *arg)
{
	struct vip_stream *s = arg;

	free(s->list);
	free(s);
}

/* An address, also inside a block, or a block as it is told. */
static bool parse_vip(const struct daemon *d, const char *name, struct addr *ret)
{
	struct vip_status status;
	struct prefix block;
	uint32_t around;
	size_t n;

	if (addr_parse(ret, name) != ADDR_OK) {
		if (prefix_parse(&block, name) != ADDR_OK)
			return false;
		*ret = block.addr;
		return vips_status(d->vips, ret, &status) && status.length == block.len;
	}
	if (vips_status(d->vips, ret, &status))
		return true;
	around = plan_find_vip_around(d->running->plan, ret);
	if (around != PLAN_NONE)
		*ret = plan_vips(d->running->plan, &n)[around].addr;
	return around != PLAN_NONE;
}

static void refuse(struct daemon *d, struct control_client *client, const char *name)
{
	size_t n;
	struct addr *list = vips_list(d->vips, &n);
	char(*texts)[ADDR_TEXT_MAX] = heap_alloc_array(n, sizeof(*texts));
	const char **names = heap_alloc_array(n, sizeof(*names));

	for (size_t i = 0; i < n; i++)
		names[i] = addr_format(texts[i], &list[i]);
	report_refuse(client, "", name, " is no VIP of this node", names, n);
	free(names);
	free(texts);
	free(list);
}

void report_vips(struct daemon *d, struct control_client *client, const char *name)
{
	struct vip_stream *s = heap_new_of(struct vip_stream);
	struct addr addr;

	s->daemon = d;
	if (!name) {
		s->list = vips_list(d->vips, &s->n);
	} else if (parse_vip(d, name, &addr)) {
		s->list = heap_new_of(struct addr);
		*s->list = addr;
		s->n = 1;
	} else {
		free(s);
		refuse(d, client, name);
		return;
	}
	control_stream(client, more, fin, s);
}
