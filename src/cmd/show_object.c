/* show_object.c: JSON objects as lines of "name: value" */
#include "cmd/show_object.h"
#include "cmd/cells.h"

#include <stdio.h>
#include <stdlib.h>

static long long number(const json_t *object, const char *group, const char *member)
{
	return json_integer_value(json_object_get(json_object_get(object, group), member));
}

/* Takes the cell. */
static void line(const char *name, char *cell)
{
	printf("%-16s %s\n", name, cell ? cell : "-");
	free(cell);
}

static void print_problems(const json_t *list)
{
	const json_t *problem;
	size_t i;

	json_array_foreach ((json_t *)list, i, problem)
		printf("%-16s %s\n", i == 0 ? "problems" : "", json_string_value(problem));
}

void show_summary(const json_t *o)
{
	const json_t *last = json_object_get(o, "lastReload");

	line("node", cell_of(o, "node"));
	line("version", cell_of(o, "version"));
	line("ok", cell_of(o, "ok"));
	print_problems(json_object_get(o, "problems"));
	line("up", cell_seconds(o, "uptimeSeconds"));
	printf("%-16s %lld of %lld established\n", "peers", number(o, "peers", "established"),
	       number(o, "peers", "total"));
	printf("%-16s %lld, %lld assigned, %lld announced\n", "VIPs", number(o, "vips", "total"),
	       number(o, "vips", "assigned"), number(o, "vips", "announced"));
	line("configuration", cell_of(o, "configDigest"));
	line("addresses", cell_of(o, "addressDigest"));
	if (json_is_true(json_object_get(o, "stale")))
		printf("%-16s %s\n", "stale", "the newest files are not the running ones");
	if (json_is_integer(json_object_get(o, "confirmSecondsLeft")))
		printf("%-16s goes back in %lld s unless confirmed (mlbgpd confirm)\n", "on trial",
		       json_integer_value(json_object_get(o, "confirmSecondsLeft")));
	if (json_is_object(last)) {
		char *time = cell_of(last, "time");

		printf("%-16s %s, %s\n", "last reload", time ? time : "-",
		       json_is_true(json_object_get(last, "ok")) ? "accepted" : "refused");
		free(time);
	}
}

void show_config(const json_t *o)
{
	const json_t *settings = json_object_get(o, "settings");
	const json_t *file;
	size_t i;

	line("node", cell_of(o, "node"));
	line("digest", cell_of(o, "configDigest"));
	line("stale", cell_of(o, "stale"));
	json_array_foreach (json_object_get(o, "files"), i, file)
		printf("%-16s %s, %lld bytes\n", i == 0 ? "files" : "",
		       json_string_value(json_object_get(file, "name")),
		       (long long)json_integer_value(json_object_get(file, "bytes")));
	line("vipInterface", cell_of(settings, "vipInterface"));
	line("vipMode", cell_of(settings, "vipMode"));
	line("withdrawHold", cell_of(settings, "withdrawHold"));
	line("stopTimeout", cell_of(settings, "stopTimeout"));
	line("keepVIPsOnStop", cell_of(settings, "keepVIPsOnStop"));
	line("listenAddresses", cell_list(settings, "listenAddresses", 8));
}
