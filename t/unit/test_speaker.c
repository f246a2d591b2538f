/* test_speaker.c: sessions as a peer sees them: up, routes, reload, collision, end */
#include "bgp_meet.h"

#include "base/text.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

TestSuite(speaker, .init = lab_network, .timeout = 60);

Test(speaker, two_that_dial_each_other_end_with_one_connection)
{
	struct lab a, b;
	struct text ta = {0}, tb = {0};

	lab_start(&a, ME);
	lab_start(&b, PEER);
	lab_add_peer(&ta, "b", ME, PEER, 65001, 65001, "");
	lab_add_peer(&tb, "a", PEER, ME, 65001, 65001, "");
	lab_add_services(&ta, 5);
	lab_add_advertisement(&ta, "adv", "");
	lab_want_and_free(&a, text_take(&ta));
	lab_want_and_free(&b, text_take(&tb));
	lab_until_state(&a, "b", BGP_ESTABLISHED);
	lab_until_state(&b, "a", BGP_ESTABLISHED);
	lab_run_ms(&a, 300);
	cr_expect_eq(lab_view(&a, "b").state, BGP_ESTABLISHED);
	cr_expect_eq(lab_view(&b, "a").state, BGP_ESTABLISHED);
	cr_expect_eq(a.ups - a.downs, 1);
	cr_expect_eq(lab_view(&a, "b").prefixes_advertised, 5);
	cr_expect_eq(lab_view(&b, "a").updates_received, 2,
		     "no UPDATE but End-of-RIB, sent and received");
	lab_stop(&b);
	lab_stop(&a);
}

/* TCP MD5, dialled and accepted; a wrong password comes to nothing. */
Test(speaker, passwords_must_agree)
{
	static const char *const passwords[][2] = {{"secret", "secret"}, {"secret", "other"}};

	for (size_t i = 0; i < 2; i++) {
		struct text ta = {0}, tb = {0};
		char more[64];
		struct lab a, b;

		lab_start(&a, ME);
		lab_start(&b, PEER);
		snprintf(more, sizeof(more), ", password: %s", passwords[i][0]);
		lab_add_peer(&ta, "b", ME, PEER, 65001, 65002, more);
		snprintf(more, sizeof(more), ", password: %s", passwords[i][1]);
		lab_add_peer(&tb, "a", PEER, ME, 65002, 65001, more);
		lab_want_and_free(&a, text_take(&ta));
		lab_want_and_free(&b, text_take(&tb));
		if (i == 0)
			lab_until_state(&a, "b", BGP_ESTABLISHED);
		lab_run_ms(&a, 500);
		cr_expect_eq(lab_view(&a, "b").state, i == 0 ? BGP_ESTABLISHED : BGP_CONNECT);
		lab_stop(&b);
		lab_stop(&a);
	}
}

Test(speaker, an_internal_peer_is_sent_routes_with_local_preference)
{
	static struct update update;
	struct lab lab;
	struct script s;
	struct message m;

	meet(&lab, &s, lab_one_peer(40, 65001, ""));
	script_establish(&lab, &s, 65001, "10.0.0.2");
	script_expect_type(&lab, &s, BGP_UPDATE, &m);
	update_parse(&m, &update);
	cr_expect_eq(update.n_announced, 40, "all in one message");
	cr_expect(update.has_local_pref);
	cr_expect_eq(update.local_pref, 200);
	cr_expect_eq(update.n_as_path, 0);
	cr_expect_eq(update.n_communities, 1);
	cr_expect_eq(update.communities[0], 65001u << 16 | 7);
	cr_expect_eq(addr_ipv4_u32(&update.next_hop), 0x0a000001);
	cr_expect_eq(script_read_table(&lab, &s), 0, "and End-of-RIB");
	cr_expect(speaker_is_flushed(lab.speaker));
	part(&lab, &s);
}

Test(speaker, an_external_peer_is_sent_our_as_and_no_local_preference)
{
	static struct update update;
	struct lab lab;
	struct script s;
	struct message m;

	meet(&lab, &s, lab_one_peer(1, 65002, ""));
	script_establish(&lab, &s, 65002, "10.0.0.2");
	script_expect_type(&lab, &s, BGP_UPDATE, &m);
	update_parse(&m, &update);
	cr_expect(!update.has_local_pref);
	cr_assert_geq(update.n_as_path, 1);
	cr_expect_eq(update.as_path[0], 65001);
	part(&lab, &s);
}

Test(speaker, a_gate_that_closes_and_opens_is_one_withdrawal_and_one_announcement)
{
	static struct update update;
	struct lab lab;
	struct script s;
	struct message m;

	meet(&lab, &s, lab_one_peer(10, 65001, ""));
	script_establish(&lab, &s, 65001, "10.0.0.2");
	cr_assert_eq(script_read_table(&lab, &s), 10);
	lab_gate(&lab, "192.0.2.4", false);
	script_expect_type(&lab, &s, BGP_UPDATE, &m);
	update_parse(&m, &update);
	cr_expect(update.n_withdrawn == 1 && update.n_announced == 0);
	cr_expect_eq(update.withdrawn[0].addr.bytes[3], 4);
	cr_expect_eq(lab_view(&lab, "peer").prefixes_advertised, 9);
	lab_gate(&lab, "192.0.2.4", true);
	script_expect_type(&lab, &s, BGP_UPDATE, &m);
	update_parse(&m, &update);
	cr_expect(update.n_withdrawn == 0 && update.n_announced == 1);
	lab_gate(&lab, "192.0.2.5", false);
	lab_gate(&lab, "192.0.2.5", true);
	lab_run_ms(&lab, 100);
	cr_expect_leq(script_count(&s, BGP_UPDATE), 1);
	part(&lab, &s);
}

Test(speaker, a_reload_sends_only_what_differs)
{
	struct lab lab;
	struct script s;

	meet(&lab, &s, lab_one_peer(50, 65001, ""));
	script_establish(&lab, &s, 65001, "10.0.0.2");
	cr_assert_eq(script_read_table(&lab, &s), 50);
	lab_want_and_free(&lab, lab_one_peer(50, 65001, ""));
	lab_run_ms(&lab, 100);
	cr_expect_eq(script_count(&s, BGP_UPDATE), 0, "nothing differs");
	lab_want_and_free(&lab, lab_one_peer(51, 65001, ""));
	lab_run_ms(&lab, 100);
	cr_expect_eq(script_count(&s, BGP_UPDATE), 1);
	cr_expect_eq(lab.ups, 1);
	cr_expect_eq(lab.downs, 0);
	part(&lab, &s);
}

/* What changes while more is to come goes out together, and not for ever later. */
Test(speaker, changes_are_gathered)
{
	struct lab lab;
	struct script s;
	size_t before;

	meet(&lab, &s, lab_one_peer(50, 65001, ""));
	script_establish(&lab, &s, 65001, "10.0.0.2");
	cr_assert_eq(script_read_table(&lab, &s), 50);
	lab_run_ms(&lab, 50);
	before = script_count(&s, BGP_UPDATE); /* End-of-RIB */
	speaker_gather(lab.speaker, true);
	for (int i = 0; i < 3; i++) {
		char vip[32];

		snprintf(vip, sizeof(vip), "192.0.2.%d", i + 5);
		lab_gate(&lab, vip, false);
		speaker_gather(lab.speaker, true);
		lab_run_ms(&lab, 10);
	}
	cr_expect_eq(script_count(&s, BGP_UPDATE), before, "more is to come");
	speaker_gather(lab.speaker, false);
	lab_run_ms(&lab, 50);
	cr_expect_eq(script_count(&s, BGP_UPDATE), before + 1, "all in one");
	speaker_gather(lab.speaker, true);
	lab_gate(&lab, "192.0.2.5", true);
	lab_run_ms(&lab, 3 * SPEAKER_GATHER_US / 1000);
	cr_expect_eq(script_count(&s, BGP_UPDATE), before + 2, "nobody says that it is all");
	part(&lab, &s);
}

/* Peers p and q; q gets only one of the two services, or both. */
static char *two_peers(bool alike)
{
	struct text t = {0};

	lab_add_peer(&t, "p", ME, PEER, 65001, 65001, "");
	lab_add_peer(&t, "q", ME, PEER2, 65001, 65001, "");
	text_add(&t, "---\napiVersion: metallb.io/v1beta1\nkind: IPAddressPool\n"
		     "metadata: {name: a}\nspec: {addresses: [192.0.2.1/32]}\n"
		     "---\napiVersion: metallb.io/v1beta1\nkind: IPAddressPool\n"
		     "metadata: {name: b}\nspec: {addresses: [192.0.2.2/32]}\n");
	lab_add_service(&t, "192.0.2.1", "one");
	lab_add_service(&t, "192.0.2.2", "two");
	lab_add_advertisement(&t, "a", "ipAddressPools: [a]");
	lab_add_advertisement(&t, "b",
			      alike ? "ipAddressPools: [b]" : "ipAddressPools: [b], peers: [p]");
	return text_take(&t);
}

Test(speaker, groups_that_split_and_merge_send_only_what_differs)
{
	static struct update update;
	struct lab lab;
	struct script p, q;
	struct message m;

	lab_start(&lab, NULL);
	script_init(&p);
	script_init(&q);
	script_listen(&p, PEER);
	script_listen(&q, PEER2);
	lab_want_and_free(&lab, two_peers(true));
	script_accept(&lab, &p);
	script_accept(&lab, &q);
	script_establish(&lab, &p, 65001, "10.0.0.2");
	script_establish(&lab, &q, 65001, "10.0.0.3");
	cr_assert_eq(script_read_table(&lab, &p), 2);
	cr_assert_eq(script_read_table(&lab, &q), 2);

	lab_want_and_free(&lab, two_peers(false));
	script_expect_type(&lab, &q, BGP_UPDATE, &m);
	update_parse(&m, &update);
	cr_expect(update.n_withdrawn == 1 && update.withdrawn[0].addr.bytes[3] == 2);

	lab_want_and_free(&lab, two_peers(true));
	script_expect_type(&lab, &q, BGP_UPDATE, &m);
	update_parse(&m, &update);
	cr_expect(update.n_announced == 1 && update.announced[0].addr.bytes[3] == 2);
	lab_run_ms(&lab, 100);
	cr_expect_eq(script_count(&p, BGP_UPDATE), 0, "nothing changed for the other");
	cr_expect_eq(script_count(&q, BGP_UPDATE), 0);
	script_fini(&p);
	script_fini(&q);
	lab_stop(&lab);
}

Test(speaker, a_route_refresh_is_answered_with_the_table)
{
	static const uint8_t refresh[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					  0,	23,   5,    0,	  1,	0,    1};
	static struct update update;
	struct lab lab;
	struct script s;
	struct message m;

	meet(&lab, &s, lab_one_peer(6, 65001, ""));
	script_establish(&lab, &s, 65001, "10.0.0.2");
	cr_assert_eq(script_read_table(&lab, &s), 6);
	script_send(&s, refresh, sizeof(refresh));
	script_expect_type(&lab, &s, BGP_UPDATE, &m);
	update_parse(&m, &update);
	cr_expect_eq(update.n_announced, 6);
	part(&lab, &s);
}

Test(speaker, a_peer_may_dial)
{
	struct lab lab;
	struct script s;

	lab_start(&lab, ME);
	script_init(&s);
	lab_want_and_free(&lab, lab_one_peer(3, 65001, ""));
	lab_until_state(&lab, "peer", BGP_ACTIVE);
	script_dial(&s, PEER, ME);
	script_establish(&lab, &s, 65001, "10.0.0.2");
	cr_expect_eq(script_read_table(&lab, &s), 3);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_ESTABLISHED);
	part(&lab, &s);
}

static bool is_shut_down(void *arg)
{
	return speaker_is_shut_down(arg);
}

Test(speaker, a_shutdown_sends_what_is_pending_and_then_says_why)
{
	static struct update update;
	struct lab lab;
	struct script s;
	struct message m;

	meet(&lab, &s, lab_one_peer(2, 65001, ""));
	script_establish(&lab, &s, 65001, "10.0.0.2");
	cr_assert_eq(script_read_table(&lab, &s), 2);
	lab_gate(&lab, "192.0.2.1", false);
	speaker_shutdown(lab.speaker, "moving house");
	script_expect_type(&lab, &s, BGP_UPDATE, &m);
	update_parse(&m, &update);
	cr_expect_eq(update.n_withdrawn, 1);
	script_expect_type(&lab, &s, BGP_NOTIFICATION, &m);
	cr_assert_eq(m.len, 2 + 1 + strlen("moving house"));
	cr_expect(m.body[0] == BGP_ERR_CEASE && m.body[1] == BGP_CEASE_ADMIN_SHUTDOWN);
	cr_expect_eq(memcmp(m.body + 3, "moving house", 12), 0);
	script_fini(&s);
	lab_until(&lab, is_shut_down, lab.speaker, "the speaker is shut down");
	lab_stop(&lab);
}

Test(speaker, a_reset_restarts_one_session)
{
	struct lab lab;
	struct script s;

	meet(&lab, &s, lab_one_peer(2, 65001, ""));
	script_establish(&lab, &s, 65001, "10.0.0.2");
	cr_assert_eq(script_read_table(&lab, &s), 2);
	cr_expect_lt(speaker_reset(lab.speaker, "nobody"), 0);
	cr_expect_eq(speaker_reset(lab.speaker, "peer"), 0);
	script_expect_end(&lab, &s, BGP_ERR_CEASE, BGP_CEASE_ADMIN_RESET);
	script_accept(&lab, &s);
	script_establish(&lab, &s, 65001, "10.0.0.2");
	cr_expect_eq(script_read_table(&lab, &s), 2);
	cr_expect_eq(lab_view(&lab, "peer").established_count, 2);
	part(&lab, &s);
}

Test(speaker, a_peer_that_leaves_the_plan_is_told)
{
	struct lab lab;
	struct script s;
	struct text t = {0};

	meet(&lab, &s, lab_one_peer(2, 65001, ""));
	script_establish(&lab, &s, 65001, "10.0.0.2");
	cr_assert_eq(script_read_table(&lab, &s), 2);
	lab_add_services(&t, 2);
	lab_want_and_free(&lab, text_take(&t));
	script_expect_end(&lab, &s, BGP_ERR_CEASE, BGP_CEASE_PEER_DECONFIGURED);
	part(&lab, &s);
}
