/* model_private.h: what a model is made of; for the files that fill it and check it */
#ifndef MLBGPD_CONFIG_MODEL_PRIVATE_H
#define MLBGPD_CONFIG_MODEL_PRIVATE_H

#include "base/arena.h"
#include "base/array.h"
#include "config/model.h"

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

/* One Daemon document: the fields that it gives. */
enum daemon_field {
	DAEMON_CLASS,
	DAEMON_ROUTER_ID,
	DAEMON_VIP_INTERFACE,
	DAEMON_VIP_MODE,
	DAEMON_CREATE_INTERFACE,
	DAEMON_VIP_LIFETIME,
	DAEMON_ANNOUNCE_ON_LINK,
	DAEMON_WITHDRAW_HOLD,
	DAEMON_STOP_TIMEOUT,
	DAEMON_KEEP_VIPS,
	DAEMON_UNREACHABLE,
	DAEMON_DEFAULT_PROBE,
	DAEMON_LISTEN,
	DAEMON_METRICS,
	DAEMON_LOG_LEVEL,
	DAEMON_PREFERENCE_MODE,
	DAEMON_PREFERENCE_PREPEND,
	DAEMON_PREFERENCE_MED_BASE,
	DAEMON_PREFERENCE_MED_PER_TIER,
	DAEMON_PREFERENCE_COMMUNITY,
	DAEMON_FIELD_COUNT,
};

struct daemon_doc {
	struct object object;
	struct selectors node_selectors;
	bool given[DAEMON_FIELD_COUNT];
	struct daemon_settings settings;
};

/* A document of a kind of ours that nothing is done with yet: only its name is kept. */
struct other_doc {
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
	ARRAY(struct node) nodes;
	ARRAY(struct namespace_doc) namespaces;
	ARRAY(struct secret_doc) secrets;
	ARRAY(struct daemon_doc) daemons;
	ARRAY(struct address_allocation) allocations;
	ARRAY(struct other_doc) others;
	struct index index[KIND_COUNT]; /* by namespace and name */
	const struct node *self;
	__uint128_t digest;
	char digest_text[33];
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
/* The defaults of all fields. */
void daemon_defaults(struct daemon_settings *ret);
/* Copies one field. */
void daemon_field_copy(struct daemon_settings *to, const struct daemon_settings *from,
		       enum daemon_field field);
bool daemon_field_same(const struct daemon_settings *a, const struct daemon_settings *b,
		       enum daemon_field field);
/* "spec.vipMode" */
const char *daemon_field_path(enum daemon_field field);

#endif
