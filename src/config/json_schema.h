/* json_schema.h: JSON Schema (draft 2020-12) of a document, made of the tables that load it */
#ifndef MLBGPD_CONFIG_JSON_SCHEMA_H
#define MLBGPD_CONFIG_JSON_SCHEMA_H

struct json_t; /* jansson's */

/* One schema for any document: which kind it is follows from apiVersion and kind, as for the List
 * of a kind; a v1 List holds any.  It takes what strict.c takes (YAML read as 1.2) and refuses what
 * strict.c refuses, but for fields written twice and odd ways to write a number.  Kinds that check
 * only warns of are refused.  The caller's; members stand in the order of the tables. */
struct json_t *json_schema(void);

#endif
