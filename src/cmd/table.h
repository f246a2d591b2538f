/* table.h: rows of words in columns, to standard output
 *
 * Widths come from the first rows (TABLE_ROWS_LOOKED_AT), which are held back for that; what comes
 * later is written through, so that a long list streams.
 */
#ifndef MLBGPD_CMD_TABLE_H
#define MLBGPD_CMD_TABLE_H

#include "base/array.h"

#include <stdbool.h>

enum { TABLE_COLUMNS_MAX = 12, TABLE_ROWS_LOOKED_AT = 512 };

struct table {
	const char *const *titles; /* ends with NULL */
	size_t n_columns;
	size_t widths[TABLE_COLUMNS_MAX];
	ARRAY(char *) held; /* cells */
	bool printed; /* the widths stand */
	bool any;
};

void table_init(struct table *table, const char *const *titles);
/* As many cells as titles; each is taken (NULL: "-"). */
void table_row(struct table *table, char **take_cells);
/* Writes what is held back; `nothing` is told where there was no row. */
void table_end(struct table *table, const char *nothing);

#endif
