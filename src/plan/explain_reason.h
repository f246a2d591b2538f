/* explain_reason.h: why a chain ends with a no, in one word; private to explain*.c */
#ifndef MLBGPD_PLAN_EXPLAIN_REASON_H
#define MLBGPD_PLAN_EXPLAIN_REASON_H

#include <stdint.h>

/* Of a step; "unknown" where there is no such step. */
const char *explain_reason(const char *step);
/* Of a Service without an address: by the rule (80: V-080; 0: none). */
const char *explain_reason_of_rule(uint16_t rule);

#endif
