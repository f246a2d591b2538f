/* selector.h: do labels match a selector?  As in Kubernetes: all of a selector, one of a list
 *
 * Pure.  An empty selector matches everything; what an empty list means is the field's business.
 */
#ifndef MLBGPD_CONFIG_SELECTOR_H
#define MLBGPD_CONFIG_SELECTOR_H

#include "config/model.h"

#include <stdbool.h>

struct text;

/* The label's value, or NULL. */
const char *labels_get(const struct labels *labels, const char *key);

bool selector_matches(const struct selector *selector, const struct labels *labels);
/* One of the list matches; `if_empty` where the list is empty. */
bool selectors_match(const struct selectors *list, const struct labels *labels, bool if_empty);

/* One of the list matches a namespace: it has its name as a label (kubernetes.io/metadata.name),
 * with or without a document that gives others. */
bool namespace_is_selected(const struct selectors *list, const char *name,
			   const struct labels *labels);

bool names_have(const struct names *names, const char *name);
/* By name, or by a selector of the list; all are where there is neither. */
bool object_is_selected(const struct object *object, const struct names *names,
			const struct selectors *selectors);

/* They say the same; the order of expressions and of their values makes no difference. */
bool selector_equal(const struct selector *a, const struct selector *b);

/* What the labels would need for the selector to match, the first thing only: "KEY=VALUE",
 * "KEY in (A, B)", "no KEY", ...  Adds nothing where it matches. */
void selector_add_missing(struct text *text, const struct selector *selector,
			  const struct labels *labels);

#endif
