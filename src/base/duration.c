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

/* One number with its unit.  -EINVAL, -ERANGE, or 0 with the sum in *sum. */
static int take_part(const char **s, int64_t *sum)
{
	const char *whole = *s, *fraction = NULL;
	int64_t unit, value = 0;
	size_t n_whole, n_fraction = 0;

	while (is_digit(**s))
		(*s)++;
	n_whole = (size_t)(*s - whole);
	if (**s == '.') {
		fraction = ++*s;
		while (is_digit(**s))
			(*s)++;
		n_fraction = (size_t)(*s - fraction);
	}
	if (n_whole + n_fraction == 0)
		return -EINVAL;
	unit = take_unit(s);
	if (unit == 0)
		return -EINVAL;
	for (size_t i = 0; i < n_whole; i++) {
		if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
		    __builtin_add_overflow(value, (int64_t)(whole[i] - '0'), &value))
			return -ERANGE;
	}
	if (__builtin_mul_overflow(value, unit, &value))
		return -ERANGE;
	for (size_t i = 0; i < n_fraction && unit > 0; i++) {
		int64_t rest = unit % 10;

		unit /= 10;
		value += (fraction[i] - '0') * unit + (fraction[i] - '0') * rest / 10;
	}
	return __builtin_add_overflow(*sum, value, sum) ? -ERANGE : 0;
}

int duration_parse(int64_t *ret_ns, const char *s)
{
	bool negative = *s == '-';
	int64_t sum = 0;

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

		if (r < 0)
			return r;
	}
	*ret_ns = negative ? -sum : sum;
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
