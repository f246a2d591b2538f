/* test_speaker_restart.c: graceful restart (RFC 4724, 8538) as an announcer has it */
#include "bgp_meet.h"

#include <criterion/criterion.h>

#include <string.h>

TestSuite(speaker_restart, .init = lab_network, .timeout = 60);

Test(speaker_restart, rfc4724_3_the_bits_are_as_things_are)
{
	const struct bgp_open mine = open_with(BASIC | BGP_CAP_GRACEFUL_RESTART);
	struct bgp_open open;
	struct lab lab;
	struct script s;

	meet(&lab, &s, lab_one_peer(1, 65001, ", enableGracefulRestart: true, connectTime: 1s"));
	script_expect_open(&lab, &s, &open);
	cr_assert(open.capabilities & BGP_CAP_GRACEFUL_RESTART);
	cr_expect_not(open.restarting, "a start begins with nothing");
	cr_expect_not(open.notifications);
	cr_expect_eq(open.restart_families, BGP_CAP_IPV4);
	cr_expect_eq(open.preserved, 0);
	script_send_open_of(&s, &mine);
	script_send_keepalive(&s);
	cr_expect_eq(script_read_table(&lab, &s), 1);
	/* lost and back: the VIPs were there all the time */
	script_accept(&lab, &s);
	script_expect_open(&lab, &s, &open);
	cr_expect_not(open.restarting);
	cr_expect_eq(open.preserved, BGP_CAP_IPV4);
	part(&lab, &s);
}

Test(speaker_restart, rfc4724_4_2_a_new_connection_of_a_peer_with_graceful_restart_is_its_restart)
{
	const struct bgp_open mine = open_with(BASIC | BGP_CAP_GRACEFUL_RESTART);
	struct lab lab;
	struct script s, again;

	meet_and_read(&lab, &s, lab_one_peer(1, 65001, ", enableGracefulRestart: true"), &mine, 1);
	script_init(&again);
	script_dial(&again, PEER, ME);
	script_establish_with(&lab, &again, &mine);
	cr_expect_eq(script_read_table(&lab, &again), 1);
	script_expect_closed(&lab, &s);
	cr_expect_eq(script_count(&s, BGP_NOTIFICATION), 0, "closed without a word");
	script_fini(&again);
	part(&lab, &s);
}

Test(speaker_restart, rfc4724_2_end_of_rib_of_the_peer_is_no_error)
{
	const struct bgp_open mine = open_with(BASIC | BGP_CAP_IPV6 | BGP_CAP_GRACEFUL_RESTART);
	struct lab lab;
	struct script s;

	meet_and_read(&lab, &s, lab_one_peer(1, 65001, ", enableGracefulRestart: true"), &mine, 1);
	script_send_hex(&s, MARK "0017 02 0000 0000" MARK "001d 02 0000 0006 80 0f 03 0002 01");
	lab_run_ms(&lab, 200);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_ESTABLISHED);
	cr_expect_eq(lab_view(&lab, "peer").updates_received, 2);
	part(&lab, &s);
}

/* N takes both sides, and ours is never set: what we say is what is meant, not wrapped in a Hard
 * Reset, whatever the peer has set. */
Test(speaker_restart, rfc8538_3_1_no_hard_reset_without_n_on_both_sides)
{
	struct bgp_open mine = open_with(BASIC | BGP_CAP_GRACEFUL_RESTART), open;
	struct message m;
	struct lab lab;
	struct script s;

	mine.notifications = true;
	meet(&lab, &s, lab_one_peer(1, 65001, ", enableGracefulRestart: true"));
	script_expect_open(&lab, &s, &open);
	cr_expect(open.capabilities & BGP_CAP_GRACEFUL_RESTART);
	cr_expect_not(open.notifications);
	script_send_open_of(&s, &mine);
	script_send_keepalive(&s);
	cr_expect_eq(script_read_table(&lab, &s), 1);
	speaker_shutdown(lab.speaker, "bye");
	script_expect_type(&lab, &s, BGP_NOTIFICATION, &m);
	cr_expect(m.body[0] == BGP_ERR_CEASE && m.body[1] == BGP_CEASE_ADMIN_SHUTDOWN);
	cr_expect(m.len == 3 + 3 && m.body[2] == 3 && memcmp(m.body + 3, "bye", 3) == 0);
	script_expect_closed(&lab, &s);
	part(&lab, &s);
}

/* One that comes all the same ends the session, and is told by what it holds. */
Test(speaker_restart, rfc8538_3_2_a_hard_reset_of_the_peer)
{
	const struct bgp_open mine = open_with(BASIC | BGP_CAP_GRACEFUL_RESTART);
	struct lab lab;
	struct script s;

	meet_and_read(&lab, &s,
		      lab_one_peer(1, 65001, ", enableGracefulRestart: true, connectTime: 1s"),
		      &mine, 1);
	script_send_hex(&s, MARK "001b 03 0609 0602 03 627965");
	script_expect_closed(&lab, &s);
	cr_expect_eq(script_count(&s, BGP_NOTIFICATION), 0, "never answered by another");
	cr_expect_eq(lab.downs, 1);
	cr_expect_eq(lab_view(&lab, "peer").last_error.subcode, BGP_CEASE_HARD_RESET);
	cr_expect_str_eq(lab_view(&lab, "peer").last_error.text,
			 "Cease: Hard Reset: Cease: Administrative Shutdown: \"bye\"");
	script_accept(&lab, &s); /* and tried again */
	part(&lab, &s);
}

/* RFC 4724 4: a NOTIFICATION, either way, is no restart: what follows is a session as any. */
Test(speaker_restart, rfc4724_4_after_a_notification_all_is_sent_again)
{
	const struct bgp_open mine = open_with(BASIC | BGP_CAP_GRACEFUL_RESTART);
	struct bgp_open open;
	struct lab lab;
	struct script s;

	meet_and_read(&lab, &s, lab_one_peer(3, 65001, ", enableGracefulRestart: true"), &mine, 3);
	cr_expect_eq(speaker_reset(lab.speaker, "peer"), 0);
	script_expect_end(&lab, &s, BGP_ERR_CEASE, BGP_CEASE_ADMIN_RESET);
	script_accept(&lab, &s);
	script_expect_open(&lab, &s, &open);
	cr_expect_not(open.restarting, "RFC 4724 3: R is for the first session after a restart");
	script_send_open_of(&s, &mine);
	script_send_keepalive(&s);
	cr_expect_eq(script_read_table(&lab, &s), 3);
	part(&lab, &s);
}
