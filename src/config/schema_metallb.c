/* schema_metallb.c: tables of MetalLB's kinds, field by field */
#include "config/schema_metallb.h"

#define TOP(type, fields)                                                   \
	{                                                                   \
		CYAML_VALUE_MAPPING((int)CYAML_FLAG_POINTER, type, fields), \
	}

static const cyaml_schema_field_t secret_ref_fields[] = {
	S_STRING("name", struct raw_secret_ref, name),
	S_STRING("namespace", struct raw_secret_ref, namespace),
	CYAML_FIELD_END,
};

/* Those of v1beta1, which v1beta2 still has. */
#define PEER_FIELDS(required)                                                                      \
	CYAML_FIELD_INT_PTR("myASN", SCHEMA_OPTIONAL | SCHEMA_REQUIRED, struct raw_peer_spec,      \
			    my_asn),                                                               \
		CYAML_FIELD_INT_PTR("peerASN", SCHEMA_OPTIONAL | (required), struct raw_peer_spec, \
				    peer_asn),                                                     \
		S_STRING_AS("peerAddress", required, struct raw_peer_spec, peer_address),          \
		S_INT("peerPort", struct raw_peer_spec, peer_port),                                \
		S_STRING("sourceAddress", struct raw_peer_spec, source_address),                   \
		S_DURATION("holdTime", struct raw_peer_spec, hold_time),                           \
		S_DURATION("keepaliveTime", struct raw_peer_spec, keepalive_time),                 \
		S_STRING("routerID", struct raw_peer_spec, router_id),                             \
		S_SELECTORS("nodeSelectors", struct raw_peer_spec, node_selectors),                \
		S_STRING("password", struct raw_peer_spec, password),                              \
		S_STRING("bfdProfile", struct raw_peer_spec, bfd_profile),                         \
		S_BOOL("ebgpMultiHop", struct raw_peer_spec, ebgp_multihop)

static const cyaml_schema_field_t peer_spec_fields[] = {
	PEER_FIELDS(0),
	S_STRING("dynamicASN", struct raw_peer_spec, dynamic_asn),
	S_INT("localASN", struct raw_peer_spec, local_asn),
	S_STRING("interface", struct raw_peer_spec, interface),
	S_DURATION("connectTime", struct raw_peer_spec, connect_time),
	S_MAP("passwordSecret", struct raw_peer_spec, password_secret, secret_ref_fields),
	S_STRING("vrf", struct raw_peer_spec, vrf),
	S_BOOL("enableGracefulRestart", struct raw_peer_spec, graceful_restart),
	S_BOOL("disableMP", struct raw_peer_spec, disable_mp),
	S_BOOL("dualStackAddressFamily", struct raw_peer_spec, dual_stack),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t peer_fields[] = {
	S_HEAD(struct raw_peer),
	S_MAP_AS("spec", SCHEMA_REQUIRED, struct raw_peer, spec, peer_spec_fields),
	S_ANY("status"),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t schema_peer = TOP(struct raw_peer, peer_fields);

static const cyaml_schema_field_t peer_v1beta1_spec_fields[] = {
	PEER_FIELDS(SCHEMA_REQUIRED),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t peer_v1beta1_fields[] = {
	S_HEAD(struct raw_peer),
	S_MAP_AS("spec", SCHEMA_REQUIRED, struct raw_peer, spec, peer_v1beta1_spec_fields),
	S_ANY("status"),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t schema_peer_v1beta1 = TOP(struct raw_peer, peer_v1beta1_fields);

static const cyaml_schema_field_t allocation_fields[] = {
	S_INT("priority", struct raw_service_allocation, priority),
	S_NAMES("namespaces", struct raw_service_allocation, namespaces),
	S_SELECTORS("namespaceSelectors", struct raw_service_allocation, namespace_selectors),
	S_SELECTORS("serviceSelectors", struct raw_service_allocation, service_selectors),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t pool_spec_fields[] = {
	S_LIST_AS("addresses", SCHEMA_REQUIRED, struct raw_pool_spec, addresses,
		  &schema_string_entry),
	S_BOOL("autoAssign", struct raw_pool_spec, auto_assign),
	S_BOOL("avoidBuggyIPs", struct raw_pool_spec, avoid_buggy_ips),
	S_MAP("serviceAllocation", struct raw_pool_spec, allocation, allocation_fields),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t pool_fields[] = {
	S_HEAD(struct raw_pool),
	S_MAP_AS("spec", SCHEMA_REQUIRED, struct raw_pool, spec, pool_spec_fields),
	S_ANY("status"),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t schema_pool = TOP(struct raw_pool, pool_fields);

static const cyaml_schema_field_t advertisement_spec_fields[] = {
	S_NAMES("ipAddressPools", struct raw_advertisement_spec, pools),
	S_SELECTORS("ipAddressPoolSelectors", struct raw_advertisement_spec, pool_selectors),
	S_INT("aggregationLength", struct raw_advertisement_spec, aggregation_length),
	S_INT("aggregationLengthV6", struct raw_advertisement_spec, aggregation_length_v6),
	S_INT("localPref", struct raw_advertisement_spec, local_pref),
	S_NAMES("communities", struct raw_advertisement_spec, communities),
	S_NAMES("peers", struct raw_advertisement_spec, peers),
	S_SELECTORS("nodeSelectors", struct raw_advertisement_spec, node_selectors),
	S_SELECTORS("serviceSelectors", struct raw_advertisement_spec, service_selectors),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t advertisement_fields[] = {
	S_HEAD(struct raw_advertisement),
	S_MAP("spec", struct raw_advertisement, spec, advertisement_spec_fields),
	S_ANY("status"),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t schema_advertisement =
	TOP(struct raw_advertisement, advertisement_fields);

static const cyaml_schema_field_t bfd_spec_fields[] = {
	S_INT("receiveInterval", struct raw_bfd_spec, receive),
	S_INT("transmitInterval", struct raw_bfd_spec, transmit),
	S_INT("detectMultiplier", struct raw_bfd_spec, multiplier),
	S_INT("echoInterval", struct raw_bfd_spec, echo),
	S_INT("minimumTtl", struct raw_bfd_spec, minimum_ttl),
	S_BOOL("echoMode", struct raw_bfd_spec, echo_mode),
	S_BOOL("passiveMode", struct raw_bfd_spec, passive_mode),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t bfd_fields[] = {
	S_HEAD(struct raw_bfd),
	S_MAP("spec", struct raw_bfd, spec, bfd_spec_fields),
	S_ANY("status"),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t schema_bfd = TOP(struct raw_bfd, bfd_fields);

static const cyaml_schema_field_t alias_fields[] = {
	S_STRING_AS("name", SCHEMA_REQUIRED, struct raw_alias, name),
	S_STRING_AS("value", SCHEMA_REQUIRED, struct raw_alias, value),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t alias_entry = S_ENTRY(struct raw_alias, alias_fields);

static const cyaml_schema_field_t community_spec_fields[] = {
	S_LIST("communities", struct raw_community_spec, communities, &alias_entry),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t community_fields[] = {
	S_HEAD(struct raw_community),
	S_MAP("spec", struct raw_community, spec, community_spec_fields),
	S_ANY("status"),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t schema_community = TOP(struct raw_community, community_fields);

static const cyaml_schema_field_t preferred_fields[] = {
	S_INT("weight", struct raw_preferred, weight),
	S_ANY("preference"),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t preferred_entry = S_ENTRY(struct raw_preferred, preferred_fields);

static const cyaml_schema_field_t l2_spec_fields[] = {
	S_NAMES("ipAddressPools", struct raw_l2_spec, pools),
	S_SELECTORS("ipAddressPoolSelectors", struct raw_l2_spec, pool_selectors),
	S_NAMES("interfaces", struct raw_l2_spec, interfaces),
	S_SELECTORS("nodeSelectors", struct raw_l2_spec, node_selectors),
	S_SELECTORS("serviceSelectors", struct raw_l2_spec, service_selectors),
	S_LIST("preferredNodeSelectors", struct raw_l2_spec, preferred, &preferred_entry),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t l2_fields[] = {
	S_HEAD(struct raw_l2),
	S_MAP("spec", struct raw_l2, spec, l2_spec_fields),
	S_ANY("status"),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t schema_l2 = TOP(struct raw_l2, l2_fields);
