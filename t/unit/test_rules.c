/* test_rules.c: t/rules: each rule is found where it is broken, and nothing else; with a legal
 * value at the place that was told it is gone, and all else stays (t/rules/README) */
#include "findings.h"
#include "rule_case.h"

#include "plan/plan.h"

#include <stdio.h>

struct outcome {
	struct source_set *sources;
	struct diags *diags;
	struct model *model;
	struct plan *plan;
};

static struct outcome outcome_of(const char *yaml, const char *node)
{
	struct outcome o = {.sources = source_set_new()};

	o.diags = diags_new(o.sources);
	source_set_add_bytes(o.sources, "t", yaml, strlen(yaml));
	o.model = config_load(o.sources, node, o.diags);
	if (o.model)
		o.plan = plan_new(o.model, NULL, NULL, o.sources, o.diags);
	return o;
}

static void outcome_fini(struct outcome *o)
{
	plan_free(o->plan);
	model_free(o->model);
	diags_free(o->diags);
	source_set_free(o->sources);
}

static char *printed(const struct diags *diags)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	diags_print(diags, out);
	fclose(out);
	return text;
}

static bool has_words(const char *text, const char *words)
{
	return text && strstr(text, words);
}

static bool same_place(struct place place, struct rule_place wanted)
{
	return place.line == wanted.line && place.column == wanted.column;
}

static bool is_it(const struct outcome *o, const struct diag *d, const struct rule_finding *f)
{
	char *line = diag_line(o->diags, d);
	bool is = same_place(d->place, f->place) &&
		  (d->severity == DIAG_WARNING) == f->is_warning && text_equal(d->rule, f->rule) &&
		  has_words(line, f->words) && !d->hint == !f->hint &&
		  (!f->hint || has_words(d->hint, f->hint)) && d->n_related == f->related.n;

	for (size_t i = 0; is && i < d->n_related; i++)
		is = same_place(d->related[i].place, f->related.at[i].place) &&
		     has_words(d->related[i].message,
			       f->related.at[i].words + strspn(f->related.at[i].words, " "));
	free(line);
	return is;
}

static bool expects(const struct rule_case *c, const char *rule)
{
	for (size_t i = 0; i < c->findings.n; i++)
		if (strcmp(c->findings.at[i].rule, rule) == 0)
			return true;
	return false;
}

/* The finding that stands for the i-th expected one; what does nothing in this version is another
 * matter, unless the case is about that. */
static const struct diag *nth(const struct rule_case *c, const struct outcome *o, size_t i)
{
	bool all = expects(c, "not-yet");

	for (size_t k = 0; k < diags_count(o->diags); k++) {
		const struct diag *d = diags_get(o->diags, k);

		if ((all || !text_equal(d->rule, "not-yet")) && i-- == 0)
			return d;
	}
	return NULL;
}

/* All that is found is expected, and the other way round. */
static bool expect_all(const struct rule_case *c, const struct outcome *o)
{
	bool same = !nth(c, o, c->findings.n);

	for (size_t i = 0; same && i < c->findings.n; i++)
		same = nth(c, o, i) && is_it(o, nth(c, o, i), &c->findings.at[i]);
	if (!same) {
		char *found = printed(o->diags);

		cr_expect(same, "%s: found\n%s", c->name, found);
		free(found);
	}
	return same;
}

/* What an error is, wherever it stands, and whatever the object's name is by now. */
static bool same_error(const struct diag *a, const struct diag *b)
{
	return text_equal(a->rule, b->rule) && text_equal(a->field, b->field) &&
	       text_equal(a->message, b->message);
}

static size_t count_like(const struct diags *diags, const struct diag *one)
{
	size_t n = 0;

	for (size_t i = 0; i < diags_count(diags); i++)
		n += same_error(diags_get(diags, i), one);
	return n;
}

/* The one that was mended is gone; errors: no other came or went. */
static void expect_gone(const struct rule_case *c, const struct outcome *before,
			const struct diag *one, const char *yaml)
{
	struct outcome after = outcome_of(yaml, c->node);
	bool good = diags_errors(after.diags) ==
		    diags_errors(before->diags) - (one->severity == DIAG_ERROR);

	for (size_t i = 0; i < diags_count(before->diags); i++) {
		const struct diag *d = diags_get(before->diags, i);

		if (d->severity == DIAG_ERROR || d == one)
			good &= count_like(after.diags, d) ==
				count_like(before->diags, d) - same_error(d, one);
	}
	if (!good) {
		char *found = printed(after.diags);

		cr_expect(good, "%s: after the fix of %s at %u:%u, found\n%s\nin\n%s", c->name,
			  one->rule, one->place.line, one->place.column, found, yaml);
		free(found);
	}
	outcome_fini(&after);
}

static void expect_still(const struct rule_case *c, const struct rule_finding *f, const char *yaml,
			 const char *value)
{
	struct outcome o = outcome_of(yaml, c->node);
	bool found = false;

	for (size_t i = 0; i < diags_count(o.diags); i++) {
		const struct diag *d = diags_get(o.diags, i);

		found |= text_equal(d->rule, f->rule) && same_place(d->place, f->place) &&
			 (d->severity == DIAG_WARNING) == f->is_warning;
	}
	cr_expect(found, "%s: no %s at %u:%u for %s", c->name, f->rule, f->place.line,
		  f->place.column, value);
	outcome_fini(&o);
}

static void expect_swaps(const struct rule_case *c, const struct outcome *o, size_t i)
{
	const struct rule_finding *f = &c->findings.at[i];

	if (f->is_warning && !f->swap.old)
		return; /* there may be no better word for it: "not-yet" */
	cr_expect(f->swap.old, "%s: no fix for %s", c->name, f->rule);
	for (size_t k = 0; f->swap.old && k < f->swap.good.n; k++) {
		char *yaml = rule_swapped(c->yaml, &f->swap, f->swap.good.at[k]);

		cr_expect(yaml, "%s: %s does not stand at %u:%u", c->name, f->swap.old,
			  f->swap.place.line, f->swap.place.column);
		if (yaml)
			expect_gone(c, o, nth(c, o, i), yaml);
		free(yaml);
	}
	for (size_t k = 0; f->swap.old && k < f->swap.bad.n; k++) {
		char *yaml = rule_swapped(c->yaml, &f->swap, f->swap.bad.at[k]);

		if (yaml)
			expect_still(c, f, yaml, f->swap.bad.at[k]);
		free(yaml);
	}
}

/* The nearest neighbour, with every place mended (from the last to the first, so that none moves):
 * valid, and nothing of these rules is told. */
static char *neighbour_of(const struct rule_case *c)
{
	char *yaml = strdup(c->yaml);

	for (size_t i = c->findings.n; i-- > 0;) {
		const struct rule_swap *swap = &c->findings.at[i].swap;
		char *next;

		if (!swap->old)
			continue;
		next = rule_swapped(yaml, swap, swap->good.at[0]);
		if (next) { /* else two findings had one fix */
			free(yaml);
			yaml = next;
		}
	}
	return yaml;
}

static void expect_neighbour(const struct rule_case *c)
{
	char *yaml = neighbour_of(c);
	struct outcome o = outcome_of(yaml, c->node);
	bool good = diags_errors(o.diags) == 0;

	for (size_t i = 0; i < c->findings.n; i++)
		for (size_t k = 0; c->findings.at[i].swap.old && k < diags_count(o.diags); k++)
			good &= !text_equal(diags_get(o.diags, k)->rule, c->findings.at[i].rule);
	if (!good) {
		char *found = printed(o.diags);

		cr_expect(good, "%s: its neighbour\n%s\nis not silent:\n%s", c->name, yaml, found);
		free(found);
	}
	outcome_fini(&o);
	free(yaml);
}

static void expect_pending(const struct rule_case *c, const struct outcome *o)
{
	size_t n = 0;
	const struct plan_service *services = o->plan ? plan_services(o->plan, &n) : NULL;

	for (size_t i = 0; i < c->pending.n; i++) {
		const struct rule_pending *p = &c->pending.at[i];
		bool found = false;

		for (size_t k = 0; k < n; k++) {
			const struct plan_service *s = &services[k];
			char name[256], rule[16];

			snprintf(name, sizeof(name), "%s/%s", s->service->object.namespace,
				 s->service->object.name);
			snprintf(rule, sizeof(rule), "V-%03u", s->rule);
			found |= strcmp(name, p->service) == 0 && strcmp(rule, p->rule) == 0 &&
				 has_words(s->reason, p->words);
		}
		cr_expect(found, "%s: %s waits by %s: %s", c->name, p->service, p->rule, p->words);
	}
}

Test(rules, goldens, .timeout = 120)
{
	struct rule_cases cases;

	rule_cases_read(&cases);
	for (size_t i = 0; i < cases.list.n; i++) {
		const struct rule_case *c = &cases.list.at[i];
		struct outcome o = outcome_of(c->yaml, c->node);

		expect_pending(c, &o);
		if (expect_all(c, &o))
			for (size_t k = 0; k < c->findings.n; k++)
				expect_swaps(c, &o, k);
		expect_neighbour(c);
		outcome_fini(&o);
	}
	rule_cases_fini(&cases);
}

/* Three errors of another object, behind the case's own text. */
#define NOISE                                                                                \
	"\n---\napiVersion: metallb.io/v1beta1\nkind: BFDProfile\nmetadata: {name: noise}\n" \
	"spec: {receiveInterval: 1, minimumTtl: 0, detectMultiplyer: 2}\n"

/* What keeps the rest of a file from being read. */
static bool ends_the_file(const char *rule)
{
	static const char *const rules[] = {"yaml", "control-character", "not-utf-8",
					    "no-documents", "too-deep"};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strcmp(rules[i], rule) == 0)
			return true;
	return false;
}

static const struct diag *find(const struct outcome *o, const struct rule_finding *f)
{
	for (size_t i = 0; i < diags_count(o->diags); i++)
		if (is_it(o, diags_get(o->diags, i), f))
			return diags_get(o->diags, i);
	return NULL;
}

/* An error is told, and its fix mends it alone, though others stand in the file.  (Those of the
 * plan need a file without.) */
static unsigned expect_amid_noise(const struct rule_case *c)
{
	struct rule_case noisy = *c;
	struct text yaml = {0};
	struct outcome o;
	unsigned n = 0;

	text_addf(&yaml, "%s" NOISE, c->yaml);
	noisy.yaml = yaml.text;
	o = outcome_of(noisy.yaml, c->node);
	for (size_t i = 0; i < c->findings.n; i++) {
		const struct rule_finding *f = &c->findings.at[i];
		const struct diag *d = f->is_warning ? NULL : find(&o, f);
		char *mended = d ? rule_swapped(noisy.yaml, &f->swap, f->swap.good.at[0]) : NULL;

		if (mended)
			expect_gone(&noisy, &o, d, mended);
		n += mended != NULL;
		free(mended);
	}
	outcome_fini(&o);
	text_fini(&yaml);
	return n;
}

Test(rules, goldens_amid_other_errors, .timeout = 120)
{
	struct rule_cases cases;
	unsigned n = 0;

	rule_cases_read(&cases);
	for (size_t i = 0; i < cases.list.n; i++) {
		const struct rule_case *c = &cases.list.at[i];

		if (c->findings.n > 0 && !ends_the_file(c->findings.at[0].rule))
			n += expect_amid_noise(c);
	}
	cr_expect_geq(n, 100, "%u errors", n);
	rule_cases_fini(&cases);
}

static bool is_expected(const struct rule_cases *cases, const char *rule)
{
	for (size_t i = 0; i < cases->list.n; i++)
		if (expects(&cases->list.at[i], rule))
			return true;
	return false;
}

/* Those that no text can break; tested where they are. */
static bool is_no_text(const char *rule)
{
	return strcmp(rule, "unreadable") == 0 || /* t/40-bad-input.t */
	       strcmp(rule, "password-file") == 0 || /* test_password_file.c */
	       strcmp(rule, "secret-readable") == 0; /* likewise, and test_diag.c */
}

Test(rules, each_has_a_golden_file)
{
	static const char *const rules[] = {
#define RULE(id, words) id,
#include "config/rules.def"
#undef RULE
	};
	struct rule_cases cases;

	rule_cases_read(&cases);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		cr_expect(is_no_text(rules[i]) || is_expected(&cases, rules[i]),
			  "a case for %s is missing in t/rules", rules[i]);
	for (size_t i = 0; i < cases.list.n; i++)
		for (size_t k = 0; k < cases.list.at[i].findings.n; k++)
			cr_expect(rule_words(cases.list.at[i].findings.at[k].rule), "%s: %s",
				  cases.list.at[i].name, cases.list.at[i].findings.at[k].rule);
	rule_cases_fini(&cases);
}
