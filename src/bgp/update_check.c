/* update_check.c: UPDATE messages on the way in: RFC 4271 6.3 as revised by RFC 7606
 *
 * The worst that is found decides: a session reset ends the look at once, a treat-as-withdraw goes
 * before a discarded attribute.  Nothing is kept: this speaker uses no routes of anybody.
 */
#include "bgp/update.h"

#include <string.h>

struct check {
	const struct update_context *context;
	enum update_verdict verdict;
	const char *what;
	struct bgp_error *error;
	uint8_t seen[32]; /* attribute codes, one bit each */
	const uint8_t *attr; /* the one that is looked at, head included */
	size_t attr_len;
	bool has_other; /* an attribute that is not MP_UNREACH_NLRI */
	bool has_nlri; /* reachable, of RFC 4271's form */
	bool has_mp_nlri; /* reachable, in MP_REACH_NLRI */
	bool reaches; /* has_mp_nlri, in a family that is exchanged */
};

static void worse(struct check *c, enum update_verdict verdict, const char *what)
{
	if (verdict > c->verdict) {
		c->verdict = verdict;
		c->what = what;
	}
}

static bool reset(struct check *c, uint8_t subcode, const char *what)
{
	bgp_error_set(c->error, BGP_ERR_UPDATE, subcode);
	worse(c, UPDATE_SESSION_RESET, what);
	return false;
}

/* An error that sends the attribute back (RFC 4271 6.3). */
static bool reset_attr(struct check *c, uint8_t subcode, const char *what)
{
	bgp_error_set_data(c->error, BGP_ERR_UPDATE, subcode, c->attr, c->attr_len);
	worse(c, UPDATE_SESSION_RESET, what);
	return false;
}

static bool seen(const struct check *c, uint8_t code)
{
	return c->seen[code / 8] & (1u << (code % 8));
}

/* All prefixes of a list; where one is malformed no boundary can be trusted (RFC 7606 5.3). */
static bool is_nlri(struct reader r, uint8_t family)
{
	struct prefix prefix;

	while (reader_left(&r) > 0) {
		if (!nlri_decode(&r, family, &prefix))
			return false;
	}
	return true;
}

static bool check_nlri(struct check *c, struct reader r)
{
	return is_nlri(r, ADDR_IPV4) || reset(c, BGP_UPDATE_BAD_NETWORK, "malformed prefix");
}

/* RFC 4760 7: an incorrect MP attribute is an Optional Attribute Error. */
static bool check_mp_nlri(struct check *c, struct reader r, uint8_t family)
{
	return is_nlri(r, family) ||
	       reset_attr(c, BGP_UPDATE_OPTIONAL_ATTR, "malformed prefix in an MP attribute");
}

static uint8_t family_of(uint16_t afi, uint8_t safi)
{
	if (safi != SAFI_UNICAST)
		return ADDR_NONE;
	return afi == AFI_IPV4 ? ADDR_IPV4 : afi == AFI_IPV6 ? ADDR_IPV6 : ADDR_NONE;
}

static bool is_exchanged(const struct check *c, uint8_t family)
{
	return (family == ADDR_IPV4 && c->context->ipv4) ||
	       (family == ADDR_IPV6 && c->context->ipv6);
}

/* One address, or for IPv6 a link-local one beside it (RFC 2545 3); IPv4 by RFC 8950 too. */
static bool next_hop_fits(uint8_t family, size_t len)
{
	return len == 16 || len == 32 || (family == ADDR_IPV4 && len == 4);
}

/* RFC 4760 3; RFC 7606 7.11: a next hop length that does not fit hides where the NLRI begins. */
static bool check_mp_reach(struct check *c, struct reader r)
{
	uint16_t afi = read_u16(&r);
	uint8_t safi = read_u8(&r), len = read_u8(&r), family = family_of(afi, safi);

	read_bytes(&r, len);
	read_u8(&r); /* reserved */
	if (r.bad)
		return reset_attr(c, BGP_UPDATE_OPTIONAL_ATTR, "MP_REACH_NLRI that is cut short");
	c->has_mp_nlri = reader_left(&r) > 0;
	if (!is_exchanged(c, family))
		return true; /* a family that was not agreed on is ignored (RFC 4760 7) */
	if (!next_hop_fits(family, len))
		return reset_attr(c, BGP_UPDATE_OPTIONAL_ATTR, "MP_REACH_NLRI with a bad next hop");
	c->reaches = c->has_mp_nlri;
	return check_mp_nlri(c, r, family);
}

static bool check_mp_unreach(struct check *c, struct reader r)
{
	uint16_t afi = read_u16(&r);
	uint8_t family = family_of(afi, read_u8(&r));

	if (r.bad)
		return reset_attr(c, BGP_UPDATE_OPTIONAL_ATTR, "MP_UNREACH_NLRI that is cut short");
	return !is_exchanged(c, family) || check_mp_nlri(c, r, family);
}

static bool check_attr(struct check *c, uint8_t flags, uint8_t code, struct reader value)
{
	struct attr_context context = {.internal = c->context->internal, .as4 = c->context->as4};
	const char *what = NULL;

	if (seen(c, code)) {
		/* RFC 7606 3 g: the MP ones reset, of others the first counts */
		if (code == ATTR_MP_REACH || code == ATTR_MP_UNREACH)
			return reset(c, BGP_UPDATE_MALFORMED_ATTRS, "MP attribute given twice");
		worse(c, UPDATE_ATTRIBUTE_DISCARD, "attribute given twice");
		return true;
	}
	c->seen[code / 8] |= (uint8_t)(1u << (code % 8));
	switch (attr_check(flags, code, value, &context, &what)) {
	case ATTR_FINE:
		break;
	case ATTR_DISCARD:
		worse(c, UPDATE_ATTRIBUTE_DISCARD, what);
		break;
	case ATTR_WITHDRAW:
		worse(c, UPDATE_TREAT_AS_WITHDRAW, what);
		break;
	case ATTR_RESET:
		return reset_attr(c, BGP_UPDATE_UNKNOWN_WELL_KNOWN, what);
	}
	if (code == ATTR_MP_REACH)
		return check_mp_reach(c, value);
	return code != ATTR_MP_UNREACH || check_mp_unreach(c, value);
}

static bool check_attrs(struct check *c, struct reader attrs)
{
	while (reader_left(&attrs) > 0) {
		const uint8_t *start = attrs.at;
		uint8_t flags = read_u8(&attrs), code = read_u8(&attrs);
		size_t len = flags & ATTR_FLAG_EXTENDED ? read_u16(&attrs) : read_u8(&attrs);
		struct reader value = read_sub(&attrs, len);

		c->has_other = c->has_other || attrs.bad || code != ATTR_MP_UNREACH;
		if (attrs.bad) {
			/* RFC 7606 4: the total length still tells where the NLRI is */
			worse(c, UPDATE_TREAT_AS_WITHDRAW, "attribute that is cut short");
			return true;
		}
		c->attr = start;
		c->attr_len = (size_t)(attrs.at - start);
		if (!check_attr(c, flags, code, value))
			return false;
	}
	return true;
}

/* RFC 7606 3 d: what every announcement must have. */
static void check_mandatory(struct check *c)
{
	if (!c->reaches && !c->has_nlri)
		return;
	if (!seen(c, ATTR_ORIGIN))
		worse(c, UPDATE_TREAT_AS_WITHDRAW, "no ORIGIN");
	if (!seen(c, ATTR_AS_PATH))
		worse(c, UPDATE_TREAT_AS_WITHDRAW, "no AS_PATH");
	if (c->has_nlri && !seen(c, ATTR_NEXT_HOP))
		worse(c, UPDATE_TREAT_AS_WITHDRAW, "no NEXT_HOP");
	if (c->context->internal && !seen(c, ATTR_LOCAL_PREF))
		worse(c, UPDATE_TREAT_AS_WITHDRAW, "no LOCAL_PREF");
}

/* RFC 7606 5.2: with attributes but no reachable NLRI there is nothing to be withdrawn: the NLRI
 * may be what was not understood. */
static void check_withdrawable(struct check *c)
{
	if (c->verdict == UPDATE_TREAT_AS_WITHDRAW && c->has_other && !c->has_nlri &&
	    !c->has_mp_nlri)
		reset(c, BGP_UPDATE_MALFORMED_ATTRS, c->what);
}

bool update_is_mp_end_of_rib(struct reader r)
{
	uint16_t withdrawn = read_u16(&r), attrs = read_u16(&r);
	uint8_t flags = read_u8(&r), code = read_u8(&r);
	size_t len = flags & ATTR_FLAG_EXTENDED ? read_u16(&r) : read_u8(&r);
	uint16_t afi = read_u16(&r);
	uint8_t safi = read_u8(&r);

	return !r.bad && reader_left(&r) == 0 && withdrawn == 0 && attrs > 0 && len == 3 &&
	       code == ATTR_MP_UNREACH && afi == AFI_IPV6 && safi == SAFI_UNICAST;
}

enum update_verdict update_check(struct reader r, const struct update_context *context,
				 struct bgp_error *error, const char **what)
{
	struct check c = {.context = context, .error = error};
	struct reader withdrawn = read_sub(&r, read_u16(&r));
	struct reader attrs = read_sub(&r, read_u16(&r));

	memset(error, 0, sizeof(*error));
	if (r.bad) {
		reset(&c, BGP_UPDATE_MALFORMED_ATTRS, "lengths that exceed the message");
	} else {
		c.has_nlri = reader_left(&r) > 0;
		if (check_nlri(&c, withdrawn) && check_attrs(&c, attrs) && check_nlri(&c, r)) {
			check_mandatory(&c);
			check_withdrawable(&c);
		}
	}
	*what = c.what;
	return c.verdict;
}
