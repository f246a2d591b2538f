/* model.h: the documents of a configuration, parsed and checked one by one: sorted arrays of kinds
 *
 * A model lives in one arena and is freed whole.  Its texts and lists are the arena's.  It is read
 * only once loaded and may be read from any thread.  It keeps no reference to the bytes it was read
 * from; a place in it is good with the source_set of the load.
 *
 * All arrays of objects are in document order (which decides where MetalLB is random); look-ups by
 * name go through the sorted indexes behind model_find_*().
 */
#ifndef MLBGPD_CONFIG_MODEL_H
#define MLBGPD_CONFIG_MODEL_H

#include "base/addr.h"
#include "config/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kind {
	KIND_NONE = 0,
	KIND_BGP_PEER,
	KIND_IP_ADDRESS_POOL,
	KIND_BGP_ADVERTISEMENT,
	KIND_BFD_PROFILE,
	KIND_COMMUNITY,
	KIND_L2_ADVERTISEMENT,
	KIND_SERVICE,
	KIND_NODE,
	KIND_NAMESPACE,
	KIND_SECRET,
	KIND_DAEMON,
	KIND_HEALTH_CHECK,
	KIND_PEER_POLICY,
	KIND_POOL_POLICY,
	KIND_ADDRESS_ALLOCATION,
	KIND_COUNT,
};
const char *kind_name(enum kind kind); /* "BGPPeer" */

struct label {
	const char *key;
	const char *value;
};

struct labels {
	const struct label *at; /* sorted by key */
	uint32_t n;
};

/* What every document has. */
struct object {
	const char *name;
	const char *namespace; /* "default" for a Service without; NULL for cluster-wide kinds */
	struct labels labels;
	struct place place; /* where the document (or List item) starts */
	enum kind kind;
	uint32_t len; /* bytes of it in the file */
};

enum selector_op { SELECTOR_IN, SELECTOR_NOT_IN, SELECTOR_EXISTS, SELECTOR_DOES_NOT_EXIST };

struct names {
	const char *const *at; /* as written, in document order */
	uint32_t n;
};

struct selector_expr {
	const char *key;
	enum selector_op op;
	struct names values;
};

/* All of it must match; an empty one matches everything. */
struct selector {
	struct labels match;
	const struct selector_expr *exprs;
	uint32_t n_exprs;
};

/* One of them must match; what an empty list means is the field's business (mostly: all). */
struct selectors {
	const struct selector *at;
	uint32_t n;
};

/* A standard community is (high << 16 | low). */
struct large_community {
	uint32_t global_admin, data1, data2;
};

/* A duration or number that may be absent. */
struct opt_duration {
	int64_t ns;
	bool set;
};

struct opt_u32 {
	uint32_t value;
	bool set;
};

enum dynamic_asn { DYNAMIC_ASN_NONE, DYNAMIC_ASN_INTERNAL, DYNAMIC_ASN_EXTERNAL };

struct bgp_peer {
	struct object object;
	uint32_t my_asn;
	uint32_t peer_asn; /* 0: dynamic_asn tells */
	enum dynamic_asn dynamic_asn;
	uint32_t local_asn; /* 0: none */
	struct addr address; /* ADDR_NONE: interface tells */
	const char *interface;
	struct addr source_address; /* ADDR_NONE: the kernel chooses */
	uint16_t port;
	struct opt_duration hold_time;
	struct opt_duration keepalive_time;
	struct opt_duration connect_time;
	struct addr router_id; /* ADDR_NONE: Daemon's, the node's, the session's */
	struct selectors node_selectors;
	const char *password; /* resolved from passwordSecret too; never printed */
	const char *password_secret;
	const char *bfd_profile;
	const char *vrf;
	bool graceful_restart;
	bool ebgp_multihop;
	bool dual_stack;
};

struct pool_block {
	struct addr_range range;
	uint8_t shortest; /* length of the largest CIDR block in it: no aggregate may be shorter */
	const char *text; /* as written */
};

struct ip_address_pool {
	struct object object;
	const struct pool_block *blocks; /* in the order in which they are listed */
	uint32_t n_blocks;
	bool auto_assign;
	bool avoid_buggy_ips;
	bool has_allocation; /* serviceAllocation is there; an empty one is for every Service */
	int32_t priority; /* 0: after all others */
	struct names namespaces;
	struct selectors namespace_selectors;
	struct selectors service_selectors;
};

struct bgp_advertisement {
	struct object object;
	struct names pools;
	struct selectors pool_selectors;
	uint8_t aggregation_length; /* 32 where absent */
	uint8_t aggregation_length_v6; /* 128 where absent */
	uint32_t local_pref; /* 0: not set */
	const uint32_t *communities; /* aliases resolved, ascending, each once */
	uint32_t n_communities;
	const struct large_community *large_communities; /* likewise */
	uint32_t n_large_communities;
	struct names peers;
	struct selectors node_selectors;
	struct selectors service_selectors;
	struct names community_names; /* as written: resolved into the above by validate */
};

struct bfd_profile {
	struct object object;
	uint32_t receive_ms, transmit_ms, echo_ms; /* 300, 300, 50 where absent */
	uint8_t detect_multiplier; /* 3 */
	uint8_t minimum_ttl; /* 254 */
	bool echo_mode;
	bool passive_mode;
};

struct community_alias {
	const char *name;
	bool large;
	uint32_t standard;
	struct large_community value;
};

struct community_doc {
	struct object object;
	const struct community_alias *aliases;
	uint32_t n_aliases;
};

enum ip_family_policy { SINGLE_STACK, PREFER_DUAL_STACK, REQUIRE_DUAL_STACK };

struct service_port {
	const char *name; /* may be NULL */
	const char *protocol; /* "TCP", "UDP", "SCTP"; interned */
	uint16_t port;
};

/* type LoadBalancer only; others are passed over.  Requests are kept as written: a mistake in them
 * concerns this Service alone (rules V-080 to V-092). */
struct service {
	struct object object;
	const char *load_balancer_class; /* NULL: absent */
	const char *load_balancer_ip; /* spec.loadBalancerIP */
	const char *requested_ips; /* annotation loadBalancerIPs; NULL: absent */
	const char *requested_pool; /* annotation address-pool */
	const char *sharing_key; /* annotation allow-shared-ip */
	const char *backend_key; /* "" for Cluster; the canonical selector for Local */
	struct names cluster_ips; /* clusterIPs, else clusterIP */
	const struct addr *status; /* status.loadBalancer.ingress[].ip */
	const struct service_port *ports;
	uint16_t n_ports;
	uint8_t n_status;
	uint8_t n_families; /* spec.ipFamilies */
	uint8_t families[2]; /* ADDR_IPV4, ADDR_IPV6 */
	bool has_policy;
	enum ip_family_policy policy;
};

struct node {
	struct object object;
	bool network_unavailable; /* condition NetworkUnavailable is True */
	struct addr internal_ip; /* the first IPv4 InternalIP; ADDR_NONE: none */
};

struct namespace_doc {
	struct object object;
};

/* The addresses of a Service, written down beside it. */
struct pinned {
	const char *namespace;
	const char *name;
	struct addr addresses[2]; /* one, or IPv4 and IPv6 */
	uint8_t n_addresses;
	uint32_t entry; /* of spec.services */
};

struct address_allocation {
	struct object object;
	struct selectors node_selectors;
	const struct pinned *pins;
	uint32_t n_pins;
};

enum vip_mode { VIP_MODE_ADDRESS, VIP_MODE_ROUTE };
enum default_probe { DEFAULT_PROBE_NONE, DEFAULT_PROBE_LISTENING };
enum preference_mode {
	PREFERENCE_AUTO,
	PREFERENCE_PREPEND,
	PREFERENCE_MED,
	PREFERENCE_COMMUNITY,
	PREFERENCE_SEND,
	PREFERENCE_NONE,
};

/* externalPreference; `set` bits tell which fields a document gives. */
struct external_preference {
	bool has_mode, has_prepend, has_med_base, has_med_per_tier;
	enum preference_mode mode; /* auto */
	uint32_t prepend_per_tier; /* 3 */
	uint32_t med_base; /* 100 */
	uint32_t med_per_tier; /* 100 */
	const char *community; /* template; NULL: absent */
};

struct listen_address {
	struct addr addr;
	uint16_t port;
};

/* "192.0.2.1:179", "[2001:db8::1]:179"; false where it is neither. */
bool listen_address_parse(const char *text, struct listen_address *ret);

/* The Daemon documents that select the node, merged, with the defaults filled in.  A document of
 * its own is a struct daemon_doc in the config floor; this is what the rest of the program sees. */
struct daemon_settings {
	const char *load_balancer_class; /* "" */
	struct addr router_id; /* ADDR_NONE */
	const char *vip_interface; /* "lo" */
	enum vip_mode vip_mode;
	bool create_interface;
	int64_t vip_lifetime_ns; /* 0 */
	bool announce_on_link;
	int64_t withdraw_hold_ns; /* 5 s */
	int64_t stop_timeout_ns; /* 20 s */
	bool keep_vips_on_stop;
	bool unreachable_aggregates; /* true */
	enum default_probe default_probe;
	const struct listen_address *listen; /* 0.0.0.0:179, [::]:179 */
	uint32_t n_listen;
	const char *metrics_address; /* "127.0.0.1:7472"; "": off */
	int log_level; /* LOG_INFO */
	struct external_preference preference;
};

struct model; /* opaque: arrays by the getters below */

/* Each getter gives the array in document order; *n is its length. */
const struct bgp_peer *model_peers(const struct model *m, size_t *n);
const struct ip_address_pool *model_pools(const struct model *m, size_t *n);
const struct bgp_advertisement *model_advertisements(const struct model *m, size_t *n);
const struct bfd_profile *model_bfd_profiles(const struct model *m, size_t *n);
const struct service *model_services(const struct model *m, size_t *n);
const struct node *model_nodes(const struct model *m, size_t *n);
const struct namespace_doc *model_namespaces(const struct model *m, size_t *n);
const struct address_allocation *model_allocations(const struct model *m, size_t *n);

/* NULL where there is none of that name. */
const struct bgp_peer *model_find_peer(const struct model *m, const char *name);
const struct ip_address_pool *model_find_pool(const struct model *m, const char *name);
const struct bfd_profile *model_find_bfd_profile(const struct model *m, const char *name);
const struct service *model_find_service(const struct model *m, const char *ns, const char *name);
const struct node *model_find_node(const struct model *m, const char *name);
const struct namespace_doc *model_find_namespace(const struct model *m, const char *name);

/* The node that the model was loaded for: the Node document of that name (exactly, then by the
 * name's first label), else one made up with only the label kubernetes.io/hostname. */
const struct node *model_self(const struct model *m);
/* The Daemon documents that select a node, merged, defaults filled in; texts are the model's. */
void model_daemon(const struct model *m, const struct node *node, struct daemon_settings *ret);
/* SHA-256 or the like of what the documents say, as hex; the same for the same files. */
const char *model_digest(const struct model *m);
/* Bytes that it takes. */
size_t model_size(const struct model *m);

/* Where a field of an object stands: "spec.peers[2]".  Looked for by reading the document again (a
 * model keeps no places of fields); the object's own place where it has no such field. */
struct place model_place(const struct source_set *sources, const struct object *object,
			 const char *field);

#endif
