/* codec.c: the 24 bytes of a control packet, and the checks that need no session */
#include "bfd/codec.h"

#include "base/bytes.h"

enum {
	POLL = 0x20,
	FINAL = 0x10,
	INDEPENDENT = 0x08,
	AUTH = 0x04,
	DEMAND = 0x02,
	MULTIPOINT = 0x01
};
enum { AUTH_LEN_MIN = 26 };

const char *bfd_state_name(enum bfd_state state)
{
	static const char *const names[BFD_STATE_COUNT] = {"AdminDown", "Down", "Init", "Up"};

	return names[state];
}

const char *bfd_diag_text(unsigned diag)
{
	static const char *const texts[BFD_DIAG_COUNT] = {
		"none",
		"detection time expired",
		"echo failed",
		"neighbor signaled session down",
		"forwarding plane reset",
		"path down",
		"concatenated path down",
		"administratively down",
		"reverse concatenated path down",
	};

	return diag < BFD_DIAG_COUNT ? texts[diag] : "unknown";
}

/* In the order of 6.8.6. */
static enum bfd_discard check(const struct bfd_packet *p, unsigned version, uint8_t flags,
			      unsigned length, size_t len)
{
	if (version != BFD_VERSION)
		return BFD_BAD_VERSION;
	if (length < (flags & AUTH ? AUTH_LEN_MIN : BFD_PACKET_LEN))
		return BFD_SHORT;
	if (length > len)
		return BFD_BAD_LENGTH;
	if (p->detect_mult == 0)
		return BFD_NO_MULTIPLIER;
	if (flags & MULTIPOINT)
		return BFD_MULTIPOINT;
	if (p->my_discr == 0)
		return BFD_NO_DISCRIMINATOR;
	if (p->your_discr == 0 && p->state != BFD_DOWN && p->state != BFD_ADMIN_DOWN)
		return BFD_UNEXPECTED;
	return flags & AUTH ? BFD_AUTHENTICATED : BFD_OK;
}

enum bfd_discard bfd_decode(struct bfd_packet *ret, const uint8_t *data, size_t len)
{
	struct reader r = reader_of(data, len);
	uint8_t first = read_u8(&r), flags = read_u8(&r), length;
	struct bfd_packet p = {
		.diag = first & 0x1f,
		.state = flags >> 6,
		.poll = flags & POLL,
		.final = flags & FINAL,
		.control_plane_independent = flags & INDEPENDENT,
		.demand = flags & DEMAND,
	};
	enum bfd_discard reason;

	p.detect_mult = read_u8(&r);
	length = read_u8(&r);
	p.my_discr = read_u32(&r);
	p.your_discr = read_u32(&r);
	p.desired_min_tx_us = read_u32(&r);
	p.required_min_rx_us = read_u32(&r);
	p.required_min_echo_rx_us = read_u32(&r);
	if (r.bad)
		return BFD_SHORT;
	reason = check(&p, first >> 5, flags, length, len);
	if (reason == BFD_OK)
		*ret = p;
	return reason;
}

void bfd_encode(uint8_t buf[BFD_PACKET_LEN], const struct bfd_packet *p)
{
	struct writer w = writer_of(buf, BFD_PACKET_LEN);

	write_u8(&w, (uint8_t)(BFD_VERSION << 5 | (p->diag & 0x1f)));
	write_u8(&w, (uint8_t)(p->state << 6 | (p->poll ? POLL : 0) | (p->final ? FINAL : 0) |
			       (p->control_plane_independent ? INDEPENDENT : 0) |
			       (p->demand ? DEMAND : 0)));
	write_u8(&w, p->detect_mult);
	write_u8(&w, BFD_PACKET_LEN);
	write_u32(&w, p->my_discr);
	write_u32(&w, p->your_discr);
	write_u32(&w, p->desired_min_tx_us);
	write_u32(&w, p->required_min_rx_us);
	write_u32(&w, p->required_min_echo_rx_us);
}
