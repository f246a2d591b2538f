/* rule_case.h: a file that breaks rules, and what must be found in it (t/rules/README tells) */
#ifndef MLBGPD_T_RULE_CASE_H
#define MLBGPD_T_RULE_CASE_H

#include "base/array.h"

#include <stdbool.h>
#include <stddef.h>

struct rule_place {
	unsigned line, column;
};

/* What stands at a place, and what may stand there instead. */
struct rule_swap {
	struct rule_place place;
	char *old;
	ARRAY(char *) good;
	ARRAY(char *) bad;
};

struct rule_finding {
	struct rule_place place;
	bool is_warning;
	char *rule, *words, *hint; /* hint may be NULL */
	ARRAY(struct rule_related {
		struct rule_place place;
		char *words;
	})
	related;
	struct rule_swap swap; /* old is NULL: none */
};

struct rule_pending {
	char *service, *rule, *words;
};

struct rule_case {
	const char *name; /* the file's */
	char *yaml;
	char *node; /* "node-a" */
	ARRAY(struct rule_finding) findings;
	ARRAY(struct rule_pending) pending;
};

struct rule_cases {
	ARRAY(struct rule_case) list;
};

/* All of t/rules, by name; what can't be read fails the test.  To be freed. */
void rule_cases_read(struct rule_cases *cases);
void rule_cases_fini(struct rule_cases *cases);
/* The text with `to` in place of swap's old; NULL where that does not stand there. */
char *rule_swapped(const char *yaml, const struct rule_swap *swap, const char *to);

#endif
