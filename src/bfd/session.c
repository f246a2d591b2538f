/* session.c: the machine with its two timers, what was counted, and why it went down */
#include "bfd/session.h"

#include <stdio.h>

static const int64_t US = 1000, MS = 1000000;

/* xorshift64: jitter needs no more */
static uint64_t roll(struct bfd_session *s)
{
	s->dice ^= s->dice << 13;
	s->dice ^= s->dice >> 7;
	s->dice ^= s->dice << 17;
	return s->dice;
}

/* 75 to 100 % (RFC 5880 6.8.7).  While the peer is heard, packets go earlier than their time: with
 * one of the peer's, or with those of other sessions.  That has jitter of its own, and their time
 * is the latest of eight throws. */
static int64_t throw_interval(struct bfd_session *s, uint32_t interval_us)
{
	const unsigned throws = s->follows ? 8 : 1;
	uint32_t most = 0;

	for (unsigned i = 0; i < throws; i++) {
		const uint32_t us =
			bfd_jitter_us(interval_us, s->machine.params.detect_mult, roll(s));

		most = us > most ? us : most;
	}
	return US * most;
}

/* The earliest time for the next packet. */
static int64_t transmit_least(const struct bfd_session *s, int64_t from)
{
	return from + US * bfd_tx_interval_us(&s->machine) * 3 / 4;
}

/* From the last packet on: an interval that is now shorter counts at once.  A little earlier than
 * the throw of the dice it may go with others. */
static void start_transmit(struct bfd_session *s, int64_t now)
{
	const uint32_t interval = bfd_tx_interval_us(&s->machine);
	const int64_t from = s->sent_at ? s->sent_at : now;

	s->transmit_at = 0;
	if (interval == 0)
		return;
	s->transmit_at = from + throw_interval(s, interval);
	s->transmit_from = s->transmit_at - US * bfd_slack_us(interval);
	if (s->transmit_from < transmit_least(s, from))
		s->transmit_from = transmit_least(s, from);
	if (s->transmit_at < now)
		s->transmit_at = now;
}

static void start_detect(struct bfd_session *s, int64_t now)
{
	const int64_t detection = (int64_t)bfd_detection_us(&s->machine) * US;

	s->detect_at = detection ? now + detection : 0;
	s->reprieved = false;
}

/* We look so late that what the peer sent since may be on its way still: once. */
static bool reprieve(struct bfd_session *s, int64_t now)
{
	if (s->reprieved || now - s->detect_at < US * BFD_REPRIEVE_US)
		return false;
	s->detect_at = now + US * BFD_REPRIEVE_US;
	s->reprieved = true;
	return true;
}

/* Late by a part of the detection time that a packet or two of either side may have been lost in.
 */
static bool was_overloaded(int64_t late_ns, int64_t detection_ns)
{
	return late_ns * 4 >= detection_ns;
}

/* Within the last detection time: what was late before that has been got over. */
static int64_t late_lately(const struct bfd_session *s, int64_t detection_ns, int64_t now)
{
	return now - s->late_at < detection_ns ? s->late_ns : 0;
}

static void explain_expiry(const struct bfd_session *s, char *words, int64_t detection_ns,
			   int64_t now)
{
	const int64_t late = late_lately(s, detection_ns, now);
	const long long silence = (now - s->heard_at) / MS;

	if (was_overloaded(late, detection_ns))
		snprintf(
			words, BFD_VERDICT_MAX,
			"nothing came for %lld ms, our thread was late by %lld ms: host overloaded",
			silence, (long long)(late / MS));
	else
		snprintf(words, BFD_VERDICT_MAX,
			 "nothing came for %lld ms, our timers were on time: link or peer",
			 silence);
}

static void explain_signal(const struct bfd_session *s, char *words, int64_t detection_ns,
			   int64_t now)
{
	const struct bfd_machine *m = &s->machine;
	const int64_t late = late_lately(s, detection_ns, now);

	if (m->remote_state == BFD_ADMIN_DOWN)
		snprintf(words, BFD_VERDICT_MAX, "the peer is administratively down");
	else if (m->remote_diag != BFD_DIAG_TIME_EXPIRED)
		snprintf(words, BFD_VERDICT_MAX, "the peer ended or restarted its session (%s)",
			 bfd_diag_text(m->remote_diag));
	else if (was_overloaded(late, detection_ns))
		snprintf(words, BFD_VERDICT_MAX,
			 "the peer heard nothing of us, our thread was late by %lld ms: host "
			 "overloaded",
			 (long long)(late / MS));
	else
		snprintf(words, BFD_VERDICT_MAX,
			 "the peer heard nothing of us, our timers were on time: link or peer");
}

static void explain_echoes(const struct bfd_session *s, char *words, int64_t now)
{
	const struct bfd_echo *e = &s->echo;
	const long long silence = (now - e->came_back_at) / MS;
	const int64_t detection_ns = (int64_t)e->multiplier * e->interval_us * US;
	const int64_t late = late_lately(s, detection_ns, now);

	if (was_overloaded(late, detection_ns))
		snprintf(words, BFD_VERDICT_MAX,
			 "no echo came back for %lld ms, our thread was late by %lld ms: host "
			 "overloaded",
			 silence, (long long)(late / MS));
	else
		snprintf(words, BFD_VERDICT_MAX,
			 "no echo came back for %lld ms, our timers were on time: link or the "
			 "peer's forwarding",
			 silence);
}

static void note_change(struct bfd_session *s, enum bfd_state from, int64_t detection_ns,
			int64_t now)
{
	const struct bfd_machine *m = &s->machine;
	struct bfd_change *c = &s->change;
	const bool down = from == BFD_UP && m->state == BFD_DOWN;

	if (!c->pending)
		*c = (struct bfd_change){.pending = true, .from = from};
	c->to = m->state;
	/* of a loss that was not told yet, what it was remains */
	if (down || c->verdict[0] == '\0')
		c->diag = m->diag;
	if (down) {
		c->lost = c->lost || m->remote_state != BFD_ADMIN_DOWN;
		if (m->diag == BFD_DIAG_TIME_EXPIRED)
			explain_expiry(s, c->verdict, detection_ns, now);
		else if (m->diag == BFD_DIAG_ECHO_FAILED)
			explain_echoes(s, c->verdict, now);
		else
			explain_signal(s, c->verdict, detection_ns, now);
	}
	s->ups += m->state == BFD_UP;
	s->downs += from == BFD_UP && m->state != BFD_UP;
}

/* before, detection_ns: as they were before the machine was asked. */
static void carry_out(struct bfd_session *s, unsigned actions, enum bfd_state before,
		      int64_t detection_ns, int64_t now)
{
	if (actions & BFD_DO_STATE)
		note_change(s, before, detection_ns, now);
	if (actions & BFD_DO_SEND)
		s->send_now = true;
	if (actions & (BFD_DO_TX_TIMER | BFD_DO_STATE))
		start_transmit(s, now);
	if (actions & BFD_DO_DETECT_TIMER)
		start_detect(s, now);
	if (actions & BFD_DO_STOP_DETECT)
		s->detect_at = 0;
	bfd_echo_set(&s->echo, bfd_echo_interval_us(&s->machine), s->machine.params.detect_mult,
		     now);
	if (s->machine.echo_works && !s->echo.proven)
		carry_out(s, bfd_echo_works(&s->machine, false), before, detection_ns, now);
}

void bfd_session_init(struct bfd_session *s, uint32_t local_discr, const struct bfd_params *params,
		      uint64_t seed, int64_t now)
{
	*s = (struct bfd_session){.dice = seed ? seed : 1};
	bfd_machine_init(&s->machine, local_discr, params);
	start_transmit(s, now);
}

static int64_t detection_now(const struct bfd_session *s)
{
	return (int64_t)bfd_detection_us(&s->machine) * US;
}

static void keep_lateness(struct bfd_session *s, int64_t late, int64_t now)
{
	if (late < late_lately(s, detection_now(s), now))
		return;
	s->late_ns = late;
	s->late_at = now;
}

/* Our packet that has not gone yet, though it is due, is what the peer may have missed: what it
 * says to that comes with all else that waited in the socket. */
void bfd_session_receive(struct bfd_session *s, const struct bfd_packet *packet,
			 enum bfd_discard *reason, int64_t now)
{
	const enum bfd_state before = s->machine.state;
	const int64_t detection = detection_now(s);
	unsigned actions;

	if (s->transmit_at && s->transmit_at < now)
		keep_lateness(s, now - s->transmit_at, now);
	actions = bfd_receive(&s->machine, packet, reason);
	carry_out(s, actions, before, detection, now);
	if (*reason == BFD_NO_SESSION)
		return;
	s->packets_in++;
	if (s->machine.state == BFD_UP && before == BFD_UP && s->heard_at)
		histogram_add(&s->gaps, now - s->heard_at);
	s->heard_at = now;
}

bool bfd_session_may_send(const struct bfd_session *s, int64_t now)
{
	return s->transmit_at && s->transmit_from <= now;
}

bool bfd_session_expires(const struct bfd_session *s, int64_t now)
{
	return (s->detect_at && s->detect_at <= now) || bfd_echo_expires(&s->echo, now);
}

static void note_lateness(struct bfd_session *s, int64_t due, int64_t now)
{
	const int64_t late = now - due;

	histogram_add(&s->lateness, late);
	keep_lateness(s, late, now);
}

void bfd_session_follow(struct bfd_session *s, bool alone, int64_t now)
{
	s->follows = s->machine.state == BFD_UP;
	if (!alone || !s->follows || !s->transmit_at || now < transmit_least(s, s->sent_at))
		return;
	if (s->transmit_at <= now)
		note_lateness(s, s->transmit_at, now);
	s->send_now = true;
}

void bfd_session_tick(struct bfd_session *s, int64_t now)
{
	const enum bfd_state before = s->machine.state;
	const int64_t detection = detection_now(s);

	if (s->detect_at && s->detect_at <= now) {
		note_lateness(s, s->detect_at, now);
		if (!reprieve(s, now))
			carry_out(s, bfd_detect_expired(&s->machine), before, detection, now);
	} else if (bfd_echo_expires(&s->echo, now)) {
		note_lateness(s, s->echo.expires_at, now);
		if (bfd_echo_is_lost(&s->echo, now))
			carry_out(s, bfd_echo_failed(&s->machine), before, detection, now);
	}
	if (bfd_session_may_send(s, now)) {
		note_lateness(s, s->transmit_at, now);
		s->send_now = true;
	}
}

void bfd_session_set_params(struct bfd_session *s, const struct bfd_params *params, int64_t now)
{
	const bool was_passive = s->machine.params.passive;
	const enum bfd_state before = s->machine.state;
	const int64_t detection = detection_now(s);
	unsigned actions = bfd_set_params(&s->machine, params);

	if (was_passive != params->passive)
		actions |= BFD_DO_TX_TIMER;
	carry_out(s, actions, before, detection, now);
}

void bfd_session_admin_down(struct bfd_session *s, int64_t now)
{
	const enum bfd_state before = s->machine.state;

	carry_out(s, bfd_admin(&s->machine, true), before, detection_now(s), now);
}

bool bfd_session_take_packet(struct bfd_session *s, struct bfd_packet *ret, int64_t now)
{
	if (!s->send_now)
		return false;
	s->send_now = false;
	s->sent_at = now;
	start_transmit(s, now);
	s->follows = false;
	if (!bfd_packet_to_send(&s->machine, ret))
		return false;
	s->packets_out++;
	return true;
}

bool bfd_session_take_echo(struct bfd_session *s, struct bfd_echo_packet *ret, uint64_t nonce,
			   int64_t now)
{
	if (!bfd_echo_is_due(&s->echo, now))
		return false;
	note_lateness(s, s->echo.transmit_at, now);
	*ret = bfd_echo_take(&s->echo, nonce,
			     bfd_jitter_us(s->echo.interval_us, s->echo.multiplier, roll(s)), now);
	ret->discr = s->machine.local_discr;
	return true;
}

bool bfd_session_echo_returned(struct bfd_session *s, const struct bfd_echo_packet *packet,
			       int64_t now)
{
	const enum bfd_state before = s->machine.state;
	const int64_t detection = detection_now(s);

	if (packet->discr != s->machine.local_discr || !bfd_echo_returned(&s->echo, packet, now))
		return false;
	carry_out(s, bfd_echo_works(&s->machine, true), before, detection, now);
	return true;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a && (!b || a < b) ? a : b;
}

int64_t bfd_session_deadline(const struct bfd_session *s)
{
	return earlier(earlier(s->transmit_at, s->detect_at), bfd_echo_deadline(&s->echo));
}
