/* state_file.h: files of the state folder: written whole and renamed, or not at all */
#ifndef MLBGPD_DAEMON_STATE_FILE_H
#define MLBGPD_DAEMON_STATE_FILE_H

#include <stddef.h>

enum { STATE_FILE_MAX = 256 << 20 };

/* All of a file, with a NUL behind it, to be freed.  0 or -errno (-EBADMSG: a NUL in it; -EFBIG).
 */
int state_file_read(const char *dir, const char *name, char **ret);
/* The same for bytes that may hold a NUL. */
int state_file_read_bytes(const char *dir, const char *name, char **ret, size_t *ret_len);
/* Mode 0600; synced before it takes the old one's place.  0 or -errno. */
int state_file_write(const char *dir, const char *name, const char *bytes, size_t len);
/* The same, but leaves a file that says the same as it is. */
int state_file_update(const char *dir, const char *name, const char *bytes, size_t len);
/* 0 also where there is none, or no folder; else -errno. */
int state_file_remove(const char *dir, const char *name);
/* NAME becomes NAME.damaged. */
void state_file_set_aside(const char *dir, const char *name);

#endif
