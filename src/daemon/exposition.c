/* exposition.c: writes Prometheus' text format */
#include "daemon/exposition.h"

#include <math.h>
#include <string.h>

/* special: what gets a backslash beside the backslash and the line end. */
static void add_escaped(struct text *out, const char *s, char special)
{
	for (; *s; s++) {
		if (*s == '\n') {
			text_add(out, "\\n");
			continue;
		}
		if (*s == '\\' || *s == special)
			text_add_n(out, "\\", 1);
		text_add_n(out, s, 1);
	}
}

/* Line ends have an escape of their own in the format; the rest is made printable first. */
static void add_value(struct text *out, const char *s)
{
	while (*s) {
		size_t len = strcspn(s, "\n");
		struct text line = {0};

		text_add_printable(&line, s, len);
		add_escaped(out, line.text ? line.text : "", '"');
		text_fini(&line);
		s += len;
		if (*s == '\n') {
			text_add(out, "\\n");
			s++;
		}
	}
}

void exposition_family(struct text *out, const char *name, enum metric_type type, const char *help)
{
	text_addf(out, "# HELP %s ", name);
	add_escaped(out, help, '\\');
	text_addf(out, "\n# TYPE %s %s\n", name, type == METRIC_COUNTER ? "counter" : "gauge");
}

void exposition_label(struct text *labels, const char *name, const char *value)
{
	text_addf(labels, "%s%s=\"", labels->len > 0 ? "," : "", name);
	add_value(labels, value);
	text_add(labels, "\"");
}

void exposition_sample(struct text *out, const char *name, const char *labels, double value)
{
	text_add(out, name);
	if (labels && *labels)
		text_addf(out, "{%s}", labels);
	if (isnan(value))
		text_add(out, " NaN\n");
	else if (isinf(value))
		text_add(out, value > 0 ? " +Inf\n" : " -Inf\n");
	else
		text_addf(out, " %.16g\n", value);
}
