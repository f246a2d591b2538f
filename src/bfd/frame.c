/* frame.c: IP and UDP headers of looped echoes (RFC 791, RFC 8200, RFC 768) */
#include "bfd/frame.h"

#include "base/bytes.h"

enum {
	UDP_HEADER = 8,
	UDP_CHECKSUM_AT = 6,
	CONTROL = 0xc0, /* class selector 6 */
	TTL = 255,
	UDP = 17,

	IPV4_HEADER = 20,
	IPV4_VERSION_AND_LENGTH = 0x45,
	IPV4_FRAGMENT = 0x3fff, /* more of them, or not the first */
	IPV4_TTL_AT = 8,
	IPV4_CHECKSUM_AT = 10,
	IPV4_ADDRESSES_AT = 12,

	IPV6_HEADER = 40,
	IPV6_HOP_LIMIT_AT = 7,
	IPV6_ADDRESSES_AT = 8,
};

static uint8_t version_of(const uint8_t *packet)
{
	return packet[0] >> 4;
}

static size_t header_of(uint8_t family)
{
	return family == ADDR_IPV4 ? IPV4_HEADER : IPV6_HEADER;
}

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

static void fix_ipv4_checksum(uint8_t *packet)
{
	put_u16(packet + IPV4_CHECKSUM_AT, 0);
	put_u16(packet + IPV4_CHECKSUM_AT, (uint16_t)~fold(add_words(0, packet, IPV4_HEADER)));
}

/* The pseudo headers of both families have the same sum: both addresses, the protocol, the length
 * (RFC 768; RFC 8200 8.1). */
static uint16_t udp_checksum(const uint8_t *packet, uint8_t family, size_t udp_len)
{
	const size_t addresses = family == ADDR_IPV4 ? IPV4_ADDRESSES_AT : IPV6_ADDRESSES_AT;
	const size_t header = header_of(family);
	uint32_t sum = UDP + (uint32_t)udp_len;
	uint16_t ret;

	sum = add_words(sum, packet + addresses, header - addresses);
	ret = (uint16_t)~fold(add_words(sum, packet + header, udp_len));
	return ret ? ret : UINT16_MAX; /* 0 says that there is none */
}

static void write_ipv4(struct writer *w, size_t udp_len, uint16_t id)
{
	write_u8(w, IPV4_VERSION_AND_LENGTH);
	write_u8(w, CONTROL);
	write_u16(w, (uint16_t)(IPV4_HEADER + udp_len));
	write_u16(w, id);
	write_u16(w, 0);
	write_u8(w, TTL);
	write_u8(w, UDP);
	write_u16(w, 0);
}

static void write_ipv6(struct writer *w, size_t udp_len)
{
	write_u32(w, 6u << 28 | (uint32_t)CONTROL << 20);
	write_u16(w, (uint16_t)udp_len);
	write_u8(w, UDP);
	write_u8(w, TTL);
}

size_t bfd_frame_write(uint8_t *buf, const struct addr *at, uint16_t id, const uint8_t *payload,
		       size_t len)
{
	const size_t udp_len = UDP_HEADER + len, header = header_of(at->family);
	struct writer w = writer_of(buf, header + udp_len);

	if (at->family == ADDR_IPV4)
		write_ipv4(&w, udp_len, id);
	else
		write_ipv6(&w, udp_len);
	write_bytes(&w, at->bytes, addr_bits(at) / 8);
	write_bytes(&w, at->bytes, addr_bits(at) / 8);
	write_u16(&w, BFD_PORT_ECHO);
	write_u16(&w, BFD_PORT_ECHO);
	write_u16(&w, (uint16_t)udp_len);
	write_u16(&w, 0);
	write_bytes(&w, payload, len);
	if (at->family == ADDR_IPV4)
		fix_ipv4_checksum(buf);
	put_u16(buf + header + UDP_CHECKSUM_AT, udp_checksum(buf, at->family, udp_len));
	return header + udp_len;
}

static void read_addresses(struct bfd_frame *f, struct reader *r, uint8_t family)
{
	const size_t len = family == ADDR_IPV4 ? 4 : 16;
	const uint8_t *from = read_bytes(r, len), *to = read_bytes(r, len);

	if (r->bad)
		return;
	f->from = addr_from_bytes(family, from);
	f->to = addr_from_bytes(family, to);
}

/* Options are for routers that nobody has; such a packet is not looped either. */
static bool read_ipv4(struct bfd_frame *f, struct reader *r)
{
	const uint8_t *start = r->at;
	const uint8_t first = read_u8(r);
	uint16_t fragment;
	uint8_t protocol;

	(void)read_u8(r);
	f->size = read_u16(r);
	(void)read_u16(r);
	fragment = read_u16(r);
	f->ttl = read_u8(r);
	protocol = read_u8(r);
	(void)read_u16(r);
	read_addresses(f, r, ADDR_IPV4);
	return !r->bad && first == IPV4_VERSION_AND_LENGTH && protocol == UDP &&
	       !(fragment & IPV4_FRAGMENT) && fold(add_words(0, start, IPV4_HEADER)) == UINT16_MAX;
}

/* A next header other than UDP is an extension: of it the same holds. */
static bool read_ipv6(struct bfd_frame *f, struct reader *r)
{
	uint8_t next;

	(void)read_u32(r);
	f->size = (size_t)IPV6_HEADER + read_u16(r);
	next = read_u8(r);
	f->ttl = read_u8(r);
	read_addresses(f, r, ADDR_IPV6);
	return !r->bad && next == UDP;
}

bool bfd_frame_read(struct bfd_frame *ret, const uint8_t *data, size_t len)
{
	struct reader r = reader_of(data, len);
	struct bfd_frame f = {.size = 0};
	const uint8_t version = len > 0 ? version_of(data) : 0;
	uint16_t port, udp_len;
	size_t header;

	if (!(version == 4 && read_ipv4(&f, &r)) && !(version == 6 && read_ipv6(&f, &r)))
		return false;
	header = header_of(f.from.family);
	(void)read_u16(&r);
	port = read_u16(&r);
	udp_len = read_u16(&r);
	(void)read_u16(&r);
	if (r.bad || f.size > len || port != BFD_PORT_ECHO || udp_len < UDP_HEADER ||
	    header + udp_len > f.size)
		return false;
	f.payload = data + header + UDP_HEADER;
	f.len = (size_t)udp_len - UDP_HEADER;
	*ret = f;
	return true;
}

void bfd_frame_forward(uint8_t *data)
{
	if (version_of(data) == 6) {
		data[IPV6_HOP_LIMIT_AT]--;
		return;
	}
	data[IPV4_TTL_AT]--;
	fix_ipv4_checksum(data);
}
