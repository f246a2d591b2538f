/* test_bgp_fsm.c: the state machine, each pair of state and event that RFC 4271 8.2.2 speaks of
 *
 * The names give the state and the RFC's numbers of the events.
 */
#include "bgp/fsm.h"

#include <criterion/criterion.h>

enum {
	RETRY_OFF = BGP_DO_STOP_RETRY,
	DIAL = BGP_DO_START_RETRY | BGP_DO_CONNECT | BGP_DO_LISTEN,
	WAIT = BGP_DO_START_RETRY | BGP_DO_LISTEN,
	/* "sets the ConnectRetryTimer to zero, releases all BGP resources, drops the connection" */
	END = BGP_DO_DROP | BGP_DO_STOP_RETRY | BGP_DO_STOP_TIMERS,
	FAILED = END | BGP_DO_COUNT_FAILURE,
	NOTIFY = BGP_DO_SEND_NOTIFICATION,
	OPEN_SENT = BGP_DO_STOP_RETRY | BGP_DO_SEND_OPEN | BGP_DO_HOLD_LARGE,
	DOWN = BGP_DO_RELEASE,
	SAY_ALIVE = BGP_DO_SEND_KEEPALIVE | BGP_DO_RESTART_KEEPALIVE,
};

static const struct step_case {
	const char *name;
	enum bgp_state from;
	bool passive;
	enum bgp_event event;
	enum bgp_state to;
	unsigned actions;
	uint8_t code, subcode;
} steps[] = {
	{"Idle 1", BGP_IDLE, false, BGP_EV_MANUAL_START, BGP_CONNECT, DIAL | BGP_DO_CLEAR_FAILURES,
	 0, 0},
	{"Idle 3", BGP_IDLE, false, BGP_EV_AUTOMATIC_START, BGP_CONNECT, DIAL, 0, 0},
	{"Idle 4", BGP_IDLE, false, BGP_EV_MANUAL_START_PASSIVE, BGP_ACTIVE,
	 BGP_DO_LISTEN | BGP_DO_CLEAR_FAILURES, 0, 0},
	{"Idle 1, passive", BGP_IDLE, true, BGP_EV_MANUAL_START, BGP_ACTIVE,
	 BGP_DO_LISTEN | BGP_DO_CLEAR_FAILURES, 0, 0},
	{"Idle 5", BGP_IDLE, true, BGP_EV_AUTOMATIC_START, BGP_ACTIVE, BGP_DO_LISTEN, 0, 0},
	{"Idle 2", BGP_IDLE, false, BGP_EV_MANUAL_STOP, BGP_IDLE, 0, 0, 0},
	{"Idle 8", BGP_IDLE, false, BGP_EV_AUTOMATIC_STOP, BGP_IDLE, 0, 0, 0},
	{"Idle 9", BGP_IDLE, false, BGP_EV_CONNECT_RETRY_TIMER, BGP_IDLE, 0, 0, 0},
	{"Idle 17", BGP_IDLE, false, BGP_EV_TCP_CONFIRMED, BGP_IDLE, 0, 0, 0},
	{"Idle 19", BGP_IDLE, false, BGP_EV_OPEN, BGP_IDLE, 0, 0, 0},
	{"Idle 26", BGP_IDLE, false, BGP_EV_KEEPALIVE, BGP_IDLE, 0, 0, 0},

	{"Connect 1", BGP_CONNECT, false, BGP_EV_MANUAL_START, BGP_CONNECT, 0, 0, 0},
	{"Connect 2", BGP_CONNECT, false, BGP_EV_MANUAL_STOP, BGP_IDLE, END | BGP_DO_CLEAR_FAILURES,
	 0, 0},
	{"Connect 9", BGP_CONNECT, false, BGP_EV_CONNECT_RETRY_TIMER, BGP_CONNECT,
	 BGP_DO_DROP | DIAL, 0, 0},
	{"Connect 16", BGP_CONNECT, false, BGP_EV_TCP_ACKED, BGP_OPEN_SENT, OPEN_SENT, 0, 0},
	{"Connect 17", BGP_CONNECT, false, BGP_EV_TCP_CONFIRMED, BGP_OPEN_SENT, OPEN_SENT, 0, 0},
	{"Connect 18", BGP_CONNECT, false, BGP_EV_TCP_FAILS, BGP_ACTIVE,
	 BGP_DO_DROP | WAIT | BGP_DO_COUNT_FAILURE, 0, 0},
	{"Connect 8", BGP_CONNECT, false, BGP_EV_AUTOMATIC_STOP, BGP_IDLE, FAILED, 0, 0},
	{"Connect 10", BGP_CONNECT, false, BGP_EV_HOLD_TIMER, BGP_IDLE, FAILED, 0, 0},
	{"Connect 21", BGP_CONNECT, false, BGP_EV_HEADER_ERR, BGP_IDLE, FAILED, 0, 0},
	{"Connect 25", BGP_CONNECT, false, BGP_EV_NOTIF, BGP_IDLE, FAILED, 0, 0},

	{"Active 1", BGP_ACTIVE, false, BGP_EV_MANUAL_START, BGP_ACTIVE, 0, 0, 0},
	{"Active 2", BGP_ACTIVE, false, BGP_EV_MANUAL_STOP, BGP_IDLE, END | BGP_DO_CLEAR_FAILURES,
	 0, 0},
	{"Active 9", BGP_ACTIVE, false, BGP_EV_CONNECT_RETRY_TIMER, BGP_CONNECT, DIAL, 0, 0},
	{"Active 9, passive: never dials", BGP_ACTIVE, true, BGP_EV_CONNECT_RETRY_TIMER, BGP_ACTIVE,
	 0, 0, 0},
	{"Active 16", BGP_ACTIVE, false, BGP_EV_TCP_ACKED, BGP_OPEN_SENT, OPEN_SENT, 0, 0},
	{"Active 17", BGP_ACTIVE, true, BGP_EV_TCP_CONFIRMED, BGP_OPEN_SENT, OPEN_SENT, 0, 0},
	{"Active 18", BGP_ACTIVE, false, BGP_EV_TCP_FAILS, BGP_ACTIVE, BGP_DO_DROP | WAIT, 0, 0},
	{"Active 19", BGP_ACTIVE, false, BGP_EV_OPEN, BGP_IDLE, FAILED, 0, 0},

	{"OpenSent 1", BGP_OPEN_SENT, false, BGP_EV_MANUAL_START, BGP_OPEN_SENT, 0, 0, 0},
	{"OpenSent 2", BGP_OPEN_SENT, false, BGP_EV_MANUAL_STOP, BGP_IDLE,
	 NOTIFY | END | BGP_DO_CLEAR_FAILURES, 6, 2},
	{"OpenSent 8", BGP_OPEN_SENT, false, BGP_EV_AUTOMATIC_STOP, BGP_IDLE, NOTIFY | FAILED, 6,
	 0},
	{"OpenSent 9", BGP_OPEN_SENT, false, BGP_EV_CONNECT_RETRY_TIMER, BGP_IDLE, NOTIFY | FAILED,
	 5, 0},
	{"OpenSent 10", BGP_OPEN_SENT, false, BGP_EV_HOLD_TIMER, BGP_IDLE, NOTIFY | FAILED, 4, 0},
	{"OpenSent 11", BGP_OPEN_SENT, false, BGP_EV_KEEPALIVE_TIMER, BGP_IDLE, NOTIFY | FAILED, 5,
	 0},
	{"OpenSent 17: a second connection", BGP_OPEN_SENT, false, BGP_EV_TCP_CONFIRMED,
	 BGP_OPEN_SENT, 0, 0, 0},
	{"OpenSent 18", BGP_OPEN_SENT, false, BGP_EV_TCP_FAILS, BGP_ACTIVE,
	 BGP_DO_DROP | WAIT | BGP_DO_STOP_TIMERS | BGP_DO_COUNT_FAILURE, 0, 0},
	{"OpenSent 19", BGP_OPEN_SENT, false, BGP_EV_OPEN, BGP_OPEN_CONFIRM,
	 RETRY_OFF | BGP_DO_NEGOTIATE | BGP_DO_SEND_KEEPALIVE, 0, 0},
	{"OpenSent 23", BGP_OPEN_SENT, false, BGP_EV_COLLISION_DUMP, BGP_IDLE, NOTIFY | FAILED, 6,
	 7},
	{"OpenSent 24", BGP_OPEN_SENT, false, BGP_EV_NOTIF_VERSION_ERR, BGP_IDLE, END, 0, 0},
	{"OpenSent 25: not answered", BGP_OPEN_SENT, false, BGP_EV_NOTIF, BGP_IDLE, FAILED, 0, 0},
	{"6608 OpenSent 26", BGP_OPEN_SENT, false, BGP_EV_KEEPALIVE, BGP_IDLE, NOTIFY | FAILED, 5,
	 1},
	{"6608 OpenSent 27", BGP_OPEN_SENT, false, BGP_EV_UPDATE, BGP_IDLE, NOTIFY | FAILED, 5, 1},
	{"6608 OpenSent 28", BGP_OPEN_SENT, false, BGP_EV_UPDATE_ERR, BGP_IDLE, NOTIFY | FAILED, 5,
	 1},
	{"6608 OpenSent ROUTE-REFRESH", BGP_OPEN_SENT, false, BGP_EV_ROUTE_REFRESH, BGP_IDLE,
	 NOTIFY | FAILED, 5, 1},

	{"OpenConfirm 1", BGP_OPEN_CONFIRM, false, BGP_EV_MANUAL_START, BGP_OPEN_CONFIRM, 0, 0, 0},
	{"OpenConfirm 2", BGP_OPEN_CONFIRM, false, BGP_EV_MANUAL_STOP, BGP_IDLE,
	 NOTIFY | END | BGP_DO_CLEAR_FAILURES, 6, 2},
	{"OpenConfirm 8", BGP_OPEN_CONFIRM, false, BGP_EV_AUTOMATIC_STOP, BGP_IDLE, NOTIFY | FAILED,
	 6, 0},
	{"OpenConfirm 10", BGP_OPEN_CONFIRM, false, BGP_EV_HOLD_TIMER, BGP_IDLE, NOTIFY | FAILED, 4,
	 0},
	{"OpenConfirm 11", BGP_OPEN_CONFIRM, false, BGP_EV_KEEPALIVE_TIMER, BGP_OPEN_CONFIRM,
	 SAY_ALIVE, 0, 0},
	{"OpenConfirm 16: a second connection", BGP_OPEN_CONFIRM, false, BGP_EV_TCP_ACKED,
	 BGP_OPEN_CONFIRM, 0, 0, 0},
	{"OpenConfirm 18", BGP_OPEN_CONFIRM, false, BGP_EV_TCP_FAILS, BGP_IDLE, FAILED, 0, 0},
	{"6608 OpenConfirm 19 on the same connection", BGP_OPEN_CONFIRM, false, BGP_EV_OPEN,
	 BGP_IDLE, NOTIFY | FAILED, 5, 2},
	{"OpenConfirm 23", BGP_OPEN_CONFIRM, false, BGP_EV_COLLISION_DUMP, BGP_IDLE,
	 NOTIFY | FAILED, 6, 7},
	{"OpenConfirm 24", BGP_OPEN_CONFIRM, false, BGP_EV_NOTIF_VERSION_ERR, BGP_IDLE, END, 0, 0},
	{"OpenConfirm 25", BGP_OPEN_CONFIRM, false, BGP_EV_NOTIF, BGP_IDLE, FAILED, 0, 0},
	{"OpenConfirm 26", BGP_OPEN_CONFIRM, false, BGP_EV_KEEPALIVE, BGP_ESTABLISHED,
	 BGP_DO_RESTART_HOLD | BGP_DO_ESTABLISHED, 0, 0},
	{"6608 OpenConfirm 27", BGP_OPEN_CONFIRM, false, BGP_EV_UPDATE, BGP_IDLE, NOTIFY | FAILED,
	 5, 2},
	{"6608 OpenConfirm 28", BGP_OPEN_CONFIRM, false, BGP_EV_UPDATE_ERR, BGP_IDLE,
	 NOTIFY | FAILED, 5, 2},
	{"6608 OpenConfirm ROUTE-REFRESH", BGP_OPEN_CONFIRM, false, BGP_EV_ROUTE_REFRESH, BGP_IDLE,
	 NOTIFY | FAILED, 5, 2},

	{"Established 1", BGP_ESTABLISHED, false, BGP_EV_MANUAL_START, BGP_ESTABLISHED, 0, 0, 0},
	{"Established 2", BGP_ESTABLISHED, false, BGP_EV_MANUAL_STOP, BGP_IDLE,
	 NOTIFY | END | DOWN | BGP_DO_CLEAR_FAILURES, 6, 2},
	{"Established 8", BGP_ESTABLISHED, false, BGP_EV_AUTOMATIC_STOP, BGP_IDLE,
	 NOTIFY | FAILED | DOWN, 6, 0},
	{"Established 10", BGP_ESTABLISHED, false, BGP_EV_HOLD_TIMER, BGP_IDLE,
	 NOTIFY | FAILED | DOWN, 4, 0},
	{"Established 11", BGP_ESTABLISHED, false, BGP_EV_KEEPALIVE_TIMER, BGP_ESTABLISHED,
	 SAY_ALIVE, 0, 0},
	{"Established 17: a second connection", BGP_ESTABLISHED, false, BGP_EV_TCP_CONFIRMED,
	 BGP_ESTABLISHED, 0, 0, 0},
	{"Established 18", BGP_ESTABLISHED, false, BGP_EV_TCP_FAILS, BGP_IDLE, FAILED | DOWN, 0, 0},
	{"6608 Established 19", BGP_ESTABLISHED, false, BGP_EV_OPEN, BGP_IDLE,
	 NOTIFY | FAILED | DOWN, 5, 3},
	{"Established 23", BGP_ESTABLISHED, false, BGP_EV_COLLISION_DUMP, BGP_IDLE,
	 NOTIFY | FAILED | DOWN, 6, 7},
	{"Established 24", BGP_ESTABLISHED, false, BGP_EV_NOTIF_VERSION_ERR, BGP_IDLE,
	 FAILED | DOWN, 0, 0},
	{"Established 25", BGP_ESTABLISHED, false, BGP_EV_NOTIF, BGP_IDLE, FAILED | DOWN, 0, 0},
	{"Established 26", BGP_ESTABLISHED, false, BGP_EV_KEEPALIVE, BGP_ESTABLISHED,
	 BGP_DO_RESTART_HOLD, 0, 0},
	{"Established 27", BGP_ESTABLISHED, false, BGP_EV_UPDATE, BGP_ESTABLISHED,
	 BGP_DO_RESTART_HOLD, 0, 0},
	{"9687 OpenSent 29: it does not run", BGP_OPEN_SENT, false, BGP_EV_SEND_HOLD_TIMER,
	 BGP_IDLE, NOTIFY | FAILED, 5, 0},
	{"9687 OpenConfirm 29", BGP_OPEN_CONFIRM, false, BGP_EV_SEND_HOLD_TIMER, BGP_IDLE, FAILED,
	 0, 0},
	{"9687 Established 29", BGP_ESTABLISHED, false, BGP_EV_SEND_HOLD_TIMER, BGP_IDLE,
	 FAILED | DOWN, 0, 0},
	{"Established ROUTE-REFRESH", BGP_ESTABLISHED, false, BGP_EV_ROUTE_REFRESH, BGP_ESTABLISHED,
	 BGP_DO_RESTART_HOLD, 0, 0},
};

Test(bgp_fsm, rfc4271_8_2_2_steps)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		const struct step_case *c = &steps[i];
		struct bgp_fsm fsm = {.state = c->from, .passive = c->passive};
		struct bgp_fsm_result r;

		bgp_fsm_event(&fsm, c->event, NULL, &r);
		cr_expect_eq(fsm.state, c->to, "%s: to %d", c->name, (int)fsm.state);
		cr_expect_eq(r.actions, c->actions, "%s: actions %x, expected %x", c->name,
			     r.actions, c->actions);
		cr_expect(r.error.code == c->code && r.error.subcode == c->subcode,
			  "%s: NOTIFICATION %u/%u", c->name, r.error.code, r.error.subcode);
	}
}

/* The events that bring an error of their own: it is what is sent. */
static const struct {
	const char *name;
	enum bgp_state from;
	enum bgp_event event;
	uint8_t code, subcode;
} errors[] = {
	{"6.1 OpenSent 21", BGP_OPEN_SENT, BGP_EV_HEADER_ERR, 1, 2},
	{"6.2 OpenSent 22", BGP_OPEN_SENT, BGP_EV_OPEN_ERR, 2, 2},
	{"6.1 OpenConfirm 21", BGP_OPEN_CONFIRM, BGP_EV_HEADER_ERR, 1, 1},
	{"6.1 Established 21", BGP_ESTABLISHED, BGP_EV_HEADER_ERR, 1, 3},
	{"6.3 Established 28", BGP_ESTABLISHED, BGP_EV_UPDATE_ERR, 3, 9},
	{"7313 5 Established 28", BGP_ESTABLISHED, BGP_EV_UPDATE_ERR, 7, 1},
	{"4486 OpenSent 2", BGP_OPEN_SENT, BGP_EV_MANUAL_STOP, 6, 3},
	{"4486 Established 2", BGP_ESTABLISHED, BGP_EV_MANUAL_STOP, 6, 4},
	{"9384 3 Established 8", BGP_ESTABLISHED, BGP_EV_AUTOMATIC_STOP, 6, 10},
};

Test(bgp_fsm, rfc4271_6_the_error_is_sent_with_its_data)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct bgp_fsm fsm = {.state = errors[i].from};
		struct bgp_fsm_result r;
		struct bgp_error error;

		bgp_error_set_data(&error, errors[i].code, errors[i].subcode, "ab", 2);
		bgp_fsm_event(&fsm, errors[i].event, &error, &r);
		cr_expect_eq(fsm.state, BGP_IDLE, "%s", errors[i].name);
		cr_expect(r.actions & BGP_DO_SEND_NOTIFICATION, "%s", errors[i].name);
		cr_expect(r.error.code == errors[i].code && r.error.subcode == errors[i].subcode,
			  "%s: %u/%u", errors[i].name, r.error.code, r.error.subcode);
		cr_expect(r.error.data_len == 2 && r.error.data[1] == 'b', "%s: data",
			  errors[i].name);
	}
}

/* RFC 6608 3: what the bad UPDATE had wrong is not what is told where none may come. */
Test(bgp_fsm, rfc6608_3_a_bad_update_in_open_confirm_is_a_matter_of_state)
{
	struct bgp_fsm fsm = {.state = BGP_OPEN_CONFIRM};
	struct bgp_fsm_result r;
	struct bgp_error error;

	bgp_error_set_data(&error, BGP_ERR_UPDATE, BGP_UPDATE_OPTIONAL_ATTR, "ab", 2);
	bgp_fsm_event(&fsm, BGP_EV_UPDATE_ERR, &error, &r);
	cr_expect(r.error.code == BGP_ERR_FSM && r.error.subcode == BGP_FSM_IN_OPEN_CONFIRM);
	cr_expect(r.error.data_len == 1 && r.error.data[0] == BGP_UPDATE);
}

/* The data is the type of the message, in one octet. */
static const struct {
	const char *name;
	enum bgp_state in;
	enum bgp_event event;
	uint8_t subcode, type;
} unexpected[] = {
	{"6608 4 KEEPALIVE", BGP_OPEN_SENT, BGP_EV_KEEPALIVE, 1, 4},
	{"6608 4 UPDATE", BGP_OPEN_SENT, BGP_EV_UPDATE, 1, 2},
	{"6608 4 bad UPDATE", BGP_OPEN_SENT, BGP_EV_UPDATE_ERR, 1, 2},
	{"6608 4 ROUTE-REFRESH", BGP_OPEN_SENT, BGP_EV_ROUTE_REFRESH, 1, 5},
	{"6608 5 OPEN", BGP_OPEN_CONFIRM, BGP_EV_OPEN, 2, 1},
	{"6608 5 UPDATE", BGP_OPEN_CONFIRM, BGP_EV_UPDATE, 2, 2},
	{"6608 5 ROUTE-REFRESH", BGP_OPEN_CONFIRM, BGP_EV_ROUTE_REFRESH, 2, 5},
	{"6608 6 OPEN", BGP_ESTABLISHED, BGP_EV_OPEN, 3, 1},
};

Test(bgp_fsm, rfc6608_4_the_data_is_the_type)
{
	for (size_t i = 0; i < sizeof(unexpected) / sizeof(unexpected[0]); i++) {
		struct bgp_fsm fsm = {.state = unexpected[i].in};
		struct bgp_fsm_result r;

		bgp_fsm_event(&fsm, unexpected[i].event, NULL, &r);
		cr_expect(r.error.code == BGP_ERR_FSM && r.error.subcode == unexpected[i].subcode,
			  "%s: %u/%u", unexpected[i].name, r.error.code, r.error.subcode);
		cr_expect(r.error.data_len == 1 && r.error.data[0] == unexpected[i].type,
			  "%s: data", unexpected[i].name);
	}
}

static void check_step(enum bgp_state from, enum bgp_event event, bool passive)
{
	struct bgp_fsm fsm = {.state = from, .passive = passive};
	struct bgp_fsm_result r;
	bool left = fsm.state == BGP_ESTABLISHED, has, notifies;

	bgp_fsm_event(&fsm, event, NULL, &r);
	left = left && fsm.state != BGP_ESTABLISHED;
	has = fsm.state >= BGP_OPEN_SENT;
	notifies = r.actions & BGP_DO_SEND_NOTIFICATION;
	cr_expect_eq(left, (r.actions & BGP_DO_RELEASE) != 0, "%d %d: release", (int)from,
		     (int)event);
	cr_expect_eq(fsm.state == BGP_ESTABLISHED && from != BGP_ESTABLISHED,
		     (r.actions & BGP_DO_ESTABLISHED) != 0, "%d %d: established", (int)from,
		     (int)event);
	cr_expect_eq(notifies, r.error.code != 0, "%d %d: error", (int)from, (int)event);
	cr_expect(!notifies || from >= BGP_OPEN_SENT, "%d %d: nobody to notify", (int)from,
		  (int)event);
	cr_expect(!notifies || fsm.state == BGP_IDLE, "%d %d: a NOTIFICATION ends it", (int)from,
		  (int)event);
	cr_expect(from < BGP_OPEN_SENT || has || (r.actions & BGP_DO_DROP),
		  "%d %d: the connection is forgotten", (int)from, (int)event);
	cr_expect(!has || !(r.actions & BGP_DO_DROP), "%d %d: there is none left", (int)from,
		  (int)event);
	cr_expect(!passive || !(r.actions & BGP_DO_CONNECT), "%d %d: a passive one dials",
		  (int)from, (int)event);
}

/* What holds of every state and event. */
Test(bgp_fsm, rfc4271_8_2_1_always)
{
	for (int from = BGP_IDLE; from <= BGP_ESTABLISHED; from++) {
		for (int event = BGP_EV_MANUAL_START; event <= BGP_EV_ROUTE_REFRESH; event++) {
			check_step((enum bgp_state)from, (enum bgp_event)event, false);
			if (from != BGP_CONNECT) /* a passive one never is */
				check_step((enum bgp_state)from, (enum bgp_event)event, true);
		}
	}
}

/* Who keeps the connection that we dialled. */
static const struct {
	const char *name;
	uint32_t my_id, my_asn, peer_id, peer_asn;
	bool dialled;
} collisions[] = {
	{"6.8 ours is higher", 0xc0000202, 65001, 0xc0000201, 65002, true},
	{"6.8 theirs is higher", 0xc0000201, 65002, 0xc0000202, 65001, false},
	{"6.8 compared as unsigned numbers", 0xc0000201, 65001, 0x0a000001, 65002, true},
	{"6286 2.3 equal: the greater AS, ours", 0xc0000201, 65002, 0xc0000201, 65001, true},
	{"6286 2.3 equal: the greater AS, theirs", 0xc0000201, 65001, 0xc0000201, 4200000000,
	 false},
};

Test(bgp_fsm, rfc4271_6_8_collision)
{
	for (size_t i = 0; i < sizeof(collisions) / sizeof(collisions[0]); i++) {
		bool ours =
			bgp_collision_keeps_dialled(collisions[i].my_id, collisions[i].my_asn,
						    collisions[i].peer_id, collisions[i].peer_asn);
		bool theirs =
			bgp_collision_keeps_dialled(collisions[i].peer_id, collisions[i].peer_asn,
						    collisions[i].my_id, collisions[i].my_asn);

		cr_expect_eq(ours, collisions[i].dialled, "%s", collisions[i].name);
		cr_expect_neq(ours, theirs, "%s: both sides keep the same one", collisions[i].name);
	}
}
