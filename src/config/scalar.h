/* scalar.h: what a YAML scalar is: text, number, boolean or nothing
 *
 * As Kubernetes reads it: a quoted one is text, a plain one is what it looks like (YAML 1.1, with
 * yes, no, on and off as booleans).
 */
#ifndef MLBGPD_CONFIG_SCALAR_H
#define MLBGPD_CONFIG_SCALAR_H

#include <stdbool.h>
#include <stdint.h>
#include <yaml.h>

enum scalar_type { SCALAR_TEXT, SCALAR_NULL, SCALAR_BOOL, SCALAR_INT, SCALAR_FLOAT };
enum scalar_type scalar_type(const yaml_node_t *node);
/* "text", "a number", ...: what a message calls it */
const char *scalar_words(const yaml_node_t *node);

/* A whole number in decimal digits, without leading zeros.  SLOPPY: YAML knows it as a number, but
 * readers disagree on which (010, 0x10, 1_000, +5). */
enum scalar_int { SCALAR_INT_OK, SCALAR_INT_NONE, SCALAR_INT_SLOPPY, SCALAR_INT_RANGE };
enum scalar_int scalar_int(const yaml_node_t *node, int64_t *ret);
/* Digits, perhaps with a point and more digits. */
bool scalar_is_plain_decimal(const yaml_node_t *node);

#endif
