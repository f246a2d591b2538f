/* fsm.h: the state machine of RFC 4271 section 8 as a pure function
 *
 * One machine is one connection, or the wish for one.  Events in; next state, a set of actions and
 * the NOTIFICATION to be sent out.  No socket, no clock, no log.  The optional attributes of the
 * RFC that this speaker has: passive (PassiveTcpEstablishment), and DampPeerOscillations by a
 * back-off that the session keeps.  DelayOpen is not used.
 */
#ifndef MLBGPD_BGP_FSM_H
#define MLBGPD_BGP_FSM_H

#include "bgp/codec.h"
#include "bgp/speaker.h"

#include <stdbool.h>

/* RFC 4271 8.1; the number is the RFC's */
enum bgp_event {
	BGP_EV_MANUAL_START = 1,
	BGP_EV_MANUAL_STOP = 2,
	BGP_EV_AUTOMATIC_START = 3,
	BGP_EV_MANUAL_START_PASSIVE = 4,
	BGP_EV_AUTOMATIC_STOP = 8,
	BGP_EV_CONNECT_RETRY_TIMER = 9,
	BGP_EV_HOLD_TIMER = 10,
	BGP_EV_KEEPALIVE_TIMER = 11,
	BGP_EV_TCP_ACKED = 16, /* our connection stands */
	BGP_EV_TCP_CONFIRMED = 17, /* the peer's was accepted */
	BGP_EV_TCP_FAILS = 18,
	BGP_EV_OPEN = 19, /* a good OPEN */
	BGP_EV_HEADER_ERR = 21, /* with the error */
	BGP_EV_OPEN_ERR = 22, /* with the error */
	BGP_EV_COLLISION_DUMP = 23,
	BGP_EV_NOTIF_VERSION_ERR = 24,
	BGP_EV_NOTIF = 25,
	BGP_EV_KEEPALIVE = 26,
	BGP_EV_UPDATE = 27,
	BGP_EV_UPDATE_ERR = 28, /* with the error */
	BGP_EV_SEND_HOLD_TIMER = 29, /* RFC 9687 */
	BGP_EV_ROUTE_REFRESH = 30, /* ours: treated as UPDATE in the wrong state (RFC 2918, 6608) */
};

/* To be done in this order. */
enum {
	BGP_DO_SEND_NOTIFICATION = 1 << 0, /* the one in the result; before the drop */
	BGP_DO_DROP = 1 << 1, /* close the connection; the routes sent on it are void */
	BGP_DO_STOP_RETRY = 1 << 2, /* ConnectRetryTimer set to zero */
	BGP_DO_START_RETRY = 1 << 3, /* ... set anew, with the session's back-off */
	BGP_DO_CONNECT = 1 << 4, /* begin a connection */
	BGP_DO_LISTEN = 1 << 5, /* wait for the peer's */
	BGP_DO_SEND_OPEN = 1 << 6,
	BGP_DO_HOLD_LARGE = 1 << 7, /* hold timer: BGP_HOLD_LARGE_S (8.2.2: four minutes) */
	BGP_DO_NEGOTIATE = 1 << 8, /* take hold and keepalive time from the OPEN; start both */
	BGP_DO_SEND_KEEPALIVE = 1 << 9,
	BGP_DO_RESTART_HOLD = 1 << 10, /* if it is not zero */
	BGP_DO_RESTART_KEEPALIVE = 1 << 11,
	BGP_DO_STOP_TIMERS = 1 << 12, /* hold and keepalive */
	BGP_DO_ESTABLISHED = 1 << 13, /* routes may be sent */
	BGP_DO_RELEASE = 1 << 14, /* left Established */
	BGP_DO_COUNT_FAILURE = 1 << 15, /* ConnectRetryCounter + 1 */
	BGP_DO_CLEAR_FAILURES = 1 << 16, /* ConnectRetryCounter = 0 */
};

enum { BGP_HOLD_LARGE_S = 240 };

struct bgp_fsm {
	enum bgp_state state;
	bool passive; /* set by its owner: never dials */
};

struct bgp_fsm_result {
	unsigned actions; /* BGP_DO_* */
	struct bgp_error error; /* with SEND_NOTIFICATION */
};

/* error: for the events that carry one (HEADER_ERR, OPEN_ERR, UPDATE_ERR), and the Cease for
 * MANUAL_STOP, AUTOMATIC_STOP and COLLISION_DUMP (NULL: 6/2, 6/0... as the RFC has it).  Changes
 * fsm->state. */
void bgp_fsm_event(struct bgp_fsm *fsm, enum bgp_event event, const struct bgp_error *error,
		   struct bgp_fsm_result *ret);
const char *bgp_event_name(enum bgp_event event); /* in words, for the log */

/* RFC 4271 6.8 and RFC 6286 2.3: of two connections between the same speakers, does the one stay
 * that we dialled?  (the side with the greater identifier, or, where they are equal, with the
 * greater AS number keeps the one that it dialled) */
bool bgp_collision_keeps_dialled(uint32_t my_id, uint32_t my_asn, uint32_t peer_id,
				 uint32_t peer_asn);

#endif
