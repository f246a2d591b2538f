/* session.h: one peer: its connections, its timers, its state, and what it is sent
 *
 * A session has one finite state machine (RFC 4271 section 8) for each of up to two connections:
 * the one that we dial and the one that the peer dialled; a collision (6.8) leaves one of them.  It
 * is a member of the Adj-RIB-Out of its output group while it is Established.
 */
#ifndef MLBGPD_BGP_SESSION_H
#define MLBGPD_BGP_SESSION_H

#include "bgp/adjout.h"
#include "bgp/farewell.h"
#include "bgp/speaker.h"

#include <stdbool.h>
#include <stdint.h>

struct session;

enum { SEND_CHANGES_MAX = 8192 };

/* Where messages are built; one thread, one session after the other. */
struct send_room {
	uint8_t bytes[65536];
	struct adjout_change changes[SEND_CHANGES_MAX];
};

/* What all sessions of a speaker share; it outlives them. */
struct session_env {
	sd_event *event;
	struct farewells *farewells;
	struct send_room *room;
	const struct speaker_ops *ops;
	void *arg;
};

/* Idle, until it is started.  The peer is the plan's: it is kept until session_set_peer(). */
struct session *session_new(const struct session_env *env, const struct plan_peer *peer);
/* At once: a session that is to end in good order is stopped before. */
void session_free(struct session *s);
const struct plan_peer *session_peer(const struct session *s);
/* The same peer in a new plan.  What of it takes effect at once does, the rest when the session is
 * established the next time. */
void session_set_peer(struct session *s, const struct plan_peer *peer);
/* Whom it joins when it comes up; does not move one that is up. */
void session_set_adjout(struct session *s, struct adjout *out);
/* In none unless it is Established. */
struct adjout_cursor *session_cursor(struct session *s);

/* Not where its PeerPolicy keeps it down, or it can't run here: the log says so. */
void session_start(struct session *s);
/* Ends it with Cease and this subcode (RFC 4486); text goes with 6/2 and 6/4 (RFC 9003), may be
 * NULL.  Stays Idle until it is started again. */
void session_stop(struct session *s, uint8_t subcode, const char *text, const char *why);
/* The same with Administrative Shutdown, once all that is pending is sent; not started again. */
void session_shutdown(struct session *s, const char *text);
/* It is lost (RFC 4271 8.1.4, AutomaticStop): Cease with this subcode, and tried again later. */
void session_give_up(struct session *s, uint8_t subcode, const char *why);
/* Our address where it is Established, else ADDR_NONE. */
struct addr session_local(const struct session *s);
/* Starts one that waits for its BFD, where it need not any more. */
void session_look_for_bfd(struct session *s);
/* BFD is Up: where it must be, the session is dialled at once. */
void session_bfd_up(struct session *s);
/* An external peer whose interface was lost is lost at once, without a word. */
void session_links_changed(struct session *s);
/* The password changes from one to another; the connections that stand go on with the new one.  0
 * or -errno. */
int session_set_password(struct session *s, const char *password);
/* There may be something to be sent. */
void session_poke(struct session *s);
/* The peer dialled us, from further away than it may be: refused. */
void session_too_far(struct session *s, uint8_t ttl);
/* The peer dialled us; false: not wanted, the descriptor stays the caller's. */
bool session_accept(struct session *s, int fd);

enum bgp_state session_state(const struct session *s);
/* Established, and all that is pending is in the kernel's hands; or not Established. */
bool session_is_flushed(const struct session *s);
bool session_is_internal(const struct session *s);
/* ADDR_NONE: this family is not announced to the peer. */
struct addr session_next_hop(const struct session *s, uint8_t family);
/* Of a route with these attributes: what they say, else the session's. */
struct addr session_route_next_hop(const struct session *s, const struct plan_attrs *attrs,
				   uint8_t family);
void session_view(struct session *s, struct bgp_peer_view *ret);

#endif
