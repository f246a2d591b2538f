/* schema_core.c: tables of metadata, label selectors, and Kubernetes' own kinds */
#include "config/schema_core.h"

struct raw_expression {
	char *key, *operator;
	char **values;
	uint32_t values_count;
};

struct raw_selector_body {
	struct raw_expression **expressions;
	uint32_t expressions_count;
};

const cyaml_schema_value_t schema_string_entry = {
	CYAML_VALUE_STRING((int)CYAML_FLAG_POINTER_NULL_STR, char *, 0, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t expression_fields[] = {
	S_STRING_AS("key", SCHEMA_REQUIRED, struct raw_expression, key),
	S_STRING_AS("operator", SCHEMA_REQUIRED, struct raw_expression, operator),
	S_LIST("values", struct raw_expression, values, &schema_string_entry),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t expression_entry =
	S_ENTRY(struct raw_expression, expression_fields);

static const cyaml_schema_field_t selector_fields[] = {
	S_STRINGS("matchLabels"),
	S_LIST("matchExpressions", struct raw_selector_body, expressions, &expression_entry),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t schema_selector_entry =
	S_ENTRY(struct raw_selector_body, selector_fields);

/* What the API server adds is known, and without effect. */
const cyaml_schema_field_t schema_metadata_fields[] = {
	S_STRING_AS("name", SCHEMA_REQUIRED, struct raw_metadata, name),
	S_STRING("namespace", struct raw_metadata, namespace),
	S_STRINGS("labels"),
	S_STRINGS("annotations"),
	S_ANY("creationTimestamp"),
	S_ANY("deletionGracePeriodSeconds"),
	S_ANY("deletionTimestamp"),
	S_ANY("finalizers"),
	S_ANY("generateName"),
	S_ANY("generation"),
	S_ANY("managedFields"),
	S_ANY("ownerReferences"),
	S_ANY("resourceVersion"),
	S_ANY("selfLink"),
	S_ANY("uid"),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t port_fields[] = {
	S_STRING("name", struct raw_port, name),
	S_STRING("protocol", struct raw_port, protocol),
	S_INT("port", struct raw_port, port),
	S_ANY("appProtocol"),
	S_ANY("nodePort"),
	S_ANY("targetPort"),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t port_entry = S_ENTRY(struct raw_port, port_fields);

static const cyaml_schema_field_t service_spec_fields[] = {
	S_STRING("type", struct raw_service_spec, type),
	S_STRING("loadBalancerClass", struct raw_service_spec, load_balancer_class),
	S_STRING("loadBalancerIP", struct raw_service_spec, load_balancer_ip),
	S_STRING("externalTrafficPolicy", struct raw_service_spec, traffic_policy),
	S_STRING("ipFamilyPolicy", struct raw_service_spec, family_policy),
	S_STRING("clusterIP", struct raw_service_spec, cluster_ip),
	S_LIST("clusterIPs", struct raw_service_spec, cluster_ips, &schema_string_entry),
	S_LIST("ipFamilies", struct raw_service_spec, families, &schema_string_entry),
	S_LIST("ports", struct raw_service_spec, ports, &port_entry),
	S_STRINGS("selector"),
	S_ANY("allocateLoadBalancerNodePorts"),
	S_ANY("externalIPs"),
	S_ANY("externalName"),
	S_ANY("healthCheckNodePort"),
	S_ANY("internalTrafficPolicy"),
	S_ANY("loadBalancerSourceRanges"),
	S_ANY("publishNotReadyAddresses"),
	S_ANY("sessionAffinity"),
	S_ANY("sessionAffinityConfig"),
	S_ANY("trafficDistribution"),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t service_fields[] = {
	S_HEAD(struct raw_service),
	S_MAP_AS("spec", SCHEMA_REQUIRED, struct raw_service, spec, service_spec_fields),
	S_ANY("status"),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t schema_service = {
	CYAML_VALUE_MAPPING((int)CYAML_FLAG_POINTER, struct raw_service, service_fields),
};

static const cyaml_schema_field_t head_fields[] = {
	S_HEAD(struct raw_head),
	S_ANY("spec"),
	S_ANY("status"),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t schema_node = {
	CYAML_VALUE_MAPPING((int)CYAML_FLAG_POINTER, struct raw_head, head_fields),
};

const cyaml_schema_value_t schema_namespace = {
	CYAML_VALUE_MAPPING((int)CYAML_FLAG_POINTER, struct raw_head, head_fields),
};

static const cyaml_schema_field_t secret_fields[] = {
	S_HEAD(struct raw_head), S_ANY("type"),	     S_STRINGS("data"),
	S_STRINGS("stringData"), S_ANY("immutable"), CYAML_FIELD_END,
};

const cyaml_schema_value_t schema_secret = {
	CYAML_VALUE_MAPPING((int)CYAML_FLAG_POINTER, struct raw_head, secret_fields),
};
