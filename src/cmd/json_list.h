/* json_list.h: writes a JSON list to standard output as its elements come, one a line */
#ifndef MLBGPD_CMD_JSON_LIST_H
#define MLBGPD_CMD_JSON_LIST_H

#include <jansson.h>
#include <stddef.h>

struct json_list {
	size_t n;
};

void json_list_add(struct json_list *list, const json_t *element);
void json_list_end(struct json_list *list);

#endif
