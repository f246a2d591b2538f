/* frame.c: IPv4 and UDP headers of looped echoes (RFC 791, RFC 768) */
#include "bfd/frame.h"

#include "base/bytes.h"

#include <string.h>

enum {
	IPV4_HEADER = 20,
	UDP_HEADER = 8,
	VERSION_AND_LENGTH = 0x45,
	CONTROL = 0xc0, /* class selector 6 */
	TTL = 255,
	UDP = 17,
	FRAGMENT = 0x3fff, /* more of them, or not the first */
	TTL_AT = 8,
	CHECKSUM_AT = 10,
	UDP_CHECKSUM_AT = IPV4_HEADER + 6,
};

/* Ones' complement sum of 16-bit words, added to what is there. */
static uint32_t add_words(uint32_t sum, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)data[i] << 8 | (i + 1 < len ? data[i + 1] : 0u);
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static void put_u16(uint8_t *at, uint16_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static uint16_t udp_checksum(const uint8_t *packet, size_t udp_len)
{
	const uint32_t pseudo = UDP + (uint32_t)udp_len;
	uint32_t sum = add_words(pseudo, packet + 12, 8); /* both addresses */
	const uint16_t ret = (uint16_t)~fold(add_words(sum, packet + IPV4_HEADER, udp_len));

	return ret ? ret : UINT16_MAX; /* 0 says that there is none */
}

size_t bfd_frame_write(uint8_t *buf, const struct addr *at, uint16_t id, const uint8_t *payload,
		       size_t len)
{
	const size_t total = BFD_FRAME_HEADERS + len;
	struct writer w = writer_of(buf, total);

	write_u8(&w, VERSION_AND_LENGTH);
	write_u8(&w, CONTROL);
	write_u16(&w, (uint16_t)total);
	write_u16(&w, id);
	write_u16(&w, 0);
	write_u8(&w, TTL);
	write_u8(&w, UDP);
	write_u16(&w, 0);
	write_bytes(&w, at->bytes, 4);
	write_bytes(&w, at->bytes, 4);
	write_u16(&w, BFD_PORT_ECHO);
	write_u16(&w, BFD_PORT_ECHO);
	write_u16(&w, (uint16_t)(UDP_HEADER + len));
	write_u16(&w, 0);
	write_bytes(&w, payload, len);
	put_u16(buf + CHECKSUM_AT, (uint16_t)~fold(add_words(0, buf, IPV4_HEADER)));
	put_u16(buf + UDP_CHECKSUM_AT, udp_checksum(buf, UDP_HEADER + len));
	return total;
}

/* Options are for routers that nobody has; such a packet is not looped either. */
bool bfd_frame_read(struct bfd_frame *ret, const uint8_t *data, size_t len)
{
	struct reader r = reader_of(data, len);
	const uint8_t first = read_u8(&r);
	struct bfd_frame f = {.from = {0}};
	const uint8_t *from, *to;
	uint16_t total, fragment, port, udp_len;
	uint8_t protocol;

	(void)read_u8(&r);
	total = read_u16(&r);
	(void)read_u16(&r);
	fragment = read_u16(&r);
	f.ttl = read_u8(&r);
	protocol = read_u8(&r);
	(void)read_u16(&r);
	from = read_bytes(&r, 4);
	to = read_bytes(&r, 4);
	(void)read_u16(&r);
	port = read_u16(&r);
	udp_len = read_u16(&r);
	(void)read_u16(&r);
	if (r.bad || first != VERSION_AND_LENGTH || total > len || protocol != UDP ||
	    (fragment & FRAGMENT) || port != BFD_PORT_ECHO || udp_len < UDP_HEADER ||
	    udp_len > total - IPV4_HEADER || fold(add_words(0, data, IPV4_HEADER)) != UINT16_MAX)
		return false;
	f.from = addr_from_bytes(ADDR_IPV4, from);
	f.to = addr_from_bytes(ADDR_IPV4, to);
	f.payload = data + BFD_FRAME_HEADERS;
	f.len = (size_t)udp_len - UDP_HEADER;
	*ret = f;
	return true;
}

void bfd_frame_forward(uint8_t *data)
{
	data[TTL_AT]--;
	put_u16(data + CHECKSUM_AT, 0);
	put_u16(data + CHECKSUM_AT, (uint16_t)~fold(add_words(0, data, IPV4_HEADER)));
}
