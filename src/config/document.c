/* document.c: cutting a file into documents, reading each, finding places and nodes in it */
#include "config/document.h"

#include "base/utf8.h"
#include "config/diag.h"
#include "config/characters.h"

#include <stdlib.h>
#include <string.h>

enum { FLOW_DEPTH_MAX = 200 }; /* libyaml's time grows with the square of it */

static struct diag *syntax_error(struct diags *diags, struct place place, const char *rule,
				 const char *message)
{
	return diag_add(diags, DIAG_ERROR, place, NULL, NULL, NULL, rule, "%s", message);
}

bool document_open(struct document_cursor *cursor, const struct source_set *sources, uint16_t file,
		   struct diags *diags)
{
	const struct source_file *source = source_set_file(sources, file);
	struct place place = {.line = 1, .column = 1, .file = file};
	size_t good;

	cursor->file = source;
	if (source->len >= 3 && memcmp(source->bytes, "\xef\xbb\xbf", 3) == 0)
		place.offset = 3;
	cursor->at = place;
	good = characters_good(source->bytes + place.offset, source->len - place.offset);
	if (place.offset + good == source->len)
		return true;
	place_walk(source->bytes + place.offset, good, &place);
	if (source->len >= 2 && (memcmp(source->bytes, "\xff\xfe", 2) == 0 ||
				 memcmp(source->bytes, "\xfe\xff", 2) == 0))
		syntax_error(diags, place, "not-utf-8", "the file is UTF-16, UTF-8 is wanted");
	else if (utf8_char_len(source->bytes + place.offset, source->len - place.offset) > 0)
		syntax_error(diags, place, "control-character",
			     "a control character, which YAML does not allow");
	else
		syntax_error(diags, place, "not-utf-8", "the file is not UTF-8 from here on");
	return false;
}

static bool is_marker(const char *line, const char *marker)
{
	return strncmp(line, marker, 3) == 0 && (line[3] == '\0' || strchr(" \t\r\n", line[3]));
}

/* Past the line's end: LF, CR LF or CR. */
static size_t next_line(const char *bytes, size_t at)
{
	at += strcspn(bytes + at, "\r\n");
	if (bytes[at] == '\r')
		at++;
	if (bytes[at] == '\n')
		at++;
	return at;
}

/* Where the document that starts at `from` ends.  A marker at the start of a line is a boundary
 * wherever it stands; comments and directives before the first one belong to what follows. */
static size_t piece_end(const struct source_file *file, size_t from)
{
	bool content = false;
	size_t at = from;

	while (at < file->len) {
		const char *line = file->bytes + at;
		size_t blank = strspn(line, " \t");

		if (is_marker(line, "---")) {
			if (content)
				return at;
			content = true;
		} else if (is_marker(line, "...")) {
			return next_line(file->bytes, at);
		} else if (line[0] != '%' && !strchr("#\r\n", line[blank])) {
			content = true;
		}
		at = next_line(file->bytes, at);
	}
	return file->len;
}

static bool nests_too_deep(const char *bytes, size_t len)
{
	long depth = 0;

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '[' || bytes[i] == '{')
			depth++;
		else if (depth > 0 && (bytes[i] == ']' || bytes[i] == '}'))
			depth--;
		if (depth > FLOW_DEPTH_MAX)
			return true;
	}
	return false;
}

/* Counts the nodes below one, aliases followed; false past a bound. */
static bool count_nodes(yaml_document_t *yaml, const yaml_node_t *node, int depth, size_t *left)
{
	if (depth > DOCUMENT_DEPTH_MAX || *left == 0)
		return false;
	--*left;
	if (node->type == YAML_MAPPING_NODE) {
		for (yaml_node_pair_t *p = node->data.mapping.pairs.start;
		     p < node->data.mapping.pairs.top; p++)
			if (!count_nodes(yaml, yaml_document_get_node(yaml, p->key), depth + 1,
					 left) ||
			    !count_nodes(yaml, yaml_document_get_node(yaml, p->value), depth + 1,
					 left))
				return false;
	} else if (node->type == YAML_SEQUENCE_NODE) {
		for (yaml_node_item_t *i = node->data.sequence.items.start;
		     i < node->data.sequence.items.top; i++)
			if (!count_nodes(yaml, yaml_document_get_node(yaml, *i), depth + 1, left))
				return false;
	}
	return true;
}

static bool is_bounded(struct document *doc)
{
	size_t nodes = (size_t)(doc->yaml.nodes.top - doc->yaml.nodes.start);
	size_t left = nodes * DOCUMENT_ALIAS_FACTOR + 1000;

	return count_nodes(&doc->yaml, doc->root, 0, &left);
}

static void report_parser(struct document *doc, const yaml_parser_t *parser, struct diags *diags)
{
	struct place place = document_place(doc, parser->problem_mark);
	struct diag *diag;

	if (parser->error == YAML_READER_ERROR) { /* which has no mark */
		place = doc->start;
		place_walk(doc->bytes,
			   parser->problem_offset < doc->len ? parser->problem_offset : doc->len,
			   &place);
	}

	diag = diag_add(diags, DIAG_ERROR, place, NULL, NULL, NULL, "yaml", "%s%s%s",
			parser->problem ? parser->problem : "unreadable",
			parser->context ? ", " : "", parser->context ? parser->context : "");
	if (memchr(doc->bytes, '\t', doc->len) && parser->problem &&
	    strstr(parser->problem, "cannot start any token"))
		diag_hint(diags, diag, "YAML is indented by blanks, not tabs");
	if (parser->context && parser->context_mark.index != parser->problem_mark.index)
		diag_related(diags, diag, document_place(doc, parser->context_mark), "%s",
			     parser->context);
}

/* False: there is nothing in it, or it was reported.  diags may be NULL. */
static bool compose(struct document *doc, const char *bytes, size_t len, struct diags *diags)
{
	yaml_parser_t parser;
	bool ok;

	if (nests_too_deep(bytes, len)) {
		if (diags)
			syntax_error(diags, doc->start, "too-deep", "brackets nested too deep");
		return false;
	}
	if (!yaml_parser_initialize(&parser))
		abort();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, len);
	ok = yaml_parser_load(&parser, &doc->yaml);
	if (!ok && parser.error == YAML_MEMORY_ERROR)
		abort();
	if (!ok && diags)
		report_parser(doc, &parser, diags);
	yaml_parser_delete(&parser);
	if (!ok)
		return false;
	doc->root = yaml_document_get_root_node(&doc->yaml);
	if (doc->root && !node_is_null(doc->root) && is_bounded(doc))
		return true;
	if (doc->root && !node_is_null(doc->root) && diags)
		syntax_error(diags, document_place(doc, doc->root->start_mark), "too-deep",
			     "nested too deep, or aliases that multiply");
	yaml_document_delete(&doc->yaml);
	return false;
}

static void document_set(struct document *doc, const char *bytes, size_t len, struct place start)
{
	memset(doc, 0, sizeof(*doc));
	doc->bytes = bytes;
	doc->len = len;
	doc->start = doc->walked = start;
}

bool document_next(struct document_cursor *cursor, struct document *ret, struct diags *diags)
{
	const struct source_file *file = cursor->file;

	while (cursor->at.offset < file->len) {
		size_t end = piece_end(file, cursor->at.offset);
		struct place start = cursor->at;

		place_walk(file->bytes + start.offset, end - start.offset, &cursor->at);
		document_set(ret, file->bytes + start.offset, end - start.offset, start);
		if (compose(ret, ret->bytes, ret->len, diags))
			return true;
	}
	return false;
}

bool document_slice(struct document *ret, const struct source_set *sources, struct place place,
		    size_t len, char **ret_text)
{
	const struct source_file *file = source_set_file(sources, place.file);
	struct place start = place;
	char *text;

	if (!file || place.offset > file->len || len > file->len - place.offset)
		return false;
	text = malloc(place.column - 1 + len + 1);
	if (!text)
		abort();
	memset(text, ' ', place.column - 1);
	memcpy(text + place.column - 1, file->bytes + place.offset, len);
	text[place.column - 1 + len] = '\0';
	start.offset -= place.column - 1; /* no character takes less than a byte */
	start.column = 1;
	document_set(ret, text, place.column - 1 + len, start);
	if (!compose(ret, text, ret->len, NULL)) {
		free(text);
		return false;
	}
	*ret_text = text;
	return true;
}

void document_fini(struct document *doc)
{
	yaml_document_delete(&doc->yaml);
	doc->root = NULL;
}

struct place document_place(struct document *doc, yaml_mark_t mark)
{
	size_t at;

	if (mark.index < doc->walked_index) {
		doc->walked = doc->start;
		doc->walked_index = 0;
	}
	at = doc->walked.offset - doc->start.offset;
	place_walk(doc->bytes + at,
		   characters_skip(doc->bytes + at, doc->len - at, mark.index - doc->walked_index),
		   &doc->walked);
	doc->walked_index = mark.index;
	return doc->walked;
}

char *document_text(struct document *doc, const yaml_node_t *node, size_t *ret_len)
{
	struct place start = document_place(doc, node->start_mark);
	struct place end = document_place(doc, node->end_mark);
	size_t blanks = start.column - 1, len = end.offset - start.offset;
	char *text = malloc(blanks + len + 1);

	if (!text)
		abort();
	memset(text, ' ', blanks);
	memcpy(text + blanks, doc->bytes + (start.offset - doc->start.offset), len);
	text[blanks + len] = '\0';
	*ret_len = blanks + len;
	return text;
}
