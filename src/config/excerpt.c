/* excerpt.c: a line with a caret, cut and aligned by the columns of a terminal */
#include "config/excerpt.h"

#include "base/utf8.h"

#include <stdbool.h>

enum {
	BEFORE_MAX = 60, /* columns before the caret, where the line has to be cut */
	WIDTH_MAX = 110,
	TAB_WIDTH = 8,
};

/* Bytes of the character at s, also of what is none, and its columns. */
static size_t step(const char *s, size_t left, unsigned *width)
{
	size_t len = utf8_char_len(s, left);

	if (*s == '\t')
		*width = TAB_WIDTH;
	else if (len == 0 || utf8_is_control(s))
		*width = (unsigned)(len > 0 ? len : 1) * 4; /* "\xNN" for each byte */
	else
		*width = utf8_char_width(s, len);
	return len > 0 ? len : 1;
}

static size_t step_back(const char *line, size_t at)
{
	at--;
	while (at > 0 && ((unsigned char)line[at] & 0xc0) == 0x80)
		at--;
	return at;
}

/* The first byte from which no more than BEFORE_MAX columns lie before `at`. */
static size_t window_start(const char *line, size_t at)
{
	unsigned columns = 0, width;
	size_t from = at;

	while (from > 0) {
		size_t before = step_back(line, from);

		step(line + before, from - before, &width);
		columns += width;
		if (columns > BEFORE_MAX)
			break;
		from = before;
	}
	return from;
}

static size_t window_end(const char *line, size_t from, size_t end)
{
	unsigned columns = 0, width;
	size_t to = from;

	while (to < end) {
		size_t len = step(line + to, end - to, &width);

		columns += width;
		if (columns > WIDTH_MAX)
			break;
		to += len;
	}
	return to;
}

static void add_blanks(struct text *out, unsigned n)
{
	while (n-- > 0)
		text_add(out, " ");
}

/* A tab stays one where the line begins at its left edge: below, it is one too. */
static void add_part(struct text *out, const char *line, size_t from, size_t to, bool words)
{
	while (from < to) {
		unsigned width;
		size_t len = step(line + from, to - from, &width);

		if (line[from] == '\t')
			text_add(out, "\t");
		else if (words)
			text_add_printable(out, line + from, len);
		else
			add_blanks(out, width);
		from += len;
	}
}

void excerpt_add(struct text *out, const char *line, size_t len, size_t at, size_t shown)
{
	const char *before = "    ";
	size_t from = 0, to;

	/* a caret behind what is shown keeps its column, as far as there is one */
	if (at > shown && window_end(line, 0, at) < at)
		at = shown;
	if (window_end(line, 0, shown) < shown)
		from = window_start(line, at < shown ? at : shown);
	to = window_end(line, from, shown);
	if (from > 0)
		before = "    ...";
	text_add(out, before);
	add_part(out, line, from, to, true);
	text_add(out, shown < len && to == shown ? " ...\n" : to < shown ? "...\n" : "\n");
	add_blanks(out, from > 0 ? 7 : 4);
	add_part(out, line, from, at, false);
	text_add(out, "^\n");
}
