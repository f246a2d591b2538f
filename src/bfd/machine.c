/* machine.c: the state machine of RFC 5880 6.8.6, its intervals and its polls */
#include "bfd/machine.h"

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* 6.8.3: while a session is not Up it is slow, however fast it is to be. */
static uint32_t desired_tx(const struct bfd_machine *m)
{
	return m->state == BFD_UP ? m->params.transmit_us
				  : larger(m->params.transmit_us, BFD_SLOW_US);
}

/* 6.8.3: control packets need not be fast while echoes watch the path. */
static uint32_t required_rx(const struct bfd_machine *m)
{
	return m->echo_works ? larger(m->params.receive_us, BFD_SLOW_US) : m->params.receive_us;
}

void bfd_machine_init(struct bfd_machine *m, uint32_t local_discr, const struct bfd_params *params)
{
	*m = (struct bfd_machine){
		.params = *params,
		.state = BFD_DOWN,
		.remote_state = BFD_DOWN,
		.local_discr = local_discr,
		.remote_min_rx_us = 1, /* 6.8.1: initially */
		.rx_in_use_us = params->receive_us,
	};
	m->tx_in_use_us = desired_tx(m);
}

uint32_t bfd_tx_interval_us(const struct bfd_machine *m)
{
	if (m->remote_min_rx_us == 0 || (m->params.passive && m->remote_discr == 0))
		return 0;
	/* 6.6: the peer has asked for silence, and no poll needs an answer */
	if (m->remote_demand && m->state == BFD_UP && m->remote_state == BFD_UP && !m->polling)
		return 0;
	return larger(m->tx_in_use_us, m->remote_min_rx_us);
}

uint64_t bfd_detection_us(const struct bfd_machine *m)
{
	if (m->remote_mult == 0)
		return 0;
	return (uint64_t)m->remote_mult * larger(m->rx_in_use_us, m->remote_desired_tx_us);
}

uint32_t bfd_jitter_us(uint32_t interval_us, uint8_t detect_mult, uint64_t dice)
{
	const uint64_t least = (uint64_t)interval_us * 75 / 100;
	const uint64_t most = detect_mult == 1 ? (uint64_t)interval_us * 90 / 100 : interval_us;

	return (uint32_t)(least + dice % (most - least + 1));
}

/* Another Desired Min TX or Required Min RX.  What makes us slower, or would make us give up
 * earlier, waits for the peer to know (6.8.3). */
static unsigned set_intervals(struct bfd_machine *m)
{
	const uint32_t tx = desired_tx(m), rx = required_rx(m);
	const uint32_t before = bfd_tx_interval_us(m);

	if (m->state != BFD_UP || tx <= m->tx_in_use_us)
		m->tx_in_use_us = tx;
	if (m->state != BFD_UP || rx >= m->rx_in_use_us)
		m->rx_in_use_us = rx;
	return bfd_tx_interval_us(m) != before ? BFD_DO_TX_TIMER : 0;
}

static unsigned end_poll(struct bfd_machine *m)
{
	const uint32_t before = bfd_tx_interval_us(m);

	m->polling = false;
	m->tx_in_use_us = desired_tx(m);
	m->rx_in_use_us = required_rx(m);
	return bfd_tx_interval_us(m) != before ? BFD_DO_TX_TIMER : 0;
}

static unsigned go(struct bfd_machine *m, enum bfd_state state, uint8_t diag)
{
	unsigned actions = BFD_DO_STATE | BFD_DO_SEND;

	m->state = state;
	m->diag = diag;
	m->echo_works = false;
	/* fast from Up on: a poll tells the peer of the new interval; slow again without one */
	m->polling = state == BFD_UP && m->params.transmit_us != m->tx_in_use_us;
	actions |= set_intervals(m);
	return actions;
}

/* 6.8.6, the state machine */
static unsigned step(struct bfd_machine *m, enum bfd_state received)
{
	if (received == BFD_ADMIN_DOWN)
		return m->state != BFD_DOWN ? go(m, BFD_DOWN, BFD_DIAG_NEIGHBOR_DOWN) : 0;
	switch (m->state) {
	case BFD_DOWN:
		if (received == BFD_DOWN)
			return go(m, BFD_INIT, BFD_DIAG_NONE);
		return received == BFD_INIT ? go(m, BFD_UP, BFD_DIAG_NONE) : 0;
	case BFD_INIT:
		return received >= BFD_INIT ? go(m, BFD_UP, BFD_DIAG_NONE) : 0;
	case BFD_UP:
		return received == BFD_DOWN ? go(m, BFD_DOWN, BFD_DIAG_NEIGHBOR_DOWN) : 0;
	case BFD_ADMIN_DOWN:
	case BFD_STATE_COUNT:
		break;
	}
	return 0;
}

/* The peer speaks of a session that we had before a restart, and is Down: FRR does so for ever once
 * it heard AdminDown.  Two that wait for each other would never come up; now we know who speaks,
 * and no longer have to be silent (6.8.7). */
static unsigned wake(struct bfd_machine *m, const struct bfd_packet *p)
{
	if (!m->params.passive || m->remote_discr != 0 || m->state != BFD_DOWN ||
	    p->state > BFD_DOWN)
		return 0;
	m->remote_discr = p->my_discr;
	return BFD_DO_SEND | BFD_DO_TX_TIMER;
}

unsigned bfd_receive(struct bfd_machine *m, const struct bfd_packet *p, enum bfd_discard *reason)
{
	const uint32_t before = bfd_tx_interval_us(m);
	unsigned actions = 0;

	*reason = BFD_OK;
	if (p->your_discr != 0 && p->your_discr != m->local_discr) {
		*reason = BFD_NO_SESSION;
		return wake(m, p);
	}
	m->remote_discr = p->my_discr;
	m->remote_state = p->state;
	m->remote_diag = p->diag;
	m->remote_demand = p->demand;
	m->remote_min_rx_us = p->required_min_rx_us;
	m->remote_min_echo_rx_us = p->required_min_echo_rx_us;
	m->remote_desired_tx_us = p->desired_min_tx_us;
	m->remote_mult = p->detect_mult;
	if (m->polling && p->final)
		actions |= end_poll(m);
	if (bfd_tx_interval_us(m) != before)
		actions |= BFD_DO_TX_TIMER;
	if (m->state == BFD_ADMIN_DOWN) {
		*reason = BFD_SESSION_ADMIN_DOWN;
		return actions;
	}
	actions |= step(m, p->state) | BFD_DO_DETECT_TIMER;
	if (p->poll) {
		m->final_due = true;
		actions |= BFD_DO_SEND;
	}
	return actions;
}

static unsigned lose(struct bfd_machine *m, uint8_t diag)
{
	if (m->state != BFD_INIT && m->state != BFD_UP)
		return 0;
	return go(m, BFD_DOWN, diag);
}

unsigned bfd_detect_expired(struct bfd_machine *m)
{
	const uint32_t before = bfd_tx_interval_us(m);
	unsigned actions;

	/* 6.8.1: forgotten once nothing was heard for a detection time */
	m->remote_discr = 0;
	m->remote_mult = 0;
	m->remote_state = BFD_DOWN;
	m->remote_demand = false;
	actions = lose(m, BFD_DIAG_TIME_EXPIRED) | BFD_DO_STOP_DETECT;
	if (bfd_tx_interval_us(m) != before)
		actions |= BFD_DO_TX_TIMER;
	return actions;
}

unsigned bfd_echo_failed(struct bfd_machine *m)
{
	return m->state == BFD_UP ? go(m, BFD_DOWN, BFD_DIAG_ECHO_FAILED) : 0;
}

unsigned bfd_echo_works(struct bfd_machine *m, bool works)
{
	const uint32_t before = required_rx(m);
	unsigned actions;

	if (m->state != BFD_UP || m->echo_works == works)
		return 0;
	m->echo_works = works;
	if (required_rx(m) == before)
		return 0;
	m->polling = true;
	actions = set_intervals(m) | BFD_DO_SEND;
	return actions | (m->remote_mult ? BFD_DO_DETECT_TIMER : 0);
}

uint32_t bfd_echo_interval_us(const struct bfd_machine *m)
{
	if (m->state != BFD_UP || m->remote_min_echo_rx_us == 0 || m->params.echo_transmit_us == 0)
		return 0;
	return larger(m->params.echo_transmit_us, m->remote_min_echo_rx_us);
}

unsigned bfd_admin(struct bfd_machine *m, bool down)
{
	if (down)
		return m->state == BFD_ADMIN_DOWN ? 0 : go(m, BFD_ADMIN_DOWN, BFD_DIAG_ADMIN_DOWN);
	return m->state == BFD_ADMIN_DOWN ? go(m, BFD_DOWN, BFD_DIAG_NONE) : 0;
}

unsigned bfd_set_params(struct bfd_machine *m, const struct bfd_params *params)
{
	const bool timers = params->transmit_us != m->params.transmit_us ||
			    params->receive_us != m->params.receive_us;
	unsigned actions;

	m->params = *params;
	actions = set_intervals(m);
	if (!timers)
		return actions;
	if (m->state == BFD_UP) {
		m->polling = true;
		actions |= BFD_DO_SEND;
	}
	return actions | (m->remote_mult ? BFD_DO_DETECT_TIMER : 0);
}

bool bfd_packet_to_send(struct bfd_machine *m, struct bfd_packet *ret)
{
	if (m->params.passive && m->remote_discr == 0 && m->state != BFD_ADMIN_DOWN)
		return false;
	*ret = (struct bfd_packet){
		.diag = m->diag,
		.state = (uint8_t)m->state,
		.final = m->final_due,
		.poll = m->polling && !m->final_due, /* 6.5: never both */
		.detect_mult = m->params.detect_mult,
		.my_discr = m->local_discr,
		.your_discr = m->remote_discr,
		.desired_min_tx_us = desired_tx(m),
		.required_min_rx_us = required_rx(m),
		.required_min_echo_rx_us = m->params.echo_receive_us,
	};
	m->final_due = false;
	return true;
}
