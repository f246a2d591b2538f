/* rules.c: the rules that findings come from */
#include "config/rules.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *id, *words;
} rules[] = {
#define RULE(id, words) {id, words},
#include "config/rules.def"
#undef RULE
};

const char *rule_words(const char *id)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strcmp(rules[i].id, id) == 0)
			return rules[i].words;
	return NULL;
}
