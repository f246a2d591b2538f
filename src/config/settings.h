/* settings.h: documents that set fields of one target, merged field by field
 *
 * One mechanism for Daemon (target: the node), PeerPolicy (a peer on a node) and PoolPolicy (a pool
 * on a node).  A document that says whom it means, by nodes, names or selectors, beats one that
 * means all; of two of equal rank the first in the files counts, and where they give a field
 * different values that is a conflict (validate_settings.c refuses it).
 *
 * The fields of a kind are a table; a document has a struct of its kind's settings and a bit for
 * each field that it gives.
 */
#ifndef MLBGPD_CONFIG_SETTINGS_H
#define MLBGPD_CONFIG_SETTINGS_H

#include "base/array.h"
#include "config/model_mlbgpd.h"
#include "config/object.h"

struct node;

enum { SETTINGS_MAX = 32 }; /* fields of one kind */

enum setting_type {
	SETTING_VALUE, /* equal bytes are equal values */
	SETTING_TEXT, /* NULL is like "" */
	SETTING_OPT_U32,
	SETTING_LISTEN, /* struct listen_addresses */
	SETTING_COMMUNITIES, /* struct communities, resolved */
};

struct setting {
	const char *path; /* "spec.vipMode" */
	enum setting_type type;
	uint16_t offset, size; /* in the struct of the kind */
};

struct settings_kind {
	const struct setting *fields;
	unsigned n;
};

/* The fields of externalPreference follow each other in this order, in each kind that has it. */
enum preference_field {
	PREFERENCE_FIELD_MODE,
	PREFERENCE_FIELD_PREPEND,
	PREFERENCE_FIELD_MED_BASE,
	PREFERENCE_FIELD_MED_PER_TIER,
	PREFERENCE_FIELD_COMMUNITY,
	PREFERENCE_FIELDS,
};

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
	DAEMON_PREFERENCE,
	DAEMON_FIELDS = DAEMON_PREFERENCE + PREFERENCE_FIELDS,
};

enum peer_field {
	PEER_LOCAL_PREF,
	PEER_COMMUNITIES,
	PEER_MED,
	PEER_PREPEND,
	PEER_NEXT_HOP,
	PEER_MAXIMUM_PREFIXES,
	PEER_PASSIVE,
	PEER_TTL_SECURITY_HOPS,
	PEER_SHUTDOWN,
	PEER_SHUTDOWN_MESSAGE,
	PEER_DRAIN,
	PEER_PASSWORD_FILE,
	PEER_BFD_HOPS,
	PEER_BFD_STRICT,
	PEER_PREFERENCE,
	PEER_FIELDS = PEER_PREFERENCE + PREFERENCE_FIELDS,
};

enum pool_field {
	POOL_VIPS,
	POOL_INTERFACE,
	POOL_VIP_MODE,
	POOL_AGGREGATES,
	POOL_FIELDS,
};

extern const struct settings_kind daemon_kind; /* struct daemon_settings */
extern const struct settings_kind peer_policy_kind; /* struct peer_settings */
extern const struct settings_kind pool_policy_kind; /* struct pool_settings */

struct settings_doc {
	struct object object;
	struct selectors node_selectors;
	struct names names; /* of targets; with selectors: either is enough */
	struct selectors selectors;
	uint32_t given; /* a bit for each field */
	void *settings; /* the kind's; the arena's */
};

struct settings_docs {
	ARRAY(struct settings_doc);
};

bool setting_is_given(const struct settings_doc *doc, unsigned field);
void setting_give(struct settings_doc *doc, unsigned field);
bool settings_same(const struct settings_kind *kind, unsigned field, const void *a, const void *b);

/* Does the document concern the target, on the nodes that it selects?  NULL (a node): it does. */
bool settings_select_target(const struct settings_doc *doc, const struct object *target);

/* Tells, whatever the node, the documents whose value of the field may be the target's.  Returns
 * whether there may be a node on which none gives it. */
typedef void (*settings_giver_fn)(void *arg, const struct settings_doc *doc);
bool settings_givers(const struct settings_docs *docs, const struct object *target, unsigned field,
		     settings_giver_fn fn, void *arg);

/* Which document gave each field of a result; NULL: none. */
struct settings_origin {
	const struct settings_doc *by[SETTINGS_MAX];
};
/* The second gives the field another value than the first, with the same right. */
typedef void (*settings_conflict_fn)(void *arg, const struct settings_doc *first,
				     const struct settings_doc *second, unsigned field);
/* Fills in what the documents say, over what ret holds.  origin and fn may be NULL. */
void settings_merge(const struct settings_kind *kind, const struct settings_docs *docs,
		    const struct node *node, const struct object *target, void *ret,
		    struct settings_origin *origin, settings_conflict_fn fn, void *arg);

#endif
