/* validate_communities.c: aliases, each once (V-059); communities by alias, literal or well-known
 * name (V-064, V-065) */
#include "config/community.h"
#include "config/reading.h"
#include "config/validate_private.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct alias_at {
	const struct community_alias *alias;
	const struct community_doc *doc;
	size_t seq;
};

static int alias_at_cmp(const void *pa, const void *pb)
{
	const struct alias_at *a = pa, *b = pb;
	int c = strcmp(a->alias->name, b->alias->name);

	return c != 0 ? c : (a->seq > b->seq) - (a->seq < b->seq);
}

/* By name, then in the order of the files; to be freed. */
static struct alias_at *sorted_aliases(const struct check *c, size_t *ret_n)
{
	ARRAY(struct alias_at) all = {0};

	for (size_t i = 0; i < c->model->communities.n; i++) {
		const struct community_doc *doc = &c->model->communities.at[i];

		for (uint32_t k = 0; k < doc->n_aliases; k++)
			if (*doc->aliases[k].name)
				*array_add(&all) = (struct alias_at){&doc->aliases[k], doc, all.n};
	}
	array_sort(&all, alias_at_cmp);
	*ret_n = all.n;
	return all.at;
}

static const char *alias_path(const struct alias_at *at, char *buf)
{
	char item[PATH_TEXT_MAX];

	path_item(item, "spec.communities", (size_t)(at->alias - at->doc->aliases));
	return path_key(buf, item, "name");
}

void validate_aliases(struct check *c)
{
	char path[PATH_TEXT_MAX];
	size_t n;
	struct alias_at *all = sorted_aliases(c, &n);

	for (size_t i = 1, first = 0; i < n; i++) {
		struct place place;
		struct diag *diag;

		if (strcmp(all[i].alias->name, all[first].alias->name) != 0) {
			first = i;
			continue;
		}
		place = check_place(c, &all[first].doc->object, alias_path(&all[first], path));
		diag = check_error(c, &all[i].doc->object, alias_path(&all[i], path), "V-059",
				   "there are two aliases \"%.80s\"", all[i].alias->name);
		diag_related(c->diags, diag, place, "the first one");
	}
	free(all);
}

static const struct community_alias *alias_find(const struct alias_at *all, size_t n,
						const char *name)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = strcmp(name, all[mid].alias->name);

		if (c == 0)
			return all[mid].alias;
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

static void report_unknown(struct check *c, const struct object *object, const char *name,
			   uint32_t index, const struct alias_at *all, size_t n)
{
	const char *near, *known;
	ARRAY(const char *) names = {0};
	char path[PATH_TEXT_MAX];
	struct diag *diag;

	diag = check_error(c, object, path_item(path, "spec.communities", index), "V-065",
			   "\"%.80s\" is no community, and no Community document defines it", name);
	if (diags_errors(c->diags) > DIAGS_MAX)
		return;
	for (size_t i = 0; i < n; i++)
		*array_add(&names) = all[i].alias->name;
	for (size_t i = 0; (known = community_well_known_name(i)); i++)
		*array_add(&names) = known;
	near = nearest_name(name, names.at, names.n);
	if (near)
		diag_hint(c->diags, diag, "did you mean %s?", near);
	array_fini(&names);
}

/* An alias hides a literal. */
static bool resolve(struct check *c, const struct object *object, const char *name, uint32_t index,
		    const struct alias_at *all, size_t n, struct community_alias *ret)
{
	const struct community_alias *alias = alias_find(all, n, name);
	char path[PATH_TEXT_MAX];

	if (alias) {
		*ret = *alias;
		return true;
	}
	switch (community_parse(name, ret)) {
	case COMMUNITY_OK:
		return true;
	case COMMUNITY_BAD:
		check_error(c, object, path_item(path, "spec.communities", index), "V-064",
			    "\"%.80s\" is no community: A:B (up to 65535) or large:A:B:C is one",
			    name);
		return false;
	default:
		if (community_well_known(name, ret))
			return true;
		report_unknown(c, object, name, index, all, n);
		return false;
	}
}

static int standard_cmp(const void *pa, const void *pb)
{
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	return (a > b) - (a < b);
}

static int large_cmp(const void *pa, const void *pb)
{
	const struct large_community *a = pa, *b = pb;

	if (a->global_admin != b->global_admin)
		return a->global_admin > b->global_admin ? 1 : -1;
	if (a->data1 != b->data1)
		return a->data1 > b->data1 ? 1 : -1;
	return (a->data2 > b->data2) - (a->data2 < b->data2);
}

/* Sorts, and keeps each once. */
static uint32_t sort_once(void *at, uint32_t n, size_t size, int (*cmp)(const void *, const void *))
{
	char *bytes = at;
	uint32_t kept = 0;

	if (n > 0)
		qsort(at, n, size, cmp);
	for (uint32_t i = 0; i < n; i++) {
		if (kept > 0 && cmp(bytes + (kept - 1) * size, bytes + i * size) == 0)
			continue;
		memmove(bytes + kept * size, bytes + i * size, size);
		kept++;
	}
	return kept;
}

/* spec.communities of an object: ret has the names. */
static void resolve_all(struct check *c, const struct object *object, struct communities *ret,
			const struct alias_at *all, size_t n)
{
	uint32_t max = ret->names.n, n_standard = 0, n_large = 0;
	struct large_community *large;
	uint32_t *standard;

	if (max == 0)
		return;
	standard = arena_array_of(c->model->arena, uint32_t, max);
	large = arena_array_of(c->model->arena, struct large_community, max);
	for (uint32_t i = 0; i < max; i++) {
		struct community_alias value = {0};

		if (!resolve(c, object, ret->names.at[i], i, all, n, &value))
			continue;
		if (value.large)
			large[n_large++] = value.value;
		else
			standard[n_standard++] = value.standard;
	}
	ret->standard = standard;
	ret->n_standard = sort_once(standard, n_standard, sizeof(*standard), standard_cmp);
	ret->large = large;
	ret->n_large = sort_once(large, n_large, sizeof(*large), large_cmp);
}

void validate_communities(struct check *c)
{
	const struct settings_docs *policies = &c->model->peer_policies;
	size_t n;
	struct alias_at *all = sorted_aliases(c, &n);

	for (size_t i = 0; i < c->model->advertisements.n; i++) {
		struct bgp_advertisement *adv = &c->model->advertisements.at[i];

		resolve_all(c, &adv->object, &adv->communities, all, n);
	}
	for (size_t i = 0; i < policies->n; i++) {
		struct peer_settings *settings = policies->at[i].settings;

		resolve_all(c, &policies->at[i].object, &settings->communities, all, n);
	}
	free(all);
}
