/* validate_private.h: what the rules share: findings at fields of objects that are long read
 *
 * Places of fields are not kept: an object's text is read again when something is wrong with it,
 * and kept until the next object's.
 */
#ifndef MLBGPD_CONFIG_VALIDATE_PRIVATE_H
#define MLBGPD_CONFIG_VALIDATE_PRIVATE_H

#include "config/diag.h"
#include "config/document.h"
#include "config/model_private.h"

struct check {
	struct model *model;
	const struct source_set *sources;
	struct diags *diags;
	const struct object *read; /* whose text is at hand; NULL: none */
	struct document doc;
	char *text;
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

bool names_have(const struct names *names, const char *name);
/* Both lists of selectors match a node that is known. */
bool check_common_node(const struct check *c, const struct selectors *a, const struct selectors *b);
/* By names and selectors; all where neither is given. */
bool advertisement_selects_pool(const struct bgp_advertisement *adv,
				const struct ip_address_pool *pool);
/* "spec.addresses[2]" of a block */
void check_block_path(struct check *c, const struct ip_address_pool *pool, uint32_t block,
		      char *buf);

/* Warns of each name in the field `list` of which there is no object, with the nearest one. */
void check_names(struct check *c, const struct object *object, const struct names *names,
		 const char *list, enum kind kind, const char *rule);
/* "did you mean NAMESPACE/NAME?"; looks at the names of all Services. */
void hint_service(struct check *c, struct diag *diag, const char *ns, const char *name);

/* The rules, by file. */
void validate_duplicates(struct check *c); /* V-009, V-055, V-073, duplicate-object */
void validate_policies(struct check *c); /* conflict, bad-value, ... */
void validate_secrets(struct check *c); /* V-028, V-029, V-030 */
void validate_profiles(struct check *c); /* V-031 */
void validate_same_peers(struct check *c); /* V-050 */
void validate_aliases(struct check *c); /* V-059 */
void validate_communities(struct check *c); /* V-064, V-065; fills the advertisements' lists */
void validate_names(struct check *c); /* unknown-pool, unknown-peer */
void validate_overlaps(struct check *c); /* V-056 */
void validate_aggregations(struct check *c); /* V-062 */
void validate_preferences(struct check *c); /* V-067 */
void validate_allocations(struct check *c); /* conflict, unknown-service */
void validate_targets(struct check *c); /* unknown-..., selects-nothing */
void validate_echo(struct check *c); /* V-074 */

#endif
