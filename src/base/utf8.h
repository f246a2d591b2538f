/* utf8.h: what is a character of UTF-8 (RFC 3629), and which ones steer a terminal */
#ifndef MLBGPD_BASE_UTF8_H
#define MLBGPD_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the well-formed character at s, of which left bytes may be looked at; 0: none. */
size_t utf8_char_len(const char *s, size_t left);
/* Is the well-formed character at s a control character (U+0000-001F, U+007F-009F)? */
bool utf8_is_control(const char *s);
/* Columns that the well-formed character at s takes on a terminal: 2 for wide ones of East Asia and
 * pictures, 0 for those that combine with the one before, else 1.  (UAX 11, the large ranges.) */
unsigned utf8_char_width(const char *s, size_t len);

#endif
