/* session_strict.c: bfd.strict: no session before BFD is Up
 *
 * In the spirit of draft-ietf-idr-bgp-bfd-strict-mode, without its capability: the peer need not
 * know.  A session that waits is Idle, so that the peer's own connections are refused, and without
 * a retry timer: it is dialled when BFD comes Up.  One that stands is ended by a BFD that was lost
 * only; a peer that is administratively down keeps it (RFC 5882 3.2), and gets no new one.
 */
#include "bgp/session_private.h"

#include "base/log.h"

const char *session_awaited(const struct session *s)
{
	const struct speaker_ops *ops = s->env->ops;

	if (!s->peer->bfd || !s->peer->bfd_strict || !ops->awaits_bfd)
		return NULL;
	return ops->awaits_bfd(s->env->arg, s->peer);
}

void session_wait_for_bfd(struct session *s, const char *why)
{
	static const char words[] = "no session before BFD is Up (bfd.strict)";

	s->waits_for_bfd = true;
	bgp_timer_stop(&s->retry);
	for (size_t i = 0; i < N_TRACKS; i++)
		track_stop(&s->tracks[i], 0, NULL, why);
	session_tell(s, why);
	log_event(session_log_level(s, LOG_INFO, words), EVENT_PEER_STATE,
		  LOG_FIELDS({"PEER", s->peer->name}, {"REASON", words}), "peer %s: %s",
		  s->peer->name, words);
}

void session_look_for_bfd(struct session *s)
{
	if (!s->started || !s->waits_for_bfd || session_awaited(s))
		return;
	s->waits_for_bfd = false;
	track_start(&s->tracks[TRACK_DIALLED], s->peer->bfd_strict ? "BFD is Up" : "started");
}

void session_bfd_up(struct session *s)
{
	session_look_for_bfd(s);
	/* where BFD was down for a moment only, it is the retry timer that it waits for */
	if (s->peer->bfd_strict && session_state(s) == BGP_ACTIVE && bgp_timer_runs(&s->retry))
		track_retry(&s->tracks[TRACK_DIALLED]);
}
