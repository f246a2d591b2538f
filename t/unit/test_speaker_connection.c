/* test_speaker_connection.c: which connection a session has, and what ends it, by the RFCs'
 * sections */
#include "bgp_meet.h"

#include "base/text.h"

#include <criterion/criterion.h>

#include <string.h>

TestSuite(speaker_connection, .init = lab_network, .timeout = 60);

Test(speaker_connection, rfc4271_6_8_a_second_connection_loses_to_an_established_one)
{
	const struct bgp_open mine = open_with(BASIC);
	struct bgp_open open;
	struct lab lab;
	struct script s, second;

	meet_and_read(&lab, &s, lab_one_peer(1, 65001, ""), &mine, 1);
	script_init(&second);
	script_dial(&second, PEER, ME);
	script_expect_open(&lab, &second, &open);
	script_send_open_of(&second, &mine);
	script_expect_end(&lab, &second, BGP_ERR_CEASE, BGP_CEASE_COLLISION);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_ESTABLISHED);
	cr_expect(lab.ups == 1 && lab.downs == 0);
	cr_expect_eq(lab_view(&lab, "peer").last_error.wall_us, 0, "no error of the session");
	script_fini(&second);
	part(&lab, &s);
}

/* Both ways: the old connection dialled by us, and by the peer. */
static void reboot(bool dialled)
{
	const struct bgp_open mine = open_with(BASIC);
	struct bgp_open open;
	struct message m;
	struct lab lab;
	struct script s, again;

	if (dialled) {
		meet(&lab, &s, lab_one_peer(1, 65001, ""));
	} else {
		lab_start(&lab, ME);
		script_init(&s);
		lab_want_and_free(&lab, lab_one_peer(1, 65001, ""));
		lab_until_state(&lab, "peer", BGP_ACTIVE);
		script_dial(&s, PEER, ME);
	}
	script_establish_with(&lab, &s, &mine);
	cr_expect_eq(script_read_table(&lab, &s), 1);
	script_vanish(&s);
	script_init(&again);
	script_dial(&again, PEER, ME);
	/* its OPEN is there before the old connection can be found dead */
	script_send_open_of(&again, &mine);
	script_expect_open(&lab, &again, &open);
	script_expect(&lab, &again, &m);
	cr_assert_eq(m.type, BGP_KEEPALIVE);
	script_send_keepalive(&again);
	cr_expect_eq(script_read_table(&lab, &again), 1);
	cr_expect(lab.ups == 2 && lab.downs == 1, "%u ups, %u downs", lab.ups, lab.downs);
	script_fini(&again);
	part(&lab, &s);
}

Test(speaker_connection, rfc4271_6_8_a_peer_that_rebooted_silently_comes_back_at_once)
{
	reboot(true);
}

Test(speaker_connection, rfc4271_6_8_so_does_one_that_had_dialled)
{
	reboot(false);
}

/* A peer that only the other side dials. */
static char *passive_peer(void)
{
	struct text t = {0};

	lab_add_peer(&t, "peer", ME, PEER, 65001, 65001, "");
	text_add(&t, "---\napiVersion: mlbgpd.io/v1alpha1\nkind: PeerPolicy\nmetadata: {name: p}\n"
		     "spec: {peers: [peer], passive: true}\n");
	lab_add_services(&t, 2);
	lab_add_advertisement(&t, "adv", "");
	return text_take(&t);
}

Test(speaker_connection, rfc4271_8_1_1_a_passive_peer_is_not_dialled)
{
	const struct bgp_open mine = open_with(BASIC);
	struct lab lab;
	struct script s, dialled;

	lab_start(&lab, ME);
	script_init(&s);
	script_init(&dialled);
	script_listen(&dialled, PEER);
	lab_want_and_free(&lab, passive_peer());
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_ACTIVE);
	lab_run_ms(&lab, 300);
	script_dial(&s, PEER, ME);
	script_establish_with(&lab, &s, &mine);
	cr_expect_eq(script_read_table(&lab, &s), 2);
	script_fini(&s); /* lost: it waits again */
	lab_until_state(&lab, "peer", BGP_ACTIVE);
	script_dial(&s, PEER, ME);
	script_establish_with(&lab, &s, &mine);
	part(&lab, &s);
	script_fini(&dialled);
}

Test(speaker_connection, rfc9003_2_a_policy_shuts_a_peer_down_with_words)
{
	const struct bgp_open mine = open_with(BASIC);
	struct text t = {0};
	struct message m;
	struct lab lab;
	struct script s;

	meet_and_read(&lab, &s, lab_one_peer(1, 65001, ""), &mine, 1);
	lab_add_peer(&t, "peer", ME, PEER, 65001, 65001, "");
	text_add(&t, "---\napiVersion: mlbgpd.io/v1alpha1\nkind: PeerPolicy\nmetadata: {name: p}\n"
		     "spec: {peers: [peer], shutdown: true, shutdownMessage: new cables}\n");
	lab_want_and_free(&lab, text_take(&t));
	script_expect_type(&lab, &s, BGP_NOTIFICATION, &m);
	cr_expect(m.body[0] == BGP_ERR_CEASE && m.body[1] == BGP_CEASE_ADMIN_SHUTDOWN);
	cr_expect(m.len == 3 + 10 && m.body[2] == 10 && memcmp(m.body + 3, "new cables", 10) == 0);
	script_expect_closed(&lab, &s);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_IDLE);
	/* nor is its own connection taken */
	script_dial(&s, PEER, ME);
	script_expect_closed(&lab, &s);
	/* and up again */
	lab_want_and_free(&lab, lab_one_peer(1, 65001, ""));
	script_accept(&lab, &s);
	script_establish_with(&lab, &s, &mine);
	cr_expect_eq(script_read_table(&lab, &s), 1);
	part(&lab, &s);
}

Test(speaker_connection, rfc9384_3_bfd_down)
{
	const struct bgp_open mine = open_with(BASIC);
	struct lab lab;
	struct script s;

	meet_and_read(&lab, &s, lab_one_peer(1, 65001, ", connectTime: 1s"), &mine, 1);
	cr_expect_lt(speaker_bfd_down(lab.speaker, "nobody"), 0);
	cr_expect_eq(speaker_bfd_down(lab.speaker, "peer"), 0);
	script_expect_end(&lab, &s, BGP_ERR_CEASE, BGP_CEASE_BFD_DOWN);
	script_accept(&lab, &s); /* and tried again */
	part(&lab, &s);
}

/* peer_asn 65002: an external peer on the link; interface 7, as the lab says. */
static void lose_link(unsigned peer_asn, const char *more, uint32_t ifindex, bool goes)
{
	struct bgp_open mine = open_with(BASIC);
	struct lab lab;
	struct script s;

	mine.asn = peer_asn;
	meet_and_read(&lab, &s, lab_one_peer(1, peer_asn, more), &mine, 1);
	lab.lost_link = ifindex;
	speaker_links_changed(lab.speaker);
	cr_expect_eq(lab.downs, goes, "AS %u%s, interface %u", peer_asn, more, ifindex);
	if (goes)
		cr_expect_str_eq(lab_view(&lab, "peer").last_error.text,
				 "interface eth7 went down");
	part(&lab, &s);
}

Test(speaker_connection, rfc4271_8_1_4_a_lost_link_ends_external_sessions_on_it)
{
	lose_link(65002, "", 7, true);
	lose_link(65002, "", 8, false);
	lose_link(65002, ", ebgpMultiHop: true", 7, false);
	lose_link(65001, "", 7, false);
}

static char *peers_with(const char *one, const char *two)
{
	struct text t = {0};

	lab_add_peer(&t, "one", ME, PEER, 65001, 65001, one);
	lab_add_peer(&t, "two", ME, PEER2, 65001, 65001, two);
	return text_take(&t);
}

static bool went_down(void *arg)
{
	return ((const struct lab *)arg)->downs > 0;
}

Test(speaker_connection, rfc2385_4_a_key_is_changed_on_the_connection)
{
	struct text tb = {0}, tc = {0};
	struct lab a, b;

	lab_start(&a, ME);
	lab_start(&b, PEER);
	lab_add_peer(&tb, "a", PEER, ME, 65001, 65001, ", password: old");
	lab_want_and_free(&a, peers_with(", password: old", ""));
	lab_want_and_free(&b, text_take(&tb));
	lab_until_state(&a, "one", BGP_ESTABLISHED);
	lab_until_state(&b, "a", BGP_ESTABLISHED);
	lab_want_and_free(&a, peers_with(", password: new", ""));
	lab_add_peer(&tc, "a", PEER, ME, 65001, 65001, ", password: new");
	lab_want_and_free(&b, text_take(&tc));
	lab_run_ms(&a, 300);
	cr_expect(a.ups == 1 && a.downs == 0 && b.downs == 0);
	/* what is sent now bears the new key: both sides hear it */
	cr_expect_eq(speaker_reset(a.speaker, "one"), 0);
	lab_until(&b, went_down, &b, "the reset is heard");
	cr_expect_eq(lab_view(&b, "a").last_error.subcode, BGP_CEASE_ADMIN_RESET);
	lab_stop(&b);
	lab_stop(&a);
}
