/* plan_nodes.c: which node does what with each VIP, as a table of VIPs by nodes
 *
 * A cell is "2 @ 200", to how many peers and with which local preference, or why not in a word.
 */
#include "cmd/plan_nodes.h"
#include "base/array.h"
#include "base/heap.h"
#include "base/text.h"
#include "cmd/table.h"
#include "plan/explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WIDTH = 120, /* of a piece of the table */
	NAME_CUT = 24, /* of a node, a Service, a pool; cut */
	ROWS_MAX = 1000,
	PREFERENCES_MAX = 3,
	LOCAL_PREF_DEFAULT = 100,
};

/* An address, or a Service that has none. */
struct row {
	struct prefix vip; /* ADDR_NONE: none */
	char *services, *pool;
	char **cells; /* one for each node; NULL: it is not known there */
	size_t n_cells;
};

struct node_total {
	char *name;
	size_t peers, vips, routes, pending;
};

struct plan_nodes {
	ARRAY(struct row) rows; /* those with an address by address, then the others */
	ARRAY(struct node_total) nodes;
};

struct plan_nodes *plan_nodes_new(void)
{
	return heap_new_of(struct plan_nodes);
}

void plan_nodes_free(struct plan_nodes *nodes)
{
	for (size_t i = 0; i < nodes->rows.n; i++) {
		struct row *r = &nodes->rows.at[i];

		for (size_t k = 0; k < r->n_cells; k++)
			free(r->cells[k]);
		free(r->cells);
		free(r->services);
		free(r->pool);
	}
	for (size_t i = 0; i < nodes->nodes.n; i++)
		free(nodes->nodes.at[i].name);
	array_fini(&nodes->rows);
	array_fini(&nodes->nodes);
	free(nodes);
}

static char *cut(const char *text)
{
	struct text t = {0};

	if (strlen(text) <= NAME_CUT)
		return heap_strdup(text);
	text_add_n(&t, text, NAME_CUT - 1);
	text_add(&t, "~");
	return text_take(&t);
}

/* ---- one cell ---- */

struct told {
	size_t peers;
	struct text preferences; /* "200/50", "+3" */
	size_t n_preferences;
};

static void add_preference(struct told *told, const struct plan_attrs *attrs, bool internal)
{
	struct text one = {0};
	const char *at = told->preferences.text;
	size_t len;

	if (internal || attrs->has_local_pref)
		text_addf(&one, "%" PRIu32,
			  attrs->has_local_pref ? attrs->local_pref : LOCAL_PREF_DEFAULT);
	else if (attrs->prepend)
		text_addf(&one, "+%u", attrs->prepend);
	else if (attrs->has_med)
		text_addf(&one, "MED %" PRIu32, attrs->med);
	len = one.len;
	while (len > 0 && at && (strncmp(at, one.text, len) != 0 || (at[len] && at[len] != '/'))) {
		at = strchr(at, '/');
		at = at ? at + 1 : NULL;
	}
	if (len > 0 && !at && told->n_preferences++ < PREFERENCES_MAX)
		text_addf(&told->preferences, "%s%s", told->preferences.len > 0 ? "/" : "",
			  one.text);
	text_fini(&one);
}

static void tell_group(struct told *told, const struct plan *plan, const struct plan_link *link)
{
	size_t n;
	const struct plan_group *g = &plan_groups(plan, &n)[link->group];
	const struct plan_route *r = &g->routes[link->route];
	const struct plan_peer *peers = plan_peers(plan, &n);

	if (r->attrs == PLAN_NOT_ANNOUNCED || g->n_peers == 0)
		return;
	told->peers += g->n_peers;
	add_preference(told, plan_attrs(plan, r->attrs), peers[g->peers[0]].type == PEER_INTERNAL);
}

/* A group counts once, whatever the number of prefixes. */
static char *announced_cell(const struct plan *plan, uint32_t vip)
{
	struct told told = {0};
	struct text t = {0};
	size_t n;
	const struct plan_vip *v = &plan_vips(plan, &n)[vip];
	const struct plan_link *links = plan_links(plan) + v->link;

	for (uint32_t i = 0; i < v->n_links; i++)
		if (i == 0 || links[i].group != links[i - 1].group)
			tell_group(&told, plan, &links[i]);
	text_addf(&t, "%zu", told.peers);
	if (told.preferences.len > 0)
		text_addf(&t, " @ %s%s", told.preferences.text,
			  told.n_preferences > PREFERENCES_MAX ? "/.." : "");
	text_fini(&told.preferences);
	return text_take(&t);
}

/* The chain that comes farthest tells. */
static char *silent_cell(const struct plan *plan, const struct plan_service *s,
			 const struct addr *addr)
{
	size_t n, farthest = 0;
	const struct bgp_peer *peers = model_peers(plan_model(plan), &n);
	const char *reason = "noPeer";

	for (size_t i = 0; i < n; i++) {
		struct explain e;

		explain_static(&e, plan, s, addr, &peers[i]);
		if (e.steps.n > farthest && e.reason) {
			farthest = e.steps.n;
			reason = e.reason;
		}
		explain_fini(&e);
		if (!e.of_peer)
			break;
	}
	return heap_strdup(reason);
}

/* ---- rows ---- */

static int row_cmp(const struct row *row, const struct prefix *vip, const char *services)
{
	bool has = row->vip.addr.family != ADDR_NONE, wants = vip->addr.family != ADDR_NONE;

	if (has != wants)
		return has ? -1 : 1;
	return has ? prefix_cmp(&row->vip, vip) : strcmp(row->services, services);
}

static struct row *row_of(struct plan_nodes *nodes, const struct prefix *vip, const char *services,
			  const char *pool)
{
	size_t low = 0, high = nodes->rows.n, n;
	struct row *row;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (row_cmp(&nodes->rows.at[middle], vip, services) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < nodes->rows.n && row_cmp(&nodes->rows.at[low], vip, services) == 0)
		return &nodes->rows.at[low];
	n = nodes->rows.n;
	(void)array_add(&nodes->rows);
	row = &nodes->rows.at[low];
	memmove(row + 1, row, (n - low) * sizeof(*row));
	*row = (struct row){*vip, heap_strdup(services), heap_strdup(pool), NULL, 0};
	return row;
}

/* Takes the cell; what stands there already stays (another Service on the same address). */
static void set_cell(struct plan_nodes *nodes, struct row *row, char *cell)
{
	size_t node = nodes->nodes.n - 1;

	while (row->n_cells <= node) {
		row->cells = heap_realloc(row->cells, (row->n_cells + 1) * sizeof(*row->cells));
		row->cells[row->n_cells++] = NULL;
	}
	if (row->cells[node])
		free(cell);
	else
		row->cells[node] = cell;
}

static const char *pool_of(const struct plan *plan, uint32_t pool)
{
	size_t n;
	const struct ip_address_pool *pools = model_pools(plan_model(plan), &n);

	return pool < n ? pools[pool].object.name : NULL;
}

static void add_vip(struct plan_nodes *nodes, const struct plan *plan, uint32_t vip)
{
	size_t n;
	const struct plan_vip *v = &plan_vips(plan, &n)[vip];
	const struct prefix prefix = prefix_of(&v->addr, v->length);
	const struct plan_service *services = plan_services(plan, &n);
	const struct object *o = &services[plan_vip_services(plan)[v->service]].service->object;
	struct text names = {0};

	text_addf(&names, "%s/%s", o->namespace, o->name);
	if (v->n_services > 1)
		text_addf(&names, " +%u", v->n_services - 1);
	set_cell(nodes, row_of(nodes, &prefix, names.text, pool_of(plan, v->pool)),
		 announced_cell(plan, vip));
	text_fini(&names);
}

/* What is no VIP here: its addresses, or the Service itself where it has none. */
static void add_service(struct plan_nodes *nodes, const struct plan *plan,
			const struct plan_service *s)
{
	const struct object *o = &s->service->object;
	struct prefix vip = {0};
	struct text name = {0};

	if (s->whole_pool)
		return;
	text_addf(&name, "%s/%s", o->namespace, o->name);
	if (s->n_addresses == 0)
		set_cell(nodes, row_of(nodes, &vip, name.text, NULL), silent_cell(plan, s, NULL));
	for (unsigned i = 0; i < s->n_addresses; i++) {
		if (plan_find_vip(plan, &s->addresses[i]) != PLAN_NONE)
			continue;
		vip = prefix_of(&s->addresses[i], addr_bits(&s->addresses[i]));
		set_cell(nodes, row_of(nodes, &vip, name.text, pool_of(plan, s->pool)),
			 silent_cell(plan, s, &s->addresses[i]));
	}
	text_fini(&name);
}

void plan_nodes_add(struct plan_nodes *nodes, const struct plan *plan)
{
	struct node_total *total = array_add(&nodes->nodes);
	size_t n, n_groups;
	const struct plan_service *services;
	const struct plan_group *groups = plan_groups(plan, &n_groups);

	total->name = heap_strdup(plan_node(plan)->object.name);
	(void)plan_peers(plan, &total->peers);
	(void)plan_vips(plan, &total->vips);
	for (size_t g = 0; g < n_groups; g++)
		for (uint32_t r = 0; r < groups[g].n_routes; r++)
			if (groups[g].routes[r].attrs != PLAN_NOT_ANNOUNCED)
				total->routes += groups[g].n_peers;
	services = plan_services(plan, &n);
	for (size_t i = 0; i < n; i++)
		total->pending += services[i].state == SERVICE_PENDING;
	for (uint32_t i = 0; i < total->vips; i++)
		add_vip(nodes, plan, i);
	for (size_t i = 0; i < n; i++)
		add_service(nodes, plan, &services[i]);
}

/* ---- print ---- */

static char *vip_cell(const struct row *row)
{
	char text[PREFIX_TEXT_MAX];

	if (row->vip.addr.family == ADDR_NONE)
		return NULL;
	if (row->vip.len == addr_bits(&row->vip.addr))
		return heap_strdup(addr_format(text, &row->vip.addr));
	return heap_strdup(prefix_format(text, &row->vip));
}

/* Nodes from first on, `n` of them. */
static void print_piece(const struct plan_nodes *nodes, size_t first, size_t n)
{
	const char *titles[TABLE_COLUMNS_MAX + 1] = {"VIP", "SERVICE", "POOL"};
	char *names[TABLE_COLUMNS_MAX];
	struct table table;

	for (size_t i = 0; i < n; i++)
		titles[3 + i] = names[i] = cut(nodes->nodes.at[first + i].name);
	table_init(&table, titles);
	for (size_t r = 0; r < nodes->rows.n && r < ROWS_MAX; r++) {
		const struct row *row = &nodes->rows.at[r];
		char *cells[TABLE_COLUMNS_MAX] = {vip_cell(row), cut(row->services),
						  row->pool ? cut(row->pool) : NULL};

		for (size_t i = 0; i < n; i++)
			if (first + i < row->n_cells)
				cells[3 + i] = heap_strdup(row->cells[first + i]);
		table_row(&table, cells);
	}
	table_end(&table, "no VIP, and no Service of type LoadBalancer");
	for (size_t i = 0; i < n; i++)
		free(names[i]);
}

static size_t greater(size_t a, const char *text)
{
	size_t len = text ? strlen(text) : 1;

	len = len > NAME_CUT ? NAME_CUT : len;
	return a > len ? a : len;
}

static size_t node_width(const struct plan_nodes *nodes, size_t node)
{
	size_t width = greater(0, nodes->nodes.at[node].name);

	for (size_t r = 0; r < nodes->rows.n && r < ROWS_MAX; r++)
		if (node < nodes->rows.at[r].n_cells && nodes->rows.at[r].cells[node] &&
		    strlen(nodes->rows.at[r].cells[node]) > width)
			width = strlen(nodes->rows.at[r].cells[node]);
	return width;
}

/* Of the columns before the nodes. */
static size_t head_width(const struct plan_nodes *nodes)
{
	size_t vip = strlen("VIP"), service = strlen("SERVICE"), pool = strlen("POOL");

	for (size_t r = 0; r < nodes->rows.n && r < ROWS_MAX; r++) {
		char *text = vip_cell(&nodes->rows.at[r]);

		if (text && strlen(text) > vip)
			vip = strlen(text);
		service = greater(service, nodes->rows.at[r].services);
		pool = greater(pool, nodes->rows.at[r].pool);
		free(text);
	}
	return vip + service + pool + 3 * strlen("  ");
}

/* As many as stand side by side within WIDTH; one at the least. */
static size_t piece_size(const struct plan_nodes *nodes, size_t first)
{
	size_t used = head_width(nodes), n = 0;

	while (first + n < nodes->nodes.n && 3 + n < TABLE_COLUMNS_MAX) {
		used += (n > 0 ? strlen("  ") : 0) + node_width(nodes, first + n);
		if (n > 0 && used > WIDTH)
			break;
		n++;
	}
	return n;
}

static char *number(size_t n)
{
	struct text t = {0};

	text_addf(&t, "%zu", n);
	return text_take(&t);
}

static void print_totals(const struct plan_nodes *nodes)
{
	static const char *const titles[] = {"NODE", "PEERS", "VIPS", "ROUTES", "PENDING", NULL};
	struct table table;

	table_init(&table, titles);
	for (size_t i = 0; i < nodes->nodes.n; i++) {
		const struct node_total *t = &nodes->nodes.at[i];

		table_row(&table,
			  (char *[]){heap_strdup(t->name), number(t->peers), number(t->vips),
				     number(t->routes), number(t->pending)});
	}
	table_end(&table, "no node");
}

void plan_nodes_print(const struct plan_nodes *nodes)
{
	for (size_t i = 0; i < nodes->nodes.n;) {
		size_t n = piece_size(nodes, i);

		print_piece(nodes, i, n);
		putchar('\n');
		i += n;
		if (nodes->rows.n == 0)
			break;
	}
	if (nodes->rows.n > ROWS_MAX)
		printf("and %zu more; --json has all\n\n", nodes->rows.n - ROWS_MAX);
	if (nodes->rows.n > 0)
		puts("N @ P: announced to N peers with local preference P (+P: so many AS path "
		     "prepends);\na word: why not, see explain in mlbgpd(8)\n");
	print_totals(nodes);
}
