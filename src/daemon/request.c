/* request.c: reads a request from the bytes of the control socket */
#include "daemon/request.h"
#include "config/source.h"

#include <string.h>

void request_fini(struct request *r)
{
	source_set_free(r->sources);
	json_decref(r->root);
	text_fini(&r->buffer);
	*r = (struct request){.state = REQUEST_BAD, .problem = "the request is gone"};
}

static enum request_state bad(struct request *r, const char *problem)
{
	r->problem = problem;
	r->state = REQUEST_BAD;
	return r->state;
}

static const json_t *file_entry(const struct request *r)
{
	return json_array_get(json_object_get(r->root, "files"), r->file);
}

/* To the next file that has bytes to come; empty ones are added on the way. */
static void next_file(struct request *r)
{
	for (; r->file < r->n_files; r->file++) {
		const json_t *entry = file_entry(r);

		r->left = (size_t)json_integer_value(json_object_get(entry, "bytes"));
		if (r->left > 0)
			return;
		source_set_add_bytes(r->sources, json_string_value(json_object_get(entry, "name")),
				     "", 0);
	}
	r->state = REQUEST_DONE;
}

static enum request_state check_files(struct request *r)
{
	json_t *files = json_object_get(r->root, "files");
	json_int_t total = 0;
	const json_t *entry;
	size_t i;

	if (!files)
		return r->state = REQUEST_DONE;
	if (!json_is_array(files) || json_array_size(files) > REQUEST_FILES_MAX)
		return bad(r, "files is no list, or too long");
	json_array_foreach (files, i, entry) {
		const json_t *size = json_object_get(entry, "bytes");

		if (!json_is_string(json_object_get(entry, "name")) || !json_is_integer(size) ||
		    json_integer_value(size) < 0)
			return bad(r, "a file needs a name and a count of bytes");
		if (json_integer_value(size) > REQUEST_BYTES_MAX - total)
			return bad(r, "the files are too large");
		total += json_integer_value(size);
	}
	r->n_files = json_array_size(files);
	r->sources = source_set_new();
	r->state = REQUEST_FILES;
	next_file(r);
	return r->state;
}

static enum request_state parse_line(struct request *r)
{
	json_t *args;

	r->root = json_loadb(r->buffer.text, r->buffer.len, JSON_REJECT_DUPLICATES, NULL);
	text_fini(&r->buffer);
	r->verb = json_string_value(json_object_get(r->root, "verb"));
	if (!r->verb)
		return bad(r, "the request is no JSON object with a verb");
	args = json_object_get(r->root, "args");
	if (!args) {
		args = json_object();
		json_object_set_new(r->root, "args", args);
	}
	if (!json_is_object(args))
		return bad(r, "args is no object");
	r->args = args;
	return check_files(r);
}

static size_t feed_line(struct request *r, const char *data, size_t n)
{
	const char *newline = memchr(data, '\n', n);
	size_t take = newline ? (size_t)(newline - data) : n;

	if (r->buffer.len + take > REQUEST_LINE_MAX) {
		bad(r, "the request's line is too long");
		return n;
	}
	text_add_n(&r->buffer, data, take);
	if (!newline)
		return take;
	parse_line(r);
	return take + 1;
}

static size_t feed_file(struct request *r, const char *data, size_t n)
{
	size_t take = n < r->left ? n : r->left;

	text_add_n(&r->buffer, data, take);
	r->left -= take;
	if (r->left == 0) {
		source_set_add_bytes(r->sources,
				     json_string_value(json_object_get(file_entry(r), "name")),
				     r->buffer.text, r->buffer.len);
		text_fini(&r->buffer);
		r->file++;
		next_file(r);
	}
	return take;
}

enum request_state request_feed(struct request *r, const char *data, size_t n)
{
	while (n > 0) {
		size_t used = n;

		if (r->state == REQUEST_LINE)
			used = feed_line(r, data, n);
		else if (r->state == REQUEST_FILES)
			used = feed_file(r, data, n);
		else if (r->state == REQUEST_DONE)
			bad(r, "more bytes than the request names");
		data += used;
		n -= used;
	}
	return r->state;
}

struct source_set *request_take_sources(struct request *r)
{
	struct source_set *sources = r->sources;

	r->sources = NULL;
	return sources;
}

const char *request_text(const struct request *r, const char *name)
{
	return json_string_value(json_object_get(r->args, name));
}

bool request_flag(const struct request *r, const char *name)
{
	return json_is_true(json_object_get(r->args, name));
}
