/* schema_daemon.c: table of the Daemon kind */
#include "config/schema_mlbgpd.h"

#include <syslog.h>

static const cyaml_strval_t vip_modes[] = {
	{"address", VIP_MODE_ADDRESS},
	{"route", VIP_MODE_ROUTE},
};

static const cyaml_strval_t default_probes[] = {
	{"none", DEFAULT_PROBE_NONE},
	{"listening", DEFAULT_PROBE_LISTENING},
};

static const cyaml_strval_t log_levels[] = {
	{"error", LOG_ERR},
	{"warning", LOG_WARNING},
	{"info", LOG_INFO},
	{"debug", LOG_DEBUG},
};

const cyaml_strval_t schema_preference_modes[SCHEMA_PREFERENCE_MODES] = {
	{"auto", PREFERENCE_AUTO}, {"prepend", PREFERENCE_PREPEND},
	{"med", PREFERENCE_MED},   {"community", PREFERENCE_COMMUNITY},
	{"send", PREFERENCE_SEND}, {"none", PREFERENCE_NONE},
	{"off", PREFERENCE_NONE},
};

const cyaml_schema_field_t schema_preference_fields[] = {
	S_ENUM("mode", struct raw_preference, mode, schema_preference_modes),
	S_INT("prependPerTier", struct raw_preference, prepend_per_tier),
	S_INT("medBase", struct raw_preference, med_base),
	S_INT("medPerTier", struct raw_preference, med_per_tier),
	S_STRING("community", struct raw_preference, community),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t daemon_spec_fields[] = {
	S_SELECTORS("nodeSelectors", struct raw_daemon_spec, node_selectors),
	S_STRING("loadBalancerClass", struct raw_daemon_spec, load_balancer_class),
	S_STRING("routerID", struct raw_daemon_spec, router_id),
	S_STRING("vipInterface", struct raw_daemon_spec, vip_interface),
	S_ENUM("vipMode", struct raw_daemon_spec, vip_mode, vip_modes),
	S_BOOL("createInterface", struct raw_daemon_spec, create_interface),
	S_DURATION("vipLifetime", struct raw_daemon_spec, vip_lifetime),
	S_BOOL("announceOnLink", struct raw_daemon_spec, announce_on_link),
	S_DURATION("withdrawHold", struct raw_daemon_spec, withdraw_hold),
	S_DURATION("stopTimeout", struct raw_daemon_spec, stop_timeout),
	S_BOOL("keepVIPsOnStop", struct raw_daemon_spec, keep_vips_on_stop),
	S_BOOL("unreachableAggregates", struct raw_daemon_spec, unreachable_aggregates),
	S_ENUM("defaultProbe", struct raw_daemon_spec, default_probe, default_probes),
	S_NAMES("listenAddresses", struct raw_daemon_spec, listen),
	S_STRING("metricsAddress", struct raw_daemon_spec, metrics_address),
	S_ENUM("logLevel", struct raw_daemon_spec, log_level, log_levels),
	S_MAP_AS("externalPreference", SCHEMA_OR_SCALAR, struct raw_daemon_spec, preference,
		 schema_preference_fields),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t daemon_fields[] = {
	S_HEAD(struct raw_daemon),
	S_MAP("spec", struct raw_daemon, spec, daemon_spec_fields),
	S_ANY("status"),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t schema_daemon = S_KIND(struct raw_daemon, daemon_fields);
