/* test_bfd_rules.c: what is done with a control packet, rule by rule, in the order of RFC
 * 5880 6.8.6
 *
 * Each test is a rule: the packet that keeps all others, and what differs where this one is broken.
 * Sessions are looked for by the thread: test_bfd_thread.c.
 */
#include "bfd/machine.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

enum { OURS = 7, THEIRS = 9 };
enum { P = 0x20, F = 0x10, A = 0x04, D = 0x02, M = 0x01 };

static const struct bfd_params params = {
	.transmit_us = 50000, .receive_us = 50000, .detect_mult = 3};

/* Fields as they are on the wire. */
struct wire {
	uint8_t version, diag, state, flags, mult, length;
	uint8_t my, your;
	uint32_t tx, rx, echo;
	size_t size; /* of the payload */
};

static struct wire packet(enum bfd_state state)
{
	return (struct wire){.version = 1,
			     .state = (uint8_t)state,
			     .mult = 3,
			     .length = 24,
			     .my = THEIRS,
			     .your = OURS,
			     .tx = 50000,
			     .rx = 50000,
			     .size = 24};
}

static void put(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* As the thread does it; *actions may be NULL. */
static enum bfd_discard receive(struct bfd_machine *m, const struct wire *w, unsigned *actions)
{
	uint8_t bytes[64] = {(uint8_t)(w->version << 5 | w->diag),
			     (uint8_t)(w->state << 6 | w->flags), w->mult, w->length};
	struct bfd_packet p;
	enum bfd_discard reason;
	unsigned done = 0;

	put(bytes + 4, w->my);
	put(bytes + 8, w->your);
	put(bytes + 12, w->tx);
	put(bytes + 16, w->rx);
	put(bytes + 20, w->echo);
	reason = bfd_decode(&p, bytes, w->size);
	if (reason == BFD_OK)
		done = bfd_receive(m, &p, &reason);
	if (actions)
		*actions = done;
	return reason;
}

/* One of these at least. */
static bool does(unsigned actions, unsigned some)
{
	return (actions & some) != 0;
}

static struct bfd_machine in(enum bfd_state state)
{
	struct wire w = packet(BFD_DOWN);
	struct bfd_machine m;

	bfd_machine_init(&m, OURS, &params);
	if (state == BFD_ADMIN_DOWN)
		bfd_admin(&m, true);
	if (state >= BFD_INIT)
		receive(&m, &w, NULL);
	if (state == BFD_UP) {
		w = packet(BFD_UP);
		w.flags = F;
		receive(&m, &w, NULL);
		receive(&m, &w, NULL); /* the answer to the poll that Up begins with */
	}
	cr_assert(eq(int, (int)m.state, (int)state));
	return m;
}

/* A session that is Up; the good packet would end it and change all that is known of the peer. */
static struct wire telling(void)
{
	struct wire w = packet(BFD_DOWN);

	w.my = 99;
	w.tx = 60000;
	w.rx = 70000;
	w.echo = 80000;
	w.mult = 5;
	return w;
}

static bool same(const struct bfd_machine *a, const struct bfd_machine *b)
{
	return a->state == b->state && a->remote_state == b->remote_state && a->diag == b->diag &&
	       a->remote_diag == b->remote_diag && a->remote_discr == b->remote_discr &&
	       a->remote_min_rx_us == b->remote_min_rx_us &&
	       a->remote_desired_tx_us == b->remote_desired_tx_us &&
	       a->remote_min_echo_rx_us == b->remote_min_echo_rx_us &&
	       a->remote_mult == b->remote_mult && a->remote_demand == b->remote_demand &&
	       a->polling == b->polling && a->final_due == b->final_due &&
	       a->tx_in_use_us == b->tx_in_use_us && a->rx_in_use_us == b->rx_in_use_us;
}

static void discards(struct wire w, enum bfd_discard wanted)
{
	const struct bfd_machine before = in(BFD_UP);
	struct bfd_machine m = before;
	unsigned actions;

	cr_assert(eq(int, (int)receive(&m, &w, &actions), (int)wanted));
	cr_assert(eq(uint, actions, 0));
	cr_assert(same(&m, &before));
}

static void takes(struct wire w)
{
	struct bfd_machine m = in(BFD_UP);

	cr_assert(eq(int, (int)receive(&m, &w, NULL), BFD_OK));
	cr_assert(eq(int, (int)m.state, BFD_DOWN));
}

#define RULE(number, words) Test(rfc5880_6_8_6, rule_##number##_##words)

RULE(00, the_packet_that_breaks_none_is_taken)
{
	takes(telling());
}

RULE(01, version_is_1)
{
	struct wire w = telling();

	for (w.version = 0; w.version < 8; w.version++)
		if (w.version != 1)
			discards(w, BFD_BAD_VERSION);
}

RULE(02, length_is_at_least_24_or_26_with_authentication)
{
	struct wire w = telling();

	for (w.length = 0; w.length < 24; w.length++)
		discards(w, BFD_SHORT);
	w = telling();
	w.flags = A;
	w.size = 40;
	for (w.length = 24; w.length < 26; w.length++)
		discards(w, BFD_SHORT);
	discards(w, BFD_AUTHENTICATED); /* 26: by rule 10 */
}

RULE(03, length_is_not_above_the_payload)
{
	struct wire w = telling();

	w.length = 25;
	discards(w, BFD_BAD_LENGTH);
	w.length = 255;
	w.size = 64;
	discards(w, BFD_BAD_LENGTH);
	w.length = 64;
	takes(w);
	w = telling();
	w.size = 23;
	discards(w, BFD_SHORT);
}

RULE(04, detect_mult_is_not_0)
{
	struct wire w = telling();

	w.mult = 0;
	discards(w, BFD_NO_MULTIPLIER);
	w.mult = 1;
	takes(w);
}

RULE(05, multipoint_is_clear)
{
	struct wire w = telling();

	w.flags = M;
	discards(w, BFD_MULTIPOINT);
}

RULE(06, my_discriminator_is_not_0)
{
	struct wire w = telling();

	w.my = 0;
	discards(w, BFD_NO_DISCRIMINATOR);
}

RULE(07, your_discriminator_is_that_of_the_session)
{
	struct wire w = telling();

	w.your = OURS + 1;
	discards(w, BFD_NO_SESSION);
}

RULE(08, your_discriminator_0_is_for_down_and_admin_down)
{
	for (uint8_t state = 0; state < BFD_STATE_COUNT; state++) {
		struct wire w = telling();

		w.state = state;
		w.your = 0;
		if (state == BFD_INIT || state == BFD_UP)
			discards(w, BFD_UNEXPECTED);
		else
			takes(w);
	}
}

RULE(10, authentication_that_nobody_agreed_on)
{
	struct wire w = telling();

	w.flags = A;
	w.length = 28;
	w.size = 28;
	discards(w, BFD_AUTHENTICATED);
}

RULE(13, their_discriminator_is_kept)
{
	struct bfd_machine m = in(BFD_UP);
	struct wire w = packet(BFD_UP);
	struct bfd_packet out;

	w.my = 42;
	receive(&m, &w, NULL);
	cr_assert(eq(uint, m.remote_discr, 42));
	cr_assert(bfd_packet_to_send(&m, &out));
	cr_assert(eq(uint, out.your_discr, 42));
}

RULE(14, their_state_is_kept)
{
	struct bfd_machine m = in(BFD_UP);
	struct wire w = packet(BFD_INIT);

	receive(&m, &w, NULL);
	cr_assert(eq(int, (int)m.remote_state, BFD_INIT));
}

RULE(15, their_demand_mode_is_kept)
{
	struct bfd_machine m = in(BFD_UP);
	struct wire w = packet(BFD_UP);

	w.flags = D;
	receive(&m, &w, NULL);
	cr_assert(m.remote_demand);
	w.flags = 0;
	receive(&m, &w, NULL);
	cr_assert(not(m.remote_demand));
}

RULE(16, their_required_min_rx_is_kept)
{
	struct bfd_machine m = in(BFD_UP);
	struct wire w = packet(BFD_UP);

	w.rx = 123456;
	receive(&m, &w, NULL);
	cr_assert(eq(uint, m.remote_min_rx_us, 123456));
}

RULE(17, their_required_min_echo_rx_is_kept)
{
	struct bfd_machine m = in(BFD_UP);
	struct wire w = packet(BFD_UP);

	w.echo = 54321;
	receive(&m, &w, NULL);
	cr_assert(eq(uint, m.remote_min_echo_rx_us, 54321));
	w.echo = 0;
	receive(&m, &w, NULL);
	cr_assert(eq(uint, m.remote_min_echo_rx_us, 0));
}

RULE(18, final_ends_our_poll)
{
	const struct bfd_params slower = {
		.transmit_us = 200000, .receive_us = 50000, .detect_mult = 3};
	struct bfd_machine m = in(BFD_UP);
	struct wire w = packet(BFD_UP);
	struct bfd_packet out;

	bfd_set_params(&m, &slower);
	cr_assert(bfd_packet_to_send(&m, &out) && out.poll);
	receive(&m, &w, NULL);
	cr_assert(bfd_packet_to_send(&m, &out) && out.poll, "not by a packet without F");
	w.flags = F;
	receive(&m, &w, NULL);
	cr_assert(bfd_packet_to_send(&m, &out));
	cr_assert(not(out.poll));
	/* F that answers nothing is a packet like any other */
	receive(&m, &w, NULL);
	cr_assert(bfd_packet_to_send(&m, &out));
	cr_assert(not(out.poll || out.final));
}

RULE(19, the_transmit_interval_follows_at_once)
{
	struct bfd_machine m = in(BFD_UP);
	struct wire w = packet(BFD_UP);
	unsigned actions;

	w.rx = 200000;
	receive(&m, &w, &actions);
	cr_assert(does(actions, BFD_DO_TX_TIMER));
	cr_assert(eq(uint, bfd_tx_interval_us(&m), 200000));
	receive(&m, &w, &actions);
	cr_assert(not(does(actions, BFD_DO_TX_TIMER)), "nothing changed");
}

RULE(20, the_detection_time_follows_at_once)
{
	struct bfd_machine m = in(BFD_UP);
	struct wire w = packet(BFD_UP);

	w.mult = 7;
	w.tx = 80000;
	receive(&m, &w, NULL);
	cr_assert(eq(u64, bfd_detection_us(&m), 560000));
	w.tx = 10;
	receive(&m, &w, NULL);
	cr_assert(eq(u64, bfd_detection_us(&m), 350000), "no less than we take");
}

RULE(21, discarded_while_we_are_administratively_down)
{
	for (uint8_t state = 0; state < BFD_STATE_COUNT; state++) {
		struct bfd_machine m = in(BFD_ADMIN_DOWN);
		struct wire w = packet((enum bfd_state)state);
		unsigned actions;

		w.flags = P;
		cr_assert(eq(int, (int)receive(&m, &w, &actions), BFD_SESSION_ADMIN_DOWN));
		cr_assert(eq(int, (int)m.state, BFD_ADMIN_DOWN));
		cr_assert(eq(int, (int)m.diag, BFD_DIAG_ADMIN_DOWN));
		cr_assert(not(does(actions, BFD_DO_SEND | BFD_DO_STATE | BFD_DO_DETECT_TIMER)));
		cr_assert(not(m.final_due));
		/* the rules before this one hold */
		cr_assert(eq(uint, m.remote_discr, THEIRS));
	}
}

/* Rule 22 is the state machine: what was received, where we are, where that leads. */
static void leads(enum bfd_state ours, enum bfd_state theirs, enum bfd_state wanted, uint8_t diag)
{
	struct bfd_machine m = in(ours);
	struct wire w = packet(theirs);
	unsigned actions;

	if (ours == BFD_DOWN)
		m.diag = BFD_DIAG_TIME_EXPIRED; /* as after a loss */
	cr_assert(eq(int, (int)receive(&m, &w, &actions), BFD_OK));
	cr_assert(eq(int, (int)m.state, (int)wanted));
	cr_assert(eq(int, (int)m.diag, (int)diag));
	cr_assert(eq(int, does(actions, BFD_DO_STATE), ours != wanted));
}

RULE(22a, received_admin_down_in_down)
{
	leads(BFD_DOWN, BFD_ADMIN_DOWN, BFD_DOWN, BFD_DIAG_TIME_EXPIRED);
}

RULE(22b, received_admin_down_in_init)
{
	leads(BFD_INIT, BFD_ADMIN_DOWN, BFD_DOWN, BFD_DIAG_NEIGHBOR_DOWN);
}

RULE(22c, received_admin_down_in_up)
{
	leads(BFD_UP, BFD_ADMIN_DOWN, BFD_DOWN, BFD_DIAG_NEIGHBOR_DOWN);
}

RULE(22d, received_down_in_down)
{
	leads(BFD_DOWN, BFD_DOWN, BFD_INIT, BFD_DIAG_NONE);
}

RULE(22e, received_init_in_down)
{
	leads(BFD_DOWN, BFD_INIT, BFD_UP, BFD_DIAG_NONE);
}

RULE(22f, received_up_in_down)
{
	leads(BFD_DOWN, BFD_UP, BFD_DOWN, BFD_DIAG_TIME_EXPIRED);
}

RULE(22g, received_down_in_init)
{
	leads(BFD_INIT, BFD_DOWN, BFD_INIT, BFD_DIAG_NONE);
}

RULE(22h, received_init_in_init)
{
	leads(BFD_INIT, BFD_INIT, BFD_UP, BFD_DIAG_NONE);
}

RULE(22i, received_up_in_init)
{
	leads(BFD_INIT, BFD_UP, BFD_UP, BFD_DIAG_NONE);
}

RULE(22j, received_down_in_up)
{
	leads(BFD_UP, BFD_DOWN, BFD_DOWN, BFD_DIAG_NEIGHBOR_DOWN);
}

RULE(22k, received_init_in_up)
{
	leads(BFD_UP, BFD_INIT, BFD_UP, BFD_DIAG_NONE);
}

RULE(22l, received_up_in_up)
{
	leads(BFD_UP, BFD_UP, BFD_UP, BFD_DIAG_NONE);
}

RULE(24, with_demand_mode_active_at_their_side_nothing_goes_by_the_clock)
{
	struct bfd_machine m = in(BFD_UP);
	struct wire w = packet(BFD_UP);
	unsigned actions;

	w.flags = D;
	receive(&m, &w, &actions);
	cr_assert(eq(uint, bfd_tx_interval_us(&m), 0));
	cr_assert(does(actions, BFD_DO_TX_TIMER));
}

RULE(25, demand_mode_is_active_only_where_both_are_up)
{
	static const struct {
		enum bfd_state ours, theirs;
		uint8_t flags;
	} rows[] = {{BFD_UP, BFD_UP, 0},
		    {BFD_UP, BFD_INIT, D},
		    {BFD_INIT, BFD_DOWN, D},
		    {BFD_DOWN, BFD_UP, D}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bfd_machine m = in(rows[i].ours);
		struct wire w = packet(rows[i].theirs);

		w.flags = rows[i].flags;
		receive(&m, &w, NULL);
		cr_assert(ne(uint, bfd_tx_interval_us(&m), 0), "row %d", (int)i);
	}
}

RULE(26, a_poll_is_answered_with_final_and_without_poll)
{
	struct bfd_machine m = in(BFD_UP);
	struct wire w = packet(BFD_UP);
	struct bfd_packet out;
	unsigned actions;

	m.polling = true; /* ours runs, too */
	w.flags = P;
	receive(&m, &w, &actions);
	cr_assert(does(actions, BFD_DO_SEND));
	cr_assert(bfd_packet_to_send(&m, &out));
	cr_assert(out.final && !out.poll);
	cr_assert(bfd_packet_to_send(&m, &out));
	cr_assert(out.poll && !out.final, "once");
	w.flags = 0;
	receive(&m, &w, &actions);
	cr_assert(not(does(actions, BFD_DO_SEND)));
}

RULE(27, what_was_taken_restarts_detection)
{
	for (unsigned state = BFD_DOWN; state < BFD_STATE_COUNT; state++) {
		struct bfd_machine m = in((enum bfd_state)state);
		struct wire w = packet(BFD_UP);
		unsigned actions;

		receive(&m, &w, &actions);
		cr_assert(does(actions, BFD_DO_DETECT_TIMER));
	}
}
