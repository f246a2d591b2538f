/* test_last_good.c: documents kept for a bad start: what is written is read, damage is set aside */
#include "base/text.h"
#include "config/source.h"
#include "daemon/last_good.h"
#include "daemon/state_file.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/mlbgpd-last-good-XXXXXX";
static char file[64], damaged[64];

static void setup(void)
{
	cr_assert_not_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/last-good", dir);
	snprintf(damaged, sizeof(damaged), "%s/last-good.damaged", dir);
}

static void teardown(void)
{
	unlink(file);
	unlink(damaged);
	cr_assert_eq(rmdir(dir), 0, "something was left in %s", dir);
}

TestSuite(last_good, .init = setup, .fini = teardown);

static void expect_same(const struct source_set *got, const struct source_set *want)
{
	cr_assert_not_null(got);
	cr_assert_eq(source_set_count(got), source_set_count(want));
	for (size_t i = 0; i < source_set_count(want); i++) {
		const struct source_file *a = source_set_file(got, (uint16_t)i);
		const struct source_file *b = source_set_file(want, (uint16_t)i);

		cr_assert_str_eq(a->name, b->name);
		cr_assert_eq(a->len, b->len);
		cr_assert_eq(memcmp(a->bytes, b->bytes, a->len), 0, "%s", a->name);
	}
}

/* Two files, the second of which holds what the format itself is made of, and a NUL. */
static struct source_set *two_files(void)
{
	static const char tricky[] = "\nfile 1 2\nend 1 0000000000000000\n\0\377";
	struct source_set *set = source_set_new();

	cr_assert_eq(source_set_add_bytes(set, "/etc/a b.yaml", "kind: x\n", 8), 0);
	cr_assert_eq(source_set_add_bytes(set, "end\n1", tricky, sizeof(tricky) - 1), 0);
	return set;
}

static void expect_round_trip(struct source_set *take)
{
	struct source_set *got;

	cr_assert_eq(last_good_write(dir, take), 0);
	got = last_good_read(dir);
	expect_same(got, take);
	source_set_free(got);
	source_set_free(take);
}

Test(last_good, nothing_yet)
{
	cr_assert_null(last_good_read(dir));
	cr_assert_null(last_good_read("/nonexistent"));
	cr_assert_neq(access(damaged, F_OK), 0);
}

Test(last_good, round_trip)
{
	struct stat st;

	expect_round_trip(two_files());
	cr_assert_eq(stat(file, &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0600, "there are secrets in it");
}

Test(last_good, a_file_without_bytes)
{
	struct source_set *set = source_set_new();

	cr_assert_eq(source_set_add_bytes(set, "empty", "", 0), 0);
	expect_round_trip(set);
}

Test(last_good, huge)
{
	enum { LEN = 8 << 20 };
	struct source_set *set = source_set_new();
	char *bytes = malloc(LEN);

	cr_assert_not_null(bytes);
	for (size_t i = 0; i < LEN; i++)
		bytes[i] = (char)(i * 2654435761u >> 13);
	cr_assert_eq(source_set_add_bytes(set, "huge", bytes, LEN), 0);
	for (int i = 1; i < SOURCE_FILES_MAX; i++)
		cr_assert_eq(source_set_add_bytes(set, "small", bytes, 7), 0);
	free(bytes);
	expect_round_trip(set);
}

Test(last_good, more_than_is_kept)
{
	struct source_set *set = two_files(), *big = source_set_new();
	struct source_set *got;
	char *bytes = calloc(1, STATE_FILE_MAX);

	cr_assert_not_null(bytes);
	cr_assert_eq(last_good_write(dir, set), 0);
	cr_assert_eq(source_set_add_bytes(big, "big", bytes, STATE_FILE_MAX), 0);
	free(bytes);
	cr_assert_eq(last_good_write(dir, big), -EFBIG);
	got = last_good_read(dir);
	expect_same(got, set);
	source_set_free(got);
	source_set_free(big);
	source_set_free(set);
}

Test(last_good, the_same_is_not_written_again)
{
	struct source_set *set = two_files();
	struct stat before, after;

	cr_assert_eq(last_good_write(dir, set), 0);
	cr_assert_eq(stat(file, &before), 0);
	cr_assert_eq(last_good_write(dir, set), 0);
	cr_assert_eq(stat(file, &after), 0);
	cr_assert_eq(after.st_ino, before.st_ino);
	cr_assert_eq(source_set_add_bytes(set, "third", "x", 1), 0);
	cr_assert_eq(last_good_write(dir, set), 0);
	cr_assert_eq(stat(file, &after), 0);
	cr_assert_neq(after.st_ino, before.st_ino);
	source_set_free(set);
}

Test(last_good, a_folder_that_cannot_take_it)
{
	struct source_set *set = two_files();

	cr_assert_eq(last_good_write("/nonexistent", set), -ENOENT);
	source_set_free(set);
}

/* Whichever byte is missing or another one. */
Test(last_good, every_byte_counts)
{
	struct source_set *set = two_files();
	struct text bytes = {0};

	last_good_format(set, &bytes);
	for (size_t i = 0; i < bytes.len; i++) {
		cr_assert_null(last_good_parse(bytes.text, i), "cut at %zu", i);
		bytes.text[i] ^= 1;
		cr_assert_null(last_good_parse(bytes.text, bytes.len), "byte %zu", i);
		bytes.text[i] ^= 1;
	}
	text_add(&bytes, "\n");
	cr_assert_null(last_good_parse(bytes.text, bytes.len), "something behind it");
	text_fini(&bytes);
	source_set_free(set);
}

Test(last_good, damaged)
{
	static const char *const cases[] = {
		"",
		"\n",
		"mlbgpd last good 1\n",
		"mlbgpd last good 2\nend 0 0000000000000000\n",
		"mlbgpd last good 1\nend 0 0000000000000000\n",
		"mlbgpd last good 1\nfile 1 1\nend 1 0000000000000000\n",
		"mlbgpd last good 1\nfile 0 1\n\nx\n",
		"mlbgpd last good 1\nfile 1 99999999999999999999\na\nx\n",
		"mlbgpd last good 1\nfile 1 999999999999999999999999\na\nx\n",
		"mlbgpd last good 1\nfile 4294967295 1\na\nx\n",
		"mlbgpd last good 1\nfile -1 1\na\nx\n",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		cr_assert_eq(state_file_write(dir, LAST_GOOD_FILE, cases[i], strlen(cases[i])), 0);
		cr_assert_null(last_good_read(dir), "%s", cases[i]);
		cr_assert_neq(access(file, F_OK), 0);
		cr_assert_eq(access(damaged, F_OK), 0);
		unlink(damaged);
	}
}
