/* echo.c: echoes of one session: sent, come back, lost */
#include "bfd/echo.h"

#include "base/bytes.h"

#include <string.h>

enum { VERSION = 1, LOOP_BURST = 8 };

static const int64_t US = 1000;

/* ---- bytes ---- */

void bfd_echo_encode(uint8_t buf[BFD_ECHO_LEN], const struct bfd_echo_packet *p)
{
	struct writer w = writer_of(buf, BFD_ECHO_LEN);

	write_u8(&w, VERSION);
	write_u8(&w, BFD_ECHO_LEN);
	write_u16(&w, 0);
	write_u32(&w, p->discr);
	write_u32(&w, p->sequence);
	write_u32(&w, (uint32_t)(p->nonce >> 32));
	write_u32(&w, (uint32_t)p->nonce);
	write_u32(&w, 0);
}

bool bfd_echo_decode(struct bfd_echo_packet *ret, const uint8_t *data, size_t len)
{
	struct reader r = reader_of(data, len);
	const uint8_t version = read_u8(&r), length = read_u8(&r);
	struct bfd_echo_packet p;

	(void)read_u16(&r);
	p.discr = read_u32(&r);
	p.sequence = read_u32(&r);
	p.nonce = (uint64_t)read_u32(&r) << 32;
	p.nonce |= read_u32(&r);
	(void)read_u32(&r);
	if (r.bad || version != VERSION || length != BFD_ECHO_LEN)
		return false;
	*ret = p;
	return true;
}

/* ---- in time ---- */

static int64_t detection_ns(const struct bfd_echo *e)
{
	return (int64_t)e->multiplier * e->interval_us * US;
}

void bfd_echo_set(struct bfd_echo *e, uint32_t interval_us, uint8_t multiplier, int64_t now)
{
	const bool was_sent = e->interval_us > 0;

	if (interval_us == e->interval_us && multiplier == e->multiplier)
		return;
	e->interval_us = interval_us;
	e->multiplier = multiplier;
	if (interval_us > 0 && was_sent) {
		/* those on the way are awaited by the new measure */
		if (e->proven)
			e->expires_at = now + detection_ns(e);
		return;
	}
	e->proven = false;
	e->unanswered = 0;
	e->expires_at = e->came_back_at = 0;
	e->transmit_at = interval_us > 0 ? now : 0;
	memset(e->sent, 0, sizeof(e->sent));
}

bool bfd_echo_is_due(const struct bfd_echo *e, int64_t now)
{
	return e->transmit_at && e->transmit_at <= now;
}

struct bfd_echo_packet bfd_echo_take(struct bfd_echo *e, uint64_t nonce, uint32_t wait_us,
				     int64_t now)
{
	const uint32_t sequence = e->sequence++;

	e->sent[sequence % BFD_ECHO_WINDOW].nonce = nonce;
	e->sent[sequence % BFD_ECHO_WINDOW].at = now;
	e->transmit_at = now + wait_us * US;
	e->packets_out++;
	e->unanswered++;
	return (struct bfd_echo_packet){.sequence = sequence, .nonce = nonce};
}

bool bfd_echo_returned(struct bfd_echo *e, const struct bfd_echo_packet *packet, int64_t now)
{
	const unsigned i = packet->sequence % BFD_ECHO_WINDOW;

	if (!e->interval_us || !e->sent[i].at || e->sent[i].nonce != packet->nonce ||
	    e->sequence - packet->sequence - 1 >= BFD_ECHO_WINDOW)
		return false;
	histogram_add(&e->round_trip, now - e->sent[i].at);
	e->sent[i].at = 0;
	e->packets_in++;
	e->proven = true;
	e->unanswered = 0;
	e->came_back_at = now;
	e->expires_at = now + detection_ns(e);
	return true;
}

bool bfd_echo_expires(const struct bfd_echo *e, int64_t now)
{
	return e->expires_at && e->expires_at <= now;
}

bool bfd_echo_is_lost(struct bfd_echo *e, int64_t now)
{
	if (!bfd_echo_expires(e, now))
		return false;
	if (e->unanswered >= e->multiplier)
		return true;
	e->expires_at = now + e->interval_us * US;
	return false;
}

int64_t bfd_echo_deadline(const struct bfd_echo *e)
{
	if (e->transmit_at && (!e->expires_at || e->transmit_at < e->expires_at))
		return e->transmit_at;
	return e->expires_at;
}

bool bfd_echo_may_loop(int64_t *at, uint32_t interval_us, int64_t now)
{
	const int64_t share = interval_us * US / 2;

	if (*at < now)
		*at = now;
	if (*at - now >= LOOP_BURST * share)
		return false;
	*at += share;
	return true;
}
