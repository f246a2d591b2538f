/* duration.c: durations as Go writes them */
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int64_t ns;
} units[] = {
	{"ns", 1},
	{"us", 1000},
	{"\xc2\xb5s", 1000}, /* micro sign */
	{"\xce\xbcs", 1000}, /* Greek mu */
	{"ms", 1000000},
	{"s", 1000000000},
	{"m", 60 * INT64_C(1000000000)},
	{"h", 3600 * INT64_C(1000000000)},
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The unit at s; 0 where there is none.  The longest name wins: "ms" is not "m". */
static int64_t take_unit(const char **s)
{
	size_t len = 0;
	int64_t ns = 0;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (text_has_prefix(*s, units[i].name) && strlen(units[i].name) > len) {
			len = strlen(units[i].name);
			ns = units[i].ns;
		}
	}
	*s += len;
	return ns;
}

/* The largest magnitude: that of INT64_MIN. */
static const uint64_t magnitude_max = (uint64_t)INT64_MAX + 1;

/* The digits at s as a number; false where it does not fit. */
static bool take_whole(const char **s, uint64_t *value)
{
	bool fits = true;

	for (*value = 0; is_digit(**s); (*s)++) {
		if (__builtin_mul_overflow(*value, (uint64_t)10, value) ||
		    __builtin_add_overflow(*value, (uint64_t)(**s - '0'), value))
			fits = false;
	}
	return fits;
}

/* The digits at s behind a point; those too small to count are read over. */
static double take_fraction(const char **s)
{
	uint64_t value = 0;
	double scale = 1;

	for (; is_digit(**s); (*s)++) {
		if (value > INT64_MAX / 10 - 1)
			continue;
		value = value * 10 + (uint64_t)(**s - '0');
		scale *= 10;
	}
	return (double)value / scale;
}

/* One number with its unit, added to *sum.  0, -EINVAL, -ERANGE. */
static int take_part(const char **s, uint64_t *sum)
{
	const char *start = *s;
	uint64_t value;
	bool fits = take_whole(s, &value);
	bool digits = *s > start;
	double fraction = 0;
	int64_t unit;

	if (**s == '.') {
		start = ++*s;
		fraction = take_fraction(s);
		digits = digits || *s > start;
	}
	unit = digits ? take_unit(s) : 0;
	if (unit == 0)
		return -EINVAL;
	if (!fits || value > magnitude_max / (uint64_t)unit)
		return -ERANGE;
	value = value * (uint64_t)unit + (uint64_t)(fraction * (double)unit);
	if (value > magnitude_max || *sum + value > magnitude_max)
		return -ERANGE;
	*sum += value;
	return 0;
}

int duration_parse(int64_t *ret_ns, const char *s)
{
	bool negative = *s == '-';
	uint64_t sum = 0;
	int range = 0;

	if (*s == '-' || *s == '+')
		s++;
	if (strcmp(s, "0") == 0) {
		*ret_ns = 0;
		return 0;
	}
	if (!*s)
		return -EINVAL;
	while (*s) {
		int r = take_part(&s, &sum);

		if (r == -EINVAL)
			return r;
		if (r < 0)
			range = r;
	}
	if (range < 0 || (!negative && sum > INT64_MAX))
		return -ERANGE;
	*ret_ns = negative ? (int64_t)-sum : (int64_t)sum;
	return 0;
}

/* A number of units with its fraction of nine, six or three digits, without trailing zeros. */
static void add_fraction(char *buf, size_t size, uint64_t whole, uint64_t part, int digits,
			 const char *unit)
{
	char fraction[16] = "";

	if (part > 0) {
		int n = snprintf(fraction, sizeof(fraction), ".%0*llu", digits,
				 (unsigned long long)part);

		while (n > 0 && fraction[n - 1] == '0')
			fraction[--n] = 0;
	}
	snprintf(buf, size, "%llu%s%s", (unsigned long long)whole, fraction, unit);
}

const char *duration_format(char *buf, int64_t ns)
{
	uint64_t v = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
	uint64_t seconds = v / 1000000000;
	char last[24], *at = buf;
	size_t left = DURATION_TEXT_MAX;

	if (ns < 0) {
		*at++ = '-';
		left--;
	}
	if (v == 0)
		snprintf(at, left, "0s");
	else if (v < 1000)
		snprintf(at, left, "%lluns", (unsigned long long)v);
	else if (v < 1000000)
		add_fraction(at, left, v / 1000, v % 1000, 3, "\xc2\xb5s");
	else if (v < 1000000000)
		add_fraction(at, left, v / 1000000, v % 1000000, 6, "ms");
	else {
		add_fraction(last, sizeof(last), seconds % 60, v % 1000000000, 9, "s");
		if (seconds >= 3600)
			snprintf(at, left, "%lluh%llum%s", (unsigned long long)(seconds / 3600),
				 (unsigned long long)(seconds / 60 % 60), last);
		else if (seconds >= 60)
			snprintf(at, left, "%llum%s", (unsigned long long)(seconds / 60), last);
		else
			snprintf(at, left, "%s", last);
	}
	return buf;
}
