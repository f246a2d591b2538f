/* object.h: what documents of all kinds are made of: kind, name, labels, selectors, lists of names
 *
 * Part of model.h; its texts and lists are a model's.
 */
#ifndef MLBGPD_CONFIG_OBJECT_H
#define MLBGPD_CONFIG_OBJECT_H

#include "config/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kind {
	KIND_NONE = 0,
	KIND_BGP_PEER,
	KIND_IP_ADDRESS_POOL,
	KIND_BGP_ADVERTISEMENT,
	KIND_BFD_PROFILE,
	KIND_COMMUNITY,
	KIND_L2_ADVERTISEMENT,
	KIND_SERVICE,
	KIND_NODE,
	KIND_NAMESPACE,
	KIND_SECRET,
	KIND_DAEMON,
	KIND_HEALTH_CHECK,
	KIND_PEER_POLICY,
	KIND_POOL_POLICY,
	KIND_ADDRESS_ALLOCATION,
	KIND_COUNT,
};
const char *kind_name(enum kind kind); /* "BGPPeer" */

struct label {
	const char *key;
	const char *value;
};

struct labels {
	const struct label *at; /* sorted by key */
	uint32_t n;
};

/* What every document has. */
struct object {
	const char *name;
	const char *namespace; /* "default" for a Service without; NULL for cluster-wide kinds */
	struct labels labels;
	struct place place; /* where the document (or List item) starts */
	enum kind kind;
	uint32_t len; /* bytes of it in the file */
};

enum selector_op { SELECTOR_IN, SELECTOR_NOT_IN, SELECTOR_EXISTS, SELECTOR_DOES_NOT_EXIST };

struct names {
	const char *const *at; /* as written, in document order */
	uint32_t n;
};

struct selector_expr {
	const char *key;
	enum selector_op op;
	struct names values;
};

/* All of it must match; an empty one matches everything. */
struct selector {
	struct labels match;
	const struct selector_expr *exprs;
	uint32_t n_exprs;
};

/* One of them must match; what an empty list means is the field's business (mostly: all). */
struct selectors {
	const struct selector *at;
	uint32_t n;
};

/* A standard community is (high << 16 | low). */
struct large_community {
	uint32_t global_admin, data1, data2;
};

/* A duration or number that may be absent. */
struct opt_duration {
	int64_t ns;
	bool set;
};

struct opt_u32 {
	uint32_t value;
	bool set;
};

#endif
