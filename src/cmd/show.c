/* show.c: mlbgpd show: what the daemon tells of itself, as JSON or as text made of the same JSON */
#include "cmd/cells.h"
#include "cmd/client.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "cmd/show_object.h"
#include "cmd/table.h"
#include "base/heap.h"
#include "base/json_stream.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- columns ---- */

struct column {
	const char *title;
	const char *member; /* of an item's JSON */
	char *(*make)(const json_t *item, const char *member); /* NULL: it is a list */
	size_t most; /* of a list */
};

static char *address_cell(const json_t *item, const char *member)
{
	char *address = cell_of(item, member);

	return address ? address : cell_of(item, "interface");
}

/* The note, or else what was last. */
static char *error_cell(const json_t *item, const char *member)
{
	char *note = cell_of(item, member);

	return note ? note : cell_of(json_object_get(item, "lastError"), "text");
}

static char *down_cell(const json_t *item, const char *member)
{
	char *note = cell_of(item, member);

	return note ? note : cell_of(json_object_get(item, "lastDown"), "verdict");
}

/* "WORD (MORE)" with what may be NULL. */
static char *with_more(char *take_word, char *take_more, const char *open, const char *close)
{
	struct text t = {0};

	if (!take_word || !take_more) {
		free(take_more);
		return take_word;
	}
	text_addf(&t, "%s %s%s%s", take_word, open, take_more, close);
	free(take_word);
	free(take_more);
	return text_take(&t);
}

/* "lo (to move to vip0: No such device)" */
static char *interface_cell(const json_t *item, const char *member)
{
	return with_more(cell_of(item, member), cell_of(item, "note"), "(", ")");
}

/* "10.0.0.1 is in no IPAddressPool [V-084]" */
static char *reason_cell(const json_t *item, const char *member)
{
	return with_more(cell_of(item, member), cell_of(item, "rule"), "[", "]");
}

static char *milliseconds_cell(const json_t *item, const char *member)
{
	return with_more(cell_of(item, member), heap_strdup("ms"), "", "");
}

/* "50 ms", "no: none has come back yet"; nothing where none is asked for */
static char *echo_cell(const json_t *item, const char *member)
{
	char *why_not = cell_of(item, "echoNote");

	if (why_not)
		return with_more(heap_strdup("no:"), why_not, "", "");
	return json_is_true(json_object_get(item, member))
		       ? milliseconds_cell(item, "echoIntervalMs")
		       : NULL;
}

static char *service_cell(const json_t *item, const char *member)
{
	struct text name = {0};

	text_addf(&name, "%s/%s", json_string_value(json_object_get(item, "namespace")),
		  json_string_value(json_object_get(item, member)));
	return text_take(&name);
}

static const struct column peer_columns[] = {
	{"PEER", "name", cell_of, 0},
	{"ADDRESS", "address", address_cell, 0},
	{"AS", "peerASN", cell_of, 0},
	{"TYPE", "type", cell_of, 0},
	{"STATE", "state", cell_of, 0},
	{"UP", "uptimeSeconds", cell_seconds, 0},
	{"PREFIXES", "prefixesAdvertised", cell_of, 0},
	{"BFD", "bfdState", cell_of, 0},
	{"NOTE OR LAST ERROR", "note", error_cell, 0},
	{NULL, NULL, NULL, 0},
};

static const struct column vip_columns[] = {
	{"VIP", "address", cell_of, 0},
	{"INTERFACE", "interface", interface_cell, 0},
	{"STATE", "state", cell_of, 0},
	{"HEALTHY", "healthy", cell_of, 0},
	{"OURS", "owned", cell_of, 0},
	{"POOL", "pool", cell_of, 0},
	{"SERVICES", "services", NULL, 3},
	{"ADVERTISED TO", "advertisedTo", NULL, 4},
	{NULL, NULL, NULL, 0},
};

static const struct column route_columns[] = {
	{"PEER", "peer", cell_of, 0},
	{"PREFIX", "prefix", cell_of, 0},
	{"NEXT HOP", "nextHop", cell_of, 0},
	{"LOCAL PREF", "localPref", cell_of, 0},
	{"MED", "med", cell_of, 0},
	{"AS PATH", "asPath", NULL, 12},
	{"COMMUNITIES", "communities", NULL, 8},
	{"LARGE COMMUNITIES", "largeCommunities", NULL, 4},
	{NULL, NULL, NULL, 0},
};

static const struct column bfd_columns[] = {
	{"PEER", "peer", cell_of, 0},
	{"STATE", "state", cell_of, 0},
	{"REMOTE", "remoteState", cell_of, 0},
	{"HOPS", "hops", cell_of, 0},
	{"SENDS EVERY", "transmitIntervalMs", milliseconds_cell, 0},
	{"HEARS EVERY", "receiveIntervalMs", milliseconds_cell, 0},
	{"DETECTS IN", "detectTimeMs", milliseconds_cell, 0},
	{"DOWNS", "downCount", cell_of, 0},
	{"ECHO", "echo", echo_cell, 0},
	{"NOTE OR LAST DOWN", "note", down_cell, 0},
	{NULL, NULL, NULL, 0},
};

static const struct column service_columns[] = {
	{"SERVICE", "name", service_cell, 0},
	{"ADDRESSES", "addresses", NULL, 2},
	{"POOL", "pool", cell_of, 0},
	{"STATE", "state", cell_of, 0},
	{"SOURCE", "source", cell_of, 0},
	{"ADVERTISED", "advertised", cell_of, 0},
	{"HEALTHY", "healthy", cell_of, 0},
	{"REASON", "reason", reason_cell, 0},
	{NULL, NULL, NULL, 0},
};

static const struct view {
	const char *name;
	const struct column *columns; /* NULL: one object */
	void (*object)(const json_t *object);
	const char *nothing;
} views[] = {
	{"summary", NULL, show_summary, NULL},
	{"peers", peer_columns, NULL, "no peer runs on this node"},
	{"vips", vip_columns, NULL, "no VIP on this node"},
	{"routes", route_columns, NULL, "no route is advertised"},
	{"bfd", bfd_columns, NULL, "no BFD session on this node"},
	{"services", service_columns, NULL, "no Service of type LoadBalancer"},
	{"config", NULL, show_config, NULL},
};
enum { N_VIEWS = sizeof(views) / sizeof(*views) };

/* ---- the answer ---- */

struct show {
	const struct view *view;
	bool json;
	struct json_stream list;
	const char *titles[TABLE_COLUMNS_MAX + 1];
	struct table table;
};

static void on_object(void *arg, const json_t *object)
{
	struct show *s = arg;

	if (s->json) {
		json_dumpf(object, stdout, JSON_INDENT(2));
		putchar('\n');
	} else if (s->view->object) {
		s->view->object(object);
	}
}

/* Not before there is something to tell: a refusal is no list. */
static void list_open(struct show *s)
{
	if (s->list.depth == 0)
		json_stream_begin_array(&s->list);
}

static char *cell(const struct column *column, const json_t *item)
{
	return column->make ? column->make(item, column->member)
			    : cell_list(item, column->member, column->most);
}

static void on_item(void *arg, const json_t *item)
{
	struct show *s = arg;
	char *cells[TABLE_COLUMNS_MAX] = {NULL};

	if (s->json) {
		list_open(s);
		json_stream_value(&s->list, json_incref((json_t *)item));
	} else if (s->view->columns) {
		for (size_t i = 0; s->titles[i]; i++)
			cells[i] = cell(&s->view->columns[i], item);
		table_row(&s->table, cells);
	}
}

static int show_once(const struct options *o, const struct view *view)
{
	static const struct client_ops ops = {.object = on_object, .item = on_item};
	struct show s = {.view = view, .json = o->json, .list = json_stream_to_file(stdout)};
	json_t *args = json_pack("{s:s}", "what", view->name);
	int status;

	if (o->n_args > 1)
		json_object_set_new(args, "name", json_string(o->args[1]));
	for (size_t i = 0; view->columns && view->columns[i].title; i++)
		s.titles[i] = view->columns[i].title;
	if (view->columns)
		table_init(&s.table, s.titles);
	status = client_ask(o->socket, "show", args, NULL, &ops, &s);
	if (view->columns && status == EXIT_WELL && o->json) {
		list_open(&s);
		json_stream_end_array(&s.list);
	} else if (view->columns && !o->json && (s.table.any || status == EXIT_WELL)) {
		table_end(&s.table, view->nothing);
	}
	return status;
}

static int watch(const struct options *o, const struct view *view)
{
	bool screen = isatty(STDOUT_FILENO);

	for (;;) {
		int status;

		if (screen && !o->json)
			fputs("\033[H\033[2J", stdout);
		status = show_once(o, view);
		if (status != EXIT_WELL)
			return status;
		if (!screen && !o->json)
			putchar('\n');
		if (fflush(stdout) != 0)
			return EXIT_SYSTEM;
		sleep(1);
	}
}

static const struct view *find_view(const char *name)
{
	const char *names[N_VIEWS];
	const char *near;

	for (size_t i = 0; i < N_VIEWS; i++) {
		if (strcmp(views[i].name, name) == 0)
			return &views[i];
		names[i] = views[i].name;
	}
	near = nearest_name(name, names, N_VIEWS);
	if (near)
		cmd_complain("show %s: no such thing; did you mean %s?", name, near);
	else
		cmd_complain("show %s: no such thing; see mlbgpd show --help", name);
	return NULL;
}

int cmd_show(const struct options *o)
{
	const struct view *view;

	if (o->n_args == 0 || o->n_args > 2) {
		cmd_complain(
			"show what?  summary, peers, vips, routes, bfd, services or config, and "
			"one NAME at most");
		return EXIT_USAGE;
	}
	view = find_view(o->args[0]);
	if (!view)
		return EXIT_USAGE;
	if (!view->columns && o->n_args > 1) {
		cmd_complain("show %s takes no name", view->name);
		return EXIT_USAGE;
	}
	return o->watch ? watch(o, view) : show_once(o, view);
}
