/* plan_impl.h: what a plan is made of, and what its making needs on the way; private to plan*.c
 *
 *	Service --profile--> steps                what is said of all Services that match the same
 *	                                          advertisements; a step has one prefix length
 *	address x step = part                     one address behind one prefix
 *	parts of equal prefix = run               what stands behind a prefix
 *	profiles and steps of a run = mix         many runs have the same one; with each level of
 *demotion mix entry x kind of peer = effect         the attributes, or nothing peers with equal
 *effects = group
 */
#ifndef MLBGPD_PLAN_PLAN_IMPL_H
#define MLBGPD_PLAN_PLAN_IMPL_H

#include "base/array.h"
#include "plan/advertise.h"
#include "plan/attrs.h"
#include "plan/cover.h"
#include "plan/plan.h"
#include "plan/preference.h"

struct plan {
	struct arena *arena;
	const struct model *model;
	const struct node *node;
	struct daemon_settings settings;
	struct attrs_table *attrs;
	struct plan_peer *peers;
	size_t n_peers;
	const struct plan_peer *idle_peers;
	size_t n_idle_peers;
	struct plan_group *groups;
	size_t n_groups;
	struct plan_vip *vips;
	size_t n_vips;
	struct plan_link *links;
	size_t n_links;
	struct plan_class *classes;
	size_t n_classes;
	struct plan_check_set *check_sets;
	size_t n_check_sets;
	uint32_t *vip_services;
	size_t n_vip_services;
	struct plan_service *services;
	size_t n_services;
	struct plan_pool *pools;
	size_t n_pools;
	const char **interfaces;
	size_t n_interfaces;
	char *address_digest;
};

/* One address of one Service, or one address or block of a pool that is all VIPs. */
struct slot {
	struct addr addr; /* of a block: its first */
	uint8_t length; /* of the block; else the address's bits */
	bool announced; /* something goes to some peer */
	uint32_t service;
	uint32_t profile;
	uint32_t check_set, demotion; /* of all Services that share the address */
};

struct part {
	struct prefix prefix;
	uint32_t slot;
	uint32_t profile;
	uint32_t step; /* of the profile */
};

struct run {
	uint32_t part; /* the first; they end where the next run begins */
	uint32_t mix;
};

/* One for each level of the demotion, one behind the other. */
struct mix_entry {
	uint32_t profile, step;
	uint32_t demotion, level;
};

struct mix {
	uint32_t entry, n_entries; /* sorted */
};

struct effect {
	uint32_t attrs; /* PLAN_NOT_ANNOUNCED */
	uint32_t advertisement; /* the first behind it */
};

/* Peers that the same advertisements reach in the same way. */
struct peer_kind {
	uint32_t peer; /* the first */
	struct effect *effects; /* one for each mix entry */
	uint32_t group;
};

/* The local preferences with which an advertisement is told, on any node; 0: unset. */
struct adv_values {
	const uint32_t *at;
	uint32_t n;
};

/* A demote whose value does not fit the community that would carry it. */
struct misfit {
	uint32_t local_pref;
	const char *template;
};

struct build {
	struct plan *plan;
	struct arena *arena; /* until the plan is made */
	const struct bgp_advertisement *advs;
	size_t n_advs;
	struct adv_values *values; /* of each */
	struct adverts *adverts;
	struct cover *cover;
	ARRAY(struct misfit) misfits;
	ARRAY(struct slot) slots; /* by address, then Service */
	ARRAY(struct part) parts; /* by prefix, then slot */
	ARRAY(struct run) runs; /* and one behind the last */
	ARRAY(struct mix) mixes;
	ARRAY(struct mix_entry) entries;
	ARRAY(struct peer_kind) kinds;
	uint32_t *kind_of; /* of each peer */
	ARRAY(uint32_t) group_kinds; /* a kind of each group */
};

/* plan_peer.c: the sessions of the node, by name. */
void plan_make_peers(struct plan *plan);
/* plan_pool.c: what the PoolPolicies say, and the Services pool/NAME behind the others. */
void plan_make_pools(struct plan *plan);
/* The addresses or blocks of a pool that is all VIPs. */
typedef void (*plan_block_fn)(void *arg, const struct prefix *block);
void plan_pool_vips(const struct plan_pool *pool, plan_block_fn fn, void *arg);
/* plan_mix.c: slots, parts, runs, mixes. */
void build_mixes(struct build *b);
int mix_entry_cmp(const void *a, const void *b);
/* plan_tier.c: what the advertisements are worth; the tiers of what is behind a prefix. */
void build_values(struct build *b);
void build_add_tiers(const struct build *b, uint32_t adv, struct tiers *ret);
void build_add_demoted(const struct build *b, uint32_t adv, uint32_t demote, struct tiers *ret);
void build_mix_tiers(const struct build *b, const struct mix *mix, struct tiers *ret);
/* plan_effect.c: effects of each kind of peer. */
void build_effects(struct build *b);
/* plan_group.c: kinds of peers, groups. */
void build_groups(struct build *b);
void build_groups_fini(struct build *b);
/* plan_route.c: routes, classes, VIPs, links. */
void build_routes(struct build *b);
/* plan_reason.c: why an allocated Service is not announced. */
void build_reasons(struct build *b);
/* plan_gate.c: what is announced with the gates as they stand. */
uint32_t plan_route_attrs(struct plan *plan, const struct plan_route *route);

/* Where findings go. */
struct warn {
	const struct build *b;
	const struct source_set *sources; /* may be NULL */
	struct diags *diags;
};
/* plan_warn.c: all that is told of a plan. */
void plan_warn(const struct warn *w);
struct finding {
	int severity; /* enum diag_severity */
	const struct object *object;
	const char *field; /* NULL: the object as a whole */
	const char *rule;
	const char *hint; /* NULL: none */
};
/* What was told already, by the plan of another node, is not told again. */
void warn_add(const struct warn *w, struct finding about, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* plan_warn_pin.c: addresses that no file gives, pins that nobody follows. */
void plan_warn_pin(const struct warn *w);
/* plan_warn_maximum.c: more prefixes than a peer may get. */
void plan_warn_maximum(const struct warn *w);
/* plan_warn_preference.c: what becomes of a localPref where it is not carried. */
void plan_warn_preference(const struct warn *w);

#endif
