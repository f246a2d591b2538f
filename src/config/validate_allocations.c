/* validate_allocations.c: AddressAllocations that contradict each other (conflict) */
#include "config/reading.h"
#include "config/validate_private.h"

#include <string.h>

struct pin_of {
	const struct address_allocation *doc;
	const struct pinned *pin;
};

static int service_cmp(const struct pin_of *a, const struct pin_of *b)
{
	int c = strcmp(a->pin->namespace, b->pin->namespace);

	return c != 0 ? c : strcmp(a->pin->name, b->pin->name);
}

/* By Service, then as in the files: documents and entries are in arrays. */
static int pin_of_cmp(const void *x, const void *y)
{
	const struct pin_of *a = x, *b = y;
	int c = service_cmp(a, b);

	if (c == 0)
		c = (a->doc > b->doc) - (a->doc < b->doc);
	return c != 0 ? c : (a->pin > b->pin) - (a->pin < b->pin);
}

static bool same_addresses(const struct pinned *a, const struct pinned *b)
{
	if (a->n_addresses != b->n_addresses)
		return false;
	for (unsigned i = 0; i < a->n_addresses; i++)
		if (!addr_equal(&a->addresses[i], &b->addresses[i]))
			return false;
	return true;
}

static bool contradict(struct check *c, const struct pin_of *a, const struct pin_of *b)
{
	return !same_addresses(a->pin, b->pin) &&
	       (a->doc == b->doc ||
		check_common_node(c, &a->doc->node_selectors, &b->doc->node_selectors));
}

static void report(struct check *c, const struct pin_of *a, const struct pin_of *b)
{
	char path[PATH_TEXT_MAX];
	struct place place =
		check_place(c, &a->doc->object, path_item(path, "spec.services", a->pin->entry));
	struct diag *diag =
		check_error(c, &b->doc->object, path_item(path, "spec.services", b->pin->entry),
			    "conflict", "%s/%s has other addresses in AddressAllocation/%s",
			    b->pin->namespace, b->pin->name, a->doc->object.name);

	diag_related(c->diags, diag, place, "the other one is here, in AddressAllocation/%s",
		     a->doc->object.name);
}

/* The pins of one Service: each is told once, with the first that it contradicts. */
static void check_group(struct check *c, struct pin_of *at, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < kept && !contradict(c, &at[k], &at[i]))
			k++;
		if (k < kept)
			report(c, &at[k], &at[i]);
		else if (kept == 0 || at[kept - 1].doc != at[i].doc)
			at[kept++] = at[i];
	}
}

void conflict_of_allocations(struct check *c)
{
	ARRAY(struct pin_of) all = {0};

	for (size_t i = 0; i < c->model->allocations.n; i++) {
		const struct address_allocation *doc = &c->model->allocations.at[i];

		for (uint32_t k = 0; k < doc->n_pins; k++)
			*array_add(&all) = (struct pin_of){doc, &doc->pins[k]};
	}
	array_sort(&all, pin_of_cmp);
	for (size_t i = 0, end; i < all.n; i = end) {
		end = i + 1;
		while (end < all.n && service_cmp(&all.at[i], &all.at[end]) == 0)
			end++;
		check_group(c, &all.at[i], end - i);
	}
	array_fini(&all);
}
