/* schema_policy.c: tables of PeerPolicy and PoolPolicy */
#include "config/schema_mlbgpd.h"

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
const cyaml_schema_value_t schema_peer_policy = S_KIND(struct raw_peer_policy, peer_policy_fields);

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
const cyaml_schema_value_t schema_pool_policy = S_KIND(struct raw_pool_policy, pool_policy_fields);
