/* test_vips.c: the order of what is done for VIPs over start, reload, loss and stop
 *
 * The plan, the kernel and the speaker are stand-ins that write down what they are told.
 */
#include "base/log.h"
#include "base/text.h"
#include "bgp/speaker.h"
#include "daemon/vips.h"
#include "kernel/host.h"
#include "kernel/vip.h"
#include "plan/plan.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What happened, in words: "want A B; open A; ..." */
static struct text story;

static void tell(const char *verb, const struct addr *addr)
{
	char text[ADDR_TEXT_MAX];

	text_addf(&story, "%s %s; ", verb, addr_format(text, addr));
}

static void expect(const char *words)
{
	char *was = text_take(&story);

	cr_assert_str_eq(was, words);
	free(was);
}

/* The plan */

enum { VIPS_MAX = 128 };

struct plan {
	struct plan_vip vips[VIPS_MAX];
	size_t n;
	struct daemon_settings settings;
};

static struct plan *plan_of(const char *const *addrs, int64_t hold_ms)
{
	struct plan *plan = calloc(1, sizeof(*plan));

	plan->settings.withdraw_hold_ns = hold_ms * 1000000;
	for (; addrs[plan->n]; plan->n++) {
		struct plan_vip *vip = &plan->vips[plan->n];

		cr_assert_eq(addr_parse(&vip->addr, addrs[plan->n]), ADDR_OK);
		vip->length = (uint8_t)addr_bits(&vip->addr);
	}
	return plan;
}

const struct plan_vip *plan_vips(const struct plan *plan, size_t *n)
{
	*n = plan->n;
	return plan->vips;
}

const char *const *plan_interfaces(const struct plan *plan, size_t *n)
{
	static const char *const names[] = {"lo"};

	(void)plan;
	*n = 1;
	return names;
}

const struct daemon_settings *plan_settings(const struct plan *plan)
{
	return &plan->settings;
}

void plan_gate(struct plan *plan, uint32_t vip, bool open, plan_route_fn fn, void *arg)
{
	if (plan->vips[vip].open == open)
		return;
	plan->vips[vip].open = open;
	if (fn) {
		tell(open ? "open" : "close", &plan->vips[vip].addr);
		fn(arg, 0, vip);
	} else {
		tell(open ? "stays open" : "stays closed", &plan->vips[vip].addr);
	}
}

/* The speaker */

static bool flushed;

bool speaker_is_flushed(const struct speaker *speaker)
{
	(void)speaker;
	return flushed;
}

void speaker_route_changed(struct speaker *speaker, uint32_t group, uint32_t route)
{
	(void)speaker;
	(void)group;
	(void)route;
}

void speaker_gather(struct speaker *speaker, bool on)
{
	(void)speaker;
	(void)on;
}

/* The kernel */

struct vip_set {
	int unused;
};
static struct vip_set the_set;
static const struct vip_ops *kernel;
static void *kernel_arg;
static struct addr wanted[VIPS_MAX];
static size_t n_wanted;
static size_t n_lines; /* in the log */
static bool has_it; /* what vip_set_view() says of any wanted one */

int vip_set_new(struct vip_set **ret, sd_event *event, const struct vip_ops *ops, void *arg)
{
	(void)event;
	kernel = ops;
	kernel_arg = arg;
	*ret = &the_set;
	return 0;
}

void vip_set_free(struct vip_set *set)
{
	(void)set;
}

void vip_set_want(struct vip_set *set, const struct vip_wish *wishes, size_t n)
{
	(void)set;
	text_add(&story, "want");
	n_wanted = n;
	for (size_t i = 0; i < n; i++) {
		char text[ADDR_TEXT_MAX];

		wanted[i] = wishes[i].addr;
		text_addf(&story, " %s", addr_format(text, &wishes[i].addr));
		cr_assert_str_eq(wishes[i].interface, "lo");
	}
	text_add(&story, "; ");
}

bool vip_set_is_settled(const struct vip_set *set)
{
	(void)set;
	return true;
}

int vip_set_may_write(const struct vip_set *set)
{
	(void)set;
	return 0;
}

bool vip_set_is_wanted(const struct vip_set *set, const struct addr *addr)
{
	(void)set;
	for (size_t i = 0; i < n_wanted; i++)
		if (addr_equal(&wanted[i], addr))
			return true;
	return false;
}

void vip_set_missing(const struct vip_set *set, vip_missing_fn fn, void *arg)
{
	(void)set;
	(void)fn;
	(void)arg;
}

bool vip_set_view(const struct vip_set *set, const struct addr *addr, struct vip_view *ret)
{
	if (!vip_set_is_wanted(set, addr))
		return false;
	*ret = (struct vip_view){.addr = *addr, .stands = has_it, .owned = true};
	return true;
}

static bool socket_on_it; /* on any address that is asked for */

int host_addresses_in_use(const struct addr *addrs, size_t n, bool *in_use)
{
	(void)addrs;
	for (size_t i = 0; i < n; i++)
		in_use[i] = socket_on_it;
	return 0;
}

/* The tests */

static sd_event *event;
static struct vips *vips;

static void settled(void *arg)
{
	(void)arg;
}

static void setup(void)
{
	cr_assert_geq(sd_event_new(&event), 0);
	cr_assert_eq(vips_new(&vips, event, settled, NULL), 0);
	flushed = true;
	has_it = false;
	socket_on_it = true;
	n_wanted = 0;
}

static void teardown(void)
{
	vips_free(vips);
	sd_event_unref(event);
	text_fini(&story);
}

TestSuite(vips, .init = setup, .fini = teardown);

static void apply(struct plan *plan)
{
	vips_prepare(vips, plan);
	text_add(&story, "| ");
	vips_commit(vips);
}

static void stands(const char *text)
{
	struct addr addr;

	addr_parse(&addr, text);
	kernel->stands(kernel_arg, &addr, true, false);
}

static enum vip_state state_of(const char *text)
{
	struct vip_status status;
	struct addr addr;

	addr_parse(&addr, text);
	return vips_status(vips, &addr, &status) ? status.state : VIP_ABSENT;
}

/* Turns the loop until the VIP is in that state, for a second at most. */
static void wait_for(const char *text, enum vip_state state)
{
	for (int i = 0; i < 1000 && state_of(text) != state; i++)
		sd_event_run(event, 1000);
	cr_assert_eq(state_of(text), state);
}

Test(vips, on_before_announced)
{
	struct plan *plan = plan_of((const char *[]){"192.0.2.1", "192.0.2.2", NULL}, 0);

	apply(plan);
	expect("| want 192.0.2.1 192.0.2.2; ");
	stands("192.0.2.2");
	expect("open 192.0.2.2; ");
	cr_assert_eq(state_of("192.0.2.1"), VIP_ASSIGNED);
	cr_assert_eq(vips_count_state(vips, VIP_ANNOUNCED), 1);
	free(plan);
}

Test(vips, a_reload_opens_what_was_open_before_the_speaker_sees_the_plan)
{
	struct plan *plan = plan_of((const char *[]){"192.0.2.1", NULL}, 0);
	struct plan *next = plan_of((const char *[]){"192.0.2.1", "192.0.2.2", NULL}, 0);

	apply(plan);
	stands("192.0.2.1");
	expect("| want 192.0.2.1; open 192.0.2.1; ");
	next->vips[1].open = true; /* as an estimate of the changes may leave it */
	apply(next);
	expect("stays open 192.0.2.1; stays closed 192.0.2.2; | want 192.0.2.1 192.0.2.2; ");
	free(plan);
	stands("192.0.2.2");
	expect("open 192.0.2.2; ");
	free(next);
}

Test(vips, withdrawn_before_off_and_held_in_between)
{
	struct plan *plan = plan_of((const char *[]){"192.0.2.1", NULL}, 30);
	struct plan *empty = plan_of((const char *[]){NULL}, 30);

	apply(plan);
	stands("192.0.2.1");
	text_fini(&story);
	flushed = false;
	apply(empty);
	free(plan);
	expect("| want 192.0.2.1; ");
	for (int i = 0; i < 5; i++)
		sd_event_run(event, 30000);
	cr_assert_eq(state_of("192.0.2.1"), VIP_WITHDRAWING);
	flushed = true;
	wait_for("192.0.2.1", VIP_HOLDING);
	expect("");
	wait_for("192.0.2.1", VIP_ABSENT);
	while (!vips_are_settled(vips))
		sd_event_run(event, 1000);
	expect("want; ");
	cr_assert_eq(vips_count(vips), 0);
	free(empty);
}

Test(vips, a_hold_ends_when_nobody_uses_it)
{
	struct plan *plan = plan_of((const char *[]){"192.0.2.1", NULL}, 60000);
	struct plan *empty = plan_of((const char *[]){NULL}, 60000);

	apply(plan);
	stands("192.0.2.1");
	apply(empty);
	wait_for("192.0.2.1", VIP_HOLDING);
	for (int i = 0; i < 100; i++)
		sd_event_run(event, 10000);
	cr_assert_eq(state_of("192.0.2.1"), VIP_HOLDING);
	socket_on_it = false;
	wait_for("192.0.2.1", VIP_ABSENT);
	free(plan);
	free(empty);
}

Test(vips, one_that_comes_back_while_it_is_held_is_announced_again)
{
	struct plan *plan = plan_of((const char *[]){"192.0.2.1", NULL}, 60000);
	struct plan *empty = plan_of((const char *[]){NULL}, 60000);
	struct plan *again = plan_of((const char *[]){"192.0.2.1", NULL}, 60000);

	apply(plan);
	stands("192.0.2.1");
	apply(empty);
	wait_for("192.0.2.1", VIP_HOLDING);
	text_fini(&story);
	apply(again);
	expect("| open 192.0.2.1; want 192.0.2.1; ");
	free(plan);
	free(empty);
	free(again);
}

/* Off and wanted again in one turn of the loop: the kernel has it and will not say so. */
Test(vips, one_that_never_left_the_kernel_stands)
{
	struct plan *plan = plan_of((const char *[]){"192.0.2.1", NULL}, 0);
	struct plan *empty = plan_of((const char *[]){NULL}, 0);
	struct plan *again = plan_of((const char *[]){"192.0.2.1", NULL}, 0);

	apply(plan);
	stands("192.0.2.1");
	has_it = true;
	apply(empty);
	wait_for("192.0.2.1", VIP_ABSENT);
	text_fini(&story);
	apply(again);
	expect("| open 192.0.2.1; want 192.0.2.1; ");
	free(plan);
	free(empty);
	free(again);
}

static void count_lines(void *arg, int level, enum log_event_id id, struct log_fields fields,
			const char *message)
{
	struct text *last = arg;

	(void)level;
	(void)id;
	(void)fields;
	text_fini(last);
	text_add(last, message);
	n_lines++;
}

Test(vips, of_many_that_change_together_the_log_has_a_number)
{
	const char *addrs[VIPS_MAX + 1] = {NULL};
	char texts[VIPS_MAX][ADDR_TEXT_MAX];
	struct text last = {0};
	struct plan *plan, *empty = plan_of((const char *[]){NULL}, 0);

	for (int i = 0; i < 110; i++) {
		snprintf(texts[i], sizeof(texts[i]), "192.0.2.%d", i);
		addrs[i] = texts[i];
	}
	plan = plan_of(addrs, 0);
	apply(plan);
	log_set_sink(count_lines, &last);
	n_lines = 0;
	for (int i = 0; i < 110; i++)
		stands(texts[i]);
	cr_assert_eq(n_lines, 100);
	cr_assert_str_eq(last.text, "VIP 192.0.2.99: assigned -> announced");
	for (int i = 0; i < 3000 && n_lines == 100; i++)
		sd_event_run(event, 1000);
	cr_assert_eq(n_lines, 101);
	cr_assert_str_eq(last.text, "10 more VIPs: assigned -> announced");
	/* the next second has lines again; what is left at the end is told */
	apply(empty);
	cr_assert_eq(n_lines, 201);
	vips_free(vips);
	cr_assert_eq(n_lines, 202);
	cr_assert_str_eq(last.text, "10 more VIPs: announced -> withdrawing");
	log_set_sink(NULL, NULL);
	vips = NULL;
	free(plan);
	free(empty);
	text_fini(&last);
}

Test(vips, a_lost_one_is_withdrawn_and_announced_again_when_it_is_back)
{
	struct plan *plan = plan_of((const char *[]){"192.0.2.1", NULL}, 0);
	struct addr addr;

	apply(plan);
	stands("192.0.2.1");
	text_fini(&story);
	addr_parse(&addr, "192.0.2.1");
	kernel->lost(kernel_arg, &addr, "somebody removed it");
	expect("close 192.0.2.1; ");
	stands("192.0.2.1");
	wait_for("192.0.2.1", VIP_ANNOUNCED);
	expect("open 192.0.2.1; ");
	free(plan);
}

Test(vips, at_the_stop_all_go)
{
	struct plan *plan = plan_of((const char *[]){"192.0.2.1", "192.0.2.2", NULL}, 60000);

	apply(plan);
	stands("192.0.2.1");
	text_fini(&story);
	vips_leave(vips, true);
	expect("want 192.0.2.1; "); /* the other one was never announced: nobody uses it */
	cr_assert_not(vips_are_gone(vips));
	vips_leave(vips, false);
	expect("want; ");
	cr_assert(vips_are_gone(vips));
	free(plan);
}
