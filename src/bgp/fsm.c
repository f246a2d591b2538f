/* fsm.c: RFC 4271 8.2.2, state by state; RFC 6608 for a message that comes in the wrong
 * one; RFC 9687 for the send hold timer
 *
 * Departures:
 * - Where the RFC lets a failed attempt fall from Connect to Idle (where a connection of the peer's
 *   would be refused), it goes to Active and listens, as the routers in the field do.
 * - An automatic start keeps the count of failures, which the back-off is made from
 *   (DampPeerOscillations); only an operator's start clears it.
 * - A NOTIFICATION is never answered by another (section 6.4), not even where it comes unexpected.
 * - The ConnectRetryTimer does not run in OpenConfirm and Established; were it to expire there, it
 *   would be ignored.
 * - A bad header gets its own error in every state (section 6.1), not that of the state machine.
 */
#include "bgp/fsm.h"

const char *bgp_event_name(enum bgp_event event)
{
	switch (event) {
	case BGP_EV_MANUAL_START:
	case BGP_EV_AUTOMATIC_START:
	case BGP_EV_MANUAL_START_PASSIVE:
		return "started";
	case BGP_EV_MANUAL_STOP:
	case BGP_EV_AUTOMATIC_STOP:
		return "stopped";
	case BGP_EV_CONNECT_RETRY_TIMER:
		return "connect retry timer expired";
	case BGP_EV_HOLD_TIMER:
		return "hold timer expired";
	case BGP_EV_KEEPALIVE_TIMER:
		return "keepalive timer expired";
	case BGP_EV_TCP_ACKED:
		return "connection made";
	case BGP_EV_TCP_CONFIRMED:
		return "connection accepted";
	case BGP_EV_TCP_FAILS:
		return "connection lost";
	case BGP_EV_OPEN:
		return "OPEN received";
	case BGP_EV_HEADER_ERR:
		return "bad message header received";
	case BGP_EV_OPEN_ERR:
		return "bad OPEN received";
	case BGP_EV_COLLISION_DUMP:
		return "connection collision";
	case BGP_EV_NOTIF_VERSION_ERR:
	case BGP_EV_NOTIF:
		return "NOTIFICATION received";
	case BGP_EV_KEEPALIVE:
		return "KEEPALIVE received";
	case BGP_EV_UPDATE:
		return "UPDATE received";
	case BGP_EV_UPDATE_ERR:
		return "bad UPDATE received";
	case BGP_EV_SEND_HOLD_TIMER:
		return "send hold timer expired";
	case BGP_EV_ROUTE_REFRESH:
		return "ROUTE-REFRESH received";
	}
	return "unknown event";
}

struct step {
	struct bgp_fsm *fsm;
	const struct bgp_error *error; /* the event's, may be NULL */
	struct bgp_fsm_result *ret;
};

static void go(struct step *s, enum bgp_state state, unsigned actions)
{
	s->fsm->state = state;
	s->ret->actions |= actions;
}

/* "sets the ConnectRetryTimer to zero, releases all BGP resources, drops the TCP connection" */
static void to_idle(struct step *s, unsigned actions)
{
	if (s->fsm->state == BGP_ESTABLISHED)
		actions |= BGP_DO_RELEASE;
	go(s, BGP_IDLE, actions | BGP_DO_DROP | BGP_DO_STOP_RETRY | BGP_DO_STOP_TIMERS);
}

static void notify_and_idle(struct step *s, uint8_t code, uint8_t subcode, unsigned actions)
{
	if (s->error)
		s->ret->error = *s->error;
	else
		bgp_error_set(&s->ret->error, code, subcode);
	to_idle(s, actions | BGP_DO_SEND_NOTIFICATION);
}

/* A message that has no place in this state: its type goes with the error (RFC 6608 4 to 6). */
static void unexpected(struct step *s, enum bgp_event event, uint8_t subcode)
{
	uint8_t type = event == BGP_EV_OPEN	       ? BGP_OPEN
		       : event == BGP_EV_KEEPALIVE     ? BGP_KEEPALIVE
		       : event == BGP_EV_ROUTE_REFRESH ? BGP_ROUTE_REFRESH
						       : BGP_UPDATE;

	bgp_error_set_data(&s->ret->error, BGP_ERR_FSM, subcode, &type, 1);
	to_idle(s, BGP_DO_SEND_NOTIFICATION | BGP_DO_COUNT_FAILURE);
}

/* OPEN goes out on a connection that now stands. */
static void open_connection(struct step *s)
{
	go(s, BGP_OPEN_SENT, BGP_DO_STOP_RETRY | BGP_DO_SEND_OPEN | BGP_DO_HOLD_LARGE);
}

static void in_idle(struct step *s, enum bgp_event event)
{
	switch (event) {
	case BGP_EV_MANUAL_START:
	case BGP_EV_AUTOMATIC_START:
		if (event == BGP_EV_MANUAL_START)
			s->ret->actions |= BGP_DO_CLEAR_FAILURES;
		if (s->fsm->passive)
			go(s, BGP_ACTIVE, BGP_DO_LISTEN);
		else
			go(s, BGP_CONNECT, BGP_DO_START_RETRY | BGP_DO_CONNECT | BGP_DO_LISTEN);
		break;
	case BGP_EV_MANUAL_START_PASSIVE:
		go(s, BGP_ACTIVE, BGP_DO_CLEAR_FAILURES | BGP_DO_LISTEN);
		break;
	default:
		break; /* all others are ignored */
	}
}

static void in_connect(struct step *s, enum bgp_event event)
{
	switch (event) {
	case BGP_EV_MANUAL_START:
	case BGP_EV_AUTOMATIC_START:
	case BGP_EV_MANUAL_START_PASSIVE:
		break;
	case BGP_EV_MANUAL_STOP:
		to_idle(s, BGP_DO_CLEAR_FAILURES);
		break;
	case BGP_EV_CONNECT_RETRY_TIMER:
		go(s, BGP_CONNECT,
		   BGP_DO_DROP | BGP_DO_START_RETRY | BGP_DO_CONNECT | BGP_DO_LISTEN);
		break;
	case BGP_EV_TCP_ACKED:
	case BGP_EV_TCP_CONFIRMED:
		open_connection(s);
		break;
	case BGP_EV_TCP_FAILS:
		go(s, BGP_ACTIVE,
		   BGP_DO_DROP | BGP_DO_START_RETRY | BGP_DO_LISTEN | BGP_DO_COUNT_FAILURE);
		break;
	default:
		to_idle(s, BGP_DO_COUNT_FAILURE);
		break;
	}
}

static void in_active(struct step *s, enum bgp_event event)
{
	switch (event) {
	case BGP_EV_CONNECT_RETRY_TIMER:
		if (!s->fsm->passive)
			go(s, BGP_CONNECT, BGP_DO_START_RETRY | BGP_DO_CONNECT | BGP_DO_LISTEN);
		break;
	case BGP_EV_TCP_FAILS:
		/* without DelayOpen nothing stands that could fail, but for an attempt given up */
		go(s, BGP_ACTIVE, BGP_DO_DROP | BGP_DO_START_RETRY | BGP_DO_LISTEN);
		break;
	default:
		in_connect(s, event);
		break;
	}
}

static void in_open_sent(struct step *s, enum bgp_event event)
{
	switch (event) {
	case BGP_EV_MANUAL_START:
	case BGP_EV_AUTOMATIC_START:
	case BGP_EV_MANUAL_START_PASSIVE:
	case BGP_EV_TCP_ACKED:
	case BGP_EV_TCP_CONFIRMED:
		break; /* a second connection is a machine of its own */
	case BGP_EV_MANUAL_STOP:
		notify_and_idle(s, BGP_ERR_CEASE, BGP_CEASE_ADMIN_SHUTDOWN, BGP_DO_CLEAR_FAILURES);
		break;
	case BGP_EV_AUTOMATIC_STOP:
	case BGP_EV_COLLISION_DUMP:
		notify_and_idle(s, BGP_ERR_CEASE,
				event == BGP_EV_COLLISION_DUMP ? BGP_CEASE_COLLISION : 0,
				BGP_DO_COUNT_FAILURE);
		break;
	case BGP_EV_HOLD_TIMER:
		notify_and_idle(s, BGP_ERR_HOLD_TIMER, 0, BGP_DO_COUNT_FAILURE);
		break;
	case BGP_EV_TCP_FAILS:
		go(s, BGP_ACTIVE,
		   BGP_DO_DROP | BGP_DO_START_RETRY | BGP_DO_LISTEN | BGP_DO_STOP_TIMERS |
			   BGP_DO_COUNT_FAILURE);
		break;
	case BGP_EV_OPEN:
		go(s, BGP_OPEN_CONFIRM,
		   BGP_DO_STOP_RETRY | BGP_DO_NEGOTIATE | BGP_DO_SEND_KEEPALIVE);
		break;
	case BGP_EV_HEADER_ERR:
	case BGP_EV_OPEN_ERR:
		notify_and_idle(s, BGP_ERR_OPEN, BGP_OPEN_UNSPECIFIC, BGP_DO_COUNT_FAILURE);
		break;
	case BGP_EV_NOTIF_VERSION_ERR:
		to_idle(s, 0);
		break;
	case BGP_EV_NOTIF:
		to_idle(s, BGP_DO_COUNT_FAILURE);
		break;
	case BGP_EV_CONNECT_RETRY_TIMER:
	case BGP_EV_KEEPALIVE_TIMER: /* no message: RFC 6608 has no subcode for it */
	case BGP_EV_SEND_HOLD_TIMER:
		notify_and_idle(s, BGP_ERR_FSM, BGP_FSM_UNSPECIFIC, BGP_DO_COUNT_FAILURE);
		break;
	default:
		unexpected(s, event, BGP_FSM_IN_OPEN_SENT);
		break;
	}
}

static void in_open_confirm(struct step *s, enum bgp_event event)
{
	switch (event) {
	case BGP_EV_KEEPALIVE_TIMER:
		go(s, BGP_OPEN_CONFIRM, BGP_DO_SEND_KEEPALIVE | BGP_DO_RESTART_KEEPALIVE);
		break;
	case BGP_EV_TCP_FAILS:
		to_idle(s, BGP_DO_COUNT_FAILURE);
		break;
	case BGP_EV_KEEPALIVE:
		go(s, BGP_ESTABLISHED, BGP_DO_RESTART_HOLD | BGP_DO_ESTABLISHED);
		break;
	case BGP_EV_OPEN: /* a second one on the same connection is no collision */
	case BGP_EV_UPDATE:
	case BGP_EV_UPDATE_ERR:
	case BGP_EV_ROUTE_REFRESH:
		unexpected(s, event, BGP_FSM_IN_OPEN_CONFIRM);
		break;
	case BGP_EV_CONNECT_RETRY_TIMER:
		break; /* it does not run here */
	case BGP_EV_SEND_HOLD_TIMER: /* nothing gets through, no NOTIFICATION either */
		to_idle(s, BGP_DO_COUNT_FAILURE);
		break;
	default:
		in_open_sent(s, event);
		break;
	}
}

static void in_established(struct step *s, enum bgp_event event)
{
	switch (event) {
	case BGP_EV_KEEPALIVE_TIMER:
		go(s, BGP_ESTABLISHED, BGP_DO_SEND_KEEPALIVE | BGP_DO_RESTART_KEEPALIVE);
		break;
	case BGP_EV_KEEPALIVE:
	case BGP_EV_UPDATE:
	case BGP_EV_ROUTE_REFRESH:
		go(s, BGP_ESTABLISHED, BGP_DO_RESTART_HOLD);
		break;
	case BGP_EV_UPDATE_ERR:
		notify_and_idle(s, BGP_ERR_UPDATE, BGP_UPDATE_MALFORMED_ATTRS,
				BGP_DO_COUNT_FAILURE);
		break;
	case BGP_EV_OPEN:
		unexpected(s, event, BGP_FSM_IN_ESTABLISHED);
		break;
	case BGP_EV_NOTIF_VERSION_ERR: /* as any other once the versions were agreed on */
		to_idle(s, BGP_DO_COUNT_FAILURE);
		break;
	default:
		in_open_confirm(s, event);
		break;
	}
}

void bgp_fsm_event(struct bgp_fsm *fsm, enum bgp_event event, const struct bgp_error *error,
		   struct bgp_fsm_result *ret)
{
	static void (*const states[])(struct step *, enum bgp_event) = {
		[BGP_IDLE] = in_idle,
		[BGP_CONNECT] = in_connect,
		[BGP_ACTIVE] = in_active,
		[BGP_OPEN_SENT] = in_open_sent,
		[BGP_OPEN_CONFIRM] = in_open_confirm,
		[BGP_ESTABLISHED] = in_established,
	};
	struct step s = {.fsm = fsm, .error = error, .ret = ret};

	ret->actions = 0;
	ret->error.code = ret->error.subcode = 0;
	ret->error.data_len = 0;
	states[fsm->state](&s, event);
}

bool bgp_collision_keeps_dialled(uint32_t my_id, uint32_t my_asn, uint32_t peer_id,
				 uint32_t peer_asn)
{
	return my_id != peer_id ? my_id > peer_id : my_asn > peer_asn;
}
