/* text.h: a string builder, Go durations, the nearest known name */
#ifndef MLBGPD_BASE_TEXT_H
#define MLBGPD_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Grows on the heap; `text` is NULL until something was added, always ends in NUL after that. */
struct text {
	char *text;
	size_t len;
	size_t max;
};

void text_fini(struct text *t);
void text_add(struct text *t, const char *s);
void text_add_n(struct text *t, const char *s, size_t n);
void text_addf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vaddf(struct text *t, const char *format, va_list ap)
	__attribute__((format(printf, 2, 0)));
/* n bytes as they are, but for control characters and what is not UTF-8: those as \xNN.  For words
 * that came from outside. */
void text_add_printable(struct text *t, const char *s, size_t n);
/* What was built ("" where nothing was), to be freed by the caller; t is empty again. */
char *text_take(struct text *t);

bool text_equal(const char *a, const char *b); /* NULL equals only NULL */
bool text_has_prefix(const char *s, const char *prefix);

/* Go's time.ParseDuration: "90s", "1m30s", "1.5s", "0", a sign; nanoseconds.  -EINVAL where it is
 * none, -ERANGE where it does not fit; ret untouched then. */
int duration_parse(int64_t *ret_ns, const char *s);
/* Go's canonical form: 540 s -> "9m0s".  buf is DURATION_TEXT_MAX long.  Returns buf. */
enum { DURATION_TEXT_MAX = 64 };
const char *duration_format(char *buf, int64_t ns);

/* The whole text is a decimal number without sign, at most max: 0; else -EINVAL or -ERANGE. */
int number_parse(uint64_t *ret, const char *s, uint64_t max);

/* The name nearest to what was written (edits and swaps, case aside), or NULL where none is near
 * enough for a hint. */
const char *nearest_name(const char *written, const char *const *names, size_t n);

#endif
