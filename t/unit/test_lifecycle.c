/* test_lifecycle.c: the life of a VIP: what each event does, and what must never be */
#include "plan/lifecycle.h"

#include <criterion/criterion.h>
#include <stdbool.h>

struct step {
	enum vip_event event;
	enum vip_state state; /* after it */
	unsigned actions;
};

struct story {
	const char *what;
	struct step steps[10];
	unsigned n;
};

#define STORY(what, ...)                                                                        \
	{                                                                                       \
		what, {__VA_ARGS__}, sizeof((struct step[]){__VA_ARGS__}) / sizeof(struct step) \
	}
#define UP                                                                                    \
	{VIP_EVENT_WANTED, VIP_ASSIGNED, VIP_DO_ASSIGN}, {VIP_EVENT_STANDS, VIP_ASSIGNED, 0}, \
	{                                                                                     \
		VIP_EVENT_GOOD, VIP_ANNOUNCED, VIP_DO_OPEN                                    \
	}

static const struct story stories[] = {
	STORY("up, and down in order", UP, {VIP_EVENT_UNWANTED, VIP_WITHDRAWING, VIP_DO_CLOSE},
	      {VIP_EVENT_WITHDRAWN, VIP_HOLDING, VIP_DO_HOLD},
	      {VIP_EVENT_HOLD_OVER, VIP_ABSENT, VIP_DO_UNASSIGN}),
	STORY("good before it stands", {VIP_EVENT_WANTED, VIP_ASSIGNED, VIP_DO_ASSIGN},
	      {VIP_EVENT_GOOD, VIP_ASSIGNED, 0}, {VIP_EVENT_STANDS, VIP_ANNOUNCED, VIP_DO_OPEN}),
	STORY("bad: withdrawn, but it stays", UP, {VIP_EVENT_BAD, VIP_WITHDRAWING, VIP_DO_CLOSE},
	      {VIP_EVENT_WITHDRAWN, VIP_ASSIGNED, 0}, {VIP_EVENT_GOOD, VIP_ANNOUNCED, VIP_DO_OPEN}),
	STORY("good again before it was withdrawn", UP,
	      {VIP_EVENT_BAD, VIP_WITHDRAWING, VIP_DO_CLOSE},
	      {VIP_EVENT_GOOD, VIP_ANNOUNCED, VIP_DO_OPEN},
	      {VIP_EVENT_WITHDRAWN, VIP_ANNOUNCED, 0}),
	STORY("lost, and put back by the kernel floor", UP,
	      {VIP_EVENT_LOST, VIP_WITHDRAWING, VIP_DO_CLOSE},
	      {VIP_EVENT_WITHDRAWN, VIP_ASSIGNED, 0},
	      {VIP_EVENT_STANDS, VIP_ANNOUNCED, VIP_DO_OPEN}),
	STORY("wanted again while it is held", UP,
	      {VIP_EVENT_UNWANTED, VIP_WITHDRAWING, VIP_DO_CLOSE},
	      {VIP_EVENT_WITHDRAWN, VIP_HOLDING, VIP_DO_HOLD},
	      {VIP_EVENT_WANTED, VIP_ANNOUNCED, VIP_DO_CANCEL_HOLD | VIP_DO_ASSIGN | VIP_DO_OPEN},
	      {VIP_EVENT_HOLD_OVER, VIP_ANNOUNCED, 0}),
	STORY("never announced: off at once", {VIP_EVENT_WANTED, VIP_ASSIGNED, VIP_DO_ASSIGN},
	      {VIP_EVENT_STANDS, VIP_ASSIGNED, 0},
	      {VIP_EVENT_UNWANTED, VIP_ABSENT, VIP_DO_UNASSIGN}),
	STORY("once absent it must stand and be good anew", UP,
	      {VIP_EVENT_UNWANTED, VIP_WITHDRAWING, VIP_DO_CLOSE},
	      {VIP_EVENT_WITHDRAWN, VIP_HOLDING, VIP_DO_HOLD},
	      {VIP_EVENT_HOLD_OVER, VIP_ABSENT, VIP_DO_UNASSIGN},
	      {VIP_EVENT_WANTED, VIP_ASSIGNED, VIP_DO_ASSIGN}),
	STORY("wanted twice is wanted once", UP, {VIP_EVENT_WANTED, VIP_ANNOUNCED, 0}),
	STORY("an unknown one is not touched", {VIP_EVENT_GOOD, VIP_ABSENT, 0},
	      {VIP_EVENT_STANDS, VIP_ABSENT, 0}, {VIP_EVENT_WITHDRAWN, VIP_ABSENT, 0},
	      {VIP_EVENT_UNWANTED, VIP_ABSENT, 0}),
};

Test(lifecycle, stories)
{
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		struct vip_life life = {0};

		for (unsigned k = 0; k < stories[i].n; k++) {
			const struct step *s = &stories[i].steps[k];

			cr_expect_eq(vip_life_event(&life, s->event), s->actions, "%s: %u: actions",
				     stories[i].what, k);
			cr_expect_eq(life.state, s->state, "%s: %u: %s, not %s", stories[i].what, k,
				     vip_state_name(life.state), vip_state_name(s->state));
		}
	}
}

/* Whatever comes in whatever order: the gate is open in "announced" alone, and only for a VIP that
 * stands; off the interface comes none with an open gate. */
Test(lifecycle, on_before_announced_and_withdrawn_before_off)
{
	unsigned random = 1;

	for (unsigned run = 0; run < 200; run++) {
		struct vip_life life = {0};
		bool open = false, stands = false, good = false;

		for (unsigned k = 0; k < 100; k++) {
			enum vip_event event;
			unsigned actions;

			random = random * 1103515245u + 12345u;
			event = (random >> 16) % VIP_EVENT_COUNT;
			if (event == VIP_EVENT_STANDS || event == VIP_EVENT_LOST)
				stands = event == VIP_EVENT_STANDS;
			if (event == VIP_EVENT_GOOD || event == VIP_EVENT_BAD)
				good = event == VIP_EVENT_GOOD;
			actions = vip_life_event(&life, event);
			if (actions & VIP_DO_CLOSE)
				open = false;
			if (actions & VIP_DO_UNASSIGN) {
				cr_assert(!open);
				stands = good = false;
			}
			if (actions & VIP_DO_OPEN) {
				cr_assert(stands && good);
				open = true;
			}
			cr_assert_eq(open, life.state == VIP_ANNOUNCED);
			cr_assert(life.state != VIP_HOLDING || !life.wanted);
		}
	}
}
