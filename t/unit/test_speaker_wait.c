/* test_speaker_wait.c: a connection that stands, and is no session: what is said of it */
#include "bgp_clock.h"

#include "base/log.h"
#include "base/text.h"

#include <criterion/criterion.h>

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* The kernel has sent again what was not acknowledged. */
enum { REPEATED_MS = 800 };

TestSuite(speaker_wait, .init = lab_network, .timeout = 60);

static struct text warnings; /* one a line */

static void keep_warning(void *arg, int level, enum log_event_id id, struct log_fields fields,
			 const char *message)
{
	(void)arg;
	(void)id;
	(void)fields;
	if (level <= LOG_WARNING)
		text_addf(&warnings, "%s\n", message);
}

static void expect_warnings(const char *words)
{
	char *was = text_take(&warnings);

	cr_expect_str_eq(was, words, "%s", was);
	free(was);
}

static void expect_note(const struct lab *lab, const char *words)
{
	const char *note = lab_view(lab, "peer").note;

	cr_expect_str_eq(note ? note : "", words, "%s", note);
}

/* The seconds are not known for sure. */
static void expect_unheard(const struct lab *lab, const char *words)
{
	const char *note = lab_view(lab, "peer").note;

	cr_expect(note && text_has_prefix(note, "connected, but what we send is not acknowledged "
						"for 1"),
		  "%s", note);
	cr_expect(note && strstr(note, words), "%s", note);
}

/* A speaker that dials, or has a PeerPolicy and waits, and its peer. */
static void begin(struct lab *lab, struct script *s, unsigned peer_asn, const char *policy)
{
	char *documents = lab_one_peer(1, peer_asn, "");
	struct text t = {0};

	log_set_sink(keep_warning, NULL);
	lab_start(lab, ME);
	script_init(s);
	text_add(&t, documents);
	free(documents);
	if (policy)
		text_addf(&t,
			  "---\napiVersion: mlbgpd.io/v1alpha1\nkind: PeerPolicy\n"
			  "metadata: {name: p}\nspec: {peers: [peer], %s}\n",
			  policy);
	else
		script_listen(s, PEER);
	lab_want_and_free(lab, text_take(&t));
	if (!policy)
		script_accept(lab, s);
}

static void end(struct lab *lab, struct script *s)
{
	script_fini(s);
	lab_stop(lab);
	log_set_sink(NULL, NULL);
	text_fini(&warnings);
}

Test(speaker_wait, for_an_open_that_does_not_come)
{
	struct lab lab;
	struct script s;

	begin(&lab, &s, 65001, NULL);
	script_expect_start(&lab, &s);
	pass_seconds(&lab, 9);
	expect_note(&lab, "");
	expect_warnings("");
	pass_seconds(&lab, 3.5);
	expect_note(&lab,
		    "connected, but no OPEN came for 12 s: the router took ours; is BGP at work "
		    "there?");
	expect_warnings(
		"peer peer: OpenSent: connected, but no OPEN came for 10 s: the router took "
		"ours; is BGP at work there?\n");
	cr_expect_eq(lab_view(&lab, "peer").last_error.wall_us, 0, "nothing has failed yet");
	script_send_open(&s, 65001, "10.0.0.2", 90);
	lab_until_state(&lab, "peer", BGP_OPEN_CONFIRM);
	expect_note(&lab, "");
	pass_seconds(&lab, 20.5);
	expect_note(&lab,
		    "connected, but no KEEPALIVE came for 20 s: the router took ours; is BGP at "
		    "work there?");
	expect_warnings(
		"peer peer: OpenConfirm: connected, but no KEEPALIVE came for 10 s: the router "
		"took ours; is BGP at work there?\n");
	script_send_keepalive(&s);
	lab_until_state(&lab, "peer", BGP_ESTABLISHED);
	expect_note(&lab, "");
	pass_seconds(&lab, 20);
	expect_note(&lab, "");
	expect_warnings("");
	end(&lab, &s);
}

/* The second connection of a session that is up may stand still: nothing is wrong with the peer,
 * until it is all that there is. */
Test(speaker_wait, beside_a_session_that_is_up)
{
	struct lab lab;
	struct script up, second;

	begin(&lab, &up, 65001, "passive: true");
	script_init(&second);
	script_dial(&up, PEER, ME);
	script_establish(&lab, &up, 65001, "10.0.0.9");
	lab_until_state(&lab, "peer", BGP_ESTABLISHED);
	script_dial(&second, PEER, ME);
	script_expect_start(&lab, &second);
	pass_seconds(&lab, 15);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_ESTABLISHED);
	expect_note(&lab, "");
	expect_warnings("");
	script_fini(&up);
	lab_until_state(&lab, "peer", BGP_OPEN_SENT);
	pass_seconds(&lab, 10);
	expect_warnings(
		"peer peer: OpenSent: connected, but no OPEN came for 20 s: the router took "
		"ours; is BGP at work there?\n");
	script_fini(&second);
	end(&lab, &up);
}

/* Before the first try is over there is no error that could say so. */
Test(speaker_wait, for_an_answer_to_the_first_try)
{
	static const char words[] = "no answer (is the password the same on both sides?)";
	struct text told = {0};
	struct lab lab;
	struct script s;

	log_set_sink(keep_warning, NULL);
	lab_start(&lab, NULL);
	script_init(&s);
	script_listen(&s, PEER); /* without a password: its kernel drops what has one */
	lab_want_and_free(&lab, lab_one_peer(1, 65001, ", password: x, connectTime: 60s"));
	pass_seconds(&lab, 9);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_CONNECT);
	expect_note(&lab, "");
	pass_seconds(&lab, 3.5);
	text_addf(&told, "%s, for 12 s now", words);
	expect_note(&lab, told.text);
	text_fini(&told);
	text_addf(&told, "peer peer: Connect: %s, for 10 s now\n", words);
	expect_warnings(told.text);
	text_fini(&told);
	pass_seconds(&lab, 60);
	cr_expect_str_eq(lab_view(&lab, "peer").last_error.text, words);
	expect_note(&lab, "");
	end(&lab, &s);
}

static void set_ttl(const struct script *s, int ttl)
{
	cr_assert_eq(setsockopt(s->fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl)), 0);
}

static size_t count_words(const char *text, const char *words)
{
	size_t n = 0;

	for (; (text = strstr(text, words)); text++)
		n++;
	return n;
}

/* RFC 5082 3: the peer's first segment may come from near enough, and what follows not. */
Test(speaker_wait, rfc5082_3_what_comes_from_too_far_is_dropped)
{
	struct lab lab;
	struct script s;

	begin(&lab, &s, 65001, "passive: true, ttlSecurityHops: 1");
	for (int round = 0; round < 2; round++) {
		lab_until_state(&lab, "peer", BGP_ACTIVE);
		script_dial_ttl(&s, PEER, ME, 255);
		set_ttl(&s, 64);
		lab_until_state(&lab, "peer", BGP_OPEN_SENT);
		script_send_open(&s, 65001, "10.0.0.2", 90);
		lab_run_ms(&lab, REPEATED_MS);
		pass_seconds(&lab, 10);
		cr_expect_eq(lab_view(&lab, "peer").state, BGP_OPEN_SENT);
		expect_unheard(&lab, " s: with ttlSecurityHops 1 what comes with a TTL below 255 "
				     "is dropped here (");
		expect_unheard(&lab, " packets meanwhile); does the router use TTL security too?");
		pass_seconds(&lab, 240); /* the large hold timer */
	}
	cr_expect_eq(count_words(warnings.text,
				 "peer peer: OpenSent: connected, but what we send is not "
				 "acknowledged for 10 s: with ttlSecurityHops 1"),
		     1, "%s", warnings.text);
	end(&lab, &s);
}

/* The peer asks for it, and hears nothing of us. */
Test(speaker_wait, rfc5082_3_the_peer_alone_drops)
{
	const int min_ttl = 255;
	struct lab lab;
	struct script s;

	begin(&lab, &s, 65002, "passive: true");
	script_dial(&s, PEER, ME);
	cr_assert_eq(setsockopt(s.fd, IPPROTO_IP, IP_MINTTL, &min_ttl, sizeof(min_ttl)), 0);
	lab_until_state(&lab, "peer", BGP_OPEN_SENT);
	script_send_open(&s, 65002, "10.0.0.2", 90);
	lab_until_state(&lab, "peer", BGP_OPEN_CONFIRM);
	lab_run_ms(&lab, REPEATED_MS);
	pass_seconds(&lab, 11);
	expect_unheard(&lab, " s: does the router ask for TTL security (ttlSecurityHops)?");
	end(&lab, &s);
}

Test(speaker_wait, rfc5082_3_a_connection_from_too_far_is_told)
{
	static const char words[] =
		"its connection came with a TTL of 64, and ttlSecurityHops 2 asks "
		"for 254: does it use TTL security too?";
	struct text told = {0};
	struct lab lab;
	struct script s;

	begin(&lab, &s, 65001, "passive: true, ttlSecurityHops: 2");
	/* whatever it comes with: told once */
	for (int ttl = 64; ttl > 60; ttl--) {
		script_dial_ttl(&s, PEER, ME, ttl);
		script_expect_closed(&lab, &s);
		if (ttl == 64)
			cr_expect_str_eq(lab_view(&lab, "peer").last_error.text, words);
	}
	text_addf(&told, "peer peer: refused: %s\n", words);
	expect_warnings(told.text);
	text_fini(&told);
	end(&lab, &s);
}
