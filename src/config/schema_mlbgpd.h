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

enum probe_scheme { SCHEME_HTTP, SCHEME_HTTPS };

struct raw_header {
	char *name, *value;
};

struct raw_http_get {
	char *host, *path;
	int64_t *port;
	enum probe_scheme *scheme;
	struct raw_header **headers;
	uint32_t headers_count;
};

struct raw_tcp_socket {
	char *host;
	int64_t *port;
};

struct raw_exec {
	char **command;
	uint32_t command_count;
};

struct raw_listening {
	char *none;
};

struct raw_systemd_unit {
	char *name;
};

struct raw_probe {
	struct raw_http_get *http_get;
	struct raw_tcp_socket *tcp_socket;
	struct raw_exec *exec;
	struct raw_listening *listening;
	struct raw_systemd_unit *systemd_unit;
	double *initial_delay_s, *period_s, *timeout_s;
	int64_t *success_threshold, *failure_threshold;
};

struct raw_on_failure {
	enum on_failure *action;
	int64_t *local_pref;
};

struct raw_health_spec {
	struct raw_selectors node_selectors, service_selectors, pool_selectors;
	char **services, **pools;
	uint32_t services_count, pools_count;
	struct raw_probe *probe;
	struct raw_on_failure *on_failure;
};

struct raw_health_check {
	char *api, *kind;
	struct raw_metadata *metadata;
	struct raw_health_spec *spec;
};

struct raw_policy_bfd {
	enum bfd_hops *hops;
	bool *strict;
};

struct raw_peer_policy_spec {
	struct raw_selectors node_selectors, peer_selectors;
	char **peers, **communities;
	uint32_t peers_count, communities_count;
	int64_t *local_pref, *med, *prepend, *maximum_prefixes, *ttl_hops;
	struct raw_preference *preference;
	char *next_hop, *shutdown_message, *password_file;
	bool *passive, *shutdown, *drain;
	struct raw_policy_bfd *bfd;
};

struct raw_peer_policy {
	char *api, *kind;
	struct raw_metadata *metadata;
	struct raw_peer_policy_spec *spec;
};

struct raw_pool_policy_spec {
	struct raw_selectors node_selectors, pool_selectors;
	char **pools;
	uint32_t pools_count;
	enum pool_vips *vips;
	char *interface;
	enum vip_mode *vip_mode;
	enum pool_aggregates *aggregates;
};

struct raw_pool_policy {
	char *api, *kind;
	struct raw_metadata *metadata;
	struct raw_pool_policy_spec *spec;
};

/* A kind of ours. */
#define S_KIND(type, fields)                                                \
	{                                                                   \
		CYAML_VALUE_MAPPING((int)CYAML_FLAG_POINTER, type, fields), \
	}

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
