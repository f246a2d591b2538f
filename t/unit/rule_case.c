/* rule_case.c: reads t/rules: YAML, a line "#--", and what must be found in what stands before it
 */
#include "rule_case.h"

#include "base/heap.h"
#include "base/text.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER SRCDIR "/t/rules"

static char *copy_n(const char *s, size_t n)
{
	struct text out = {0};

	text_add_n(&out, s, n);
	return text_take(&out);
}

/* "\n" in an expectation is the end of a line. */
static char *unescaped(const char *s, size_t n)
{
	struct text out = {0};

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\\' && i + 1 < n && s[i + 1] == 'n') {
			text_add(&out, "\n");
			i++;
		} else {
			text_add_n(&out, &s[i], 1);
		}
	}
	return text_take(&out);
}

/* "a | b | c" */
#define SPLIT(s, list)                                                                        \
	for (const char *at_ = (s), *bar_; at_; at_ = bar_ ? bar_ + 3 : NULL) {               \
		bar_ = strstr(at_, " | ");                                                    \
		*array_add(list) = unescaped(at_, bar_ ? (size_t)(bar_ - at_) : strlen(at_)); \
	}

static char *read_file(const char *name)
{
	char path[512];
	struct text out = {0};
	char buf[4096];
	size_t n;
	FILE *in;

	snprintf(path, sizeof(path), "%s/%s", FOLDER, name);
	in = fopen(path, "r");
	cr_assert(in, "%s", path);
	while ((n = fread(buf, 1, sizeof(buf), in)) > 0)
		text_add_n(&out, buf, n);
	fclose(in);
	return text_take(&out);
}

/* "LINE:COLUMN ", past it; NULL where it is none */
static const char *take_place(const char *s, struct rule_place *ret)
{
	int n = 0;

	return sscanf(s, "%u:%u%n", &ret->line, &ret->column, &n) == 2 ? s + n : NULL;
}

static bool take_finding(struct rule_case *c, const char *line)
{
	struct rule_finding f = {0};
	const char *at = take_place(line, &f.place);
	size_t len;

	if (!at)
		return false;
	f.is_warning = text_has_prefix(at, " warning ");
	if (!f.is_warning && !text_has_prefix(at, " error "))
		return false;
	at += strlen(f.is_warning ? " warning " : " error ");
	len = strcspn(at, " ");
	f.rule = copy_n(at, len);
	f.words = heap_strdup(at + len + (at[len] == ' '));
	*array_add(&c->findings) = f;
	return true;
}

/* "OLD -> NEW | NEW" */
static bool take_fix(struct rule_finding *f, const char *s)
{
	const char *arrow = strstr(s, " -> ");

	if (!arrow || f->swap.old)
		return false;
	f->swap.old = unescaped(s, (size_t)(arrow - s));
	if (f->swap.place.line == 0)
		f->swap.place = f->place;
	SPLIT(arrow + 4, &f->swap.good)
	return true;
}

static bool take_detail(struct rule_finding *f, const char *s)
{
	struct rule_related related = {0};
	const char *at;

	if (text_has_prefix(s, "hint: ")) {
		f->hint = heap_strdup(s + 6);
	} else if (text_has_prefix(s, "fix: ")) {
		return take_fix(f, s + 5);
	} else if (text_has_prefix(s, "fix ")) {
		at = take_place(s + 4, &f->swap.place);
		return at && text_has_prefix(at, ": ") && take_fix(f, at + 2);
	} else if (text_has_prefix(s, "also: ")) {
		SPLIT(s + 6, &f->swap.bad)
	} else if (text_has_prefix(s, "related: ")) {
		at = take_place(s + 9, &related.place);
		related.words = heap_strdup(at ? at : "");
		*array_add(&f->related) = related;
		return at;
	} else {
		return false;
	}
	return true;
}

static bool take_pending(struct rule_case *c, const char *s)
{
	struct rule_pending p = {0};
	size_t service = strcspn(s, " "), rule;

	if (!s[service])
		return false;
	p.service = copy_n(s, service);
	s += service + 1;
	rule = strcspn(s, " ");
	p.rule = copy_n(s, rule);
	p.words = heap_strdup(s + rule + (s[rule] == ' '));
	*array_add(&c->pending) = p;
	return true;
}

static bool take_line(struct rule_case *c, const char *line)
{
	if (text_has_prefix(line, "#   "))
		return c->findings.n > 0 &&
		       take_detail(&c->findings.at[c->findings.n - 1], line + 4);
	if (text_has_prefix(line, "# pending "))
		return take_pending(c, line + 10);
	if (text_has_prefix(line, "# node ")) {
		free(c->node);
		c->node = heap_strdup(line + 7);
		return true;
	}
	return text_has_prefix(line, "# ") && take_finding(c, line + 2);
}

static void case_read(struct rule_case *c, const char *name)
{
	char *mark, *save = NULL;

	*c = (struct rule_case){.name = heap_strdup(name), .yaml = read_file(name)};
	c->node = heap_strdup("node-a");
	mark = text_has_prefix(c->yaml, "#--\n") ? c->yaml : strstr(c->yaml, "\n#--\n");
	cr_assert(mark, "%s: no line #--", name);
	mark += *mark == '\n';
	for (char *line = strtok_r(mark + 4, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		cr_assert(take_line(c, line), "%s: %s", name, line);
	*mark = '\0';
	cr_assert(c->findings.n > 0 || c->pending.n > 0, "%s: nothing is to be found", name);
}

static int is_yaml(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 5 && strcmp(entry->d_name + len - 5, ".yaml") == 0;
}

void rule_cases_read(struct rule_cases *cases)
{
	struct dirent **names;
	int n = scandir(FOLDER, &names, is_yaml, alphasort);

	cr_assert_gt(n, 0, "%s", FOLDER);
	*cases = (struct rule_cases){0};
	for (int i = 0; i < n; i++) {
		case_read(array_add(&cases->list), names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

static void finding_fini(struct rule_finding *f)
{
	free(f->rule);
	free(f->words);
	free(f->hint);
	free(f->swap.old);
	for (size_t i = 0; i < f->related.n; i++)
		free(f->related.at[i].words);
	for (size_t i = 0; i < f->swap.good.n; i++)
		free(f->swap.good.at[i]);
	for (size_t i = 0; i < f->swap.bad.n; i++)
		free(f->swap.bad.at[i]);
	array_fini(&f->related);
	array_fini(&f->swap.good);
	array_fini(&f->swap.bad);
}

void rule_cases_fini(struct rule_cases *cases)
{
	for (size_t i = 0; i < cases->list.n; i++) {
		struct rule_case *c = &cases->list.at[i];

		for (size_t k = 0; k < c->findings.n; k++)
			finding_fini(&c->findings.at[k]);
		for (size_t k = 0; k < c->pending.n; k++) {
			free(c->pending.at[k].service);
			free(c->pending.at[k].rule);
			free(c->pending.at[k].words);
		}
		array_fini(&c->findings);
		array_fini(&c->pending);
		free((char *)c->name);
		free(c->yaml);
		free(c->node);
	}
	array_fini(&cases->list);
}

/* Columns count characters. */
static const char *place_in(const char *yaml, struct rule_place place)
{
	for (unsigned line = 1; line < place.line; line++) {
		yaml = strchr(yaml, '\n');
		if (!yaml)
			return NULL;
		yaml++;
	}
	for (unsigned column = 1; column < place.column && *yaml; column++) {
		yaml++;
		while (((unsigned char)*yaml & 0xc0) == 0x80)
			yaml++;
	}
	return yaml;
}

char *rule_swapped(const char *yaml, const struct rule_swap *swap, const char *to)
{
	const char *at = place_in(yaml, swap->place);
	struct text out = {0};

	if (!at || !text_has_prefix(at, swap->old))
		return NULL;
	text_add_n(&out, yaml, (size_t)(at - yaml));
	text_add(&out, to);
	text_add(&out, at + strlen(swap->old));
	return text_take(&out);
}
