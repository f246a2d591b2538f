/* cells.h: JSON members as words for a table, each to be freed; NULL for null or none */
#ifndef MLBGPD_CMD_CELLS_H
#define MLBGPD_CMD_CELLS_H

#include <jansson.h>

/* A text, number or boolean ("yes", "no"). */
char *cell_of(const json_t *object, const char *member);
/* "a b c"; at most so many, then "+N" */
char *cell_list(const json_t *object, const char *member, size_t most);
/* seconds as "3d4h", "2h5m", "1m7s", "9s" */
char *cell_seconds(const json_t *object, const char *member);

#endif
