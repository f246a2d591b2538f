/* test_loop.c: the event loop knows how long its turns take */
#include "daemon/loop.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

static void keep_words(void *arg, int level, enum log_event_id id, struct log_fields fields,
		       const char *message)
{
	(void)id;
	(void)fields;
	text_addf(arg, "%d %s\n", level, message);
}

static int be_busy(sd_event_source *source, void *arg)
{
	struct monotime begin = monotime_now();
	const int64_t *us = arg;

	while (monotime_since_us(monotime_now(), begin) < *us)
		usleep(1000);
	return sd_event_exit(sd_event_source_get_event(source), 0);
}

static void turn(int64_t us, struct loop_turns *turns, struct text *log)
{
	sd_event *event = NULL;

	log_set_sink(keep_words, log);
	log_set_level(LOG_DEBUG);
	cr_assert_geq(sd_event_new(&event), 0);
	cr_assert_geq(sd_event_add_defer(event, NULL, be_busy, &us), 0);
	cr_assert_eq(loop_run(event, turns), 0);
	sd_event_unref(event);
	log_set_sink(NULL, NULL);
}

Test(loop, a_long_turn_is_counted_and_told_for_debugging)
{
	struct loop_turns turns = {0};
	struct text log = {0};
	char want[64];

	turn(80000, &turns, &log);
	cr_assert_geq(turns.longest_us, 80000);
	cr_assert_eq(turns.n_long, 1);
	snprintf(want, sizeof(want), "%d the event loop stood still for ", LOG_DEBUG);
	cr_assert(text_has_prefix(log.text, want), "%s", log.text);
	text_fini(&log);
}

/* Routers with short hold times lose patience. */
Test(loop, one_of_a_second_is_a_warning)
{
	struct loop_turns turns = {.longest_us = 90000000, .n_long = 3};
	struct text log = {0};
	char want[64];

	turn(1000000, &turns, &log);
	cr_assert_eq(turns.longest_us, 90000000);
	cr_assert_eq(turns.n_long, 4);
	snprintf(want, sizeof(want), "%d the event loop stood still for ", LOG_WARNING);
	cr_assert(text_has_prefix(log.text, want), "%s", log.text);
	text_fini(&log);
}
