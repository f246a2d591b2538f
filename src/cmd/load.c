/* load.c: configurations for commands, without a daemon */
#include "cmd/load.h"
#include "cmd/cmd.h"
#include "config/diag.h"
#include "config/model.h"
#include "config/source.h"
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

	config_files_read(files, sources, diags);
	return generation_new(sources, diags, o->node, o->state_dir);
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

void load_check_all_nodes(struct generation *g)
{
	size_t n;
	const struct node *nodes = g->model ? model_nodes(g->model, &n) : NULL;

	for (size_t i = 0; nodes && i < n; i++)
		if (nodes + i != plan_node(g->plan))
			plan_free(plan_new(g->model, &nodes[i], NULL, g->sources, g->diags));
}
