/* schema_core.h: what libcyaml makes of Kubernetes' own kinds */
#ifndef MLBGPD_CONFIG_SCHEMA_CORE_H
#define MLBGPD_CONFIG_SCHEMA_CORE_H

#include "config/schema.h"

struct raw_port {
	char *name, *protocol;
	int64_t *port;
};

struct raw_service_spec {
	char *type, *load_balancer_class, *load_balancer_ip, *traffic_policy, *family_policy;
	char *cluster_ip;
	char **cluster_ips, **families;
	struct raw_port **ports;
	uint32_t cluster_ips_count, families_count, ports_count;
};

struct raw_service {
	char *api, *kind;
	struct raw_metadata *metadata;
	struct raw_service_spec *spec;
};

/* All that is wanted of them is in the tree. */
struct raw_head {
	char *api, *kind;
	struct raw_metadata *metadata;
};

extern const cyaml_schema_value_t schema_service;
extern const cyaml_schema_value_t schema_node;
extern const cyaml_schema_value_t schema_namespace;
extern const cyaml_schema_value_t schema_secret;

#endif
