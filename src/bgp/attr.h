/* attr.h: path attributes (RFC 4271 5, 1997, 4760, 6793, 8092): one table by code */
#ifndef MLBGPD_BGP_ATTR_H
#define MLBGPD_BGP_ATTR_H

#include "base/addr.h"
#include "base/bytes.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	ATTR_ORIGIN = 1,
	ATTR_AS_PATH = 2,
	ATTR_NEXT_HOP = 3,
	ATTR_MED = 4,
	ATTR_LOCAL_PREF = 5,
	ATTR_ATOMIC_AGGREGATE = 6,
	ATTR_AGGREGATOR = 7,
	ATTR_COMMUNITIES = 8,
	ATTR_ORIGINATOR_ID = 9,
	ATTR_CLUSTER_LIST = 10,
	ATTR_MP_REACH = 14,
	ATTR_MP_UNREACH = 15,
	ATTR_EXT_COMMUNITIES = 16,
	ATTR_AS4_PATH = 17,
	ATTR_AS4_AGGREGATOR = 18,
	ATTR_LARGE_COMMUNITIES = 32,
};

enum {
	ATTR_FLAG_OPTIONAL = 0x80,
	ATTR_FLAG_TRANSITIVE = 0x40,
	ATTR_FLAG_PARTIAL = 0x20,
	ATTR_FLAG_EXTENDED = 0x10,
};

enum { AFI_IPV4 = 1, AFI_IPV6 = 2, SAFI_UNICAST = 1 };

/* What a route looks like on one session. */
struct wire_attrs {
	const struct plan_attrs *set; /* borrowed */
	struct addr next_hop; /* of the prefix's family, or IPv6 for IPv4 (RFC 8950) */
	uint32_t my_asn;
	bool internal; /* empty AS_PATH, LOCAL_PREF always (100 where the set has none) */
	bool as4; /* the peer knows four-octet AS numbers */
};
bool wire_attrs_same(const struct wire_attrs *a, const struct wire_attrs *b);

/* Is MP_REACH_NLRI needed for routes of this family?  (not for IPv4 by IPv4) */
bool attrs_need_mp(const struct wire_attrs *attrs, uint8_t family);
/* The attributes of an announcement but for MP_REACH_NLRI; NEXT_HOP where there is none. */
void attrs_encode(struct writer *w, const struct wire_attrs *attrs, uint8_t family);
/* MP_REACH_NLRI up to its NLRI (it comes first, RFC 7606 5.1).  Returns the slot of its length, to
 * be closed by write_len16_close() behind the last prefix. */
size_t attr_mp_reach_open(struct writer *w, const struct wire_attrs *attrs, uint8_t family);
/* MP_UNREACH_NLRI likewise. */
size_t attr_mp_unreach_open(struct writer *w, uint8_t family);

/* One prefix as NLRI (RFC 4271 4.3). */
void nlri_encode(struct writer *w, const struct prefix *prefix);
/* Reads one; false where it is malformed. */
bool nlri_decode(struct reader *r, uint8_t family, struct prefix *ret);

/* What RFC 7606 says of a malformed attribute. */
enum attr_error {
	ATTR_FINE,
	ATTR_DISCARD,
	ATTR_WITHDRAW,
	ATTR_RESET,
};

struct attr_context {
	bool internal, as4;
};

/* Checks one attribute's flags and value (MP_REACH and MP_UNREACH: by update.c). */
enum attr_error attr_check(uint8_t flags, uint8_t code, struct reader value,
			   const struct attr_context *context, const char **what);
const char *attr_name(uint8_t code); /* NULL: unknown */

#endif
