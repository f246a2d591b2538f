/* test_speaker_wire.c: messages beside OPEN and their sizes, by the RFCs' sections */
#include "bgp_meet.h"

#include "base/text.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

TestSuite(speaker_wire, .init = lab_network, .timeout = 60);

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

	meet(&lab, &s, many(1000));
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

	meet_and_read(&lab, &s, lab_one_peer(1, 65001, ""), &mine, 1);
	script_send(&s, bytes, len);
	lab_until(&lab, got_an_update, &lab, "the long UPDATE is read");
	/* the session goes on, and what comes behind it is understood */
	script_send_hex(&s, MARK "0017 05 0001 0001");
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
	meet_and_read(&lab, &s, lab_one_peer(1, 65001, ""), &mine, 1);
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

	meet_and_read(&lab, &s, lab_one_peer(6, 65001, ""), &mine, 6);
	script_send_hex(&s, MARK "0017 05 0001 0001");
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
	script_send_hex(&s, MARK "0017 05 0002 0001");
	lab_run_ms(&lab, 200);
	cr_expect_eq(script_count(&s, BGP_ROUTE_REFRESH), 2, "BoRR and EoRR of IPv6");
	script_send_hex(&s, MARK "0017 05 0001 0001");
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

	meet(&lab, &s, lab_one_peer(6, 65001, ""));
	script_expect_open(&lab, &s, &open);
	script_send_open_of(&s, &mine);
	/* the request is there before the first route is sent */
	script_send_hex(&s, MARK "0013 04" MARK "0017 05 0001 0001");
	cr_expect_eq(script_read_table(&lab, &s), 6);
	expect_mark(&lab, &s, BGP_REFRESH_BEGIN);
	part(&lab, &s);
}

Test(speaker_wire, rfc2918_4_a_family_that_was_not_agreed_on_is_ignored)
{
	const struct bgp_open mine = open_with(BASIC | BGP_CAP_ENHANCED_REFRESH);
	struct lab lab;
	struct script s;

	meet_and_read(&lab, &s, lab_one_peer(6, 65001, ""), &mine, 6);
	script_send_hex(&s, MARK "0017 05 0002 0001" MARK "0017 05 0001 0080");
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

	meet_and_read(&lab, &s, lab_one_peer(1, 65001, ""), &mine, 1);
	script_send_hex(&s, MARK "0016 05 0001 01");
	script_expect_end(&lab, &s, BGP_ERR_ROUTE_REFRESH, BGP_REFRESH_BAD_LENGTH);
	part(&lab, &s);
}
