/* utf8.c: well-formed UTF-8 (RFC 3629), characters and lines */
#include "config/utf8.h"

#include <stdbool.h>

static bool is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* Length of the well-formed character at s, 0 where there is none. */
static size_t char_len(const unsigned char *s, size_t left)
{
	unsigned char c = s[0];

	if (c < 0x80)
		return (c >= 0x20 && c != 0x7f) || c == '\t' || c == '\n' || c == '\r';
	if (c >= 0xc2 && c <= 0xdf)
		return left > 1 && is_tail(s[1]) ? 2 : 0;
	if (c >= 0xe0 && c <= 0xef) {
		if (left < 3 || !is_tail(s[1]) || !is_tail(s[2]))
			return 0;
		if ((c == 0xe0 && s[1] < 0xa0) || (c == 0xed && s[1] > 0x9f))
			return 0;
		return 3;
	}
	if (c >= 0xf0 && c <= 0xf4) {
		if (left < 4 || !is_tail(s[1]) || !is_tail(s[2]) || !is_tail(s[3]))
			return 0;
		if ((c == 0xf0 && s[1] < 0x90) || (c == 0xf4 && s[1] > 0x8f))
			return 0;
		return 4;
	}
	return 0;
}

size_t utf8_good(const char *bytes, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t n = char_len((const unsigned char *)bytes + at, len - at);

		if (n == 0)
			break;
		at += n;
	}
	return at;
}

size_t utf8_skip(const char *bytes, size_t len, size_t n)
{
	size_t at = 0;

	while (n > 0 && at < len) {
		at++;
		while (at < len && is_tail((unsigned char)bytes[at]))
			at++;
		n--;
	}
	return at;
}

void utf8_walk(const char *at, size_t len, struct place *place)
{
	for (size_t i = 0; i < len; i++) {
		/* CR LF is one end of a line, at its LF. */
		if (at[i] == '\n' || (at[i] == '\r' && at[i + 1] != '\n')) {
			place->line++;
			place->column = 1;
		} else if (!is_tail((unsigned char)at[i])) {
			place->column++;
		}
	}
	place->offset += (uint32_t)len;
}
