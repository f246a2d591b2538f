/* codec.c: framing, KEEPALIVE, ROUTE-REFRESH (RFC 4271 4.1, 4.4; RFC 2918) */
#include "bgp/codec.h"

#include "base/addr.h"
#include "bgp/attr.h"

#include <string.h>

static const uint8_t marker[16] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
				   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

void bgp_error_set(struct bgp_error *error, uint8_t code, uint8_t subcode)
{
	bgp_error_set_data(error, code, subcode, NULL, 0);
}

void bgp_error_set_data(struct bgp_error *error, uint8_t code, uint8_t subcode, const void *data,
			size_t len)
{
	error->code = code;
	error->subcode = subcode;
	error->data_len = (uint16_t)(len < BGP_ERROR_DATA_MAX ? len : BGP_ERROR_DATA_MAX);
	if (error->data_len > 0)
		memcpy(error->data, data, error->data_len);
}

/* RFC 4271 6.1: the least and greatest length of each type; extended messages by RFC 8654 4. */
static bool length_fits(uint8_t type, size_t len, size_t max)
{
	switch (type) {
	case BGP_OPEN:
		return len >= 29 && len <= BGP_MESSAGE_MAX;
	case BGP_UPDATE:
		return len >= 23 && len <= max;
	case BGP_NOTIFICATION:
		return len >= 21 && len <= max;
	case BGP_KEEPALIVE:
		return len == BGP_HEADER_LEN;
	case BGP_ROUTE_REFRESH:
		/* its body's length is judged by RFC 7313 5 */
		return len <= max;
	default:
		return len <= max;
	}
}

int bgp_frame(const uint8_t *bytes, size_t len, size_t max, enum bgp_type *type,
	      struct bgp_error *error)
{
	size_t checked = len < sizeof(marker) ? len : sizeof(marker);
	struct reader r;
	uint16_t message_len;
	uint8_t t;

	if (memcmp(bytes, marker, checked) != 0) {
		bgp_error_set(error, BGP_ERR_HEADER, BGP_HEADER_NOT_SYNCHRONIZED);
		return -1;
	}
	if (len < BGP_HEADER_LEN)
		return 0;
	r = reader_of(bytes + sizeof(marker), 3);
	message_len = read_u16(&r);
	t = read_u8(&r);
	if (message_len < BGP_HEADER_LEN || !length_fits(t, message_len, max)) {
		bgp_error_set_data(error, BGP_ERR_HEADER, BGP_HEADER_BAD_LENGTH,
				   bytes + sizeof(marker), 2);
		return -1;
	}
	if (t < BGP_OPEN || t > BGP_ROUTE_REFRESH) {
		bgp_error_set_data(error, BGP_ERR_HEADER, BGP_HEADER_BAD_TYPE, &t, 1);
		return -1;
	}
	*type = (enum bgp_type)t;
	return message_len;
}

size_t bgp_message_open(struct writer *w, enum bgp_type type)
{
	size_t start = writer_len(w);

	write_bytes(w, marker, sizeof(marker));
	write_u16(w, 0);
	write_u8(w, (uint8_t)type);
	return start;
}

void bgp_message_close(struct writer *w, size_t start)
{
	size_t len = writer_len(w) - start;
	struct writer slot;

	if (w->full)
		return;
	slot = writer_of(w->start + start + sizeof(marker), 2);
	write_u16(&slot, (uint16_t)len);
}

void bgp_keepalive_encode(struct writer *w)
{
	bgp_message_close(w, bgp_message_open(w, BGP_KEEPALIVE));
}

void bgp_notification_encode(struct writer *w, const struct bgp_error *error)
{
	size_t start = bgp_message_open(w, BGP_NOTIFICATION);

	write_u8(w, error->code);
	write_u8(w, error->subcode);
	write_bytes(w, error->data, error->data_len);
	bgp_message_close(w, start);
}

bool bgp_notification_decode(struct reader *r, struct bgp_error *ret)
{
	uint8_t code = read_u8(r), subcode = read_u8(r);
	size_t len = reader_left(r);

	if (r->bad)
		return false;
	bgp_error_set_data(ret, code, subcode, read_bytes(r, len), len);
	return true;
}

/* With the whole message as data, as far as it is kept. */
static void refresh_length_error(struct bgp_error *error, const uint8_t *body, size_t len)
{
	uint8_t data[BGP_ERROR_DATA_MAX];
	struct writer w = writer_of(data, sizeof(data));

	write_bytes(&w, marker, sizeof(marker));
	write_u16(&w, (uint16_t)(BGP_HEADER_LEN + len));
	write_u8(&w, BGP_ROUTE_REFRESH);
	write_bytes(&w, body, len < writer_left(&w) ? len : writer_left(&w));
	bgp_error_set_data(error, BGP_ERR_ROUTE_REFRESH, BGP_REFRESH_BAD_LENGTH, data,
			   writer_len(&w));
}

void bgp_refresh_encode(struct writer *w, uint8_t family, enum bgp_refresh what)
{
	size_t start = bgp_message_open(w, BGP_ROUTE_REFRESH);

	write_u16(w, family == ADDR_IPV4 ? AFI_IPV4 : AFI_IPV6);
	write_u8(w, (uint8_t)what);
	write_u8(w, SAFI_UNICAST);
	bgp_message_close(w, start);
}

bool bgp_refresh_decode(struct reader *r, uint8_t *family, enum bgp_refresh *what,
			struct bgp_error *error)
{
	const uint8_t *body = r->at;
	size_t len = reader_left(r);
	uint16_t afi = read_u16(r);
	uint8_t subtype = read_u8(r);
	bool known = r->bad || subtype <= BGP_REFRESH_END;
	uint8_t safi = read_u8(r);

	/* RFC 7313 5: an unknown subtype is ignored; of the others a wrong length is an error (the
	 * ORF entries of RFC 5291 are not offered). */
	if (known && (r->bad || reader_left(r) > 0)) {
		refresh_length_error(error, body, len);
		return false;
	}
	*family = ADDR_NONE;
	if (known && safi == SAFI_UNICAST)
		*family = afi == AFI_IPV4 ? ADDR_IPV4 : afi == AFI_IPV6 ? ADDR_IPV6 : ADDR_NONE;
	*what = known ? (enum bgp_refresh)subtype : BGP_REFRESH_REQUEST;
	return true;
}
