/* test_mutations.c: thousands of small mistakes in valid files: each is accepted, or refused with a
 * place in the file
 *
 * Never a crash, a leak (the sanitizers see to that), or a hang.  Mutations come from a seed; a
 * failure names file and seed.
 */
#include "random_yaml.h"

#include "base/clock.h"
#include "base/text.h"
#include "config/diag.h"
#include "config/load.h"
#include "config/source.h"
#include "plan/plan.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { MUTATIONS = 1000 /* of each file */, PATIENCE_US = 10 * 1000 * 1000 };

/* A file as lines, each with its newline. */
struct lines {
	ARRAY(char *) at;
};

static char *line_copy(const char *from, size_t len)
{
	struct text t = {0};

	text_add_n(&t, from, len);
	return text_take(&t);
}

static void lines_of(struct lines *ret, const char *bytes)
{
	while (*bytes) {
		size_t len = strcspn(bytes, "\n");

		len += bytes[len] == '\n';
		*array_add(&ret->at) = line_copy(bytes, len);
		bytes += len;
	}
}

static void lines_fini(struct lines *l)
{
	for (size_t i = 0; i < l->at.n; i++)
		free(l->at.at[i]);
	array_fini(&l->at);
}

static char **some_line(struct lines *l, struct dice *d)
{
	return &l->at.at[dice_roll(d, (unsigned)l->at.n)];
}

/* --- the mistakes ---------------------------------------------------------------------------- */

static void flip_byte(struct lines *l, struct dice *d)
{
	char *line = *some_line(l, d);
	char byte = (char)(1 + dice_roll(d, 255));

	if (*line)
		line[dice_roll(d, (unsigned)strlen(line))] = byte;
}

static void drop_line(struct lines *l, struct dice *d)
{
	char **line = some_line(l, d);

	free(*line);
	*line = line_copy("", 0);
}

static void double_line(struct lines *l, struct dice *d)
{
	char **line = some_line(l, d);
	struct text t = {0};

	text_addf(&t, "%s%s", *line, *line);
	free(*line);
	*line = text_take(&t);
}

static void swap_lines(struct lines *l, struct dice *d)
{
	char **a = some_line(l, d), **b = some_line(l, d), *swap = *a;

	*a = *b;
	*b = swap;
}

static void indent(struct lines *l, struct dice *d)
{
	static const char *const blanks[] = {" ", "  ", "\t", "    "};
	char **line = some_line(l, d);
	struct text t = {0};

	if (dice_roll(d, 2) && **line == ' ')
		text_add(&t, *line + 1 + dice_roll(d, (unsigned)strspn(*line, " ")));
	else
		text_addf(&t, "%s%s", blanks[dice_roll(d, 4)], *line);
	free(*line);
	*line = text_take(&t);
}

/* What stands behind "key: " becomes something else. */
static void other_value(struct lines *l, struct dice *d)
{
	static const char *const values[] = {
		"",
		"~",
		"null",
		"no",
		"-1",
		"0",
		"99999999999999999999",
		"0x10",
		"1e3",
		".inf",
		"1_000",
		"[]",
		"{}",
		"[a, b, [c]]",
		"{a: b}",
		"'x",
		"\"\\0\"",
		"\"\\x07\"",
		"&a b",
		"*a",
		"&a [*a]",
		"!!binary AA==",
		"!x y",
		"|",
		">-",
		"192.0.2.1",
		"::1",
		"192.0.2.0/33",
		"65535:0",
		"10s",
		"-10s",
		"1h1h",
		"true",
		"\xff\xfe",
		"\xc3\xa4",
		"@x",
		"`x`",
		"%x",
		"? x",
		"- x",
		"<<: *a",
		"# x",
	};
	char **line = some_line(l, d), *colon = strstr(*line, ": ");
	struct text t = {0};

	if (!colon)
		return;
	text_add_n(&t, *line, (size_t)(colon + 2 - *line));
	text_addf(&t, "%s\n", values[dice_roll(d, sizeof(values) / sizeof(values[0]))]);
	free(*line);
	*line = text_take(&t);
}

/* One letter of a key: left out, doubled, of the other case. */
static void other_key(struct lines *l, struct dice *d)
{
	char **line = some_line(l, d), *colon = strchr(*line, ':');
	struct text t = {0};
	unsigned at;

	if (!colon || colon == *line)
		return;
	at = dice_roll(d, (unsigned)(colon - *line));
	text_add_n(&t, *line, at);
	switch (dice_roll(d, 3)) {
	case 0:
		break;
	case 1:
		text_addf(&t, "%c%c", (*line)[at], (*line)[at]);
		break;
	default:
		text_addf(&t, "%c", (*line)[at] ^ 0x20);
	}
	text_add(&t, *line + at + 1);
	free(*line);
	*line = text_take(&t);
}

static void cut_off(struct lines *l, struct dice *d)
{
	size_t keep = dice_roll(d, (unsigned)l->at.n) + 1;
	char *last = l->at.at[keep - 1];

	while (l->at.n > keep)
		free(l->at.at[--l->at.n]);
	last[dice_roll(d, (unsigned)strlen(last) + 1)] = '\0';
}

static void (*const mistakes[])(struct lines *l, struct dice *d) = {
	flip_byte,   drop_line,	  double_line, swap_lines, indent,
	other_value, other_value, other_key,   cut_off,
};

/* --- what comes of them ---------------------------------------------------------------------- */

static unsigned count_lines(const struct source_file *file)
{
	unsigned n = 1;

	for (size_t i = 0; i < file->len; i++)
		n += file->bytes[i] == '\n';
	return n;
}

static void expect_places(const char *name, uint64_t seed, const struct source_set *sources,
			  const struct diags *diags)
{
	unsigned lines = count_lines(source_set_file(sources, 0));

	for (size_t i = 0; i < diags_count(diags); i++) {
		const struct diag *d = diags_get(diags, i);

		if (d->severity != DIAG_ERROR)
			continue;
		cr_assert(d->place.file == 0 && d->place.line > 0 && d->place.line <= lines &&
				  d->place.column > 0,
			  "%s, seed %llu: %s at line %u, column %u of %u lines", name,
			  (unsigned long long)seed, d->message, d->place.line, d->place.column,
			  lines);
		cr_assert(d->rule && d->message[0], "%s, seed %llu", name,
			  (unsigned long long)seed);
	}
}

/* As far as it goes: to a plan of each node, printed findings and all. */
static bool try(const char *name, uint64_t seed, const char *bytes, size_t len)
{
	struct source_set *sources = source_set_new();
	struct diags *diags = diags_new(sources);
	struct monotime begin = monotime_now();
	FILE *out = fopen("/dev/null", "w");
	struct model *model;
	bool accepted;

	source_set_add_bytes(sources, name, bytes, len);
	model = config_load(sources, "a", diags);
	accepted = model != NULL;
	cr_assert_eq(accepted, diags_errors(diags) == 0, "%s, seed %llu", name,
		     (unsigned long long)seed);
	if (accepted) {
		struct plan *plan = plan_new(model, NULL, NULL, sources, diags);

		plan_open_all(plan);
		plan_free(plan);
	}
	expect_places(name, seed, sources, diags);
	if (out) {
		diags_print(diags, out);
		fclose(out);
	}
	cr_assert_lt(monotime_since_us(monotime_now(), begin), PATIENCE_US, "%s, seed %llu", name,
		     (unsigned long long)seed);
	model_free(model);
	diags_free(diags);
	source_set_free(sources);
	return accepted;
}

static bool try_one(const struct source_file *file, uint64_t seed)
{
	struct dice dice = dice_of(seed);
	struct lines lines = {0};
	struct text text = {0};
	unsigned n = 1 + dice_roll(&dice, 2);
	bool accepted;

	lines_of(&lines, file->bytes);
	for (unsigned i = 0; i < n; i++)
		mistakes[dice_roll(&dice, sizeof(mistakes) / sizeof(mistakes[0]))](&lines, &dice);
	for (size_t i = 0; i < lines.at.n; i++)
		text_add(&text, lines.at.at[i]);
	accepted = try(file->name, seed, text.text ? text.text : "", text.len);
	text_fini(&text);
	lines_fini(&lines);
	return accepted;
}

static void try_folder(const char *path)
{
	struct source_set *all = source_set_new();
	unsigned accepted = 0, n = 0;

	cr_assert_eq(source_set_add(all, path, NULL), 0, "%s", path);
	for (uint16_t i = 0; i < source_set_count(all); i++)
		for (uint64_t seed = 1; seed <= MUTATIONS; seed++, n++)
			accepted += try_one(source_set_file(all, i), seed);
	/* neither all nor nothing: the mistakes are small, but they are some */
	cr_expect(accepted > n / 10 && accepted < n - n / 10, "%s: %u of %u accepted", path,
		  accepted, n);
	source_set_free(all);
}

Test(mutations, of_the_examples, .timeout = 300)
{
	try_folder(SRCDIR "/etc/examples");
}

Test(mutations, of_files_of_a_cluster, .timeout = 300)
{
	try_folder(SRCDIR "/t/unit/data");
}
