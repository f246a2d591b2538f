/* loader.h: what the loading of all kinds shares: fields to values, with what is wrong told
 *
 * A take_ function looks at one field: NULL (absent) leaves the result as it is.  False where the
 * value is wrong, which it has then reported.
 */
#ifndef MLBGPD_CONFIG_LOADER_H
#define MLBGPD_CONFIG_LOADER_H

#include "config/model_private.h"
#include "config/reading.h"

struct blob;
struct raw_preference;
struct raw_probe;

struct loader {
	struct model *model;
	struct arena *arena; /* the model's */
	const struct source_set *sources;
	struct diags *diags;
	struct blob *blobs;
};

/* One copy of equal bytes, aligned for any type: for lists that repeat a thousand times. */
const void *loader_share(struct loader *l, const void *data, size_t size);
void loader_fini(struct loader *l);

const char *take_string(struct reading *r, const char *raw);
/* The text of a field, also a quoted "" or "null", which libcyaml takes for none; NULL: absent. */
const char *take_text(struct reading *r, const char *raw, const char *path);
bool take_u32(struct reading *r, const int64_t *raw, const char *path, const char *rule,
	      uint32_t min, uint32_t max, uint32_t *ret);
/* A field's text from the tree: libcyaml takes a quoted null and an empty text for nothing. */
const char *take_tree_text(struct reading *r, const char *path);
void take_bool(const bool *raw, bool *ret);
/* Which of the words it is; n where it is none of them (told, with the nearest one) or absent. */
size_t take_word(struct reading *r, const char *raw, const char *path, const char *rule,
		 const char *const *words, size_t n);
/* rule V-022 */
bool take_duration(struct reading *r, const char *raw, const char *path, struct opt_duration *ret);
bool take_addr(struct reading *r, const char *raw, const char *path, const char *rule,
	       struct addr *ret);
/* Values written twice are errors by that rule. */
void take_names(struct reading *r, char *const *raw, uint32_t n, const char *path, const char *rule,
		struct names *ret);
/* From the tree: a mapping of strings, sorted by key. */
void take_labels(struct reading *r, yaml_node_t *map, const char *path, struct labels *ret);
/* From the tree: rules V-005 to V-008. */
void take_selectors(struct reading *r, const char *path, struct selectors *ret);
/* from V-005: "" or 63 characters at most */
bool is_label_key(const char *key);
bool is_label_value(const char *value);
/* a DNS subdomain: lower case letters, digits, '-', '.' */
bool is_object_name(const char *name);

/* Fields of a settings_doc: one that is there sets *ret, and the document's bit for it. */
#define TAKE_SETTING(doc, field, raw, ret)          \
	do {                                        \
		if (raw) {                          \
			*(ret) = *(raw);            \
			setting_give((doc), field); \
		}                                   \
	} while (0)
/* From the tree.  Returns the text, NULL where there is none. */
const char *take_setting_text(struct reading *r, const char *path, struct settings_doc *doc,
			      unsigned field, const char **ret);
void take_setting_u32(struct reading *r, const int64_t *raw, const char *path, uint32_t min,
		      uint32_t max, struct settings_doc *doc, unsigned field, uint32_t *ret);
/* The name of an interface, or an altname. */
void take_interface(struct reading *r, const char *path, struct settings_doc *doc, unsigned field,
		    const char **ret);
/* spec.externalPreference, whose fields begin with the first. */
void take_preference(struct reading *r, const struct raw_preference *raw, struct settings_doc *doc,
		     unsigned first, struct external_preference *ret);

/* spec.probe: exactly one of the five. */
void take_probe(struct reading *r, const struct raw_probe *raw, struct probe *probe);

/* The kinds.  raw is what libcyaml made, object what is common to all, already filled. */
void load_peer(struct reading *r, const struct object *object, const void *raw);
void load_pool(struct reading *r, const struct object *object, const void *raw);
void load_advertisement(struct reading *r, const struct object *object, const void *raw);
void load_bfd(struct reading *r, const struct object *object, const void *raw);
void load_community(struct reading *r, const struct object *object, const void *raw);
void load_l2(struct reading *r, const struct object *object, const void *raw);
void load_service(struct reading *r, const struct object *object, const void *raw);
void load_node(struct reading *r, const struct object *object, const void *raw);
void load_namespace(struct reading *r, const struct object *object, const void *raw);
void load_secret(struct reading *r, const struct object *object, const void *raw);
void load_daemon(struct reading *r, const struct object *object, const void *raw);
void load_allocation(struct reading *r, const struct object *object, const void *raw);
void load_health_check(struct reading *r, const struct object *object, const void *raw);
void load_peer_policy(struct reading *r, const struct object *object, const void *raw);
void load_pool_policy(struct reading *r, const struct object *object, const void *raw);

#endif
