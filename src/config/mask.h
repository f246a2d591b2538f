/* mask.h: where secrets stand in a file, so that the line that is shown with a finding has none
 *
 * A file with a mistake in it can't be asked what is a value: the mask goes by the looks of the
 * text, and rather hides too much.  Hidden is what follows a key that names a secret, or may be
 * meant for one (password, passwd, pasword, data, stringData, md5, ...), to the end of its line,
 * and the lines that belong to it.
 */
#ifndef MLBGPD_CONFIG_MASK_H
#define MLBGPD_CONFIG_MASK_H

#include <stddef.h>

struct mask;

/* The bytes are only looked at here.  Linear time. */
struct mask *mask_new(const char *bytes, size_t len);
void mask_free(struct mask *mask); /* NULL does nothing */
/* The first byte from `from` on, before `to`, that may not be shown; `to` where all may. */
size_t mask_next(const struct mask *mask, size_t from, size_t to);

#endif
