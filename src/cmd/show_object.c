/* show_object.c: JSON objects as lines of "name: value" */
#include "cmd/show_object.h"
#include "base/heap.h"
#include "base/text.h"
#include "cmd/cells.h"
#include "cmd/table.h"

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

static void print_files(const json_t *files)
{
	static const char *const titles[] = {"FILE", "BYTES", "ON DISK", "DIGEST", NULL};
	struct table table;
	const json_t *file;
	size_t i;

	table_init(&table, titles);
	json_array_foreach ((json_t *)files, i, file)
		table_row(&table, (char *[]){cell_of(file, "name"), cell_of(file, "bytes"),
					     cell_of(file, "onDisk"), cell_of(file, "digest")});
	table_end(&table, "no file");
}

static char *origin_cell(const json_t *origin)
{
	struct text t = {0};

	if (!json_is_object(origin))
		return heap_strdup("default");
	text_addf(&t, "%s (%s:%lld)", json_string_value(json_object_get(origin, "name")),
		  json_string_value(json_object_get(origin, "file")),
		  (long long)json_integer_value(json_object_get(origin, "line")));
	return text_take(&t);
}

static void print_settings(const json_t *o)
{
	static const char *const titles[] = {"SETTING", "VALUE", "FROM", NULL};
	const json_t *settings = json_object_get(o, "settings"), *value;
	struct table table;
	const char *name;

	table_init(&table, titles);
	json_object_foreach ((json_t *)settings, name, value)
		table_row(&table, (char *[]){heap_strdup(name),
					     json_is_array(value) ? cell_list(settings, name, 4)
								  : cell_of(settings, name),
					     origin_cell(json_object_get(
						     json_object_get(o, "origins"), name))});
	table_end(&table, "no setting");
}

void show_config(const json_t *o)
{
	char *loaded = cell_of(o, "loaded"), *age = cell_seconds(o, "ageSeconds");

	line("node", cell_of(o, "node"));
	printf("%-16s %s, %s ago\n", "loaded", loaded ? loaded : "-", age ? age : "-");
	line("digest", cell_of(o, "configDigest"));
	line("addresses", cell_of(o, "addressDigest"));
	line("stale", json_is_true(json_object_get(o, "stale")) ? cell_of(o, "staleReason")
								: heap_strdup("no"));
	putchar('\n');
	print_files(json_object_get(o, "files"));
	putchar('\n');
	print_settings(o);
	free(loaded);
	free(age);
}
