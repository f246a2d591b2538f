/* model_private.h: what a model is made of; for the files that fill it and check it */
#ifndef MLBGPD_CONFIG_MODEL_PRIVATE_H
#define MLBGPD_CONFIG_MODEL_PRIVATE_H

#include "base/arena.h"
#include "base/array.h"
#include "config/digest.h"
#include "config/model.h"
#include "config/settings.h"

/* A Secret, whatever its type: only when a peer names it the type matters. */
struct secret_doc {
	struct object object;
	const char *type;
	const char *password; /* decoded */
	bool has_password;
};

struct l2_doc {
	struct object object;
};

/* A sorted view of an array of objects. */
struct index {
	uint32_t *at;
	uint32_t n;
};

struct model {
	struct arena *arena;
	ARRAY(struct bgp_peer) peers;
	ARRAY(struct ip_address_pool) pools;
	ARRAY(struct bgp_advertisement) advertisements;
	ARRAY(struct bfd_profile) bfd_profiles;
	ARRAY(struct community_doc) communities;
	ARRAY(struct l2_doc) l2;
	ARRAY(struct service) services;
	ARRAY(struct other_service) other_services;
	ARRAY(struct node) nodes;
	ARRAY(struct namespace_doc) namespaces;
	ARRAY(struct secret_doc) secrets;
	struct settings_docs daemons, peer_policies, pool_policies;
	ARRAY(struct health_check) health_checks;
	ARRAY(struct address_allocation) allocations;
	struct index index[KIND_COUNT]; /* by namespace and name */
	const struct node *self;
	__uint128_t digest;
	ARRAY(__uint128_t) file_digests; /* by file of the sources */
	char digest_text[DIGEST_TEXT_MAX];
};

struct model *model_new(void);
/* The i-th object of a kind, NULL past the last. */
const struct object *model_object(const struct model *m, enum kind kind, size_t i);
size_t model_count(const struct model *m, enum kind kind);
/* Sorts the indexes; to be called once, when all objects are in. */
void model_seal(struct model *m, const char *node);
/* By namespace and name; services and secrets have a namespace, ns is NULL for the rest. */
int object_cmp(const struct object *a, const struct object *b);
const struct object *model_find(const struct model *m, enum kind kind, const char *ns,
				const char *name);
/* What there is where no document says anything. */
struct daemon_settings daemon_settings_defaults(void);
struct peer_settings peer_settings_defaults(const struct daemon_settings *daemon);
struct pool_settings pool_settings_defaults(const struct daemon_settings *daemon);

#endif
