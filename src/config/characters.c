/* characters.c: the characters that YAML allows (YAML 1.1, 5.1), and lines */
#include "config/characters.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <string.h>

static bool is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

static bool is_allowed(const char *s, size_t len)
{
	if (len == 1)
		return strchr("\t\n\r", *s) ? *s != '\0' : !utf8_is_control(s);
	if (len == 2 && utf8_is_control(s))
		return memcmp(s, "\xc2\x85", 2) == 0;
	return len != 3 || (memcmp(s, "\xef\xbf\xbe", 3) != 0 &&
			    memcmp(s, "\xef\xbf\xbf", 3) != 0 && memcmp(s, "\xef\xbb\xbf", 3) != 0);
}

size_t characters_good(const char *bytes, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t n = utf8_char_len(bytes + at, len - at);

		if (n == 0 || !is_allowed(bytes + at, n))
			break;
		at += n;
	}
	return at;
}

size_t characters_skip(const char *bytes, size_t len, size_t n)
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

void place_walk(const char *at, size_t len, struct place *place)
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
