/* session.c: one peer: started, ended, tried again; collisions; the state of the whole
 *
 * The back-off is the session's: a failure doubles the time to the next try (5 s to 120 s, less up
 * to a quarter so that peers don't march in step), a session that stayed up sets it back.
 */
#include "bgp/session_private.h"

#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "bgp/local.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	RETRY_S = 5, /* where the plan says nothing */
	RETRY_MAX_S = 120,
	STAYED_UP_US = 60 * 1000 * 1000,
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

/* Connect and Active take turns while a peer can't be reached: told once for each reason. */
static bool is_told(const struct session *s, enum bgp_state now, const char *why)
{
	bool waits = now == BGP_CONNECT || now == BGP_ACTIVE;
	bool waited = s->told == BGP_CONNECT || s->told == BGP_ACTIVE;

	if (!waits || !waited)
		return false;
	return now == BGP_CONNECT || strcmp(s->told_why, why) == 0;
}

static void tell(struct session *s, const char *why)
{
	enum bgp_state now = session_state(s);
	const char *from = bgp_state_name(s->told), *to = bgp_state_name(now);

	if (now == s->told)
		return;
	log_event(is_told(s, now, why) ? LOG_DEBUG : LOG_INFO, EVENT_PEER_STATE,
		  LOG_FIELDS({"PEER", s->peer->name}, {"FROM", from}, {"TO", to}, {"REASON", why}),
		  "peer %s: %s -> %s: %s", s->peer->name, from, to, why);
	s->told = now;
	if (now >= BGP_ACTIVE)
		snprintf(s->told_why, sizeof(s->told_why), "%s", now == BGP_ACTIVE ? why : "");
}

/* Nothing is left that lives: the next try is a matter of time. */
static void settle_down(struct session *s, const char *why)
{
	struct track *dialled = &s->tracks[TRACK_DIALLED];

	if (!s->damped) {
		track_wait(dialled, why);
	} else if (dialled->fsm.state != BGP_IDLE) {
		track_stop(dialled, 0, NULL, why); /* comes back here */
	} else {
		s->damped = false;
		session_retry_later(s);
		tell(s, why);
	}
}

void session_settle(struct session *s, const char *why)
{
	enum bgp_state now = session_state(s);
	bool waits = now == BGP_IDLE && bgp_timer_runs(&s->retry);

	if (s->started && ((now == BGP_IDLE && !waits) || (now < BGP_OPEN_SENT && s->damped)))
		settle_down(s, why);
	else
		tell(s, why);
}

void session_error(struct session *s, bool sent, const struct bgp_error *error, const char *text)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	s->last_error.wall_us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
	s->last_error.sent = sent;
	s->last_error.code = error ? error->code : 0;
	s->last_error.subcode = error ? error->subcode : 0;
	s->error_is_past = false;
	snprintf(s->last_error.text, sizeof(s->last_error.text), "%s", text);
}

void session_not_made(struct session *s, const char *why)
{
	if (s->last_error.code == 0 || s->error_is_past)
		session_error(s, false, NULL, why);
}

/* With a wrong password the kernels drop each other's segments without a word. */
const char *session_no_answer_text(const struct session *s)
{
	return s->peer->password ? "no answer (is the password the same on both sides?)"
				 : "no answer";
}

void session_no_answer(struct session *s)
{
	const char *why = session_no_answer_text(s);

	s->failures++;
	session_error(s, false, NULL, why);
	if (strcmp(s->told_why, why) == 0)
		return;
	snprintf(s->told_why, sizeof(s->told_why), "%s", why);
	log_event(LOG_INFO, EVENT_PEER_ERROR, LOG_FIELDS({"PEER", s->peer->name}, {"REASON", why}),
		  "peer %s: %s; tried again", s->peer->name, why);
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
	s->failures = 0;
	track_start(&s->tracks[TRACK_DIALLED], "started");
}

void session_stop(struct session *s, uint8_t subcode, const char *text, const char *why)
{
	s->started = false;
	s->leaving = false;
	s->damped = false;
	bgp_timer_stop(&s->retry);
	for (size_t i = 0; i < N_TRACKS; i++)
		track_stop(&s->tracks[i], subcode, text, why);
	tell(s, why);
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
	tell(s, "KEEPALIVE received");
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
		s->failures = 0;
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

bool session_is_internal(const struct session *s)
{
	if (s->up)
		return s->up->internal;
	return s->peer->type == PEER_INTERNAL;
}

/* Did both sides say that they exchange it? */
static bool is_exchanged(const struct session *s, uint8_t family)
{
	return s->up && (family == ADDR_IPV4 ? s->up->ipv4 : s->up->ipv6);
}

/* IPv4 over IPv6 has an IPv6 next hop where that was agreed on (RFC 8950); else a family that is
 * not the connection's has our address of its own on the same link. */
struct addr session_next_hop(const struct session *s, uint8_t family)
{
	const struct addr none = {0};

	if (!is_exchanged(s, family))
		return none;
	if (s->up->conn.local.family == family || (family == ADDR_IPV4 && s->up->ipv4_by_ipv6))
		return s->up->conn.local;
	return s->up->beside;
}

struct addr session_route_next_hop(const struct session *s, const struct plan_attrs *attrs,
				   uint8_t family)
{
	if (is_exchanged(s, family) && attrs->next_hop.family == family)
		return attrs->next_hop;
	return session_next_hop(s, family);
}

const char *session_family_obstacle(const struct session *s, uint8_t family)
{
	bool wanted = family == ADDR_IPV4 ? s->peer->ipv4 : s->peer->ipv6;

	if (!wanted || !s->up)
		return NULL;
	if (!is_exchanged(s, family))
		return "the router did not offer it";
	if (session_next_hop(s, family).family == ADDR_NONE)
		return family == ADDR_IPV6 ? "this host has no global IPv6 address on the link"
					   : "this host has no IPv4 address on the link, and the "
					     "router no IPv6 next hops for it (RFC 8950)";
	return NULL;
}
