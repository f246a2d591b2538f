/* session.c: one peer: started, ended, tried again; collisions; the state of the whole
 *
 * The back-off is the session's: a failure doubles the time to the next try (5 s to 120 s, less up
 * to a quarter so that peers don't march in step), a session that stayed up sets it back.  A peer
 * that broke a rule, or comes up and goes down again and again, is not let in before that either
 * (DampPeerOscillations, RFC 4271 8.1.1).
 */
#include "bgp/session_private.h"

#include "base/heap.h"
#include "base/log.h"
#include "bgp/local.h"

#include <stdlib.h>

enum {
	RETRY_S = 5, /* where the plan says nothing */
	RETRY_MAX_S = 120,
	STAYED_UP_US = 60 * 1000 * 1000,
	FLAPS_MAX = 10, /* in a row, before its peer has to rest */
	PROBE_US = 1000 * 1000, /* longer than a round trip */
};

struct session *session_new(const struct session_env *env, const struct plan_peer *peer)
{
	struct session *s = heap_new_of(struct session);

	s->env = env;
	s->peer = peer;
	for (size_t i = 0; i < N_TRACKS; i++)
		track_init(&s->tracks[i], s);
	return s;
}

void session_free(struct session *s)
{
	if (!s)
		return;
	adjout_leave(&s->cursor);
	for (size_t i = 0; i < N_TRACKS; i++)
		track_fini(&s->tracks[i]);
	bgp_timer_fini(&s->retry);
	bgp_timer_fini(&s->probe);
	free(s->leaving_text);
	free(s->note);
	free(s);
}

const struct plan_peer *session_peer(const struct session *s)
{
	return s->peer;
}

void session_set_peer(struct session *s, const struct plan_peer *peer)
{
	s->peer = peer;
}

void session_set_adjout(struct session *s, struct adjout *out)
{
	s->out = out;
}

struct adjout_cursor *session_cursor(struct session *s)
{
	return &s->cursor;
}

enum bgp_state session_state(const struct session *s)
{
	enum bgp_state a = s->tracks[TRACK_DIALLED].fsm.state;
	enum bgp_state b = s->tracks[TRACK_ACCEPTED].fsm.state;

	return a > b ? a : b;
}

/* Nothing is left that lives: the next try is a matter of time. */
static void settle_down(struct session *s, const char *why)
{
	struct track *dialled = &s->tracks[TRACK_DIALLED];

	if (!s->damped && session_awaited(s)) {
		session_wait_for_bfd(s, why);
	} else if (!s->damped) {
		track_wait(dialled, why);
	} else if (dialled->fsm.state != BGP_IDLE) {
		track_stop(dialled, 0, NULL, why); /* comes back here */
	} else {
		s->damped = false;
		session_retry_later(s);
		session_tell(s, why);
	}
}

void session_settle(struct session *s, const char *why)
{
	enum bgp_state now = session_state(s);
	bool waits = now == BGP_IDLE && bgp_timer_runs(&s->retry);

	if (s->started && ((now == BGP_IDLE && !waits) || (now < BGP_OPEN_SENT && s->damped)))
		settle_down(s, why);
	else
		session_tell(s, why);
}

void session_start(struct session *s)
{
	const char *why = session_obstacle(s);

	if (s->started)
		return;
	if (why) {
		log_event(s->peer->shutdown ? LOG_INFO : LOG_WARNING, EVENT_PEER_ERROR,
			  LOG_FIELDS({"PEER", s->peer->name}, {"REASON", why}),
			  "peer %s does not run: %s", s->peer->name, why);
		if (!s->peer->shutdown)
			session_error(s, false, NULL, why);
		return;
	}
	s->started = true;
	s->plain_open = false;
	s->failures = s->flaps = 0;
	session_log_anew(s);
	if (session_awaited(s))
		session_wait_for_bfd(s, "started");
	else
		track_start(&s->tracks[TRACK_DIALLED], "started");
}

void session_stop(struct session *s, uint8_t subcode, const char *text, const char *why)
{
	s->started = false;
	s->leaving = false;
	s->damped = s->waits_for_bfd = false;
	bgp_timer_stop(&s->retry);
	for (size_t i = 0; i < N_TRACKS; i++)
		track_stop(&s->tracks[i], subcode, text, why);
	session_tell(s, why);
}

void session_shutdown(struct session *s, const char *text)
{
	static const char why[] = "mlbgpd stops";

	if (!s->up || session_is_flushed(s)) {
		session_stop(s, BGP_CEASE_ADMIN_SHUTDOWN, text, why);
		return;
	}
	s->started = false;
	s->leaving = true;
	free(s->leaving_text);
	s->leaving_text = heap_strdup(text);
	session_poke(s);
}

void session_sent_all(struct session *s)
{
	if (s->leaving)
		session_stop(s, BGP_CEASE_ADMIN_SHUTDOWN, s->leaving_text, "mlbgpd stops");
}

void session_poke(struct session *s)
{
	if (s->up)
		conn_want_fill(&s->up->conn);
}

void session_give_up(struct session *s, uint8_t subcode, const char *why)
{
	for (size_t i = 0; i < N_TRACKS; i++)
		track_give_up(&s->tracks[i], subcode, why);
}

void session_links_changed(struct session *s)
{
	const struct speaker_ops *ops = s->env->ops;

	if (s->peer->type != PEER_EXTERNAL || s->peer->multihop || !ops->interface_lost)
		return;
	for (size_t i = 0; i < N_TRACKS; i++) {
		struct track *t = &s->tracks[i];
		const char *why = t->fsm.state >= BGP_OPEN_SENT && t->ifindex
					  ? ops->interface_lost(s->env->arg, t->ifindex)
					  : NULL;

		if (why)
			track_lost(t, why);
	}
}

int session_set_password(struct session *s, const char *password)
{
	int r = 0;

	for (size_t i = 0; i < N_TRACKS && r >= 0; i++)
		r = conn_set_password(&s->tracks[i].conn, &s->peer->address, password);
	return r;
}

static void on_retry(void *arg)
{
	struct session *s = arg;

	if (!s->up && session_awaited(s))
		session_wait_for_bfd(s, "BFD is not Up");
	else
		track_retry(&s->tracks[TRACK_DIALLED]);
}

void session_retry_later(struct session *s)
{
	unsigned base = s->peer->connect_retry_s ? s->peer->connect_retry_s : RETRY_S;
	unsigned most = base > RETRY_MAX_S ? base : RETRY_MAX_S;
	unsigned doublings = s->failures > 8 ? 8 : s->failures > 1 ? s->failures - 1 : 0;
	uint64_t delay_s = (uint64_t)base << doublings;
	uint64_t delay_us = (delay_s < most ? delay_s : most) * 1000000;

	delay_us = random_between(delay_us * 3 / 4, delay_us);
	bgp_timer_start(&s->retry, s->env->event, (int64_t)delay_us, on_retry, s);
}

static struct track *other_track(struct track *t)
{
	struct session *s = t->session;

	return &s->tracks[t == &s->tracks[TRACK_DIALLED] ? TRACK_ACCEPTED : TRACK_DIALLED];
}

void session_blame(struct track *t, const struct bgp_error *error)
{
	struct session *s = t->session;

	/* what goes wrong beside the one that is up is not its fault */
	if (error->code >= BGP_ERR_HEADER && error->code <= BGP_ERR_UPDATE &&
	    (!s->up || s->up == t))
		s->damped = true;
}

/* RFC 4724 4.2: the peer had graceful restart, and comes with a new connection: the old one is
 * dead, whatever our timers say. */
static bool has_restarted(const struct track *up, const struct track *t)
{
	return (up->open.capabilities & BGP_CAP_GRACEFUL_RESTART) && t->late &&
	       (up->offered & BGP_CAP_GRACEFUL_RESTART);
}

/* RFC 4271 6.8 */
static bool dialled_one_stays(const struct track *t)
{
	return bgp_collision_keeps_dialled(t->router_id, t->session->peer->my_asn,
					   t->open.router_id, t->open.asn);
}

bool session_opened(struct track *t)
{
	struct session *s = t->session;
	struct track *other = other_track(t), *loser;

	if (other->fsm.state < BGP_OPEN_CONFIRM)
		return true; /* it is looked at when its own OPEN comes */
	if (s->up && has_restarted(s->up, t)) {
		track_event(s->up, BGP_EV_TCP_FAILS, NULL, "the peer restarted");
		return true;
	}
	if (s->up)
		loser = t;
	else
		loser = &s->tracks[dialled_one_stays(t) ? TRACK_ACCEPTED : TRACK_DIALLED];
	track_dump(loser, "connection collision");
	return loser != t;
}

static void on_probed(void *arg)
{
	struct session *s = arg;

	for (size_t i = 0; i < N_TRACKS; i++)
		conn_resume(&s->tracks[i].conn);
}

/* One is Established, and the OPEN of this one would lose a collision with it.  It is not read for
 * a while: the Established one may be lost by then, reset by the host of a peer that rebooted, or
 * given up by a peer that saw the collision first, and would keep this one. */
static void let_wait(struct track *t)
{
	struct session *s = t->session;

	conn_pause(&t->conn);
	bgp_timer_start(&s->probe, s->env->event, PROBE_US, on_probed, s);
}

void session_came_up(struct track *t)
{
	struct session *s = t->session;
	struct track *other = other_track(t);

	s->up = t;
	if (s->peer->ipv4 && s->peer->ipv6)
		t->beside = local_beside(s->env, &t->conn.local,
					 t->conn.local.family == ADDR_IPV4 ? ADDR_IPV6 : ADDR_IPV4);
	bgp_timer_stop(&s->retry);
	session_tell(s, "KEEPALIVE received");
	session_log_anew(s);
	if (other->fsm.state == BGP_OPEN_SENT)
		let_wait(other);
	else if (other->fsm.state != BGP_IDLE)
		track_dump(other, "the other connection is up");
	t->end_of_rib_due = true;
	s->told_update = false;
	s->error_is_past = true;
	s->up_since = monotime_now();
	s->established_count++;
	if (s->out)
		adjout_join(s->out, &s->cursor);
	session_poke(s);
	if (s->env->ops->session_changed)
		s->env->ops->session_changed(s->env->arg, s->peer->name, true);
}

void session_went_down(struct track *t)
{
	struct session *s = t->session;

	if (s->up != t)
		return;
	if (monotime_since_us(monotime_now(), s->up_since) >= STAYED_UP_US)
		s->failures = s->flaps = 0;
	else if (++s->flaps >= FLAPS_MAX)
		s->damped = true;
	s->up = NULL;
	if (bgp_timer_runs(&s->probe)) {
		bgp_timer_stop(&s->probe);
		on_probed(s);
	}
	s->up_since = (struct monotime){0};
	adjout_leave(&s->cursor);
	if (s->env->ops->session_changed)
		s->env->ops->session_changed(s->env->arg, s->peer->name, false);
}

/* A second connection while one is Established.  It loses the collision when its OPEN is read (RFC
 * 4271 6.8), but a peer that lost its state without a word shall not have to wait for our hold
 * timer: a KEEPALIVE goes out at once, for its host to reset the old connection, and the OPEN is
 * read when there was time for that. */
static bool accept_beside(struct session *s, int fd)
{
	struct track *free_one = other_track(s->up);

	if (free_one->fsm.state != BGP_IDLE)
		return false;
	s->up->keepalive_due = true;
	conn_want_fill(&s->up->conn);
	track_accept(free_one, fd);
	free_one->late = true;
	let_wait(free_one);
	return true;
}

bool session_accept(struct session *s, int fd)
{
	if (!s->started)
		return false;
	if (s->up)
		return accept_beside(s, fd);
	if (session_awaited(s))
		return false;
	/* Idle refuses all (RFC 4271 8.2.2), and a third connection is one too many. */
	if (s->tracks[TRACK_DIALLED].fsm.state == BGP_IDLE &&
	    s->tracks[TRACK_ACCEPTED].fsm.state == BGP_IDLE)
		return false;
	if (s->tracks[TRACK_ACCEPTED].fsm.state != BGP_IDLE || s->tracks[TRACK_DIALLED].accepted)
		return false;
	track_accept(&s->tracks[TRACK_ACCEPTED], fd);
	return true;
}

bool session_is_flushed(const struct session *s)
{
	return !s->up ||
	       (!adjout_pending(&s->cursor) && !track_owes(s->up) && conn_is_flushed(&s->up->conn));
}

struct addr session_local(const struct session *s)
{
	return s->up ? s->up->conn.local : (struct addr){.family = ADDR_NONE};
}

bool session_is_internal(const struct session *s)
{
	if (s->up)
		return s->up->internal;
	return s->peer->type == PEER_INTERNAL;
}
