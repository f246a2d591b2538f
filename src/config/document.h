/* document.h: a file's YAML documents, one after the other, each as a tree of libyaml's nodes
 *
 * A file is cut at its document markers first, and each piece is read by a parser of its own: a
 * mistake in one document hides nothing in the next, the tree of one document is all that is held
 * at a time, and the time is linear.
 *
 * libyaml counts characters from the start of what it is given; document_place() makes places of
 * the file of its marks.
 */
#ifndef MLBGPD_CONFIG_DOCUMENT_H
#define MLBGPD_CONFIG_DOCUMENT_H

#include "base/array.h"
#include "config/list_items.h"
#include "config/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

struct diags;

enum {
	DOCUMENT_DEPTH_MAX = 64, /* levels of mappings and lists */
	DOCUMENT_ALIAS_FACTOR = 8, /* nodes with aliases followed, against nodes written */
};

/* Where the next document of a file starts. */
struct document_cursor {
	const struct source_file *file;
	struct place at;
	struct list_items items; /* of the List that is being read */
	size_t item;
};

struct document {
	yaml_document_t yaml;
	yaml_node_t *root;
	const char *bytes; /* the source's, or: */
	char *text; /* its own, of a piece that is read alone; else NULL */
	bool is_item; /* of a List */
	size_t len;
	struct place start; /* of bytes[0] */
	ARRAY(struct place) marks; /* places of every so many characters, as far as was asked */
};

/* At the first document.  A file that is not UTF-8 or holds control characters is an error in
 * diags, and false. */
bool document_open(struct document_cursor *cursor, const struct source_set *sources, uint16_t file,
		   struct diags *diags);
/* The next document with something in it (of a large List: item), to be ended by document_fini();
 * false at the end of the file.  Documents that can't be read are errors in diags, and are passed
 * over. */
bool document_next(struct document_cursor *cursor, struct document *ret, struct diags *diags);
/* A piece of a file known to be good, such as an object: place and length.  False where it can't
 * be read alone. */
bool document_slice(struct document *ret, const struct source_set *sources, struct place place,
		    size_t len);
void document_fini(struct document *doc);

struct place document_place(struct document *doc, yaml_mark_t mark);
/* The bytes from start to end, with as many blanks before the first line as keep its indentation;
 * libcyaml reads it alone.  To be freed. */
char *document_text(struct document *doc, struct place start, struct place end, size_t *ret_blanks);

/* NULL where the node is not of that kind or has no such child. */
yaml_node_t *node_get(struct document *doc, const yaml_node_t *map, const char *key);
yaml_node_t *node_item(struct document *doc, const yaml_node_t *list, size_t index);
size_t node_count(const yaml_node_t *node); /* pairs or items */
/* The text of a scalar, which is no null; NULL for others. */
const char *node_text(const yaml_node_t *node);
/* Empty, ~ or null, and not quoted. */
bool node_is_null(const yaml_node_t *node);
/* It has no tag, or one that says no more than what it looks like: !!str, !!int, !!map, ... */
bool node_has_plain_tag(const yaml_node_t *node);

/* What a path such as "spec.peers[2]" leads to below root.  Where it leads to nothing, the last
 * key on the way, and false. */
struct document_find {
	yaml_node_t *node;
	yaml_node_t *key; /* of the innermost mapping on the path, or an entry; NULL: root itself */
};
bool document_find(struct document *doc, yaml_node_t *root, const char *path,
		   struct document_find *ret);

#endif
