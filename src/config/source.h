/* source.h: the files that make up a configuration, as bytes in memory
 *
 * A source_set owns its files' names and bytes.  The daemon's come from disk, those of a command's
 * request from the control socket, those of a test from a string.  Bytes never change once added,
 * so that a place (file, line, column, offset) stays good as long as the set lives.
 */
#ifndef MLBGPD_CONFIG_SOURCE_H
#define MLBGPD_CONFIG_SOURCE_H

#include <stddef.h>
#include <stdint.h>

struct diags;

enum {
	SOURCE_FILES_MAX = 4096,
	SOURCE_PATIENCE_S = 10,
	SOURCE_FILE_BYTES_MAX = 256 << 20, /* of one, and of all together */
};

/* A place in a file.  Line and column count from 1 (columns in characters); line 0: the file as a
 * whole; a file index of SOURCE_NOWHERE: no place at all (made by us, not written by anybody). */
struct place {
	uint32_t line;
	uint32_t column;
	uint32_t offset; /* byte of the file */
	uint16_t file;
};
enum { SOURCE_NOWHERE = UINT16_MAX };

struct source_file {
	char *name; /* as the user named it; "-" is standard input */
	char *bytes; /* a NUL after the last */
	size_t len;
	uint32_t mode; /* st_mode of a file that was read from its name; else 0 */
};

struct source_set;

struct source_set *source_set_new(void);
void source_set_free(struct source_set *set);
/* Reads a file, a folder (its *.yaml and *.yml by name; regular files) or "-".  A named pipe
 * without a writer is empty, and one that is silent for SOURCE_PATIENCE_S is given up.  What can't
 * be read, is too large or changes meanwhile is an error in diags (which may go on with others).  0
 * or -errno of the first failure. */
int source_set_add(struct source_set *set, const char *path, struct diags *diags);
/* Takes bytes under a name; copies both. */
int source_set_add_bytes(struct source_set *set, const char *name, const char *bytes, size_t len);
size_t source_set_count(const struct source_set *set);
const struct source_file *source_set_file(const struct source_set *set, uint16_t file);
/* The line that a place is in, without its end; *len is its length.  NULL where there is none. */
const char *source_line(const struct source_set *set, struct place place, size_t *len);

#endif
