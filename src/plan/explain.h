/* explain.h: why an address of a Service is told to a peer, or why not, as a chain of steps
 *
 * Pure: what the configuration decides.  Nothing is decided again here; the steps are read off the
 * plan, the Service's profile and its advertisements.  What the host and the session add (does the
 * VIP stand, is the session up) comes from above, by explain_add().
 */
#ifndef MLBGPD_PLAN_EXPLAIN_H
#define MLBGPD_PLAN_EXPLAIN_H

#include "base/array.h"
#include "plan/plan.h"

#include <stdbool.h>

/* In words, with the document that says so. */
struct explain_step {
	const char *name; /* "service", "address", ...; static */
	bool ok;
	char *text;
	const struct object *object; /* the model's; NULL: no document */
	const char *field; /* for model_place(); NULL: the object as a whole */
};

/* Ends with the first step that is not ok. */
struct explain {
	ARRAY(struct explain_step) steps;
	bool ok; /* all of them, so far */
	bool of_peer; /* it came as far as the steps that hang on the peer */
	const char *reason; /* of the no in one word, MetalLB's where it has one; NULL: ok */
};

/* The static steps for one Service of the plan, one of its addresses (NULL where it has none) and
 * one peer of the model. */
void explain_static(struct explain *ret, const struct plan *plan,
		    const struct plan_service *service, const struct addr *addr,
		    const struct bgp_peer *peer);
/* Of an address that no Service has: in which pool it lies, if in any. */
void explain_address(struct explain *ret, const struct plan *plan, const struct addr *addr);
/* Of a Service of another type. */
void explain_other(struct explain *ret, const struct other_service *service);
/* One more step; nothing where the chain has ended already. */
void explain_add(struct explain *explain, struct explain_step step, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void explain_fini(struct explain *explain);

/* The plan's link from the address to the peer's routes, or NULL. */
const struct plan_link *explain_link(const struct plan *plan, const struct addr *addr,
				     const char *peer);

#endif
