/* validate_private.h: what the rules share: findings at fields of objects that are long read
 *
 * Places of fields are not kept: an object's text is read again when something is wrong with it,
 * and kept until the next object's.
 */
#ifndef MLBGPD_CONFIG_VALIDATE_PRIVATE_H
#define MLBGPD_CONFIG_VALIDATE_PRIVATE_H

#include "config/community.h"
#include "config/diag.h"
#include "config/document.h"
#include "config/model_private.h"

struct alias_at;

struct check {
	struct model *model;
	const struct source_set *sources;
	struct diags *diags;
	const struct object *read; /* whose text is at hand; NULL: none */
	struct document doc;
	struct name_at { /* the latest of a list that was looked for: they come in order */
		const struct object *object;
		const char *list;
		uint32_t i;
		size_t index;
	} name;
	struct alias_at *aliases;
	size_t n_aliases;
};

/* Where a field stands: its value; where it does not exist, the key around it. */
struct place check_place(struct check *c, const struct object *object, const char *field);
/* The node of a field, good until the next call for another object; NULL where there is none. */
yaml_node_t *check_node(struct check *c, const struct object *object, const char *field);
struct diag *check_error(struct check *c, const struct object *object, const char *field,
			 const char *rule, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
struct diag *check_warning(struct check *c, const struct object *object, const char *field,
			   const char *rule, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* Both lists of selectors match a node that is known. */
bool check_common_node(const struct check *c, const struct selectors *a, const struct selectors *b);
/* "spec.peers[2]" of the i-th of the names that were kept: those that are texts */
const char *check_name_path(struct check *c, const struct object *object, const char *list,
			    uint32_t i, char *buf);
/* "spec.addresses[2]" of a block */
void check_block_path(struct check *c, const struct ip_address_pool *pool, uint32_t block,
		      char *buf);

/* The Secret that a peer names, NULL where there is none: the peer's own namespace first, as far as
 * it has one. */
const struct secret_doc *check_secret_of(const struct check *c, const struct bgp_peer *peer);
/* "did you mean ...?" of the names of a kind. */
void check_hint_nearest(struct check *c, struct diag *diag, enum kind kind, const char *name);

/* All aliases by name, then in the order of the files; to be freed. */
struct alias_at {
	const struct community_alias *alias;
	const struct community_doc *doc;
	size_t seq;
};
struct alias_at *sorted_aliases(const struct model *m, size_t *ret_n);

/* What stands for a name: an alias (which hides a literal), a literal, a well-known name. */
enum community_parse check_community(const struct check *c, const char *name,
				     struct community_alias *ret);

/* Fill in, silently, what one document takes from others. */
void resolve_secrets(struct check *c); /* peers' passwords */
void resolve_communities(struct check *c); /* of advertisements and policies */

/* Each rule of rules.def that looks at several documents. */
#define RULE(id, words)
#define RULE_OF_ALL(id, function, words) void function(struct check *c);
#include "config/rules.def"
#undef RULE

void conflict_of_allocations(struct check *c);
/* of Daemons and policies; and what of them excludes each other, or does nothing */
void conflict_of_settings(struct check *c);

#endif
