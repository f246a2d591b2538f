/* kinds.h: the kinds that are read: apiVersion, name, table and loader of each */
#ifndef MLBGPD_CONFIG_KINDS_H
#define MLBGPD_CONFIG_KINDS_H

#include "config/model.h"

#include <cyaml/cyaml.h>

struct reading;

struct kind_entry {
	const char *api, *name;
	enum kind kind;
	const cyaml_schema_value_t *schema;
	void (*load)(struct reading *r, const struct object *object, const void *raw);
};

#define API_METALLB "metallb.io/v1beta1"
#define API_METALLB_2 "metallb.io/v1beta2"
#define API_MLBGPD "mlbgpd.io/v1alpha1"

enum { KIND_ENTRIES = 16 };
extern const struct kind_entry kind_entries[KIND_ENTRIES];

#endif
