/* track.c: one connection's state machine driven: events in, actions done */
#include "bgp/session_private.h"

#include "base/heap.h"
#include "base/log.h"
#include "bgp/local.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void on_connected(void *arg, struct conn *c);
static void on_closed(void *arg, struct conn *c, int error);

static const struct conn_ops conn_ops = {.connected = on_connected,
					 .received = track_received,
					 .fill = track_fill,
					 .closed = on_closed};

bool track_is_dialled(const struct track *t)
{
	return t == &t->session->tracks[TRACK_DIALLED];
}

void track_init(struct track *t, struct session *s)
{
	t->session = s;
	t->fsm.passive = !track_is_dialled(t);
	conn_init(&t->conn, s->env->event, &conn_ops, t);
}

void track_fini(struct track *t)
{
	conn_fini(&t->conn);
	bgp_timer_fini(&t->hold);
	bgp_timer_fini(&t->keepalive);
	bgp_timer_fini(&t->send_hold);
	bgp_timer_fini(&t->impatience);
}

enum { TTL_MAX = 255 };

/* RFC 5082 3: what comes from N hops away has a TTL of 255 - (N - 1) at least. */
static uint8_t min_ttl(const struct plan_peer *peer)
{
	return peer->ttl_security_hops ? (uint8_t)(TTL_MAX + 1 - peer->ttl_security_hops) : 0;
}

/* An external peer is on the link, unless told otherwise. */
static uint8_t ttl(const struct plan_peer *peer)
{
	bool near = peer->type == PEER_EXTERNAL && !peer->multihop;

	return near && !peer->ttl_security_hops ? 1 : TTL_MAX;
}

static void tcp_params(const struct track *t, struct tcp_params *ret)
{
	const struct plan_peer *peer = t->session->peer;

	*ret = (struct tcp_params){
		.remote = peer->address,
		.port = peer->port,
		.source = peer->source_address,
		.ttl = ttl(peer),
		.min_ttl = min_ttl(peer),
		.password = peer->password,
	};
}

/* Why a connection that stands can't be used; NULL: it can. */
static const char *conn_obstacle(struct track *t)
{
	const struct session_env *env = t->session->env;
	const struct addr *local = &t->conn.local;

	if (env->ops->local_address_allowed && !env->ops->local_address_allowed(env->arg, local))
		return "its local address is a VIP: set sourceAddress";
	t->ifindex = env->ops->interface_to
			     ? env->ops->interface_to(env->arg, &t->session->peer->address)
			     : 0;
	t->router_id = t->session->peer->router_id;
	if (t->router_id == 0)
		t->router_id =
			local->family == ADDR_IPV4 ? addr_ipv4_u32(local) : local_any_ipv4(env);
	return t->router_id ? NULL : "this host has no IPv4 address: set routerID";
}

static void on_connected(void *arg, struct conn *c)
{
	struct track *t = arg;
	const char *why = conn_obstacle(t);

	if (!why) {
		track_event(t, BGP_EV_TCP_ACKED, NULL, "connected");
		return;
	}
	conn_close(c);
	session_error(t->session, false, NULL, why);
	track_event(t, BGP_EV_TCP_FAILS, NULL, why);
}

/* Why a connection could not be made, or did not become a session; to be freed. */
static char *conn_error_text(const struct track *t, int error)
{
	const struct plan_peer *peer = t->session->peer;

	if (error == ETIMEDOUT)
		return t->fsm.state == BGP_CONNECT ? heap_strdup(session_no_answer_text(t->session))
						   : track_unheard_text(t);
	/* what a router on the way says of packets that live for one hop */
	if (error == EHOSTUNREACH && peer->type == PEER_EXTERNAL && !peer->multihop)
		return heap_strdup(
			"No route to host (more than one hop away? that needs ebgpMultiHop)");
	return heap_strdup(error ? strerror(error) : "the peer closed the connection");
}

static void on_closed(void *arg, struct conn *c, int error)
{
	struct track *t = arg;
	char *why = NULL;

	(void)c;
	if (t->fsm.state == BGP_ESTABLISHED) {
		why = heap_strdup(error ? strerror(error) : "the peer closed the connection");
		session_error(t->session, false, NULL, why);
	} else {
		why = conn_error_text(t, error);
		session_not_made(t->session, why);
	}
	track_event(t, BGP_EV_TCP_FAILS, NULL, why);
	free(why);
}

/* The connection goes; what was written last goes out before. */
static void drop(struct track *t, bool farewell)
{
	uint8_t *bytes;
	size_t len;
	int fd;

	t->has_open = false;
	t->keepalive_due = t->end_of_rib_due = false;
	t->refresh_wanted = t->begin_due = t->end_due = 0;
	if (!farewell) {
		conn_close(&t->conn);
		return;
	}
	fd = conn_detach(&t->conn, &bytes, &len);
	if (fd >= 0)
		farewell_start(t->session->env->farewells, fd, bytes, len);
}

static void send_notification(struct track *t, const struct bgp_error *error)
{
	if (!conn_is_open(&t->conn))
		return;
	track_send_notification(t, error);
	session_blame(t, error);
	session_tell_notification(t->session, true, error);
}

static void dial(struct track *t)
{
	struct tcp_params params;
	int r;

	tcp_params(t, &params);
	r = conn_dial(&t->conn, &params);
	if (r < 0) {
		session_not_made(t->session, strerror(-r));
		track_event(t, BGP_EV_TCP_FAILS, NULL, strerror(-r));
	}
}

static void act(struct track *t, const struct bgp_fsm_result *todo)
{
	unsigned actions = todo->actions;

	if (actions & BGP_DO_SEND_NOTIFICATION)
		send_notification(t, &todo->error);
	if (actions & BGP_DO_RELEASE)
		session_went_down(t);
	if (actions & BGP_DO_DROP)
		drop(t, actions & BGP_DO_SEND_NOTIFICATION);
	track_do_timers(t, actions);
	if (actions & BGP_DO_SEND_OPEN)
		track_send_open(t);
	if (actions & BGP_DO_SEND_KEEPALIVE) {
		t->keepalive_due = true;
		conn_want_fill(&t->conn);
	}
	if (actions & BGP_DO_ESTABLISHED)
		session_came_up(t);
	if (actions & BGP_DO_CONNECT)
		dial(t);
}

/* One that does not dial, or need not as the other one is up, waits for nothing more. */
static void rest(struct track *t)
{
	struct session *s = t->session;

	t->accepted = t->late = false;
	if (track_is_dialled(t) && (!s->up || s->up == t))
		return;
	conn_close(&t->conn);
	t->fsm.state = BGP_IDLE;
	if (track_is_dialled(t))
		bgp_timer_stop(&s->retry);
}

void track_event(struct track *t, enum bgp_event event, const struct bgp_error *error,
		 const char *why)
{
	struct bgp_fsm_result todo;
	enum bgp_state before = t->fsm.state;

	bgp_fsm_event(&t->fsm, event, error, &todo);
	if (log_level() >= LOG_DEBUG)
		log_debug("peer %s: %s: %s, %s -> %s", t->session->peer->name,
			  track_is_dialled(t) ? "dialled" : "accepted", bgp_event_name(event),
			  bgp_state_name(before), bgp_state_name(t->fsm.state));
	/* What was lost in a collision was no failure. */
	if ((todo.actions & BGP_DO_COUNT_FAILURE) && event != BGP_EV_COLLISION_DUMP)
		t->session->failures++;
	act(t, &todo);
	if (t->fsm.state != before)
		track_begin_to_wait(t);
	if (t->fsm.state < BGP_OPEN_SENT)
		rest(t);
	session_settle(t->session, why);
}

void track_start(struct track *t, const char *why)
{
	t->fsm.passive = t->session->peer->passive;
	track_event(t, BGP_EV_MANUAL_START, NULL, why);
	if (t->fsm.passive)
		session_retry_later(t->session);
}

void track_wait(struct track *t, const char *why)
{
	session_retry_later(t->session);
	t->fsm.passive = true; /* Active; it dials when the retry timer is over */
	track_event(t, BGP_EV_AUTOMATIC_START, NULL, why);
	t->fsm.passive = t->session->peer->passive;
}

/* It became passive on the way, rested, or looks whether it still is. */
static void retry_passive(struct track *t)
{
	static const char why[] = "waits for the peer to connect";

	if (t->fsm.state == BGP_CONNECT)
		track_stop(t, 0, NULL, why); /* and waits then */
	else if (t->fsm.state == BGP_IDLE)
		track_wait(t, why);
	else
		session_retry_later(t->session);
}

void track_retry(struct track *t)
{
	bool passive = t->session->peer->passive;

	if (t->fsm.state == BGP_CONNECT && !passive)
		session_no_answer(t->session);
	t->fsm.passive = passive;
	if (passive) {
		retry_passive(t);
		return;
	}
	if (t->fsm.state == BGP_IDLE)
		track_event(t, BGP_EV_AUTOMATIC_START, NULL, "tried again");
	else
		track_event(t, BGP_EV_CONNECT_RETRY_TIMER, NULL, "tried again");
}

void track_accept(struct track *t, int fd)
{
	struct tcp_params params;
	const char *why;
	int r;

	tcp_params(t, &params);
	r = conn_take(&t->conn, fd, &params);
	why = r < 0 ? strerror(-r) : conn_obstacle(t);
	if (why) {
		conn_close(&t->conn);
		session_error(t->session, false, NULL, why);
		return;
	}
	t->accepted = true;
	t->fsm.state = BGP_ACTIVE; /* as the dialled one, which listens for it (8.2.1) */
	track_event(t, BGP_EV_TCP_CONFIRMED, NULL, "the peer connected");
}

void track_stop(struct track *t, uint8_t subcode, const char *text, const char *why)
{
	struct bgp_error error;

	if (t->fsm.state == BGP_IDLE)
		return;
	bgp_cease(&error, subcode, text);
	track_event(t, BGP_EV_MANUAL_STOP, &error, why);
}

void track_lost(struct track *t, const char *why)
{
	if (t->fsm.state < BGP_OPEN_SENT)
		return;
	session_error(t->session, false, NULL, why);
	track_event(t, BGP_EV_TCP_FAILS, NULL, why);
}

void track_give_up(struct track *t, uint8_t subcode, const char *why)
{
	struct bgp_error error;

	if (t->fsm.state < BGP_OPEN_SENT)
		return;
	bgp_cease(&error, subcode, NULL);
	track_event(t, BGP_EV_AUTOMATIC_STOP, &error, why);
}

void track_dump(struct track *t, const char *why)
{
	struct bgp_error error;

	bgp_cease(&error, BGP_CEASE_COLLISION, NULL);
	if (t->fsm.state >= BGP_OPEN_SENT)
		track_event(t, BGP_EV_COLLISION_DUMP, &error, why);
	else
		track_event(t, BGP_EV_MANUAL_STOP, NULL, why);
}
