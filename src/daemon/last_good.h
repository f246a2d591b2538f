/* last_good.h: the documents that were accepted last, kept in the state folder for a bad start
 *
 * One file with the names and bytes of all, mode 0600 since there are secrets among them:
 *
 *	mlbgpd last good 1
 *	file LENGTH-OF-NAME LENGTH
 *	NAME
 *	BYTES
 *	end NUMBER-OF-FILES CHECKSUM
 *
 * The checksum (FNV-1a of 64 bits, of all before its line) is against a disk's mistakes, not
 *against forgery.
 */
#ifndef MLBGPD_DAEMON_LAST_GOOD_H
#define MLBGPD_DAEMON_LAST_GOOD_H

#include <stddef.h>

struct generation;
struct keep;
struct source_set;
struct text;

#define LAST_GOOD_FILE "last-good"

/* What was kept, to be freed; NULL where there is nothing, it can't be read, or it is damaged (it
 * becomes last-good.damaged); the latter two are logged. */
struct source_set *last_good_read(const char *state_dir);
/* Leaves a file that says the same as it is.  0 or -errno (-EFBIG: more than STATE_FILE_MAX). */
int last_good_write(const char *state_dir, const struct source_set *sources);
/* Has the sources of a good generation written, and holds a reference until then. */
void last_good_keep(struct keep *keep, struct generation *generation);

/* The file's bytes, and back (NULL: damaged; to be freed).  For the above and tests. */
void last_good_format(const struct source_set *sources, struct text *out);
struct source_set *last_good_parse(const char *bytes, size_t len);

#endif
