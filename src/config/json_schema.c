/* json_schema.c: libcyaml's tables and our flags, in the words of JSON Schema */
#include "config/json_schema.h"

#include "base/text.h"
#include "config/kinds.h"
#include "config/schema.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* As duration.c reads it. */
static const char duration_pattern[] =
	"^[-+]?(0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$";

static json_t *value_schema(const cyaml_schema_value_t *value, bool nullable);

/* All of jansson's failures here are want of memory. */
static json_t *must(json_t *json)
{
	if (!json)
		abort();
	return json;
}

static void set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) < 0)
		abort();
}

static void append(json_t *list, json_t *value)
{
	if (json_array_append_new(list, value) < 0)
		abort();
}

static json_t *word(const char *text)
{
	return must(json_string(text));
}

static json_t *reference(const char *definition)
{
	struct text path = {0};
	json_t *json;

	text_addf(&path, "#/$defs/%s", definition);
	json = must(json_pack("{s:s}", "$ref", path.text));
	text_fini(&path);
	return json;
}

/* {"type": TYPE}, or [TYPE, "null"]: the API server reads a null as absent */
static json_t *of_type(const char *type, bool nullable)
{
	return must(nullable ? json_pack("{s:[s,s]}", "type", type, "null")
			     : json_pack("{s:s}", "type", type));
}

static json_t *or_null(json_t *schema, bool nullable)
{
	return nullable ? must(json_pack("{s:[o,o]}", "anyOf", schema, of_type("null", false)))
			: schema;
}

static json_t *mapping_schema(const cyaml_schema_field_t *fields, bool nullable)
{
	json_t *schema = of_type("object", nullable);
	json_t *properties = must(json_object()), *required = must(json_array());

	for (; fields->key; fields++) {
		bool needed = (int)fields->value.flags & SCHEMA_REQUIRED;

		set(properties, fields->key, value_schema(&fields->value, !needed));
		if (needed)
			append(required, word(fields->key));
	}
	set(schema, "properties", properties);
	if (json_array_size(required) > 0)
		set(schema, "required", required);
	else
		json_decref(required);
	set(schema, "additionalProperties", json_false());
	return schema;
}

/* What many kinds share is defined once. */
static json_t *any_mapping(const cyaml_schema_field_t *fields, bool nullable)
{
	if (fields == schema_metadata_fields)
		return or_null(reference("metadata"), nullable);
	if (fields == schema_selector_entry.mapping.fields)
		return or_null(reference("selector"), nullable);
	return mapping_schema(fields, nullable);
}

static json_t *map_schema(const cyaml_schema_value_t *value, bool nullable)
{
	const cyaml_schema_field_t *fields = value->mapping.fields;

	if (!((int)value->flags & SCHEMA_OR_SCALAR))
		return any_mapping(fields, nullable);
	return must(json_pack("{s:[o,o]}", "anyOf", any_mapping(fields, nullable),
			      value_schema(&fields[0].value, false)));
}

static json_t *list_schema(const cyaml_schema_value_t *entry, bool nullable)
{
	json_t *schema = of_type("array", nullable);

	set(schema, "items", value_schema(entry, false));
	return schema;
}

static json_t *enum_schema(const cyaml_schema_value_t *value, bool nullable)
{
	json_t *words = must(json_array());

	for (uint32_t i = 0; i < value->enumeration.count; i++)
		append(words, word(value->enumeration.strings[i].str));
	if (nullable)
		append(words, json_null());
	return must(json_pack("{s:o}", "enum", words));
}

static json_t *string_schema(int flags, bool nullable)
{
	json_t *schema = of_type("string", nullable);

	if (flags & SCHEMA_DURATION)
		set(schema, "pattern", word(duration_pattern));
	if (!(flags & SCHEMA_ANY_SCALAR))
		return schema;
	json_decref(schema);
	return must(
		nullable ? json_pack("{s:[s,s,s,s]}", "type", "string", "number", "boolean", "null")
			 : json_pack("{s:[s,s,s]}", "type", "string", "number", "boolean"));
}

static json_t *strings_schema(bool nullable)
{
	json_t *schema = of_type("object", nullable);

	set(schema, "additionalProperties", of_type("string", true));
	return schema;
}

static json_t *value_schema(const cyaml_schema_value_t *value, bool nullable)
{
	switch (value->type) {
	case CYAML_IGNORE:
		return (int)value->flags & SCHEMA_STRINGS ? strings_schema(nullable) : json_true();
	case CYAML_MAPPING:
		return map_schema(value, nullable);
	case CYAML_SEQUENCE:
		return list_schema(value->sequence.entry, nullable);
	case CYAML_ENUM:
		return enum_schema(value, nullable);
	case CYAML_INT:
	case CYAML_UINT:
		return of_type("integer", nullable);
	case CYAML_FLOAT:
		return of_type("number", nullable);
	case CYAML_BOOL:
		return of_type("boolean", nullable);
	default:
		return string_schema((int)value->flags, nullable);
	}
}

/* "metallb.io.v1beta2.BGPPeer": no name twice, and nothing that a reference would escape */
static char *definition_name(const struct kind_entry *entry)
{
	struct text name = {0};

	text_addf(&name, "%s.%s", entry->api, entry->name);
	for (size_t i = 0; i < name.len; i++)
		if (name.text[i] == '/')
			name.text[i] = '.';
	return text_take(&name);
}

static json_t *kind_schema(const struct kind_entry *entry)
{
	json_t *schema = mapping_schema(entry->schema->mapping.fields, false);
	json_t *properties = json_object_get(schema, "properties");

	set(properties, "apiVersion", must(json_pack("{s:s}", "const", entry->api)));
	set(properties, "kind", must(json_pack("{s:s}", "const", entry->name)));
	return schema;
}

/* A list's own fields are not looked at, but for items. */
static json_t *items_schema(json_t *item)
{
	return must(json_pack("{s:s,s:{s:{s:[s,s],s:o}}}", "type", "object", "properties", "items",
			      "type", "array", "null", "items", item));
}

/* {"if": that apiVersion and kind, "then": schema} */
static json_t *when(const char *api, const char *kind, json_t *then)
{
	return must(json_pack("{s:{s:{s:{s:s},s:{s:s}},s:[s,s]},s:o}", "if", "properties",
			      "apiVersion", "const", api, "kind", "const", kind, "required",
			      "apiVersion", "kind", "then", then));
}

/* {"if": that apiVersion, "then": one of its kinds, which are added later} */
static json_t *when_api(const char *api, json_t *kinds)
{
	return must(json_pack("{s:{s:{s:{s:s}},s:[s]},s:{s:{s:{s:O}}}}", "if", "properties",
			      "apiVersion", "const", api, "required", "apiVersion", "then",
			      "properties", "kind", "enum", kinds));
}

struct parts {
	json_t *apis; /* the words */
	json_t *kinds; /* for each API, by its name: the words */
	json_t *rules; /* of allOf */
	json_t *definitions;
};

static void add_kind(struct parts *parts, const char *api, const char *kind, json_t *then)
{
	json_t *kinds = json_object_get(parts->kinds, api);

	if (!kinds) {
		kinds = must(json_array());
		set(parts->kinds, api, kinds);
		append(parts->apis, word(api));
		append(parts->rules, when_api(api, kinds));
	}
	append(kinds, word(kind));
	append(parts->rules, when(api, kind, then));
}

static void add_entry(struct parts *parts, const struct kind_entry *entry)
{
	char *name = definition_name(entry);
	struct text list = {0};

	text_addf(&list, "%sList", entry->name);
	set(parts->definitions, name, kind_schema(entry));
	add_kind(parts, entry->api, entry->name, reference(name));
	add_kind(parts, entry->api, list.text, items_schema(reference(name)));
	text_fini(&list);
	free(name);
}

struct json_t *json_schema(void)
{
	struct parts parts = {must(json_array()), must(json_object()), must(json_array()),
			      must(json_object())};

	set(parts.definitions, "metadata", mapping_schema(schema_metadata_fields, false));
	set(parts.definitions, "selector",
	    mapping_schema(schema_selector_entry.mapping.fields, false));
	for (size_t i = 0; i < KIND_ENTRIES; i++)
		add_entry(&parts, &kind_entries[i]);
	add_kind(&parts, "v1", "List", items_schema(must(json_pack("{s:s}", "$ref", "#"))));
	json_decref(parts.kinds);
	return must(json_pack("{s:s,s:s,s:s,s:[s,s],s:{s:{s:o},s:{s:s}},s:o,s:o}", "$schema",
			      "https://json-schema.org/draft/2020-12/schema", "title",
			      "a document of mlbgpd.yaml", "type", "object", "required",
			      "apiVersion", "kind", "properties", "apiVersion", "enum", parts.apis,
			      "kind", "type", "string", "allOf", parts.rules, "$defs",
			      parts.definitions));
}
