/* json_list.c: a list that streams */
#include "cmd/json_list.h"

#include <stdio.h>

void json_list_add(struct json_list *list, const json_t *element)
{
	fputs(list->n++ == 0 ? "[\n" : ",\n", stdout);
	json_dumpf(element, stdout, 0);
}

void json_list_end(struct json_list *list)
{
	fputs(list->n == 0 ? "[]\n" : "\n]\n", stdout);
}
