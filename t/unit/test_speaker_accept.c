/* test_speaker_accept.c: whose a connection is that comes in */
#include "bgp_lab.h"

#include "base/text.h"

#include <criterion/criterion.h>

TestSuite(speaker_accept, .init = lab_network, .timeout = 60);

static void add_policy(struct text *t, const char *peers, const char *more)
{
	text_addf(t,
		  "---\napiVersion: mlbgpd.io/v1alpha1\nkind: PeerPolicy\nmetadata: {name: p}\n"
		  "spec: {peers: [%s], passive: true%s}\n",
		  peers, more);
}

static void establish(struct lab *lab, struct script *s, const char *peer)
{
	script_establish(lab, s, 65001, "10.0.0.9");
	lab_until_state(lab, peer, BGP_ESTABLISHED);
}

/* RFC 5082 3: a TTL (Hop Limit) less than 255 - (hops - 1) is not heard. */
static void hear_the_near(const char *me, const char *peer)
{
	struct text t = {0};
	struct lab lab;
	struct script far, near;

	lab_start(&lab, me);
	script_init(&far);
	script_init(&near);
	lab_add_peer(&t, "peer", me, peer, 65001, 65001, ", routerID: 10.0.0.1");
	add_policy(&t, "peer", ", ttlSecurityHops: 2");
	lab_want_and_free(&lab, text_take(&t));
	script_dial_ttl(&far, peer, me, 253);
	script_expect_closed(&lab, &far);
	cr_expect_eq(script_count(&far, BGP_OPEN), 0);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_ACTIVE);
	script_dial_ttl(&near, peer, me, 254);
	establish(&lab, &near, "peer");
	script_fini(&far);
	script_fini(&near);
	lab_stop(&lab);
}

Test(speaker_accept, rfc5082_3_what_comes_from_afar_is_not_heard)
{
	hear_the_near(ME, PEER);
}

Test(speaker_accept, rfc5082_3_nor_by_ipv6)
{
	lab_add_address6(ME6);
	lab_add_address6(PEER6);
	hear_the_near(ME6, PEER6);
}

/* What goes wrong on a second connection costs the one that is up nothing, now or later. */
Test(speaker_accept, a_bad_second_connection_is_not_held_against_the_first)
{
	static const uint8_t junk[32] = {0};
	struct text t = {0};
	struct lab lab;
	struct script up, second;
	struct message m;

	lab_start(&lab, ME);
	script_init(&up);
	script_init(&second);
	lab_add_peer(&t, "peer", ME, PEER, 65001, 65001, "");
	add_policy(&t, "peer", "");
	lab_want_and_free(&lab, text_take(&t));
	script_dial(&up, PEER, ME);
	establish(&lab, &up, "peer");
	script_dial(&second, PEER, ME);
	lab_run_ms(&lab, 100);
	script_send(&second, junk, sizeof(junk));
	script_expect_type(&lab, &second, BGP_OPEN, &m);
	script_expect_end(&lab, &second, BGP_ERR_HEADER, BGP_HEADER_NOT_SYNCHRONIZED);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_ESTABLISHED);
	script_fini(&up);
	lab_until_state(&lab, "peer", BGP_ACTIVE);
	script_dial(&up, PEER, ME);
	establish(&lab, &up, "peer");
	script_fini(&up);
	script_fini(&second);
	lab_stop(&lab);
}
