/* document_bounds.c: depth, anchors, aliases */
#include "config/document_bounds.h"

#include "config/document.h"

#include <stdbool.h>
#include <string.h>

enum {
	FLOW_DEPTH_MAX = 200, /* libyaml's time grows with the square of it */
	ANCHORS_MAX = 10000, /* likewise */
};

static bool is_anchor(const char *bytes, size_t at)
{
	return (at == 0 || strchr(" \t\r\n[,{", bytes[at - 1])) &&
	       !strchr(" \t\r\n&", bytes[at + 1]);
}

/* A NUL stands behind the bytes, and none among them. */
const char *document_text_problem(const char *bytes, size_t len, size_t *ret_at)
{
	size_t depth = 0, anchors = 0;

	for (size_t i = 0; i < len; i++) {
		*ret_at = i;
		if (bytes[i] == '[' || bytes[i] == '{')
			depth++;
		else if (depth > 0 && (bytes[i] == ']' || bytes[i] == '}'))
			depth--;
		else if (bytes[i] == '&' && is_anchor(bytes, i) && ++anchors > ANCHORS_MAX)
			return "more than 10000 anchors in one document";
		if (depth > FLOW_DEPTH_MAX)
			return "brackets nested too deep: more than 200 levels";
	}
	return NULL;
}

struct count {
	yaml_document_t *yaml;
	size_t left; /* nodes that may still come */
	yaml_node_t *node; /* the first that is too deep */
};

static bool count_nodes(struct count *c, yaml_node_t *node, int depth)
{
	if (c->left == 0)
		return false;
	c->left--;
	if (depth > DOCUMENT_DEPTH_MAX && node->type != YAML_SCALAR_NODE) {
		c->node = node;
		return false;
	}
	if (node->type == YAML_MAPPING_NODE) {
		for (yaml_node_pair_t *p = node->data.mapping.pairs.start;
		     p < node->data.mapping.pairs.top; p++)
			if (!count_nodes(c, yaml_document_get_node(c->yaml, p->key), depth + 1) ||
			    !count_nodes(c, yaml_document_get_node(c->yaml, p->value), depth + 1))
				return false;
	} else if (node->type == YAML_SEQUENCE_NODE) {
		for (yaml_node_item_t *i = node->data.sequence.items.start;
		     i < node->data.sequence.items.top; i++)
			if (!count_nodes(c, yaml_document_get_node(c->yaml, *i), depth + 1))
				return false;
	}
	return true;
}

const char *document_tree_problem(yaml_document_t *yaml, yaml_node_t *root, yaml_node_t **ret_node)
{
	size_t nodes = (size_t)(yaml->nodes.top - yaml->nodes.start);
	struct count c = {.yaml = yaml, .left = nodes * DOCUMENT_ALIAS_FACTOR + 1000};

	if (count_nodes(&c, root, 0))
		return NULL;
	*ret_node = c.node ? c.node : root;
	return c.node ? "nested too deep: more than 64 levels of mappings and lists"
		      : "aliases that multiply: followed, they are more than eight times the document";
}
