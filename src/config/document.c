/* document.c: cutting a file into documents, reading each, finding places and nodes in it */
#include "config/document.h"

#include "base/utf8.h"
#include "config/characters.h"
#include "config/diag.h"
#include "config/document_bounds.h"

#include <stdlib.h>
#include <string.h>

enum {
	MARK_STEP = 512, /* characters between two places that are kept */
	LIST_MIN =
		1 << 16, /* bytes of a document from which on it may be a List to be taken apart */
};

static struct diag *syntax_error(struct diags *diags, struct place place, const char *rule,
				 const char *message)
{
	return diag_add(diags, DIAG_ERROR, place, NULL, NULL, NULL, rule, "%s", message);
}

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* By its mark, or by a NUL in what must be ASCII: YAML begins with it. */
static bool is_utf_16(const struct source_file *file)
{
	return file->len >= 2 &&
	       (memcmp(file->bytes, "\xff\xfe", 2) == 0 ||
		memcmp(file->bytes, "\xfe\xff", 2) == 0 || !file->bytes[0] || !file->bytes[1]);
}

bool document_open(struct document_cursor *cursor, const struct source_set *sources, uint16_t file,
		   struct diags *diags)
{
	const struct source_file *source = source_set_file(sources, file);
	struct place place = {.line = 1, .column = 1, .file = file};
	size_t good;

	memset(cursor, 0, sizeof(*cursor));
	cursor->file = source;
	if (source->len >= 3 && memcmp(source->bytes, byte_order_mark, 3) == 0)
		place.offset = 3;
	cursor->at = place;
	good = characters_good(source->bytes + place.offset, source->len - place.offset);
	if (place.offset + good == source->len)
		return true;
	place_walk(source->bytes + place.offset, good, &place);
	if (is_utf_16(source))
		syntax_error(diags, place, "not-utf-8",
			     "the file is UTF-16 or -32, UTF-8 is wanted");
	else if (strncmp(source->bytes + place.offset, byte_order_mark, 3) == 0)
		syntax_error(diags, place, "control-character",
			     "a byte order mark amid the file: two files put together?");
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

struct piece {
	size_t end;
	bool has_content;
	bool is_empty; /* the marker "..." and nothing before and behind it, which libyaml refuses
			*/
};

/* The document that starts at `from`.  A marker at the start of a line is a boundary wherever it
 * stands; comments and directives before the first one belong to what follows. */
static struct piece piece_at(const struct source_file *file, size_t from)
{
	struct piece ret = {.end = file->len};
	size_t at = from;

	while (at < file->len) {
		const char *line = file->bytes + at;
		size_t blank = strspn(line, " \t");

		if (is_marker(line, "---")) {
			if (ret.has_content) {
				ret.end = at;
				break;
			}
			ret.has_content = true;
		} else if (is_marker(line, "...")) {
			ret.is_empty = !ret.has_content &&
				       strchr("#\r\n", line[3 + strspn(line + 3, " \t")]);
			ret.end = next_line(file->bytes, at);
			break;
		} else if (line[0] != '%' && !strchr("#\r\n", line[blank])) {
			ret.has_content = true;
		}
		at = next_line(file->bytes, at);
	}
	return ret;
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

	if (parser->context && strncmp(parser->context, "found duplicate anchor", 22) == 0) {
		diag = syntax_error(diags, place, "yaml", "an anchor of this name is there before");
		diag_related(diags, diag, document_place(doc, parser->context_mark),
			     "the first one is here");
		return;
	}
	diag = diag_add(diags, DIAG_ERROR, place, NULL, NULL, NULL, "yaml", "%s%s%s",
			parser->problem ? parser->problem : "unreadable",
			parser->context ? ", " : "", parser->context ? parser->context : "");
	if (memchr(doc->bytes, '\t', doc->len) && parser->problem &&
	    strstr(parser->problem, "cannot start any token"))
		diag_hint(diags, diag, "YAML is indented by blanks, not tabs");
	if (parser->problem && strstr(parser->problem, "incompatible YAML"))
		diag_hint(diags, diag, "%%YAML 1.2 and 1.1 are read; or leave the line out");
	if (parser->problem && strstr(parser->problem, "expected <document start>"))
		diag_hint(diags, diag, "a line --- stands between two documents");
	if (parser->context && parser->context_mark.index != parser->problem_mark.index)
		diag_related(diags, diag, document_place(doc, parser->context_mark), "%s",
			     parser->context);
}

/* One document is in the text, and nothing else: libyaml would leave the rest unread. */
static bool is_all(struct document *doc, yaml_parser_t *parser, struct diags *diags)
{
	yaml_document_t rest;
	bool ok = yaml_parser_load(parser, &rest);

	if (!ok && parser->error == YAML_MEMORY_ERROR)
		abort();
	if (!ok && diags)
		report_parser(doc, parser, diags);
	if (ok)
		yaml_document_delete(&rest);
	return ok;
}

static bool compose_tree(struct document *doc, const char *bytes, size_t len, struct diags *diags)
{
	yaml_parser_t parser;
	bool ok;

	if (!yaml_parser_initialize(&parser))
		abort();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, len);
	ok = yaml_parser_load(&parser, &doc->yaml);
	if (!ok && parser.error == YAML_MEMORY_ERROR)
		abort();
	if (!ok && diags)
		report_parser(doc, &parser, diags);
	else if (ok && yaml_document_get_root_node(&doc->yaml) && !is_all(doc, &parser, diags))
		yaml_document_delete(&doc->yaml), ok = false;
	yaml_parser_delete(&parser);
	return ok;
}

static bool is_bounded(struct document *doc, struct diags *diags)
{
	yaml_node_t *node;
	const char *problem = document_tree_problem(&doc->yaml, doc->root, &node);

	if (problem && diags)
		syntax_error(diags, document_place(doc, node->start_mark), "too-deep", problem);
	return !problem;
}

/* False: there is nothing in it, or it was reported.  diags may be NULL. */
static bool compose(struct document *doc, const char *bytes, size_t len, struct diags *diags)
{
	struct place place = doc->start;
	size_t at;
	const char *problem = document_text_problem(bytes, len, &at);

	if (problem && diags) {
		place_walk(bytes, at, &place);
		syntax_error(diags, place, "too-deep", problem);
	}
	if (!problem && compose_tree(doc, bytes, len, diags)) {
		doc->root = yaml_document_get_root_node(&doc->yaml);
		if (doc->root && !node_is_null(doc->root) && is_bounded(doc, diags))
			return true;
		yaml_document_delete(&doc->yaml);
	}
	array_fini(&doc->marks);
	return false;
}

static void document_set(struct document *doc, const char *bytes, size_t len, struct place start)
{
	memset(doc, 0, sizeof(*doc));
	doc->bytes = bytes;
	doc->len = len;
	doc->start = start;
}

/* What stands before an object that is read alone: it keeps its column, by which its lines are
 * indented.  In brackets that is no matter, and its line may be long. */
static size_t blanks_before(const char *bytes, struct place place)
{
	return *bytes == '{' || *bytes == '[' ? 0 : place.column - 1;
}

static char *text_with_blanks(const char *bytes, size_t len, size_t blanks)
{
	char *text = malloc(blanks + len + 1);

	if (!text)
		abort();
	memset(text, ' ', blanks);
	memcpy(text + blanks, bytes, len);
	text[blanks + len] = '\0';
	return text;
}

/* A piece of the file, read as if it stood alone. */
static bool slice(struct document *ret, const struct source_file *file, struct place place,
		  size_t len, struct diags *diags)
{
	size_t blanks = blanks_before(file->bytes + place.offset, place);
	struct place start = place;
	char *text = text_with_blanks(file->bytes + place.offset, len, blanks);

	start.offset -= (uint32_t)blanks; /* no character takes less than a byte */
	start.column -= (uint32_t)blanks;
	document_set(ret, text, blanks + len, start);
	ret->text = text;
	if (compose(ret, text, ret->len, diags))
		return true;
	free(text);
	return false;
}

bool document_slice(struct document *ret, const struct source_set *sources, struct place place,
		    size_t len)
{
	const struct source_file *file = source_set_file(sources, place.file);

	return file && place.offset <= file->len && len <= file->len - place.offset &&
	       slice(ret, file, place, len, NULL);
}

static bool next_item(struct document_cursor *cursor, struct document *ret, struct diags *diags)
{
	while (cursor->item < cursor->items.n) {
		const struct list_item *item = &cursor->items.at[cursor->item++];

		if (slice(ret, cursor->file, item->place, item->len, diags)) {
			ret->is_item = true;
			return true;
		}
	}
	array_fini(&cursor->items);
	cursor->item = 0;
	return false;
}

static bool is_large_list(struct document *doc, struct list_items *ret)
{
	bool is = false;
	size_t at;

	if (doc->len >= LIST_MIN && !document_text_problem(doc->bytes, doc->len, &at))
		is = list_items_find(doc, ret);
	array_fini(&doc->marks);
	return is;
}

bool document_next(struct document_cursor *cursor, struct document *ret, struct diags *diags)
{
	const struct source_file *file = cursor->file;

	if (next_item(cursor, ret, diags))
		return true;
	while (cursor->at.offset < file->len) {
		struct piece piece = piece_at(file, cursor->at.offset);
		struct place start = cursor->at;
		size_t len = piece.end - start.offset;

		place_walk(file->bytes + start.offset, len, &cursor->at);
		document_set(ret, file->bytes + start.offset, len, start);
		if (is_large_list(ret, &cursor->items)
			    ? next_item(cursor, ret, diags)
			    : !piece.is_empty && compose(ret, ret->bytes, ret->len, diags))
			return true;
	}
	return false;
}

void document_fini(struct document *doc)
{
	yaml_document_delete(&doc->yaml);
	array_fini(&doc->marks);
	free(doc->text);
	doc->text = NULL;
	doc->root = NULL;
}

/* Moves a place on by so many characters, as far as there are as many. */
static void skip(const struct document *doc, size_t n, struct place *place)
{
	size_t at = place->offset - doc->start.offset;

	place_walk(doc->bytes + at, characters_skip(doc->bytes + at, doc->len - at, n), place);
}

struct place document_place(struct document *doc, yaml_mark_t mark)
{
	size_t wanted = mark.index / MARK_STEP;
	struct place place;

	if (doc->marks.n == 0)
		*array_add(&doc->marks) = doc->start;
	while (doc->marks.n <= wanted) {
		place = doc->marks.at[doc->marks.n - 1];
		skip(doc, MARK_STEP, &place);
		*array_add(&doc->marks) = place;
	}
	place = doc->marks.at[wanted];
	skip(doc, mark.index % MARK_STEP, &place);
	return place;
}

char *document_text(struct document *doc, struct place start, struct place end, size_t *ret_blanks)
{
	const char *bytes = doc->bytes + (start.offset - doc->start.offset);

	*ret_blanks = blanks_before(bytes, start);
	return text_with_blanks(bytes, end.offset - start.offset, *ret_blanks);
}
