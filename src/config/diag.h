/* diag.h: what is wrong with a configuration, all of it at once: place, object, field, rule, words
 *
 * Whoever finds something adds it and goes on.  The list is bounded (DIAGS_MAX errors, the rest is
 * counted), sorted by place when printed, and owns its texts.  A secret never goes in.
 */
#ifndef MLBGPD_CONFIG_DIAG_H
#define MLBGPD_CONFIG_DIAG_H

#include "config/source.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct json_t; /* jansson's */

enum { DIAGS_MAX = 1000 };
enum diag_severity { DIAG_ERROR, DIAG_WARNING };

/* One finding.  Texts are the list's; `kind`, `name`, `field`, `rule`, `hint` may be NULL. */
struct diag {
	enum diag_severity severity;
	struct place place;
	const char *kind; /* "BGPPeer" */
	const char *name; /* metadata.name */
	const char *field; /* "spec.peers[2]" */
	const char *rule; /* "V-056", or an id of ours such as "unknown-field" */
	const char *message;
	const char *hint;
	struct diag_related {
		struct place place;
		const char *message;
	} * related; /* the other place where two contradict */
	size_t n_related;
};

struct diags;

struct diags *diags_new(const struct source_set *sources); /* sources are borrowed, may be NULL */
void diags_free(struct diags *diags);

/* Adds a finding; the returned one may be filled further by the calls below, until the next add.
 * Never NULL (past the bound it is a scratch one). */
struct diag *diag_add(struct diags *diags, enum diag_severity severity, struct place place,
		      const char *kind, const char *name, const char *field, const char *rule,
		      const char *format, ...) __attribute__((format(printf, 8, 9)));
void diag_hint(struct diags *diags, struct diag *diag, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void diag_related(struct diags *diags, struct diag *diag, struct place place, const char *format,
		  ...) __attribute__((format(printf, 4, 5)));

size_t diags_errors(const struct diags *diags); /* those past the bound included */
size_t diags_warnings(const struct diags *diags);
size_t diags_count(const struct diags *diags); /* kept ones */
/* Sorted by file, line, column, then errors first. */
const struct diag *diags_get(const struct diags *diags, size_t i);
/* FILE:LINE:COLUMN: error: KIND/NAME: FIELD: message [RULE], the line, a caret, hint, related. */
void diags_print(const struct diags *diags, FILE *out);
/* "FILE:LINE:COLUMN: error: ..." of one, without line and caret; for the log.  To be freed. */
char *diag_line(const struct diags *diags, const struct diag *diag);
/* {valid, errors: [...], warnings: [...]} of the contract; a new reference. */
struct json_t *diags_json(const struct diags *diags);

#endif
