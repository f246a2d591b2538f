/* digest.c: FNV-1a over the nodes of a tree */
#include "config/digest.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static __uint128_t wide(uint64_t high, uint64_t low)
{
	return (__uint128_t)high << 64 | low;
}

__uint128_t digest_start(void)
{
	return wide(0x6c62272e07bb0142, 0x62b821756295c58d);
}

static void add_bytes(__uint128_t *digest, const void *data, size_t len)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < len; i++)
		*digest = (*digest ^ bytes[i]) * wide(0x0000000001000000, 0x000000000000013b);
}

static bool is_secret(const char *key, bool in_secret)
{
	return strcmp(key, "password") == 0 ||
	       (in_secret && (strcmp(key, "data") == 0 || strcmp(key, "stringData") == 0));
}

static void add_node(__uint128_t *digest, struct document *doc, const yaml_node_t *node,
		     bool in_secret)
{
	char type = node_is_null(node) ? '0' : (char)('a' + (int)node->type);

	add_bytes(digest, &type, 1);
	if (node->type == YAML_SCALAR_NODE) {
		/* with the NUL that ends it */
		add_bytes(digest, node->data.scalar.value, node->data.scalar.length + 1);
		return;
	}
	for (size_t i = 0; i < node_count(node); i++) {
		const yaml_node_t *key, *value;

		if (node->type == YAML_SEQUENCE_NODE) {
			add_node(digest, doc, node_item(doc, node, i), in_secret);
			continue;
		}
		key = yaml_document_get_node(&doc->yaml, node->data.mapping.pairs.start[i].key);
		value = yaml_document_get_node(&doc->yaml, node->data.mapping.pairs.start[i].value);
		add_node(digest, doc, key, in_secret);
		if (key->type != YAML_SCALAR_NODE ||
		    !is_secret((const char *)key->data.scalar.value, in_secret))
			add_node(digest, doc, value, in_secret);
	}
	add_bytes(digest, "]", 1);
}

void digest_add(__uint128_t *digest, struct document *doc, const yaml_node_t *root)
{
	const char *kind = node_text(node_get(doc, root, "kind"));

	add_node(digest, doc, root, kind && strcmp(kind, "Secret") == 0);
}

void digest_mix(__uint128_t *digest, __uint128_t other)
{
	add_bytes(digest, &other, sizeof(other));
}

const char *digest_format(char *buf, __uint128_t digest)
{
	snprintf(buf, DIGEST_TEXT_MAX, "%016llx%016llx", (unsigned long long)(digest >> 64),
		 (unsigned long long)digest);
	return buf;
}
