/* mask.c: keys that name secrets, and how far their values reach */
#include "config/mask.h"

#include "base/array.h"
#include "base/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { KEY_MAX = 64 };

struct range {
	size_t from, to;
};

struct mask {
	const char *bytes;
	size_t len;
	ARRAY(struct range) ranges; /* ascending, apart from each other */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static bool is_key_byte(char c)
{
	return isalnum((unsigned char)c) || strchr("_-./\\", c);
}

static size_t line_end(const struct mask *m, size_t at)
{
	while (at < m->len && !is_line_end(m->bytes[at]))
		at++;
	return at;
}

static size_t skip_blanks(const struct mask *m, size_t at)
{
	while (at < m->len && is_blank(m->bytes[at]))
		at++;
	return at;
}

static size_t skip_space(const struct mask *m, size_t at)
{
	while (at < m->len && (is_blank(m->bytes[at]) || is_line_end(m->bytes[at])))
		at++;
	return at;
}

static size_t line_start(const struct mask *m, size_t at)
{
	while (at > 0 && !is_line_end(m->bytes[at - 1]))
		at--;
	return at;
}

/* The word before a colon, without quotes; false where there is none of a usual length. */
static bool key_before(const struct mask *m, size_t colon, char *key, size_t *ret_start)
{
	size_t end = colon, start;

	while (end > 0 && (is_blank(m->bytes[end - 1]) || is_line_end(m->bytes[end - 1])))
		end--;
	if (end > 0 && (m->bytes[end - 1] == '"' || m->bytes[end - 1] == '\''))
		end--;
	start = end;
	while (start > 0 && end - start < KEY_MAX && is_key_byte(m->bytes[start - 1]))
		start--;
	if (start == end || end - start >= KEY_MAX)
		return false;
	memcpy(key, m->bytes + start, end - start);
	key[end - start] = '\0';
	*ret_start = start;
	return true;
}

static bool is_secret_key(const char *key)
{
	static const char *const parts[] = {"passw", "passp", "pasw", "pswd", "pwd", "\\"};
	static const char *const words[] = {"data", "pass",   "pw",	 "secret", "psk",
					    "md5",  "md5key", "authkey", "token",  "credential"};
	static const char *const ours[] = {"password", "stringData"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcasestr(key, parts[i]))
			return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(key, words[i]) == 0)
			return true;
	return nearest_name(key, ours, sizeof(ours) / sizeof(ours[0]));
}

/* Keys that say where a secret stands, as far as their value looks like that. */
static bool is_reference(const struct mask *m, const char *key, size_t colon, size_t value)
{
	if (value >= m->len)
		return false;
	if (strcmp(key, "passwordSecret") == 0) /* a mapping, here or on the next line */
		return m->bytes[value] == '{' ||
		       (value > line_end(m, colon) &&
			memchr(m->bytes + value, ':', line_end(m, value) - value));
	if (strcmp(key, "passwordFile") != 0)
		return false;
	if (m->bytes[value] == '"' || m->bytes[value] == '\'')
		value++;
	return value < m->len && m->bytes[value] == '/';
}

/* Past the closing quote, or the end of all. */
static size_t quoted_end(const struct mask *m, size_t at)
{
	const char quote = m->bytes[at++];

	for (; at < m->len; at++) {
		if (quote == '"' && m->bytes[at] == '\\')
			at++;
		else if (m->bytes[at] == quote && at + 1 < m->len && m->bytes[at + 1] == quote &&
			 quote == '\'')
			at++;
		else if (m->bytes[at] == quote)
			return at + 1;
	}
	return m->len;
}

/* The value's first byte, past tags and anchors; it may stand on the next line. */
static size_t value_start(const struct mask *m, size_t at)
{
	at = skip_blanks(m, at);
	while (at < m->len && (m->bytes[at] == '!' || m->bytes[at] == '&')) {
		while (at < m->len && !is_blank(m->bytes[at]) && !is_line_end(m->bytes[at]))
			at++;
		at = skip_blanks(m, at);
	}
	while (at < m->len && (is_line_end(m->bytes[at]) || m->bytes[at] == '#'))
		at = skip_space(m, line_end(m, at));
	return at;
}

/* How far in a line must stand to belong to the key: more than this.  A key behind other words of
 * its line is in a flow mapping: the line counts. */
static size_t indent_of(const struct mask *m, size_t key)
{
	size_t start = line_start(m, key), at = start, first = skip_blanks(m, start);

	while (at < key && (is_blank(m->bytes[at]) || strchr("-?\"'", m->bytes[at])))
		at++;
	return (at == key ? key : first) - start;
}

/* The end of the lines that stand farther in, from the end of a line on. */
static size_t block_end(const struct mask *m, size_t end, size_t indent)
{
	while (end < m->len) {
		size_t first = skip_space(m, end);

		if (first < m->len && first - line_start(m, first) <= indent)
			break;
		end = line_end(m, first);
	}
	return end;
}

static void hide(struct mask *m, size_t from, size_t to)
{
	struct range *last = m->ranges.n > 0 ? &m->ranges.at[m->ranges.n - 1] : NULL;

	if (last && from <= last->to)
		last->to = to > last->to ? to : last->to;
	else
		*array_add(&m->ranges) = (struct range){from, to};
}

static size_t hidden_to(const struct mask *m)
{
	return m->ranges.n > 0 ? m->ranges.at[m->ranges.n - 1].to : 0;
}

static void look_at(struct mask *m, size_t colon)
{
	size_t key_at, value, end;
	char key[KEY_MAX + 1];

	if (!key_before(m, colon, key, &key_at) || !is_secret_key(key))
		return;
	value = value_start(m, colon + 1);
	if (is_reference(m, key, colon, value))
		return;
	end = value;
	if (value < m->len && (m->bytes[value] == '"' || m->bytes[value] == '\''))
		end = quoted_end(m, value);
	end = line_end(m, end);
	if (end < hidden_to(m)) /* what is around it reaches as far in */
		end = hidden_to(m);
	hide(m, colon + 1, block_end(m, end, indent_of(m, key_at)));
}

struct mask *mask_new(const char *bytes, size_t len)
{
	struct mask *m = calloc(1, sizeof(*m));

	if (!m)
		abort();
	m->bytes = bytes;
	m->len = len;
	for (const char *c = bytes; (c = memchr(c, ':', len - (size_t)(c - bytes))); c++)
		look_at(m, (size_t)(c - bytes));
	m->bytes = NULL;
	return m;
}

void mask_free(struct mask *mask)
{
	if (!mask)
		return;
	array_fini(&mask->ranges);
	free(mask);
}

size_t mask_next(const struct mask *mask, size_t from, size_t to)
{
	size_t low = 0, high = mask->ranges.n;

	while (low < high) { /* the first that ends behind `from` */
		size_t middle = low + (high - low) / 2;

		if (mask->ranges.at[middle].to > from)
			high = middle;
		else
			low = middle + 1;
	}
	if (low == mask->ranges.n || mask->ranges.at[low].from >= to)
		return to;
	return mask->ranges.at[low].from > from ? mask->ranges.at[low].from : from;
}
