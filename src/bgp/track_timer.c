/* track_timer.c: the hold, keepalive and send hold timers of one connection */
#include "bgp/session_private.h"

#include "base/log.h"
#include "base/text.h"

enum { SEND_HOLD_S = 8 * 60, SECOND_US = 1000000 };

static void on_hold(void *arg);

static void start_hold(struct track *t, unsigned seconds)
{
	if (seconds > 0)
		bgp_timer_start(&t->hold, t->session->env->event, (int64_t)seconds * 1000000,
				on_hold, t);
}

/* Where we were late, what the peer sent in time may still lie in the socket: it is read first. */
static void on_hold(void *arg)
{
	struct track *t = arg;

	if (!t->hold_grace && conn_has_input(&t->conn)) {
		t->hold_grace = true;
		start_hold(t, 1);
		return;
	}
	track_event(t, BGP_EV_HOLD_TIMER, NULL, "hold timer expired");
}

static void on_keepalive(void *arg)
{
	track_event(arg, BGP_EV_KEEPALIVE_TIMER, NULL, "keepalive timer");
}

/* Less up to a quarter (RFC 4271 section 10), and not later where timers are late; but never more
 * often than once in a second (4.4). */
static void start_keepalive(struct track *t)
{
	const uint64_t us = (uint64_t)t->keepalive_s * SECOND_US;
	const uint64_t least = us * 3 / 4 > SECOND_US ? us * 3 / 4 : SECOND_US;

	if (us > 0)
		bgp_timer_start(&t->keepalive, t->session->env->event,
				(int64_t)random_between(least, us - BGP_TIMER_LATE_US),
				on_keepalive, t);
}

void track_sent_update(struct track *t)
{
	if (t->keepalive_s > 0)
		start_keepalive(t);
}

/* RFC 9687 6: eight minutes, or twice the hold time where that is more; none without a hold time.
 */
static int64_t send_hold_us(const struct track *t)
{
	unsigned seconds = 2u * t->hold_time_s > SEND_HOLD_S ? 2u * t->hold_time_s : SEND_HOLD_S;

	return t->hold_time_s ? (int64_t)seconds * 1000000 : 0;
}

/* Looks again when the last bytes that went out will be as old as that. */
static void on_send_hold(void *arg)
{
	struct track *t = arg;
	int64_t left = send_hold_us(t) - monotime_since_us(monotime_now(), t->conn.sent_at);
	struct session *s = t->session;
	struct bgp_error error;
	char text[BGP_ERROR_TEXT_MAX];

	if (left > 0) {
		bgp_timer_start(&t->send_hold, s->env->event, left, on_send_hold, t);
		return;
	}
	bgp_error_set(&error, BGP_ERR_SEND_HOLD_TIMER, 0);
	bgp_error_text(text, &error);
	session_error(s, false, NULL, text); /* neither side has said it */
	/* RFC 9687 5: an error must be logged */
	log_event(LOG_ERR, EVENT_PEER_ERROR, LOG_FIELDS({"PEER", s->peer->name}, {"REASON", text}),
		  "peer %s: %s: it took nothing of what was to be sent for %lld s", s->peer->name,
		  text, (long long)(send_hold_us(t) / SECOND_US));
	track_event(t, BGP_EV_SEND_HOLD_TIMER, NULL, text);
}

/* The smaller hold time of the two; a third of it is the most between two KEEPALIVEs (4.4). */
static void negotiate(struct track *t)
{
	const struct plan_peer *peer = t->session->peer;
	uint16_t third;

	t->hold_time_s =
		t->open.hold_time_s < peer->hold_time_s ? t->open.hold_time_s : peer->hold_time_s;
	third = t->hold_time_s / 3;
	t->keepalive_s = peer->keepalive_s && peer->keepalive_s < third ? peer->keepalive_s : third;
	bgp_timer_stop(&t->hold);
	start_hold(t, t->hold_time_s);
	start_keepalive(t);
	/* The kernel knows what waits in the socket, but not a peer that does not read from one
	 * that is gone: the latter is the hold timer's. */
	conn_set_patience(&t->conn, (unsigned)(send_hold_us(t) / SECOND_US));
}

void track_do_timers(struct track *t, unsigned actions)
{
	struct session *s = t->session;

	if (actions & BGP_DO_STOP_TIMERS) {
		bgp_timer_stop(&t->hold);
		bgp_timer_stop(&t->keepalive);
		bgp_timer_stop(&t->send_hold);
	}
	if ((actions & BGP_DO_STOP_RETRY) && track_is_dialled(t))
		bgp_timer_stop(&s->retry);
	if ((actions & BGP_DO_START_RETRY) && track_is_dialled(t))
		session_retry_later(s);
	if (actions & BGP_DO_HOLD_LARGE) {
		start_hold(t, BGP_HOLD_LARGE_S);
		conn_set_patience(&t->conn, s->peer->hold_time_s);
	}
	if (actions & BGP_DO_NEGOTIATE)
		negotiate(t);
	if ((actions & BGP_DO_ESTABLISHED) && t->hold_time_s) /* RFC 9687 4.3 */
		bgp_timer_start(&t->send_hold, s->env->event, send_hold_us(t), on_send_hold, t);
	if (actions & BGP_DO_RESTART_HOLD) {
		t->hold_grace = false;
		start_hold(t, t->hold_time_s);
	}
	if (actions & BGP_DO_RESTART_KEEPALIVE)
		start_keepalive(t);
}
