/* session_wait.c: what a session waits for on the way to Established, and what may be wrong
 *
 * Between TCP's handshake and Established a session may stand still for minutes, until the large
 * hold timer ends it, without an error that anybody told: most often packets of one direction are
 * dropped for their TTL, by the kernel of a side that has TTL security (RFC 5082), or on the way.
 */
#include "bgp/session_private.h"

#include "base/log.h"
#include "base/text.h"

#include <stdio.h>

static const int64_t PATIENCE_US = 10 * 1000 * 1000;

/* For an answer to its SYN, until the last error says that there was none; for OPEN, or KEEPALIVE.
 */
static bool waits(const struct track *t)
{
	const struct session *s = t->session;

	if (t->fsm.state == BGP_CONNECT)
		return s->last_error.wall_us == 0 || s->error_is_past;
	return t->fsm.state == BGP_OPEN_SENT || t->fsm.state == BGP_OPEN_CONFIRM;
}

/* Why what we send may not arrive, or not be answered. */
static void add_guess(struct text *out, const struct track *t)
{
	const struct plan_peer *peer = t->session->peer;
	uint64_t drops;

	if (peer->ttl_security_hops) {
		drops = tcp_min_ttl_drops() - t->drops_before;
		text_addf(
			out,
			": with ttlSecurityHops %u what comes with a TTL below %u is dropped here",
			peer->ttl_security_hops, 256u - peer->ttl_security_hops);
		if (drops > 0)
			text_addf(out, " (%llu packets meanwhile)", (unsigned long long)drops);
		text_add(out, "; does the router use TTL security too?");
	} else if (peer->type == PEER_EXTERNAL && !peer->multihop) {
		text_add(out, t->ifindex
				      ? ": does the router ask for TTL security (ttlSecurityHops)?"
				      : ": our packets live for one hop, and the router is not on "
					"the link; that needs ebgpMultiHop");
	}
}

char *track_unheard_text(const struct track *t)
{
	struct text words = {0};

	text_add(&words, "what we sent was not acknowledged");
	add_guess(&words, t);
	return text_take(&words);
}

/* False: it has not waited for long. */
static bool say(struct text *out, const struct track *t)
{
	const int64_t us = waits(t) ? monotime_since_us(monotime_now(), t->waits_since) : 0;

	if (us < PATIENCE_US)
		return false;
	if (t->fsm.state == BGP_CONNECT) {
		text_addf(out, "%s, for %lld s now", session_no_answer_text(t->session),
			  (long long)(us / 1000000));
		return true;
	}
	if (!tcp_is_heard(t->conn.fd)) {
		text_addf(out, "connected, but what we send is not acknowledged for %lld s",
			  (long long)(us / 1000000));
		add_guess(out, t);
		return true;
	}
	text_addf(
		out,
		"connected, but no %s came for %lld s: the router took ours; is BGP at work there?",
		t->fsm.state == BGP_OPEN_SENT ? "OPEN" : "KEEPALIVE", (long long)(us / 1000000));
	return true;
}

static void on_impatient(void *arg);

static void have_patience(struct track *t)
{
	bgp_timer_start(&t->impatience, t->session->env->event, PATIENCE_US, on_impatient, t);
}

/* Once for each state, whatever the numbers; show has it as long as it lasts.  Not beside the one
 * that is up: the peer may have forgotten it. */
static void on_impatient(void *arg)
{
	struct track *t = arg;
	struct session *s = t->session;
	struct text words = {0}, kind = {0};

	if (s->up) {
		have_patience(t);
		return;
	}
	text_addf(&kind, "waits in %s", bgp_state_name(t->fsm.state));
	if (say(&words, t))
		log_event(session_log_level(s, LOG_WARNING, kind.text), EVENT_PEER_ERROR,
			  LOG_FIELDS({"PEER", s->peer->name}, {"REASON", words.text}),
			  "peer %s: %s: %s", s->peer->name, bgp_state_name(t->fsm.state),
			  words.text);
	text_fini(&kind);
	text_fini(&words);
}

void track_begin_to_wait(struct track *t)
{
	bgp_timer_stop(&t->impatience);
	if (!waits(t))
		return;
	t->waits_since = monotime_now();
	if (t->session->peer->ttl_security_hops)
		t->drops_before = tcp_min_ttl_drops();
	have_patience(t);
}

char *session_waits_for(const struct session *s)
{
	struct text words = {0};

	/* the accepted one is never in Connect, and says more then */
	for (size_t i = N_TRACKS; !s->up && i > 0 && words.len == 0; i--)
		(void)say(&words, &s->tracks[i - 1]);
	return words.len > 0 ? text_take(&words) : NULL;
}

void session_too_far(struct session *s, uint8_t ttl)
{
	const unsigned hops = s->peer->ttl_security_hops;
	char why[REASON_MAX];

	snprintf(
		why, sizeof(why),
		"its connection came with a TTL of %u, and ttlSecurityHops %u asks for %u: does it use TTL "
		"security too?",
		ttl, hops, 256u - hops);
	session_not_made(s, why);
	log_event(session_log_level(s, LOG_WARNING, "too far away"), EVENT_PEER_ERROR,
		  LOG_FIELDS({"PEER", s->peer->name}, {"REASON", why}), "peer %s: refused: %s",
		  s->peer->name, why);
}
