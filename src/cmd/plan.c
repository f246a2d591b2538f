/* plan.c: mlbgpd plan: what the configuration does on a node, without a daemon
 *
 * Printed as it is walked through: a plan of a hundred thousand routes takes no more memory to
 * print than one of ten.
 */
#include "cmd/cmd.h"
#include "cmd/load.h"
#include "cmd/plan_print.h"
#include "config/diag.h"
#include "config/model.h"
#include "plan/plan.h"

#include <stdio.h>
#include <sys/resource.h>

static void print_stats(const struct generation *g)
{
	struct rusage usage = {0};

	getrusage(RUSAGE_SELF, &usage);
	fflush(stdout);
	fprintf(stderr, "plan: %zu bytes\nmodel: %zu bytes\npeak resident: %ld KiB\n",
		plan_size(g->plan), model_size(g->model), usage.ru_maxrss);
}

static void print_one(const struct options *o, struct plan *plan, const struct diags *diags)
{
	plan_open_all(plan);
	if (o->json)
		plan_print_json(plan, diags);
	else
		plan_print_text(plan);
}

/* The plan of one node at a time. */
static void print_all(const struct options *o, const struct generation *g)
{
	size_t n;
	const struct node *nodes = model_nodes(g->model, &n);

	if (o->json)
		fputs("{\"nodes\": [", stdout);
	for (size_t i = 0; i < n; i++) {
		struct diags *diags = diags_new(g->sources);
		struct plan *plan = plan_new(g->model, &nodes[i], NULL, g->sources, diags);

		if (i > 0)
			fputs(o->json ? "," : "\n", stdout);
		print_one(o, plan, diags);
		plan_free(plan);
		diags_free(diags);
	}
	if (o->json)
		fputs("]}\n", stdout);
}

int cmd_plan(const struct options *o)
{
	const struct config_files files = load_files(o);
	struct generation *g;
	int status;

	if (o->pin) {
		cmd_complain("plan --pin: not available in this version");
		return EXIT_USAGE;
	}
	g = load_files_of(&files, o);
	status = load_report(g, false);
	if (status == EXIT_WELL && o->all_nodes)
		print_all(o, g);
	else if (status == EXIT_WELL)
		print_one(o, g->plan, g->diags);
	if (status == EXIT_WELL && o->json && !o->all_nodes)
		putchar('\n');
	if (status == EXIT_WELL && o->stats)
		print_stats(g);
	generation_unref(g);
	return status;
}
