/* take_labels.c: labels and label selectors, read from the tree since their keys are free
 *
 * Rules V-005 (an expression that is none), V-006 (a selector twice in a list), V-007 (a value
 * twice in an expression), V-008 (an expression twice in a selector).
 */
#include "config/loader.h"
#include "config/selector.h"

#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_alnum(char c)
{
	return isalnum((unsigned char)c) != 0;
}

/* 1 to 63 letters, digits, '-', '_', '.'; the first and the last are letters or digits */
static bool is_label_name(const char *text, size_t len)
{
	if (len == 0 || len > 63 || !is_alnum(text[0]) || !is_alnum(text[len - 1]))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_alnum(text[i]) && !strchr("-_.", text[i]))
			return false;
	return true;
}

static bool is_subdomain(const char *text, size_t len)
{
	if (len == 0 || len > 253)
		return false;
	for (size_t i = 0; i < len; i++) {
		bool edge = i == 0 || i == len - 1 || text[i - 1] == '.' || text[i + 1] == '.';

		if (isdigit((unsigned char)text[i]) || (text[i] >= 'a' && text[i] <= 'z'))
			continue;
		if (edge || (text[i] != '-' && text[i] != '.'))
			return false;
	}
	return true;
}

bool is_label_key(const char *key)
{
	const char *slash = strchr(key, '/');

	if (slash && !is_subdomain(key, (size_t)(slash - key)))
		return false;
	key = slash ? slash + 1 : key;
	return is_label_name(key, strlen(key));
}

bool is_label_value(const char *value)
{
	return value[0] == '\0' || is_label_name(value, strlen(value));
}

bool is_object_name(const char *name)
{
	return is_subdomain(name, strlen(name));
}

struct label_at {
	struct label label; /* first: is compared by it */
	const yaml_node_t *key;
};

/* By key, then as they are written. */
static int label_at_cmp(const void *a, const void *b)
{
	const struct label_at *x = a, *y = b;
	int c = strcmp(x->label.key, y->label.key);
	size_t i = x->key->start_mark.index, k = y->key->start_mark.index;

	return c != 0 ? c : (i > k) - (i < k);
}

static void bad_key(struct reading *r, const yaml_node_t *node, const char *field, const char *key)
{
	struct diag *diag = reading_diag_at(r, DIAG_ERROR, node->start_mark, field, "V-005",
					    "\"%.80s\" can't be the key of a label", key);

	diag_hint(r->diags, diag,
		  "at most 63 letters, digits, '-', '_' and '.', the first and the last a letter or"
		  " digit; before it a DNS name and '/' may stand");
}

static void bad_value(struct reading *r, const yaml_node_t *node, const char *field,
		      const char *value)
{
	struct diag *diag = reading_diag_at(r, DIAG_ERROR, node->start_mark, field, "V-005",
					    "\"%.80s\" can't be the value of a label", value);

	diag_hint(r->diags, diag,
		  "empty, or at most 63 letters, digits, '-', '_' and '.', the first and the last a"
		  " letter or digit");
}

static void check_label(struct reading *r, const char *path, const yaml_node_t *key,
			const yaml_node_t *value, const struct label *label)
{
	char field[PATH_TEXT_MAX];

	path_key(field, path, label->key);
	if (!is_label_key(label->key))
		bad_key(r, key, field, label->key);
	if (!is_label_value(label->value))
		bad_value(r, value, field, label->value);
}

static void report_label_twice(struct reading *r, const char *path, const struct label_at *first,
			       const struct label_at *second)
{
	char field[PATH_TEXT_MAX];
	struct diag *diag = reading_diag_at(r, DIAG_ERROR, second->key->start_mark,
					    path_key(field, path, second->label.key),
					    "duplicate-field", "the label is here twice");

	diag_related(r->diags, diag, document_place(r->doc, first->key->start_mark),
		     "the other one is here");
}

/* Sorted, with those that are twice told. */
static void keep_labels(struct reading *r, const char *path, struct label_at *list, size_t n,
			struct labels *ret)
{
	struct label *labels = calloc(n, sizeof(*labels));

	qsort(list, n, sizeof(*list), label_at_cmp);
	for (size_t i = 0, first = 0; i < n; i++) {
		labels[i] = list[i].label;
		if (i > 0 && strcmp(labels[i].key, labels[first].key) == 0)
			report_label_twice(r, path, &list[first], &list[i]);
		else
			first = i;
	}
	ret->at = loader_share(r->loader, labels, n * sizeof(*labels));
	ret->n = (uint32_t)n;
	free(labels);
}

void take_labels(struct reading *r, yaml_node_t *map, const char *path, struct labels *ret)
{
	size_t n = map && map->type == YAML_MAPPING_NODE ? node_count(map) : 0, kept = 0;
	struct label_at *list = n > 0 ? calloc(n, sizeof(*list)) : NULL;

	*ret = (struct labels){0};
	for (size_t i = 0; i < n; i++) {
		yaml_node_pair_t *pair = &map->data.mapping.pairs.start[i];
		yaml_node_t *key = yaml_document_get_node(&r->doc->yaml, pair->key);
		yaml_node_t *value = yaml_document_get_node(&r->doc->yaml, pair->value);
		const char *key_text = node_text(key), *value_text = node_text(value);
		struct label *label = &list[kept].label;

		if (!key_text || value->type != YAML_SCALAR_NODE)
			continue; /* strict.c has reported it */
		label->key = arena_intern(r->loader->arena, key_text);
		label->value = arena_intern(r->loader->arena, value_text ? value_text : "");
		list[kept++].key = key;
		check_label(r, path, key, value, label);
	}
	if (kept > 0)
		keep_labels(r, path, list, kept, ret);
	free(list);
}

static void take_values(struct reading *r, yaml_node_t *list, const char *path,
			struct selector_expr *expr)
{
	uint32_t n = (uint32_t)node_count(list);
	char **raw = n > 0 ? calloc(n, sizeof(*raw)) : NULL;
	char field[PATH_TEXT_MAX];

	for (uint32_t i = 0; i < n; i++) {
		yaml_node_t *item = node_item(r->doc, list, i);

		raw[i] = item ? (char *)node_text(item) : NULL;
		if (raw[i] && !is_label_value(raw[i]))
			bad_value(r, item, path_item(field, path, i), raw[i]);
	}
	take_names(r, raw, n, path, "V-007", &expr->values);
	free(raw);
}

static void take_expr(struct reading *r, yaml_node_t *node, const char *path,
		      struct selector_expr *expr)
{
	static const char *const words[] = {"In", "NotIn", "Exists", "DoesNotExist"};
	yaml_node_t *op_node = node_get(r->doc, node, "operator");
	yaml_node_t *key_node = node_get(r->doc, node, "key");
	const char *key = node_text(key_node), *op = node_text(op_node);
	char field[PATH_TEXT_MAX];
	size_t word;
	bool wants;

	expr->key = key ? take_string(r, key) : "";
	if (key && !is_label_key(key))
		bad_key(r, key_node, path_key(field, path, "key"), key);
	take_values(r, node_get(r->doc, node, "values"), path_key(field, path, "values"), expr);
	if (!op)
		return;
	word = take_word(r, op, path_key(field, path, "operator"), "V-005", words, 4);
	if (word == 4)
		return;
	expr->op = (enum selector_op)word;
	wants = expr->op == SELECTOR_IN || expr->op == SELECTOR_NOT_IN;
	if (wants != (expr->values.n > 0))
		reading_error(r, path_key(field, path, wants ? "operator" : "values"), "V-005",
			      wants ? "%s needs values" : "%s takes no values", op);
}

static void report_twice(struct reading *r, const char *list, size_t first, size_t second,
			 const char *rule, const char *words)
{
	char item[PATH_TEXT_MAX];
	struct diag *diag = reading_error(r, path_item(item, list, second), rule, "%s", words);

	reading_related(r, diag, path_item(item, list, first), "the other one is here");
}

static bool expr_twice(const struct selector_expr *a, const struct selector_expr *b)
{
	struct selector x = {.exprs = a, .n_exprs = 1}, y = {.exprs = b, .n_exprs = 1};

	return selector_equal(&x, &y);
}

static void take_selector(struct reading *r, yaml_node_t *node, const char *path,
			  struct selector *ret)
{
	yaml_node_t *list = node_get(r->doc, node, "matchExpressions");
	size_t n = list && list->type == YAML_SEQUENCE_NODE ? node_count(list) : 0;
	char field[PATH_TEXT_MAX], item[PATH_TEXT_MAX];
	struct selector_expr *exprs;

	take_labels(r, node_get(r->doc, node, "matchLabels"), path_key(field, path, "matchLabels"),
		    &ret->match);
	if (n == 0)
		return;
	exprs = arena_array_of(r->loader->arena, struct selector_expr, n);
	path_key(field, path, "matchExpressions");
	for (size_t i = 0; i < n; i++) {
		take_expr(r, node_item(r->doc, list, i), path_item(item, field, i), &exprs[i]);
		for (size_t k = 0; k < i; k++)
			if (expr_twice(&exprs[k], &exprs[i])) {
				report_twice(r, field, k, i, "V-008",
					     "the expression is in the selector twice");
				break;
			}
	}
	ret->exprs = exprs;
	ret->n_exprs = (uint32_t)n;
}

void take_selectors(struct reading *r, const char *path, struct selectors *ret)
{
	yaml_node_t *list = reading_node(r, path);
	size_t n = list && list->type == YAML_SEQUENCE_NODE ? node_count(list) : 0;
	char item[PATH_TEXT_MAX];
	struct selector *selectors;

	*ret = (struct selectors){0};
	if (n == 0)
		return;
	selectors = arena_array_of(r->loader->arena, struct selector, n);
	for (size_t i = 0; i < n; i++) {
		take_selector(r, node_item(r->doc, list, i), path_item(item, path, i),
			      &selectors[i]);
		for (size_t k = 0; k < i; k++)
			if (selector_equal(&selectors[k], &selectors[i])) {
				report_twice(r, path, k, i, "V-006",
					     "the selector is in the list twice");
				break;
			}
	}
	ret->at = selectors;
	ret->n = (uint32_t)n;
}
