/* schema_metallb.h: what libcyaml makes of MetalLB's kinds */
#ifndef MLBGPD_CONFIG_SCHEMA_METALLB_H
#define MLBGPD_CONFIG_SCHEMA_METALLB_H

#include "config/schema.h"

struct raw_secret_ref {
	char *name, *namespace;
};

struct raw_peer_spec {
	int64_t *my_asn, *peer_asn, *local_asn, *peer_port;
	char *dynamic_asn, *peer_address, *interface, *source_address, *router_id;
	char *hold_time, *keepalive_time, *connect_time;
	char *password, *bfd_profile, *vrf;
	struct raw_secret_ref *password_secret;
	struct raw_selectors node_selectors;
	bool *graceful_restart, *ebgp_multihop, *disable_mp, *dual_stack;
};

struct raw_peer {
	char *api, *kind;
	struct raw_metadata *metadata;
	struct raw_peer_spec *spec;
};

struct raw_service_allocation {
	int64_t *priority;
	char **namespaces;
	uint32_t namespaces_count;
	struct raw_selectors namespace_selectors, service_selectors;
};

struct raw_pool_spec {
	char **addresses;
	uint32_t addresses_count;
	bool *auto_assign, *avoid_buggy_ips;
	struct raw_service_allocation *allocation;
};

struct raw_pool {
	char *api, *kind;
	struct raw_metadata *metadata;
	struct raw_pool_spec *spec;
};

struct raw_advertisement_spec {
	char **pools, **communities, **peers;
	uint32_t pools_count, communities_count, peers_count;
	struct raw_selectors pool_selectors, node_selectors, service_selectors;
	int64_t *aggregation_length, *aggregation_length_v6, *local_pref;
};

struct raw_advertisement {
	char *api, *kind;
	struct raw_metadata *metadata;
	struct raw_advertisement_spec *spec;
};

struct raw_bfd_spec {
	int64_t *receive, *transmit, *multiplier, *echo, *minimum_ttl;
	bool *echo_mode, *passive_mode;
};

struct raw_bfd {
	char *api, *kind;
	struct raw_metadata *metadata;
	struct raw_bfd_spec *spec;
};

struct raw_alias {
	char *name, *value;
};

struct raw_community_spec {
	struct raw_alias **communities;
	uint32_t communities_count;
};

struct raw_community {
	char *api, *kind;
	struct raw_metadata *metadata;
	struct raw_community_spec *spec;
};

struct raw_preferred {
	int64_t *weight;
	struct raw_selector_body *preference;
};

struct raw_l2_spec {
	char **pools, **interfaces;
	uint32_t pools_count, interfaces_count, preferred_count;
	struct raw_selectors pool_selectors, node_selectors, service_selectors;
	struct raw_preferred **preferred;
};

struct raw_l2 {
	char *api, *kind;
	struct raw_metadata *metadata;
	struct raw_l2_spec *spec;
};

extern const cyaml_schema_value_t schema_peer;
extern const cyaml_schema_value_t schema_peer_v1beta1;
extern const cyaml_schema_value_t schema_pool;
extern const cyaml_schema_value_t schema_advertisement;
extern const cyaml_schema_value_t schema_bfd;
extern const cyaml_schema_value_t schema_community;
extern const cyaml_schema_value_t schema_l2;

#endif
