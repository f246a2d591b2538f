/* validate_communities.c: aliases, each once (V-059); communities by alias, literal or well-known
 * name (V-064, V-065) */
#include "config/community.h"
#include "config/loader.h"
#include "config/reading.h"
#include "config/validate_private.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static int alias_at_cmp(const void *pa, const void *pb)
{
	const struct alias_at *a = pa, *b = pb;
	int c = strcmp(a->alias->name, b->alias->name);

	return c != 0 ? c : (a->seq > b->seq) - (a->seq < b->seq);
}

struct alias_at *sorted_aliases(const struct model *m, size_t *ret_n)
{
	ARRAY(struct alias_at) all = {0};

	for (size_t i = 0; i < m->communities.n; i++) {
		const struct community_doc *doc = &m->communities.at[i];

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

void v059_names_of_aliases(struct check *c)
{
	const struct alias_at *all = c->aliases;
	char path[PATH_TEXT_MAX];

	for (size_t i = 1, first = 0; i < c->n_aliases; i++) {
		struct place place;
		struct diag *diag;

		if (strcmp(all[i].alias->name, all[first].alias->name) != 0) {
			first = i;
			continue;
		}
		place = check_place(c, &all[first].doc->object, alias_path(&all[first], path));
		diag = check_error(c, &all[i].doc->object, alias_path(&all[i], path), "V-059",
				   "there are two aliases \"%.80s\"", all[i].alias->name);
		diag_related(c->diags, diag, place, "the other one is here");
	}
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

enum community_parse check_community(const struct check *c, const char *name,
				     struct community_alias *ret)
{
	const struct community_alias *alias = alias_find(c->aliases, c->n_aliases, name);
	enum community_parse parsed;

	if (alias) {
		*ret = *alias;
		return COMMUNITY_OK;
	}
	parsed = community_parse(name, ret);
	return parsed == COMMUNITY_NO_LITERAL && community_well_known(name, ret) ? COMMUNITY_OK
										 : parsed;
}

static void report_bad_part(struct check *c, const struct object *object, const char *path,
			    const char *name)
{
	static const char *const large[] = {"large"};
	const char *colon = strchr(name, ':');
	char first[16] = "";
	struct diag *diag;

	diag = check_error(c, object, path, "V-064", "\"%.80s\" is no community: " COMMUNITY_SHAPES,
			   name);
	if (colon && (size_t)(colon - name) < sizeof(first))
		memcpy(first, name, (size_t)(colon - name));
	if (strcmp(first, "large") != 0 && nearest_name(first, large, 1))
		diag_hint(c->diags, diag, "did you mean large%s?", colon);
}

static void report_unknown(struct check *c, const struct object *object, const char *path,
			   const char *name)
{
	ARRAY(const char *) names = {0};
	const char *near, *known;
	struct diag *diag;

	diag = check_error(c, object, path, "V-065",
			   "\"%.80s\" is no community, and no Community document defines it", name);
	if (diags_errors(c->diags) > DIAGS_MAX)
		return;
	for (size_t i = 0; i < c->n_aliases; i++)
		*array_add(&names) = c->aliases[i].alias->name;
	for (size_t i = 0; (known = community_well_known_name(i)); i++)
		*array_add(&names) = known;
	near = nearest_name(name, names.at, names.n);
	if (near)
		diag_hint(c->diags, diag, "did you mean %s?", near);
	else if (is_object_name(name) && strspn(name, "0123456789") == 0)
		diag_hint(c->diags, diag,
			  "a Community document defines it: spec.communities: [{name: %s, value:"
			  " \"65000:100\"}]",
			  name);
	else
		diag_hint(c->diags, diag, COMMUNITY_SHAPES);
	array_fini(&names);
}

typedef void (*report_fn)(struct check *c, const struct object *object, const char *path,
			  const char *name);

static void check_list(struct check *c, const struct object *object, const struct names *names,
		       enum community_parse problem, report_fn report)
{
	char path[PATH_TEXT_MAX];
	struct community_alias value;

	for (uint32_t i = 0; i < names->n; i++)
		if (check_community(c, names->at[i], &value) == problem)
			report(c, object, check_name_path(c, object, "spec.communities", i, path),
			       names->at[i]);
}

/* Those of advertisements and of policies. */
static void check_lists(struct check *c, enum community_parse problem, report_fn report)
{
	const struct model *m = c->model;

	for (size_t i = 0; i < m->advertisements.n; i++)
		check_list(c, &m->advertisements.at[i].object,
			   &m->advertisements.at[i].communities.names, problem, report);
	for (size_t i = 0; i < m->peer_policies.n; i++) {
		const struct peer_settings *settings = m->peer_policies.at[i].settings;

		check_list(c, &m->peer_policies.at[i].object, &settings->communities.names, problem,
			   report);
	}
}

void v064_community_parts(struct check *c)
{
	check_lists(c, COMMUNITY_BAD, report_bad_part);
}

void v065_community_known(struct check *c)
{
	check_lists(c, COMMUNITY_NO_LITERAL, report_unknown);
}
