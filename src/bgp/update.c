/* update.c: UPDATE messages on the way out, packed (RFC 4271 4.3, 4760 3 and 4) */
#include "bgp/update.h"

#include <string.h>

/* Head of an MP attribute: flags, code, length, AFI, SAFI; MP_REACH's next hop comes with its own
 * length and a reserved byte. */
enum { MP_HEAD = 7, MP_REACH_HEAD = MP_HEAD + 2 };

static size_t nlri_size(const struct prefix *prefix)
{
	return 1 + (prefix->len + 7u) / 8;
}

void update_begin(struct update_packer *p, struct writer *w, size_t max)
{
	memset(p, 0, sizeof(*p));
	p->w = w;
	p->max = max;
}

/* Ends the message that is open: fills in the lengths. */
static void close_message(struct update_packer *p)
{
	struct writer *w = p->w;

	if (p->what == UPDATE_IDLE)
		return;
	if (!p->mp && p->what == UPDATE_WITHDRAWING) {
		write_len16_close(w, p->list);
		write_u16(w, 0); /* no path attributes */
	} else if (p->mp) {
		write_len16_close(w, p->nlri);
		/* MP_REACH comes first: the others had to wait for its end */
		if (p->what == UPDATE_ANNOUNCING)
			attrs_encode(w, &p->attrs, p->family);
		write_len16_close(w, p->list);
	}
	bgp_message_close(w, p->message);
	p->what = UPDATE_IDLE;
}

/* Room for the attributes of an announcement, measured once a message, where it will stand. */
static size_t attrs_size(const struct writer *room, const struct wire_attrs *attrs, uint8_t family)
{
	struct writer w = writer_of(room->start + writer_len(room), writer_left(room));

	attrs_encode(&w, attrs, family);
	return w.full ? SIZE_MAX / 2 : writer_len(&w);
}

/* Begins a message; false where the writer has no room for one with this prefix. */
static bool open_announcement(struct update_packer *p, const struct wire_attrs *attrs,
			      const struct prefix *prefix)
{
	struct writer *w = p->w;
	uint8_t family = prefix->addr.family;
	bool needs_mp = attrs_need_mp(attrs, family);
	size_t size = attrs_size(w, attrs, family);
	size_t mp = !needs_mp ? 0 : MP_REACH_HEAD + addr_bits(&attrs->next_hop) / 8;
	size_t least = BGP_HEADER_LEN + 4 + mp + size + nlri_size(prefix); /* and two lengths */
	size_t room = writer_left(w) < p->max ? writer_left(w) : p->max;

	if (room < least)
		return false;
	p->message = bgp_message_open(w, BGP_UPDATE);
	p->limit = p->message + room;
	write_u16(w, 0); /* nothing withdrawn */
	p->list = write_len16_open(w);
	if (!needs_mp) {
		attrs_encode(w, attrs, family);
		write_len16_close(w, p->list);
	} else {
		p->nlri = attr_mp_reach_open(w, attrs, family);
		p->limit -= size; /* written behind the NLRI */
	}
	p->attrs = *attrs;
	p->family = family;
	p->mp = needs_mp;
	p->what = UPDATE_ANNOUNCING;
	p->messages++;
	return true;
}

/* size: of the first prefix, 0 for an End-of-RIB. */
static bool open_withdrawal(struct update_packer *p, uint8_t family, size_t size)
{
	struct writer *w = p->w;
	size_t room = writer_left(w) < p->max ? writer_left(w) : p->max;

	if (room < BGP_HEADER_LEN + 4 + (family == ADDR_IPV4 ? 0 : MP_HEAD) + size)
		return false;
	p->message = bgp_message_open(w, BGP_UPDATE);
	p->limit = p->message + room;
	if (family == ADDR_IPV4) {
		p->list = write_len16_open(w);
		p->limit -= 2; /* the length of the path attributes comes behind */
	} else {
		write_u16(w, 0);
		p->list = write_len16_open(w);
		p->nlri = attr_mp_unreach_open(w, family);
	}
	p->family = family;
	p->mp = family != ADDR_IPV4;
	p->what = UPDATE_WITHDRAWING;
	p->messages++;
	return true;
}

static bool has_room(const struct update_packer *p, const struct prefix *prefix)
{
	return writer_len(p->w) + nlri_size(prefix) <= p->limit;
}

bool update_announce(struct update_packer *p, const struct wire_attrs *attrs,
		     const struct prefix *prefix)
{
	uint8_t family = prefix->addr.family;

	if (p->what != UPDATE_ANNOUNCING || p->family != family || !has_room(p, prefix) ||
	    !wire_attrs_same(&p->attrs, attrs)) {
		close_message(p);
		if (!open_announcement(p, attrs, prefix))
			return false;
	}
	nlri_encode(p->w, prefix);
	return true;
}

bool update_withdraw(struct update_packer *p, const struct prefix *prefix)
{
	uint8_t family = prefix->addr.family;

	if (p->what != UPDATE_WITHDRAWING || p->family != family || !has_room(p, prefix)) {
		close_message(p);
		if (!open_withdrawal(p, family, nlri_size(prefix)))
			return false;
	}
	nlri_encode(p->w, prefix);
	return true;
}

bool update_end_of_rib(struct update_packer *p, uint8_t family)
{
	close_message(p);
	if (!open_withdrawal(p, family, 0))
		return false;
	close_message(p);
	return true;
}

size_t update_finish(struct update_packer *p)
{
	close_message(p);
	return p->messages;
}
