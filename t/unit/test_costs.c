/* test_costs.c: every field of every kind has a row that says what a change of it costs */
#include "base/text.h"
#include "config/kinds.h"
#include "config/schema.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* kind NULL: BGPPeer or PeerPolicy */
static const struct {
	const char *kind, *field;
} rows[] = {
#define COST(field, cost, differs) {NULL, field},
#include "plan/peer_costs.def"
#undef COST
#define FIELD(kind, field, cost) {kind, field},
#include "plan/field_costs.def"
#undef FIELD
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static bool is_kind(const char *row, const char *kind)
{
	if (row)
		return strcmp(row, kind) == 0;
	return strcmp(kind, "BGPPeer") == 0 || strcmp(kind, "PeerPolicy") == 0;
}

/* Of the path itself, of one above it, or of the whole spec. */
static bool has_row(const char *kind, const char *path)
{
	for (size_t i = 0; i < ROWS; i++) {
		size_t len = strlen(rows[i].field);

		if (is_kind(rows[i].kind, kind) && (strcmp(rows[i].field, "spec") == 0 ||
						    (strncmp(rows[i].field, path, len) == 0 &&
						     (path[len] == 0 || path[len] == '.'))))
			return true;
	}
	return false;
}

static void walk(const char *kind, const char *above, const cyaml_schema_field_t *fields)
{
	for (const cyaml_schema_field_t *f = fields; f->key; f++) {
		char path[200];

		snprintf(path, sizeof(path), "%s%s%s", above, *above ? "." : "", f->key);
		if (has_row(kind, path))
			continue;
		if (f->value.type == CYAML_MAPPING)
			walk(kind, path, f->value.mapping.fields);
		else
			cr_expect_fail("%s.%s has no row in peer_costs.def or field_costs.def",
				       kind, path);
	}
}

Test(costs, every_field_has_a_row)
{
	size_t specs = 0;

	for (size_t i = 0; i < KIND_ENTRIES; i++) {
		const cyaml_schema_field_t *f = kind_entries[i].schema->mapping.fields;

		for (; f->key; f++) {
			if (strcmp(f->key, "spec") != 0 || f->value.type != CYAML_MAPPING)
				continue;
			specs++;
			walk(kind_entries[i].name, "", f->value.mapping.fields);
		}
	}
	cr_expect_geq(specs, 10);
}

/* And every row has a field: no row is left behind. */
static bool is_field(const cyaml_schema_field_t *fields, const char *path)
{
	/* "password (another)": a row may say of which change it is */
	for (const cyaml_schema_field_t *f = fields; f->key; f++) {
		size_t len = strlen(f->key);

		if (strncmp(f->key, path, len) != 0)
			continue;
		if (path[len] == 0 || path[len] == ' ' || f->value.type == CYAML_IGNORE)
			return true;
		if (path[len] == '.' && f->value.type == CYAML_MAPPING)
			return is_field(f->value.mapping.fields, path + len + 1);
	}
	return false;
}

Test(costs, every_row_has_a_field)
{
	for (size_t r = 0; r < ROWS; r++) {
		bool found = false;

		for (size_t i = 0; i < KIND_ENTRIES && !found; i++) {
			char path[200];

			if (!is_kind(rows[r].kind, kind_entries[i].name))
				continue;
			snprintf(path, sizeof(path), "spec.%s", rows[r].field);
			found = is_field(kind_entries[i].schema->mapping.fields, path) ||
				is_field(kind_entries[i].schema->mapping.fields, rows[r].field) ||
				text_has_prefix(rows[r].field, "metadata.");
		}
		cr_expect(found, "%s.%s is no field", rows[r].kind ? rows[r].kind : "peer",
			  rows[r].field);
	}
}
