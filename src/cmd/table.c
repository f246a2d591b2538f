/* table.c: columns as wide as the first rows need */
#include "cmd/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void table_init(struct table *t, const char *const *titles)
{
	*t = (struct table){.titles = titles};
	for (; titles[t->n_columns]; t->n_columns++)
		t->widths[t->n_columns] = strlen(titles[t->n_columns]);
}

static void print_cell(const struct table *t, size_t column, const char *cell)
{
	bool last = column + 1 == t->n_columns;

	if (last)
		printf("%s\n", cell);
	else
		printf("%-*s  ", (int)t->widths[column], cell);
}

static void print_held(struct table *t)
{
	for (size_t i = 0; i < t->n_columns; i++)
		print_cell(t, i, t->titles[i]);
	for (size_t i = 0; i < t->held.n; i++) {
		print_cell(t, i % t->n_columns, t->held.at[i] ? t->held.at[i] : "-");
		free(t->held.at[i]);
	}
	array_fini(&t->held);
	t->printed = true;
}

void table_row(struct table *t, char **take_cells)
{
	t->any = true;
	for (size_t i = 0; i < t->n_columns; i++) {
		const char *cell = take_cells[i] ? take_cells[i] : "-";
		size_t len = strlen(cell);

		if (t->printed) {
			print_cell(t, i, cell);
			free(take_cells[i]);
			continue;
		}
		if (len > t->widths[i])
			t->widths[i] = len;
		*array_add(&t->held) = take_cells[i];
	}
	if (!t->printed && t->held.n >= TABLE_ROWS_LOOKED_AT * t->n_columns)
		print_held(t);
}

void table_end(struct table *t, const char *nothing)
{
	if (!t->any)
		puts(nothing);
	else if (!t->printed)
		print_held(t);
}
