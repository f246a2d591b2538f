/* validate.c: the rules that look at several documents, one after the other
 *
 * First what one document takes from others is filled in, then each rule looks.  A rule adds what
 * it finds and leaves the rest to the others, so that one run tells all.
 */
#include "config/validate.h"

#include "base/text.h"
#include "config/reading.h"
#include "config/scalar.h"
#include "config/selector.h"
#include "config/validate_private.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *rule;
	void (*fn)(struct check *c);
} checks[] = {
#define RULE(id, words)
#define RULE_OF_ALL(id, function, words) {id, function},
#include "config/rules.def"
#undef RULE
};

static void read_end(struct check *c)
{
	if (!c->read)
		return;
	document_fini(&c->doc);
	c->read = NULL;
}

static bool read_object(struct check *c, const struct object *object)
{
	if (c->read == object)
		return true;
	read_end(c);
	if (object->place.file == SOURCE_NOWHERE ||
	    !document_slice(&c->doc, c->sources, object->place, object->len))
		return false;
	c->read = object;
	return true;
}

yaml_node_t *check_node(struct check *c, const struct object *object, const char *field)
{
	struct document_find found;

	if (!read_object(c, object) || !document_find(&c->doc, c->doc.root, field, &found))
		return NULL;
	return found.node;
}

const char *check_name_path(struct check *c, const struct object *object, const char *list,
			    uint32_t i, char *buf)
{
	yaml_node_t *node = check_node(c, object, list);
	struct name_at *last = &c->name;
	bool goes_on = last->object == object && last->list == list && i >= last->i;
	size_t index = goes_on ? last->index : 0;

	for (uint32_t texts = goes_on ? last->i : 0; index < node_count(node); index++) {
		const yaml_node_t *item = node_item(&c->doc, node, index);

		if (item->type == YAML_SCALAR_NODE && scalar_type(item) == SCALAR_TEXT &&
		    texts++ == i)
			break;
	}
	*last = (struct name_at){object, list, i, index};
	return path_item(buf, list, index);
}

struct place check_place(struct check *c, const struct object *object, const char *field)
{
	struct document_find found;

	/* Past the bound nobody sees it. */
	if (diags_errors(c->diags) > DIAGS_MAX || !read_object(c, object))
		return object->place;
	if (document_find(&c->doc, c->doc.root, field, &found))
		return document_place(&c->doc, found.node->start_mark);
	return found.key ? document_place(&c->doc, found.key->start_mark) : object->place;
}

static struct diag *add(struct check *c, enum diag_severity severity, const struct object *object,
			const char *field, const char *rule, const char *format, va_list ap)
{
	struct text message = {0}, name = {0};
	struct diag *diag;

	if (object->kind == KIND_SERVICE)
		text_addf(&name, "%s/", object->namespace);
	text_add(&name, object->name);
	text_vaddf(&message, format, ap);
	diag = diag_add(c->diags, severity, check_place(c, object, field), kind_name(object->kind),
			name.text, field && *field ? field : NULL, rule, "%s", message.text);
	text_fini(&message);
	text_fini(&name);
	return diag;
}

struct diag *check_error(struct check *c, const struct object *object, const char *field,
			 const char *rule, const char *format, ...)
{
	struct diag *diag;
	va_list ap;

	va_start(ap, format);
	diag = add(c, DIAG_ERROR, object, field, rule, format, ap);
	va_end(ap);
	return diag;
}

struct diag *check_warning(struct check *c, const struct object *object, const char *field,
			   const char *rule, const char *format, ...)
{
	struct diag *diag;
	va_list ap;

	va_start(ap, format);
	diag = add(c, DIAG_WARNING, object, field, rule, format, ap);
	va_end(ap);
	return diag;
}

static bool both_match(const struct node *node, const struct selectors *a,
		       const struct selectors *b)
{
	return selectors_match(a, &node->object.labels, true) &&
	       selectors_match(b, &node->object.labels, true);
}

bool check_common_node(const struct check *c, const struct selectors *a, const struct selectors *b)
{
	const struct model *m = c->model;

	for (size_t i = 0; i < m->nodes.n; i++)
		if (both_match(&m->nodes.at[i], a, b))
			return true;
	return both_match(m->self, a, b);
}

void conflict(struct check *c)
{
	conflict_of_allocations(c);
	conflict_of_settings(c);
}

void validate(struct model *model, const struct source_set *sources, struct diags *diags)
{
	struct check c = {.model = model, .sources = sources, .diags = diags};

	c.aliases = sorted_aliases(model, &c.n_aliases);
	resolve_secrets(&c);
	resolve_communities(&c);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		checks[i].fn(&c);
	read_end(&c);
	free(c.aliases);
}
