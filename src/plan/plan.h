/* plan.h: what a node does: sessions, VIPs, prefixes with attributes, BFD sessions
 *
 * Two layers.  The static layer is a pure function of (model, node, leases): plan_new().  It holds
 * candidates: every VIP that could stand and every prefix that could be announced.  The gates (one
 * for each VIP; the daemon opens it once the VIP stands and is healthy) open and close candidates
 * and patch the result in place: plan_gate().  A patched plan equals one made anew with the same
 * gates.
 *
 * Size.  Peers with the same output form one output group with one sorted array of routes, and
 * attribute sets are interned: the plan is groups x prefixes, never peers x prefixes.
 *
 * A plan lives in one arena and is freed whole.  Its texts are its own: it keeps pointers into the
 * model only where said, and the model must outlive it.  Not thread safe; plan_new() touches
 * nothing global and may run in any thread.
 *
 *	vip --links--> (group, route, class)      class: the candidates of one route that carry the
 *	                                          same attributes, with a count of the open ones
 *	route.attrs = union over its classes with an open candidate, or PLAN_NOT_ANNOUNCED
 *
 * A VIP that HealthChecks may demote has links for each local preference that they name, too; which
 * of them count is its level: plan_demote().
 */
#ifndef MLBGPD_PLAN_PLAN_H
#define MLBGPD_PLAN_PLAN_H

#include "base/addr.h"
#include "config/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct diags;
struct leases;
struct plan;

/* One attribute set, interned: equal sets have equal indexes in one plan. */
struct plan_attrs {
	const uint32_t *communities; /* ascending, each once */
	const struct large_community *large_communities; /* likewise */
	uint16_t n_communities;
	uint16_t n_large_communities;
	uint16_t prepend; /* how often our AS is added before the usual once; external only */
	struct addr next_hop; /* ADDR_NONE: the session's local address */
	bool has_local_pref; /* sent on the wire */
	bool has_med;
	uint32_t local_pref;
	uint32_t med;
};

enum { PLAN_NOT_ANNOUNCED = UINT32_MAX, PLAN_NONE = UINT32_MAX };

struct plan_route {
	struct prefix prefix;
	uint32_t attrs; /* what is announced now, or PLAN_NOT_ANNOUNCED */
	uint32_t class; /* its first class; its classes stand together */
	uint32_t n_classes;
};

struct plan_class {
	uint32_t attrs;
	uint32_t candidates; /* VIPs behind it */
	uint32_t open; /* of those, how many have an open gate */
	uint32_t advertisement; /* index into the model's, the first that gave it: for explain */
};

/* Peers whose output is the same. */
struct plan_group {
	struct plan_route *routes; /* sorted by prefix */
	uint32_t n_routes;
	const uint32_t *peers; /* indexes into plan_peers(), ascending */
	uint32_t n_peers;
};

struct plan_link {
	uint32_t group, route, class; /* class: index into the plan's, not the route's */
	uint32_t level; /* of the VIP's demotes: it counts while the VIP is at this one */
};

/* HealthChecks that cover the same VIPs.  All of them must be good. */
struct plan_check_set {
	const uint32_t *checks; /* indexes into the model's, ascending; those of this node */
	const uint32_t *demotes; /* local preferences of onFailure, descending, each once */
	uint32_t n_checks;
	uint32_t n_demotes;
};

enum plan_peer_type { PEER_INTERNAL, PEER_EXTERNAL, PEER_DYNAMIC /* either: known at OPEN */ };

/* A session that this node runs. */
struct plan_peer {
	const struct bgp_peer *peer; /* the model's */
	const char *name;
	struct addr address; /* ADDR_NONE: on an interface */
	const char *interface;
	const char *vrf;
	struct addr source_address;
	uint16_t port;
	enum plan_peer_type type;
	uint32_t my_asn; /* local_asn where given */
	uint32_t peer_asn; /* 0: dynamic */
	uint32_t router_id; /* host order; 0: the session's local IPv4 address */
	uint16_t hold_time_s; /* 0: no timers */
	uint16_t keepalive_s;
	uint16_t connect_retry_s;
	bool multihop;
	bool graceful_restart;
	bool ipv4, ipv6; /* families to be exchanged */
	const char *password; /* NULL: none, or in a file not yet read.  Never printed. */
	const struct bfd_profile *bfd; /* the model's; NULL: none */
	const struct peer_settings *policy; /* the plan's: what the PeerPolicies say, merged */
	bool passive; /* wait for the router to connect */
	uint8_t ttl_security_hops; /* RFC 5082; 0: none */
	bool shutdown; /* stays down */
	const char *shutdown_message; /* RFC 9003; "" */
	const char *password_file; /* a path, or a name under $CREDENTIALS_DIRECTORY; NULL */
	enum bfd_hops bfd_hops;
	bool bfd_strict; /* no session without BFD */
	bool drain;
	uint32_t group; /* its output group */
};

/* One address on an interface, or one local route. */
struct plan_vip {
	struct addr addr; /* of a block: its first */
	uint8_t length; /* of the prefix that is local: the address's bits, but for a block */
	bool route; /* a local route, not an address (vipMode route: IPv4 only; a block: always) */
	bool open; /* its gate; set by plan_gate() only */
	uint32_t
		level; /* 0: as it should be; N: demote N-1 of its set; set by plan_demote() only */
	uint32_t check_set; /* index into plan_check_sets(); 0: no HealthCheck covers it */
	uint32_t interface; /* index into plan_interfaces() */
	uint32_t pool; /* index into the model's pools */
	uint32_t link, n_links; /* into plan_links(): the candidates that it stands behind */
	uint32_t service, n_services; /* into plan_vip_services(): those that share it */
};

enum plan_service_state { SERVICE_ALLOCATED, SERVICE_PENDING, SERVICE_NONE };
enum plan_service_source {
	SOURCE_NONE,
	SOURCE_REQUESTED,
	SOURCE_STATUS,
	SOURCE_PINNED,
	SOURCE_LEASE,
	SOURCE_ALLOCATED,
};

/* A pool whose addresses are all VIPs (PoolPolicy.vips) stands here as well, behind the Services,
 * as the Service pool/NAME: allocated, without addresses of its own. */
struct plan_service {
	const struct service *service; /* the model's; the plan's for a pool */
	const struct ip_address_pool *whole_pool; /* the model's; NULL: it is a Service */
	const struct pinned *pin; /* the model's: of an AddressAllocation for this node; NULL */
	struct addr addresses[2]; /* IPv4 first */
	uint8_t n_addresses;
	uint8_t state; /* enum plan_service_state */
	uint8_t source; /* enum plan_service_source */
	bool advertised; /* at least one candidate on this node */
	bool checked; /* a HealthCheck of this node covers it; if not, Daemon's defaultProbe counts
		       */
	uint16_t rule; /* 80: V-080; 0: none */
	uint32_t pool; /* index into the model's; PLAN_NONE */
	const char *reason; /* why pending, or why not announced here; NULL: nothing to tell */
};

struct plan_pool {
	const struct ip_address_pool *pool; /* the model's */
	struct pool_settings settings; /* what the PoolPolicies say of it on this node */
	uint32_t interface; /* index into plan_interfaces() */
	uint64_t capacity_ipv4, capacity_ipv6; /* capped at INT64_MAX */
	uint64_t in_use_ipv4, in_use_ipv6;
};

/* Pure.  node NULL: model_self().  leases may be NULL.  Findings that hang on the node or on
 * services (nothing selects this node, a service that stays pending, a localPref that nobody will
 * see) go to diags as warnings, with places looked up in sources; both may be NULL.  Never fails
 * for a model without errors.  All gates are closed. */
struct plan *plan_new(const struct model *model, const struct node *node,
		      const struct leases *leases, const struct source_set *sources,
		      struct diags *diags);
void plan_free(struct plan *plan);

/* Opens or closes a VIP's gate, and patches the routes behind it; fn is told of each route whose
 * attributes changed (fn may be NULL).  No change where the gate stands so already. */
typedef void (*plan_route_fn)(void *arg, uint32_t group, uint32_t route);
void plan_gate(struct plan *plan, uint32_t vip, bool open, plan_route_fn fn, void *arg);
/* A VIP is announced with this local preference where that is lower than its own (0: with its own),
 * as long as its gate is open.  One of its check_set's demotes; any other is not known, and changes
 * nothing: false.  To be asked of the plan whose VIP it is: a new plan's are at none. */
bool plan_demote(struct plan *plan, uint32_t vip, uint32_t local_pref, plan_route_fn fn, void *arg);
/* The password of a peer whose password_file says where it stands; copied. */
void plan_set_password(struct plan *plan, uint32_t peer, const char *password);
/* What plan_demote() was told; 0: none. */
uint32_t plan_demoted(const struct plan *plan, uint32_t vip);
/* As in an offline plan: every VIP is taken to stand and be well. */
void plan_open_all(struct plan *plan);

const struct model *plan_model(const struct plan *plan);
const struct node *plan_node(const struct plan *plan);
const struct daemon_settings *plan_settings(const struct plan *plan);
const struct plan_peer *plan_peers(const struct plan *plan, size_t *n); /* by name */
/* By name: of this node too, but on an interface or in a VRF, which do not run yet. */
const struct plan_peer *plan_idle_peers(const struct plan *plan, size_t *n);
const struct plan_group *plan_groups(const struct plan *plan, size_t *n);
const struct plan_vip *plan_vips(const struct plan *plan, size_t *n); /* by address */
const struct plan_link *plan_links(const struct plan *plan);
const struct plan_class *plan_classes(const struct plan *plan);
const struct plan_check_set *plan_check_sets(const struct plan *plan, size_t *n);
const uint32_t *plan_vip_services(const struct plan *plan); /* indexes into plan_services() */
const struct plan_service *plan_services(const struct plan *plan, size_t *n); /* document order */
const struct plan_pool *plan_pools(const struct plan *plan, size_t *n); /* document order */
const char *const *plan_interfaces(const struct plan *plan, size_t *n);
const struct plan_attrs *plan_attrs(const struct plan *plan, uint32_t attrs);
/* PLAN_NONE where there is none. */
uint32_t plan_find_vip(const struct plan *plan, const struct addr *addr);
/* The VIP that holds the address: the same one, or the block around it. */
uint32_t plan_find_vip_around(const struct plan *plan, const struct addr *addr);
uint32_t plan_find_peer(const struct plan *plan, const char *name);
bool plan_attrs_same(const struct plan_attrs *a, const struct plan_attrs *b);
/* Bytes of the plan itself, without the model's. */
size_t plan_size(const struct plan *plan);
/* Hex digest of all addresses given to services: the same on every node that gives the same. */
const char *plan_address_digest(const struct plan *plan);

#endif
