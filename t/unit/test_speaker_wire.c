/* test_speaker_wire.c: what a speaker says and does on the wire, by the RFCs' sections */
#include "bgp_lab.h"
#include "hex.h"

#include "base/text.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

TestSuite(speaker_wire, .init = lab_network, .timeout = 60);

enum {
	PEER_ID = 0x0a000002,
	BASIC = BGP_CAP_IPV4 | BGP_CAP_ROUTE_REFRESH | BGP_CAP_AS4,
};

static struct bgp_open open_with(uint32_t capabilities)
{
	return (struct bgp_open){.asn = 65001,
				 .router_id = PEER_ID,
				 .hold_time_s = 90,
				 .capabilities = capabilities,
				 .restart_time_s = 60,
				 .restart_families = BGP_CAP_IPV4};
}

static void send_hex(struct script *s, const char *hex)
{
	uint8_t bytes[256];

	script_send(s, bytes, hex_bytes(bytes, sizeof(bytes), hex));
}

/* A speaker that dials, and its peer. */
static void meet(struct lab *lab, struct script *s, unsigned n, const char *more)
{
	lab_start(lab, ME);
	script_init(s);
	script_listen(s, PEER);
	lab_want_and_free(lab, lab_one_peer(n, 65001, more));
	script_accept(lab, s);
}

static void part(struct lab *lab, struct script *s)
{
	script_fini(s);
	lab_stop(lab);
}

static void expect_open(struct lab *lab, struct script *s, struct bgp_open *ret)
{
	struct bgp_error error;
	struct message m;
	struct reader r;

	script_expect(lab, s, &m);
	cr_assert_eq(m.type, BGP_OPEN);
	r = reader_of(m.body, m.len);
	cr_assert(bgp_open_decode(&r, ret, &error));
}

Test(speaker_wire, rfc5492_3_what_is_offered)
{
	const uint32_t offered =
		BASIC | BGP_CAP_MULTIPROTOCOL | BGP_CAP_ENHANCED_REFRESH | BGP_CAP_EXTENDED_MESSAGE;
	struct bgp_open open;
	struct lab lab;
	struct script s;

	meet(&lab, &s, 1, "");
	expect_open(&lab, &s, &open);
	cr_expect_eq(open.capabilities, offered, "%x", open.capabilities);
	part(&lab, &s);
}

Test(speaker_wire, rfc4724_3_the_bits_are_as_things_are)
{
	const struct bgp_open mine = open_with(BASIC | BGP_CAP_GRACEFUL_RESTART);
	struct bgp_open open;
	struct lab lab;
	struct script s;

	meet(&lab, &s, 1, ", enableGracefulRestart: true, connectTime: 1s");
	expect_open(&lab, &s, &open);
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
	expect_open(&lab, &s, &open);
	cr_expect_not(open.restarting);
	cr_expect_eq(open.preserved, BGP_CAP_IPV4);
	part(&lab, &s);
}

Test(speaker_wire, rfc5492_3_a_peer_that_knows_no_capabilities)
{
	struct bgp_open open;
	struct lab lab;
	struct script s;

	meet(&lab, &s, 1, ", connectTime: 1s");
	expect_open(&lab, &s, &open);
	send_hex(&s, MARK "0015 03 02 04");
	script_accept(&lab, &s);
	expect_open(&lab, &s, &open);
	cr_expect_eq(open.capabilities, 0);
	open = open_with(0);
	script_send_open_of(&s, &open);
	script_send_keepalive(&s);
	cr_expect_eq(script_read_table(&lab, &s), 1);
	part(&lab, &s);
}

Test(speaker_wire, rfc5492_5_no_family_in_common)
{
	const struct bgp_open mine = open_with(BGP_CAP_IPV6);
	struct bgp_open open;
	struct lab lab;
	struct script s;

	meet(&lab, &s, 1, "");
	expect_open(&lab, &s, &open);
	script_send_open_of(&s, &mine);
	script_expect_end(&lab, &s, BGP_ERR_OPEN, BGP_OPEN_NO_CAPABILITY);
	part(&lab, &s);
}

static const struct {
	const char *hex;
	uint8_t type;
} early[] = {
	{MARK "0013 04", BGP_KEEPALIVE},
	{MARK "0017 02 0000 0000", BGP_UPDATE},
	{MARK "0017 05 0001 0001", BGP_ROUTE_REFRESH},
};

Test(speaker_wire, rfc6608_4_no_message_before_open)
{
	for (size_t i = 0; i < sizeof(early) / sizeof(early[0]); i++) {
		struct bgp_open open;
		struct message m;
		struct lab lab;
		struct script s;

		meet(&lab, &s, 1, "");
		expect_open(&lab, &s, &open);
		send_hex(&s, early[i].hex);
		script_expect_type(&lab, &s, BGP_NOTIFICATION, &m);
		cr_expect_eq(m.len, 3);
		cr_expect(m.body[0] == BGP_ERR_FSM && m.body[1] == 1 && m.body[2] == early[i].type);
		script_expect_closed(&lab, &s);
		part(&lab, &s);
	}
}

Test(speaker_wire, rfc6608_6_a_second_open)
{
	const struct bgp_open mine = open_with(BASIC);
	struct lab lab;
	struct script s;

	meet(&lab, &s, 1, "");
	script_establish_with(&lab, &s, &mine);
	cr_expect_eq(script_read_table(&lab, &s), 1);
	script_send_open_of(&s, &mine);
	script_expect_end(&lab, &s, BGP_ERR_FSM, BGP_FSM_IN_ESTABLISHED);
	part(&lab, &s);
}

Test(speaker_wire, rfc4271_6_8_a_second_connection_loses_to_an_established_one)
{
	const struct bgp_open mine = open_with(BASIC);
	struct bgp_open open;
	struct lab lab;
	struct script s, second;

	meet(&lab, &s, 1, "");
	script_establish_with(&lab, &s, &mine);
	cr_expect_eq(script_read_table(&lab, &s), 1);
	script_init(&second);
	script_dial(&second, PEER, ME);
	expect_open(&lab, &second, &open);
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
		meet(&lab, &s, 1, "");
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
	expect_open(&lab, &again, &open);
	script_expect(&lab, &again, &m);
	cr_assert_eq(m.type, BGP_KEEPALIVE);
	script_send_keepalive(&again);
	cr_expect_eq(script_read_table(&lab, &again), 1);
	cr_expect(lab.ups == 2 && lab.downs == 1, "%u ups, %u downs", lab.ups, lab.downs);
	script_fini(&again);
	part(&lab, &s);
}

Test(speaker_wire, rfc4271_6_8_a_peer_that_rebooted_silently_comes_back_at_once)
{
	reboot(true);
}

Test(speaker_wire, rfc4271_6_8_so_does_one_that_had_dialled)
{
	reboot(false);
}

Test(speaker_wire, rfc4724_4_2_a_new_connection_of_a_peer_with_graceful_restart_is_its_restart)
{
	const struct bgp_open mine = open_with(BASIC | BGP_CAP_GRACEFUL_RESTART);
	struct lab lab;
	struct script s, again;

	meet(&lab, &s, 1, ", enableGracefulRestart: true");
	script_establish_with(&lab, &s, &mine);
	cr_expect_eq(script_read_table(&lab, &s), 1);
	script_init(&again);
	script_dial(&again, PEER, ME);
	script_establish_with(&lab, &again, &mine);
	cr_expect_eq(script_read_table(&lab, &again), 1);
	script_expect_closed(&lab, &s);
	cr_expect_eq(script_count(&s, BGP_NOTIFICATION), 0, "closed without a word");
	script_fini(&again);
	part(&lab, &s);
}

/* n Services, each with an address of its own. */
static char *many(unsigned n)
{
	struct text t = {0};

	lab_add_peer(&t, "peer", ME, PEER, 65001, 65001, "");
	text_add(&t, "---\napiVersion: metallb.io/v1beta1\nkind: IPAddressPool\n"
		     "metadata: {name: pool, namespace: metallb-system}\n"
		     "spec: {addresses: [192.0.0.0/16]}\n");
	for (unsigned i = 0; i < n; i++) {
		char vip[32], name[32];

		snprintf(vip, sizeof(vip), "192.0.%u.%u", i / 250, 1 + i % 250);
		snprintf(name, sizeof(name), "s%u", i);
		lab_add_service(&t, vip, name);
	}
	lab_add_advertisement(&t, "adv", "");
	return text_take(&t);
}

static void expect_update_size(uint32_t capabilities, bool longer)
{
	const struct bgp_open mine = open_with(BASIC | capabilities);
	struct lab lab;
	struct script s;
	struct message m;

	lab_start(&lab, NULL);
	script_init(&s);
	script_listen(&s, PEER);
	lab_want_and_free(&lab, many(1000));
	script_accept(&lab, &s);
	script_establish_with(&lab, &s, &mine);
	script_expect_type(&lab, &s, BGP_UPDATE, &m);
	cr_expect_eq(BGP_HEADER_LEN + m.len > BGP_MESSAGE_MAX, longer, "%zu", m.len);
	part(&lab, &s);
}

Test(speaker_wire, rfc8654_4_extended_messages_are_sent_where_both_know_them)
{
	expect_update_size(BGP_CAP_EXTENDED_MESSAGE, true);
}

Test(speaker_wire, rfc8654_4_and_not_where_the_peer_does_not)
{
	expect_update_size(0, false);
}

/* An UPDATE of 60,000 bytes that withdraws /32 prefixes. */
static size_t long_update(uint8_t *buf, size_t size)
{
	struct writer w = writer_of(buf, size);
	size_t start = bgp_message_open(&w, BGP_UPDATE), slot = write_len16_open(&w);

	while (writer_len(&w) < 60000) {
		write_u8(&w, 32);
		write_u32(&w, 0xcb007100);
	}
	write_len16_close(&w, slot);
	write_u16(&w, 0);
	bgp_message_close(&w, start);
	return writer_len(&w);
}

static bool got_an_update(void *arg)
{
	return lab_view(arg, "peer").updates_received == 1;
}

Test(speaker_wire, rfc8654_4_extended_messages_are_received)
{
	static uint8_t bytes[65536];
	const struct bgp_open mine = open_with(BASIC | BGP_CAP_EXTENDED_MESSAGE);
	size_t len = long_update(bytes, sizeof(bytes));
	struct message m;
	struct lab lab;
	struct script s;

	meet(&lab, &s, 1, "");
	script_establish_with(&lab, &s, &mine);
	cr_expect_eq(script_read_table(&lab, &s), 1);
	script_send(&s, bytes, len);
	lab_until(&lab, got_an_update, &lab, "the long UPDATE is read");
	/* the session goes on, and what comes behind it is understood */
	send_hex(&s, MARK "0017 05 0001 0001");
	script_expect_type(&lab, &s, BGP_UPDATE, &m);
	part(&lab, &s);
}

Test(speaker_wire, rfc8654_4_an_extended_message_without_the_capability)
{
	static uint8_t bytes[65536];
	const struct bgp_open mine = open_with(BASIC);
	struct message m;
	struct lab lab;
	struct script s;

	long_update(bytes, sizeof(bytes));
	meet(&lab, &s, 1, "");
	script_establish_with(&lab, &s, &mine);
	cr_expect_eq(script_read_table(&lab, &s), 1);
	script_send(&s, bytes, 4000);
	script_expect_type(&lab, &s, BGP_NOTIFICATION, &m);
	cr_expect(m.body[0] == BGP_ERR_HEADER && m.body[1] == BGP_HEADER_BAD_LENGTH);
	cr_expect(m.len == 4 && memcmp(m.body + 2, bytes + 16, 2) == 0, "its length is the data");
	part(&lab, &s);
}

/* The body of a ROUTE-REFRESH of IPv4 unicast. */
static void expect_mark(struct lab *lab, struct script *s, uint8_t subtype)
{
	const uint8_t wanted[] = {0, 1, subtype, 1};
	struct message m;

	script_expect_type(lab, s, BGP_ROUTE_REFRESH, &m);
	cr_expect_eq(m.len, sizeof(wanted));
	cr_expect_arr_eq(m.body, wanted, sizeof(wanted));
}

Test(speaker_wire, rfc7313_4_a_refresh_is_marked)
{
	static struct update update;
	const struct bgp_open mine = open_with(BASIC | BGP_CAP_ENHANCED_REFRESH);
	struct lab lab;
	struct script s;
	struct message m;

	meet(&lab, &s, 6, "");
	script_establish_with(&lab, &s, &mine);
	cr_expect_eq(script_read_table(&lab, &s), 6);
	send_hex(&s, MARK "0017 05 0001 0001");
	expect_mark(&lab, &s, BGP_REFRESH_BEGIN);
	script_expect_type(&lab, &s, BGP_UPDATE, &m);
	update_parse(&m, &update);
	cr_expect_eq(update.n_announced, 6);
	expect_mark(&lab, &s, BGP_REFRESH_END);
	lab_run_ms(&lab, 200);
	cr_expect_eq(script_count(&s, BGP_ROUTE_REFRESH) + script_count(&s, BGP_UPDATE), 0);
	part(&lab, &s);
}

Test(speaker_wire, rfc7313_4_each_family_is_marked_once)
{
	const struct bgp_open mine = open_with(BASIC | BGP_CAP_IPV6 | BGP_CAP_ENHANCED_REFRESH);
	struct text t = {0};
	struct lab lab;
	struct script s;

	lab_start(&lab, NULL);
	script_init(&s);
	script_listen(&s, PEER);
	lab_add_peer(&t, "peer", ME, PEER, 65001, 65001, ", dualStackAddressFamily: true");
	lab_want_and_free(&lab, text_take(&t));
	script_accept(&lab, &s);
	script_establish_with(&lab, &s, &mine);
	lab_until_state(&lab, "peer", BGP_ESTABLISHED);
	lab_run_ms(&lab, 100);
	send_hex(&s, MARK "0017 05 0002 0001");
	lab_run_ms(&lab, 200);
	cr_expect_eq(script_count(&s, BGP_ROUTE_REFRESH), 2, "BoRR and EoRR of IPv6");
	send_hex(&s, MARK "0017 05 0001 0001");
	lab_run_ms(&lab, 200);
	cr_expect_eq(script_count(&s, BGP_ROUTE_REFRESH), 4, "and of IPv4");
	part(&lab, &s);
}

Test(speaker_wire, rfc7313_4_no_mark_before_end_of_rib)
{
	const struct bgp_open mine = open_with(BASIC | BGP_CAP_ENHANCED_REFRESH);
	struct bgp_open open;
	struct lab lab;
	struct script s;

	meet(&lab, &s, 6, "");
	expect_open(&lab, &s, &open);
	script_send_open_of(&s, &mine);
	/* the request is there before the first route is sent */
	send_hex(&s, MARK "0013 04" MARK "0017 05 0001 0001");
	cr_expect_eq(script_read_table(&lab, &s), 6);
	expect_mark(&lab, &s, BGP_REFRESH_BEGIN);
	part(&lab, &s);
}

Test(speaker_wire, rfc2918_4_a_family_that_was_not_agreed_on_is_ignored)
{
	const struct bgp_open mine = open_with(BASIC | BGP_CAP_ENHANCED_REFRESH);
	struct lab lab;
	struct script s;

	meet(&lab, &s, 6, "");
	script_establish_with(&lab, &s, &mine);
	cr_expect_eq(script_read_table(&lab, &s), 6);
	send_hex(&s, MARK "0017 05 0002 0001" MARK "0017 05 0001 0080");
	lab_run_ms(&lab, 200);
	cr_expect_eq(script_count(&s, BGP_UPDATE), 0);
	cr_expect_eq(script_count(&s, BGP_ROUTE_REFRESH), 0);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_ESTABLISHED);
	part(&lab, &s);
}

Test(speaker_wire, rfc7313_5_a_malformed_refresh)
{
	const struct bgp_open mine = open_with(BASIC);
	struct lab lab;
	struct script s;

	meet(&lab, &s, 1, "");
	script_establish_with(&lab, &s, &mine);
	cr_expect_eq(script_read_table(&lab, &s), 1);
	send_hex(&s, MARK "0016 05 0001 01");
	script_expect_end(&lab, &s, BGP_ERR_ROUTE_REFRESH, BGP_REFRESH_BAD_LENGTH);
	part(&lab, &s);
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

Test(speaker_wire, rfc4271_8_1_1_a_passive_peer_is_not_dialled)
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

Test(speaker_wire, rfc9003_2_a_policy_shuts_a_peer_down_with_words)
{
	const struct bgp_open mine = open_with(BASIC);
	struct text t = {0};
	struct message m;
	struct lab lab;
	struct script s;

	meet(&lab, &s, 1, "");
	script_establish_with(&lab, &s, &mine);
	cr_expect_eq(script_read_table(&lab, &s), 1);
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

Test(speaker_wire, rfc9384_3_bfd_down)
{
	const struct bgp_open mine = open_with(BASIC);
	struct lab lab;
	struct script s;

	meet(&lab, &s, 1, ", connectTime: 1s");
	script_establish_with(&lab, &s, &mine);
	cr_expect_eq(script_read_table(&lab, &s), 1);
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
	lab_start(&lab, ME);
	script_init(&s);
	script_listen(&s, PEER);
	lab_want_and_free(&lab, lab_one_peer(1, peer_asn, more));
	script_accept(&lab, &s);
	script_establish_with(&lab, &s, &mine);
	cr_expect_eq(script_read_table(&lab, &s), 1);
	lab.lost_link = ifindex;
	speaker_links_changed(lab.speaker);
	cr_expect_eq(lab.downs, goes, "AS %u%s, interface %u", peer_asn, more, ifindex);
	if (goes)
		cr_expect_str_eq(lab_view(&lab, "peer").last_error.text,
				 "interface eth7 went down");
	part(&lab, &s);
}

Test(speaker_wire, rfc4271_8_1_4_a_lost_link_ends_external_sessions_on_it)
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

Test(speaker_wire, rfc2385_4_a_key_is_changed_on_the_connection)
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

/* Services of both families to one peer that has both. */
static char *both_families(const char *me, const char *to)
{
	struct text t = {0};

	lab_add_peer(&t, "peer", me, to, 65001, 65001, ", dualStackAddressFamily: true");
	text_add(&t, "---\napiVersion: metallb.io/v1beta1\nkind: IPAddressPool\n"
		     "metadata: {name: pool, namespace: metallb-system}\n"
		     "spec: {addresses: [192.0.2.0/24, '2001:db8:1::/64']}\n");
	lab_add_service(&t, "192.0.2.1", "four");
	lab_add_service(&t, "'2001:db8:1::1'", "six");
	lab_add_advertisement(&t, "adv", "");
	return text_take(&t);
}

static const struct {
	const char *name, *me, *to;
	uint32_t capabilities;
	bool has_ipv6; /* ME6 is on the link */
	const char *ipv4, *ipv6; /* next hops; NULL: not announced */
	const char *note;
} next_hops[] = {
	{"4760 3 over IPv4", ME, PEER, BASIC | BGP_CAP_IPV6, true, ME, ME6, NULL},
	{"4760 3 over IPv4 without an IPv6 address", ME, PEER, BASIC | BGP_CAP_IPV6, false, ME,
	 NULL, "IPv6 is not announced: this host has no global IPv6 address on the link"},
	{"4760 8 not offered", ME, PEER, BASIC, true, ME, NULL,
	 "IPv6 is not announced: the router did not offer it"},
	{"8950 4 over IPv6", ME6, PEER6, BASIC | BGP_CAP_IPV6 | BGP_CAP_NEXT_HOP, true, ME6, ME6,
	 NULL},
	{"8950 5 over IPv6, not agreed on", ME6, PEER6, BASIC | BGP_CAP_IPV6, true, ME, ME6, NULL},
};

/* The next hop of one family, of the UPDATEs up to a KEEPALIVE's quiet. */
static void collect_next_hops(struct lab *lab, struct script *s, struct addr *ipv4,
			      struct addr *ipv6)
{
	static struct update update;
	unsigned ends = 0, families = lab_view(lab, "peer").note &&
						      strstr(lab_view(lab, "peer").note, "offer")
					      ? 1
					      : 2;
	struct message m;

	*ipv4 = *ipv6 = (struct addr){0};
	while (ends < families) {
		script_expect_type(lab, s, BGP_UPDATE, &m);
		update_parse(&m, &update);
		ends += update.end_of_rib;
		if (update.n_announced == 0)
			continue;
		*(update.announced[0].addr.family == ADDR_IPV4 ? ipv4 : ipv6) = update.next_hop;
	}
}

static void expect_addr(const char *name, const struct addr *addr, const char *wanted)
{
	char text[ADDR_TEXT_MAX] = "none";

	if (addr->family != ADDR_NONE)
		addr_format(text, addr);
	cr_expect_str_eq(text, wanted ? wanted : "none", "%s: %s", name, text);
}

Test(speaker_wire, rfc4760_3_rfc8950_3_next_hops)
{
	for (size_t i = 0; i < sizeof(next_hops) / sizeof(next_hops[0]); i++) {
		const struct bgp_open mine = open_with(next_hops[i].capabilities);
		const char *name = next_hops[i].name, *note;
		struct addr ipv4, ipv6;
		struct lab lab;
		struct script s;

		lab_network();
		if (next_hops[i].has_ipv6) {
			lab_add_address6(ME6);
			if (strcmp(next_hops[i].to, PEER6) == 0)
				lab_add_address6(PEER6);
		}
		lab_start(&lab, NULL);
		script_init(&s);
		script_listen(&s, next_hops[i].to);
		lab_want_and_free(&lab, both_families(next_hops[i].me, next_hops[i].to));
		script_accept(&lab, &s);
		script_establish_with(&lab, &s, &mine);
		lab_until_state(&lab, "peer", BGP_ESTABLISHED);
		collect_next_hops(&lab, &s, &ipv4, &ipv6);
		expect_addr(name, &ipv4, next_hops[i].ipv4);
		expect_addr(name, &ipv6, next_hops[i].ipv6);
		note = lab_view(&lab, "peer").note;
		cr_expect_str_eq(note ? note : "", next_hops[i].note ? next_hops[i].note : "",
				 "%s: %s", name, note ? note : "");
		part(&lab, &s);
	}
}

Test(speaker_wire, rfc4724_2_end_of_rib_of_the_peer_is_no_error)
{
	const struct bgp_open mine = open_with(BASIC | BGP_CAP_IPV6 | BGP_CAP_GRACEFUL_RESTART);
	struct lab lab;
	struct script s;

	meet(&lab, &s, 1, ", enableGracefulRestart: true");
	script_establish_with(&lab, &s, &mine);
	cr_expect_eq(script_read_table(&lab, &s), 1);
	send_hex(&s, MARK "0017 02 0000 0000" MARK "001d 02 0000 0006 80 0f 03 0002 01");
	lab_run_ms(&lab, 200);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_ESTABLISHED);
	cr_expect_eq(lab_view(&lab, "peer").updates_received, 2);
	part(&lab, &s);
}
