/* track_send.c: messages sent on one connection
 *
 * OPEN and NOTIFICATION are written at once; a KEEPALIVE, UPDATEs and End-of-RIB only mark that
 * they are due and are built when the socket can take them.
 */
#include "bgp/session_private.h"

#include "base/log.h"
#include "bgp/update.h"

static void send_written(struct track *t, const struct writer *w, size_t messages)
{
	t->session->messages_sent += messages;
	conn_send(&t->conn, w->start, writer_len(w));
}

void track_send_open(struct track *t)
{
	const struct plan_peer *peer = t->session->peer;
	const struct bgp_open open = {
		.asn = peer->my_asn,
		.router_id = t->router_id,
		.hold_time_s = peer->hold_time_s,
		.capabilities = BGP_CAP_AS4 | BGP_CAP_ROUTE_REFRESH |
				(peer->ipv4 ? BGP_CAP_IPV4 : 0u) | (peer->ipv6 ? BGP_CAP_IPV6 : 0u),
	};
	uint8_t bytes[BGP_MESSAGE_MAX];
	struct writer w = writer_of(bytes, sizeof(bytes));

	bgp_open_encode(&w, &open);
	send_written(t, &w, 1);
}

void track_send_notification(struct track *t, const struct bgp_error *error)
{
	uint8_t bytes[BGP_MESSAGE_MAX];
	struct writer w = writer_of(bytes, sizeof(bytes));

	bgp_notification_encode(&w, error);
	send_written(t, &w, 1);
}

static void fill_keepalive(struct track *t)
{
	uint8_t bytes[BGP_HEADER_LEN];
	struct writer w = writer_of(bytes, sizeof(bytes));

	t->keepalive_due = false;
	bgp_keepalive_encode(&w);
	send_written(t, &w, 1);
}

/* A run of UPDATE messages in the making. */
struct run {
	struct track *track;
	struct writer w;
	struct update_packer packer;
};

static void run_begin(struct run *run)
{
	struct send_room *room = run->track->session->env->room;

	run->w = writer_of(room->bytes, sizeof(room->bytes));
	update_begin(&run->packer, &run->w, BGP_MESSAGE_MAX);
}

static void run_flush(struct run *run)
{
	size_t messages = update_finish(&run->packer);

	run->track->session->updates_sent += messages;
	send_written(run->track, &run->w, messages);
}

static bool run_put(struct run *run, const struct adjout_change *change)
{
	const struct track *t = run->track;
	struct wire_attrs attrs;

	if (!change->set)
		return update_withdraw(&run->packer, &change->prefix);
	attrs = (struct wire_attrs){
		.set = &change->set->attrs,
		.next_hop = session_route_next_hop(t->session, &change->set->attrs,
						   change->prefix.addr.family),
		.my_asn = t->session->peer->my_asn,
		.internal = t->internal,
		.as4 = t->as4,
	};
	return update_announce(&run->packer, &attrs, &change->prefix);
}

static bool run_put_or_flush(struct run *run, const struct adjout_change *change)
{
	if (run_put(run, change))
		return true;
	run_flush(run);
	run_begin(run);
	return run_put(run, change);
}

/* Attributes that no message can hold: better not announced than announced with old ones. */
static void put_too_long(struct run *run, const struct adjout_change *change)
{
	const struct adjout_change withdrawn = {change->prefix, NULL};
	char text[PREFIX_TEXT_MAX];

	log_event(LOG_ERR, EVENT_PEER_ERROR, LOG_FIELDS({"PEER", run->track->session->peer->name}),
		  "peer %s: %s is not announced: its attributes do not fit a message",
		  run->track->session->peer->name, prefix_format(text, &change->prefix));
	(void)run_put_or_flush(run, &withdrawn);
}

static void put_changes(struct run *run, size_t n)
{
	const struct session *s = run->track->session;
	const struct adjout_change *changes = s->env->room->changes;

	for (size_t i = 0; i < n; i++) {
		if (session_next_hop(s, changes[i].prefix.addr.family).family == ADDR_NONE)
			continue; /* not for this session */
		if (!run_put_or_flush(run, &changes[i]) && changes[i].set)
			put_too_long(run, &changes[i]);
	}
}

static void put_end_of_rib(struct run *run)
{
	struct track *t = run->track;

	if (t->ipv4)
		(void)update_end_of_rib(&run->packer, ADDR_IPV4);
	if (t->ipv6)
		(void)update_end_of_rib(&run->packer, ADDR_IPV6);
	t->end_of_rib_due = false;
}

/* One piece of what is pending; nothing of it may be for this session. */
static void fill_updates(struct track *t)
{
	struct session *s = t->session;
	struct send_room *room = s->env->room;
	struct run run = {.track = t};
	size_t n = adjout_take(&s->cursor, room->changes, SEND_CHANGES_MAX,
			       CONN_PIECE - 2 * BGP_MESSAGE_MAX);

	run_begin(&run);
	put_changes(&run, n);
	run_flush(&run);
	if (t->end_of_rib_due && !adjout_pending(&s->cursor)) {
		run_begin(&run);
		put_end_of_rib(&run);
		run_flush(&run);
	}
}

void track_fill(void *arg, struct conn *c)
{
	struct track *t = arg;
	struct session *s = t->session;

	if (t->keepalive_due)
		fill_keepalive(t);
	if (s->up != t)
		return;
	while (conn_is_flushed(c) && (adjout_pending(&s->cursor) || t->end_of_rib_due))
		fill_updates(t);
	if (conn_is_flushed(c))
		session_sent_all(s);
}
