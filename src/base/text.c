/* text.c: a string builder, and small questions about texts */
#include "base/text.h"

#include "base/heap.h"
#include "base/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

void text_fini(struct text *t)
{
	free(t->text);
	*t = (struct text){0};
}

/* Room for n more and the NUL. */
static void text_reserve(struct text *t, size_t n)
{
	if (t->len + n + 1 <= t->max)
		return;
	t->max = (t->len + n + 1) * 3 / 2 + 32;
	t->text = heap_realloc(t->text, t->max);
}

void text_add_n(struct text *t, const char *s, size_t n)
{
	text_reserve(t, n);
	memcpy(t->text + t->len, s, n);
	t->len += n;
	t->text[t->len] = 0;
}

void text_add(struct text *t, const char *s)
{
	text_add_n(t, s, strlen(s));
}

void text_vaddf(struct text *t, const char *format, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0)
		return;
	text_reserve(t, (size_t)n);
	vsnprintf(t->text + t->len, (size_t)n + 1, format, ap);
	t->len += (size_t)n;
}

void text_addf(struct text *t, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	text_vaddf(t, format, ap);
	va_end(ap);
}

void text_add_printable(struct text *t, const char *s, size_t n)
{
	while (n > 0) {
		size_t len = utf8_char_len(s, n);

		if (len > 0 && !utf8_is_control(s)) {
			text_add_n(t, s, len);
		} else {
			len = len > 0 ? len : 1;
			for (size_t i = 0; i < len; i++)
				text_addf(t, "\\x%02x", (unsigned char)s[i]);
		}
		s += len;
		n -= len;
	}
}

char *text_take(struct text *t)
{
	char *taken = t->text ? t->text : heap_strdup("");

	*t = (struct text){0};
	return taken;
}

bool text_equal(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool text_has_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

int number_parse(uint64_t *ret, const char *s, uint64_t max)
{
	uint64_t v = 0;

	if (!*s)
		return -EINVAL;
	for (const char *c = s; *c; c++) {
		if (*c < '0' || *c > '9')
			return -EINVAL;
	}
	for (; *s; s++) {
		if (__builtin_mul_overflow(v, (uint64_t)10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*s - '0'), &v))
			return -ERANGE;
	}
	if (v > max)
		return -ERANGE;
	*ret = v;
	return 0;
}

/* Edits, and swaps of neighbours, between two texts of at most NAME_MAX_LEN characters. */
enum { NAME_MAX_LEN = 64 };

static bool same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static unsigned distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned row[3][NAME_MAX_LEN + 1];

	for (size_t j = 0; j <= m; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			unsigned best = last[j - 1] + !same_letter(a[i - 1], b[j - 1]);

			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
			    same_letter(a[i - 2], b[j - 1]) && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[n % 3][m];
}

const char *nearest_name(const char *written, const char *const *names, size_t n)
{
	size_t len = strlen(written);
	unsigned best = (unsigned)(len / 3) + 1;
	const char *nearest = NULL;

	if (len == 0 || len > NAME_MAX_LEN)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t other = strlen(names[i]);
		unsigned d;

		/* so many edits at the least */
		if (other > NAME_MAX_LEN || (other > len ? other - len : len - other) > best)
			continue;
		d = distance(written, len, names[i], other);
		if (d < best || (d == best && !nearest)) {
			best = d;
			nearest = names[i];
		}
	}
	return nearest;
}
