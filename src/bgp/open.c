/* open.c: OPEN and its capabilities (RFC 4271 4.2, 4724, 5492, 6286, 6793, 7607, 8950, 9072) */
#include "bgp/codec.h"

#include "bgp/attr.h"

#include <string.h>

enum { OPTION_CAPABILITIES = 2, OPTION_EXTENDED = 255 };

enum {
	CAP_MULTIPROTOCOL = 1,
	CAP_ROUTE_REFRESH = 2,
	CAP_NEXT_HOP = 5,
	CAP_EXTENDED_MESSAGE = 6,
	CAP_GRACEFUL_RESTART = 64,
	CAP_AS4 = 65,
	CAP_ADD_PATH = 69,
	CAP_ENHANCED_REFRESH = 70,
	CAP_LLGR = 71,
	CAP_FQDN = 73,
};

/* Graceful restart: flags and time in two octets, the flag of a family in one (RFC 4724 3, 8538 2)
 */
enum { RESTART_R = 0x8000, RESTART_N = 0x4000, RESTART_TIME = 0x0fff, RESTART_PRESERVED = 0x80 };

static void write_multiprotocol(struct writer *w, uint16_t afi)
{
	write_u8(w, CAP_MULTIPROTOCOL);
	write_u8(w, 4);
	write_u16(w, afi);
	write_u8(w, 0);
	write_u8(w, SAFI_UNICAST);
}

static void write_empty(struct writer *w, uint8_t code)
{
	write_u8(w, code);
	write_u8(w, 0);
}

/* RFC 8950 4: IPv4 unicast with an IPv6 next hop. */
static void write_next_hop(struct writer *w)
{
	write_u8(w, CAP_NEXT_HOP);
	write_u8(w, 6);
	write_u16(w, AFI_IPV4);
	write_u16(w, SAFI_UNICAST);
	write_u16(w, AFI_IPV6);
}

static void write_restart_family(struct writer *w, const struct bgp_open *open, uint32_t family)
{
	if (!(open->restart_families & family))
		return;
	write_u16(w, family == BGP_CAP_IPV4 ? AFI_IPV4 : AFI_IPV6);
	write_u8(w, SAFI_UNICAST);
	write_u8(w, open->preserved & family ? RESTART_PRESERVED : 0);
}

/* RFC 4724 3 */
static void write_restart(struct writer *w, const struct bgp_open *open)
{
	size_t slot;

	write_u8(w, CAP_GRACEFUL_RESTART);
	slot = write_len8_open(w);
	write_u16(w, (uint16_t)((open->restarting ? RESTART_R : 0) |
				(open->notifications ? RESTART_N : 0) |
				(open->restart_time_s & RESTART_TIME)));
	write_restart_family(w, open, BGP_CAP_IPV4);
	write_restart_family(w, open, BGP_CAP_IPV6);
	write_len8_close(w, slot);
}

static void write_capabilities(struct writer *w, const struct bgp_open *open)
{
	uint32_t offered = open->capabilities;
	size_t slot;

	write_u8(w, OPTION_CAPABILITIES);
	slot = write_len8_open(w);
	if (offered & BGP_CAP_IPV4)
		write_multiprotocol(w, AFI_IPV4);
	if (offered & BGP_CAP_IPV6)
		write_multiprotocol(w, AFI_IPV6);
	if (offered & BGP_CAP_ROUTE_REFRESH)
		write_empty(w, CAP_ROUTE_REFRESH);
	if (offered & BGP_CAP_NEXT_HOP)
		write_next_hop(w);
	if (offered & BGP_CAP_EXTENDED_MESSAGE)
		write_empty(w, CAP_EXTENDED_MESSAGE);
	if (offered & BGP_CAP_GRACEFUL_RESTART)
		write_restart(w, open);
	if (offered & BGP_CAP_AS4) {
		write_u8(w, CAP_AS4);
		write_u8(w, 4);
		write_u32(w, open->asn);
	}
	if (offered & BGP_CAP_ENHANCED_REFRESH)
		write_empty(w, CAP_ENHANCED_REFRESH);
	write_len8_close(w, slot);
}

void bgp_open_encode(struct writer *w, const struct bgp_open *open)
{
	size_t start = bgp_message_open(w, BGP_OPEN), options;

	write_u8(w, BGP_VERSION);
	write_u16(w, open->asn > UINT16_MAX ? BGP_AS_TRANS : (uint16_t)open->asn);
	write_u16(w, open->hold_time_s);
	write_u32(w, open->router_id);
	options = write_len8_open(w);
	if (open->capabilities)
		write_capabilities(w, open);
	write_len8_close(w, options);
	bgp_message_close(w, start);
}

static void read_multiprotocol(struct reader *value, struct bgp_open *open)
{
	uint16_t afi = read_u16(value);
	uint8_t safi;

	read_u8(value); /* reserved */
	safi = read_u8(value);
	if (value->bad || reader_left(value) > 0)
		return;
	open->capabilities |= BGP_CAP_MULTIPROTOCOL;
	if (safi != SAFI_UNICAST)
		return;
	if (afi == AFI_IPV4)
		open->capabilities |= BGP_CAP_IPV4;
	else if (afi == AFI_IPV6)
		open->capabilities |= BGP_CAP_IPV6;
}

static void read_restart(struct reader *value, struct bgp_open *open)
{
	uint16_t head = read_u16(value);

	if (value->bad || reader_left(value) % 4 != 0)
		return;
	open->capabilities |= BGP_CAP_GRACEFUL_RESTART;
	open->restarting = head & RESTART_R;
	open->notifications = head & RESTART_N;
	open->restart_time_s = head & RESTART_TIME;
	open->restart_families = open->preserved = 0; /* of two, the last one counts */
	while (reader_left(value) > 0) {
		uint16_t afi = read_u16(value);
		uint8_t safi = read_u8(value), flags = read_u8(value);
		uint32_t family = safi != SAFI_UNICAST ? 0
				  : afi == AFI_IPV4    ? (uint32_t)BGP_CAP_IPV4
				  : afi == AFI_IPV6    ? (uint32_t)BGP_CAP_IPV6
						       : 0;

		open->restart_families |= family;
		if (flags & RESTART_PRESERVED)
			open->preserved |= family;
	}
}

/* RFC 8950 4: of the pairs, ours is IPv4 unicast by IPv6. */
static void read_next_hop(struct reader *value, struct bgp_open *open)
{
	if (reader_left(value) % 6 != 0)
		return;
	while (reader_left(value) > 0) {
		uint16_t afi = read_u16(value), safi = read_u16(value), by = read_u16(value);

		if (afi == AFI_IPV4 && safi == SAFI_UNICAST && by == AFI_IPV6)
			open->capabilities |= BGP_CAP_NEXT_HOP;
	}
}

static void read_empty(const struct reader *value, uint32_t capability, struct bgp_open *open)
{
	if (reader_left(value) == 0)
		open->capabilities |= capability;
}

/* One capability; what is not known, or is not as its RFC has it, is passed over (RFC 5492 3).  The
 * four-octet AS number is an exception: 0 there is a bad peer AS (RFC 7607). */
static void read_capability(uint8_t code, struct reader value, struct bgp_open *open)
{
	uint32_t asn;

	switch (code) {
	case CAP_MULTIPROTOCOL:
		read_multiprotocol(&value, open);
		break;
	case CAP_ROUTE_REFRESH:
		read_empty(&value, BGP_CAP_ROUTE_REFRESH, open);
		break;
	case CAP_NEXT_HOP:
		read_next_hop(&value, open);
		break;
	case CAP_EXTENDED_MESSAGE:
		read_empty(&value, BGP_CAP_EXTENDED_MESSAGE, open);
		break;
	case CAP_GRACEFUL_RESTART:
		read_restart(&value, open);
		break;
	case CAP_AS4:
		asn = read_u32(&value);
		if (!value.bad && reader_left(&value) == 0) {
			open->capabilities |= BGP_CAP_AS4;
			open->asn = asn;
		}
		break;
	case CAP_ADD_PATH:
		open->capabilities |= BGP_CAP_ADD_PATH;
		break;
	case CAP_ENHANCED_REFRESH:
		read_empty(&value, BGP_CAP_ENHANCED_REFRESH, open);
		break;
	case CAP_LLGR:
		open->capabilities |= BGP_CAP_LLGR;
		break;
	case CAP_FQDN:
		open->capabilities |= BGP_CAP_FQDN;
		break;
	default:
		break;
	}
}

static bool read_capabilities(struct reader value, struct bgp_open *open)
{
	while (reader_left(&value) > 0) {
		uint8_t code = read_u8(&value);
		struct reader one = read_sub(&value, read_u8(&value));

		if (value.bad)
			return false;
		read_capability(code, one, open);
	}
	return true;
}

/* The optional parameters, of both forms (RFC 9072 2). */
static bool read_options(struct reader *r, uint8_t len, struct bgp_open *open,
			 struct bgp_error *error)
{
	bool extended = len != 0 && reader_left(r) > 0 && r->at[0] == OPTION_EXTENDED;
	struct reader options;

	if (extended) {
		read_u8(r);
		options = read_sub(r, read_u16(r));
	} else {
		options = read_sub(r, len);
	}
	if (r->bad || reader_left(r) > 0) {
		bgp_error_set(error, BGP_ERR_OPEN, BGP_OPEN_UNSPECIFIC);
		return false;
	}
	while (reader_left(&options) > 0) {
		uint8_t type = read_u8(&options);
		size_t size = extended ? read_u16(&options) : read_u8(&options);
		struct reader value = read_sub(&options, size);

		if (options.bad ||
		    (type == OPTION_CAPABILITIES && !read_capabilities(value, open))) {
			bgp_error_set(error, BGP_ERR_OPEN, BGP_OPEN_UNSPECIFIC);
			return false;
		}
		if (type != OPTION_CAPABILITIES) {
			bgp_error_set(error, BGP_ERR_OPEN, BGP_OPEN_BAD_OPTION);
			return false;
		}
	}
	return true;
}

bool bgp_open_decode(struct reader *r, struct bgp_open *ret, struct bgp_error *error)
{
	static const uint8_t our_version[2] = {0, BGP_VERSION};
	uint8_t version = read_u8(r);
	bool no_as;

	memset(ret, 0, sizeof(*ret));
	if (!r->bad && version != BGP_VERSION) {
		/* 6.2: the largest version that we have, below the one asked for */
		bgp_error_set_data(error, BGP_ERR_OPEN, BGP_OPEN_BAD_VERSION, our_version, 2);
		return false;
	}
	ret->asn = read_u16(r);
	ret->hold_time_s = read_u16(r);
	ret->router_id = read_u32(r);
	no_as = !r->bad && ret->asn == 0;
	if (!read_options(r, read_u8(r), ret, error))
		return false;
	if (no_as)
		ret->asn = 0; /* RFC 7607: whatever the capability says */
	if (ret->hold_time_s == 1 || ret->hold_time_s == 2) {
		bgp_error_set(error, BGP_ERR_OPEN, BGP_OPEN_BAD_HOLD_TIME);
		return false;
	}
	return true;
}

/* Without any multiprotocol capability it is IPv4 unicast (RFC 4760 8). */
static bool has_common_family(const struct bgp_open *open, const struct bgp_expect *expect)
{
	uint32_t caps = open->capabilities;
	bool ipv4 = (caps & BGP_CAP_IPV4) || !(caps & BGP_CAP_MULTIPROTOCOL);

	return (expect->ipv4 && ipv4) || (expect->ipv6 && (caps & BGP_CAP_IPV6));
}

/* RFC 5492 5: the data is what is missed, coded as in an OPEN. */
static void set_no_capability(struct bgp_error *error, const struct bgp_expect *expect)
{
	uint8_t data[12];
	struct writer w = writer_of(data, sizeof(data));

	if (expect->ipv4)
		write_multiprotocol(&w, AFI_IPV4);
	if (expect->ipv6)
		write_multiprotocol(&w, AFI_IPV6);
	bgp_error_set_data(error, BGP_ERR_OPEN, BGP_OPEN_NO_CAPABILITY, data, writer_len(&w));
}

bool bgp_open_check(const struct bgp_open *open, const struct bgp_expect *expect,
		    struct bgp_error *error)
{
	bool internal = open->asn == expect->my_asn;
	bool bad_as = open->asn == 0; /* RFC 7607 */

	if (expect->peer_asn != 0)
		bad_as = bad_as || open->asn != expect->peer_asn;
	else
		bad_as = bad_as || (expect->dynamic_internal && !internal) ||
			 (expect->dynamic_external && internal);
	if (bad_as) {
		bgp_error_set(error, BGP_ERR_OPEN, BGP_OPEN_BAD_PEER_AS);
		return false;
	}
	/* RFC 6286 2.2: not zero, and within an AS not ours */
	if (open->router_id == 0 || (internal && open->router_id == expect->router_id)) {
		bgp_error_set(error, BGP_ERR_OPEN, BGP_OPEN_BAD_ID);
		return false;
	}
	if ((expect->ipv4 || expect->ipv6) && !has_common_family(open, expect)) {
		set_no_capability(error, expect);
		return false;
	}
	return true;
}

size_t bgp_capability_names(uint32_t capabilities, const char **names, size_t max)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} known[] = {
		{BGP_CAP_IPV4, "ipv4-unicast"},
		{BGP_CAP_IPV6, "ipv6-unicast"},
		{BGP_CAP_ROUTE_REFRESH, "route-refresh"},
		{BGP_CAP_ENHANCED_REFRESH, "enhanced-route-refresh"},
		{BGP_CAP_AS4, "four-octet-as"},
		{BGP_CAP_EXTENDED_MESSAGE, "extended-message"},
		{BGP_CAP_NEXT_HOP, "extended-next-hop"},
		{BGP_CAP_GRACEFUL_RESTART, "graceful-restart"},
		{BGP_CAP_LLGR, "long-lived-graceful-restart"},
		{BGP_CAP_ADD_PATH, "add-path"},
		{BGP_CAP_FQDN, "fqdn"},
	};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]) && n < max; i++) {
		if (capabilities & known[i].bit)
			names[n++] = known[i].name;
	}
	return n;
}
