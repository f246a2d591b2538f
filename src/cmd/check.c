/* check.c: mlbgpd check: is this configuration valid? */
#include "cmd/cmd.h"
#include "cmd/load.h"
#include "config/diag.h"
#include "config/source.h"

#include <jansson.h>
#include <stdio.h>

static int print_json(const struct generation *g, bool strict)
{
	json_t *json = diags_json(g->diags);
	bool good = generation_ok(g) && !(strict && diags_warnings(g->diags) > 0);

	json_dumpf(json, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(json);
	return good ? EXIT_WELL : EXIT_INVALID;
}

int cmd_check(const struct options *o)
{
	const struct config_files files = load_files(o);
	struct generation *g = load_files_of(&files, o);
	int status;

	if (o->all_nodes && generation_ok(g))
		load_each_node(g, NULL, NULL);
	if (o->json) {
		status = print_json(g, o->strict);
	} else {
		size_t n = source_set_count(g->sources), warnings = diags_warnings(g->diags);

		status = load_report(g, o->strict);
		if (status == EXIT_WELL)
			printf("valid: %zu file%s, %zu warning%s\n", n, n == 1 ? "" : "s", warnings,
			       warnings == 1 ? "" : "s");
	}
	generation_unref(g);
	return status;
}
