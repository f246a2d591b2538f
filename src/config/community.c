/* community.c: community literals and the well-known names */
#include "config/community.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

static const struct {
	const char *name;
	uint16_t low; /* 65535:low */
} well_known[] = {
	{"graceful-shutdown", 0}, {"accept-own", 1},
	{"llgr-stale", 6},	  {"no-llgr", 7},
	{"blackhole", 666},	  {"no-export", 65281},
	{"no-advertise", 65282},  {"no-export-subconfed", 65283},
	{"no-peer", 65284},
};
enum { N_WELL_KNOWN = sizeof(well_known) / sizeof(well_known[0]) };

enum { PARTS_MAX = 4, PART_TEXT_MAX = 16 };

/* Cuts at colons; the number of parts, more than PARTS_MAX where there are more. */
static int split(const char *text, char parts[PARTS_MAX][PART_TEXT_MAX])
{
	int n = 0;

	for (;; n++) {
		size_t len = strcspn(text, ":");

		if (n == PARTS_MAX)
			return n + 1;
		/* What is too long for a number is made no number. */
		if (len >= PART_TEXT_MAX)
			strcpy(parts[n], "?");
		else {
			memcpy(parts[n], text, len);
			parts[n][len] = '\0';
		}
		if (text[len] == '\0')
			return n + 1;
		text += len + 1;
	}
}

static bool part_parse(const char *part, uint64_t max, uint32_t *ret)
{
	uint64_t value;

	if (number_parse(&value, part, max) < 0)
		return false;
	*ret = (uint32_t)value;
	return true;
}

enum community_parse community_parse(const char *text, struct community_alias *ret)
{
	char parts[PARTS_MAX][PART_TEXT_MAX];
	struct large_community large;
	uint32_t high, low;

	switch (split(text, parts)) {
	case 2:
		if (!part_parse(parts[0], UINT16_MAX, &high) ||
		    !part_parse(parts[1], UINT16_MAX, &low))
			return COMMUNITY_BAD;
		ret->large = false;
		ret->standard = high << 16 | low;
		return COMMUNITY_OK;
	case 4:
		if (strcmp(parts[0], "large") != 0 ||
		    !part_parse(parts[1], UINT32_MAX, &large.global_admin) ||
		    !part_parse(parts[2], UINT32_MAX, &large.data1) ||
		    !part_parse(parts[3], UINT32_MAX, &large.data2))
			return COMMUNITY_BAD;
		ret->large = true;
		ret->value = large;
		return COMMUNITY_OK;
	default:
		return COMMUNITY_NO_LITERAL;
	}
}

static bool same_name(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		char x = (char)tolower((unsigned char)*a), y = (char)tolower((unsigned char)*b);

		if ((x == '_' ? '-' : x) != (y == '_' ? '-' : y))
			return false;
	}
	return *a == *b;
}

bool community_well_known(const char *name, struct community_alias *ret)
{
	for (size_t i = 0; i < N_WELL_KNOWN; i++) {
		if (!same_name(name, well_known[i].name))
			continue;
		ret->large = false;
		ret->standard = 0xffff0000u | well_known[i].low;
		return true;
	}
	return false;
}

const char *community_well_known_name(size_t i)
{
	return i < N_WELL_KNOWN ? well_known[i].name : NULL;
}
