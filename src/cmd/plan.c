/* plan.c: mlbgpd plan: what the configuration does on a node, without a daemon
 *
 * Printed as it is walked through: a plan of a hundred thousand routes takes no more memory to
 * print than one of ten.
 */
#include "cmd/cmd.h"
#include "cmd/load.h"
#include "cmd/plan_nodes.h"
#include "cmd/plan_print.h"
#include "base/json_stream.h"
#include "base/text.h"
#include "config/diag.h"
#include "config/model.h"
#include "plan/pin.h"
#include "plan/plan.h"

#include <stdio.h>
#include <sys/resource.h>

static void print_stats(const struct generation *g)
{
	struct rusage usage = {0};
	size_t n_groups;

	getrusage(RUSAGE_SELF, &usage);
	fflush(stdout);
	if (g->plan) {
		(void)plan_groups(g->plan, &n_groups);
		fprintf(stderr, "plan: %zu bytes\noutput groups: %zu\n", plan_size(g->plan),
			n_groups);
	}
	fprintf(stderr, "model: %zu bytes\npeak resident: %ld KiB\n", model_size(g->model),
		usage.ru_maxrss);
}

struct printer {
	const struct options *options;
	struct json_stream json;
	struct plan_nodes *nodes; /* the table; NULL: none */
};

static void print_plan(void *arg, struct plan *plan, const struct diags *diags)
{
	struct printer *p = arg;

	plan_open_all(plan);
	if (p->options->json) {
		plan_print_json(&p->json, plan, diags);
	} else if (p->nodes) {
		plan_nodes_add(p->nodes, plan);
	} else {
		plan_print_text(plan);
	}
}

static void print_all(const struct options *o, struct generation *g)
{
	struct printer printer = {.options = o, .json = json_stream_to_file(stdout)};
	bool list = o->json && o->all_nodes;

	if (list) {
		json_stream_begin_object(&printer.json);
		json_stream_key(&printer.json, "nodes");
		json_stream_begin_array(&printer.json);
	}
	if (o->all_nodes && !o->json)
		printer.nodes = plan_nodes_new();
	if (o->all_nodes)
		load_each_node(g, print_plan, &printer);
	else
		print_plan(&printer, g->plan, g->diags);
	if (printer.nodes) {
		plan_nodes_print(printer.nodes);
		plan_nodes_free(printer.nodes);
	}
	if (list) {
		json_stream_end_array(&printer.json);
		json_stream_end_object(&printer.json);
	}
}

static void print_pin(const struct plan *plan)
{
	struct text text = {0};

	pin_add_document(&text, plan);
	fputs(text.text, stdout);
	text_fini(&text);
}

/* Findings go to standard error; as JSON the warnings are in the answer. */
int cmd_plan(const struct options *o)
{
	const struct config_files files = load_files(o);
	struct generation *g;
	int status = EXIT_WELL;

	if (o->pin && (o->json || o->all_nodes)) {
		cmd_complain("plan --pin goes neither with --json nor with --all-nodes");
		return EXIT_USAGE;
	}
	g = load_files_of(&files, o);
	if (generation_ok(g) && o->pin)
		print_pin(g->plan);
	else if (generation_ok(g))
		print_all(o, g);
	if (!generation_ok(g) || !o->json)
		status = load_report(g, false);
	if (status == EXIT_WELL && o->stats)
		print_stats(g);
	generation_unref(g);
	return status;
}
