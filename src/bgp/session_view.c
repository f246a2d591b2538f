/* session_view.c: what is told of a session */
#include "bgp/session_private.h"

#include "base/heap.h"
#include "base/text.h"

#include <stdlib.h>

/* Why it can't run here at all, or may not; NULL: it can. */
const char *session_obstacle(const struct session *s)
{
	const struct speaker_ops *ops = s->env->ops;
	const struct addr *source = &s->peer->source_address;

	if (s->peer->shutdown)
		return "a PeerPolicy keeps it down";
	if (source->family != ADDR_NONE && ops->local_address_allowed &&
	    !ops->local_address_allowed(s->env->arg, source))
		return "its sourceAddress is a VIP";
	return NULL;
}

/* What an operator should know, beside the state: why it does not run, what it waits for, or what
 * is not announced.  To be freed. */
static char *note(const struct session *s)
{
	const char *why = s->up ? NULL : session_obstacle(s);
	const char *awaited = s->up || !s->started ? NULL : session_awaited(s);
	const char *ipv4 = session_family_obstacle(s, ADDR_IPV4);
	const char *ipv6 = session_family_obstacle(s, ADDR_IPV6);
	struct text t = {0};

	if (why)
		return heap_strdup(why);
	if (awaited)
		text_addf(&t, "waits for BFD (strict): %s", awaited);
	else if (ipv4 || ipv6)
		text_addf(&t, "%s is not announced: %s", ipv4 ? "IPv4" : "IPv6",
			  ipv4 ? ipv4 : ipv6);
	else
		return session_waits_for(s);
	return text_take(&t);
}

/* The track that says most. */
static const struct track *best_track(const struct session *s)
{
	const struct track *a = &s->tracks[TRACK_DIALLED], *b = &s->tracks[TRACK_ACCEPTED];

	return b->fsm.state > a->fsm.state ? b : a;
}

static uint64_t count_advertised(const struct session *s)
{
	uint64_t n = 0;

	if (session_next_hop(s, ADDR_IPV4).family != ADDR_NONE)
		n += adjout_sent_count(&s->cursor, ADDR_IPV4);
	if (session_next_hop(s, ADDR_IPV6).family != ADDR_NONE)
		n += adjout_sent_count(&s->cursor, ADDR_IPV6);
	return n;
}

static void view_open(const struct session *s, const struct track *t, struct bgp_peer_view *ret)
{
	ret->hold_time_s = s->peer->hold_time_s;
	ret->keepalive_s = s->peer->keepalive_s;
	ret->peer_asn = s->peer->peer_asn;
	if (!t->has_open)
		return;
	ret->hold_time_s = t->hold_time_s;
	ret->keepalive_s = t->keepalive_s;
	ret->peer_asn = t->open.asn;
	ret->remote_router_id = t->open.router_id;
}

void session_view(struct session *s, struct bgp_peer_view *ret)
{
	const struct track *t = best_track(s);

	*ret = (struct bgp_peer_view){
		.name = s->peer->name,
		.address = s->peer->address,
		.interface = s->peer->interface,
		.local_address = t->conn.local,
		.state = session_state(s),
		.internal = session_is_internal(s),
		.draining = s->peer->drain,
		.my_asn = s->peer->my_asn,
		.uptime_us = s->up ? monotime_since_us(monotime_now(), s->up_since) : 0,
		.established_count = s->established_count,
		.prefixes_advertised = count_advertised(s),
		.updates_sent = s->updates_sent,
		.updates_received = s->updates_received,
		.messages_sent = s->messages_sent,
		.messages_received = s->messages_received,
		.last_error = {.wall_us = s->last_error.wall_us,
			       .sent = s->last_error.sent,
			       .code = s->last_error.code,
			       .subcode = s->last_error.subcode,
			       .text = s->last_error.text},
	};
	free(s->note);
	s->note = note(s);
	ret->note = s->note;
	ret->shut_down = s->peer->shutdown;
	view_open(s, t, ret);
	ret->capabilities = s->capabilities;
	if (t->has_open)
		ret->n_capabilities = bgp_capability_names(t->open.capabilities, s->capabilities,
							   CAPABILITY_WORDS_MAX);
}
