/* test_text.c: the string builder, numbers, nearest names, words from outside */
#include "base/text.h"
#include "base/utf8.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define N(table) (sizeof(table) / sizeof((table)[0]))

Test(text, builds)
{
	struct text t = {0};
	char *taken;

	for (int i = 0; i < 1000; i++)
		text_addf(&t, "%d,", i % 10);
	text_add_n(&t, "abcdef", 3);
	text_add(&t, "");
	cr_expect_eq(t.len, 2003);
	cr_expect_eq(strlen(t.text), t.len);
	cr_expect_str_eq(t.text + 1994, "7,8,9,abc");
	taken = text_take(&t);
	cr_expect_eq(strlen(taken), 2003);
	free(taken);
	taken = text_take(&t);
	cr_expect_str_eq(taken, "");
	free(taken);
	text_fini(&t);
}

Test(text, compares)
{
	cr_expect(text_equal(NULL, NULL) && text_equal("a", "a"));
	cr_expect_not(text_equal(NULL, "") || text_equal("", NULL) || text_equal("a", "b"));
	cr_expect(text_has_prefix("metallb.io/v1", "metallb.io/") && text_has_prefix("a", ""));
	cr_expect_not(text_has_prefix("met", "metallb"));
}

Test(text, numbers)
{
	static const struct {
		const char *text;
		uint64_t max;
		int result;
		uint64_t value;
	} rows[] = {
		{"0", 10, 0, 0},
		{"10", 10, 0, 10},
		{"007", 10, 0, 7},
		{"18446744073709551615", UINT64_MAX, 0, UINT64_MAX},
		{"11", 10, -ERANGE, 0},
		{"18446744073709551616", UINT64_MAX, -ERANGE, 0},
		{"99999999999999999999999999", UINT64_MAX, -ERANGE, 0},
		{"", 10, -EINVAL, 0},
		{"+1", 10, -EINVAL, 0},
		{"-1", 10, -EINVAL, 0},
		{" 1", 10, -EINVAL, 0},
		{"1x", 10, -EINVAL, 0},
		{"0x1", 10, -EINVAL, 0},
		{"99999999999999999999999999x", 10, -EINVAL, 0},
	};

	for (size_t i = 0; i < N(rows); i++) {
		uint64_t value = 4711;

		cr_expect_eq(number_parse(&value, rows[i].text, rows[i].max), rows[i].result, "%s",
			     rows[i].text);
		cr_expect_eq(value, rows[i].result == 0 ? rows[i].value : 4711, "%s", rows[i].text);
	}
}

Test(text, nearest_names)
{
	static const char *const names[] = {"peerAddress", "peerASN", "peerPort",
					    "holdTime",	   "myASN",   "bfdProfile"};
	static const struct {
		const char *written, *nearest; /* NULL: none is near */
	} rows[] = {
		{"peerAdress", "peerAddress"},
		{"peeraddress", "peerAddress"},
		{"peerAsn", "peerASN"},
		{"peerAS", "peerASN"},
		{"holdtime", "holdTime"},
		{"hodlTime", "holdTime"},
		{"HOLDTMIE", "holdTime"},
		{"myASNs", "myASN"},
		{"bfdprofil", "bfdProfile"},
		{"password", NULL},
		{"x", NULL},
		{"", NULL},
		{"a-name-that-is-far-longer-than-all-that-a-schema-could-have-as-a-field", NULL},
	};

	for (size_t i = 0; i < N(rows); i++) {
		const char *near = nearest_name(rows[i].written, names, N(names));

		cr_expect(text_equal(near, rows[i].nearest), "%s: %s", rows[i].written,
			  near ? near : "none");
	}
	cr_expect_null(nearest_name("peer", NULL, 0));
}

Test(text, words_from_outside_are_made_harmless)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"plain words, 100%", "plain words, 100%"},
		{"Gr\xc3\xbc\xc3\x9f"
		 "e \xe2\x82\xac \xf0\x9f\x90\xa7",
		 "Gr\xc3\xbc\xc3\x9f"
		 "e \xe2\x82\xac \xf0\x9f\x90\xa7"},
		{"two\nlines\r\t", "two\\x0alines\\x0d\\x09"},
		{"\x1b[2J\x7f", "\\x1b[2J\\x7f"},
		{"\xc2\x9b"
		 "31m\xc2\xa0",
		 "\\xc2\\x9b31m\xc2\xa0"},
		{"\x80\xff", "\\x80\\xff"},
		{"\xc0\xaf", "\\xc0\\xaf"}, /* overlong */
		{"\xed\xa0\x80", "\\xed\\xa0\\x80"}, /* a surrogate */
		{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* above U+10FFFF */
		{"cut \xe2\x82", "cut \\xe2\\x82"},
	};

	for (size_t i = 0; i < N(rows); i++) {
		struct text t = {0};

		text_add_printable(&t, rows[i].in, strlen(rows[i].in));
		cr_expect_str_eq(t.text, rows[i].out);
		text_fini(&t);
	}
}

Test(utf8, first_and_last_of_each_length)
{
	static const struct {
		const char *bytes;
		size_t left, len;
	} rows[] = {
		{"\0", 1, 1},
		{"\x7f", 1, 1},
		{"\xc2\x80", 2, 2},
		{"\xdf\xbf", 2, 2},
		{"\xe0\xa0\x80", 3, 3},
		{"\xed\x9f\xbf", 3, 3},
		{"\xee\x80\x80", 3, 3},
		{"\xef\xbf\xbf", 3, 3},
		{"\xf0\x90\x80\x80", 4, 4},
		{"\xf4\x8f\xbf\xbf", 4, 4},
		{"a", 0, 0},
		{"\xc2\x80", 1, 0},
		{"\xe0\x9f\xbf", 3, 0},
		{"\xf0\x8f\xbf\xbf", 4, 0},
		{"\xe2\x82\x41", 3, 0},
		{"\xf5\x80\x80\x80", 4, 0},
	};

	for (size_t i = 0; i < N(rows); i++)
		cr_expect_eq(utf8_char_len(rows[i].bytes, rows[i].left), rows[i].len, "row %zu", i);
}
