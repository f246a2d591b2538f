/* test_log_catalog.c: each event has a MESSAGE_ID of its own and an entry in the message catalog */
#include "base/log_line.h"
#include "base/text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CATALOG SRCDIR "/systemd/mlbgpd.catalog.in"

static char *catalog;

static void setup(void)
{
	static char bytes[64 << 10];
	FILE *f = fopen(CATALOG, "r");

	cr_assert_not_null(f, CATALOG);
	bytes[fread(bytes, 1, sizeof(bytes) - 1, f)] = '\0';
	fclose(f);
	catalog = bytes;
}

/* How many entries of that id; *entry is what stands behind its first line. */
static int entries_of(const char *id, const char **entry)
{
	char head[64];
	int n = 0;

	snprintf(head, sizeof(head), "\n-- %s\n", id);
	for (const char *at = catalog; (at = strstr(at, head)); n++) {
		at += strlen(head);
		*entry = at;
	}
	return n;
}

Test(log_catalog, ids_are_128_bit_and_different)
{
	cr_expect_null(log_message_id(EVENT_NONE));
	cr_expect_null(log_message_id(EVENT_COUNT));
	for (int i = EVENT_NONE + 1; i < EVENT_COUNT; i++) {
		const char *id = log_message_id(i);

		cr_assert_not_null(id, "event %d", i);
		cr_expect_eq(strlen(id), 32, "event %d", i);
		cr_expect_eq(strspn(id, "0123456789abcdef"), 32, "event %d", i);
		for (int k = EVENT_NONE + 1; k < i; k++)
			cr_expect_str_neq(id, log_message_id(k));
	}
}

Test(log_catalog, each_event_has_one_entry_with_words, .init = setup)
{
	for (int i = EVENT_NONE + 1; i < EVENT_COUNT; i++) {
		const char *entry = NULL, *body, *end;

		cr_assert_eq(entries_of(log_message_id(i), &entry), 1, "event %d, %s", i,
			     log_message_id(i));
		cr_expect(text_has_prefix(entry, "Subject: "), "event %d", i);
		body = strstr(entry, "\n\n");
		end = strstr(entry, "\n-- ");
		cr_assert_not_null(body, "event %d", i);
		cr_expect(strlen(body) > 40 && (!end || end - body > 40), "event %d", i);
	}
}

Test(log_catalog, no_entry_without_an_event, .init = setup)
{
	int n = 0;

	for (const char *at = catalog; (at = strstr(at, "\n-- ")); at++)
		n++;
	cr_expect_eq(n, EVENT_COUNT - 1);
}
