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

enum { RESTART_TIME_S = 120 };

/* What our OPEN offers. */
static uint32_t offer(const struct session *s)
{
	const struct plan_peer *peer = s->peer;
	uint32_t offered = BGP_CAP_AS4 | BGP_CAP_ROUTE_REFRESH | BGP_CAP_ENHANCED_REFRESH |
			   BGP_CAP_EXTENDED_MESSAGE;

	if (s->plain_open)
		return 0;
	if (peer->ipv4)
		offered |= BGP_CAP_IPV4;
	if (peer->ipv6)
		offered |= BGP_CAP_IPV6;
	if (peer->ipv4 && peer->address.family == ADDR_IPV6)
		offered |= BGP_CAP_NEXT_HOP;
	if (peer->graceful_restart)
		offered |= BGP_CAP_GRACEFUL_RESTART;
	return offered;
}

/* RFC 4724 3: what the peer forwarded to us still arrives, as long as this process lives.  R and N
 * (RFC 8538) are not set: a start begins with nothing, and a Cease of ours is meant. */
static uint32_t preserved(const struct session *s, uint32_t families)
{
	return s->established_count > 0 ? families : 0;
}

void track_send_open(struct track *t)
{
	const struct session *s = t->session;
	const struct plan_peer *peer = s->peer;
	uint32_t offered = offer(s), families = offered & (BGP_CAP_IPV4 | BGP_CAP_IPV6);
	const struct bgp_open open = {
		.asn = peer->my_asn,
		.router_id = t->router_id,
		.hold_time_s = peer->hold_time_s,
		.capabilities = offered,
		.restart_time_s = RESTART_TIME_S,
		.restart_families = families,
		.preserved = preserved(s, families),
	};
	uint8_t bytes[BGP_MESSAGE_MAX];
	struct writer w = writer_of(bytes, sizeof(bytes));

	t->offered = offered;
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
	update_begin(&run->packer, &run->w,
		     run->track->extended ? BGP_EXTENDED_MAX : BGP_MESSAGE_MAX);
}

static void run_flush(struct run *run)
{
	size_t messages = update_finish(&run->packer);

	run->track->session->updates_sent += messages;
	send_written(run->track, &run->w, messages);
	if (messages > 0)
		track_sent_update(run->track);
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

/* Nothing of a family is, without a next hop to be told. */
static bool is_for(const struct session *s, const struct adjout_change *change)
{
	uint8_t family = change->prefix.addr.family;

	if (!change->set)
		return family == ADDR_IPV4 ? s->up->ipv4 : s->up->ipv6;
	return session_route_next_hop(s, &change->set->attrs, family).family != ADDR_NONE;
}

static void put_changes(struct run *run, size_t n)
{
	const struct session *s = run->track->session;
	const struct adjout_change *changes = s->env->room->changes;

	for (size_t i = 0; i < n; i++) {
		if (!is_for(s, &changes[i]))
			continue;
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

enum { N_FAMILIES = 2 };
static const uint8_t both[N_FAMILIES] = {ADDR_IPV4, ADDR_IPV6};

/* BoRR or EoRR (RFC 7313 4) of the families in the mask. */
static void send_marks(struct track *t, uint8_t families, enum bgp_refresh what)
{
	uint8_t bytes[2 * (BGP_HEADER_LEN + 4)];
	struct writer w = writer_of(bytes, sizeof(bytes));
	size_t n = 0;

	for (size_t i = 0; i < N_FAMILIES; i++) {
		if (families & FAMILY_BIT(both[i])) {
			bgp_refresh_encode(&w, both[i], what);
			n++;
		}
	}
	send_written(t, &w, n);
}

static void begin_refresh(struct track *t, uint8_t family)
{
	adjout_rewind(&t->session->cursor, family);
	if (t->enhanced) {
		t->begin_due |= FAMILY_BIT(family);
		t->end_due |= FAMILY_BIT(family);
	}
}

/* RFC 7313 4: no BoRR before the End-of-RIB. */
void track_refresh(struct track *t, uint8_t family)
{
	if (t->end_of_rib_due)
		t->refresh_wanted |= FAMILY_BIT(family);
	else
		begin_refresh(t, family);
	session_poke(t->session);
}

bool track_owes(const struct track *t)
{
	return t->end_of_rib_due || t->refresh_wanted || t->begin_due || t->end_due;
}

/* What comes behind the last of the routes. */
static void fill_end(struct track *t)
{
	if (t->end_due) {
		send_marks(t, t->end_due, BGP_REFRESH_END);
		t->end_due = 0;
	}
	for (size_t i = 0; i < N_FAMILIES; i++) {
		if (t->refresh_wanted & FAMILY_BIT(both[i]))
			begin_refresh(t, both[i]);
	}
	t->refresh_wanted = 0;
}

/* One piece of what is pending; nothing of it may be for this session. */
static void fill_updates(struct track *t)
{
	struct session *s = t->session;
	struct send_room *room = s->env->room;
	struct run run = {.track = t};
	size_t n;

	if (t->begin_due) {
		send_marks(t, t->begin_due, BGP_REFRESH_BEGIN);
		t->begin_due = 0;
	}
	n = adjout_take(&s->cursor, room->changes, SEND_CHANGES_MAX,
			CONN_PIECE - 2 * BGP_MESSAGE_MAX);
	run_begin(&run);
	put_changes(&run, n);
	run_flush(&run);
	if (t->end_of_rib_due && !adjout_pending(&s->cursor)) {
		run_begin(&run);
		put_end_of_rib(&run);
		run_flush(&run);
	}
	if (!adjout_pending(&s->cursor))
		fill_end(t);
}

void track_fill(void *arg, struct conn *c)
{
	struct track *t = arg;
	struct session *s = t->session;

	if (t->keepalive_due)
		fill_keepalive(t);
	if (s->up != t)
		return;
	while (conn_is_flushed(c) && (adjout_pending(&s->cursor) || track_owes(t)))
		fill_updates(t);
	if (conn_is_flushed(c))
		session_sent_all(s);
}
