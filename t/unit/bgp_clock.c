/* bgp_clock.c: a clock that the test moves */
#include "bgp_clock.h"

#include "base/clock.h"
#include "bgp/timer.h"

#include <criterion/criterion.h>

enum { TIMERS_MAX = 64, SECOND_US = 1000000 };

struct fake_timer {
	struct bgp_timer *timer; /* NULL: free */
	int64_t due_us, delay_us;
	bgp_timer_fn fn;
	void *arg;
};

static struct fake_timer timers[TIMERS_MAX];
static int64_t moved_us;

struct monotime __real_monotime_now(void);
struct monotime __wrap_monotime_now(void);
void __wrap_bgp_timer_start(struct bgp_timer *t, sd_event *event, int64_t delay_us, bgp_timer_fn fn,
			    void *arg);
void __wrap_bgp_timer_stop(struct bgp_timer *t);
bool __wrap_bgp_timer_runs(const struct bgp_timer *t);
void __wrap_bgp_timer_fini(struct bgp_timer *t);

struct monotime __wrap_monotime_now(void)
{
	return monotime_add_us(__real_monotime_now(), moved_us);
}

static struct fake_timer *find(const struct bgp_timer *t)
{
	for (size_t i = 0; i < TIMERS_MAX; i++) {
		if (timers[i].timer == t)
			return &timers[i];
	}
	return NULL;
}

void __wrap_bgp_timer_start(struct bgp_timer *t, sd_event *event, int64_t delay_us, bgp_timer_fn fn,
			    void *arg)
{
	struct fake_timer *f = find(t);

	(void)event;
	if (!f)
		f = find(NULL);
	cr_assert(f, "too many timers");
	*f = (struct fake_timer){t, monotime_now().us + delay_us, delay_us, fn, arg};
}

void __wrap_bgp_timer_stop(struct bgp_timer *t)
{
	struct fake_timer *f = find(t);

	if (f)
		f->timer = NULL;
}

bool __wrap_bgp_timer_runs(const struct bgp_timer *t)
{
	return find(t) != NULL;
}

void __wrap_bgp_timer_fini(struct bgp_timer *t)
{
	__wrap_bgp_timer_stop(t);
}

static struct fake_timer *earliest(void)
{
	struct fake_timer *first = NULL;

	for (size_t i = 0; i < TIMERS_MAX; i++) {
		if (timers[i].timer && (!first || timers[i].due_us < first->due_us))
			first = &timers[i];
	}
	return first;
}

void run_loop(struct lab *lab)
{
	int idle = 0;

	while (idle < 3) {
		int r = sd_event_run(lab->event, 1000);

		cr_assert_geq(r, 0);
		idle = r == 0 ? idle + 1 : 0;
	}
}

void pass_seconds(struct lab *lab, double seconds)
{
	int64_t until_us = monotime_now().us + (int64_t)(seconds * SECOND_US);

	run_loop(lab);
	for (struct fake_timer *f = earliest(); f && f->due_us <= until_us; f = earliest()) {
		struct fake_timer due = *f;

		f->timer = NULL;
		if (due.due_us > monotime_now().us)
			moved_us += due.due_us - monotime_now().us;
		due.fn(due.arg);
		run_loop(lab);
	}
	if (until_us > monotime_now().us)
		moved_us += until_us - monotime_now().us;
}

double seconds_to_next(void)
{
	const struct fake_timer *f = earliest();

	cr_assert(f, "no timer runs");
	return (double)(f->due_us - monotime_now().us) / SECOND_US + 0.001;
}

double delay_of_next(void)
{
	const struct fake_timer *f = earliest();

	cr_assert(f, "no timer runs");
	return (double)f->delay_us / SECOND_US;
}
