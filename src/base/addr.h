/* addr.h: addresses, prefixes and ranges of both families: parse, print, order, contain
 *
 * Values, not objects: copied, compared and hashed freely; nothing here allocates.  An IPv4
 * address lies in bytes[0..3], the rest is zero, so that equal addresses are equal bytes.
 */
#ifndef MLBGPD_BASE_ADDR_H
#define MLBGPD_BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum { ADDR_NONE = 0, ADDR_IPV4 = 4, ADDR_IPV6 = 6 };

struct addr {
	uint8_t family; /* ADDR_NONE, ADDR_IPV4, ADDR_IPV6 */
	uint8_t bytes[16]; /* network order */
};

struct prefix {
	struct addr addr; /* host bits are zero */
	uint8_t len;
};

struct addr_range {
	struct addr first;
	struct addr last; /* of the same family, not below first */
};

enum {
	ADDR_TEXT_MAX = 46, /* INET6_ADDRSTRLEN */
	PREFIX_TEXT_MAX = ADDR_TEXT_MAX + 4,
};

/* Why a text is no address, prefix or range; addr_problem_text() has the words. */
enum addr_problem {
	ADDR_OK = 0,
	ADDR_BAD_TEXT, /* no IPv4 or IPv6 literal; zones and host names are not accepted */
	ADDR_NO_LENGTH, /* a prefix without /LENGTH */
	ADDR_BAD_LENGTH, /* not a number, or above 32 or 128 */
	ADDR_BAD_FIRST, /* the text before the '-' is no address */
	ADDR_BAD_LAST, /* the text after the '-' is no address */
	ADDR_MIXED_FAMILIES,
	ADDR_REVERSED, /* the end lies below the start */
};
const char *addr_problem_text(enum addr_problem problem);

/* The whole text must be the literal; no blanks.  ret is untouched on failure. */
enum addr_problem addr_parse(struct addr *ret, const char *text);
/* Canonical text (RFC 5952 for IPv6); buf is ADDR_TEXT_MAX long.  Returns buf. */
const char *addr_format(char *buf, const struct addr *addr);
/* IPv4 before IPv6, then by bytes: <0, 0, >0. */
int addr_cmp(const struct addr *a, const struct addr *b);
bool addr_equal(const struct addr *a, const struct addr *b);
uint32_t addr_hash(const struct addr *addr);
/* 32 or 128; 0 for ADDR_NONE */
unsigned addr_bits(const struct addr *addr);
/* To the address after it; false, and addr untouched, after the last of the family. */
bool addr_next(struct addr *addr);
bool addr_is_unspecified(const struct addr *addr);
bool addr_is_loopback(const struct addr *addr);
bool addr_is_multicast(const struct addr *addr);
bool addr_is_link_local(const struct addr *addr);
/* Those that are nothing without an interface, and that no router forwards (RFC 4291 2.5.6). */
bool addr_is_link_local_ipv6(const struct addr *addr);
/* Host order; only for IPv4. */
uint32_t addr_ipv4_u32(const struct addr *addr);
struct addr addr_from_ipv4_u32(uint32_t host_order);
/* From 4 or 16 bytes in network order. */
struct addr addr_from_bytes(uint8_t family, const void *bytes);
/* scope is the interface index for link-local IPv6, else 0. */
socklen_t addr_to_sockaddr(const struct addr *addr, uint16_t port, uint32_t scope,
			   struct sockaddr_storage *ret);
/* An IPv4-mapped IPv6 address comes out as IPv4; ADDR_NONE for other families; port may be NULL. */
struct addr addr_from_sockaddr(const struct sockaddr *sa, uint16_t *port);

/* "192.0.2.0/24"; host bits are cleared.  The whole text, no blanks. */
enum addr_problem prefix_parse(struct prefix *ret, const char *text);
const char *prefix_format(char *buf, const struct prefix *prefix);
/* As an address where len is all its bits, else as a prefix; buf is PREFIX_TEXT_MAX long. */
const char *addr_format_block(char *buf, const struct addr *addr, unsigned len);
/* addr cut to len bits; len is cut to the family's bits. */
struct prefix prefix_of(const struct addr *addr, unsigned len);
/* by address, then shorter before longer */
int prefix_cmp(const struct prefix *a, const struct prefix *b);
bool prefix_equal(const struct prefix *a, const struct prefix *b);
bool prefix_contains(const struct prefix *prefix, const struct addr *addr);
/* inner lies wholly inside outer (or is equal) */
bool prefix_covers(const struct prefix *outer, const struct prefix *inner);
struct addr prefix_last(const struct prefix *prefix);

/* "192.0.2.0/24" or "192.0.2.1 - 192.0.2.9" (blanks around the ends of a range only). */
enum addr_problem addr_range_parse(struct addr_range *ret, const char *text);
struct addr_range addr_range_of(const struct prefix *prefix);
bool addr_range_contains(const struct addr_range *range, const struct addr *addr);
bool addr_range_overlaps(const struct addr_range *a, const struct addr_range *b);
/* How many addresses; INT64_MAX where there are as many or more. */
uint64_t addr_range_size(const struct addr_range *range);
/* The minimal list of prefixes that make up the range, ascending, one a call: the next goes to ret.
 * *more is true before the first call and false after the last one, when the result is false too.
 * range->first moves on. */
bool addr_range_take_prefix(struct addr_range *range, bool *more, struct prefix *ret);

#endif
