/* scalar.c: what a YAML scalar is */
#include "config/scalar.h"

#include "config/document.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_bool(const char *text)
{
	static const char *const words[] = {"true", "false", "yes", "no", "on", "off"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

/* Digits, also with signs, bases and separators. */
static bool is_int(const char *text)
{
	text += *text == '-' || *text == '+';
	if (strncmp(text, "0x", 2) == 0)
		return text[2] && text[2 + strspn(text + 2, "0123456789abcdefABCDEF_")] == '\0';
	if (strncmp(text, "0b", 2) == 0)
		return text[2] && text[2 + strspn(text + 2, "01_")] == '\0';
	if (strncmp(text, "0o", 2) == 0)
		text += 2;
	return isdigit((unsigned char)*text) && text[strspn(text, "0123456789_")] == '\0';
}

static bool is_float(const char *text)
{
	size_t whole, fraction = 0;

	text += *text == '-' || *text == '+';
	if (strcasecmp(text, ".inf") == 0 || strcasecmp(text, ".nan") == 0)
		return true;
	whole = strspn(text, "0123456789");
	text += whole;
	if (*text == '.') {
		fraction = strspn(text + 1, "0123456789");
		text += 1 + fraction;
	}
	if (whole + fraction == 0)
		return false;
	if (*text == 'e' || *text == 'E') {
		text++;
		text += *text == '-' || *text == '+';
		if (!isdigit((unsigned char)*text))
			return false;
		text += strspn(text, "0123456789");
	}
	return *text == '\0';
}

enum scalar_type scalar_type(const yaml_node_t *node)
{
	const char *text = (const char *)node->data.scalar.value;

	if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return SCALAR_TEXT;
	if (node_is_null(node))
		return SCALAR_NULL;
	if (is_bool(text))
		return SCALAR_BOOL;
	if (is_int(text))
		return SCALAR_INT;
	return is_float(text) ? SCALAR_FLOAT : SCALAR_TEXT;
}

const char *scalar_words(const yaml_node_t *node)
{
	switch (scalar_type(node)) {
	case SCALAR_NULL:
		return "nothing";
	case SCALAR_BOOL:
		return "a boolean";
	case SCALAR_INT:
		return "a number";
	case SCALAR_FLOAT:
		return "a number with a fraction or an exponent";
	default:
		return node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? "text" : "quoted text";
	}
}

enum scalar_int scalar_int(const yaml_node_t *node, int64_t *ret)
{
	const char *text = (const char *)node->data.scalar.value, *digits = text;
	char *end;

	if (scalar_type(node) != SCALAR_INT)
		return SCALAR_INT_NONE;
	digits += *text == '-';
	if (digits[strspn(digits, "0123456789")] != '\0' || (digits[0] == '0' && digits[1]))
		return SCALAR_INT_SLOPPY;
	errno = 0;
	*ret = strtoll(text, &end, 10);
	return errno ? SCALAR_INT_RANGE : SCALAR_INT_OK;
}

bool scalar_is_plain_decimal(const yaml_node_t *node)
{
	const char *text = (const char *)node->data.scalar.value;
	size_t whole = strspn(text, "0123456789");

	text += whole;
	if (whole > 0 && whole < 16 && *text == '.') {
		size_t fraction = strspn(text + 1, "0123456789");

		return fraction > 0 && fraction < 16 && text[1 + fraction] == '\0';
	}
	return whole > 0 && whole < 16 && *text == '\0';
}
