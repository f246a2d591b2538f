/* test_log.c: levels, fields, stderr and the journal; and that a log that stands still delays
 * nobody */
#include "base/log.h"
#include "base/clock.h"
#include "base/text.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define N(table) (sizeof(table) / sizeof((table)[0]))

/* What a call may take that waits for nothing, on a busy machine under sanitizers. */
enum { LINES = 10000, SOON_US = 3000000 };

/* --- a test's sink ----------------------------------------------------------------------- */

static void to_text(void *arg, int level, enum log_event_id id, struct log_fields fields,
		    const char *message)
{
	text_addf(arg, "%d %d %s", level, (int)id, message);
	for (size_t i = 0; i < fields.n; i++)
		text_addf(arg, " %s=%s", fields.at[i].key, fields.at[i].value);
	text_add(arg, "\n");
}

Test(log, a_sink_gets_levels_ids_and_fields)
{
	struct text got = {0};
	struct text want = {0};

	log_set_sink(to_text, &got);
	log_event(LOG_WARNING, EVENT_PEER_ERROR, LOG_FIELDS({"PEER", "tor-a"}, {"VIP", NULL}),
		  "peer %s: %d", "tor-a", 7);
	log_debug("not at this level");
	log_set_level(LOG_DEBUG);
	log_debug("at this level");
	log_set_level(LOG_ERR);
	log_warning("not any more");
	log_error("this is");
	log_set_sink(NULL, NULL);
	text_addf(&want, "%d %d peer tor-a: 7 PEER=tor-a\n", LOG_WARNING, EVENT_PEER_ERROR);
	text_addf(&want, "%d 0 at this level\n%d 0 this is\n", LOG_DEBUG, LOG_ERR);
	cr_expect_str_eq(got.text, want.text);
	text_fini(&got);
	text_fini(&want);
}

Test(log, words_for_levels)
{
	static const struct {
		const char *word;
		int level;
	} rows[] = {{"error", LOG_ERR},
		    {"warning", LOG_WARNING},
		    {"info", LOG_INFO},
		    {"debug", LOG_DEBUG},
		    {"Error", -1},
		    {"notice", -1},
		    {"", -1}};

	for (size_t i = 0; i < N(rows); i++)
		cr_expect_eq(log_level_parse(rows[i].word), rows[i].level, "%s", rows[i].word);
}

/* --- stderr ------------------------------------------------------------------------------ */

/* stderr goes into a pipe; its other end is returned. */
static int stderr_to_pipe(void)
{
	int ends[2];

	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	cr_assert_eq(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	close(ends[1]);
	unsetenv("JOURNAL_STREAM");
	return ends[0];
}

/* Reads until the writing end is closed. */
static void *read_all(void *arg)
{
	int fd = *(int *)arg;
	struct text *all = calloc(1, sizeof(*all));
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		text_add_n(all, buf, (size_t)n);
	return all;
}

Test(log, a_line_stays_a_line_on_stderr)
{
	int fd = stderr_to_pipe();
	struct text *all;

	log_set_level(LOG_DEBUG);
	log_error("it is broken");
	log_warning("look: %s", "one\ntwo\x1b[31m");
	log_info("Gr\xc3\xbc\xc3\x9f"
		 "e");
	log_debug("%s", "");
	cr_assert_eq(log_start(), 0);
	log_info("by the thread");
	log_stop();
	log_info("behind the stop");
	close(STDERR_FILENO);
	all = read_all(&fd);
	cr_expect_str_eq(all->text, "error: it is broken\n"
				    "warning: look: one\\x0atwo\\x1b[31m\n"
				    "info: Gr\xc3\xbc\xc3\x9f"
				    "e\n"
				    "debug: \n"
				    "info: by the thread\n"
				    "info: behind the stop\n");
	text_fini(all);
	free(all);
}

Test(log, a_pipe_that_nobody_reads_delays_nobody, .timeout = 30)
{
	struct monotime start;
	int fd = stderr_to_pipe();

	cr_assert_eq(log_start(), 0);
	start = monotime_now();
	for (int i = 0; i < LINES; i++)
		log_info("line %d of many, and long enough to fill a pipe soon", i);
	cr_expect_lt(monotime_since_us(monotime_now(), start), SOON_US);

	start = monotime_now();
	log_stop(); /* gives up after two seconds */
	cr_expect_lt(monotime_since_us(monotime_now(), start), 2000000 + SOON_US);

	start = monotime_now();
	log_info("nobody is there to write it");
	cr_expect_lt(monotime_since_us(monotime_now(), start), SOON_US);
	cr_expect_eq(log_start(), -EBUSY);

	/* let the thread go, for the sanitizer's sake */
	fcntl(fd, F_SETFL, O_NONBLOCK);
	close(STDERR_FILENO);
	close(fd);
}

Test(log, what_was_dropped_is_told, .timeout = 30)
{
	int fd = stderr_to_pipe(), told = 0;
	unsigned long dropped = 0;
	pthread_t reader;
	struct text *all;
	void *result;

	cr_assert_eq(log_start(), 0);
	for (int i = 0; i < LINES; i++)
		log_info("line %d of many, and long enough to fill a pipe soon", i);
	cr_assert_eq(pthread_create(&reader, NULL, read_all, &fd), 0);
	log_stop();
	close(STDERR_FILENO);
	cr_assert_eq(pthread_join(reader, &result), 0);
	all = result;
	for (const char *at = all->text; (at = strstr(at, "info: line ")); at++)
		told++;
	for (const char *at = all->text; (at = strstr(at, "\nwarning: ")); at++) {
		unsigned long n = 0;

		cr_expect_eq(sscanf(at, "\nwarning: %lu log lines were dropped", &n), 1);
		dropped += n;
	}
	cr_expect_gt(dropped, 0);
	cr_expect_eq(told + (int)dropped, LINES);
	text_fini(all);
	free(all);
}

Test(log, a_stderr_that_does_not_block_loses_nothing, .timeout = 30)
{
	int fd = stderr_to_pipe(), told = 0;
	pthread_t reader;
	struct text *all;
	void *result;

	fcntl(STDERR_FILENO, F_SETFL, O_NONBLOCK);
	cr_assert_eq(pthread_create(&reader, NULL, read_all, &fd), 0);
	for (int i = 0; i < LINES; i++)
		log_info("line %d", i);
	close(STDERR_FILENO);
	cr_assert_eq(pthread_join(reader, &result), 0);
	all = result;
	for (const char *at = all->text; (at = strstr(at, "info: line ")); at++)
		told++;
	cr_expect_eq(told, LINES);
	text_fini(all);
	free(all);
}

/* --- the journal ------------------------------------------------------------------------- */

/* A journal of our own, in a mount namespace of our own; stderr claims to lead to it. */
static int journal_of_our_own(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX,
				   .sun_path = "/run/systemd/journal/socket"};
	struct timeval patience = {.tv_sec = 5};
	char stream[64];
	struct stat st;
	int fd;

	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", "/run", "tmpfs", 0, NULL) < 0)
		cr_skip_test("no mount namespace of our own here");
	mkdir("/run/systemd", 0755);
	mkdir("/run/systemd/journal", 0755);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	cr_assert_eq(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	cr_assert_eq(fstat(STDERR_FILENO, &st), 0);
	snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)st.st_dev,
		 (unsigned long long)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	return fd;
}

Test(log_journal, gets_the_fields_and_the_place_of_the_caller)
{
	static const char *const wanted[] = {
		"\nPRIORITY=4\n",
		"\nSYSLOG_IDENTIFIER=mlbgpd\n",
		"\nMESSAGE_ID=d921001444c646b8909dba57095a8cdc\n",
		"\nMESSAGE=peer tor-a: \\x1b[31mred\n",
		"\nPEER=tor-a\n",
		"\nREASON=why\n",
		"/test_log.c\n",
		"\nCODE_FUNC=",
	};
	char buf[8192] = "\n", line[64];
	int fd = journal_of_our_own();
	ssize_t n;

	cr_assert_eq(log_start(), 0);
	log_event(LOG_WARNING, EVENT_PEER_ERROR,
		  LOG_FIELDS({"PEER", "tor-a"}, {"VIP", NULL}, {"REASON", "why"}), "peer %s: %s",
		  "tor-a", "\x1b[31mred");
	snprintf(line, sizeof(line), "\nCODE_LINE=%d\n", __LINE__ - 3);
	n = recv(fd, buf + 1, sizeof(buf) - 2, 0);
	cr_assert_gt(n, 0);
	buf[n + 1] = '\0';
	for (size_t i = 0; i < N(wanted); i++)
		cr_expect_not_null(strstr(buf, wanted[i]), "%s", wanted[i]);
	cr_expect_not_null(strstr(buf, line), "%s", line);
	cr_expect_null(strstr(buf, "VIP="));
	log_stop();
	log_info("behind the stop, still the journal's");
	n = recv(fd, buf + 1, sizeof(buf) - 2, 0);
	cr_expect_gt(n, 0);
	close(fd);
}

Test(log_journal, one_that_stands_still_delays_nobody, .timeout = 30)
{
	int fd = journal_of_our_own();
	struct monotime start;

	cr_assert_eq(log_start(), 0);
	start = monotime_now();
	for (int i = 0; i < LINES; i++)
		log_info("line %d", i);
	cr_expect_lt(monotime_since_us(monotime_now(), start), SOON_US);
	start = monotime_now();
	log_stop();
	cr_expect_gt(monotime_since_us(monotime_now(), start), 1000000, "it did not stand still");
	cr_expect_lt(monotime_since_us(monotime_now(), start), 2000000 + SOON_US);
	close(fd);
}

Test(log_journal, is_not_taken_for_one_by_its_name_alone)
{
	int journal = journal_of_our_own(), fd = stderr_to_pipe();
	char buf[256] = "";

	setenv("JOURNAL_STREAM", "1:2", 1);
	log_info("to stderr");
	cr_expect_gt(read(fd, buf, sizeof(buf) - 1), 0);
	cr_expect_str_eq(buf, "info: to stderr\n");
	close(journal);
}
