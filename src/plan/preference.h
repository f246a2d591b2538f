/* preference.h: local preference, and how it gets to where it is not carried (external peers)
 *
 * The values that a prefix has, over all nodes and peers, are its tiers: the best one is tier 0.
 * Unset counts as 100.  Every node computes the same tiers, whatever it announces itself.
 */
#ifndef MLBGPD_PLAN_PREFERENCE_H
#define MLBGPD_PLAN_PREFERENCE_H

#include "base/array.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

enum { LOCAL_PREF_DEFAULT = 100 };

struct tiers {
	ARRAY(uint32_t) values; /* sealed: descending, each once */
	bool any_set; /* somebody wrote a localPref */
};

/* A demotion never raises: what a localPref (0: unset) becomes. */
uint32_t demoted(uint32_t local_pref, uint32_t demote);

/* local_pref as in an advertisement: 0 is unset. */
void tiers_add(struct tiers *tiers, uint32_t local_pref);
/* After the last was added. */
void tiers_seal(struct tiers *tiers);
void tiers_fini(struct tiers *tiers);
uint32_t tier_of(const struct tiers *tiers, uint32_t local_pref);

/* What a preference adds to the attributes of a route. */
struct preference_effect {
	bool has_local_pref, has_med, has_community, has_large_community;
	uint16_t prepend;
	uint32_t local_pref, med, community;
	struct large_community large_community;
	bool misfit; /* the value does not fit the community */
};

/* For a route whose advertisement says local_pref (0: unset). */
void preference_effect(struct preference_effect *ret, const struct external_preference *external,
		       const struct tiers *tiers, uint32_t local_pref, enum plan_peer_type type);
/* For a route to a peer that is drained: one tier below the lowest, or LOCAL_PREF 0.  The community
 * of RFC 8326 is the caller's. */
void preference_drain(struct preference_effect *ret, const struct external_preference *external,
		      const struct tiers *tiers, enum plan_peer_type type);

#endif
