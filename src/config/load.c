/* load.c: from files to a model: each document by its kind, through its schema and libcyaml
 *
 * source -> document -> (items of a List) -> strict -> libcyaml -> a function of the kind, which
 * puts a checked struct into the model.  What is wrong with one object leaves the others alone.
 * When all are in, the rules that look at several of them follow (validate.c).
 */
#include "config/load.h"

#include "base/text.h"
#include "config/digest.h"
#include "config/kinds.h"
#include "config/loader.h"
#include "config/strict.h"
#include "config/validate.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LIST_DEPTH_MAX = 4, NODE_NAME_MAX = 256 };

/* Written by MetalLB, never read by it. */
static const char *const status_kinds[] = {
	"ServiceBGPStatus", "ServiceL2Status", "ConfigurationState",
	"BGPSessionStatus", "BGPSessionState",
};

static bool same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static const struct kind_entry *entry_find(const char *api, const char *kind)
{
	for (size_t i = 0; i < KIND_ENTRIES; i++)
		if (same(kind_entries[i].name, kind) && (!api || same(kind_entries[i].api, api)))
			return &kind_entries[i];
	return NULL;
}

static bool in_group(const char *api, const char *group)
{
	size_t len = strlen(group);

	return strncmp(api, group, len) == 0 && api[len] == '/';
}

static const char *near_kind(const char *kind)
{
	const char *names[KIND_ENTRIES];

	for (size_t i = 0; i < KIND_ENTRIES; i++)
		names[i] = kind_entries[i].name;
	return nearest_name(kind, names, KIND_ENTRIES);
}

static const char *near_api(const char *api)
{
	static const char *const apis[] = {API_METALLB_2, API_METALLB, API_MLBGPD};

	return nearest_name(api, apis, 3);
}

static bool is_status_kind(const char *kind)
{
	for (size_t i = 0; i < sizeof(status_kinds) / sizeof(status_kinds[0]); i++)
		if (same(status_kinds[i], kind))
			return true;
	return false;
}

/* Neither one of ours nor a foreigner whose name only happens to look alike. */
static void report_unknown(struct reading *r)
{
	bool ours = in_group(r->api, "metallb.io") || in_group(r->api, "mlbgpd.io");
	const struct kind_entry *by_kind = entry_find(NULL, r->kind);
	const char *near = by_kind ? by_kind->name : near_kind(r->kind);
	const char *api = near_api(r->api);
	bool near_miss = (api && near) || (same(r->api, "v1") && near && !same(r->kind, "Pod")) ||
			 (by_kind && strncmp(by_kind->api, "v1", 3) != 0);
	struct diag *diag;

	if (is_status_kind(r->kind)) {
		reading_warning(r, "kind", "unknown-kind", "a report of MetalLB's, not read here");
		return;
	}
	if (!ours && !near_miss) {
		reading_warning(r, "kind", "unknown-kind", "%.80s %.80s is not read here", r->api,
				r->kind);
		return;
	}
	diag = reading_error(r, by_kind ? "apiVersion" : "kind", "V-001",
			     "there is no kind %.80s in %.80s", r->kind, r->api);
	if (by_kind)
		diag_hint(r->diags, diag, "%s is of apiVersion %s", by_kind->name, by_kind->api);
	else if (near)
		diag_hint(r->diags, diag, "did you mean %s?", near);
	else if (same(r->kind, "AddressPool"))
		diag_hint(r->diags, diag, "MetalLB's IPAddressPool has taken its place");
}

static bool has_namespace(enum kind kind)
{
	return kind == KIND_SERVICE || kind == KIND_SECRET;
}

static bool is_cluster_wide(enum kind kind)
{
	return kind == KIND_NODE || kind == KIND_NAMESPACE;
}

/* What all kinds have; false where the object has no usable name. */
static bool object_fill(struct reading *r, const struct kind_entry *entry, struct object *object)
{
	yaml_node_t *metadata = node_get(r->doc, r->root, "metadata");
	const char *ns = node_text(node_get(r->doc, metadata, "namespace"));

	*object = (struct object){
		.kind = entry->kind,
		.place = r->start,
		.len = r->end.offset - r->start.offset,
	};
	if (is_cluster_wide(entry->kind))
		ns = NULL;
	else if (has_namespace(entry->kind) && !ns)
		ns = "default";
	object->namespace = take_string(r, ns);
	take_labels(r, node_get(r->doc, metadata, "labels"), "metadata.labels", &object->labels);
	if (!r->name)
		return false;
	object->name = arena_strdup(r->loader->arena, r->name);
	if (is_object_name(r->name))
		return true;
	reading_error(r, "metadata.name", "bad-name",
		      "\"%.80s\" can't be a name: lower case letters, digits, '-' and '.'",
		      r->name);
	return true;
}

/* What libcyaml refuses although strict.c did not: an alias to another item of a List, say. */
static void report_cyaml(struct reading *r, cyaml_err_t err)
{
	struct diag *diag;

	diag = reading_error(r, "", "V-002", "the document can't be loaded: %s",
			     cyaml_strerror(err));
	if (err == CYAML_ERR_INVALID_ALIAS)
		diag_hint(r->diags, diag, "an alias must have its anchor in the same object");
}

/* Of the whole, and of its file. */
static void take_digest(struct reading *r, uint16_t file)
{
	struct model *m = r->loader->model;
	__uint128_t one = digest_start();

	digest_add(&one, r->doc, r->root);
	digest_mix(&m->digest, one);
	while (m->file_digests.n <= file)
		*array_add(&m->file_digests) = digest_start();
	digest_mix(&m->file_digests.at[file], one);
}

static void load_known(struct reading *r, const struct kind_entry *entry)
{
	static const cyaml_config_t config = {
		.mem_fn = cyaml_mem,
		.log_level = CYAML_LOG_ERROR,
		.flags = CYAML_CFG_IGNORE_UNKNOWN_KEYS,
	};
	size_t before = diags_errors(r->diags);
	struct object object;
	void *raw = NULL;
	cyaml_err_t err;

	strict_check(r, entry->schema);
	if (!object_fill(r, entry, &object) || r->unloadable)
		return;
	err = cyaml_load_data((const uint8_t *)r->text, r->text_len, &config, entry->schema, &raw,
			      NULL);
	if (err == CYAML_ERR_OOM)
		abort();
	if (err != CYAML_OK) {
		if (diags_errors(r->diags) == before)
			report_cyaml(r, err);
		return;
	}
	take_digest(r, object.place.file);
	entry->load(r, &object, raw);
	cyaml_free(&config, entry->schema, raw, 0);
}

static void load_tree(struct loader *l, struct document *doc, yaml_node_t *root, int depth);

static bool load_list(struct loader *l, struct reading *r, int depth)
{
	yaml_node_t *items = node_get(r->doc, r->root, "items");
	size_t len = strlen(r->kind);
	struct diag *diag;

	if (len < 4 || !same(r->kind + len - 4, "List") ||
	    (!same(r->api, "v1") && !in_group(r->api, "metallb.io") &&
	     !in_group(r->api, "mlbgpd.io")))
		return false;
	if (items && items->type != YAML_SEQUENCE_NODE && !node_is_null(items)) {
		reading_error(r, "items", "V-002", "a list is wanted");
		return true;
	}
	if (depth >= LIST_DEPTH_MAX) {
		diag = reading_error(r, "items", "too-deep", "Lists in Lists, too deep");
		diag_hint(r->diags, diag, "one List of objects is enough");
		return true;
	}
	for (size_t i = 0; i < node_count(items); i++)
		load_tree(l, r->doc, node_item(r->doc, items, i), depth + 1);
	return true;
}

static void hint_api(struct reading *r, struct diag *diag)
{
	const struct kind_entry *entry = r->kind ? entry_find(NULL, r->kind) : NULL;

	if (entry)
		diag_hint(r->diags, diag, "%s is of apiVersion %s", entry->name, entry->api);
}

static bool head_is_whole(struct reading *r)
{
	static const char *const keys[] = {"apiVersion", "kind"};
	bool whole = true;

	if (r->root->type != YAML_MAPPING_NODE) {
		reading_error(r, "", "V-002", "an object is a mapping with apiVersion and kind");
		return false;
	}
	for (size_t i = 0; i < 2; i++) {
		yaml_node_t *node = node_get(r->doc, r->root, keys[i]);
		struct diag *diag;

		if (node && node->type == YAML_SCALAR_NODE && !node_is_null(node))
			continue;
		if (node && !node_is_null(node))
			diag = reading_error(r, keys[i], "V-002", "a string is wanted");
		else
			diag = reading_error(r, keys[i], "V-003", "the field is missing");
		if (i == 0)
			hint_api(r, diag);
		whole = false;
	}
	return whole;
}

/* One object, or a List of them. */
static void load_tree(struct loader *l, struct document *doc, yaml_node_t *root, int depth)
{
	const struct kind_entry *entry;
	struct reading r;

	reading_init(&r, doc, root, l->diags);
	r.loader = l;
	if (head_is_whole(&r)) {
		entry = entry_find(r.api, r.kind);
		if (entry)
			load_known(&r, entry);
		else if (!load_list(l, &r, depth))
			report_unknown(&r);
	}
	reading_fini(&r);
}

static void load_file(struct loader *l, uint16_t file)
{
	const struct place place = {.file = file, .line = 1, .column = 1};
	struct document_cursor cursor;
	size_t before = diags_errors(l->diags), n = 0;
	struct document doc;

	if (!document_open(&cursor, l->sources, file, l->diags))
		return;
	while (document_next(&cursor, &doc, l->diags)) {
		load_tree(l, &doc, doc.root, doc.is_item);
		document_fini(&doc);
		n++;
	}
	if (n == 0 && diags_errors(l->diags) == before)
		diag_add(l->diags, DIAG_ERROR, place, NULL, NULL, NULL, "no-documents",
			 "there are no documents in it");
}

static void node_name(const char *node, char *buf, size_t size)
{
	const char *from_env = getenv("MLBGPD_NODE_NAME");

	if (!node || !*node)
		node = from_env;
	if (node && *node)
		strncpy(buf, node, size - 1);
	else if (gethostname(buf, size - 1) < 0 || !*buf)
		strncpy(buf, "localhost", size - 1);
}

struct model *config_load(const struct source_set *sources, const char *node, struct diags *diags)
{
	struct loader l = {.sources = sources, .diags = diags, .model = model_new()};
	static const struct place nowhere = {.file = SOURCE_NOWHERE};
	char name[NODE_NAME_MAX] = "";

	l.arena = l.model->arena;
	l.model->digest = digest_start();
	for (size_t i = 0; i < source_set_count(sources); i++)
		load_file(&l, (uint16_t)i);
	if (source_set_count(sources) == 0 && diags_errors(diags) == 0)
		diag_add(diags, DIAG_ERROR, nowhere, NULL, NULL, NULL, "no-documents",
			 "there are no files to read");
	loader_fini(&l);
	malloc_trim(0); /* the trees of documents are gone, a large List's took much */
	node_name(node, name, sizeof(name));
	model_seal(l.model, name);
	validate(l.model, sources, diags);
	if (diags_errors(diags) == 0)
		return l.model;
	model_free(l.model);
	return NULL;
}
