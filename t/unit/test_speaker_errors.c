/* test_speaker_errors.c: what a speaker does with peers that are wrong, silent or not wanted */
#include "bgp_meet.h"

#include <criterion/criterion.h>

#include <string.h>

TestSuite(speaker_errors, .init = lab_network, .timeout = 60);

Test(speaker_errors, a_wrong_as_is_refused_and_the_session_rests)
{
	struct lab lab;
	struct script s;
	struct message m;

	meet(&lab, &s, lab_one_peer(1, 65001, ""));
	script_expect(&lab, &s, &m);
	cr_assert_eq(m.type, BGP_OPEN);
	script_send_open(&s, 65999, "10.0.0.2", 90);
	script_expect_end(&lab, &s, BGP_ERR_OPEN, BGP_OPEN_BAD_PEER_AS);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_IDLE);
	cr_expect_eq(lab_view(&lab, "peer").last_error.code, BGP_ERR_OPEN);
	cr_expect(lab_view(&lab, "peer").last_error.sent);
	cr_expect_eq(lab.ups, 0);
	part(&lab, &s);
}

Test(speaker_errors, garbage_gets_a_header_error)
{
	static const uint8_t garbage[64] = {1, 2, 3};
	struct lab lab;
	struct script s;
	struct message m;

	meet(&lab, &s, lab_one_peer(1, 65001, ""));
	script_expect(&lab, &s, &m);
	script_send(&s, garbage, sizeof(garbage));
	script_expect_end(&lab, &s, BGP_ERR_HEADER, BGP_HEADER_NOT_SYNCHRONIZED);
	part(&lab, &s);
}

Test(speaker_errors, a_message_may_come_byte_by_byte)
{
	uint8_t bytes[BGP_MESSAGE_MAX];
	struct writer w = writer_of(bytes, sizeof(bytes));
	const struct bgp_open open = {.asn = 65001, .router_id = 0x0a000002, .hold_time_s = 90};
	struct lab lab;
	struct script s;
	struct message m;

	bgp_open_encode(&w, &open);
	bgp_keepalive_encode(&w);
	meet(&lab, &s, lab_one_peer(1, 65001, ""));
	script_expect(&lab, &s, &m);
	for (size_t i = 0; i < writer_len(&w); i++) {
		script_send(&s, bytes + i, 1);
		lab_run_ms(&lab, 1);
	}
	lab_until_state(&lab, "peer", BGP_ESTABLISHED);
	part(&lab, &s);
}

Test(speaker_errors, a_silent_peer_is_given_up_after_the_hold_time)
{
	struct lab lab;
	struct script s;

	meet(&lab, &s, lab_one_peer(1, 65001, ", holdTime: 3s, keepaliveTime: 1s"));
	script_establish(&lab, &s, 65001, "10.0.0.2");
	cr_assert_eq(script_read_table(&lab, &s), 1);
	lab_run_ms(&lab, 2500);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_ESTABLISHED);
	cr_expect_geq(script_count(&s, BGP_KEEPALIVE), 2, "a KEEPALIVE each second, or sooner");
	script_expect_end(&lab, &s, BGP_ERR_HOLD_TIMER, 0);
	cr_expect_eq(lab.downs, 1);
	part(&lab, &s);
}

Test(speaker_errors, an_unknown_source_is_closed_at_once)
{
	struct lab lab;
	struct script s;

	lab_start(&lab, ME);
	script_init(&s);
	lab_want_and_free(&lab, lab_one_peer(1, 65001, ""));
	script_dial(&s, PEER2, ME);
	script_expect_closed(&lab, &s);
	cr_expect_eq(s.len, 0, "not a byte for strangers");
	part(&lab, &s);
}

Test(speaker_errors, a_vip_is_no_local_address)
{
	struct lab lab;
	struct script s;

	lab_start(&lab, ME);
	lab.vip = ME;
	script_init(&s);
	script_listen(&s, PEER);
	lab_want_and_free(&lab, lab_one_peer(1, 65001, ""));
	script_dial(&s, PEER, ME);
	script_expect_closed(&lab, &s);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_IDLE);
	cr_expect(strstr(lab_view(&lab, "peer").last_error.text, "VIP"));
	part(&lab, &s);
}
