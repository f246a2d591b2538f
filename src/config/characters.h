/* characters.h: is it text that YAML allows, and which line and column a byte of it is in */
#ifndef MLBGPD_CONFIG_CHARACTERS_H
#define MLBGPD_CONFIG_CHARACTERS_H

#include "config/source.h"

#include <stddef.h>

/* Bytes from the start that are well-formed UTF-8 without what YAML does not allow: control
 * characters but tab, line feed, carriage return and next line, and byte order marks; len where all
 * are. */
size_t characters_good(const char *bytes, size_t len);
/* Bytes that the next n characters take, at most len. */
size_t characters_skip(const char *bytes, size_t len, size_t n);
/* Moves a place on over the next len bytes; `at` points to the place's, a NUL stands after all. */
void place_walk(const char *at, size_t len, struct place *place);

#endif
