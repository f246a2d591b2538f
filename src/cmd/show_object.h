/* show_object.h: the reports that are one object, as text: summary, config */
#ifndef MLBGPD_CMD_SHOW_OBJECT_H
#define MLBGPD_CMD_SHOW_OBJECT_H

#include <jansson.h>

void show_summary(const json_t *object);
void show_config(const json_t *object);

#endif
