/* show.c: mlbgpd show: what the daemon tells of itself, as JSON or as text made of the same JSON */
#include "cmd/cells.h"
#include "cmd/client.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "cmd/show_object.h"
#include "cmd/table.h"
#include "base/json_stream.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void peer_cells(const json_t *item, char **cells)
{
	cells[0] = cell_of(item, "name");
	cells[1] = cell_of(item, "address");
	if (!cells[1])
		cells[1] = cell_of(item, "interface");
	cells[2] = cell_of(item, "peerASN");
	cells[3] = cell_of(item, "type");
	cells[4] = cell_of(item, "state");
	cells[5] = cell_seconds(item, "uptimeSeconds");
	cells[6] = cell_of(item, "prefixesAdvertised");
	cells[7] = cell_of(item, "bfdState");
	cells[8] = cell_of(item, "note");
	if (!cells[8])
		cells[8] = cell_of(json_object_get(item, "lastError"), "text");
}

/* "lo (to move to vip0: No such device)" */
static char *interface_cell(const json_t *item)
{
	char *interface = cell_of(item, "interface"), *note = cell_of(item, "note");
	struct text t = {0};

	if (!note)
		return interface;
	text_addf(&t, "%s (%s)", interface, note);
	free(interface);
	free(note);
	return text_take(&t);
}

static void vip_cells(const json_t *item, char **cells)
{
	cells[0] = cell_of(item, "address");
	cells[1] = interface_cell(item);
	cells[2] = cell_of(item, "state");
	cells[3] = cell_of(item, "healthy");
	cells[4] = cell_of(item, "owned");
	cells[5] = cell_of(item, "pool");
	cells[6] = cell_list(item, "services", 3);
	cells[7] = cell_list(item, "advertisedTo", 4);
}

static void route_cells(const json_t *item, char **cells)
{
	cells[0] = cell_of(item, "peer");
	cells[1] = cell_of(item, "prefix");
	cells[2] = cell_of(item, "nextHop");
	cells[3] = cell_of(item, "localPref");
	cells[4] = cell_of(item, "med");
	cells[5] = cell_list(item, "asPath", 12);
	cells[6] = cell_list(item, "communities", 8);
	cells[7] = cell_list(item, "largeCommunities", 4);
}

/* "10.0.0.1 is in no IPAddressPool [V-084]" */
static char *reason_cell(const json_t *item)
{
	char *reason = cell_of(item, "reason"), *rule = cell_of(item, "rule");
	struct text t = {0};

	if (reason && rule)
		text_addf(&t, "%s [%s]", reason, rule);
	else if (reason)
		text_add(&t, reason);
	free(reason);
	free(rule);
	return t.len > 0 ? text_take(&t) : NULL;
}

static char *milliseconds(const json_t *item, const char *member)
{
	const json_t *value = json_object_get(item, member);
	struct text t = {0};

	if (!json_is_integer(value))
		return NULL;
	text_addf(&t, "%lld ms", (long long)json_integer_value(value));
	return text_take(&t);
}

static void bfd_cells(const json_t *item, char **cells)
{
	cells[0] = cell_of(item, "peer");
	cells[1] = cell_of(item, "state");
	cells[2] = cell_of(item, "remoteState");
	cells[3] = cell_of(item, "hops");
	cells[4] = milliseconds(item, "transmitIntervalMs");
	cells[5] = milliseconds(item, "receiveIntervalMs");
	cells[6] = milliseconds(item, "detectTimeMs");
	cells[7] = cell_of(item, "downCount");
	cells[8] = cell_of(item, "note");
	if (!cells[8])
		cells[8] = cell_of(json_object_get(item, "lastDown"), "verdict");
}

static void service_cells(const json_t *item, char **cells)
{
	struct text name = {0};

	text_addf(&name, "%s/%s", json_string_value(json_object_get(item, "namespace")),
		  json_string_value(json_object_get(item, "name")));
	cells[0] = text_take(&name);
	cells[1] = cell_list(item, "addresses", 2);
	cells[2] = cell_of(item, "pool");
	cells[3] = cell_of(item, "state");
	cells[4] = cell_of(item, "source");
	cells[5] = cell_of(item, "advertised");
	cells[6] = cell_of(item, "healthy");
	cells[7] = reason_cell(item);
}

static const struct view {
	const char *name;
	const char *const *titles; /* NULL: one object */
	void (*cells)(const json_t *item, char **cells);
	void (*object)(const json_t *object);
	const char *nothing;
} views[] = {
	{"summary", NULL, NULL, show_summary, NULL},
	{"peers",
	 (const char *const[]){"PEER", "ADDRESS", "AS", "TYPE", "STATE", "UP", "PREFIXES", "BFD",
			       "NOTE OR LAST ERROR", NULL},
	 peer_cells, NULL, "no peer runs on this node"},
	{"vips",
	 (const char *const[]){"VIP", "INTERFACE", "STATE", "HEALTHY", "OURS", "POOL", "SERVICES",
			       "ADVERTISED TO", NULL},
	 vip_cells, NULL, "no VIP on this node"},
	{"routes",
	 (const char *const[]){"PEER", "PREFIX", "NEXT HOP", "LOCAL PREF", "MED", "AS PATH",
			       "COMMUNITIES", "LARGE COMMUNITIES", NULL},
	 route_cells, NULL, "no route is advertised"},
	{"bfd",
	 (const char *const[]){"PEER", "STATE", "REMOTE", "HOPS", "SENDS EVERY", "HEARS EVERY",
			       "DETECTS IN", "DOWNS", "NOTE OR LAST DOWN", NULL},
	 bfd_cells, NULL, "no BFD session on this node"},
	{"services",
	 (const char *const[]){"SERVICE", "ADDRESSES", "POOL", "STATE", "SOURCE", "ADVERTISED",
			       "HEALTHY", "REASON", NULL},
	 service_cells, NULL, "no Service of type LoadBalancer"},
	{"config", NULL, NULL, show_config, NULL},
};
enum { N_VIEWS = sizeof(views) / sizeof(*views) };

struct show {
	const struct view *view;
	bool json;
	struct json_stream list;
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

static void on_item(void *arg, const json_t *item)
{
	struct show *s = arg;
	char *cells[TABLE_COLUMNS_MAX] = {NULL};

	if (s->json) {
		list_open(s);
		json_stream_value(&s->list, json_incref((json_t *)item));
	} else if (s->view->cells) {
		s->view->cells(item, cells);
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
	if (view->titles)
		table_init(&s.table, view->titles);
	status = client_ask(o->socket, "show", args, NULL, &ops, &s);
	if (view->titles && status == EXIT_WELL && o->json) {
		list_open(&s);
		json_stream_end_array(&s.list);
	} else if (view->titles && !o->json && (s.table.any || status == EXIT_WELL)) {
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
	if (!view->titles && o->n_args > 1) {
		cmd_complain("show %s takes no name", view->name);
		return EXIT_USAGE;
	}
	return o->watch ? watch(o, view) : show_once(o, view);
}
