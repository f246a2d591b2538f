/* test_speaker_strict.c: bfd.strict: no session before BFD is Up */
#include "bgp_lab.h"

#include "base/text.h"

#include <criterion/criterion.h>

#include <unistd.h>

TestSuite(speaker_strict, .init = lab_network, .timeout = 60);

/* One minute between two tries: what comes sooner was not the retry timer's doing. */
static void want(struct lab *lab, bool strict)
{
	struct text t = {0};

	text_add(&t,
		 "apiVersion: metallb.io/v1beta1\nkind: BFDProfile\nmetadata: {name: b}\n---\n");
	lab_add_peer(&t, "peer", ME, PEER, 65001, 65001, ", bfdProfile: b, connectTime: 60s");
	text_addf(&t,
		  "---\napiVersion: mlbgpd.io/v1alpha1\nkind: PeerPolicy\nmetadata: {name: p}\n"
		  "spec: {peers: [peer], bfd: {strict: %s}}\n",
		  strict ? "true" : "false");
	lab_want_and_free(lab, text_take(&t));
}

static void start(struct lab *lab, struct script *s, bool strict)
{
	lab_start(lab, ME);
	lab->no_bfd = "it is Down";
	script_init(s);
	script_listen(s, PEER);
	want(lab, strict);
}

static void bfd_comes_up(struct lab *lab)
{
	lab->no_bfd = NULL;
	cr_expect_eq(speaker_bfd_up(lab->speaker, "peer"), 0);
}

static void establish(struct lab *lab, struct script *s)
{
	script_accept(lab, s);
	script_establish(lab, s, 65001, "10.0.0.2");
	lab_until_state(lab, "peer", BGP_ESTABLISHED);
}

static void expect_waiting(struct lab *lab)
{
	struct script caller;

	cr_expect_eq(lab_view(lab, "peer").state, BGP_IDLE);
	cr_expect_str_eq(lab_view(lab, "peer").note, "waits for BFD (strict): it is Down");
	/* RFC 4271 8.2.2: in Idle all connections are refused */
	script_init(&caller);
	script_dial(&caller, PEER, ME);
	script_expect_closed(lab, &caller);
	cr_expect_eq(script_count(&caller, BGP_OPEN), 0);
	cr_expect_eq(lab_view(lab, "peer").state, BGP_IDLE);
	script_fini(&caller);
}

static void end(struct lab *lab, struct script *s)
{
	script_fini(s);
	lab_stop(lab);
}

Test(speaker_strict, neither_dialled_nor_let_in_before_bfd_is_up)
{
	struct lab lab;
	struct script s;

	start(&lab, &s, true);
	lab_run_ms(&lab, 200);
	expect_waiting(&lab);
	cr_expect_lt(speaker_bfd_up(lab.speaker, "nobody"), 0);
	cr_expect_eq(speaker_bfd_up(lab.speaker, "peer"), 0);
	expect_waiting(&lab);
	bfd_comes_up(&lab);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_CONNECT);
	cr_expect_null(lab_view(&lab, "peer").note);
	establish(&lab, &s);
	end(&lab, &s);
}

Test(speaker_strict, lost_it_waits_again_and_comes_back_at_once)
{
	struct lab lab;
	struct script s;

	start(&lab, &s, true);
	for (unsigned i = 0; i < 3; i++) {
		bfd_comes_up(&lab);
		establish(&lab, &s);
		cr_expect_eq(script_read_table(&lab, &s), 0);
		lab.no_bfd = "it is Down";
		cr_expect_eq(speaker_bfd_down(lab.speaker, "peer"), 0);
		script_expect_end(&lab, &s, BGP_ERR_CEASE, BGP_CEASE_BFD_DOWN);
		expect_waiting(&lab);
	}
	end(&lab, &s);
}

/* BFD was down for a moment: told as lost, and Up, at once. */
Test(speaker_strict, lost_and_back_before_it_was_told)
{
	struct lab lab;
	struct script s;

	start(&lab, &s, true);
	bfd_comes_up(&lab);
	establish(&lab, &s);
	cr_expect_eq(script_read_table(&lab, &s), 0);
	cr_expect_eq(speaker_bfd_down(lab.speaker, "peer"), 0);
	script_expect_end(&lab, &s, BGP_ERR_CEASE, BGP_CEASE_BFD_DOWN);
	bfd_comes_up(&lab);
	establish(&lab, &s);
	end(&lab, &s);
}

/* RFC 5882 3.2: AdminDown is no failure: what stands, stays; what does not, does not begin. */
Test(speaker_strict, rfc5882_3_2_the_peer_is_administratively_down)
{
	struct lab lab;
	struct script s;

	start(&lab, &s, true);
	bfd_comes_up(&lab);
	establish(&lab, &s);
	lab.no_bfd = "it is Down";
	lab_run_ms(&lab, 200);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_ESTABLISHED);
	cr_expect_null(lab_view(&lab, "peer").note);
	close(s.fd);
	s.fd = -1;
	lab_until_state(&lab, "peer", BGP_IDLE);
	expect_waiting(&lab);
	bfd_comes_up(&lab);
	establish(&lab, &s);
	end(&lab, &s);
}

Test(speaker_strict, a_reset_does_not_help)
{
	struct lab lab;
	struct script s;

	start(&lab, &s, true);
	cr_expect_eq(speaker_reset(lab.speaker, "peer"), 0);
	expect_waiting(&lab);
	end(&lab, &s);
}

Test(speaker_strict, strict_no_more_it_is_dialled_at_once)
{
	struct lab lab;
	struct script s;

	start(&lab, &s, true);
	expect_waiting(&lab);
	want(&lab, false);
	establish(&lab, &s);
	/* and strict again: nothing happens to a session that stands */
	want(&lab, true);
	lab_run_ms(&lab, 200);
	cr_expect_eq(lab_view(&lab, "peer").state, BGP_ESTABLISHED);
	cr_expect_eq(lab.downs, 0);
	end(&lab, &s);
}

Test(speaker_strict, a_peer_that_is_not_strict_needs_no_bfd)
{
	struct lab lab;
	struct script s;

	start(&lab, &s, false);
	establish(&lab, &s);
	end(&lab, &s);
}
