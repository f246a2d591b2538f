/* addr_range.c: ranges of addresses, and the prefixes that make them up */
#include "base/addr.h"

#include <string.h>

/* The blanks that may stand around the ends of a range. */
static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool parse_end(struct addr *ret, const char *text, size_t len)
{
	char buf[ADDR_TEXT_MAX];

	while (len > 0 && is_blank(text[0]))
		text++, len--;
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	if (len >= sizeof(buf))
		return false;
	memcpy(buf, text, len);
	buf[len] = 0;
	return addr_parse(ret, buf) == ADDR_OK;
}

enum addr_problem addr_range_parse(struct addr_range *ret, const char *text)
{
	const char *dash = strchr(text, '-');
	struct addr_range r;

	if (!dash) {
		struct prefix p;
		enum addr_problem problem = prefix_parse(&p, text);

		if (problem == ADDR_OK)
			*ret = addr_range_of(&p);
		return problem;
	}
	if (!parse_end(&r.first, text, (size_t)(dash - text)))
		return ADDR_BAD_FIRST;
	if (!parse_end(&r.last, dash + 1, strlen(dash + 1)))
		return ADDR_BAD_LAST;
	if (r.first.family != r.last.family)
		return ADDR_MIXED_FAMILIES;
	if (addr_cmp(&r.first, &r.last) > 0)
		return ADDR_REVERSED;
	*ret = r;
	return ADDR_OK;
}

struct addr_range addr_range_of(const struct prefix *prefix)
{
	return (struct addr_range){.first = prefix->addr, .last = prefix_last(prefix)};
}

bool addr_range_contains(const struct addr_range *range, const struct addr *addr)
{
	return range->first.family == addr->family && addr_cmp(&range->first, addr) <= 0 &&
	       addr_cmp(addr, &range->last) <= 0;
}

bool addr_range_overlaps(const struct addr_range *a, const struct addr_range *b)
{
	return a->first.family == b->first.family && addr_cmp(&a->first, &b->last) <= 0 &&
	       addr_cmp(&b->first, &a->last) <= 0;
}

uint64_t addr_range_size(const struct addr_range *range)
{
	unsigned bytes = addr_bits(&range->first) / 8;
	unsigned __int128 first = 0, last = 0, size;

	for (unsigned i = 0; i < bytes; i++) {
		first = first << 8 | range->first.bytes[i];
		last = last << 8 | range->last.bytes[i];
	}
	size = last - first;
	return size >= (uint64_t)INT64_MAX ? (uint64_t)INT64_MAX : (uint64_t)size + 1;
}

bool addr_range_take_prefix(struct addr_range *range, bool *more, struct prefix *ret)
{
	unsigned bits = addr_bits(&range->first);
	struct prefix best;
	struct addr last;

	if (!*more)
		return false;
	best = prefix_of(&range->first, bits);
	while (best.len > 0) {
		struct prefix wider = prefix_of(&range->first, best.len - 1u);

		last = prefix_last(&wider);
		if (!addr_equal(&wider.addr, &range->first) || addr_cmp(&last, &range->last) > 0)
			break;
		best = wider;
	}
	last = prefix_last(&best);
	*more = addr_cmp(&last, &range->last) < 0 && addr_next(&last);
	if (*more)
		range->first = last;
	*ret = best;
	return true;
}
