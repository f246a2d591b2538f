/* test_keep.c: files that the state folder is to hold: the newest counts, failures are told once */
#include "base/log.h"
#include "base/text.h"
#include "daemon/keep.h"
#include "daemon/state_file.h"
#include "daemon/worker.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/mlbgpd-keep-XXXXXX";
static char state[64], file[80];
static sd_event *event;
static struct worker *worker;
static struct keep *keep;
static struct text told;
static int idle, freed;

static void to_text(void *arg, int level, enum log_event_id id, struct log_fields fields,
		    const char *message)
{
	(void)arg;
	(void)fields;
	cr_assert_eq(id, EVENT_STATE_FOLDER);
	text_addf(&told, "%d %s\n", level, message);
}

static void on_idle(void *arg)
{
	(void)arg;
	idle++;
}

static void setup(void)
{
	cr_assert_not_null(mkdtemp(dir));
	snprintf(state, sizeof(state), "%s/state", dir);
	snprintf(file, sizeof(file), "%s/one", state);
	cr_assert_eq(mkdir(state, 0700), 0);
	cr_assert_geq(sd_event_new(&event), 0);
	cr_assert_eq(worker_new(&worker, event), 0);
	cr_assert_eq(keep_new(&keep, event, worker, state, on_idle, NULL), 0);
	log_set_sink(to_text, NULL);
}

static void teardown(void)
{
	worker_free(worker);
	keep_free(keep);
	sd_event_unref(event);
	log_set_sink(NULL, NULL);
	text_fini(&told);
	unlink(file);
	rmdir(state);
	cr_assert_eq(rmdir(dir), 0, "something was left in %s", dir);
}

TestSuite(keep, .init = setup, .fini = teardown);

static int write_one(const char *state_dir, const void *words)
{
	return state_file_write(state_dir, "one", words, strlen(words));
}

/* The bytes are an error's number. */
static int fail(const char *state_dir, const void *number)
{
	(void)state_dir;
	return -atoi(number);
}

static void count(void *arg)
{
	(void)arg;
	freed++;
}

static void want(int (*write)(const char *, const void *), const char *words)
{
	keep_write(keep, KEEP_LEASES, (struct keep_what){write, count, (void *)words});
}

static void wait_idle(void)
{
	while (keep_is_busy(keep))
		sd_event_run(event, UINT64_MAX);
}

static void expect_file(const char *words)
{
	char *bytes = NULL;

	cr_assert_eq(state_file_read(state, "one", &bytes), 0);
	cr_expect_str_eq(bytes, words);
	free(bytes);
}

Test(keep, the_newest_is_there_in_the_end)
{
	want(write_one, "a");
	want(write_one, "b");
	want(write_one, "c");
	cr_assert(keep_is_busy(keep));
	wait_idle();
	expect_file("c");
	cr_expect_eq(freed, 3);
	cr_expect_eq(idle, 1);
	cr_expect_null(told.text);
	cr_expect_null(keep_problem(keep, KEEP_LEASES));
}

Test(keep, a_failure_is_told_once_and_its_end_too)
{
	struct text wanted = {0};

	text_addf(
		&wanted,
		"4 the addresses given out can't be kept in %s: No space left on device; they may "
		"move at the next start\n"
		"4 the addresses given out can't be kept in %s: Read-only file system; they may "
		"move at the next start\n"
		"6 kept in %s again: the addresses given out\n",
		state, state, state);
	_Static_assert(ENOSPC == 28 && EROFS == 30, "the numbers below");
	want(fail, "28");
	wait_idle();
	want(fail, "28");
	wait_idle();
	cr_expect_eq(freed, 1, "the last one is wanted still");
	want(fail, "30");
	wait_idle();
	cr_expect_not_null(strstr(keep_problem(keep, KEEP_LEASES), "Read-only"));
	cr_expect_null(keep_problem(keep, KEEP_LAST_GOOD), "of this file alone");
	want(write_one, "a");
	wait_idle();
	cr_expect_null(keep_problem(keep, KEEP_LEASES));
	cr_expect_eq(freed, 4);
	cr_expect_str_eq(told.text, wanted.text);
	text_fini(&wanted);
}

Test(keep, a_folder_that_is_gone_is_made_again)
{
	struct stat st;

	cr_assert_eq(rmdir(state), 0);
	want(write_one, "a");
	wait_idle();
	expect_file("a");
	cr_assert_eq(stat(state, &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0700);
	cr_expect_not_null(strstr(told.text, "was gone: made again"));
}

Test(keep, the_end_writes_what_waits)
{
	want(write_one, "a");
	want(write_one, "b");
	worker_free(worker);
	worker = NULL;
	expect_file("b");
	cr_expect_eq(freed, 2);
	cr_expect_eq(idle, 0, "nobody is there any more to be told");
}

Test(keep, what_never_succeeded_is_freed_at_the_end)
{
	want(fail, "5");
	wait_idle();
	cr_expect_eq(freed, 0);
	worker_free(worker);
	worker = NULL;
	keep_free(keep);
	keep = NULL;
	cr_expect_eq(freed, 1);
}

Test(keep, removing_what_is_not_there)
{
	cr_expect_eq(state_file_remove(state, "one"), 0);
	cr_assert_eq(state_file_write(state, "one", "a", 1), 0);
	cr_expect_eq(state_file_remove(state, "one"), 0);
	cr_expect_neq(access(file, F_OK), 0);
	cr_expect_eq(state_file_remove("/nonexistent", "one"), 0);
}
