/* excerpt.h: a line of a file with a caret under one of its characters, for people to look at */
#ifndef MLBGPD_CONFIG_EXCERPT_H
#define MLBGPD_CONFIG_EXCERPT_H

#include "base/text.h"

#include <stddef.h>

/* Adds the line (len bytes), and below it a caret under byte `at`, each four columns in.  Of the
 * line the first `shown` bytes may be seen; what is left out is three dots.  A long line is cut on
 * both sides of the caret.  Control characters show as \xNN. */
void excerpt_add(struct text *out, const char *line, size_t len, size_t at, size_t shown);

#endif
