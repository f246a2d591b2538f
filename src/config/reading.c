/* reading.c: findings about one object, and the text that libcyaml gets of it */
#include "config/reading.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(struct document *doc, const yaml_node_t *map, const char *key)
{
	return node_text(node_get(doc, map, key));
}

void reading_init(struct reading *r, struct document *doc, yaml_node_t *root, struct diags *diags)
{
	memset(r, 0, sizeof(*r));
	r->doc = doc;
	r->root = root;
	r->diags = diags;
	r->api = text_of(doc, root, "apiVersion");
	r->kind = text_of(doc, root, "kind");
	r->name = text_of(doc, node_get(doc, root, "metadata"), "name");
	r->start = document_place(doc, root->start_mark);
	r->end = document_place(doc, root->end_mark);
	r->text = document_text(doc, r->start, r->end, &r->blanks);
	r->text_len = r->blanks + r->end.offset - r->start.offset;
}

void reading_fini(struct reading *r)
{
	free(r->text);
	r->text = NULL;
}

static struct diag *add(struct reading *r, enum diag_severity severity, yaml_mark_t mark,
			const char *field, const char *rule, const char *format, va_list ap)
{
	const char *ns = text_of(r->doc, node_get(r->doc, r->root, "metadata"), "namespace");
	struct text message = {0}, name = {0};
	struct diag *diag;

	if (r->name && r->kind && strcmp(r->kind, "Service") == 0)
		text_addf(&name, "%s/", ns ? ns : "default");
	if (r->name)
		text_add(&name, r->name);
	text_vaddf(&message, format, ap);
	diag = diag_add(r->diags, severity, document_place(r->doc, mark), r->kind, name.text,
			field && *field ? field : NULL, rule, "%s", message.text);
	text_fini(&message);
	text_fini(&name);
	return diag;
}

struct diag *reading_diag_at(struct reading *r, enum diag_severity severity, yaml_mark_t mark,
			     const char *field, const char *rule, const char *format, ...)
{
	struct diag *diag;
	va_list ap;

	va_start(ap, format);
	diag = add(r, severity, mark, field, rule, format, ap);
	va_end(ap);
	return diag;
}

static yaml_mark_t mark_of(struct reading *r, const char *path)
{
	struct document_find found;

	if (document_find(r->doc, r->root, path, &found))
		return found.node->start_mark;
	return found.key ? found.key->start_mark : r->root->start_mark;
}

struct diag *reading_error(struct reading *r, const char *path, const char *rule,
			   const char *format, ...)
{
	struct diag *diag;
	va_list ap;

	va_start(ap, format);
	diag = add(r, DIAG_ERROR, mark_of(r, path), path, rule, format, ap);
	va_end(ap);
	return diag;
}

struct diag *reading_warning(struct reading *r, const char *path, const char *rule,
			     const char *format, ...)
{
	struct diag *diag;
	va_list ap;

	va_start(ap, format);
	diag = add(r, DIAG_WARNING, mark_of(r, path), path, rule, format, ap);
	va_end(ap);
	return diag;
}

void reading_related(struct reading *r, struct diag *diag, const char *path, const char *words)
{
	diag_related(r->diags, diag, document_place(r->doc, mark_of(r, path)), "%s", words);
}

yaml_node_t *reading_node(struct reading *r, const char *path)
{
	struct document_find found;

	return document_find(r->doc, r->root, path, &found) ? found.node : NULL;
}

/* Fills what is between two marks; ends of lines stay, so that nothing moves. */
static void fill(struct reading *r, yaml_mark_t from, yaml_mark_t to, char first, char rest)
{
	struct place start = document_place(r->doc, from), end = document_place(r->doc, to);
	size_t at;

	if (start.offset < r->start.offset || end.offset > r->end.offset ||
	    end.offset <= start.offset) {
		r->unloadable = true;
		return;
	}
	at = start.offset - r->start.offset + r->blanks;
	for (size_t i = 0; i < end.offset - start.offset; i++)
		if (r->text[at + i] != '\n' && r->text[at + i] != '\r')
			r->text[at + i] = i == 0 ? first : rest;
}

void reading_blank_value(struct reading *r, const yaml_node_t *value)
{
	fill(r, value->start_mark, value->end_mark, '~', ' ');
}

void reading_hide_key(struct reading *r, const yaml_node_t *key)
{
	fill(r, key->start_mark, key->end_mark, 'X', 'X');
}

const char *path_item(char *buf, const char *list, size_t index)
{
	snprintf(buf, PATH_TEXT_MAX, "%.120s[%zu]", list, index);
	return buf;
}

const char *path_key(char *buf, const char *parent, const char *key)
{
	snprintf(buf, PATH_TEXT_MAX, "%.90s.%.60s", parent, key);
	return buf;
}
