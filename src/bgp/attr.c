/* attr.c: path attributes on the way out (RFC 4271 5, 1997, 4760, 6793, 8092) */
#include "bgp/attr.h"

#include "bgp/codec.h"

#include <string.h>

enum { ORIGIN_IGP = 0, AS_SEQUENCE = 2, LOCAL_PREF_DEFAULT = 100, SEGMENT_MAX = 255 };

bool wire_attrs_same(const struct wire_attrs *a, const struct wire_attrs *b)
{
	return a->my_asn == b->my_asn && a->internal == b->internal && a->as4 == b->as4 &&
	       addr_equal(&a->next_hop, &b->next_hop) &&
	       (a->set == b->set || plan_attrs_same(a->set, b->set));
}

bool attrs_need_mp(const struct wire_attrs *attrs, uint8_t family)
{
	return family != ADDR_IPV4 || attrs->next_hop.family != ADDR_IPV4;
}

/* Flags, code and a two-octet length, left open. */
static size_t open_attr(struct writer *w, uint8_t flags, uint8_t code)
{
	write_u8(w, flags | ATTR_FLAG_EXTENDED);
	write_u8(w, code);
	return write_len16_open(w);
}

static void write_attr_u32(struct writer *w, uint8_t flags, uint8_t code, uint32_t value)
{
	write_u8(w, flags);
	write_u8(w, code);
	write_u8(w, 4);
	write_u32(w, value);
}

/* AS_SEQUENCEs of our AS, n times; of at most 255 each (RFC 4271 4.3). */
static void write_path(struct writer *w, uint32_t asn, size_t n, bool four_octets)
{
	while (n > 0) {
		size_t part = n < SEGMENT_MAX ? n : SEGMENT_MAX;

		write_u8(w, AS_SEQUENCE);
		write_u8(w, (uint8_t)part);
		for (size_t i = 0; i < part; i++) {
			if (four_octets)
				write_u32(w, asn);
			else
				write_u16(w, asn > UINT16_MAX ? BGP_AS_TRANS : (uint16_t)asn);
		}
		n -= part;
	}
}

/* How often our AS stands in the path: not at all inside the AS (RFC 4271 5.1.2). */
static size_t path_length(const struct wire_attrs *attrs)
{
	return attrs->internal ? 0 : 1u + attrs->set->prepend;
}

static void write_as_path(struct writer *w, const struct wire_attrs *attrs)
{
	size_t slot = open_attr(w, ATTR_FLAG_TRANSITIVE, ATTR_AS_PATH);

	write_path(w, attrs->my_asn, path_length(attrs), attrs->as4);
	write_len16_close(w, slot);
}

/* RFC 6793 4.2.2: beside an AS_PATH that had to use AS_TRANS. */
static void write_as4_path(struct writer *w, const struct wire_attrs *attrs)
{
	size_t slot;

	if (attrs->as4 || attrs->my_asn <= UINT16_MAX || path_length(attrs) == 0)
		return;
	slot = open_attr(w, ATTR_FLAG_OPTIONAL | ATTR_FLAG_TRANSITIVE, ATTR_AS4_PATH);
	write_path(w, attrs->my_asn, path_length(attrs), true);
	write_len16_close(w, slot);
}

static void write_next_hop(struct writer *w, const struct wire_attrs *attrs)
{
	write_u8(w, ATTR_FLAG_TRANSITIVE);
	write_u8(w, ATTR_NEXT_HOP);
	write_u8(w, 4);
	write_bytes(w, attrs->next_hop.bytes, 4);
}

static void write_communities(struct writer *w, const struct plan_attrs *set)
{
	size_t slot;

	if (set->n_communities == 0)
		return;
	slot = open_attr(w, ATTR_FLAG_OPTIONAL | ATTR_FLAG_TRANSITIVE, ATTR_COMMUNITIES);
	for (size_t i = 0; i < set->n_communities; i++)
		write_u32(w, set->communities[i]);
	write_len16_close(w, slot);
}

static void write_large_communities(struct writer *w, const struct plan_attrs *set)
{
	size_t slot;

	if (set->n_large_communities == 0)
		return;
	slot = open_attr(w, ATTR_FLAG_OPTIONAL | ATTR_FLAG_TRANSITIVE, ATTR_LARGE_COMMUNITIES);
	for (size_t i = 0; i < set->n_large_communities; i++) {
		write_u32(w, set->large_communities[i].global_admin);
		write_u32(w, set->large_communities[i].data1);
		write_u32(w, set->large_communities[i].data2);
	}
	write_len16_close(w, slot);
}

void attrs_encode(struct writer *w, const struct wire_attrs *attrs, uint8_t family)
{
	const struct plan_attrs *set = attrs->set;

	write_u8(w, ATTR_FLAG_TRANSITIVE);
	write_u8(w, ATTR_ORIGIN);
	write_u8(w, 1);
	write_u8(w, ORIGIN_IGP);
	write_as_path(w, attrs);
	if (!attrs_need_mp(attrs, family))
		write_next_hop(w, attrs);
	if (set->has_med)
		write_attr_u32(w, ATTR_FLAG_OPTIONAL, ATTR_MED, set->med);
	if (set->has_local_pref || attrs->internal)
		write_attr_u32(w, ATTR_FLAG_TRANSITIVE, ATTR_LOCAL_PREF,
			       set->has_local_pref ? set->local_pref : LOCAL_PREF_DEFAULT);
	write_communities(w, set);
	write_as4_path(w, attrs);
	write_large_communities(w, set);
}

static uint16_t afi_of(uint8_t family)
{
	return family == ADDR_IPV4 ? AFI_IPV4 : AFI_IPV6;
}

size_t attr_mp_reach_open(struct writer *w, const struct wire_attrs *attrs, uint8_t family)
{
	size_t slot = open_attr(w, ATTR_FLAG_OPTIONAL, ATTR_MP_REACH);
	size_t len = addr_bits(&attrs->next_hop) / 8;

	write_u16(w, afi_of(family));
	write_u8(w, SAFI_UNICAST);
	write_u8(w, (uint8_t)len);
	write_bytes(w, attrs->next_hop.bytes, len);
	write_u8(w, 0); /* reserved */
	return slot;
}

size_t attr_mp_unreach_open(struct writer *w, uint8_t family)
{
	size_t slot = open_attr(w, ATTR_FLAG_OPTIONAL, ATTR_MP_UNREACH);

	write_u16(w, afi_of(family));
	write_u8(w, SAFI_UNICAST);
	return slot;
}

void nlri_encode(struct writer *w, const struct prefix *prefix)
{
	write_u8(w, prefix->len);
	write_bytes(w, prefix->addr.bytes, (prefix->len + 7u) / 8);
}

bool nlri_decode(struct reader *r, uint8_t family, struct prefix *ret)
{
	struct addr a = {.family = family};
	uint8_t len = read_u8(r);
	const uint8_t *bytes;

	if (len > addr_bits(&a))
		return false;
	bytes = read_bytes(r, (len + 7u) / 8);
	if (r->bad)
		return false;
	if (len > 0)
		memcpy(a.bytes, bytes, (len + 7u) / 8);
	*ret = prefix_of(&a, len);
	return true;
}
