/* advertise.h: which advertisements apply to which Service, and why a Service is not announced
 *
 * Services of one pool that match the same advertisements have one profile: what is said of it goes
 * for all of them.  A profile knows the advertisements of all nodes (their local preferences are
 * ranked together); only those that select this node announce.
 */
#ifndef MLBGPD_PLAN_ADVERTISE_H
#define MLBGPD_PLAN_ADVERTISE_H

#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COMMUNITIES_MAX = 63 }; /* of one announcement, as in MetalLB */

/* Why nothing of a profile is announced here. */
enum silence {
	SILENCE_NONE,
	SILENCE_NO_ADVERTISEMENT, /* no advertisement selects the pool */
	SILENCE_OTHER_NODES, /* those that do select other nodes */
	SILENCE_OTHER_SERVICES, /* none of those selects the Service */
	SILENCE_CONFLICT, /* V-068 */
	SILENCE_COMMUNITIES, /* V-069 */
	SILENCE_NODE, /* the node is excluded or has no network */
};

/* The advertisements of a profile that have one prefix length for a family. */
struct step {
	uint8_t family;
	uint8_t length;
	const uint32_t *advs; /* indexes into the model's, ascending; of all nodes */
	uint32_t n_advs;
};

struct profile {
	uint32_t pool;
	const uint32_t *advs; /* all that match, ascending; of all nodes */
	uint32_t n_advs;
	const struct step *steps;
	uint32_t n_steps;
	enum silence silence;
	uint16_t rule;
	const char *reason; /* NULL: announced, as far as peers are reached */
};

struct adverts;
struct arena;

/* The node's peers are those of the plan.  Profiles go to the first arena, reasons to the second.
 */
struct adverts *adverts_new(const struct model *model, const struct node *node,
			    const struct plan_peer *peers, size_t n_peers, struct arena *arena,
			    struct arena *reasons);
void adverts_free(struct adverts *adverts);

/* The profile of a Service with addresses of a pool. */
uint32_t adverts_profile(struct adverts *adverts, uint32_t pool, const struct service *service);
/* Good until the next one is asked for. */
const struct profile *adverts_get(const struct adverts *adverts, uint32_t profile);
size_t adverts_profiles(const struct adverts *adverts);

bool adverts_selects_node(const struct bgp_advertisement *adv, const struct node *node);
bool adverts_selects_peer(const struct bgp_advertisement *adv, const char *peer);
/* Does it announce from this node? */
bool adverts_is_here(const struct adverts *adverts, uint32_t adv);
bool node_is_excluded(const struct node *node);

#endif
