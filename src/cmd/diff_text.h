/* diff_text.h: the answer of diff in words */
#ifndef MLBGPD_CMD_DIFF_TEXT_H
#define MLBGPD_CMD_DIFF_TEXT_H

#include <jansson.h>
#include <stdbool.h>

bool diff_is_any(const json_t *diff);
void diff_print_text(const json_t *diff);

#endif
