/* schema.h: words to write libcyaml's tables of our kinds with
 *
 * Every field is a pointer that may be null, as the API server reads a null: absent.  What
 * libcyaml has no word for is a flag of ours, which it does not look at; strict.c does.
 */
#ifndef MLBGPD_CONFIG_SCHEMA_H
#define MLBGPD_CONFIG_SCHEMA_H

#include <cyaml/cyaml.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SCHEMA_REQUIRED = 1 << 24, /* must be there, and be no null (V-003) */
	SCHEMA_ANY_SCALAR = 1 << 25, /* a string that may look like a number or a boolean */
	/* a mapping, or the value of its first field; libcyaml gets a null for that */
	SCHEMA_OR_SCALAR = 1 << 26,
	SCHEMA_DURATION = 1 << 28, /* a string such as 90s */
	SCHEMA_STRINGS = 1 << 27, /* CYAML_IGNORE: a mapping of any keys to strings */
};

#define SCHEMA_NULL ((int)CYAML_FLAG_POINTER_NULL_STR)
#define SCHEMA_OPTIONAL ((int)CYAML_FLAG_OPTIONAL | SCHEMA_NULL)

#define S_INT(key, type, member) CYAML_FIELD_INT_PTR(key, SCHEMA_OPTIONAL, type, member)
#define S_INT_AS(key, flags, type, member) \
	CYAML_FIELD_INT_PTR(key, SCHEMA_OPTIONAL | (int)(flags), type, member)
#define S_FLOAT(key, type, member) CYAML_FIELD_FLOAT_PTR(key, SCHEMA_OPTIONAL, type, member)
#define S_BOOL(key, type, member) CYAML_FIELD_BOOL_PTR(key, SCHEMA_OPTIONAL, type, member)
#define S_STRING_AS(key, flags, type, member)                                        \
	CYAML_FIELD_STRING_PTR(key, SCHEMA_OPTIONAL | (int)(flags), type, member, 0, \
			       CYAML_UNLIMITED)
#define S_STRING(key, type, member) S_STRING_AS(key, 0, type, member)
#define S_DURATION(key, type, member) S_STRING_AS(key, SCHEMA_DURATION, type, member)
#define S_MAP(key, type, member, fields) \
	CYAML_FIELD_MAPPING_PTR(key, SCHEMA_OPTIONAL, type, member, fields)
#define S_MAP_AS(key, flags, type, member, fields) \
	CYAML_FIELD_MAPPING_PTR(key, SCHEMA_OPTIONAL | (int)(flags), type, member, fields)
/* A list needs a member MEMBER_count beside it. */
#define S_LIST(key, type, member, entry) \
	CYAML_FIELD_SEQUENCE(key, SCHEMA_OPTIONAL, type, member, entry, 0, CYAML_UNLIMITED)
#define S_LIST_AS(key, flags, type, member, entry)                                        \
	CYAML_FIELD_SEQUENCE(key, SCHEMA_OPTIONAL | (int)(flags), type, member, entry, 0, \
			     CYAML_UNLIMITED)
#define S_ENUM(key, type, member, words)                                                         \
	CYAML_FIELD_ENUM_PTR(key, SCHEMA_OPTIONAL | (int)CYAML_FLAG_STRICT, type, member, words, \
			     sizeof(words) / sizeof((words)[0]))
/* Accepted, and not looked at by libcyaml: free-form, read from the tree, or without effect. */
#define S_ANY(key) CYAML_FIELD_IGNORE(key, CYAML_FLAG_OPTIONAL)
#define S_STRINGS(key) CYAML_FIELD_IGNORE(key, CYAML_FLAG_OPTIONAL | SCHEMA_STRINGS)

#define S_ENTRY(type, fields)                                                        \
	{                                                                            \
		CYAML_VALUE_MAPPING((int)CYAML_FLAG_POINTER_NULL_STR, type, fields), \
	}

/* What is common to all (schema_core.c). */
extern const cyaml_schema_value_t schema_string_entry;
extern const cyaml_schema_value_t schema_selector_entry;
extern const cyaml_schema_field_t schema_metadata_fields[];

/* A label selector is read from the tree, since its labels are free-form. */
struct raw_selector_body;
struct raw_selectors {
	struct raw_selector_body **at;
	uint32_t at_count;
};

struct raw_metadata {
	char *name, *namespace;
};

/* member is a struct raw_selectors */
#define S_SELECTORS(key, type, member) S_LIST(key, type, member.at, &schema_selector_entry)
#define S_NAMES(key, type, member) S_LIST(key, type, member, &schema_string_entry)
#define S_HEAD(type)                                              \
	S_STRING_AS("apiVersion", SCHEMA_REQUIRED, type, api),    \
		S_STRING_AS("kind", SCHEMA_REQUIRED, type, kind), \
		S_MAP_AS("metadata", SCHEMA_REQUIRED, type, metadata, schema_metadata_fields)

#endif
