/* test_selector.c: label selectors, as in Kubernetes */
#include "config/selector.h"

#include "base/text.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static const struct label rack_east[] = {{"rack", "east"}, {"role", "edge"}};
static const struct labels labels = {rack_east, 2};
static const char *const east_west[] = {"west", "east"};
static const char *const north[] = {"north"};

static const struct {
	const char *what;
	const char *key, *value; /* matchLabels; NULL: none */
	const char *expr_key; /* matchExpressions; NULL: none */
	enum selector_op op;
	struct names values;
	bool matches;
	const char *missing;
} rows[] = {
	{"an empty one matches everything", NULL, NULL, NULL, 0, {0}, true, ""},
	{"a pair", "rack", "east", NULL, 0, {0}, true, ""},
	{"another value", "rack", "west", NULL, 0, {0}, false, "rack=west"},
	{"no such label", "zone", "1", NULL, 0, {0}, false, "zone=1"},
	{"In", NULL, NULL, "rack", SELECTOR_IN, {east_west, 2}, true, ""},
	{"In, other values", NULL, NULL, "rack", SELECTOR_IN, {north, 1}, false, "rack=north"},
	{"In, no label",
	 NULL,
	 NULL,
	 "zone",
	 SELECTOR_IN,
	 {east_west, 2},
	 false,
	 "zone in (west, east)"},
	{"NotIn", NULL, NULL, "rack", SELECTOR_NOT_IN, {north, 1}, true, ""},
	{"NotIn, one of the values",
	 NULL,
	 NULL,
	 "rack",
	 SELECTOR_NOT_IN,
	 {east_west, 2},
	 false,
	 "rack not in (west, east)"},
	{"NotIn matches without the label",
	 NULL,
	 NULL,
	 "zone",
	 SELECTOR_NOT_IN,
	 {north, 1},
	 true,
	 ""},
	{"Exists", NULL, NULL, "role", SELECTOR_EXISTS, {0}, true, ""},
	{"Exists, no label", NULL, NULL, "zone", SELECTOR_EXISTS, {0}, false, "zone"},
	{"DoesNotExist", NULL, NULL, "zone", SELECTOR_DOES_NOT_EXIST, {0}, true, ""},
	{"DoesNotExist, it does",
	 NULL,
	 NULL,
	 "role",
	 SELECTOR_DOES_NOT_EXIST,
	 {0},
	 false,
	 "no role"},
	{"both must match", "rack", "east", "zone", SELECTOR_EXISTS, {0}, false, "zone"},
};

Test(selector, matches)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct label pair = {rows[i].key, rows[i].value};
		struct selector_expr expr = {rows[i].expr_key, rows[i].op, rows[i].values};
		struct selector s = {{&pair, rows[i].key ? 1 : 0}, &expr, rows[i].expr_key ? 1 : 0};
		struct text missing = {0};
		char *text;

		cr_expect_eq(selector_matches(&s, &labels), rows[i].matches, "%s", rows[i].what);
		selector_add_missing(&missing, &s, &labels);
		text = text_take(&missing);
		cr_expect_str_eq(text, rows[i].missing, "%s", rows[i].what);
		free(text);
	}
}

Test(selector, one_of_a_list)
{
	struct label wrong = {"rack", "west"}, right = {"role", "edge"};
	struct selector list[] = {{{&wrong, 1}, NULL, 0}, {{&right, 1}, NULL, 0}};
	struct selectors none = {NULL, 0}, first = {list, 1}, both = {list, 2};

	cr_expect(selectors_match(&none, &labels, true));
	cr_expect(!selectors_match(&none, &labels, false));
	cr_expect(!selectors_match(&first, &labels, true));
	cr_expect(selectors_match(&both, &labels, false));
}

Test(selector, labels_are_found_by_key)
{
	static const struct labels none;

	cr_expect_str_eq(labels_get(&labels, "role"), "edge");
	cr_expect_null(labels_get(&labels, "rol"));
	cr_expect_null(labels_get(&none, "role"));
}
