/* schema.c: mlbgpd schema: JSON Schema of all kinds */
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "config/json_schema.h"

#include <jansson.h>
#include <stdio.h>

int cmd_schema(const struct options *o)
{
	json_t *json;

	if (o->n_args > 0) {
		cmd_complain("schema takes no argument: it is of all kinds");
		return EXIT_USAGE;
	}
	json = json_schema();
	json_dumpf(json, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(json);
	return EXIT_WELL;
}
