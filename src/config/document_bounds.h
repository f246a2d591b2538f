/* document_bounds.h: how deep a document may nest, how many anchors and aliases it may have
 *
 * What libyaml can't do in good time is looked for in the text before it, the rest in its tree.
 */
#ifndef MLBGPD_CONFIG_DOCUMENT_BOUNDS_H
#define MLBGPD_CONFIG_DOCUMENT_BOUNDS_H

#include <stddef.h>
#include <yaml.h>

/* What is too much of the text, in words, and the byte where it is; NULL: nothing. */
const char *document_text_problem(const char *bytes, size_t len, size_t *ret_at);
/* What is too much of a tree, aliases followed, and the node at which it is; NULL: nothing. */
const char *document_tree_problem(yaml_document_t *yaml, yaml_node_t *root, yaml_node_t **ret_node);

#endif
