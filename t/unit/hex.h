/* hex.h: bytes written by hand in tests: "ffff 0013 04", blanks where they help the eye */
#ifndef MLBGPD_T_UNIT_HEX_H
#define MLBGPD_T_UNIT_HEX_H

#include <criterion/criterion.h>

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* RFC 4271 4.1: the marker of every message */
#define MARK "ffffffff ffffffff ffffffff ffffffff "

static inline unsigned hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	cr_assert(at, "'%c' is no hex digit", c);
	return at ? (unsigned)(at - digits) : 0;
}

/* Returns how many bytes there are. */
static inline size_t hex_bytes(uint8_t *buf, size_t size, const char *hex)
{
	size_t n = 0;

	while (*hex) {
		if (*hex == ' ') {
			hex++;
			continue;
		}
		cr_assert_lt(n, size, "too many bytes");
		buf[n] = (uint8_t)(hex_digit(hex[0]) << 4);
		buf[n++] |= (uint8_t)hex_digit(hex[1]);
		hex += 2;
	}
	return n;
}

/* The bytes are those of hex; tells both where they are not. */
static inline void hex_assert(const char *name, const void *data, size_t len, const char *hex)
{
	uint8_t expected[4096];
	size_t n = hex_bytes(expected, sizeof(expected), hex);
	const uint8_t *bytes = data;
	char got[2 * 400 + 1] = "";

	for (size_t i = 0; i < len && i < 400; i++)
		snprintf(got + 2 * i, 3, "%02x", bytes[i]);
	cr_expect(n == len && (n == 0 || memcmp(expected, data, n) == 0), "%s: %s, expected %s",
		  name, got, hex);
}

#endif
