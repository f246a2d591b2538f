/* utf8.h: is it UTF-8 that YAML allows, and which line and column a byte of it is in */
#ifndef MLBGPD_CONFIG_UTF8_H
#define MLBGPD_CONFIG_UTF8_H

#include "config/source.h"

#include <stddef.h>

/* Bytes from the start that are well-formed UTF-8 without control characters (tab, line feed and
 * carriage return apart); len where all are. */
size_t utf8_good(const char *bytes, size_t len);
/* Bytes that the next n characters take, at most len. */
size_t utf8_skip(const char *bytes, size_t len, size_t n);
/* Moves a place on over the next len bytes; `at` points to the place's, a NUL stands after all. */
void utf8_walk(const char *at, size_t len, struct place *place);

#endif
