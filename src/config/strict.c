/* strict.c: the walk of a node tree beside its schema */
#include "config/strict.h"

#include "base/text.h"
#include "config/kinds.h"
#include "config/scalar.h"
#include "config/schema.h"

#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 64 }; /* of one mapping of a schema */

/* Where the walk is; a path becomes text only when something is wrong. */
struct step {
	const struct step *up;
	const char *key; /* NULL: an entry of a list */
	size_t index;
};

struct walk {
	struct reading *r;
	size_t errors;
};

static void step_text(const struct step *step, struct text *out)
{
	if (!step)
		return;
	step_text(step->up, out);
	if (!step->key)
		text_addf(out, "[%zu]", step->index);
	else
		text_addf(out, "%s%s", out->len > 0 ? "." : "", step->key);
}

static struct diag *wrong(struct walk *w, const struct step *step, yaml_mark_t mark,
			  const char *rule, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

static struct diag *wrong(struct walk *w, const struct step *step, yaml_mark_t mark,
			  const char *rule, const char *format, ...)
{
	struct text path = {0}, message = {0};
	struct diag *diag;
	va_list ap;

	step_text(step, &path);
	va_start(ap, format);
	text_vaddf(&message, format, ap);
	va_end(ap);
	diag = reading_diag_at(w->r, DIAG_ERROR, mark, path.text, rule, "%s", message.text);
	text_fini(&path);
	text_fini(&message);
	w->errors++;
	return diag;
}

/* A value that libcyaml must not see. */
static struct diag *wrong_value(struct walk *w, const struct step *step, const yaml_node_t *node,
				const char *rule, const char *message)
{
	reading_blank_value(w->r, node);
	return wrong(w, step, node->start_mark, rule, "%s", message);
}

static const char *node_words(const yaml_node_t *node)
{
	if (node->type == YAML_MAPPING_NODE)
		return "a mapping";
	if (node->type == YAML_SEQUENCE_NODE)
		return "a list";
	return scalar_words(node);
}

static struct diag *wrong_type(struct walk *w, const struct step *step, const yaml_node_t *node,
			       const char *wanted)
{
	reading_blank_value(w->r, node);
	return wrong(w, step, node->start_mark, "V-002", "this is %s, %s is wanted",
		     node_words(node), wanted);
}

static bool is_quoted(const yaml_node_t *node)
{
	return node->type == YAML_SCALAR_NODE && node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
}

/* A number or a boolean is wanted. */
static void wrong_scalar(struct walk *w, const struct step *step, const yaml_node_t *node,
			 const char *wanted)
{
	struct diag *diag = wrong_type(w, step, node, wanted);

	if (is_quoted(node))
		diag_hint(w->r->diags, diag, "write it without quotes");
}

static bool has_nul(const yaml_node_t *node)
{
	return strlen((const char *)node->data.scalar.value) != node->data.scalar.length;
}

/* Its text may be shown. */
static bool is_public(const struct step *step)
{
	static const char *const secrets[] = {"password", "data", "stringData"};

	for (; step; step = step->up)
		for (size_t i = 0; step->key && i < 3; i++)
			if (strcmp(step->key, secrets[i]) == 0)
				return false;
	return true;
}

/* YAML 1.1 reads A:B as A * 60 + B, so that 65535:0 without quotes may come as 3932100. */
static void hint_quotes(struct walk *w, const struct step *step, const yaml_node_t *node,
			struct diag *diag)
{
	const char *text = (const char *)node->data.scalar.value;
	int64_t value;

	if (step->up && step->up->key && strcmp(step->up->key, "communities") == 0 &&
	    scalar_int(node, &value) == SCALAR_INT_OK && value >= 60 && value / 60 <= UINT16_MAX)
		diag_hint(w->r->diags, diag,
			  "put it in quotes; if a tool made it of %d:%d (to YAML 1.1 that is"
			  " %d * 60 + %d), write \"%d:%d\"",
			  (int)(value / 60), (int)(value % 60), (int)(value / 60),
			  (int)(value % 60), (int)(value / 60), (int)(value % 60));
	else if (is_public(step) && strlen(text) <= 40)
		diag_hint(w->r->diags, diag, "put it in quotes: \"%s\"", text);
	else
		diag_hint(w->r->diags, diag, "put it in quotes");
}

static void check_string(struct walk *w, const struct step *step, const yaml_node_t *node,
			 int flags)
{
	struct diag *diag;

	if ((flags & SCHEMA_ANY_SCALAR) || scalar_type(node) == SCALAR_TEXT)
		return;
	reading_blank_value(w->r, node);
	diag = wrong(w, step, node->start_mark, "V-002", "this is %s, a string is wanted",
		     scalar_words(node));
	if (flags & SCHEMA_DURATION)
		diag_hint(w->r->diags, diag, "write it with its unit: 90s, 1m30s, 500ms");
	else
		hint_quotes(w, step, node, diag);
}

static void check_int(struct walk *w, const struct step *step, const yaml_node_t *node)
{
	int64_t value;

	switch (scalar_int(node, &value)) {
	case SCALAR_INT_OK:
		return;
	case SCALAR_INT_RANGE:
		wrong_value(w, step, node, "V-002", "a number that is far too large");
		return;
	case SCALAR_INT_SLOPPY:
		diag_hint(w->r->diags,
			  wrong_value(w, step, node, "V-002",
				      "a number is written without leading zeros, signs, bases"
				      " and separators"),
			  "write it in decimal digits");
		return;
	default:
		wrong_scalar(w, step, node, "a whole number");
	}
}

static void check_bool(struct walk *w, const struct step *step, const yaml_node_t *node)
{
	if (scalar_type(node) != SCALAR_BOOL)
		wrong_scalar(w, step, node, "true or false");
}

static void check_float(struct walk *w, const struct step *step, const yaml_node_t *node)
{
	if (scalar_type(node) != SCALAR_INT && scalar_type(node) != SCALAR_FLOAT)
		wrong_scalar(w, step, node, "a number");
	else if (!scalar_is_plain_decimal(node))
		wrong_value(w, step, node, "V-002", "a number is written in decimal digits");
}

static void check_enum(struct walk *w, const struct step *step, const yaml_node_t *node,
		       const cyaml_schema_value_t *schema)
{
	const char *text = (const char *)node->data.scalar.value, *near;
	const char *words[FIELDS_MAX];
	struct text all = {0};
	struct diag *diag;
	size_t n = 0;

	for (; n < schema->enumeration.count && n < FIELDS_MAX; n++) {
		words[n] = schema->enumeration.strings[n].str;
		if (strcmp(words[n], text) == 0)
			goto out;
		text_addf(&all, "%s%s", n > 0 ? ", " : "", words[n]);
	}
	reading_blank_value(w->r, node);
	diag = wrong(w, step, node->start_mark, "bad-value", "\"%.60s\" is not one of: %s", text,
		     all.text);
	near = nearest_name(text, words, n);
	if (near)
		diag_hint(w->r->diags, diag, "did you mean %s?", near);
out:
	text_fini(&all);
}

/* Any keys; values are strings. */
static void check_strings(struct walk *w, const struct step *up, const yaml_node_t *node)
{
	struct document *doc = w->r->doc;

	if (node->type != YAML_MAPPING_NODE) {
		wrong_type(w, up, node, "a mapping of strings");
		return;
	}
	for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top;
	     p++) {
		yaml_node_t *key = yaml_document_get_node(&doc->yaml, p->key);
		yaml_node_t *value = yaml_document_get_node(&doc->yaml, p->value);
		struct step step = {.up = up, .key = "?"};

		if (key->type != YAML_SCALAR_NODE || has_nul(key)) {
			wrong(w, up, key->start_mark, "V-002", "a key is a string");
			continue;
		}
		step.key = (const char *)key->data.scalar.value;
		if (scalar_type(key) != SCALAR_TEXT)
			wrong(w, &step, key->start_mark, "V-002",
			      "this key is %s, a string is wanted", scalar_words(key));
		if (value->type != YAML_SCALAR_NODE)
			wrong(w, &step, value->start_mark, "V-002",
			      "this is %s, a string is wanted", node_words(value));
		else if (has_nul(value))
			wrong(w, &step, value->start_mark, "V-002", "a NUL in a string");
		else if (!node_is_null(value))
			check_string(w, &step, value, 0);
	}
}

static void check_value(struct walk *w, const struct step *step, const yaml_node_t *node,
			const cyaml_schema_value_t *schema);

static const cyaml_schema_field_t *field_find(const cyaml_schema_field_t *fields, const char *key,
					      size_t *index)
{
	for (size_t i = 0; fields[i].key; i++) {
		if (strcmp(fields[i].key, key) == 0) {
			*index = i;
			return &fields[i];
		}
	}
	return NULL;
}

/* "A, B": the kinds that have a field of this name in their spec */
static void add_kinds_with(struct text *out, const char *key)
{
	const char *last = "";
	size_t index;

	for (size_t i = 0; i < KIND_ENTRIES; i++) {
		const cyaml_schema_field_t *fields = kind_entries[i].schema->mapping.fields;
		const cyaml_schema_field_t *spec = field_find(fields, "spec", &index);

		if (!spec || spec->value.type != CYAML_MAPPING ||
		    strcmp(kind_entries[i].name, last) == 0 || /* another version of it */
		    !field_find(spec->value.mapping.fields, key, &index))
			continue;
		last = kind_entries[i].name;
		text_addf(out, "%s%s", out->len > 0 ? ", " : "", last);
	}
}

static bool is_in_spec(const struct step *step)
{
	return step->up && !step->up->up && step->up->key && strcmp(step->up->key, "spec") == 0;
}

static void hint_fields(struct walk *w, struct diag *diag, const struct step *step,
			const cyaml_schema_field_t *fields)
{
	const char *names[FIELDS_MAX], *near;
	struct text all = {0}, kinds = {0};
	size_t n = 0;

	for (; n < FIELDS_MAX && fields[n].key; n++) {
		names[n] = fields[n].key;
		text_addf(&all, "%s%s", n > 0 ? ", " : "", names[n]);
	}
	near = nearest_name(step->key, names, n);
	if (is_in_spec(step))
		add_kinds_with(&kinds, step->key);
	if (kinds.len > 0)
		diag_hint(w->r->diags, diag, "it is a field of %s", kinds.text);
	else if (near)
		diag_hint(w->r->diags, diag, "did you mean %s?", near);
	else if (strcmp(step->key, "<<") == 0)
		diag_hint(w->r->diags, diag, "merge keys are not read: write the fields out");
	else if (n > 0)
		diag_hint(w->r->diags, diag, "there are: %s", all.text);
	text_fini(&all);
	text_fini(&kinds);
}

static void unknown_field(struct walk *w, const struct step *step, const yaml_node_t *key,
			  const cyaml_schema_field_t *fields)
{
	struct diag *diag =
		wrong(w, step, key->start_mark, "unknown-field", "there is no such field");

	if (diags_errors(w->r->diags) <= DIAGS_MAX)
		hint_fields(w, diag, step, fields);
}

static void check_missing(struct walk *w, const struct step *up, const yaml_node_t *node,
			  const yaml_node_t *key, const cyaml_schema_field_t *fields,
			  const bool *seen)
{
	for (size_t i = 0; fields[i].key; i++) {
		struct step step = {.up = up, .key = fields[i].key};

		if (((int)fields[i].value.flags & SCHEMA_REQUIRED) && !seen[i])
			wrong(w, &step, key ? key->start_mark : node->start_mark, "V-003",
			      "the field is missing");
	}
}

/* key is the mapping's own, NULL for the root and for entries of a list. */
static void check_mapping(struct walk *w, const struct step *up, const yaml_node_t *key_of_it,
			  const yaml_node_t *node, const cyaml_schema_field_t *fields)
{
	const yaml_node_t *first[FIELDS_MAX] = {0};
	struct document *doc = w->r->doc;
	bool seen[FIELDS_MAX] = {0};

	for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top;
	     p++) {
		yaml_node_t *key = yaml_document_get_node(&doc->yaml, p->key);
		yaml_node_t *value = yaml_document_get_node(&doc->yaml, p->value);
		struct step step = {.up = up};
		const cyaml_schema_field_t *field;
		size_t i;

		if (key->type != YAML_SCALAR_NODE || has_nul(key)) {
			wrong(w, up, key->start_mark, "V-002", "a key is a string");
			reading_hide_key(w->r, key);
			continue;
		}
		step.key = (const char *)key->data.scalar.value;
		field = field_find(fields, step.key, &i);
		if (!field) {
			unknown_field(w, &step, key, fields);
			continue;
		}
		if (first[i]) {
			struct diag *diag = wrong(w, &step, key->start_mark, "duplicate-field",
						  "the field is here twice");

			diag_related(w->r->diags, diag, document_place(doc, first[i]->start_mark),
				     "the other one is here");
			reading_hide_key(w->r, key);
			continue;
		}
		first[i] = key;
		if (node_is_null(value))
			continue;
		seen[i] = true;
		if (field->value.type == CYAML_MAPPING && value->type == YAML_MAPPING_NODE &&
		    node_has_plain_tag(value))
			check_mapping(w, &step, key, value, field->value.mapping.fields);
		else
			check_value(w, &step, value, &field->value);
	}
	check_missing(w, up, node, key_of_it, fields, seen);
}

static void check_list(struct walk *w, const struct step *up, const yaml_node_t *node,
		       const cyaml_schema_value_t *entry)
{
	for (size_t i = 0; i < node_count(node); i++) {
		struct step step = {.up = up, .index = i};
		yaml_node_t *item = node_item(w->r->doc, node, i);

		if (node_is_null(item))
			wrong(w, &step, item->start_mark, "V-002", "an empty entry");
		else
			check_value(w, &step, item, entry);
	}
}

static void check_scalar(struct walk *w, const struct step *step, const yaml_node_t *node,
			 const cyaml_schema_value_t *schema)
{
	if (has_nul(node)) {
		wrong_value(w, step, node, "V-002", "a NUL in a string");
		return;
	}
	switch (schema->type) {
	case CYAML_INT:
	case CYAML_UINT:
		check_int(w, step, node);
		break;
	case CYAML_BOOL:
		check_bool(w, step, node);
		break;
	case CYAML_FLOAT:
		check_float(w, step, node);
		break;
	case CYAML_ENUM:
		check_enum(w, step, node, schema);
		break;
	default:
		check_string(w, step, node, (int)schema->flags);
	}
}

static const char *wanted_words(const cyaml_schema_value_t *schema)
{
	switch (schema->type) {
	case CYAML_MAPPING:
		return "a mapping";
	case CYAML_SEQUENCE:
		return "a list";
	case CYAML_INT:
	case CYAML_UINT:
		return "a whole number";
	case CYAML_BOOL:
		return "true or false";
	case CYAML_FLOAT:
		return "a number";
	default:
		return "a string";
	}
}

/* !!binary would be decoded by others, !custom means something to somebody else. */
static bool check_tag(struct walk *w, const struct step *step, const yaml_node_t *node)
{
	if (node_has_plain_tag(node))
		return true;
	diag_hint(w->r->diags, wrong_value(w, step, node, "V-002", "tags are not read"),
		  "write the value itself, without a tag");
	return false;
}

static void check_value(struct walk *w, const struct step *step, const yaml_node_t *node,
			const cyaml_schema_value_t *schema)
{
	if (schema->type != CYAML_IGNORE && !check_tag(w, step, node))
		return;
	if (schema->type == CYAML_IGNORE) {
		if ((int)schema->flags & SCHEMA_STRINGS)
			check_strings(w, step, node);
		return;
	}
	if (schema->type == CYAML_MAPPING && node->type == YAML_MAPPING_NODE)
		check_mapping(w, step, NULL, node, schema->mapping.fields);
	else if (schema->type == CYAML_SEQUENCE && node->type == YAML_SEQUENCE_NODE)
		check_list(w, step, node, schema->sequence.entry);
	else if (schema->type == CYAML_MAPPING && node->type == YAML_SCALAR_NODE &&
		 ((int)schema->flags & SCHEMA_OR_SCALAR))
		reading_blank_value(w->r, node);
	else if (schema->type == CYAML_SEQUENCE)
		diag_hint(w->r->diags, wrong_type(w, step, node, "a list"),
			  "each entry of a list has a line of its own that begins with \"- \", or"
			  " all stand in [ ]");
	else if (schema->type == CYAML_MAPPING || node->type != YAML_SCALAR_NODE)
		wrong_type(w, step, node, wanted_words(schema));
	else
		check_scalar(w, step, node, schema);
}

size_t strict_check(struct reading *r, const cyaml_schema_value_t *schema)
{
	struct walk w = {.r = r};

	if (r->root->type != YAML_MAPPING_NODE)
		wrong_type(&w, NULL, r->root, "a mapping");
	else
		check_mapping(&w, NULL, NULL, r->root, schema->mapping.fields);
	return w.errors;
}
