/* session_log.c: what the log says of a session, once, and its last error
 *
 * A peer that can't be reached, or never comes up, goes through the same states again and again: a
 * line that was told is not told again before the session was up or was started anew.  With
 * --log-level debug all are.
 */
#include "bgp/session_private.h"

#include "base/log.h"

#include <stdio.h>
#include <time.h>

/* FNV-1a */
static uint32_t hash_of(const char *words)
{
	uint32_t hash = 2166136261u;

	for (; *words; words++)
		hash = (hash ^ (uint8_t)*words) * 16777619u;
	return hash;
}

int session_log_level(struct session *s, int level, const char *words)
{
	uint32_t hash = hash_of(words);

	for (size_t i = 0; i < LINES_TOLD_MAX && i < s->n_lines_told; i++) {
		if (s->lines_told[i] == hash)
			return LOG_DEBUG;
	}
	s->lines_told[s->n_lines_told++ % LINES_TOLD_MAX] = hash;
	return level;
}

void session_log_anew(struct session *s)
{
	s->n_lines_told = 0;
}

void session_tell(struct session *s, const char *why)
{
	enum bgp_state now = session_state(s);
	const char *from = bgp_state_name(s->told), *to = bgp_state_name(now);
	char words[REASON_MAX + 32];

	if (now == s->told)
		return;
	snprintf(words, sizeof(words), "%s -> %s: %s", from, to, why);
	log_event(session_log_level(s, LOG_INFO, words), EVENT_PEER_STATE,
		  LOG_FIELDS({"PEER", s->peer->name}, {"FROM", from}, {"TO", to}, {"REASON", why}),
		  "peer %s: %s", s->peer->name, words);
	s->told = now;
}

void session_tell_notification(struct session *s, bool sent, const struct bgp_error *error)
{
	bool collision = error->code == BGP_ERR_CEASE && error->subcode == BGP_CEASE_COLLISION;
	int level = collision ? LOG_DEBUG : sent ? LOG_INFO : LOG_WARNING;
	char text[BGP_ERROR_TEXT_MAX], words[REASON_MAX];

	bgp_error_text(text, error);
	if (!collision)
		session_error(s, sent, error, text);
	snprintf(words, sizeof(words), "%s NOTIFICATION: %s", sent ? "sent" : "received", text);
	log_event(session_log_level(s, level, words),
		  sent ? EVENT_NOTIFICATION_SENT : EVENT_NOTIFICATION_RECEIVED,
		  LOG_FIELDS({"PEER", s->peer->name}, {"REASON", text}), "peer %s: %s",
		  s->peer->name, words);
}

void session_error(struct session *s, bool sent, const struct bgp_error *error, const char *text)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	s->last_error.wall_us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
	s->last_error.sent = sent;
	s->last_error.code = error ? error->code : 0;
	s->last_error.subcode = error ? error->subcode : 0;
	s->error_is_past = false;
	snprintf(s->last_error.text, sizeof(s->last_error.text), "%s", text);
}

void session_not_made(struct session *s, const char *why)
{
	if (s->last_error.code == 0 || s->error_is_past)
		session_error(s, false, NULL, why);
}

/* Is it where packets that live for one hop come to? */
static bool is_off_link(const struct session *s)
{
	const struct speaker_ops *ops = s->env->ops;

	return s->peer->type == PEER_EXTERNAL && !s->peer->multihop && ops->interface_to &&
	       ops->interface_to(s->env->arg, &s->peer->address) == 0;
}

/* What makes the kernels drop each other's segments without a word. */
const char *session_no_answer_text(const struct session *s)
{
	const bool password = s->peer->password != NULL, ttl = s->peer->ttl_security_hops > 0;

	if (password && ttl)
		return "no answer (is the password the same on both sides, and does the router use TTL "
		       "security as ttlSecurityHops here?)";
	if (password)
		return "no answer (is the password the same on both sides?)";
	if (ttl)
		return "no answer (does the router use TTL security as ttlSecurityHops here?)";
	if (is_off_link(s))
		return "no answer (the router is not on the link: that needs ebgpMultiHop)";
	return "no answer";
}

void session_no_answer(struct session *s)
{
	const char *why = session_no_answer_text(s);

	s->failures++;
	session_error(s, false, NULL, why);
	log_event(session_log_level(s, LOG_INFO, why), EVENT_PEER_ERROR,
		  LOG_FIELDS({"PEER", s->peer->name}, {"REASON", why}), "peer %s: %s; tried again",
		  s->peer->name, why);
}
