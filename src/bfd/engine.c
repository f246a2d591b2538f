/* engine.c: the plan's peers against the thread's sessions; what the thread tells is told on */
#include "bfd/engine.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/heap.h"
#include "base/log.h"
#include "bfd/engine_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- what is wanted ---- */

/* With a link-local peer our address is a link-local one, too, and no router forwards what comes
 * from that: an echo would not come back. */
bool bfd_engine_may_echo(const struct bfd_entry *entry)
{
	return entry->echo_us > 0 && !entry->multihop && !addr_is_link_local_ipv6(&entry->peer);
}

/* With echo as far as it can be had now. */
static struct bfd_params params_now(const struct bfd_engine *e, const struct bfd_entry *entry,
				    struct bfd_params params)
{
	const uint8_t family = entry->peer.family;
	const bool echo = bfd_engine_may_echo(entry) &&
			  e->sockets[bfd_echo_kind_of(family, false)].open &&
			  e->sockets[bfd_echo_kind_of(family, true)].open;

	params.echo_receive_us = params.echo_transmit_us = echo ? entry->echo_us : 0;
	return params;
}

static uint32_t echo_us_of(const struct bfd_profile *p)
{
	return p->echo_mode ? p->echo_ms * 1000 : 0;
}

static struct bfd_params params_of(const struct bfd_profile *p)
{
	return (struct bfd_params){
		.transmit_us = p->transmit_ms * 1000,
		.receive_us = p->receive_ms * 1000,
		.detect_mult = p->detect_multiplier,
		.passive = p->passive_mode,
	};
}

struct bfd_entry *bfd_engine_find(const struct bfd_engine *e, const char *name)
{
	for (size_t i = 0; i < e->entries.n; i++)
		if (strcmp(e->entries.at[i]->name, name) == 0)
			return e->entries.at[i];
	return NULL;
}

/* ---- the thread's side of a session ---- */

static bool take_index(struct bfd_engine *e, unsigned *ret)
{
	for (unsigned i = 0; i < BFD_TRACKS_MAX; i++) {
		if (e->by_index[i] || e->tracks[i])
			continue;
		*ret = i;
		return true;
	}
	return false;
}

static int64_t now_ns(void)
{
	return monotime_now().us * 1000;
}

static void add_session(struct bfd_engine *e, struct bfd_entry *entry)
{
	struct bfd_track *t = heap_new_of(struct bfd_track);
	const uint32_t random = (uint32_t)random_between(1, UINT32_MAX / BFD_TRACKS_MAX);

	*t = (struct bfd_track){
		.peer = entry->peer,
		.source = entry->source,
		.ifindex = entry->ifindex,
		.multihop = entry->multihop,
		.minimum_ttl = entry->minimum_ttl,
		.fd = -1,
	};
	bfd_session_init(&t->session, random * BFD_TRACKS_MAX + entry->index, &entry->params,
			 random_between(1, UINT64_MAX), now_ns());
	e->tracks[entry->index] = t;
	e->by_index[entry->index] = entry;
	bfd_thread_command(
		e->thread,
		&(struct bfd_command){.what = BFD_COMMAND_ADD, .index = entry->index, .track = t});
}

static void remove_entry(struct bfd_engine *e, struct bfd_entry *entry)
{
	bfd_thread_command(e->thread, &(struct bfd_command){.what = BFD_COMMAND_REMOVE,
							    .index = entry->index});
	e->by_index[entry->index] = NULL;
	free(entry->name);
	free(entry);
}

/* NULL: no room. */
static struct bfd_entry *new_entry(struct bfd_engine *e, const struct plan_peer *peer,
				   const struct bfd_route *route)
{
	struct bfd_entry *entry;
	unsigned index;

	if (!take_index(e, &index)) {
		log_warning("peer %s: no BFD: there are %d sessions already", peer->name,
			    BFD_TRACKS_MAX);
		return NULL;
	}
	entry = heap_new_of(struct bfd_entry);
	*entry = (struct bfd_entry){
		.name = heap_strdup(peer->name),
		.index = index,
		.peer = peer->address,
		.asked = peer->source_address,
		.source = route->source,
		.ifindex = route->ifindex,
		.multihop = route->multihop,
		.echo_us = echo_us_of(peer->bfd),
		.minimum_ttl = peer->bfd->minimum_ttl,
		.state = BFD_DOWN,
	};
	entry->params = params_now(e, entry, params_of(peer->bfd));
	add_session(e, entry);
	return entry;
}

static bool params_same(const struct bfd_params *a, const struct bfd_params *b)
{
	return a->transmit_us == b->transmit_us && a->receive_us == b->receive_us &&
	       a->echo_receive_us == b->echo_receive_us &&
	       a->echo_transmit_us == b->echo_transmit_us && a->detect_mult == b->detect_mult &&
	       a->passive == b->passive;
}

void bfd_engine_send_params(struct bfd_engine *e, const struct bfd_entry *entry)
{
	bfd_thread_command(e->thread, &(struct bfd_command){.what = BFD_COMMAND_PARAMS,
							    .index = entry->index,
							    .params = entry->params,
							    .minimum_ttl = entry->minimum_ttl,
							    .ifindex = entry->ifindex,
							    .link_address = entry->link_address});
}

static void give_params(struct bfd_engine *e, struct bfd_entry *entry,
			const struct bfd_params *params, uint8_t minimum_ttl)
{
	if (params_same(params, &entry->params) && entry->minimum_ttl == minimum_ttl)
		return;
	entry->params = *params;
	entry->minimum_ttl = minimum_ttl;
	bfd_engine_send_params(e, entry);
}

static void update_entry(struct bfd_engine *e, struct bfd_entry *entry,
			 const struct bfd_profile *profile)
{
	struct bfd_params params;

	entry->echo_us = echo_us_of(profile);
	params = params_now(e, entry, params_of(profile));
	give_params(e, entry, &params, profile->minimum_ttl);
	bfd_engine_find_link(e, entry);
}

void bfd_engine_sync_echo(struct bfd_engine *e)
{
	for (size_t i = 0; i < e->entries.n; i++) {
		struct bfd_entry *entry = e->entries.at[i];
		const struct bfd_params params = params_now(e, entry, entry->params);

		give_params(e, entry, &params, entry->minimum_ttl);
	}
}

/* ---- reconciling ---- */

static bool is_wanted(const struct plan_peer *peer)
{
	return peer->bfd && !peer->shutdown && peer->address.family != ADDR_NONE;
}

static bool start_thread(struct bfd_engine *e)
{
	int r;

	if (e->thread)
		return true;
	r = bfd_thread_start(&e->thread);
	if (r >= 0)
		r = bfd_engine_listen_to_thread(e);
	if (r < 0)
		log_error("no thread for BFD: %s; peers run without it", strerror(-r));
	else if (e->thread->priority_error)
		log_warning(
			"BFD has no real-time priority: %s; where the host is busy, sessions with "
			"short intervals may go down by that; it needs LimitRTPRIO=10 in the "
			"unit, or CAP_SYS_NICE",
			strerror(e->thread->priority_error));
	return r >= 0;
}

static bool was_told(const struct names_told *told, const char *name)
{
	for (size_t i = 0; i < told->n; i++)
		if (strcmp(told->at[i], name) == 0)
			return true;
	return false;
}

/* It goes with BGP, which a VIP is no address for either. */
static void tell_of_vip(struct bfd_engine *e, const struct plan_peer *peer)
{
	if (was_told(&e->told, peer->name))
		return;
	*array_add(&e->told) = heap_strdup(peer->name);
	log_event(LOG_WARNING, EVENT_PEER_ERROR, LOG_FIELDS({"PEER", peer->name}),
		  "peer %s: no BFD: its local address is a VIP: set sourceAddress", peer->name);
}

/* NULL: there can be none. */
static struct bfd_entry *keep_or_make(struct bfd_engine *e, const struct plan_peer *peer)
{
	struct bfd_entry *old = bfd_engine_find(e, peer->name);
	const struct bfd_route route = bfd_engine_route(e, peer, old);

	if (route.is_vip) {
		tell_of_vip(e, peer);
		return NULL;
	}
	if (!old || old->multihop != route.multihop || !addr_equal(&old->peer, &peer->address) ||
	    !addr_equal(&old->source, &route.source))
		return new_entry(e, peer, &route);
	old->asked = peer->source_address;
	bfd_engine_set_ifindex(e, old, route.ifindex);
	update_entry(e, old, peer->bfd);
	return old;
}

static bool has_entry(const struct bfd_entries *list, const struct bfd_entry *entry)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i] == entry)
			return true;
	return false;
}

static void drop_others(struct bfd_engine *e, const struct bfd_entries *kept)
{
	for (size_t i = 0; i < e->entries.n; i++)
		if (!has_entry(kept, e->entries.at[i]))
			remove_entry(e, e->entries.at[i]);
	array_fini(&e->entries);
	e->entries = *kept;
}

void bfd_want(struct bfd_engine *e, const struct plan *plan)
{
	struct bfd_entries kept = {0};
	const struct plan_peer *peers;
	size_t n;

	if (e->stopping)
		return;
	peers = plan_peers(plan, &n);
	for (size_t i = 0; i < n; i++) {
		struct bfd_entry *entry;

		if (!is_wanted(&peers[i]) || !start_thread(e))
			continue;
		entry = keep_or_make(e, &peers[i]);
		if (entry)
			*array_add(&kept) = entry;
	}
	drop_others(e, &kept);
	if (!e->thread)
		return;
	bfd_engine_open_sockets(e);
	bfd_engine_watch_ways(e);
}

void bfd_look_at(struct bfd_engine *e, const struct plan *plan, const char *name)
{
	const uint32_t index = plan_find_peer(plan, name);
	struct bfd_entry *old = bfd_engine_find(e, name), *now;
	size_t n;

	if (e->stopping || index == PLAN_NONE || !is_wanted(&plan_peers(plan, &n)[index]))
		return;
	now = old ? keep_or_make(e, &plan_peers(plan, &n)[index]) : NULL;
	if (!now) {
		bfd_want(e, plan);
		return;
	}
	for (size_t i = 0; i < e->entries.n && now != old; i++) {
		if (e->entries.at[i] != old)
			continue;
		e->entries.at[i] = now;
		remove_entry(e, old);
		bfd_engine_open_sockets(e);
		return;
	}
}

void bfd_admin_down(struct bfd_engine *e)
{
	e->stopping = true;
	if (e->thread)
		bfd_thread_command(e->thread,
				   &(struct bfd_command){.what = BFD_COMMAND_ADMIN_DOWN});
}

/* ---- what the thread tells ---- */

static int64_t wall_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static void on_change(struct bfd_engine *e, struct bfd_entry *entry, const struct bfd_change *c)
{
	const bool lost = c->lost && !e->stopping;

	entry->state = c->to;
	bfd_engine_log_change(entry, c, lost ? LOG_WARNING : LOG_INFO);
	if (c->to == BFD_UP || c->verdict[0])
		entry->lost = c->to != BFD_UP && lost;
	if (c->verdict[0]) {
		entry->down_wall_us = wall_us();
		entry->down_diag = c->diag;
		memcpy(entry->verdict, c->verdict, sizeof(entry->verdict));
	}
	if (lost)
		e->ops->lost(e->arg, entry->name);
	if (c->to == BFD_UP && !e->stopping)
		e->ops->up(e->arg, entry->name);
	bfd_engine_find_link(e, entry);
}

void bfd_engine_on_event(struct bfd_engine *e, const struct bfd_event *event)
{
	if (event->what == BFD_EVENT_REMOVED) {
		free(e->tracks[event->index]);
		e->tracks[event->index] = NULL;
	} else if (event->what == BFD_EVENT_DISCARDED) {
		bfd_engine_log_discarded(e, &event->discarded);
	} else if (e->by_index[event->index]) {
		on_change(e, e->by_index[event->index], &event->change);
	}
}

/* ---- life ---- */

struct bfd_engine *bfd_engine_new(sd_event *event, const struct bfd_ops *ops, void *arg)
{
	struct bfd_engine *e = heap_new_of(struct bfd_engine);

	e->event = sd_event_ref(event);
	e->ops = ops;
	e->arg = arg;
	return e;
}

void bfd_engine_free(struct bfd_engine *e)
{
	if (!e)
		return;
	sd_event_source_disable_unref(e->events_source);
	sd_event_source_disable_unref(e->retry);
	sd_event_source_disable_unref(e->look);
	if (e->thread)
		bfd_thread_stop(e->thread);
	for (size_t i = 0; i < e->entries.n; i++) {
		free(e->entries.at[i]->name);
		free(e->entries.at[i]);
	}
	array_fini(&e->entries);
	for (size_t i = 0; i < e->told.n; i++)
		free(e->told.at[i]);
	array_fini(&e->told);
	for (unsigned i = 0; i < BFD_TRACKS_MAX; i++)
		free(e->tracks[i]);
	sd_event_unref(e->event);
	free(e);
}

const char *bfd_state_of(const struct bfd_engine *e, const char *peer)
{
	const struct bfd_entry *entry = bfd_engine_find(e, peer);

	return entry ? bfd_state_name(entry->state) : NULL;
}
