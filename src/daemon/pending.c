/* pending.c: Services that stay without address, or keep one that they should not: to the log */
#include "daemon/pending.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "config/diag.h"
#include "config/source.h"
#include "daemon/generation.h"
#include "daemon/plan_json.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

/* V-080 to V-092 concern one Service alone. */
enum { FIRST_RULE = 80, LAST_RULE = 92, TOLD_MAX = 100 };

bool pending_is_told(const struct diag *diag)
{
	uint64_t rule;

	return diag->kind && strcmp(diag->kind, "Service") == 0 && diag->rule &&
	       strncmp(diag->rule, "V-", 2) == 0 && number_parse(&rule, diag->rule + 2, 999) == 0 &&
	       rule >= FIRST_RULE && rule <= LAST_RULE;
}

struct teller {
	const struct generation *new_one;
	size_t told;
};

static bool is_in_trouble(const struct plan_service *s)
{
	return s && s->reason &&
	       (s->state == SERVICE_PENDING || (s->rule >= FIRST_RULE && s->rule <= LAST_RULE));
}

static void tell_trouble(struct teller *t, const struct plan_service *s, const char *name)
{
	const struct object *o = &s->service->object;
	struct text where = {0}, rule = {0};

	if (o->place.file != SOURCE_NOWHERE)
		text_addf(&where,
			  "%s:%u: ", source_set_file(t->new_one->sources, o->place.file)->name,
			  o->place.line);
	if (s->rule)
		text_addf(&rule, "V-%03u", s->rule);
	log_event(LOG_WARNING, EVENT_SERVICE_PENDING,
		  LOG_FIELDS({"SERVICE", name}, {"REASON", s->reason}, {"RULE", rule.text}),
		  "%sService %s %s: %s%s%s%s", where.text ? where.text : "", name,
		  s->state == SERVICE_PENDING ? "stays without address"
					      : "keeps the address that it has",
		  s->reason, rule.text ? " [" : "", rule.text ? rule.text : "",
		  rule.text ? "]" : "");
	text_fini(&rule);
	text_fini(&where);
}

static void tell_end(const struct plan_service *s, const char *name)
{
	struct text list = {0};
	char text[ADDR_TEXT_MAX];

	for (unsigned i = 0; i < s->n_addresses; i++)
		text_addf(&list, "%s%s", i > 0 ? " " : "", addr_format(text, &s->addresses[i]));
	log_event(LOG_INFO, EVENT_SERVICE_PENDING, LOG_FIELDS({"SERVICE", name}),
		  "Service %s has %s now", name, list.text ? list.text : "no address");
	text_fini(&list);
}

/* Either may be NULL. */
static void tell(struct teller *t, const struct plan_service *was, const struct plan_service *is)
{
	const bool changed =
		!is_in_trouble(was) ||
		(is && (was->rule != is->rule || !text_equal(was->reason, is->reason)));
	struct text name = {0};

	if (!is || (is_in_trouble(is) ? !changed : !is_in_trouble(was)))
		return;
	if (t->told++ >= TOLD_MAX)
		return;
	text_addf(&name, "%s/%s", is->service->object.namespace, is->service->object.name);
	if (is_in_trouble(is))
		tell_trouble(t, is, name.text);
	else
		tell_end(is, name.text);
	text_fini(&name);
}

static int service_cmp(const struct plan_service *a, const struct plan_service *b)
{
	const struct object *x = &a->service->object, *y = &b->service->object;
	int c = strcmp(x->namespace ? x->namespace : "", y->namespace ? y->namespace : "");

	return c ? c : strcmp(x->name, y->name);
}

static bool any_in_trouble(const struct generation *g)
{
	size_t n = 0;
	const struct plan_service *services = g ? plan_services(g->plan, &n) : NULL;

	for (size_t i = 0; i < n; i++)
		if (is_in_trouble(&services[i]))
			return true;
	return false;
}

void pending_log(const struct generation *old_one, const struct generation *new_one)
{
	struct teller t = {.new_one = new_one};
	size_t n_old = 0, n, i = 0, j = 0;
	const struct plan_service *old_at = NULL, *new_at = plan_services(new_one->plan, &n);
	uint32_t *old_order = NULL, *order;

	/* to sort them is dear, and mostly for nothing */
	if (!any_in_trouble(old_one) && !any_in_trouble(new_one))
		return;
	order = plan_services_sorted(new_one->plan, &n);
	if (old_one) {
		old_at = plan_services(old_one->plan, &n_old);
		old_order = plan_services_sorted(old_one->plan, &n_old);
	}
	for (; j < n; j++) {
		const struct plan_service *is = &new_at[order[j]];

		while (i < n_old && service_cmp(&old_at[old_order[i]], is) < 0)
			i++;
		tell(&t,
		     i < n_old && service_cmp(&old_at[old_order[i]], is) == 0
			     ? &old_at[old_order[i]]
			     : NULL,
		     is);
	}
	if (t.told > TOLD_MAX)
		log_event(LOG_WARNING, EVENT_SERVICE_PENDING, LOG_NO_FIELDS,
			  "and of %zu more Services; see mlbgpd show services", t.told - TOLD_MAX);
	free(old_order);
	free(order);
}
