/* test_json_schema.c: the JSON Schema says what the tables say */
#include "config/json_schema.h"

#include "base/text.h"
#include "config/kinds.h"
#include "config/schema.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* json_t of a path whose keys are parted by blanks; NULL where there is none. */
static json_t *at(json_t *json, const char *path)
{
	char *copy = strdup(path), *rest = copy, *key;

	while (json && (key = strsep(&rest, " "))) {
		if (json_is_array(json))
			json = json_array_get(json, strtoul(key, NULL, 10));
		else
			json = json_object_get(json, key);
	}
	free(copy);
	return json;
}

static bool has_word(const json_t *list, const char *text)
{
	size_t i;
	json_t *item;

	json_array_foreach (list, i, item)
		if (json_is_string(item) && strcmp(json_string_value(item), text) == 0)
			return true;
	return false;
}

static json_t *definition(json_t *root, const struct kind_entry *entry)
{
	struct text name = {0};
	json_t *json;

	text_addf(&name, "%s.%s", entry->api, entry->name);
	if (strchr(name.text, '/'))
		*strchr(name.text, '/') = '.';
	json = json_object_get(json_object_get(root, "$defs"), name.text);
	text_fini(&name);
	return json;
}

static json_t *deref(json_t *root, json_t *schema)
{
	json_t *first = at(schema, "anyOf 0");
	const char *ref;

	if (first)
		schema = first;
	ref = json_string_value(json_object_get(schema, "$ref"));
	return ref ? json_object_get(json_object_get(root, "$defs"), strrchr(ref, '/') + 1)
		   : schema;
}

/* Every field of the table, and none besides; down to the leaves. */
static void expect_fields(json_t *root, const char *where, json_t *schema,
			  const cyaml_schema_field_t *fields)
{
	json_t *properties, *required;
	size_t n = 0, needed = 0;

	schema = deref(root, schema);
	properties = json_object_get(schema, "properties");
	required = json_object_get(schema, "required");
	cr_expect(json_is_false(json_object_get(schema, "additionalProperties")), "%s is closed",
		  where);
	for (; fields[n].key; n++) {
		const cyaml_schema_value_t *value = &fields[n].value;
		json_t *property = json_object_get(properties, fields[n].key);
		bool must = (int)value->flags & SCHEMA_REQUIRED;

		cr_expect(property, "%s has %s", where, fields[n].key);
		cr_expect_eq(has_word(required, fields[n].key), must, "%s: %s is %s", where,
			     fields[n].key, must ? "required" : "optional");
		needed += must;
		if (value->type == CYAML_MAPPING)
			expect_fields(root, fields[n].key, property, value->mapping.fields);
		else if (value->type == CYAML_SEQUENCE &&
			 value->sequence.entry->type == CYAML_MAPPING)
			expect_fields(root, fields[n].key, json_object_get(property, "items"),
				      value->sequence.entry->mapping.fields);
	}
	cr_expect_eq(json_object_size(properties), n, "%s has no other field", where);
	cr_expect_eq(json_array_size(required), needed, "%s requires no other field", where);
}

Test(json_schema, every_kind_has_every_field_of_its_table)
{
	json_t *root = json_schema();

	for (size_t i = 0; i < KIND_ENTRIES; i++) {
		const struct kind_entry *entry = &kind_entries[i];
		json_t *schema = definition(root, entry);

		cr_assert(schema, "%s %s is defined", entry->api, entry->name);
		expect_fields(root, entry->name, schema, entry->schema->mapping.fields);
		cr_expect_str_eq(json_string_value(at(schema, "properties kind const")),
				 entry->name);
		cr_expect_str_eq(json_string_value(at(schema, "properties apiVersion const")),
				 entry->api);
	}
	cr_expect_eq(json_object_size(json_object_get(root, "$defs")), KIND_ENTRIES + 2,
		     "the kinds, metadata and selector");
	json_decref(root);
}

/* What a document of that API and kind, and no other, has to match. */
static json_t *rule_of(json_t *root, const char *api, const char *kind)
{
	json_t *rules = json_object_get(root, "allOf"), *rule, *found = NULL;
	size_t i;

	json_array_foreach (rules, i, rule) {
		json_t *kind_is = at(rule, "if properties kind const");

		if (!kind_is || strcmp(json_string_value(kind_is), kind) != 0 ||
		    strcmp(json_string_value(at(rule, "if properties apiVersion const")), api) != 0)
			continue;
		cr_expect(!found, "%s %s has one rule", api, kind);
		found = json_object_get(rule, "then");
	}
	cr_assert(found, "%s %s has a rule", api, kind);
	return found;
}

static json_t *kinds_of(json_t *root, const char *api)
{
	json_t *rules = json_object_get(root, "allOf"), *rule;
	size_t i;

	json_array_foreach (rules, i, rule)
		if (!at(rule, "if properties kind") &&
		    strcmp(json_string_value(at(rule, "if properties apiVersion const")), api) == 0)
			return at(rule, "then properties kind enum");
	return NULL;
}

Test(json_schema, a_document_is_of_the_kind_that_it_names)
{
	json_t *root = json_schema();

	for (size_t i = 0; i < KIND_ENTRIES; i++) {
		const struct kind_entry *entry = &kind_entries[i];
		json_t *wanted = definition(root, entry);
		struct text list = {0};

		text_addf(&list, "%sList", entry->name);
		cr_expect_eq(deref(root, rule_of(root, entry->api, entry->name)), wanted);
		cr_expect_eq(deref(root, at(rule_of(root, entry->api, list.text),
					    "properties items items")),
			     wanted);
		cr_expect(has_word(at(root, "properties apiVersion enum"), entry->api));
		cr_expect(has_word(kinds_of(root, entry->api), entry->name));
		cr_expect(has_word(kinds_of(root, entry->api), list.text));
		text_fini(&list);
	}
	cr_expect_str_eq(
		json_string_value(at(rule_of(root, "v1", "List"), "properties items items $ref")),
		"#", "a v1 List holds documents");
	cr_expect(!has_word(kinds_of(root, "metallb.io/v1beta2"), "IPAddressPool"),
		  "a kind is of its own API only");
	json_decref(root);
}

Test(json_schema, types)
{
	static const struct {
		const char *kind, *path, *wanted;
	} cases[] = {
		{"BGPPeer", "properties spec properties myASN", "{\"type\":\"integer\"}"},
		{"BGPPeer", "properties spec properties peerASN",
		 "{\"type\":[\"integer\",\"null\"]}"},
		{"BGPPeer", "properties spec properties ebgpMultiHop",
		 "{\"type\":[\"boolean\",\"null\"]}"},
		{"BGPPeer", "properties spec properties password",
		 "{\"type\":[\"string\",\"null\"]}"},
		{"BGPPeer", "properties metadata", "{\"$ref\":\"#/$defs/metadata\"}"},
		{"BGPPeer", "properties status", "true"},
		{"BGPPeer", "properties spec properties nodeSelectors",
		 "{\"type\":[\"array\",\"null\"],\"items\":{\"$ref\":\"#/$defs/selector\"}}"},
		{"BGPAdvertisement", "properties spec properties peers",
		 "{\"type\":[\"array\",\"null\"],\"items\":{\"type\":\"string\"}}"},
		{"Daemon", "properties spec properties logLevel",
		 "{\"enum\":[\"error\",\"warning\",\"info\",\"debug\",null]}"},
		{"Daemon", "properties spec properties externalPreference anyOf 1",
		 "{\"enum\":[\"auto\",\"prepend\",\"med\",\"community\",\"send\",\"none\","
		 "\"off\"]}"},
		{"HealthCheck", "properties spec properties probe properties periodSeconds",
		 "{\"type\":[\"number\",\"null\"]}"},
		{"HealthCheck",
		 "properties spec properties probe properties httpGet properties port",
		 "{\"type\":\"integer\"}"},
		{"Secret", "properties data",
		 "{\"type\":[\"object\",\"null\"],\"additionalProperties\":"
		 "{\"type\":[\"string\",\"null\"]}}"},
	};
	json_t *root = json_schema();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t k = 0;
		char *text;

		while (strcmp(kind_entries[k].name, cases[i].kind) != 0)
			k++;
		text = json_dumps(at(definition(root, &kind_entries[k]), cases[i].path),
				  JSON_COMPACT | JSON_ENCODE_ANY);
		cr_expect_str_eq(text, cases[i].wanted, "%s %s: %s", cases[i].kind, cases[i].path,
				 text);
		free(text);
	}
	json_decref(root);
}
