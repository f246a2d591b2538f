/* test_worker.c: in which order work is done, and what becomes of it at the end */
#include "base/text.h"
#include "daemon/worker.h"

#include <criterion/criterion.h>
#include <semaphore.h>

static sd_event *event;
static struct worker *worker;
static struct text did, told; /* by the thread, by the loop */
static sem_t go;

static void setup(void)
{
	cr_assert_geq(sd_event_new(&event), 0);
	cr_assert_eq(worker_new(&worker, event), 0);
	sem_init(&go, 0, 0);
}

static void teardown(void)
{
	worker_free(worker);
	sd_event_unref(event);
	text_fini(&did);
	text_fini(&told);
	sem_destroy(&go);
}

TestSuite(worker, .init = setup, .fini = teardown);

static void work(void *arg)
{
	text_add(&did, arg);
}

static void work_when_told(void *arg)
{
	sem_wait(&go);
	text_add(&did, arg);
}

static void done(void *arg, bool dropped)
{
	text_addf(&told, "%s%s", (const char *)arg, dropped ? "!" : "");
}

static void queue(const char *name, bool first, bool must)
{
	worker_queue(worker, &(const struct work){.work = *name == 'a' ? work_when_told : work,
						  .done = done,
						  .arg = (void *)name,
						  .must = must,
						  .first = first});
}

Test(worker, what_changes_something_goes_before_what_only_asks)
{
	queue("a", false, false);
	queue("b", false, false);
	queue("c", true, false);
	queue("d", false, false);
	queue("e", true, false);
	cr_assert_eq(worker_queued(worker), 5);
	sem_post(&go);
	while (worker_queued(worker) > 0)
		sd_event_run(event, UINT64_MAX);
	cr_assert_str_eq(did.text, "acebd");
	cr_assert_str_eq(told.text, "acebd");
}

Test(worker, at_the_end_only_what_must_be_is_done)
{
	queue("a", false, false);
	queue("b", false, false);
	queue("c", false, true);
	sem_post(&go);
	worker_free(worker);
	worker = NULL;
	cr_assert_str_eq(did.text, "ac");
	cr_assert_str_eq(told.text, "a!b!c!");
}
