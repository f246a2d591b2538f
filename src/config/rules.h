/* rules.h: the rules that findings come from */
#ifndef MLBGPD_CONFIG_RULES_H
#define MLBGPD_CONFIG_RULES_H

/* What a rule says; NULL for one that is not listed (rules.def). */
const char *rule_words(const char *id);

#endif
