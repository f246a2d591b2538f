/* Tests of a BFD session in time, by a clock that the test moves: intervals and jitter (RFC 5880
 * 6.8.7), detection (6.8.4), other timers without a reset (6.8.3), what is no failure (RFC 5882
 * 3.2), verdicts; and of the histogram. */
#include "bfd/session.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const int64_t MS = 1000000, S = 1000000000;

struct lab {
	struct bfd_session s;
	int64_t now;
	unsigned sent;
	struct bfd_packet last;
};

static const struct bfd_params fifty = {
	.transmit_us = 50000, .receive_us = 50000, .detect_mult = 3};

static void setup_with(struct lab *l, const struct bfd_params *params)
{
	*l = (struct lab){.now = 5 * S};
	bfd_session_init(&l->s, 7, params, 12345, l->now);
}

static void setup(struct lab *l)
{
	setup_with(l, &fifty);
}

static void flush(struct lab *l)
{
	while (bfd_session_take_packet(&l->s, &l->last, l->now))
		l->sent++;
}

/* To a time, ticking whenever the session asks for it. */
static void run_to(struct lab *l, int64_t until)
{
	int64_t next;

	while ((next = bfd_session_deadline(&l->s)) && next <= until) {
		l->now = next;
		bfd_session_tick(&l->s, l->now);
		flush(l);
	}
	l->now = until;
}

static void hear(struct lab *l, struct bfd_packet p)
{
	enum bfd_discard reason;

	if (!p.detect_mult)
		p.detect_mult = 3;
	if (!p.desired_min_tx_us)
		p.desired_min_tx_us = 50000;
	p.required_min_rx_us = 50000;
	p.my_discr = 9;
	bfd_session_receive(&l->s, &p, &reason, l->now);
	cr_assert(eq(int, (int)reason, BFD_OK));
	flush(l);
}

static void come_up(struct lab *l)
{
	hear(l, (struct bfd_packet){.state = BFD_DOWN});
	hear(l, (struct bfd_packet){.state = BFD_UP, .your_discr = 7});
	hear(l, (struct bfd_packet){.state = BFD_UP, .your_discr = 7, .final = true});
	cr_assert(eq(int, (int)l->s.machine.state, BFD_UP));
	l->s.change.pending = false;
	l->s.change.verdict[0] = '\0';
	l->s.change.lost = false;
}

static void stay_up(struct lab *l, unsigned packets)
{
	for (unsigned i = 0; i < packets; i++) {
		run_to(l, l->now + 50 * MS);
		hear(l, (struct bfd_packet){.state = BFD_UP, .your_discr = 7});
	}
}

Test(bfd_session, no_faster_than_a_second_while_not_up)
{
	struct lab l;

	setup(&l);
	run_to(&l, l.now + 60 * S);
	/* 0.75 to 1 s: 60 to 80 packets */
	cr_assert(le(uint, 59, l.sent));
	cr_assert(le(uint, l.sent, 80));
	cr_assert(eq(uint, l.last.desired_min_tx_us, BFD_SLOW_US));
}

Test(bfd_session, passive_says_nothing_until_spoken_to)
{
	struct lab l;
	struct bfd_params params = fifty;

	params.passive = true;
	setup_with(&l, &params);
	cr_assert(eq(i64, bfd_session_deadline(&l.s), 0));
	hear(&l, (struct bfd_packet){.state = BFD_DOWN});
	cr_assert(eq(uint, l.sent, 1));
	cr_assert(eq(uint, l.last.state, BFD_INIT));
}

Test(bfd_session, passive_answers_who_speaks_of_an_earlier_session)
{
	struct bfd_params passive = fifty;
	struct bfd_packet p = {.state = BFD_DOWN, .my_discr = 9, .your_discr = 6};
	enum bfd_discard reason;
	struct lab l;

	passive.passive = true;
	setup_with(&l, &passive);
	bfd_session_receive(&l.s, &p, &reason, l.now);
	flush(&l);
	cr_assert(eq(uint, l.sent, 1));
	cr_assert(eq(u64, l.s.packets_in, 0));
	run_to(&l, l.now + 3 * S);
	cr_assert(ge(uint, l.sent, 4));
	come_up(&l);
}

Test(bfd_session, fast_once_up_with_jitter)
{
	struct lab l;

	setup(&l);
	come_up(&l);
	l.sent = 0;
	stay_up(&l, 200);
	/* 10 s of 37.5 to 50 ms */
	cr_assert(le(uint, 199, l.sent));
	cr_assert(le(uint, l.sent, 267));
	cr_assert(eq(int, (int)l.s.machine.state, BFD_UP));
}

/* RFC 5880 6.8.7: each interval by itself is 75 to 100 % of the agreed one, and with a multiplier
 * of 1 no more than 90 %. */
static void expect_gaps(uint8_t mult, int64_t least, int64_t most)
{
	struct bfd_params params = fifty;
	int64_t last = 0, shortest = INT64_MAX, longest = 0;
	struct lab l;

	params.detect_mult = mult;
	setup_with(&l, &params);
	come_up(&l);
	for (unsigned i = 0; i < 2000; i++) {
		const int64_t next = bfd_session_deadline(&l.s);
		const unsigned before = l.sent;

		run_to(&l, next);
		if (l.sent == before)
			continue;
		if (last) {
			shortest = l.now - last < shortest ? l.now - last : shortest;
			longest = l.now - last > longest ? l.now - last : longest;
		}
		last = l.now;
		l.s.detect_at = l.now + S; /* the peer is heard */
	}
	cr_assert(ge(i64, shortest, least));
	cr_assert(le(i64, longest, most));
	/* and all of that is made use of */
	cr_assert(le(i64, shortest, least + 500000));
	cr_assert(ge(i64, longest, most - 500000));
}

Test(bfd_session, rfc5880_6_8_7_jitter_of_each_interval)
{
	expect_gaps(3, 37500000, 50 * MS);
	expect_gaps(2, 37500000, 50 * MS);
	expect_gaps(1, 37500000, 45 * MS);
}

/* Not before 75 %, whatever wakes us: the early turn of another session, a packet of the peer's. */
Test(bfd_session, no_earlier_than_75_percent)
{
	struct lab l;

	setup(&l);
	come_up(&l);
	for (unsigned i = 0; i < 2000; i++) {
		const int64_t sent_at = l.s.sent_at;
		const unsigned before = l.sent;

		if (i % 2) {
			while (!bfd_session_may_send(&l.s, l.now))
				l.now += 10000;
			bfd_session_tick(&l.s, l.now);
		} else {
			while (!l.s.send_now) {
				l.now += 10000;
				bfd_session_follow(&l.s, true, l.now);
			}
		}
		cr_assert(le(i64, l.now, bfd_session_deadline(&l.s)));
		flush(&l);
		cr_assert(eq(uint, l.sent, before + 1));
		cr_assert(ge(i64, l.now - sent_at, 37500000));
		cr_assert(i % 2 || l.now - sent_at < 37510001);
		l.s.detect_at = l.now + S; /* the peer is heard */
	}
}

/* Who follows a peer of 37.5 to 50 ms seldom needs its own timer. */
Test(bfd_session, a_follower_sends_with_the_peers_packets)
{
	struct lab l;
	unsigned own = 0;

	setup(&l);
	come_up(&l);
	for (unsigned i = 0; i < 2000; i++) {
		const unsigned before = l.sent;

		run_to(&l, l.now + 37500000 + (i * 7919 % 1250) * 10000);
		own += l.sent - before;
		bfd_session_receive(&l.s,
				    &(struct bfd_packet){.state = BFD_UP,
							 .detect_mult = 3,
							 .my_discr = 9,
							 .your_discr = 7,
							 .desired_min_tx_us = 50000,
							 .required_min_rx_us = 50000},
				    &(enum bfd_discard){0}, l.now);
		bfd_session_follow(&l.s, true, l.now);
		flush(&l);
	}
	cr_assert(le(uint, own, 800));
}

/* RFC 5880 6.8.4: detection runs in Init as well, and what is discarded does not restart it. */
Test(bfd_session, rfc5880_6_8_4_detection_counts_from_what_was_taken)
{
	struct bfd_packet other = {.state = BFD_UP,
				   .detect_mult = 3,
				   .my_discr = 9,
				   .your_discr = 8,
				   .desired_min_tx_us = 50000,
				   .required_min_rx_us = 50000};
	enum bfd_discard reason;
	struct lab l;

	setup(&l);
	come_up(&l);
	run_to(&l, l.now + 100 * MS);
	bfd_session_receive(&l.s, &other, &reason, l.now);
	cr_assert(eq(int, (int)reason, BFD_NO_SESSION));
	run_to(&l, l.now + 49 * MS);
	cr_assert(eq(int, (int)l.s.machine.state, BFD_UP));
	run_to(&l, l.now + 1 * MS);
	cr_assert(eq(int, (int)l.s.machine.state, BFD_DOWN));
}

/* RFC 5880 6.8.7: with a Required Min RX of 0 the peer gets nothing by the clock, but answers. */
Test(bfd_session, rfc5880_6_8_7_a_peer_that_wants_nothing)
{
	struct bfd_packet p = {.state = BFD_UP,
			       .detect_mult = 3,
			       .my_discr = 9,
			       .your_discr = 7,
			       .desired_min_tx_us = 50000};
	enum bfd_discard reason;
	struct lab l;

	setup(&l);
	come_up(&l);
	bfd_session_receive(&l.s, &p, &reason, l.now);
	flush(&l);
	l.sent = 0;
	for (int i = 0; i < 50; i++) {
		run_to(&l, l.now + 100 * MS);
		bfd_session_receive(&l.s, &p, &reason, l.now);
		flush(&l);
	}
	cr_assert(eq(uint, l.sent, 0));
	p.poll = true;
	bfd_session_receive(&l.s, &p, &reason, l.now);
	flush(&l);
	cr_assert(eq(uint, l.sent, 1));
	cr_assert(l.last.final);
}

/* RFC 5880 6.8.16: the peer is told, again and again, and what it says changes nothing. */
Test(bfd_session, rfc5880_6_8_16_stays_administratively_down)
{
	struct lab l;

	setup(&l);
	come_up(&l);
	bfd_session_admin_down(&l.s, l.now);
	flush(&l);
	l.sent = 0;
	for (int i = 0; i < 20; i++) {
		struct bfd_packet p = {.state = BFD_DOWN,
				       .detect_mult = 3,
				       .my_discr = 9,
				       .your_discr = 7,
				       .desired_min_tx_us = 1000000,
				       .required_min_rx_us = 50000};
		enum bfd_discard reason;

		run_to(&l, l.now + 1 * S);
		bfd_session_receive(&l.s, &p, &reason, l.now);
		cr_assert(eq(int, (int)reason, BFD_SESSION_ADMIN_DOWN));
		flush(&l);
	}
	/* no faster than a second (6.8.3) */
	cr_assert(le(uint, 19, l.sent));
	cr_assert(le(uint, l.sent, 27));
	cr_assert(eq(uint, l.last.state, BFD_ADMIN_DOWN));
	cr_assert(eq(int, (int)l.s.machine.state, BFD_ADMIN_DOWN));
}

Test(bfd_session, detection_is_the_peers_multiplier)
{
	struct lab l;

	setup(&l);
	come_up(&l);
	hear(&l, (struct bfd_packet){.state = BFD_UP, .your_discr = 7, .detect_mult = 5});
	run_to(&l, l.now + 249 * MS);
	cr_assert(eq(int, (int)l.s.machine.state, BFD_UP));
	run_to(&l, l.now + 1 * MS);
	cr_assert(eq(int, (int)l.s.machine.state, BFD_DOWN));
	cr_assert(eq(uint, l.last.state, BFD_DOWN));
	cr_assert(eq(uint, l.last.diag, BFD_DIAG_TIME_EXPIRED));
	cr_assert(l.s.change.pending);
	cr_assert(l.s.change.lost);
	cr_assert_str_eq(l.s.change.verdict,
			 "nothing came for 250 ms, our timers were on time: link or peer");
	cr_assert(eq(u64, l.s.downs, 1));
}

Test(bfd_session, a_late_thread_blames_the_host)
{
	struct lab l;

	setup(&l);
	come_up(&l);
	l.now += 234 * MS;
	cr_assert(bfd_session_expires(&l.s, l.now));
	bfd_session_tick(&l.s, l.now);
	run_to(&l, l.now + 2 * MS);
	cr_assert(l.s.change.lost);
	/* detection was due after 150 ms, a packet of ours 37.5 to 50 after the last */
	cr_assert(strstr(l.s.change.verdict, "nothing came for 236 ms, our thread was late by 1") !=
			  NULL,
		  "%s", l.s.change.verdict);
	cr_assert(strstr(l.s.change.verdict, " ms: host overloaded") != NULL);
	cr_assert(ge(i64, l.s.lateness.max_ns, 184 * MS));
	cr_assert(le(i64, l.s.lateness.max_ns, 197 * MS));
}

/* The whole host stood still, and its thread goes on before its network does: what the peer sent
 * is not in the socket yet.  Once only: who stands still again does not put it off for ever. */
Test(bfd_session, a_late_look_gives_what_is_on_its_way_a_moment)
{
	struct lab l;

	setup(&l);
	come_up(&l);
	l.now += 234 * MS;
	bfd_session_tick(&l.s, l.now);
	cr_assert(eq(int, (int)l.s.machine.state, BFD_UP));
	l.now += 1 * MS;
	hear(&l, (struct bfd_packet){.state = BFD_UP, .your_discr = 7});
	stay_up(&l, 10);
	cr_assert(not(l.s.change.pending));

	l.now += 234 * MS;
	bfd_session_tick(&l.s, l.now);
	l.now += 500 * MS;
	bfd_session_tick(&l.s, l.now);
	cr_assert(eq(int, (int)l.s.machine.state, BFD_DOWN));
}

Test(bfd_session, who_looks_in_time_gives_no_moment)
{
	struct lab l;

	setup(&l);
	come_up(&l);
	l.now += 151 * MS;
	bfd_session_tick(&l.s, l.now);
	cr_assert(eq(int, (int)l.s.machine.state, BFD_DOWN));
}

/* The peer's packets waited in the socket, the one with which it gave us up as the last of them. */
Test(bfd_session, a_late_thread_is_to_blame_for_what_the_peer_did_not_hear)
{
	struct lab l;

	setup(&l);
	come_up(&l);
	l.now += 400 * MS;
	hear(&l, (struct bfd_packet){.state = BFD_UP, .your_discr = 7});
	hear(&l, (struct bfd_packet){
			 .state = BFD_DOWN, .your_discr = 7, .diag = BFD_DIAG_TIME_EXPIRED});
	cr_assert(l.s.change.lost);
	cr_assert(strstr(l.s.change.verdict,
			 "the peer heard nothing of us, our thread was late by 3") != NULL,
		  "%s", l.s.change.verdict);
	cr_assert(strstr(l.s.change.verdict, "host overloaded") != NULL);
}

/* It goes with what came, before the timer is looked at. */
Test(bfd_session, a_late_packet_that_follows_is_late_all_the_same)
{
	struct lab l;

	setup(&l);
	come_up(&l);
	l.now += 140 * MS;
	hear(&l, (struct bfd_packet){.state = BFD_UP, .your_discr = 7});
	bfd_session_follow(&l.s, true, l.now);
	flush(&l);
	bfd_session_tick(&l.s, l.now);
	cr_assert(ge(i64, l.s.lateness.max_ns, 90 * MS));
	/* and may be what the peer missed */
	hear(&l, (struct bfd_packet){
			 .state = BFD_DOWN, .your_discr = 7, .diag = BFD_DIAG_TIME_EXPIRED});
	cr_assert(strstr(l.s.change.verdict, "our thread was late by ") != NULL, "%s",
		  l.s.change.verdict);
}

/* More waited than is read at once: between two batches we have sent already. */
Test(bfd_session, lateness_is_remembered_while_what_waited_is_read)
{
	struct lab l;

	setup(&l);
	come_up(&l);
	l.now += 400 * MS;
	hear(&l, (struct bfd_packet){.state = BFD_UP, .your_discr = 7});
	bfd_session_follow(&l.s, true, l.now);
	flush(&l);
	for (int i = 0; i < 40; i++) {
		l.now += MS / 10;
		hear(&l, (struct bfd_packet){.state = BFD_UP, .your_discr = 7});
	}
	hear(&l, (struct bfd_packet){
			 .state = BFD_DOWN, .your_discr = 7, .diag = BFD_DIAG_TIME_EXPIRED});
	cr_assert(strstr(l.s.change.verdict, "our thread was late by 3") != NULL, "%s",
		  l.s.change.verdict);
}

/* Late, but what came then was in time: the next loss is another matter. */
Test(bfd_session, lateness_is_forgotten_after_a_detection_time)
{
	struct lab l;

	setup(&l);
	come_up(&l);
	l.now += 140 * MS; /* 90 behind the packet that was due */
	bfd_session_tick(&l.s, l.now);
	flush(&l);
	hear(&l, (struct bfd_packet){.state = BFD_UP, .your_discr = 7});
	run_to(&l, l.now + 150 * MS);
	cr_assert_str_eq(l.s.change.verdict,
			 "nothing came for 150 ms, our timers were on time: link or peer");
}

/* RFC 5880 6.8.7: an interval is from packet to packet; one that is shorter now may be over. */
Test(bfd_session, rfc5880_6_8_7_a_shorter_interval_counts_from_the_last_packet)
{
	struct bfd_packet p = {.state = BFD_UP,
			       .detect_mult = 200,
			       .my_discr = 9,
			       .your_discr = 7,
			       .desired_min_tx_us = 50000,
			       .required_min_rx_us = 1000000};
	enum bfd_discard reason;
	struct lab l;

	setup(&l);
	come_up(&l);
	bfd_session_receive(&l.s, &p, &reason, l.now);
	flush(&l);
	for (l.sent = 0; l.sent == 0;)
		run_to(&l, bfd_session_deadline(&l.s));
	l.now += 400 * MS;
	cr_assert(gt(i64, bfd_session_deadline(&l.s), l.now));
	p.required_min_rx_us = 50000;
	bfd_session_receive(&l.s, &p, &reason, l.now);
	cr_assert(eq(i64, bfd_session_deadline(&l.s), l.now));
}

Test(bfd_session, what_waited_in_the_socket_counts_before_a_late_detection)
{
	struct lab l;

	setup(&l);
	come_up(&l);
	l.now += 234 * MS;
	hear(&l, (struct bfd_packet){.state = BFD_UP, .your_discr = 7});
	cr_assert(not(bfd_session_expires(&l.s, l.now)));
	bfd_session_tick(&l.s, l.now);
	cr_assert(eq(int, (int)l.s.machine.state, BFD_UP));
}

Test(bfd_session, the_peers_admin_down_is_no_failure)
{
	struct lab l;

	setup(&l);
	come_up(&l);
	hear(&l, (struct bfd_packet){
			 .state = BFD_ADMIN_DOWN, .your_discr = 7, .diag = BFD_DIAG_ADMIN_DOWN});
	cr_assert(eq(int, (int)l.s.machine.state, BFD_DOWN));
	cr_assert(l.s.change.pending);
	cr_assert(not(l.s.change.lost));
	cr_assert_str_eq(l.s.change.verdict, "the peer is administratively down");
	/* nor is what follows: it was told already */
	run_to(&l, l.now + 10 * S);
	cr_assert(not(l.s.change.lost));
}

Test(bfd_session, a_neighbors_down_is_a_failure)
{
	static const struct {
		uint8_t diag;
		const char *verdict;
	} cases[] = {
		{BFD_DIAG_TIME_EXPIRED,
		 "the peer heard nothing of us, our timers were on time: link or peer"},
		{BFD_DIAG_NONE, "the peer ended or restarted its session (none)"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct lab l;

		setup(&l);
		come_up(&l);
		hear(&l, (struct bfd_packet){
				 .state = BFD_DOWN, .your_discr = 7, .diag = cases[i].diag});
		cr_assert(l.s.change.lost);
		cr_assert(eq(uint, l.s.change.diag, BFD_DIAG_NEIGHBOR_DOWN));
		cr_assert_str_eq(l.s.change.verdict, cases[i].verdict);
	}
}

Test(bfd_session, never_up_is_never_lost)
{
	struct lab l;

	setup(&l);
	hear(&l, (struct bfd_packet){.state = BFD_DOWN, .desired_min_tx_us = 1000000});
	cr_assert(eq(int, (int)l.s.machine.state, BFD_INIT));
	run_to(&l, l.now + 20 * S);
	cr_assert(eq(int, (int)l.s.machine.state, BFD_DOWN));
	cr_assert(not(l.s.change.lost));
	cr_assert(eq(u64, l.s.downs, 0));
}

Test(bfd_session, changes_nobody_was_told_of_are_told_as_one)
{
	struct lab l;

	setup(&l);
	come_up(&l);
	hear(&l, (struct bfd_packet){.state = BFD_DOWN, .your_discr = 7});
	hear(&l, (struct bfd_packet){.state = BFD_INIT, .your_discr = 7});
	cr_assert(eq(int, (int)l.s.change.from, BFD_UP));
	cr_assert(eq(int, (int)l.s.change.to, BFD_UP));
	cr_assert(l.s.change.lost);
	cr_assert(eq(uint, l.s.change.diag, BFD_DIAG_NEIGHBOR_DOWN));
}

Test(bfd_session, another_profile_is_polled_not_reset)
{
	static const struct bfd_params slow = {
		.transmit_us = 400000, .receive_us = 400000, .detect_mult = 4};
	struct lab l;

	setup(&l);
	come_up(&l);
	bfd_session_set_params(&l.s, &slow, l.now);
	flush(&l);
	cr_assert(l.last.poll);
	cr_assert(eq(uint, l.last.desired_min_tx_us, 400000));
	cr_assert(eq(uint, l.last.detect_mult, 4));
	hear(&l, (struct bfd_packet){.state = BFD_UP, .your_discr = 7, .final = true});
	cr_assert(eq(uint, bfd_tx_interval_us(&l.s.machine), 400000));
	cr_assert(not(l.s.change.pending));
	l.sent = 0;
	for (int i = 0; i < 20; i++) {
		run_to(&l, l.now + 400 * MS);
		hear(&l, (struct bfd_packet){.state = BFD_UP, .your_discr = 7});
	}
	cr_assert(le(uint, l.sent, 28)); /* 8 s of 300 to 400 ms */
	cr_assert(not(l.s.change.pending));
}

Test(bfd_session, admin_down_is_told_at_once)
{
	struct lab l;

	setup(&l);
	come_up(&l);
	bfd_session_admin_down(&l.s, l.now);
	flush(&l);
	cr_assert(eq(uint, l.last.state, BFD_ADMIN_DOWN));
	cr_assert(eq(uint, l.last.diag, BFD_DIAG_ADMIN_DOWN));
	cr_assert(not(l.s.change.lost));
}

Test(bfd_histogram, percentiles)
{
	struct histogram h = {0};

	cr_assert(eq(u64, histogram_percentile_us(&h, 99), 0));
	for (int i = 0; i < 98; i++)
		histogram_add(&h, 3000); /* 3 us: below 4 */
	histogram_add(&h, 700 * 1000);
	histogram_add(&h, -5);
	cr_assert(eq(u64, histogram_percentile_us(&h, 50), 4));
	cr_assert(eq(u64, histogram_percentile_us(&h, 99), 4));
	cr_assert(eq(u64, histogram_percentile_us(&h, 100), 700));
	cr_assert(eq(i64, h.max_ns, 700 * 1000));
}
