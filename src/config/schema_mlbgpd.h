/* schema_mlbgpd.h: what libcyaml makes of our own kinds */
#ifndef MLBGPD_CONFIG_SCHEMA_MLBGPD_H
#define MLBGPD_CONFIG_SCHEMA_MLBGPD_H

#include "config/schema.h"

#include "config/model.h"

struct raw_preference {
	enum preference_mode *mode;
	int64_t *prepend_per_tier, *med_base, *med_per_tier;
	char *community;
};

struct raw_daemon_spec {
	struct raw_selectors node_selectors;
	char *load_balancer_class, *router_id, *vip_interface;
	enum vip_mode *vip_mode;
	enum default_probe *default_probe;
	int *log_level;
	bool *create_interface, *announce_on_link, *keep_vips_on_stop, *unreachable_aggregates;
	char *vip_lifetime, *withdraw_hold, *stop_timeout, *metrics_address;
	char **listen;
	uint32_t listen_count;
	struct raw_preference *preference;
};

struct raw_daemon {
	char *api, *kind;
	struct raw_metadata *metadata;
	struct raw_daemon_spec *spec;
};

struct raw_pinned {
	char *namespace, *name;
	char **addresses;
	uint32_t addresses_count;
};

struct raw_allocation_spec {
	struct raw_selectors node_selectors;
	struct raw_pinned **services;
	uint32_t services_count;
};

struct raw_address_allocation {
	char *api, *kind;
	struct raw_metadata *metadata;
	struct raw_allocation_spec *spec;
};

/* The words of externalPreference's modes. */
extern const cyaml_strval_t schema_preference_modes[];
enum { SCHEMA_PREFERENCE_MODES = 7 };

extern const cyaml_schema_field_t schema_preference_fields[];
extern const cyaml_schema_value_t schema_daemon;
extern const cyaml_schema_value_t schema_health_check;
extern const cyaml_schema_value_t schema_peer_policy;
extern const cyaml_schema_value_t schema_pool_policy;
extern const cyaml_schema_value_t schema_address_allocation;

#endif
