/* schema_health.c: table of HealthCheck */
#include "config/schema_mlbgpd.h"

static const cyaml_schema_field_t header_fields[] = {
	S_STRING_AS("name", SCHEMA_REQUIRED, struct raw_header, name),
	S_STRING_AS("value", SCHEMA_REQUIRED, struct raw_header, value),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t header_entry = S_ENTRY(struct raw_header, header_fields);

static const cyaml_strval_t schemes[] = {
	{"HTTP", SCHEME_HTTP},
	{"HTTPS", SCHEME_HTTPS},
};

static const cyaml_schema_field_t http_get_fields[] = {
	S_STRING("host", struct raw_http_get, host),
	S_INT_AS("port", SCHEMA_REQUIRED, struct raw_http_get, port),
	S_STRING("path", struct raw_http_get, path),
	S_ENUM("scheme", struct raw_http_get, scheme, schemes),
	S_LIST("httpHeaders", struct raw_http_get, headers, &header_entry),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t tcp_socket_fields[] = {
	S_STRING("host", struct raw_tcp_socket, host),
	S_INT_AS("port", SCHEMA_REQUIRED, struct raw_tcp_socket, port),
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
const cyaml_schema_value_t schema_health_check =
	S_KIND(struct raw_health_check, health_check_fields);
