/* strict.h: a node tree held against a libcyaml schema, before libcyaml loads it
 *
 * libcyaml stops at the first mistake, does not always know its place, and takes scalars that it
 * should not (64500abc, 010, maybe).  This finds all at once: unknown, duplicate and missing
 * fields, values of a wrong type, numbers and booleans that are not plain ones.
 */
#ifndef MLBGPD_CONFIG_STRICT_H
#define MLBGPD_CONFIG_STRICT_H

#include "config/reading.h"

#include <cyaml/cyaml.h>

/* Findings go to the reading's diags; what is wrong is blanked in its text, so that libcyaml can
 * load the rest.  Returns the number of errors. */
size_t strict_check(struct reading *r, const cyaml_schema_value_t *schema);

#endif
