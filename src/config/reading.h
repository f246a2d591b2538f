/* reading.h: one object (a document, or an item of a List) while it is read
 *
 * Holds its tree, its text for libcyaml, and where findings about it go.  A field's place is looked
 * for in the tree when something is wrong with it.
 */
#ifndef MLBGPD_CONFIG_READING_H
#define MLBGPD_CONFIG_READING_H

#include "config/diag.h"
#include "config/document.h"

#include <stdbool.h>
#include <stddef.h>

struct loader;

struct reading {
	struct loader *loader;
	struct document *doc; /* the caller's */
	yaml_node_t *root;
	struct diags *diags;
	const char *api, *kind, *name; /* the tree's; NULL where absent */
	char *text; /* for libcyaml; what is wrong is blanked */
	size_t text_len;
	size_t blanks; /* of the text, before the object */
	struct place start, end;
	bool unloadable; /* what is wrong could not be blanked */
};

void reading_init(struct reading *r, struct document *doc, yaml_node_t *root, struct diags *diags);
void reading_fini(struct reading *r);

/* A finding at a mark of the tree.  field may be NULL. */
struct diag *reading_diag_at(struct reading *r, enum diag_severity severity, yaml_mark_t mark,
			     const char *field, const char *rule, const char *format, ...)
	__attribute__((format(printf, 6, 7)));
/* An error or a warning at the value of the field of that path; at the key of the nearest mapping
 * around it where it does not exist. */
struct diag *reading_error(struct reading *r, const char *path, const char *rule,
			   const char *format, ...) __attribute__((format(printf, 4, 5)));
struct diag *reading_warning(struct reading *r, const char *path, const char *rule,
			     const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Adds the place of another field of the object: "the other one is here" or the like. */
void reading_related(struct reading *r, struct diag *diag, const char *path, const char *words);
/* The node of a path, NULL where there is none. */
yaml_node_t *reading_node(struct reading *r, const char *path);

/* Takes a value out of the text for libcyaml: null stands in its place. */
void reading_blank_value(struct reading *r, const yaml_node_t *value);
/* Makes a key one that is unknown, which libcyaml passes over with its value. */
void reading_hide_key(struct reading *r, const yaml_node_t *key);

/* "list[index]", in a buffer of the caller's. */
enum { PATH_TEXT_MAX = 160 };
const char *path_item(char *buf, const char *list, size_t index);
/* "parent.key" */
const char *path_key(char *buf, const char *parent, const char *key);

#endif
