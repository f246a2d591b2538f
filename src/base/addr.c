/* addr.c: addresses and prefixes: parse, print, order, contain */
#include "base/addr.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

const char *addr_problem_text(enum addr_problem problem)
{
	switch (problem) {
	case ADDR_OK:
		return "no problem";
	case ADDR_BAD_TEXT:
		return "not an IPv4 or IPv6 address";
	case ADDR_NO_LENGTH:
		return "the prefix length is missing";
	case ADDR_BAD_LENGTH:
		return "bad prefix length";
	case ADDR_BAD_FIRST:
		return "the start of the range is not an address";
	case ADDR_BAD_LAST:
		return "the end of the range is not an address";
	case ADDR_MIXED_FAMILIES:
		return "the ends of the range are of different families";
	case ADDR_REVERSED:
		return "the end of the range lies below its start";
	}
	return "unknown problem";
}

enum addr_problem addr_parse(struct addr *ret, const char *text)
{
	struct addr a = {0};

	if (inet_pton(AF_INET, text, a.bytes) == 1)
		a.family = ADDR_IPV4;
	else if (inet_pton(AF_INET6, text, a.bytes) == 1)
		a.family = ADDR_IPV6;
	else
		return ADDR_BAD_TEXT;
	*ret = a;
	return ADDR_OK;
}

const char *addr_format(char *buf, const struct addr *addr)
{
	static const uint8_t zero[12];
	int family = addr->family == ADDR_IPV4 ? AF_INET : AF_INET6;
	const uint8_t *b = addr->bytes;

	/* inet_ntop writes ::1:2 as ::0.1.0.2; no prefix says so (RFC 5952 5). */
	if (addr->family == ADDR_IPV6 && memcmp(b, zero, sizeof(zero)) == 0 && (b[12] || b[13]))
		snprintf(buf, ADDR_TEXT_MAX, "::%x:%x", b[12] << 8 | b[13], b[14] << 8 | b[15]);
	else if (addr->family == ADDR_NONE || !inet_ntop(family, b, buf, ADDR_TEXT_MAX))
		snprintf(buf, ADDR_TEXT_MAX, "none");
	return buf;
}

int addr_cmp(const struct addr *a, const struct addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
	return addr_cmp(a, b) == 0;
}

uint32_t addr_hash(const struct addr *addr)
{
	uint32_t h = 2166136261u ^ addr->family; /* FNV-1a */

	for (size_t i = 0; i < sizeof(addr->bytes); i++)
		h = (h ^ addr->bytes[i]) * 16777619u;
	return h;
}

unsigned addr_bits(const struct addr *addr)
{
	return addr->family == ADDR_IPV4 ? 32 : addr->family == ADDR_IPV6 ? 128 : 0;
}

bool addr_next(struct addr *addr)
{
	struct addr next = *addr;

	for (int i = (int)addr_bits(addr) / 8 - 1; i >= 0; i--) {
		next.bytes[i] = (uint8_t)(next.bytes[i] + 1);
		if (next.bytes[i] != 0) {
			*addr = next;
			return true;
		}
	}
	return false;
}

bool addr_is_unspecified(const struct addr *addr)
{
	static const uint8_t zero[16];

	return memcmp(addr->bytes, zero, sizeof(zero)) == 0;
}

bool addr_is_loopback(const struct addr *addr)
{
	static const uint8_t one[16] = {[15] = 1};

	if (addr->family == ADDR_IPV4)
		return addr->bytes[0] == 127;
	return addr->family == ADDR_IPV6 && memcmp(addr->bytes, one, sizeof(one)) == 0;
}

bool addr_is_multicast(const struct addr *addr)
{
	if (addr->family == ADDR_IPV4)
		return addr->bytes[0] >> 4 == 14;
	return addr->family == ADDR_IPV6 && addr->bytes[0] == 0xff;
}

bool addr_is_link_local(const struct addr *addr)
{
	if (addr->family == ADDR_IPV4)
		return addr->bytes[0] == 169 && addr->bytes[1] == 254;
	return addr_is_link_local_ipv6(addr);
}

bool addr_is_link_local_ipv6(const struct addr *addr)
{
	return addr->family == ADDR_IPV6 && addr->bytes[0] == 0xfe &&
	       (addr->bytes[1] & 0xc0) == 0x80;
}

uint32_t addr_ipv4_u32(const struct addr *addr)
{
	return (uint32_t)addr->bytes[0] << 24 | (uint32_t)addr->bytes[1] << 16 |
	       (uint32_t)addr->bytes[2] << 8 | addr->bytes[3];
}

struct addr addr_from_ipv4_u32(uint32_t host_order)
{
	return (struct addr){
		.family = ADDR_IPV4,
		.bytes = {(uint8_t)(host_order >> 24), (uint8_t)(host_order >> 16),
			  (uint8_t)(host_order >> 8), (uint8_t)host_order},
	};
}

struct addr addr_from_bytes(uint8_t family, const void *bytes)
{
	struct addr a = {.family = family};

	memcpy(a.bytes, bytes, addr_bits(&a) / 8);
	return a;
}

socklen_t addr_to_sockaddr(const struct addr *addr, uint16_t port, uint32_t scope,
			   struct sockaddr_storage *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (addr->family == ADDR_IPV4) {
		struct sockaddr_in *in = (struct sockaddr_in *)ret;

		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		memcpy(&in->sin_addr, addr->bytes, 4);
		return sizeof(*in);
	}
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret;

	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(port);
	in6->sin6_scope_id = scope;
	memcpy(&in6->sin6_addr, addr->bytes, 16);
	return sizeof(*in6);
}

struct addr addr_from_sockaddr(const struct sockaddr *sa, uint16_t *port)
{
	if (sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)sa;

		if (port)
			*port = ntohs(in->sin_port);
		return addr_from_bytes(ADDR_IPV4, &in->sin_addr);
	}
	if (sa->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)sa;

		if (port)
			*port = ntohs(in6->sin6_port);
		if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr))
			return addr_from_bytes(ADDR_IPV4, in6->sin6_addr.s6_addr + 12);
		return addr_from_bytes(ADDR_IPV6, &in6->sin6_addr);
	}
	return (struct addr){0};
}

/* The text before the separator as an address; false where it is none. */
static bool parse_part(struct addr *ret, const char *text, size_t len)
{
	char buf[ADDR_TEXT_MAX];

	if (len >= sizeof(buf))
		return false;
	memcpy(buf, text, len);
	buf[len] = 0;
	return addr_parse(ret, buf) == ADDR_OK;
}

enum addr_problem prefix_parse(struct prefix *ret, const char *text)
{
	const char *slash = strchr(text, '/');
	struct addr a;
	uint64_t len;

	if (!slash)
		return addr_parse(&a, text) == ADDR_OK ? ADDR_NO_LENGTH : ADDR_BAD_TEXT;
	if (!parse_part(&a, text, (size_t)(slash - text)))
		return ADDR_BAD_TEXT;
	if (number_parse(&len, slash + 1, addr_bits(&a)) < 0)
		return ADDR_BAD_LENGTH;
	*ret = prefix_of(&a, (unsigned)len);
	return ADDR_OK;
}

const char *prefix_format(char *buf, const struct prefix *prefix)
{
	size_t n;

	addr_format(buf, &prefix->addr);
	n = strlen(buf);
	snprintf(buf + n, PREFIX_TEXT_MAX - n, "/%u", prefix->len);
	return buf;
}

const char *addr_format_block(char *buf, const struct addr *addr, unsigned len)
{
	const struct prefix block = prefix_of(addr, len);

	return len < addr_bits(addr) ? prefix_format(buf, &block) : addr_format(buf, addr);
}

/* Sets the bits behind len to zero or to one. */
static struct addr fill_host_bits(const struct addr *addr, unsigned len, bool ones)
{
	struct addr a = *addr;
	unsigned bytes = addr_bits(addr) / 8;

	for (unsigned i = len / 8; i < bytes; i++) {
		unsigned host = i == len / 8 ? 0xffu >> (len % 8) : 0xff;

		a.bytes[i] = (uint8_t)(ones ? a.bytes[i] | host : a.bytes[i] & ~host);
	}
	return a;
}

struct prefix prefix_of(const struct addr *addr, unsigned len)
{
	if (len > addr_bits(addr))
		len = addr_bits(addr);
	return (struct prefix){.addr = fill_host_bits(addr, len, false), .len = (uint8_t)len};
}

int prefix_cmp(const struct prefix *a, const struct prefix *b)
{
	int c = addr_cmp(&a->addr, &b->addr);

	return c ? c : (int)a->len - (int)b->len;
}

bool prefix_equal(const struct prefix *a, const struct prefix *b)
{
	return prefix_cmp(a, b) == 0;
}

bool prefix_contains(const struct prefix *prefix, const struct addr *addr)
{
	struct prefix cut;

	if (prefix->addr.family != addr->family)
		return false;
	cut = prefix_of(addr, prefix->len);
	return addr_equal(&cut.addr, &prefix->addr);
}

bool prefix_covers(const struct prefix *outer, const struct prefix *inner)
{
	return outer->len <= inner->len && prefix_contains(outer, &inner->addr);
}

struct addr prefix_last(const struct prefix *prefix)
{
	return fill_host_bits(&prefix->addr, prefix->len, true);
}
