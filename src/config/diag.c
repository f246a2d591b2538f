/* diag.c: the list of findings, in order of place, as text and as JSON
 *
 * Findings are kept on the heap, since the one that diag_add() returned is filled further.  Sorting
 * happens when somebody looks; findings of one place stay in the order in which they came.
 */
#include "config/diag.h"

#include "base/array.h"
#include "base/text.h"
#include "config/excerpt.h"
#include "config/mask.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* bytes, without the dots of what was cut */
enum { NAME_MAX = 253, FIELD_MAX = 500, MESSAGE_MAX = 2000 };

struct kept {
	struct diag diag; /* first: a kept one is found by its diag */
	size_t seq;
};

struct diags {
	const struct source_set *sources;
	ARRAY(struct kept *) list;
	struct kept scratch; /* the latest past the bound */
	size_t errors, warnings;
	bool sorted;
	struct mask *mask; /* of the file that was printed of last */
	uint16_t mask_file;
};

struct diags *diags_new(const struct source_set *sources)
{
	struct diags *diags = calloc(1, sizeof(*diags));

	if (!diags)
		abort();
	diags->sources = sources;
	return diags;
}

static void kept_fini(struct kept *kept)
{
	struct diag *d = &kept->diag;

	free((char *)d->kind);
	free((char *)d->name);
	free((char *)d->field);
	free((char *)d->rule);
	free((char *)d->message);
	free((char *)d->hint);
	for (size_t i = 0; i < d->n_related; i++)
		free((char *)d->related[i].message);
	free(d->related);
	memset(kept, 0, sizeof(*kept));
}

void diags_free(struct diags *diags)
{
	if (!diags)
		return;
	for (size_t i = 0; i < diags->list.n; i++) {
		kept_fini(diags->list.at[i]);
		free(diags->list.at[i]);
	}
	array_fini(&diags->list);
	kept_fini(&diags->scratch);
	mask_free(diags->mask);
	free(diags);
}

static char *copy(const char *text)
{
	char *ret = text ? strdup(text) : NULL;

	if (text && !ret)
		abort();
	return ret;
}

/* A name of a megabyte is as good as its beginning. */
static char *cut(char *text, size_t max)
{
	if (text && strlen(text) > max + 3) {
		while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80)
			max--;
		memcpy(text + max, "...", 4);
	}
	return text;
}

static char *format_text(const char *format, va_list ap)
{
	struct text text = {0};

	text_vaddf(&text, format, ap);
	return cut(text_take(&text), MESSAGE_MAX);
}

/* Errors and warnings have a bound each, so that a flood of warnings hides no error. */
static struct kept *kept_new(struct diags *diags, enum diag_severity severity)
{
	size_t *count = severity == DIAG_ERROR ? &diags->errors : &diags->warnings;
	struct kept *kept;

	if ((*count)++ >= DIAGS_MAX) {
		kept_fini(&diags->scratch);
		return &diags->scratch;
	}
	kept = calloc(1, sizeof(*kept));
	if (!kept)
		abort();
	*array_add(&diags->list) = kept;
	kept->seq = diags->list.n;
	diags->sorted = false;
	return kept;
}

struct diag *diag_add(struct diags *diags, enum diag_severity severity, struct place place,
		      const char *kind, const char *name, const char *field, const char *rule,
		      const char *format, ...)
{
	struct diag *d = &kept_new(diags, severity)->diag;
	va_list ap;

	d->severity = severity;
	d->place = place;
	d->kind = cut(copy(kind), NAME_MAX);
	d->name = cut(copy(name), NAME_MAX);
	d->field = cut(copy(field), FIELD_MAX);
	d->rule = copy(rule);
	va_start(ap, format);
	d->message = format_text(format, ap);
	va_end(ap);
	return d;
}

void diag_hint(struct diags *diags, struct diag *diag, const char *format, ...)
{
	va_list ap;

	(void)diags;
	free((char *)diag->hint);
	va_start(ap, format);
	diag->hint = format_text(format, ap);
	va_end(ap);
}

void diag_related(struct diags *diags, struct diag *diag, struct place place, const char *format,
		  ...)
{
	struct diag_related *related;
	va_list ap;

	(void)diags;
	related = reallocarray(diag->related, diag->n_related + 1, sizeof(*related));
	if (!related)
		abort();
	diag->related = related;
	related += diag->n_related++;
	related->place = place;
	va_start(ap, format);
	related->message = format_text(format, ap);
	va_end(ap);
}

size_t diags_errors(const struct diags *diags)
{
	return diags->errors;
}

size_t diags_warnings(const struct diags *diags)
{
	return diags->warnings;
}

size_t diags_count(const struct diags *diags)
{
	return diags->list.n;
}

static int compare(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

/* What has no place stands last. */
static int kept_cmp(const void *pa, const void *pb)
{
	const struct kept *a = *(struct kept *const *)pa, *b = *(struct kept *const *)pb;
	int c = compare(a->diag.place.file, b->diag.place.file);

	if (c == 0)
		c = compare(a->diag.place.line, b->diag.place.line);
	if (c == 0)
		c = compare(a->diag.place.column, b->diag.place.column);
	if (c == 0)
		c = compare(a->diag.severity, b->diag.severity);
	return c != 0 ? c : compare(a->seq, b->seq);
}

const struct diag *diags_get(const struct diags *diags, size_t i)
{
	struct diags *d = (struct diags *)diags; /* sorting changes nothing that shows */

	if (!d->sorted)
		array_sort(&d->list, kept_cmp);
	d->sorted = true;
	return &d->list.at[i]->diag;
}

static const char *file_name(const struct diags *diags, struct place place)
{
	const struct source_file *file =
		diags->sources ? source_set_file(diags->sources, place.file) : NULL;

	return file ? file->name : NULL;
}

/* Words of a file may hold what steers a terminal. */
static void add_words(struct text *out, const char *before, const char *words, const char *after)
{
	text_add(out, before);
	text_add_printable(out, words, strlen(words));
	text_add(out, after);
}

/* "FILE:LINE:COLUMN: ", as much of it as there is */
static void place_text(const struct diags *diags, struct place place, struct text *out)
{
	const char *name = file_name(diags, place);

	if (name)
		add_words(out, "", name, ":");
	if (place.file != SOURCE_NOWHERE && place.line > 0)
		text_addf(out, "%s%u:%u:", name ? "" : "?:", place.line, place.column);
	if (out->len > 0)
		text_add(out, " ");
}

char *diag_line(const struct diags *diags, const struct diag *diag)
{
	struct text out = {0};

	place_text(diags, diag->place, &out);
	text_add(&out, diag->severity == DIAG_ERROR ? "error: " : "warning: ");
	if (diag->kind)
		add_words(&out, "", diag->kind, diag->name ? "/" : ": ");
	if (diag->kind && diag->name)
		add_words(&out, "", diag->name, ": ");
	if (diag->field)
		add_words(&out, "", diag->field, ": ");
	add_words(&out, "", diag->message, "");
	if (diag->rule)
		text_addf(&out, " [%s]", diag->rule);
	return text_take(&out);
}

/* Where secrets stand in the file; findings come file by file. */
static const struct mask *mask_of(struct diags *diags, uint16_t file)
{
	const struct source_file *source = source_set_file(diags->sources, file);

	if (diags->mask && diags->mask_file == file)
		return diags->mask;
	mask_free(diags->mask);
	diags->mask = mask_new(source->bytes, source->len);
	diags->mask_file = file;
	return diags->mask;
}

/* How much of a line may be shown: up to a secret, and up to what follows an unknown key, which
 * may be meant for one. */
static size_t shown_len(const struct diags *diags, const struct diag *diag, const char *line,
			size_t len, size_t at)
{
	const struct source_file *file = source_set_file(diags->sources, diag->place.file);
	size_t start = (size_t)(line - file->bytes);

	if (diag->rule && strcmp(diag->rule, "unknown-field") == 0) {
		const char *colon = memchr(line + at, ':', len - at);

		len = colon ? (size_t)(colon - line) + 1 : len;
	}
	/* what is found is no matter of how it is printed */
	return mask_next(mask_of((struct diags *)diags, diag->place.file), start, start + len) -
	       start;
}

/* A line of more bytes is not looked through for secrets, and not shown. */
enum { LINE_MAX_SHOWN = 1 << 16 };

static void line_text(const struct diags *diags, const struct diag *diag, struct text *out)
{
	size_t len, at;
	const char *line = diags->sources ? source_line(diags->sources, diag->place, &len) : NULL;

	if (!line || len > LINE_MAX_SHOWN || (diag->kind && strcmp(diag->kind, "Secret") == 0))
		return;
	at = diag->place.offset -
	     (size_t)(line - source_set_file(diags->sources, diag->place.file)->bytes);
	excerpt_add(out, line, len, at, shown_len(diags, diag, line, len, at));
}

void diags_print(const struct diags *diags, FILE *out)
{
	size_t total = diags->errors + diags->warnings;

	for (size_t i = 0; i < diags->list.n; i++) {
		const struct diag *d = diags_get(diags, i);
		char *line = diag_line(diags, d);
		struct text more = {0};

		line_text(diags, d, &more);
		if (d->hint)
			add_words(&more, "hint: ", d->hint, "\n");
		for (size_t k = 0; k < d->n_related; k++) {
			struct text where = {0};

			place_text(diags, d->related[k].place, &where);
			text_add(&more, where.text ? where.text : "");
			add_words(&more, "note: ", d->related[k].message, "\n");
			text_fini(&where);
		}
		fprintf(out, "%s\n%s", line, more.text ? more.text : "");
		text_fini(&more);
		free(line);
	}
	if (total > diags->list.n)
		fprintf(out, "and %zu more\n", total - diags->list.n);
}

static json_t *text_json(const char *text)
{
	json_t *ret = text ? json_string(text) : json_null();

	if (!ret) { /* not UTF-8: a file's name, say */
		char *ascii = copy(text);

		for (char *c = ascii; *c; c++)
			*c = (unsigned char)*c < 0x80 ? *c : '?';
		ret = json_string(ascii);
		free(ascii);
	}
	return ret;
}

static void place_json(const struct diags *diags, struct place place, json_t *to)
{
	bool known = place.file != SOURCE_NOWHERE && place.line > 0;

	json_object_set_new(to, "file", text_json(file_name(diags, place)));
	json_object_set_new(to, "line", known ? json_integer(place.line) : json_null());
	json_object_set_new(to, "column", known ? json_integer(place.column) : json_null());
}

static json_t *diag_json(const struct diags *diags, const struct diag *d)
{
	json_t *ret = json_object(), *related = json_array();

	place_json(diags, d->place, ret);
	json_object_set_new(ret, "kind", text_json(d->kind));
	json_object_set_new(ret, "name", text_json(d->name));
	json_object_set_new(ret, "field", text_json(d->field));
	json_object_set_new(ret, "rule", text_json(d->rule));
	json_object_set_new(ret, "message", text_json(d->message));
	json_object_set_new(ret, "hint", text_json(d->hint));
	for (size_t i = 0; i < d->n_related; i++) {
		json_t *one = json_object();

		place_json(diags, d->related[i].place, one);
		json_object_set_new(one, "message", text_json(d->related[i].message));
		json_array_append_new(related, one);
	}
	json_object_set_new(ret, "related", related);
	return ret;
}

struct json_t *diags_json(const struct diags *diags)
{
	json_t *ret = json_object(), *errors = json_array(), *warnings = json_array();

	for (size_t i = 0; i < diags->list.n; i++) {
		const struct diag *d = diags_get(diags, i);

		json_array_append_new(d->severity == DIAG_ERROR ? errors : warnings,
				      diag_json(diags, d));
	}
	json_object_set_new(ret, "valid", json_boolean(diags->errors == 0));
	json_object_set_new(ret, "errors", errors);
	json_object_set_new(ret, "warnings", warnings);
	return ret;
}
