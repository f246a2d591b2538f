/* test_speaker_timers.c: every timer of a session, by a clock that the test moves */
#include "bgp_clock.h"
#include "bgp_meet.h"

#include "base/log.h"
#include "base/text.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(speaker_timers, .init = lab_network, .timeout = 60);

/* They have met, and the speaker has sent its OPEN. */
static void greet(struct lab *lab, struct script *s, const char *more)
{
	meet(lab, s, lab_one_peer(1, 65001, more));
	script_expect_start(lab, s);
}

Test(speaker_timers, rfc4271_8_2_2_open_sent_waits_four_minutes)
{
	struct lab lab;
	struct script s;

	greet(&lab, &s, "");
	pass_seconds(&lab, 238);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_OPEN_SENT);
	pass_seconds(&lab, 4);
	script_expect_end(&lab, &s, BGP_ERR_HOLD_TIMER, 0);
	part(&lab, &s);
}

Test(speaker_timers, rfc4271_8_2_2_open_confirm_has_the_negotiated_hold_time)
{
	struct lab lab;
	struct script s;

	greet(&lab, &s, ""); /* ours is 90 s */
	script_send_open(&s, 65001, "10.0.0.2", 9);
	lab_until_state(&lab, "peer", BGP_OPEN_CONFIRM);
	pass_seconds(&lab, 8.5);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_OPEN_CONFIRM);
	pass_seconds(&lab, 1);
	script_expect_end(&lab, &s, BGP_ERR_HOLD_TIMER, 0);
	part(&lab, &s);
}

static void establish(struct lab *lab, struct script *s, uint16_t hold_s)
{
	script_send_open(s, 65001, "10.0.0.2", hold_s);
	script_send_keepalive(s);
	lab_until_state(lab, "peer", BGP_ESTABLISHED);
	cr_expect_eq(script_read_table(lab, s), 1);
}

Test(speaker_timers, rfc4271_4_2_the_smaller_hold_time_counts)
{
	struct lab lab;
	struct script s;

	greet(&lab, &s, ", holdTime: 30s");
	establish(&lab, &s, 180);
	cr_expect_eq(lab_view(&lab, "peer").hold_time_s, 30);
	pass_seconds(&lab, 29);
	script_send_keepalive(&s); /* each message starts it anew */
	pass_seconds(&lab, 29);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_ESTABLISHED);
	pass_seconds(&lab, 2);
	script_expect_end(&lab, &s, BGP_ERR_HOLD_TIMER, 0);
	part(&lab, &s);
}

Test(speaker_timers, rfc4271_4_4_no_timers_with_a_hold_time_of_zero)
{
	struct lab lab;
	struct script s;

	greet(&lab, &s, "");
	establish(&lab, &s, 0);
	cr_expect_eq(script_count(&s, BGP_KEEPALIVE), 0);
	pass_seconds(&lab, 100000);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_ESTABLISHED);
	cr_expect_eq(script_count(&s, BGP_KEEPALIVE), 0);
	part(&lab, &s);
}

enum { LINES_MAX = 64 };

static char *lines[LINES_MAX];
static size_t n_lines;

static void keep_line(void *arg, int level, enum log_event_id id, struct log_fields fields,
		      const char *message)
{
	(void)arg;
	(void)id;
	(void)fields;
	if (level > LOG_INFO)
		return;
	cr_assert_lt(n_lines, LINES_MAX);
	lines[n_lines++] = strdup(message);
}

static size_t count_lines(const char *line)
{
	size_t n = 0;

	for (size_t i = 0; i < n_lines; i++)
		n += strcmp(lines[i], line) == 0;
	return n;
}

static void expect_no_line_twice(void)
{
	for (size_t i = 0; i < n_lines; i++)
		cr_expect_eq(count_lines(lines[i]), 1, "%s", lines[i]);
}

static void forget_lines(void)
{
	log_set_sink(NULL, NULL);
	for (size_t i = 0; i < n_lines; i++)
		free(lines[i]);
	n_lines = 0;
}

/* So little goes into the kernel's buffers that one who does not read is soon noticed. */
static void narrow_buffers(void)
{
	static const char *const files[] = {"/proc/sys/net/ipv4/tcp_wmem",
					    "/proc/sys/net/ipv4/tcp_rmem"};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		FILE *f = fopen(files[i], "w");

		cr_assert(f, "%s: %m", files[i]);
		fputs("4096 4096 4096", f);
		cr_assert_eq(fclose(f), 0);
	}
}

static void send_refresh(struct script *s)
{
	uint8_t bytes[BGP_HEADER_LEN + 4];
	struct writer w = writer_of(bytes, sizeof(bytes));

	bgp_refresh_encode(&w, ADDR_IPV4, BGP_REFRESH_REQUEST);
	script_send(s, bytes, writer_len(&w));
}

/* It says that it lives, and takes nothing: after eight minutes it is left, without a word. */
Test(speaker_timers, rfc9687_6_one_that_does_not_read_is_left_after_eight_minutes)
{
	double waited = 0;
	struct lab lab;
	struct script s;

	narrow_buffers();
	meet(&lab, &s, lab_one_peer(200, 65001, ""));
	script_expect_start(&lab, &s);
	script_send_open(&s, 65001, "10.0.0.2", 90);
	script_send_keepalive(&s);
	lab_until_state(&lab, "peer", BGP_ESTABLISHED);
	for (int i = 0; i < 300; i++) {
		send_refresh(&s);
		run_loop(&lab);
	}
	while (waited < 470) {
		script_send_keepalive(&s);
		pass_seconds(&lab, 10);
		waited += 10;
		cr_assert_eq(lab_view(&lab, "peer").state, BGP_ESTABLISHED, "after %.0f s", waited);
	}
	script_send_keepalive(&s);
	log_set_sink(keep_line, NULL);
	pass_seconds(&lab, 12);
	/* RFC 9687 5: an error is logged */
	cr_expect_eq(
		count_lines("peer peer: Send Hold Timer Expired: it took nothing of what was to "
			    "be sent for 480 s"),
		1);
	forget_lines();
	cr_expect_neq(lab_view(&lab, "peer").state, BGP_ESTABLISHED);
	cr_expect_str_eq(lab_view(&lab, "peer").last_error.text, "Send Hold Timer Expired");
	cr_expect_eq(lab_view(&lab, "peer").last_error.code, 0, "neither side has said it");
	part(&lab, &s);
}

Test(speaker_timers, rfc4271_10_keepalives_come_with_jitter)
{
	double least = 1000, most = 0;
	struct lab lab;
	struct script s;

	greet(&lab, &s, "");
	establish(&lab, &s, 90);
	for (unsigned i = 0; i < 60; i++) {
		struct message m;
		double waited = 0;

		script_send_keepalive(&s);
		while (script_count(&s, BGP_KEEPALIVE) == 0) {
			double next = seconds_to_next();

			pass_seconds(&lab, next);
			waited += next;
			cr_assert_leq(waited, 31, "no KEEPALIVE");
		}
		script_expect(&lab, &s, &m);
		least = waited < least ? waited : least;
		most = waited > most ? waited : most;
	}
	/* a third of the hold time, less up to a quarter of it */
	cr_expect(least >= 22 && most <= 30.5, "%.2f s to %.2f s", least, most);
	cr_expect(most - least > 2, "%.2f s to %.2f s", least, most);
	part(&lab, &s);
}

/* What the retry timer was started with, as tries go on to fail. */
Test(speaker_timers, rfc4271_10_attempts_back_off_with_jitter)
{
	static const double wanted_s[] = {5, 5, 10, 20, 40, 80, 120, 120, 120};
	struct lab lab;

	lab_start(&lab, NULL);
	lab_want_and_free(&lab, lab_one_peer(1, 65001, "")); /* nobody listens there */
	for (size_t i = 1; i < sizeof(wanted_s) / sizeof(wanted_s[0]); i++) {
		double delay_s;

		run_loop(&lab);
		cr_assert_eq(lab_view(&lab, "peer").state, BGP_ACTIVE);
		delay_s = delay_of_next();
		cr_expect(delay_s >= wanted_s[i] * 0.75 && delay_s <= wanted_s[i],
			  "try %zu: %.2f s", i, delay_s);
		pass_seconds(&lab, seconds_to_next());
	}
	lab_stop(&lab);
}

Test(speaker_timers, rfc4271_8_1_1_a_peer_at_fault_rests_in_idle)
{
	struct lab lab;
	struct script s;

	greet(&lab, &s, "");
	script_send_open(&s, 65999, "10.0.0.2", 90);
	script_expect_end(&lab, &s, BGP_ERR_OPEN, BGP_OPEN_BAD_PEER_AS);
	pass_seconds(&lab, 3);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_IDLE);
	pass_seconds(&lab, 3);
	script_accept(&lab, &s);
	script_expect_start(&lab, &s);
	part(&lab, &s);
}

Test(speaker_timers, the_log_tells_once_what_goes_wrong_again_and_again)
{
	struct lab lab;
	struct script s;

	log_set_sink(keep_line, NULL);
	lab_start(&lab, NULL);
	script_init(&s);
	lab_want_and_free(&lab, lab_one_peer(1, 65001, "")); /* nobody listens there */
	pass_seconds(&lab, 1000);
	cr_expect_eq(count_lines("peer peer: Connect -> Active: Connection refused"), 1);
	script_listen(&s, PEER);
	for (int round = 0; round < 5; round++) {
		while (lab_view(&lab, "peer").state != BGP_OPEN_SENT)
			pass_seconds(&lab, seconds_to_next());
		script_accept(&lab, &s);
		script_expect_start(&lab, &s);
		script_send_open(&s, 65999, "10.0.0.2", 90);
		script_expect_end(&lab, &s, BGP_ERR_OPEN, BGP_OPEN_BAD_PEER_AS);
	}
	expect_no_line_twice();
	cr_expect_eq(count_lines("peer peer: OpenSent -> Idle: OPEN Message Error: Bad Peer AS"),
		     1);
	/* once it was up, all of it is news */
	for (int round = 0; round < 2; round++) {
		while (lab_view(&lab, "peer").state != BGP_OPEN_SENT)
			pass_seconds(&lab, seconds_to_next());
		script_accept(&lab, &s);
		script_expect_start(&lab, &s);
		establish(&lab, &s, 90);
		close(s.fd);
		s.fd = -1;
		lab_until_state(&lab, "peer", BGP_ACTIVE);
	}
	cr_expect_eq(
		count_lines("peer peer: Established -> Active: the peer closed the connection"), 2);
	forget_lines();
	part(&lab, &s);
}

/* DampPeerOscillations: for one that comes up and goes, again and again */
Test(speaker_timers, rfc4271_8_1_1_a_peer_that_flaps_rests_in_idle)
{
	struct lab lab;
	struct script s;

	lab_start(&lab, ME);
	script_init(&s);
	lab_want_and_free(&lab, lab_one_peer(1, 65001, ""));
	for (int round = 0; round < 10; round++) {
		lab_until_state(&lab, "peer", BGP_ACTIVE);
		script_dial(&s, PEER, ME);
		script_expect_start(&lab, &s);
		establish(&lab, &s, 90);
		close(s.fd);
		s.fd = -1;
	}
	lab_until_state(&lab, "peer", BGP_IDLE);
	script_dial(&s, PEER, ME);
	script_expect_closed(&lab, &s);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_IDLE);
	/* and is let in again later, to stay */
	pass_seconds(&lab, 121);
	lab_until_state(&lab, "peer", BGP_ACTIVE);
	script_dial(&s, PEER, ME);
	script_expect_start(&lab, &s);
	establish(&lab, &s, 0);
	pass_seconds(&lab, 61);
	close(s.fd);
	s.fd = -1;
	lab_until_state(&lab, "peer", BGP_ACTIVE);
	part(&lab, &s);
}
