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
#include "config/model_mlbgpd.h"
#include "config/object.h"
#include "config/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dynamic_asn { DYNAMIC_ASN_NONE, DYNAMIC_ASN_INTERNAL, DYNAMIC_ASN_EXTERNAL };

enum { MD5_KEY_MAX = 80 }; /* bytes of a TCP MD5 key (RFC 2385; the kernel's bound) */

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

/* In our own AS, as far as is known before OPEN. */
bool bgp_peer_is_internal(const struct bgp_peer *peer);

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
	struct communities communities;
	struct names peers;
	struct selectors node_selectors;
	struct selectors service_selectors;
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

/* A Service of another type: known by its name, so that it can be told. */
struct other_service {
	struct object object;
	const char *type; /* "ClusterIP" */
};

struct node {
	struct object object;
	bool network_unavailable; /* condition NetworkUnavailable is True */
	struct addr internal_ip; /* the first IPv4 InternalIP; ADDR_NONE: none */
};

struct namespace_doc {
	struct object object;
};

struct model; /* opaque: arrays by the getters below */

/* Each getter gives the array in document order; *n is its length. */
const struct bgp_peer *model_peers(const struct model *m, size_t *n);
const struct ip_address_pool *model_pools(const struct model *m, size_t *n);
const struct bgp_advertisement *model_advertisements(const struct model *m, size_t *n);
const struct bfd_profile *model_bfd_profiles(const struct model *m, size_t *n);
const struct service *model_services(const struct model *m, size_t *n);
const struct other_service *model_other_services(const struct model *m, size_t *n);
const struct node *model_nodes(const struct model *m, size_t *n);
const struct namespace_doc *model_namespaces(const struct model *m, size_t *n);
const struct address_allocation *model_allocations(const struct model *m, size_t *n);
const struct health_check *model_health_checks(const struct model *m, size_t *n);

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
/* The Daemon document that gives a field of it (enum daemon_field); NULL: the default counts. */
const struct object *model_daemon_giver(const struct model *m, const struct node *node,
					unsigned field);
/* The PeerPolicies that select peer and node, merged, defaults filled in.  Pure; its cost is that
 * of a look at each PeerPolicy. */
void model_peer_policy(const struct model *m, const struct node *node, const struct bgp_peer *peer,
		       struct peer_settings *ret);
/* The PeerPolicy that gives a field of it (enum peer_field); NULL: none does. */
const struct object *model_peer_policy_giver(const struct model *m, const struct node *node,
					     const struct bgp_peer *peer, unsigned field);
/* Every localPref that PeerPolicies give the peer, on whatever node; 0 among them where a node may
 * be left without. */
typedef void (*model_local_pref_fn)(void *arg, uint32_t local_pref);
void model_peer_local_prefs(const struct model *m, const struct bgp_peer *peer,
			    model_local_pref_fn fn, void *arg);
/* Likewise, the PoolPolicies. */
void model_pool_policy(const struct model *m, const struct node *node,
		       const struct ip_address_pool *pool, struct pool_settings *ret);
/* SHA-256 or the like of what the documents say, as hex; the same for the same files. */
const char *model_digest(const struct model *m);
/* Likewise of the documents of one file (digest.h); that of none where it has none. */
__uint128_t model_file_digest(const struct model *m, uint16_t file);
/* Bytes that it takes. */
size_t model_size(const struct model *m);

/* Where a field of an object stands: "spec.peers[2]".  Looked for by reading the document again (a
 * model keeps no places of fields); where it has no such field, the key around it, or the object's
 * own place. */
struct place model_place(const struct source_set *sources, const struct object *object,
			 const char *field);

#endif
