/* base64.c: RFC 4648, section 4 */
#include "config/base64.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int digit_value(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

char *base64_decode_text(const char *coded)
{
	char *out = calloc(1, strlen(coded) / 4 * 3 + 4);
	unsigned digits = 0, padding = 0;
	uint32_t bits = 0;
	size_t len = 0;

	if (!out)
		abort();
	for (; *coded; coded++) {
		int value = digit_value(*coded);

		if (strchr(" \t\r\n", *coded))
			continue;
		if (*coded == '=')
			padding++;
		else if (value < 0 || padding > 0)
			goto bad;
		bits = bits << 6 | (value > 0 ? (uint32_t)value : 0);
		if (++digits % 4 != 0)
			continue;
		if (padding > 2)
			goto bad;
		for (unsigned i = 0; i < 3 - padding; i++) {
			out[len] = (char)(bits >> (16 - 8 * i));
			if (out[len++] == '\0')
				goto bad;
		}
		bits = 0;
	}
	if (digits % 4 == 0)
		return out;
bad:
	explicit_bzero(out, len);
	free(out);
	return NULL;
}
