/* selector.c: do labels match a selector?  As in Kubernetes: all of a selector, one of a list */
#include "config/selector.h"

#include "base/heap.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

const char *labels_get(const struct labels *labels, const char *key)
{
	uint32_t low = 0, high = labels->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int c = strcmp(labels->at[middle].key, key);

		if (c == 0)
			return labels->at[middle].value;
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static bool is_one_of(const char *value, const struct names *values)
{
	for (uint32_t i = 0; i < values->n; i++) {
		if (strcmp(values->at[i], value) == 0)
			return true;
	}
	return false;
}

/* NotIn and DoesNotExist match where the key is missing too. */
static bool expr_matches(const struct selector_expr *expr, const struct labels *labels)
{
	const char *value = labels_get(labels, expr->key);

	switch (expr->op) {
	case SELECTOR_IN:
		return value && is_one_of(value, &expr->values);
	case SELECTOR_NOT_IN:
		return !value || !is_one_of(value, &expr->values);
	case SELECTOR_EXISTS:
		return value;
	case SELECTOR_DOES_NOT_EXIST:
		return !value;
	}
	return false;
}

bool selector_matches(const struct selector *selector, const struct labels *labels)
{
	for (uint32_t i = 0; i < selector->match.n; i++) {
		if (!text_equal(labels_get(labels, selector->match.at[i].key),
				selector->match.at[i].value))
			return false;
	}
	for (uint32_t i = 0; i < selector->n_exprs; i++) {
		if (!expr_matches(&selector->exprs[i], labels))
			return false;
	}
	return true;
}

bool selectors_match(const struct selectors *list, const struct labels *labels, bool if_empty)
{
	if (list->n == 0)
		return if_empty;
	for (uint32_t i = 0; i < list->n; i++) {
		if (selector_matches(&list->at[i], labels))
			return true;
	}
	return false;
}

bool names_have(const struct names *names, const char *name)
{
	for (uint32_t i = 0; i < names->n; i++)
		if (strcmp(names->at[i], name) == 0)
			return true;
	return false;
}

bool object_is_selected(const struct object *object, const struct names *names,
			const struct selectors *selectors)
{
	if (names->n == 0 && selectors->n == 0)
		return true;
	return names_have(names, object->name) ||
	       selectors_match(selectors, &object->labels, false);
}

static void add_expr(struct text *text, const struct selector_expr *expr)
{
	static const char *const words[] = {
		[SELECTOR_IN] = "%s in (",
		[SELECTOR_NOT_IN] = "%s not in (",
		[SELECTOR_EXISTS] = "%s",
		[SELECTOR_DOES_NOT_EXIST] = "no %s",
	};

	if (expr->op == SELECTOR_IN && expr->values.n == 1) {
		text_addf(text, "%s=%s", expr->key, expr->values.at[0]);
		return;
	}
	text_addf(text, words[expr->op], expr->key);
	if (expr->op != SELECTOR_IN && expr->op != SELECTOR_NOT_IN)
		return;
	for (uint32_t i = 0; i < expr->values.n; i++)
		text_addf(text, "%s%s", i ? ", " : "", expr->values.at[i]);
	text_add(text, ")");
}

void selector_add_missing(struct text *text, const struct selector *selector,
			  const struct labels *labels)
{
	for (uint32_t i = 0; i < selector->match.n; i++) {
		const struct label *l = &selector->match.at[i];

		if (!text_equal(labels_get(labels, l->key), l->value)) {
			text_addf(text, "%s=%s", l->key, l->value);
			return;
		}
	}
	for (uint32_t i = 0; i < selector->n_exprs; i++) {
		if (!expr_matches(&selector->exprs[i], labels)) {
			add_expr(text, &selector->exprs[i]);
			return;
		}
	}
}

static bool expr_equal(const struct selector_expr *a, const struct selector_expr *b)
{
	if (a->op != b->op || a->values.n != b->values.n || !text_equal(a->key, b->key))
		return false;
	for (uint32_t i = 0; i < a->values.n; i++) {
		if (!is_one_of(a->values.at[i], &b->values))
			return false;
	}
	return true;
}

static bool has_expr(const struct selector *selector, const struct selector_expr *expr)
{
	for (uint32_t i = 0; i < selector->n_exprs; i++) {
		if (expr_equal(&selector->exprs[i], expr))
			return true;
	}
	return false;
}

bool selector_equal(const struct selector *a, const struct selector *b)
{
	if (a->match.n != b->match.n || a->n_exprs != b->n_exprs)
		return false;
	for (uint32_t i = 0; i < a->match.n; i++) {
		if (!text_equal(a->match.at[i].key, b->match.at[i].key) ||
		    !text_equal(a->match.at[i].value, b->match.at[i].value))
			return false;
	}
	for (uint32_t i = 0; i < a->n_exprs; i++) {
		if (!has_expr(b, &a->exprs[i]))
			return false;
	}
	return true;
}

static const char namespace_label[] = "kubernetes.io/metadata.name";

bool namespace_is_selected(const struct selectors *list, const char *name,
			   const struct labels *labels)
{
	struct label own = {namespace_label, name};
	struct label *all;
	struct labels with;
	bool ret;

	if (labels_get(labels, namespace_label))
		return selectors_match(list, labels, false);
	all = heap_alloc_array((size_t)labels->n + 1, sizeof(*all));
	with = (struct labels){.at = all};
	for (uint32_t i = 0; i < labels->n; i++) {
		if (with.n == i && strcmp(labels->at[i].key, namespace_label) > 0)
			all[with.n++] = own;
		all[with.n++] = labels->at[i];
	}
	if (with.n == labels->n)
		all[with.n++] = own;
	ret = selectors_match(list, &with, false);
	free(all);
	return ret;
}
