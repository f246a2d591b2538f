/* test_duration.c: durations are read and written as Go does it */
#include "base/text.h"

#include <criterion/criterion.h>
#include <errno.h>

#define N(table) (sizeof(table) / sizeof((table)[0]))
#define SECOND INT64_C(1000000000)

Test(duration, is_read)
{
	static const struct {
		const char *text;
		int64_t ns;
	} rows[] = {
		{"0", 0},
		{"+0", 0},
		{"-0", 0},
		{"0s", 0},
		{"90s", 90 * SECOND},
		{"1m30s", 90 * SECOND},
		{"30s1m", 90 * SECOND},
		{"1.5s", 3 * SECOND / 2},
		{".5s", SECOND / 2},
		{"5.s", 5 * SECOND},
		{"+5s", 5 * SECOND},
		{"-1.5h", -5400 * SECOND},
		{"300ms", 300000000},
		{"10us", 10000},
		{"10\xc2\xb5s", 10000},
		{"10\xce\xbcs", 10000},
		{"7ns", 7},
		{"1h2m3s4ms5us6ns", 3723 * SECOND + 4005006},
		{"0.3333333333333333333h", 1200 * SECOND},
		{"0.100000000000000000000h", 360 * SECOND},
		{"0.9ns", 0},
		{"9007199254.740993s", INT64_C(9007199254740993000)},
		{"9223372036854775807ns", INT64_MAX},
		{"9223372036.854775807s", INT64_MAX},
		{"-9223372036854775808ns", INT64_MIN},
		{"000000000000000000000000000001s", SECOND},
	};

	for (size_t i = 0; i < N(rows); i++) {
		int64_t ns = 4711;

		cr_expect_eq(duration_parse(&ns, rows[i].text), 0, "%s", rows[i].text);
		cr_expect_eq(ns, rows[i].ns, "%s: %lld", rows[i].text, (long long)ns);
	}
}

Test(duration, is_refused)
{
	static const struct {
		const char *text;
		int error;
	} rows[] = {
		{"", -EINVAL},
		{"-", -EINVAL},
		{"90", -EINVAL},
		{"3.5", -EINVAL},
		{"s", -EINVAL},
		{".s", -EINVAL},
		{"-.s", -EINVAL},
		{"1x", -EINVAL},
		{"1d", -EINVAL},
		{"1 s", -EINVAL},
		{" 1s", -EINVAL},
		{"1s ", -EINVAL},
		{"--1s", -EINVAL},
		{"1m-30s", -EINVAL},
		{"1S", -EINVAL},
		{"1e3s", -EINVAL},
		{"infinity", -EINVAL},
		{"9223372036854775808ns", -ERANGE},
		{"-9223372036854775809ns", -ERANGE},
		{"9223372036.9s", -ERANGE},
		{"2562048h", -ERANGE},
		{"2562047h48m", -ERANGE},
		{"99999999999999999999h", -ERANGE},
		{"99999999999999999999h1", -EINVAL},
	};

	for (size_t i = 0; i < N(rows); i++) {
		int64_t ns = 4711;

		cr_expect_eq(duration_parse(&ns, rows[i].text), rows[i].error, "%s", rows[i].text);
		cr_expect_eq(ns, 4711, "%s: touched", rows[i].text);
	}
}

Test(duration, is_written)
{
	static const struct {
		int64_t ns;
		const char *text;
	} rows[] = {
		{0, "0s"},
		{1, "1ns"},
		{1100, "1.1\xc2\xb5s"},
		{2200000, "2.2ms"},
		{300000000, "300ms"},
		{SECOND, "1s"},
		{3300 * SECOND / 1000, "3.3s"},
		{90 * SECOND, "1m30s"},
		{540 * SECOND, "9m0s"},
		{3600 * SECOND, "1h0m0s"},
		{245 * SECOND + SECOND / 1000, "4m5.001s"},
		{18367001 * (SECOND / 1000), "5h6m7.001s"},
		{480 * SECOND + 1, "8m0.000000001s"},
		{-90 * SECOND, "-1m30s"},
		{-1, "-1ns"},
		{INT64_MAX, "2562047h47m16.854775807s"},
		{INT64_MIN, "-2562047h47m16.854775808s"},
	};

	for (size_t i = 0; i < N(rows); i++) {
		char buf[DURATION_TEXT_MAX];
		int64_t back;

		cr_expect_str_eq(duration_format(buf, rows[i].ns), rows[i].text);
		cr_expect_eq(duration_parse(&back, buf), 0, "%s", buf);
		cr_expect_eq(back, rows[i].ns, "%s", buf);
	}
}
