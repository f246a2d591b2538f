/* session_private.h: the inside of a session, for session*.c and track*.c alone
 *
 * A track is one connection with its state machine.  The dialled track lives as long as the session
 * is started (Idle, Connect and Active in between are its states); the accepted one from the moment
 * the peer's connection comes in until it is lost, and never dials.
 *
 *	session.c         starts, ends, tries again; collisions; the state of the whole
 *	session_log.c     its lines in the log, and its last error
 *	session_strict.c  no session before BFD is Up
 *	session_family.c  which families are exchanged, and their next hops
 *	session_view.c    what is told of it
 *	session_wait.c    what it waits for where it stands still on the way to Established
 *	track.c           the state machine driven: events in, actions done
 *	track_timer.c     hold, keepalive and send hold timer
 *	track_receive.c   messages received
 *	track_send.c      messages sent, built when the socket can take them
 */
#ifndef MLBGPD_BGP_SESSION_PRIVATE_H
#define MLBGPD_BGP_SESSION_PRIVATE_H

#include "base/clock.h"
#include "bgp/codec.h"
#include "bgp/conn.h"
#include "bgp/fsm.h"
#include "bgp/session.h"
#include "bgp/timer.h"

enum { TRACK_DIALLED, TRACK_ACCEPTED, N_TRACKS };
enum {
	REASON_MAX = BGP_ERROR_TEXT_MAX + 64,
	CAPABILITY_WORDS_MAX = 16,
	LINES_TOLD_MAX = 16,
};

struct track {
	struct session *session;
	struct conn conn;
	struct bgp_fsm fsm;
	struct bgp_timer hold, keepalive, send_hold;
	struct bgp_timer impatience; /* session_wait.c */
	struct monotime waits_since; /* for OPEN or KEEPALIVE */
	uint64_t drops_before; /* tcp_min_ttl_drops() then */
	bool accepted; /* the peer dialled it */
	bool late; /* it came while the other one was Established */
	bool keepalive_due; /* to be built when the socket can take it */
	bool end_of_rib_due;
	bool hold_grace; /* the hold timer waits for what lies in the socket */
	bool has_open; /* the peer's OPEN was good, and is in `open` */
	struct bgp_open open;
	uint32_t router_id; /* ours, as sent */
	uint16_t hold_time_s, keepalive_s; /* negotiated */
	bool internal;
	bool as4; /* both sides know four-octet AS numbers */
	bool ipv4, ipv6; /* families that both sides exchange */
	bool ipv4_by_ipv6; /* RFC 8950 */
	struct addr beside; /* our address of the other family, on the interface of this one */
	bool extended; /* RFC 8654 */
	bool enhanced; /* RFC 7313 */
	uint32_t ifindex; /* to the peer, where it is on the link; 0: not, or not known */
	uint32_t offered; /* BGP_CAP_* of our OPEN */
	/* families by FAMILY_BIT(): requests that wait for End-of-RIB; BoRR and EoRR that are due
	 */
	uint8_t refresh_wanted, begin_due, end_due;
	uint8_t end_of_rib_received;
};

#define FAMILY_BIT(family) ((uint8_t)((family) == ADDR_IPV4 ? 1 : 2))

struct session {
	const struct session_env *env;
	const struct plan_peer *peer; /* the plan's */
	struct adjout *out; /* joined when it comes up; the speaker's */
	struct adjout_cursor cursor;
	struct track tracks[N_TRACKS];
	struct track *up; /* the Established one, or NULL */
	struct bgp_timer retry;
	struct bgp_timer probe; /* of the Established connection, while another waits */
	unsigned failures; /* in a row, for the back-off */
	unsigned flaps; /* sessions in a row that were up for less than a minute */
	bool started;
	bool plain_open; /* the peer refuses optional parameters (RFC 5492 3) */
	bool waits_for_bfd; /* Idle for that alone */
	bool damped; /* the peer is at fault: stays Idle until the retry timer */
	bool leaving; /* Cease once all is sent */
	char *leaving_text;

	enum bgp_state told; /* the state last logged */
	uint32_t lines_told[LINES_TOLD_MAX]; /* hashes of what was told since it was up */
	size_t n_lines_told; /* the latest LINES_TOLD_MAX of them are kept */
	bool told_update; /* a bad UPDATE of this session was told */

	struct monotime up_since;
	uint64_t established_count;
	uint64_t updates_sent, updates_received, messages_sent, messages_received;
	struct {
		int64_t wall_us;
		bool sent;
		uint8_t code, subcode;
		char text[REASON_MAX];
	} last_error;
	bool error_is_past; /* the session has been up since */
	const char *capabilities[CAPABILITY_WORDS_MAX]; /* for the view */
	char *note; /* likewise */
};

/* track.c.  Each of these may lose the connection, and session.c hears of it. */
void track_init(struct track *t, struct session *s);
void track_fini(struct track *t);
/* Dials. */
void track_start(struct track *t, const char *why);
/* Waits for the peer's connection, and for the retry timer. */
void track_wait(struct track *t, const char *why);
/* The retry timer is over. */
void track_retry(struct track *t);
/* The peer's connection. */
void track_accept(struct track *t, int fd);
/* Cease, where there is somebody to tell; it is Idle then. */
void track_stop(struct track *t, uint8_t subcode, const char *text, const char *why);
void track_dump(struct track *t, const char *why); /* lost a collision (RFC 4271 6.8) */
/* As if the connection had broken. */
void track_lost(struct track *t, const char *why);
/* Ends it by itself (AutomaticStop), with this Cease; it is tried again. */
void track_give_up(struct track *t, uint8_t subcode, const char *why);
/* An UPDATE went out (RFC 4271 8.2.2: the keepalive timer starts anew). */
void track_sent_update(struct track *t);
/* ROUTE-REFRESH that is asked for; may wait until the table was sent. */
void track_refresh(struct track *t, uint8_t family);
/* Is anything but routes still to be sent? */
bool track_owes(const struct track *t);
/* error: for the events that carry one, else NULL. */
void track_event(struct track *t, enum bgp_event event, const struct bgp_error *error,
		 const char *why);

bool track_is_dialled(const struct track *t);

/* track_timer.c: those of a result's actions that are about timers */
void track_do_timers(struct track *t, unsigned actions);

/* track_receive.c, track_send.c: for the connection's callbacks */
size_t track_received(void *arg, struct conn *c, const uint8_t *data, size_t len);
void track_fill(void *arg, struct conn *c);
void track_send_open(struct track *t);
void track_send_notification(struct track *t, const struct bgp_error *error);

/* Why a family of the peer's is not announced on this session, in words; NULL: it is, or it is not
 * one of the peer's, or there is no session. */
const char *session_family_obstacle(const struct session *s, uint8_t family);
/* Why it can't run here at all, or may not; NULL: it can. */
const char *session_obstacle(const struct session *s);

/* session_strict.c */
/* What a strict session waits for before it is made; NULL: for nothing. */
const char *session_awaited(const struct session *s);
/* Idle until then: neither dialled nor let in. */
void session_wait_for_bfd(struct session *s, const char *why);

/* session.c, for the tracks */
/* A NOTIFICATION that says that a side breaks the rules: it rests before it is tried again. */
void session_blame(struct track *t, const struct bgp_error *error);
/* The peer's OPEN on this track is good; false: it lost a collision and is gone. */
bool session_opened(struct track *t);
void session_came_up(struct track *t);
void session_went_down(struct track *t);
/* After an event: the state is told, and where no track is left, it is tried again. */
void session_settle(struct session *s, const char *why);
void session_retry_later(struct session *s);
void session_sent_all(struct session *s);

/* session_wait.c */
/* The state has changed: what is waited for now, if anything, is waited for from now on. */
void track_begin_to_wait(struct track *t);
/* Why a connection on the way to Established was given up by the kernel; to be freed. */
char *track_unheard_text(const struct track *t);
/* What a connection that stands has waited for for long, and what may be wrong; to be freed.  NULL:
 * nothing. */
char *session_waits_for(const struct session *s);

/* session_log.c */
/* The state, where it has changed. */
void session_tell(struct session *s, const char *why);
/* And it is the last error, where it is one. */
void session_tell_notification(struct session *s, bool sent, const struct bgp_error *error);
/* The level for a line of these words: LOG_DEBUG where they were told since the session was up. */
int session_log_level(struct session *s, int level, const char *words);
/* From here on everything is news. */
void session_log_anew(struct session *s);
/* Dialled, and no word from there: told once, and a failure. */
void session_no_answer(struct session *s);
const char *session_no_answer_text(const struct session *s);
/* A connection could not be made, or ended before it was a session.  A NOTIFICATION that came since
 * the session was up says more, and stays. */
void session_not_made(struct session *s, const char *why);
void session_error(struct session *s, bool sent, const struct bgp_error *error, const char *text);

#endif
