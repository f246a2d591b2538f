/* changes_words.h: what changes, in words; private to changes*.c */
#ifndef MLBGPD_DAEMON_CHANGES_WORDS_H
#define MLBGPD_DAEMON_CHANGES_WORDS_H

#include "base/text.h"
#include "plan/diff.h"

/* "localPref 100 -> 200, communities 64512:1 -> none" */
void changes_add_attrs(struct text *out, const struct plan_attrs *before,
		       const struct plan_attrs *after);

#endif
