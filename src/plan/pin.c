/* pin.c: the AddressAllocation document of a plan */
#include "plan/pin.h"

#include "base/heap.h"
#include "base/text.h"
#include "config/model.h"

#include <stdlib.h>
#include <string.h>

bool pin_is_missing(const struct plan_service *s)
{
	if (s->state != SERVICE_ALLOCATED)
		return false;
	return s->source == SOURCE_LEASE || s->source == SOURCE_ALLOCATED ||
	       (s->source == SOURCE_PINNED && s->n_addresses > s->pin->n_addresses);
}

static bool is_printed(const struct plan_service *s)
{
	return pin_is_missing(s) || (s->state == SERVICE_ALLOCATED && s->source == SOURCE_PINNED);
}

static int by_name(const void *x, const void *y)
{
	const struct object *a = &(*(const struct plan_service *const *)x)->service->object;
	const struct object *b = &(*(const struct plan_service *const *)y)->service->object;
	int c = strcmp(a->namespace, b->namespace);

	return c != 0 ? c : strcmp(a->name, b->name);
}

/* Text that YAML might read as a number, true or null goes in quotes. */
static bool is_plain(const char *s)
{
	static const char *const words[] = {"true", "false", "yes", "no", "on",
					    "off",  "null",  "y",   "n"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(s, words[i]) == 0)
			return false;
	return *s >= 'a' && *s <= 'z' &&
	       s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-.")] == 0;
}

static void add_scalar(struct text *out, const char *s)
{
	if (is_plain(s)) {
		text_add(out, s);
		return;
	}
	text_add(out, "\"");
	for (; *s; s++)
		text_addf(out, *s == '"' || *s == '\\' ? "\\%c" : "%c", *s);
	text_add(out, "\"");
}

static void add_service(struct text *out, const struct plan_service *s)
{
	char addr[ADDR_TEXT_MAX];

	text_add(out, "    - {namespace: ");
	add_scalar(out, s->service->object.namespace);
	text_add(out, ", name: ");
	add_scalar(out, s->service->object.name);
	for (unsigned i = 0; i < s->n_addresses; i++) {
		const char *quote = s->addresses[i].family == ADDR_IPV6 ? "\"" : "";

		text_addf(out, "%s%s%s%s", i == 0 ? ", addresses: [" : ", ", quote,
			  addr_format(addr, &s->addresses[i]), quote);
	}
	text_add(out, "]}\n");
}

void pin_add_document(struct text *out, const struct plan *plan)
{
	size_t n, n_printed = 0;
	const struct plan_service *services = plan_services(plan, &n);
	const struct plan_service **sorted = heap_alloc_array(n + 1, sizeof(*sorted));

	for (size_t i = 0; i < n; i++)
		if (is_printed(&services[i]))
			sorted[n_printed++] = &services[i];
	qsort(sorted, n_printed, sizeof(*sorted), by_name);
	text_add(out, "apiVersion: mlbgpd.io/v1alpha1\n"
		      "kind: AddressAllocation\n"
		      "metadata:\n"
		      "  name: pinned\n"
		      "spec:\n");
	text_add(out, n_printed > 0 ? "  services:\n" : "  services: []\n");
	for (size_t i = 0; i < n_printed; i++)
		add_service(out, sorted[i]);
	free(sorted);
}
