/* json_stream.h: writes a large JSON document piece by piece, without building it
 *
 *	struct json_stream s = json_stream_to_file(stdout);
 *	json_stream_begin_object(&s);
 *	json_stream_key(&s, "routes");
 *	json_stream_begin_array(&s);
 *	while (...)
 *		json_stream_value(&s, json_of_route(...));
 *	json_stream_end_array(&s);
 *	json_stream_end_object(&s);
 *	return json_stream_finish(&s) < 0 ? EXIT_SYSTEM : EXIT_WELL;
 *
 * What is begun and ended here stands on lines of its own, indented, a member or an element a line;
 *a value stands on one line, its keys sorted.  Several documents one after the other are allowed.
 */
#ifndef MLBGPD_BASE_JSON_STREAM_H
#define MLBGPD_BASE_JSON_STREAM_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct text;

struct json_stream {
	FILE *file; /* the caller's; or */
	struct text *text; /* the caller's */
	unsigned depth;
	bool empty; /* the innermost array or object has nothing in it yet */
	bool keyed; /* a key was written, its value comes next */
	bool failed;
};

struct json_stream json_stream_to_file(FILE *file);
struct json_stream json_stream_to_text(struct text *text);

void json_stream_begin_object(struct json_stream *s);
void json_stream_end_object(struct json_stream *s);
void json_stream_begin_array(struct json_stream *s);
void json_stream_end_array(struct json_stream *s);
/* Inside an object, before each value, array or object. */
void json_stream_key(struct json_stream *s, const char *key);
/* Any value, also a plain string or number.  Takes the reference.  NULL is written as null. */
void json_stream_value(struct json_stream *s, json_t *take);

/* A value that is JSON text already. */
void json_stream_text(struct json_stream *s, const char *json);

/* Flushes.  0, or -EIO where something could not be written since the start. */
int json_stream_finish(struct json_stream *s);

#endif
