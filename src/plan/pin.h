/* pin.h: addresses that nobody asked for, written down, so that all nodes and restarts agree */
#ifndef MLBGPD_PLAN_PIN_H
#define MLBGPD_PLAN_PIN_H

#include "plan/plan.h"

#include <stdbool.h>

struct text;

/* It has an address that only this node's search or memory gave it. */
bool pin_is_missing(const struct plan_service *s);
/* The AddressAllocation document, by namespace and name, of all addresses given without being asked
 * for and in no status: the pinned ones too, so that it replaces what was printed before. */
void pin_add_document(struct text *out, const struct plan *plan);

#endif
