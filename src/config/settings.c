/* settings.c: documents that set fields of one target, merged field by field */
#include "config/settings.h"

#include "config/model.h"
#include "config/selector.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_listen(const struct listen_addresses *a, const struct listen_addresses *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (a->at[i].port != b->at[i].port || !addr_equal(&a->at[i].addr, &b->at[i].addr))
			return false;
	return true;
}

static bool same_communities(const struct communities *a, const struct communities *b)
{
	if (a->n_standard != b->n_standard || a->n_large != b->n_large)
		return false;
	for (uint32_t i = 0; i < a->n_standard; i++)
		if (a->standard[i] != b->standard[i])
			return false;
	return a->n_large == 0 || memcmp(a->large, b->large, a->n_large * sizeof(*a->large)) == 0;
}

static bool same_opt(const struct opt_u32 *a, const struct opt_u32 *b)
{
	return a->set == b->set && a->value == b->value;
}

bool settings_same(const struct settings_kind *kind, unsigned field, const void *a, const void *b)
{
	const struct setting *setting = &kind->fields[field];
	const void *x = (const char *)a + setting->offset, *y = (const char *)b + setting->offset;

	switch (setting->type) {
	case SETTING_TEXT:
		return same_text(*(const char *const *)x, *(const char *const *)y);
	case SETTING_OPT_U32:
		return same_opt(x, y);
	case SETTING_LISTEN:
		return same_listen(x, y);
	case SETTING_COMMUNITIES:
		return same_communities(x, y);
	default:
		return memcmp(x, y, setting->size) == 0;
	}
}

bool setting_is_given(const struct settings_doc *doc, unsigned field)
{
	return doc->given >> field & 1;
}

void setting_give(struct settings_doc *doc, unsigned field)
{
	doc->given |= UINT32_C(1) << field;
}

bool settings_select_target(const struct settings_doc *doc, const struct object *target)
{
	return !target || object_is_selected(target, &doc->names, &doc->selectors);
}

static bool selects(const struct settings_doc *doc, const struct node *node,
		    const struct object *target)
{
	return selectors_match(&doc->node_selectors, &node->object.labels, true) &&
	       settings_select_target(doc, target);
}

/* It says whom it means. */
static bool is_specific(const struct settings_doc *doc)
{
	return doc->node_selectors.n > 0 || doc->names.n > 0 || doc->selectors.n > 0;
}

bool settings_givers(const struct settings_docs *docs, const struct object *target, unsigned field,
		     settings_giver_fn fn, void *arg)
{
	bool open = true; /* on some node */

	for (int specific = 1; specific >= 0 && open; specific--)
		for (size_t i = 0; i < docs->n; i++) {
			const struct settings_doc *doc = &docs->at[i];

			if (is_specific(doc) != (specific == 1) || !setting_is_given(doc, field) ||
			    !settings_select_target(doc, target))
				continue;
			fn(arg, doc);
			open &= doc->node_selectors.n > 0;
		}
	return open;
}

struct merge {
	const struct settings_kind *kind;
	void *ret;
	struct settings_origin *origin;
	settings_conflict_fn fn;
	void *arg;
};

/* first: who gave each field among those of this rank. */
static void merge_one(struct merge *m, const struct settings_doc *doc,
		      struct settings_origin *first)
{
	for (unsigned f = 0; f < m->kind->n; f++) {
		const struct setting *setting = &m->kind->fields[f];

		if (!setting_is_given(doc, f))
			continue;
		if (first->by[f]) {
			if (m->fn &&
			    !settings_same(m->kind, f, first->by[f]->settings, doc->settings))
				m->fn(m->arg, first->by[f], doc, f);
			continue;
		}
		first->by[f] = doc;
		if (m->origin->by[f])
			continue; /* a higher rank has it */
		m->origin->by[f] = doc;
		memcpy((char *)m->ret + setting->offset,
		       (const char *)doc->settings + setting->offset, setting->size);
	}
}

void settings_merge(const struct settings_kind *kind, const struct settings_docs *docs,
		    const struct node *node, const struct object *target, void *ret,
		    struct settings_origin *origin, settings_conflict_fn fn, void *arg)
{
	struct settings_origin unused = {0};
	struct merge m = {kind, ret, origin ? origin : &unused, fn, arg};

	*m.origin = (struct settings_origin){0};
	for (int specific = 1; specific >= 0; specific--) {
		struct settings_origin first = {0};

		for (size_t i = 0; i < docs->n; i++)
			if (is_specific(&docs->at[i]) == (specific == 1) &&
			    selects(&docs->at[i], node, target))
				merge_one(&m, &docs->at[i], &first);
	}
}
