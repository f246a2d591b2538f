/* list_items.c: a walk over the events of a document, two levels deep */
#include "config/list_items.h"

#include "base/text.h"
#include "config/document.h"

#include <stdlib.h>
#include <string.h>

/* The root mapping is at depth 1, its items' list at depth 2. */
struct scan {
	struct document *doc;
	struct list_items *items;
	unsigned depth;
	bool is_key; /* the next node at depth 1 is a key */
	char key[16]; /* the latest one */
	bool has_items; /* the list is open, or was there */
	bool in_items;
	bool is_list; /* kind: ...List */
	bool is_ours; /* apiVersion */
	struct place start; /* of the item that is open */
};

static const char *text_of(const yaml_event_t *event)
{
	return (const char *)event->data.scalar.value;
}

static void take_key(struct scan *s, const char *text)
{
	strncpy(s->key, text, sizeof(s->key) - 1);
	s->key[sizeof(s->key) - 1] = '\0';
}

/* False: the field is there twice. */
static bool take_scalar(struct scan *s, const yaml_event_t *event)
{
	const char *text = text_of(event);
	size_t len = strlen(text);

	if (s->is_key) {
		take_key(s, text);
	} else if (strcmp(s->key, "kind") == 0) {
		if (s->is_list)
			return false;
		s->is_list = len >= 4 && strcmp(text + len - 4, "List") == 0;
	} else if (strcmp(s->key, "apiVersion") == 0) {
		if (s->is_ours)
			return false;
		s->is_ours = strcmp(text, "v1") == 0 || text_has_prefix(text, "metallb.io/") ||
			     text_has_prefix(text, "mlbgpd.io/");
	}
	return true;
}

/* A node begins; false: this is no such List. */
static bool begin(struct scan *s, const yaml_event_t *event)
{
	switch (s->depth) {
	case 0:
		return event->type == YAML_MAPPING_START_EVENT;
	case 1:
		if (event->type == YAML_SCALAR_EVENT ? !take_scalar(s, event) : s->is_key)
			return false;
		s->in_items = !s->is_key && strcmp(s->key, "items") == 0;
		if (s->in_items && (s->has_items || event->type != YAML_SEQUENCE_START_EVENT))
			return false;
		s->has_items |= s->in_items;
		s->is_key = !s->is_key;
		return true;
	case 2:
		if (s->in_items)
			s->start = document_place(s->doc, event->start_mark);
		return !s->in_items || event->type == YAML_MAPPING_START_EVENT;
	default:
		return true;
	}
}

static void end(struct scan *s, const yaml_event_t *event)
{
	struct place place;

	if (s->depth != 2 || !s->in_items)
		return;
	place = document_place(s->doc, event->end_mark);
	*array_add(s->items) = (struct list_item){s->start, place.offset - s->start.offset};
}

static bool take_event(struct scan *s, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_ALIAS_EVENT:
		return false;
	case YAML_SCALAR_EVENT:
		return !event->data.scalar.anchor && begin(s, event);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		if (event->type == YAML_MAPPING_START_EVENT ? event->data.mapping_start.anchor
							    : event->data.sequence_start.anchor)
			return false;
		if (!begin(s, event))
			return false;
		if (s->depth++ == 0)
			s->is_key = true;
		return true;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		s->depth--;
		end(s, event);
		return true;
	default:
		return true;
	}
}

/* To the end of the stream, without a mistake. */
static bool scan_all(struct scan *s, yaml_parser_t *parser)
{
	bool good = true, is_end = false;

	while (good && !is_end) {
		yaml_event_t event;

		if (!yaml_parser_parse(parser, &event)) {
			if (parser->error == YAML_MEMORY_ERROR)
				abort();
			return false;
		}
		is_end = event.type == YAML_STREAM_END_EVENT;
		good = take_event(s, &event);
		yaml_event_delete(&event);
	}
	return good;
}

bool list_items_find(struct document *doc, struct list_items *ret)
{
	struct scan s = {.doc = doc, .items = ret};
	yaml_parser_t parser;
	bool good;

	if (!yaml_parser_initialize(&parser))
		abort();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)doc->bytes, doc->len);
	good = scan_all(&s, &parser) && s.is_list && s.is_ours && ret->n > 0;
	yaml_parser_delete(&parser);
	if (!good)
		array_fini(ret);
	return good;
}
