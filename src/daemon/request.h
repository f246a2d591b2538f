/* request.h: what a client asks on the control socket, as bytes and as struct
 *
 *	{"verb": "diff", "args": {...}, "files": [{"name": "a.yaml", "bytes": 123}, ...]}\n
 *	then the bytes of all files, one after the other, without anything between them
 *
 * The answer is a stream of lines, each one JSON object with one of these members:
 *
 *	{"item": {...}}         one element of a list
 *	{"object": {...}}       a whole answer
 *	{"text": "..."}         words for standard error
 *	{"end": STATUS}         the last line; the exit status of the command
 *
 * The reader is fed what comes and keeps no more than the bounds below.  Pure: no socket here.
 */
#ifndef MLBGPD_DAEMON_REQUEST_H
#define MLBGPD_DAEMON_REQUEST_H

#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct source_set;

enum {
	REQUEST_LINE_MAX = 256 << 10,
	REQUEST_FILES_MAX = 1024,
	REQUEST_BYTES_MAX = 128 << 20, /* of all files together */
};

enum request_state {
	REQUEST_LINE, /* the line is not whole yet */
	REQUEST_FILES, /* the line is, bytes of files are missing */
	REQUEST_DONE,
	REQUEST_BAD, /* `problem` tells why */
};

struct request {
	enum request_state state;
	const char *problem; /* static */
	json_t *root; /* owns verb, args and the names */
	const char *verb;
	json_t *args; /* an object, maybe empty */
	struct source_set *sources; /* NULL: no file was sent; request_take_sources() */
	/* inside */
	struct text buffer; /* the line, then the file that comes */
	size_t file; /* the file that comes */
	size_t n_files;
	size_t left; /* of it */
};

void request_fini(struct request *request);
/* Takes the next bytes; those behind a whole request are an error. */
enum request_state request_feed(struct request *request, const char *data, size_t n);
/* The files are the caller's from now on. */
struct source_set *request_take_sources(struct request *request);
/* An argument's text, or NULL. */
const char *request_text(const struct request *request, const char *name);
bool request_flag(const struct request *request, const char *name);

#endif
