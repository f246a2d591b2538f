/* json_stream.c: writes a large JSON document piece by piece, without building it */
#include "base/json_stream.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>

struct json_stream json_stream_to_file(FILE *file)
{
	return (struct json_stream){.file = file};
}

struct json_stream json_stream_to_text(struct text *text)
{
	return (struct json_stream){.text = text};
}

/* jansson's callback too */
static int put(const char *bytes, size_t n, void *arg)
{
	struct json_stream *s = arg;

	if (s->text)
		text_add_n(s->text, bytes, n);
	else if (fwrite(bytes, 1, n, s->file) != n)
		s->failed = true;
	return 0;
}

static void put_text(struct json_stream *s, const char *text)
{
	(void)put(text, strlen(text), s);
}

static void put_value(struct json_stream *s, const json_t *value)
{
	if (json_dump_callback(value, put, s, JSON_SORT_KEYS | JSON_ENCODE_ANY) != 0)
		s->failed = true;
}

static void new_line(struct json_stream *s)
{
	put_text(s, "\n");
	for (unsigned i = 0; i < s->depth; i++)
		put_text(s, "  ");
}

/* What stands before a member, an element or a whole document. */
static void before(struct json_stream *s)
{
	if (s->keyed) {
		s->keyed = false;
		return;
	}
	if (s->depth == 0)
		return;
	if (!s->empty)
		put_text(s, ",");
	new_line(s);
	s->empty = false;
}

/* What stands behind it: a whole document ends its line. */
static void after(struct json_stream *s)
{
	if (s->depth == 0)
		put_text(s, "\n");
}

static void begin(struct json_stream *s, const char *bracket)
{
	before(s);
	put_text(s, bracket);
	s->depth++;
	s->empty = true;
}

static void end(struct json_stream *s, const char *bracket)
{
	s->depth--;
	if (!s->empty)
		new_line(s);
	put_text(s, bracket);
	s->empty = false;
	after(s);
}

void json_stream_begin_object(struct json_stream *s)
{
	begin(s, "{");
}

void json_stream_end_object(struct json_stream *s)
{
	end(s, "}");
}

void json_stream_begin_array(struct json_stream *s)
{
	begin(s, "[");
}

void json_stream_end_array(struct json_stream *s)
{
	end(s, "]");
}

void json_stream_key(struct json_stream *s, const char *key)
{
	json_t *text = json_string(key);

	before(s);
	put_value(s, text);
	put_text(s, ": ");
	json_decref(text);
	s->keyed = true;
}

void json_stream_text(struct json_stream *s, const char *json)
{
	before(s);
	put_text(s, json);
	after(s);
}

void json_stream_value(struct json_stream *s, json_t *take)
{
	if (!take) {
		json_stream_text(s, "null");
		return;
	}
	before(s);
	put_value(s, take);
	after(s);
	json_decref(take);
}

int json_stream_finish(struct json_stream *s)
{
	if (s->file && (fflush(s->file) != 0 || ferror(s->file)))
		s->failed = true;
	return s->failed ? -EIO : 0;
}
