/* test_exposition.c: Prometheus' text format 0.0.4: escapes, types, numbers */
#include "daemon/exposition.h"

#include <criterion/criterion.h>
#include <math.h>

Test(exposition, label_values_are_escaped)
{
	static const struct {
		const char *value, *wanted;
	} cases[] = {
		{"192.0.2.1:179", "192.0.2.1:179"},
		{"", ""},
		{"a \"b\"", "a \\\"b\\\""},
		{"c:\\d", "c:\\\\d"},
		{"\\\"", "\\\\\\\""},
		{"two\nlines", "two\\nlines"},
		{"\n", "\\n"},
		{"end\n", "end\\n"},
		{"\nbegin", "\\nbegin"},
		{"Z\xc3\xbcrich", "Z\xc3\xbcrich"},
		/* a reader refuses the whole answer for one byte that is not UTF-8 */
		{"\xff", "\\\\xff"},
		{"cut\xc3", "cut\\\\xc3"},
		{"tab\there", "tab\\\\x09here"},
		{"a,b={}", "a,b={}"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct text labels = {0}, wanted = {0};

		exposition_label(&labels, "l", cases[i].value);
		text_addf(&wanted, "l=\"%s\"", cases[i].wanted);
		cr_assert_str_eq(labels.text, wanted.text);
		text_fini(&labels);
		text_fini(&wanted);
	}
}

Test(exposition, numbers)
{
	static const struct {
		double value;
		const char *wanted;
	} cases[] = {
		{0, "m 0\n"},
		{1, "m 1\n"},
		{-2.5, "m -2.5\n"},
		{4294967296.0, "m 4294967296\n"},
		{9223372036854775807.0, "m 9.223372036854776e+18\n"},
		{1795535513.25, "m 1795535513.25\n"},
		{NAN, "m NaN\n"},
		{INFINITY, "m +Inf\n"},
		{-INFINITY, "m -Inf\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct text out = {0};

		exposition_sample(&out, "m", NULL, cases[i].value);
		cr_assert_str_eq(out.text, cases[i].wanted);
		text_fini(&out);
	}
}

Test(exposition, a_family)
{
	struct text out = {0}, labels = {0};

	exposition_family(&out, "up", METRIC_GAUGE, "Back\\slash,\nline and \"quotes\".");
	exposition_label(&labels, "peer", "[2001:db8::1]:179");
	exposition_label(&labels, "vrf", "default");
	exposition_sample(&out, "up", labels.text, 1);
	exposition_family(&out, "sent_total", METRIC_COUNTER, "Sent.");
	exposition_sample(&out, "sent_total", "", 7);
	cr_assert_str_eq(out.text, "# HELP up Back\\\\slash,\\nline and \"quotes\".\n"
				   "# TYPE up gauge\n"
				   "up{peer=\"[2001:db8::1]:179\",vrf=\"default\"} 1\n"
				   "# HELP sent_total Sent.\n"
				   "# TYPE sent_total counter\n"
				   "sent_total 7\n");
	text_fini(&out);
	text_fini(&labels);
}
