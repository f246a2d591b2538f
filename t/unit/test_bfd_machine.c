/* test_bfd_machine.c: a BFD session step by step (RFC 5880 6.8), without clock and socket */
#include "bfd/machine.h"

#include <criterion/criterion.h>

static const struct bfd_params quick = {
	.transmit_us = 50000, .receive_us = 50000, .detect_mult = 3};

static struct bfd_packet packet(enum bfd_state state)
{
	return (struct bfd_packet){.state = (uint8_t)state,
				   .detect_mult = 3,
				   .my_discr = 9,
				   .your_discr = 7,
				   .desired_min_tx_us = 50000,
				   .required_min_rx_us = 50000};
}

static unsigned receive(struct bfd_machine *m, struct bfd_packet p)
{
	enum bfd_discard reason;
	unsigned actions = bfd_receive(m, &p, &reason);

	cr_expect_eq(reason, BFD_OK);
	return actions;
}

static struct bfd_machine machine_in(enum bfd_state state)
{
	struct bfd_machine m;

	bfd_machine_init(&m, 7, &quick);
	if (state == BFD_ADMIN_DOWN)
		bfd_admin(&m, true);
	if (state >= BFD_INIT)
		receive(&m, packet(BFD_DOWN));
	if (state == BFD_UP)
		receive(&m, packet(BFD_UP));
	cr_assert_eq(m.state, state);
	return m;
}

/* Ends the poll that Up begins with. */
static struct bfd_machine up(void)
{
	struct bfd_machine m = machine_in(BFD_UP);
	struct bfd_packet p = packet(BFD_UP);

	p.final = true;
	receive(&m, p);
	cr_assert(!m.polling);
	return m;
}

Test(bfd_machine, rfc5880_6_8_6_every_state_and_every_received_one)
{
	static const enum bfd_state wanted[BFD_STATE_COUNT][BFD_STATE_COUNT] = {
		[BFD_ADMIN_DOWN] = {BFD_ADMIN_DOWN, BFD_ADMIN_DOWN, BFD_ADMIN_DOWN, BFD_ADMIN_DOWN},
		/* received:   AdminDown  Down      Init      Up */
		[BFD_DOWN] = {BFD_DOWN, BFD_INIT, BFD_UP, BFD_DOWN},
		[BFD_INIT] = {BFD_DOWN, BFD_INIT, BFD_UP, BFD_UP},
		[BFD_UP] = {BFD_DOWN, BFD_DOWN, BFD_UP, BFD_UP},
	};

	for (unsigned ours = 0; ours < BFD_STATE_COUNT; ours++)
		for (unsigned theirs = 0; theirs < BFD_STATE_COUNT; theirs++) {
			struct bfd_machine m = machine_in((enum bfd_state)ours);
			struct bfd_packet p = packet((enum bfd_state)theirs);
			enum bfd_discard reason;
			unsigned actions = bfd_receive(&m, &p, &reason);

			cr_expect_eq(m.state, wanted[ours][theirs], "%s, %s: %s",
				     bfd_state_name((enum bfd_state)ours),
				     bfd_state_name((enum bfd_state)theirs),
				     bfd_state_name(m.state));
			cr_expect_eq((actions & BFD_DO_STATE) != 0, m.state != ours, "%u %u", ours,
				     theirs);
			cr_expect_eq(reason,
				     ours == BFD_ADMIN_DOWN ? BFD_SESSION_ADMIN_DOWN : BFD_OK);
		}
}

Test(bfd_machine, rfc5880_6_8_6_a_neighbor_that_goes_down_is_the_diagnostic)
{
	struct bfd_machine m = up();

	receive(&m, packet(BFD_DOWN));
	cr_expect_eq(m.diag, BFD_DIAG_NEIGHBOR_DOWN);
	m = up();
	receive(&m, packet(BFD_ADMIN_DOWN));
	cr_expect_eq(m.state, BFD_DOWN);
	cr_expect_eq(m.diag, BFD_DIAG_NEIGHBOR_DOWN);
	/* Down stays Down: the diagnostic of the loss stays with it */
	receive(&m, packet(BFD_ADMIN_DOWN));
	cr_expect_eq(m.diag, BFD_DIAG_NEIGHBOR_DOWN);
	/* and goes with the way up */
	receive(&m, packet(BFD_DOWN));
	cr_expect_eq(m.state, BFD_INIT);
	cr_expect_eq(m.diag, BFD_DIAG_NONE);
}

Test(bfd_machine, rfc5880_6_8_6_another_discriminator_is_no_packet_of_ours)
{
	struct bfd_machine m = up(), before = m;
	struct bfd_packet p = packet(BFD_DOWN);
	enum bfd_discard reason;

	p.your_discr = 8;
	cr_expect_eq(bfd_receive(&m, &p, &reason), 0);
	cr_expect_eq(reason, BFD_NO_SESSION);
	cr_expect_eq(m.state, before.state);
	cr_expect_eq(m.remote_discr, before.remote_discr);
}

Test(bfd_machine, rfc5880_6_8_4_nothing_came)
{
	static const struct {
		enum bfd_state state, wanted;
		uint8_t diag;
	} rows[] = {
		{BFD_UP, BFD_DOWN, BFD_DIAG_TIME_EXPIRED},
		{BFD_INIT, BFD_DOWN, BFD_DIAG_TIME_EXPIRED},
		{BFD_DOWN, BFD_DOWN, BFD_DIAG_NONE},
		{BFD_ADMIN_DOWN, BFD_ADMIN_DOWN, BFD_DIAG_ADMIN_DOWN},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bfd_machine m = machine_in(rows[i].state);
		unsigned actions = bfd_detect_expired(&m);

		cr_expect_eq(m.state, rows[i].wanted, "row %zu", i);
		cr_expect_eq(m.diag, rows[i].diag, "row %zu", i);
		cr_expect(actions & BFD_DO_STOP_DETECT, "row %zu", i);
		/* 6.8.1: the peer's discriminator is forgotten */
		cr_expect_eq(m.remote_discr, 0, "row %zu", i);
		cr_expect_eq(bfd_detection_us(&m), 0, "row %zu", i);
	}
}

/* The peer's multiplier, and the larger of what we take and what it means to send. */
Test(bfd_machine, rfc5880_6_8_4_detection_time)
{
	static const struct {
		uint32_t receive_us, remote_tx_us;
		uint8_t mult;
		uint64_t wanted;
	} rows[] = {
		{50000, 50000, 3, 150000},
		{50000, 10000, 3, 150000},
		{10000, 50000, 5, 250000},
		{10000, 10000, 1, 10000},
		{4294967295u, 1, 255, 1095216660225},
		{300000, 1000000, 3, 3000000},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bfd_params params = quick;
		struct bfd_packet p = packet(BFD_DOWN);
		struct bfd_machine m;

		params.receive_us = rows[i].receive_us;
		p.desired_min_tx_us = rows[i].remote_tx_us;
		p.detect_mult = rows[i].mult;
		bfd_machine_init(&m, 7, &params);
		cr_expect_eq(bfd_detection_us(&m), 0, "nothing is expected yet");
		cr_expect(receive(&m, p) & BFD_DO_DETECT_TIMER);
		cr_expect_eq(bfd_detection_us(&m), rows[i].wanted, "row %zu: %llu", i,
			     (unsigned long long)bfd_detection_us(&m));
	}
}

Test(bfd_machine, rfc5880_6_8_3_slow_until_up_then_a_poll)
{
	struct bfd_machine m;
	struct bfd_packet p, out;

	bfd_machine_init(&m, 7, &quick);
	cr_expect_eq(bfd_tx_interval_us(&m), 1000000);
	cr_assert(bfd_packet_to_send(&m, &out));
	cr_expect_eq(out.desired_min_tx_us, 1000000);
	cr_expect_eq(out.required_min_rx_us, 50000);
	cr_expect(!out.poll);
	receive(&m, packet(BFD_DOWN));
	cr_expect_eq(bfd_tx_interval_us(&m), 1000000);
	/* Up: what makes us faster counts at once, and the peer is asked */
	cr_expect(receive(&m, packet(BFD_UP)) & BFD_DO_TX_TIMER);
	cr_expect_eq(bfd_tx_interval_us(&m), 50000);
	cr_assert(bfd_packet_to_send(&m, &out));
	cr_expect_eq(out.desired_min_tx_us, 50000);
	cr_expect(out.poll);
	/* until it has answered */
	receive(&m, packet(BFD_UP));
	bfd_packet_to_send(&m, &out);
	cr_expect(out.poll);
	p = packet(BFD_UP);
	p.final = true;
	receive(&m, p);
	bfd_packet_to_send(&m, &out);
	cr_expect(!out.poll);
	/* down again: slow again, without one */
	cr_expect(bfd_detect_expired(&m) & BFD_DO_TX_TIMER);
	cr_expect_eq(bfd_tx_interval_us(&m), 1000000);
	cr_expect(!m.polling);
}

Test(bfd_machine, rfc5880_6_8_7_interval_is_the_larger_of_both_sides)
{
	struct bfd_machine m = up();
	struct bfd_packet p = packet(BFD_UP);

	p.required_min_rx_us = 200000;
	cr_expect(receive(&m, p) & BFD_DO_TX_TIMER);
	cr_expect_eq(bfd_tx_interval_us(&m), 200000);
	p.required_min_rx_us = 10;
	receive(&m, p);
	cr_expect_eq(bfd_tx_interval_us(&m), 50000);
	p.required_min_rx_us = 0; /* it wants none by the clock */
	receive(&m, p);
	cr_expect_eq(bfd_tx_interval_us(&m), 0);
}

Test(bfd_machine, rfc5880_6_6_a_peer_in_demand_mode_hears_nothing_but_polls)
{
	struct bfd_machine m = up();
	struct bfd_packet p = packet(BFD_UP);

	p.demand = true;
	cr_expect(receive(&m, p) & BFD_DO_TX_TIMER);
	cr_expect_eq(bfd_tx_interval_us(&m), 0);
	bfd_set_params(&m, &(struct bfd_params){100000, 50000, 0, 0, 3, false});
	cr_expect_eq(bfd_tx_interval_us(&m), 50000, "a poll is sent by the clock");
}

Test(bfd_machine, rfc5880_6_8_7_passive_keeps_silent_until_it_hears)
{
	struct bfd_params params = quick;
	struct bfd_machine m;
	struct bfd_packet out;

	params.passive = true;
	bfd_machine_init(&m, 7, &params);
	cr_expect_eq(bfd_tx_interval_us(&m), 0);
	cr_expect_not(bfd_packet_to_send(&m, &out));
	cr_expect(receive(&m, packet(BFD_DOWN)) & BFD_DO_TX_TIMER);
	cr_expect_eq(bfd_tx_interval_us(&m), 1000000);
	cr_expect(bfd_packet_to_send(&m, &out));
	cr_expect_eq(out.your_discr, 9);
}

/* A router that was told AdminDown may speak of our session before a restart for ever. */
Test(bfd_machine, rfc5880_6_8_7_passive_is_woken_by_a_packet_for_an_earlier_session)
{
	struct bfd_params params = quick;
	struct bfd_machine m;
	struct bfd_packet out, p = packet(BFD_UP);
	enum bfd_discard reason;

	params.passive = true;
	bfd_machine_init(&m, 7, &params);
	p.your_discr = 6;
	cr_expect_eq(bfd_receive(&m, &p, &reason), 0, "it will find out by itself");
	cr_expect_not(bfd_packet_to_send(&m, &out));
	p.state = BFD_DOWN;
	cr_expect(bfd_receive(&m, &p, &reason) & BFD_DO_SEND);
	cr_expect_eq(reason, BFD_NO_SESSION);
	cr_expect_eq(m.state, BFD_DOWN, "not taken all the same");
	cr_expect_eq(bfd_detection_us(&m), 0);
	cr_expect(bfd_packet_to_send(&m, &out));
	cr_expect_eq(out.your_discr, 9);
	cr_expect_eq(bfd_receive(&m, &p, &reason), 0, "once");
}

/* 6.8.3: what makes us slower to send, or quicker to give up, waits for the peer's F. */
Test(bfd_machine, rfc5880_6_8_3_other_timers_by_a_poll)
{
	struct bfd_machine m = up();
	struct bfd_packet p = packet(BFD_UP), out;

	cr_expect(bfd_set_params(&m, &(struct bfd_params){200000, 20000, 0, 0, 3, false}) &
		  BFD_DO_SEND);
	cr_expect_eq(m.state, BFD_UP);
	cr_expect_eq(bfd_tx_interval_us(&m), 50000, "as before");
	cr_expect_eq(bfd_detection_us(&m), 150000, "as before");
	bfd_packet_to_send(&m, &out);
	cr_expect(out.poll);
	cr_expect_eq(out.desired_min_tx_us, 200000);
	cr_expect_eq(out.required_min_rx_us, 20000);
	p.final = true;
	p.desired_min_tx_us = 20000;
	receive(&m, p);
	cr_expect_eq(bfd_tx_interval_us(&m), 200000);
	cr_expect_eq(bfd_detection_us(&m), 60000);
	/* the other way round it counts at once */
	bfd_set_params(&m, &(struct bfd_params){10000, 400000, 0, 0, 3, false});
	cr_expect_eq(bfd_tx_interval_us(&m), 50000, "the peer takes no more");
	cr_expect_eq(bfd_detection_us(&m), 1200000);
	/* the same again is nothing */
	receive(&m, p);
	cr_expect_eq(bfd_set_params(&m, &(struct bfd_params){10000, 400000, 0, 0, 3, false}), 0);
}

/* 6.8.3: the peer may go on at the old pace until it has answered. */
Test(bfd_machine, rfc5880_6_8_3_a_shorter_detection_waits_for_the_answer)
{
	struct bfd_machine m = up();
	struct bfd_packet p = packet(BFD_UP);

	p.desired_min_tx_us = 10000;
	receive(&m, p);
	cr_expect_eq(bfd_detection_us(&m), 150000);
	bfd_set_params(&m, &(struct bfd_params){50000, 20000, 0, 0, 3, false});
	cr_expect_eq(bfd_detection_us(&m), 150000, "as before");
	receive(&m, p);
	cr_expect_eq(bfd_detection_us(&m), 150000, "that was no answer");
	p.final = true;
	receive(&m, p);
	cr_expect_eq(bfd_detection_us(&m), 60000);
}

Test(bfd_machine, rfc5880_6_5_a_poll_is_answered_at_once_and_never_with_one)
{
	struct bfd_machine m = machine_in(BFD_UP); /* it polls itself */
	struct bfd_packet p = packet(BFD_UP), out;

	p.poll = true;
	cr_expect(receive(&m, p) & BFD_DO_SEND);
	bfd_packet_to_send(&m, &out);
	cr_expect(out.final && !out.poll);
	bfd_packet_to_send(&m, &out);
	cr_expect(!out.final && out.poll);
}

Test(bfd_machine, rfc5880_6_8_16_administratively_down_and_back)
{
	struct bfd_machine m = up();
	struct bfd_packet out;

	cr_expect(bfd_admin(&m, true) & BFD_DO_SEND);
	bfd_packet_to_send(&m, &out);
	cr_expect_eq(out.state, BFD_ADMIN_DOWN);
	cr_expect_eq(out.diag, BFD_DIAG_ADMIN_DOWN);
	cr_expect_eq(bfd_admin(&m, true), 0, "once");
	cr_expect(bfd_admin(&m, false) & BFD_DO_STATE);
	cr_expect_eq(m.state, BFD_DOWN);
	cr_expect_eq(m.diag, BFD_DIAG_NONE);
	cr_expect_eq(bfd_admin(&m, false), 0);
}

Test(bfd_machine, rfc5880_6_8_5_echoes_that_fail)
{
	struct bfd_machine m = up();

	cr_expect(bfd_echo_failed(&m) & BFD_DO_STATE);
	cr_expect_eq(m.diag, BFD_DIAG_ECHO_FAILED);
	cr_expect_eq(bfd_echo_failed(&m), 0, "only in Up");
}

Test(bfd_machine, rfc5880_6_8_7_jitter)
{
	uint32_t least = UINT32_MAX, most = 0;

	for (uint64_t dice = 0; dice < 100000; dice++) {
		uint32_t us = bfd_jitter_us(50000, 3, dice * 2654435761u);

		least = us < least ? us : least;
		most = us > most ? us : most;
	}
	cr_expect(least >= 37500 && least < 37600, "%u", least);
	cr_expect(most <= 50000 && most > 49900, "%u", most);
	for (uint64_t dice = 0; dice < 1000; dice++) {
		uint32_t us = bfd_jitter_us(50000, 1, dice * 2654435761u);

		cr_expect(us >= 37500 && us <= 45000);
	}
	cr_expect_eq(bfd_jitter_us(0, 3, 12345), 0);
	cr_expect_leq(bfd_jitter_us(UINT32_MAX, 3, UINT64_MAX), UINT32_MAX);
}

/* Two machines against each other, as on a wire that loses nothing: up in three packets. */
Test(bfd_machine, two_of_them_come_up)
{
	struct bfd_machine a, b;
	struct bfd_packet p;

	bfd_machine_init(&a, 1, &quick);
	bfd_machine_init(&b, 2, &quick);
	for (int i = 0; i < 2; i++) {
		cr_assert(bfd_packet_to_send(&a, &p));
		receive(&b, p);
		cr_assert(bfd_packet_to_send(&b, &p));
		receive(&a, p);
	}
	cr_expect_eq(a.state, BFD_UP);
	cr_expect_eq(b.state, BFD_UP);
	cr_expect_eq(a.remote_discr, 2);
	cr_expect_eq(b.remote_discr, 1);
}

/* Our BFD ends with the daemon that speaks BGP: C is 0, whatever the state. */
Test(bfd_machine, rfc5880_4_1_we_share_the_fate_of_the_control_plane)
{
	for (unsigned state = 0; state < BFD_STATE_COUNT; state++) {
		struct bfd_machine m = machine_in((enum bfd_state)state);
		struct bfd_packet p = {.control_plane_independent = true};

		cr_assert(bfd_packet_to_send(&m, &p));
		cr_expect(!p.control_plane_independent);
	}
}
