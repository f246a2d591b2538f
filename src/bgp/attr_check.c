/* attr_check.c: path attributes on the way in, judged as RFC 7606 section 7 has it */
#include "bgp/attr.h"

#include "bgp/codec.h"

/* Checks a value; returns what is wrong, or NULL. */
typedef const char *(*check_fn)(struct reader value, const struct attr_context *context);

static const char *check_origin(struct reader value, const struct attr_context *context)
{
	uint8_t origin = read_u8(&value);

	(void)context;
	if (value.bad || reader_left(&value) > 0)
		return "ORIGIN of a wrong length";
	return origin > 2 ? "ORIGIN of an unknown value" : NULL;
}

/* Segments of types 1 to 4 (RFC 5065), none empty, none that runs over the end (RFC 7606 7.2);
 * AS 0 is malformed too (RFC 7607). */
static const char *check_segments(struct reader value, bool four_octets)
{
	while (reader_left(&value) > 0) {
		uint8_t type = read_u8(&value), n = read_u8(&value);

		if (type < 1 || type > 4)
			return "AS_PATH with an unknown segment";
		if (n == 0)
			return "AS_PATH with an empty segment";
		for (; n > 0; n--) {
			uint32_t asn = four_octets ? read_u32(&value) : read_u16(&value);

			if (value.bad)
				return "AS_PATH that is cut short";
			if (asn == 0)
				return "AS_PATH with AS 0";
		}
	}
	return value.bad ? "AS_PATH that is cut short" : NULL;
}

static const char *check_as_path(struct reader value, const struct attr_context *context)
{
	return check_segments(value, context->as4);
}

static const char *check_as4_path(struct reader value, const struct attr_context *context)
{
	(void)context;
	return check_segments(value, true);
}

static const char *check_length_4(struct reader value, const struct attr_context *context)
{
	(void)context;
	return reader_left(&value) == 4 ? NULL : "attribute of a wrong length";
}

static const char *check_empty(struct reader value, const struct attr_context *context)
{
	(void)context;
	return reader_left(&value) == 0 ? NULL : "ATOMIC_AGGREGATE of a wrong length";
}

/* Length, and AS 0 (RFC 7607 2). */
static const char *check_aggregator_of(struct reader value, bool four_octets)
{
	uint32_t asn;

	if (reader_left(&value) != (four_octets ? 8u : 6u))
		return "AGGREGATOR of a wrong length";
	asn = four_octets ? read_u32(&value) : read_u16(&value);
	return asn == 0 ? "AGGREGATOR with AS 0" : NULL;
}

static const char *check_aggregator(struct reader value, const struct attr_context *context)
{
	return check_aggregator_of(value, context->as4);
}

static const char *check_as4_aggregator(struct reader value, const struct attr_context *context)
{
	(void)context;
	return check_aggregator_of(value, true);
}

static const char *check_multiple(size_t len, size_t of)
{
	return len > 0 && len % of == 0 ? NULL : "attribute whose length is no multiple";
}

static const char *check_multiple_4(struct reader value, const struct attr_context *context)
{
	(void)context;
	return check_multiple(reader_left(&value), 4);
}

static const char *check_multiple_8(struct reader value, const struct attr_context *context)
{
	(void)context;
	return check_multiple(reader_left(&value), 8);
}

static const char *check_multiple_12(struct reader value, const struct attr_context *context)
{
	(void)context;
	return check_multiple(reader_left(&value), 12);
}

enum { WELL_KNOWN = ATTR_FLAG_TRANSITIVE, OPTIONAL = ATTR_FLAG_OPTIONAL };
enum { OPTIONAL_TRANSITIVE = ATTR_FLAG_OPTIONAL | ATTR_FLAG_TRANSITIVE };

static const struct {
	uint8_t code, flags; /* optional and transitive bits as they must be */
	const char *name;
	check_fn check; /* NULL: update.c's */
	enum attr_error error; /* where it is malformed (RFC 7606 7) */
	bool internal_only; /* discarded unseen where it comes from an external peer */
} table[] = {
	{ATTR_ORIGIN, WELL_KNOWN, "ORIGIN", check_origin, ATTR_WITHDRAW, false},
	{ATTR_AS_PATH, WELL_KNOWN, "AS_PATH", check_as_path, ATTR_WITHDRAW, false},
	{ATTR_NEXT_HOP, WELL_KNOWN, "NEXT_HOP", check_length_4, ATTR_WITHDRAW, false},
	{ATTR_MED, OPTIONAL, "MULTI_EXIT_DISC", check_length_4, ATTR_WITHDRAW, false},
	{ATTR_LOCAL_PREF, WELL_KNOWN, "LOCAL_PREF", check_length_4, ATTR_WITHDRAW, true},
	{ATTR_ATOMIC_AGGREGATE, WELL_KNOWN, "ATOMIC_AGGREGATE", check_empty, ATTR_DISCARD, false},
	{ATTR_AGGREGATOR, OPTIONAL_TRANSITIVE, "AGGREGATOR", check_aggregator, ATTR_DISCARD, false},
	{ATTR_COMMUNITIES, OPTIONAL_TRANSITIVE, "COMMUNITIES", check_multiple_4, ATTR_WITHDRAW,
	 false},
	{ATTR_ORIGINATOR_ID, OPTIONAL, "ORIGINATOR_ID", check_length_4, ATTR_WITHDRAW, true},
	{ATTR_CLUSTER_LIST, OPTIONAL, "CLUSTER_LIST", check_multiple_4, ATTR_WITHDRAW, true},
	{ATTR_MP_REACH, OPTIONAL, "MP_REACH_NLRI", NULL, ATTR_RESET, false},
	{ATTR_MP_UNREACH, OPTIONAL, "MP_UNREACH_NLRI", NULL, ATTR_RESET, false},
	{ATTR_EXT_COMMUNITIES, OPTIONAL_TRANSITIVE, "EXTENDED_COMMUNITIES", check_multiple_8,
	 ATTR_WITHDRAW, false},
	{ATTR_AS4_PATH, OPTIONAL_TRANSITIVE, "AS4_PATH", check_as4_path, ATTR_DISCARD, false},
	{ATTR_AS4_AGGREGATOR, OPTIONAL_TRANSITIVE, "AS4_AGGREGATOR", check_as4_aggregator,
	 ATTR_DISCARD, false},
	{ATTR_LARGE_COMMUNITIES, OPTIONAL_TRANSITIVE, "LARGE_COMMUNITY", check_multiple_12,
	 ATTR_WITHDRAW, false},
};

enum { TABLE_SIZE = sizeof(table) / sizeof(table[0]) };

static size_t find_attr(uint8_t code)
{
	size_t i = 0;

	while (i < TABLE_SIZE && table[i].code != code)
		i++;
	return i;
}

const char *attr_name(uint8_t code)
{
	size_t i = find_attr(code);

	return i < TABLE_SIZE ? table[i].name : NULL;
}

enum attr_error attr_check(uint8_t flags, uint8_t code, struct reader value,
			   const struct attr_context *context, const char **what)
{
	size_t i = find_attr(code);

	if (i == TABLE_SIZE) {
		/* an unknown well-known attribute resets the session (RFC 4271 6.3) */
		*what = "unknown well-known attribute";
		return flags & ATTR_FLAG_OPTIONAL ? ATTR_FINE : ATTR_RESET;
	}
	if (table[i].internal_only && !context->internal)
		return ATTR_FINE; /* ignored, whatever it holds (RFC 7606 7.5, 7.9, 7.10) */
	if ((flags & OPTIONAL_TRANSITIVE) != table[i].flags) {
		*what = "attribute with wrong flags";
		return ATTR_WITHDRAW; /* of whatever attribute (RFC 7606 3 c) */
	}
	*what = table[i].check ? table[i].check(value, context) : NULL;
	return *what ? table[i].error : ATTR_FINE;
}
