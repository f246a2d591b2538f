/* take.c: fields to values; what is wrong with them is told with its place */
#include "config/loader.h"

#include "base/text.h"
#include "config/scalar.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

enum { BLOBS_MAX = 10000 }; /* different ones remembered */

struct blob {
	UT_hash_handle hh;
	const void *data; /* the arena's */
};

const void *loader_share(struct loader *l, const void *data, size_t size)
{
	struct blob *blob = NULL;
	const void *copy;

	if (size == 0)
		return NULL;
	HASH_FIND(hh, l->blobs, data, size, blob);
	if (blob)
		return blob->data;
	copy = arena_copy(l->arena, data, size);
	if (HASH_COUNT(l->blobs) < BLOBS_MAX) {
		blob = calloc(1, sizeof(*blob));
		if (!blob)
			abort();
		blob->data = copy;
		HASH_ADD_KEYPTR(hh, l->blobs, blob->data, size, blob);
	}
	return copy;
}

void loader_fini(struct loader *l)
{
	struct blob *blob, *next;

	HASH_ITER (hh, l->blobs, blob, next) {
		HASH_DEL(l->blobs, blob);
		free(blob);
	}
}

const char *take_string(struct reading *r, const char *raw)
{
	return raw ? arena_intern(r->loader->arena, raw) : NULL;
}

const char *take_tree_text(struct reading *r, const char *path)
{
	const yaml_node_t *node = reading_node(r, path);

	return node && node->type == YAML_SCALAR_NODE && scalar_type(node) == SCALAR_TEXT
		       ? node_text(node)
		       : NULL;
}

const char *take_text(struct reading *r, const char *raw, const char *path)
{
	return raw ? raw : take_tree_text(r, path);
}

bool take_u32(struct reading *r, const int64_t *raw, const char *path, const char *rule,
	      uint32_t min, uint32_t max, uint32_t *ret)
{
	if (!raw)
		return true;
	if (*raw < min || *raw > max) {
		reading_error(r, path, rule, "%" PRId64 " is not between %" PRIu32 " and %" PRIu32,
			      *raw, min, max);
		return false;
	}
	*ret = (uint32_t)*raw;
	return true;
}

void take_bool(const bool *raw, bool *ret)
{
	if (raw)
		*ret = *raw;
}

static void report_word(struct reading *r, const char *word, const char *path, const char *rule,
			const char *const *words, size_t n)
{
	const char *near = nearest_name(word, words, n);
	struct text all = {0};
	struct diag *diag;

	for (size_t i = 0; i < n; i++)
		text_addf(&all, "%s%s", i > 0 ? ", " : "", words[i]);
	diag = reading_error(r, path, rule, "\"%.60s\" is not one of: %s", word, all.text);
	if (near)
		diag_hint(r->diags, diag, "did you mean %s?", near);
	text_fini(&all);
}

size_t take_word(struct reading *r, const char *raw, const char *path, const char *rule,
		 const char *const *words, size_t n)
{
	if (!raw)
		return n;
	for (size_t i = 0; i < n; i++)
		if (strcmp(raw, words[i]) == 0)
			return i;
	report_word(r, raw, path, rule, words, n);
	return n;
}

bool take_duration(struct reading *r, const char *raw, const char *path, struct opt_duration *ret)
{
	struct diag *diag;
	int err;

	raw = take_text(r, raw, path);
	if (!raw)
		return true;
	err = duration_parse(&ret->ns, raw);
	ret->set = err == 0;
	if (err == -ERANGE)
		reading_error(r, path, "V-022", "\"%.40s\" is too long a duration", raw);
	else if (err < 0) {
		diag = reading_error(r, path, "V-022", "\"%.40s\" is no duration", raw);
		diag_hint(r->diags, diag, "write it with its unit: 90s, 1m30s, 500ms");
	}
	return err == 0;
}

bool take_addr(struct reading *r, const char *raw, const char *path, const char *rule,
	       struct addr *ret)
{
	if (!raw)
		return true;
	if (addr_parse(ret, raw) == ADDR_OK)
		return true;
	reading_error(r, path, rule, "\"%.60s\" is no IPv4 or IPv6 address", raw);
	return false;
}

struct name_at {
	const char *name;
	uint32_t index;
};

static int name_at_cmp(const void *a, const void *b)
{
	const struct name_at *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	return c != 0 ? c : (x->index > y->index) - (x->index < y->index);
}

static void report_twice(struct reading *r, const char *path, const char *rule,
			 const struct name_at *first, const struct name_at *second)
{
	char item[PATH_TEXT_MAX];
	struct diag *diag = reading_error(r, path_item(item, path, second->index), rule,
					  "\"%.60s\" is here twice", second->name);

	reading_related(r, diag, path_item(item, path, first->index), "the other one is here");
}

void take_names(struct reading *r, char *const *raw, uint32_t n, const char *path, const char *rule,
		struct names *ret)
{
	const char **names = n > 0 ? arena_array_of(r->loader->arena, const char *, n) : NULL;
	struct name_at *sorted = n > 0 ? calloc(n, sizeof(*sorted)) : NULL;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < n; i++) {
		char item[PATH_TEXT_MAX];
		const char *text = take_text(r, raw[i], path_item(item, path, i));

		if (!text)
			continue; /* strict.c has reported it */
		names[kept] = take_string(r, text);
		sorted[kept] = (struct name_at){names[kept], i};
		kept++;
	}
	*ret = (struct names){names, kept};
	if (kept > 1)
		qsort(sorted, kept, sizeof(*sorted), name_at_cmp);
	for (uint32_t i = 1, first = 0; i < kept; i++) {
		if (strcmp(sorted[i].name, sorted[first].name) == 0)
			report_twice(r, path, rule, &sorted[first], &sorted[i]);
		else
			first = i;
	}
	free(sorted);
}
