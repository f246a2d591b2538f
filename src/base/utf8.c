/* utf8.c: what is a character of UTF-8 (RFC 3629), and which ones steer a terminal */
#include "base/utf8.h"

#include <stdint.h>

/* Characters by their first byte; the second byte's range keeps out overlong forms, surrogates and
 * what lies above U+10FFFF (RFC 3629 4). */
static const struct {
	uint8_t first_low, first_high;
	uint8_t second_low, second_high;
	uint8_t len;
} forms[] = {
	{0x00, 0x7f, 0, 0, 1},	     {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
	{0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
	{0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

size_t utf8_char_len(const char *s, size_t left)
{
	const uint8_t *b = (const uint8_t *)s;

	for (size_t i = 0; left > 0 && i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (b[0] < forms[i].first_low || b[0] > forms[i].first_high)
			continue;
		if (forms[i].len > left)
			return 0;
		if (forms[i].len > 1 && (b[1] < forms[i].second_low || b[1] > forms[i].second_high))
			return 0;
		for (size_t k = 2; k < forms[i].len; k++) {
			if ((b[k] & 0xc0) != 0x80)
				return 0;
		}
		return forms[i].len;
	}
	return 0;
}

static const struct {
	uint32_t first, last;
	unsigned width;
} widths[] = {
	{0x0300, 0x036f, 0},   {0x1100, 0x115f, 2},   {0x200b, 0x200f, 0},   {0x20d0, 0x20ff, 0},
	{0x2e80, 0x303e, 2},   {0x3041, 0x4dbf, 2},   {0x4e00, 0xa4cf, 2},   {0xac00, 0xd7a3, 2},
	{0xf900, 0xfaff, 2},   {0xfe00, 0xfe0f, 0},   {0xfe30, 0xfe6f, 2},   {0xff00, 0xff60, 2},
	{0xffe0, 0xffe6, 2},   {0x1f300, 0x1f64f, 2}, {0x1f680, 0x1f6ff, 2}, {0x1f900, 0x1f9ff, 2},
	{0x20000, 0x3fffd, 2},
};

static uint32_t code_point(const char *s, size_t len)
{
	const uint8_t *b = (const uint8_t *)s;
	static const uint8_t masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t code = b[0] & masks[len];

	for (size_t i = 1; i < len; i++)
		code = code << 6 | (b[i] & 0x3f);
	return code;
}

unsigned utf8_char_width(const char *s, size_t len)
{
	const uint32_t code = code_point(s, len);

	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		if (code >= widths[i].first && code <= widths[i].last)
			return widths[i].width;
	return 1;
}

bool utf8_is_control(const char *s)
{
	const uint8_t *b = (const uint8_t *)s;

	return b[0] < 0x20 || b[0] == 0x7f || (b[0] == 0xc2 && b[1] < 0xa0);
}
