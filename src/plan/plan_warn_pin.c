/* plan_warn_pin.c: addresses that may differ between the nodes of a group, and pins without effect
 */
#include "plan/plan_impl.h"

#include "base/text.h"
#include "config/diag.h"
#include "plan/pin.h"

#include <stdio.h>

enum { NAMES_MAX = 3, IDLE_MAX = 100 };

static void warn_unpinned(const struct warn *w)
{
	const struct plan *plan = w->b->plan;
	const struct plan_service *first = NULL;
	struct text names = {0};
	size_t n = 0, n_nodes;
	struct finding about = {.severity = DIAG_WARNING,
				.rule = "unpinned",
				.hint = "mlbgpd plan --pin prints the document that pins them"};

	model_nodes(plan->model, &n_nodes);
	for (size_t i = 0; i < plan->n_services && n_nodes >= 2; i++) {
		const struct plan_service *s = &plan->services[i];

		if (!pin_is_missing(s))
			continue;
		if (!first)
			first = s;
		if (n++ < NAMES_MAX)
			text_addf(&names, "%s%s/%s", n == 1 ? "" : ", ",
				  s->service->object.namespace, s->service->object.name);
	}
	if (n > NAMES_MAX)
		text_addf(&names, " and %zu more", n - NAMES_MAX);
	if (first) {
		about.object = &first->service->object;
		warn_add(w, about,
			 "%zu Service%s an address that no file gives, so that nodes may differ: "
			 "%s",
			 n, n == 1 ? " has" : "s have", names.text);
	}
	text_fini(&names);
}

static bool has_pinned(const struct plan_service *s)
{
	unsigned found = 0;

	for (unsigned i = 0; i < s->pin->n_addresses; i++)
		for (unsigned k = 0; k < s->n_addresses; k++)
			found += addr_equal(&s->pin->addresses[i], &s->addresses[k]);
	return found == s->pin->n_addresses;
}

/* Another address is asked for, or the pinned one is taken, or in no pool. */
static void warn_idle(const struct warn *w)
{
	const struct plan *plan = w->b->plan;
	unsigned n = 0;

	for (size_t i = 0; i < plan->n_services && n < IDLE_MAX; i++) {
		const struct plan_service *s = &plan->services[i];
		char is[ADDR_TEXT_MAX], pinned[ADDR_TEXT_MAX];
		struct finding about = {.severity = DIAG_WARNING,
					.object = &s->service->object,
					.rule = "no-effect"};

		if (!s->pin || s->state != SERVICE_ALLOCATED || has_pinned(s))
			continue;
		n++;
		warn_add(w, about, "%s is pinned, but it has %s",
			 addr_format(pinned, &s->pin->addresses[0]),
			 addr_format(is, &s->addresses[0]));
	}
}

void plan_warn_pin(const struct warn *w)
{
	warn_unpinned(w);
	warn_idle(w);
}
