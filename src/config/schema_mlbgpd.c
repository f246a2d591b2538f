/* schema_mlbgpd.c: tables of HealthCheck, PeerPolicy, PoolPolicy and AddressAllocation */
#include "config/schema_mlbgpd.h"

#define TOP(type, fields)                                                   \
	{                                                                   \
		CYAML_VALUE_MAPPING((int)CYAML_FLAG_POINTER, type, fields), \
	}

struct raw_header {
	char *name, *value;
};

struct raw_http_get {
	char *host, *port, *path, *scheme;
	struct raw_header **headers;
	uint32_t headers_count;
};

struct raw_tcp_socket {
	char *host, *port;
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

enum on_failure { ON_FAILURE_WITHDRAW, ON_FAILURE_DEMOTE, ON_FAILURE_UNASSIGN };

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

static const cyaml_schema_field_t header_fields[] = {
	S_STRING_AS("name", SCHEMA_REQUIRED, struct raw_header, name),
	S_STRING_AS("value", SCHEMA_REQUIRED, struct raw_header, value),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t header_entry = S_ENTRY(struct raw_header, header_fields);

static const cyaml_schema_field_t http_get_fields[] = {
	S_STRING("host", struct raw_http_get, host),
	S_STRING_AS("port", SCHEMA_REQUIRED | SCHEMA_ANY_SCALAR, struct raw_http_get, port),
	S_STRING("path", struct raw_http_get, path),
	S_STRING("scheme", struct raw_http_get, scheme),
	S_LIST("httpHeaders", struct raw_http_get, headers, &header_entry),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t tcp_socket_fields[] = {
	S_STRING("host", struct raw_tcp_socket, host),
	S_STRING_AS("port", SCHEMA_REQUIRED | SCHEMA_ANY_SCALAR, struct raw_tcp_socket, port),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t exec_fields[] = {
	S_LIST_AS("command", SCHEMA_REQUIRED, struct raw_exec, command, &schema_string_entry),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t listening_fields[] = {
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t systemd_unit_fields[] = {
	S_STRING_AS("name", SCHEMA_REQUIRED, struct raw_systemd_unit, name),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t probe_fields[] = {
	S_MAP("httpGet", struct raw_probe, http_get, http_get_fields),
	S_MAP("tcpSocket", struct raw_probe, tcp_socket, tcp_socket_fields),
	S_MAP("exec", struct raw_probe, exec, exec_fields),
	S_MAP("listening", struct raw_probe, listening, listening_fields),
	S_MAP("systemdUnit", struct raw_probe, systemd_unit, systemd_unit_fields),
	S_FLOAT("initialDelaySeconds", struct raw_probe, initial_delay_s),
	S_FLOAT("periodSeconds", struct raw_probe, period_s),
	S_FLOAT("timeoutSeconds", struct raw_probe, timeout_s),
	S_INT("successThreshold", struct raw_probe, success_threshold),
	S_INT("failureThreshold", struct raw_probe, failure_threshold),
	CYAML_FIELD_END,
};

static const cyaml_strval_t on_failure_actions[] = {
	{"withdraw", ON_FAILURE_WITHDRAW},
	{"demote", ON_FAILURE_DEMOTE},
	{"unassign", ON_FAILURE_UNASSIGN},
};

static const cyaml_schema_field_t on_failure_fields[] = {
	S_ENUM("action", struct raw_on_failure, action, on_failure_actions),
	S_INT("localPref", struct raw_on_failure, local_pref),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t health_spec_fields[] = {
	S_SELECTORS("nodeSelectors", struct raw_health_spec, node_selectors),
	S_NAMES("services", struct raw_health_spec, services),
	S_SELECTORS("serviceSelectors", struct raw_health_spec, service_selectors),
	S_NAMES("ipAddressPools", struct raw_health_spec, pools),
	S_SELECTORS("ipAddressPoolSelectors", struct raw_health_spec, pool_selectors),
	S_MAP_AS("probe", SCHEMA_REQUIRED, struct raw_health_spec, probe, probe_fields),
	S_MAP("onFailure", struct raw_health_spec, on_failure, on_failure_fields),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t health_check_fields[] = {
	S_HEAD(struct raw_health_check),
	S_MAP_AS("spec", SCHEMA_REQUIRED, struct raw_health_check, spec, health_spec_fields),
	S_ANY("status"),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t schema_health_check = TOP(struct raw_health_check, health_check_fields);

enum bfd_hops { BFD_HOPS_AUTO, BFD_HOPS_SINGLE, BFD_HOPS_MULTI };

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

static const cyaml_strval_t bfd_hops[] = {
	{"auto", BFD_HOPS_AUTO},
	{"single", BFD_HOPS_SINGLE},
	{"multi", BFD_HOPS_MULTI},
};

static const cyaml_schema_field_t policy_bfd_fields[] = {
	S_ENUM("hops", struct raw_policy_bfd, hops, bfd_hops),
	S_BOOL("strict", struct raw_policy_bfd, strict),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t peer_policy_spec_fields[] = {
	S_SELECTORS("nodeSelectors", struct raw_peer_policy_spec, node_selectors),
	S_NAMES("peers", struct raw_peer_policy_spec, peers),
	S_SELECTORS("peerSelectors", struct raw_peer_policy_spec, peer_selectors),
	S_INT("localPref", struct raw_peer_policy_spec, local_pref),
	S_NAMES("communities", struct raw_peer_policy_spec, communities),
	S_INT("med", struct raw_peer_policy_spec, med),
	S_INT("asPathPrepend", struct raw_peer_policy_spec, prepend),
	S_MAP_AS("externalPreference", SCHEMA_OR_SCALAR, struct raw_peer_policy_spec, preference,
		 schema_preference_fields),
	S_STRING("nextHop", struct raw_peer_policy_spec, next_hop),
	S_INT("maximumPrefixes", struct raw_peer_policy_spec, maximum_prefixes),
	S_BOOL("passive", struct raw_peer_policy_spec, passive),
	S_INT("ttlSecurityHops", struct raw_peer_policy_spec, ttl_hops),
	S_BOOL("shutdown", struct raw_peer_policy_spec, shutdown),
	S_STRING("shutdownMessage", struct raw_peer_policy_spec, shutdown_message),
	S_BOOL("drain", struct raw_peer_policy_spec, drain),
	S_STRING("passwordFile", struct raw_peer_policy_spec, password_file),
	S_MAP("bfd", struct raw_peer_policy_spec, bfd, policy_bfd_fields),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t peer_policy_fields[] = {
	S_HEAD(struct raw_peer_policy),
	S_MAP("spec", struct raw_peer_policy, spec, peer_policy_spec_fields),
	S_ANY("status"),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t schema_peer_policy = TOP(struct raw_peer_policy, peer_policy_fields);

enum pool_vips { POOL_VIPS_SERVICES, POOL_VIPS_ADDRESSES, POOL_VIPS_PREFIXES };
enum pool_aggregates { AGGREGATES_HEALTHY, AGGREGATES_ALWAYS };

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

static const cyaml_strval_t pool_vips[] = {
	{"services", POOL_VIPS_SERVICES},
	{"addresses", POOL_VIPS_ADDRESSES},
	{"prefixes", POOL_VIPS_PREFIXES},
};

static const cyaml_strval_t pool_vip_modes[] = {
	{"address", VIP_MODE_ADDRESS},
	{"route", VIP_MODE_ROUTE},
};

static const cyaml_strval_t pool_aggregates[] = {
	{"healthy", AGGREGATES_HEALTHY},
	{"always", AGGREGATES_ALWAYS},
};

static const cyaml_schema_field_t pool_policy_spec_fields[] = {
	S_SELECTORS("nodeSelectors", struct raw_pool_policy_spec, node_selectors),
	S_NAMES("ipAddressPools", struct raw_pool_policy_spec, pools),
	S_SELECTORS("ipAddressPoolSelectors", struct raw_pool_policy_spec, pool_selectors),
	S_ENUM("vips", struct raw_pool_policy_spec, vips, pool_vips),
	S_STRING("interface", struct raw_pool_policy_spec, interface),
	S_ENUM("vipMode", struct raw_pool_policy_spec, vip_mode, pool_vip_modes),
	S_ENUM("aggregates", struct raw_pool_policy_spec, aggregates, pool_aggregates),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t pool_policy_fields[] = {
	S_HEAD(struct raw_pool_policy),
	S_MAP("spec", struct raw_pool_policy, spec, pool_policy_spec_fields),
	S_ANY("status"),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t schema_pool_policy = TOP(struct raw_pool_policy, pool_policy_fields);

static const cyaml_schema_field_t pinned_fields[] = {
	S_STRING("namespace", struct raw_pinned, namespace),
	S_STRING_AS("name", SCHEMA_REQUIRED, struct raw_pinned, name),
	S_LIST_AS("addresses", SCHEMA_REQUIRED, struct raw_pinned, addresses, &schema_string_entry),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t pinned_entry = S_ENTRY(struct raw_pinned, pinned_fields);

static const cyaml_schema_field_t allocation_spec_fields[] = {
	S_SELECTORS("nodeSelectors", struct raw_allocation_spec, node_selectors),
	S_LIST("services", struct raw_allocation_spec, services, &pinned_entry),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t address_allocation_fields[] = {
	S_HEAD(struct raw_address_allocation),
	S_MAP_AS("spec", SCHEMA_REQUIRED, struct raw_address_allocation, spec,
		 allocation_spec_fields),
	S_ANY("status"),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t schema_address_allocation =
	TOP(struct raw_address_allocation, address_allocation_fields);
