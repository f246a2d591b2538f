/* node.c: looking around in a tree of libyaml's nodes */
#include "config/document.h"

#include <stdlib.h>
#include <string.h>

static const char *scalar(const yaml_node_t *node)
{
	return node && node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value
						      : NULL;
}

bool node_is_null(const yaml_node_t *node)
{
	const char *text = scalar(node);

	return text && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0 ||
		strcmp(text, "Null") == 0 || strcmp(text, "NULL") == 0);
}

const char *node_text(const yaml_node_t *node)
{
	return node_is_null(node) ? NULL : scalar(node);
}

size_t node_count(const yaml_node_t *node)
{
	if (node && node->type == YAML_MAPPING_NODE)
		return (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
	if (node && node->type == YAML_SEQUENCE_NODE)
		return (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
	return 0;
}

yaml_node_t *node_item(struct document *doc, const yaml_node_t *list, size_t index)
{
	if (!list || list->type != YAML_SEQUENCE_NODE || index >= node_count(list))
		return NULL;
	return yaml_document_get_node(&doc->yaml, list->data.sequence.items.start[index]);
}

/* The pair whose key is the first len bytes of key. */
static const yaml_node_pair_t *find_pair(struct document *doc, const yaml_node_t *map,
					 const char *key, size_t len)
{
	if (!map || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top;
	     p++) {
		const char *text = scalar(yaml_document_get_node(&doc->yaml, p->key));

		if (text && strlen(text) == len && memcmp(text, key, len) == 0)
			return p;
	}
	return NULL;
}

yaml_node_t *node_get(struct document *doc, const yaml_node_t *map, const char *key)
{
	const yaml_node_pair_t *pair = find_pair(doc, map, key, strlen(key));

	return pair ? yaml_document_get_node(&doc->yaml, pair->value) : NULL;
}

/* Keys may hold dots (labels do): the longest key that the path starts with is taken. */
static const yaml_node_pair_t *take_key(struct document *doc, const yaml_node_t *map,
					const char **path)
{
	for (size_t len = strlen(*path); len > 0; len--) {
		char after = (*path)[len];
		const yaml_node_pair_t *pair;

		if (after != '\0' && after != '.' && after != '[')
			continue;
		pair = find_pair(doc, map, *path, len);
		if (pair) {
			*path += len;
			return pair;
		}
	}
	return NULL;
}

bool document_find(struct document *doc, yaml_node_t *root, const char *path,
		   struct document_find *ret)
{
	*ret = (struct document_find){.node = root};
	while (*path) {
		if (*path == '[') {
			char *end;
			unsigned long index = strtoul(path + 1, &end, 10);
			yaml_node_t *item = node_item(doc, ret->node, index);

			if (!item || *end != ']')
				return false;
			ret->node = ret->key = item;
			path = end + 1;
		} else {
			const yaml_node_pair_t *pair;

			path += *path == '.';
			pair = take_key(doc, ret->node, &path);
			if (!pair)
				return false;
			ret->key = yaml_document_get_node(&doc->yaml, pair->key);
			ret->node = yaml_document_get_node(&doc->yaml, pair->value);
		}
	}
	return true;
}

bool node_has_plain_tag(const yaml_node_t *node)
{
	static const char *const tags[] = {YAML_STR_TAG, YAML_INT_TAG, YAML_BOOL_TAG,
					   YAML_FLOAT_TAG, YAML_NULL_TAG};
	const char *tag = (const char *)node->tag;

	if (node->type == YAML_MAPPING_NODE)
		return strcmp(tag, YAML_MAP_TAG) == 0;
	if (node->type == YAML_SEQUENCE_NODE)
		return strcmp(tag, YAML_SEQ_TAG) == 0;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (strcmp(tag, tags[i]) == 0)
			return true;
	return false;
}
