/* test_speaker_open.c: what comes of the two OPENs, by the RFCs' sections */
#include "bgp_meet.h"

#include "base/text.h"

#include <criterion/criterion.h>

#include <string.h>

TestSuite(speaker_open, .init = lab_network, .timeout = 60);

Test(speaker_open, rfc5492_3_what_is_offered)
{
	const uint32_t offered =
		BASIC | BGP_CAP_MULTIPROTOCOL | BGP_CAP_ENHANCED_REFRESH | BGP_CAP_EXTENDED_MESSAGE;
	struct bgp_open open;
	struct lab lab;
	struct script s;

	meet(&lab, &s, lab_one_peer(1, 65001, ""));
	script_expect_open(&lab, &s, &open);
	cr_expect_eq(open.capabilities, offered, "%x", open.capabilities);
	part(&lab, &s);
}

Test(speaker_open, rfc5492_3_a_peer_that_knows_no_capabilities)
{
	struct bgp_open open;
	struct lab lab;
	struct script s;

	meet(&lab, &s, lab_one_peer(1, 65001, ", connectTime: 1s"));
	script_expect_open(&lab, &s, &open);
	script_send_hex(&s, MARK "0015 03 02 04");
	script_accept(&lab, &s);
	script_expect_open(&lab, &s, &open);
	cr_expect_eq(open.capabilities, 0);
	open = open_with(0);
	script_send_open_of(&s, &open);
	script_send_keepalive(&s);
	cr_expect_eq(script_read_table(&lab, &s), 1);
	part(&lab, &s);
}

Test(speaker_open, rfc5492_5_no_family_in_common)
{
	const struct bgp_open mine = open_with(BGP_CAP_IPV6);
	struct bgp_open open;
	struct lab lab;
	struct script s;

	meet(&lab, &s, lab_one_peer(1, 65001, ""));
	script_expect_open(&lab, &s, &open);
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

Test(speaker_open, rfc6608_4_no_message_before_open)
{
	for (size_t i = 0; i < sizeof(early) / sizeof(early[0]); i++) {
		struct bgp_open open;
		struct message m;
		struct lab lab;
		struct script s;

		meet(&lab, &s, lab_one_peer(1, 65001, ""));
		script_expect_open(&lab, &s, &open);
		script_send_hex(&s, early[i].hex);
		script_expect_type(&lab, &s, BGP_NOTIFICATION, &m);
		cr_expect_eq(m.len, 3);
		cr_expect(m.body[0] == BGP_ERR_FSM && m.body[1] == 1 && m.body[2] == early[i].type);
		script_expect_closed(&lab, &s);
		part(&lab, &s);
	}
}

Test(speaker_open, rfc6608_6_a_second_open)
{
	const struct bgp_open mine = open_with(BASIC);
	struct lab lab;
	struct script s;

	meet_and_read(&lab, &s, lab_one_peer(1, 65001, ""), &mine, 1);
	script_send_open_of(&s, &mine);
	script_expect_end(&lab, &s, BGP_ERR_FSM, BGP_FSM_IN_ESTABLISHED);
	part(&lab, &s);
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

Test(speaker_open, rfc4760_3_rfc8950_3_next_hops)
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
