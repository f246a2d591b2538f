/* load.c: configurations for commands, without a daemon */
#include "cmd/load.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "config/diag.h"
#include "config/model.h"
#include "config/source.h"
#include "daemon/lease.h"
#include "plan/leases.h"
#include "plan/plan.h"

#include <stdio.h>
#include <string.h>

struct config_files load_files(const struct options *o)
{
	if (o->n_args > 0)
		return (struct config_files){(const char *const *)o->args, o->n_args};
	return (struct config_files){o->configs.at, o->configs.n};
}

struct generation *load_files_of(const struct config_files *files, const struct options *o)
{
	struct source_set *sources = source_set_new();
	struct diags *diags = diags_new(sources);
	struct leases *leases;
	struct generation *g;

	config_files_read(files, sources, diags);
	if (o->all_nodes)
		return generation_new_unplanned(sources, diags, o->node);
	leases = o->state_dir ? lease_read(o->state_dir) : NULL;
	g = generation_new(sources, diags, o->node, leases);
	leases_free(leases);
	return g;
}

int load_report(const struct generation *g, bool strict)
{
	size_t errors = diags_errors(g->diags), warnings = diags_warnings(g->diags);

	fflush(stdout);
	diags_print(g->diags, stderr);
	if (!generation_ok(g))
		cmd_complain("invalid: %zu error%s, %zu warning%s", errors, errors == 1 ? "" : "s",
			     warnings, warnings == 1 ? "" : "s");
	else if (strict && warnings > 0)
		cmd_complain("%zu warning%s, and --strict", warnings, warnings == 1 ? "" : "s");
	else
		return EXIT_WELL;
	return EXIT_INVALID;
}

static bool same_finding(const struct diag *a, const struct diag *b)
{
	return a->place.file == b->place.file && a->place.offset == b->place.offset &&
	       text_equal(a->rule, b->rule) && text_equal(a->message, b->message);
}

static bool is_known(const struct diags *diags, const struct diag *diag)
{
	for (size_t i = 0; i < diags_count(diags); i++)
		if (same_finding(diags_get(diags, i), diag))
			return true;
	return false;
}

static void add_findings(struct diags *to, const struct diags *from)
{
	for (size_t i = 0; i < diags_count(from); i++) {
		const struct diag *one = diags_get(from, i);
		struct diag *copy;

		if (is_known(to, one))
			continue;
		copy = diag_add(to, one->severity, one->place, one->kind, one->name, one->field,
				one->rule, "%s", one->message);
		if (one->hint)
			diag_hint(to, copy, "%s", one->hint);
		for (size_t j = 0; j < one->n_related; j++)
			diag_related(to, copy, one->related[j].place, "%s",
				     one->related[j].message);
	}
}

void load_each_node(struct generation *g, load_node_fn fn, void *arg)
{
	size_t n;
	const struct node *nodes = model_nodes(g->model, &n);

	if (n == 0) {
		nodes = model_self(g->model);
		n = 1;
	}
	for (size_t i = 0; i < n; i++) {
		struct diags *diags = diags_new(g->sources);
		struct plan *plan = plan_new(g->model, &nodes[i], NULL, g->sources, diags);

		if (fn)
			fn(arg, plan, diags);
		add_findings(g->diags, diags);
		plan_free(plan);
		diags_free(diags);
	}
}
