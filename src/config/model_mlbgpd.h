/* model_mlbgpd.h: our own kinds, as the rest of the program sees them
 *
 * Part of model.h.  Of Daemon, PeerPolicy and PoolPolicy there may be any number of documents for
 * one target; what is here is what they say together (settings.h has how they merge).
 */
#ifndef MLBGPD_CONFIG_MODEL_MLBGPD_H
#define MLBGPD_CONFIG_MODEL_MLBGPD_H

#include "base/addr.h"
#include "config/object.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* externalPreference */
struct external_preference {
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

struct listen_addresses {
	const struct listen_address *at;
	uint32_t n;
};

/* "192.0.2.1:179", "[2001:db8::1]:179"; false where it is neither. */
bool listen_address_parse(const char *text, struct listen_address *ret);

/* The Daemon documents that select the node, merged, with the defaults filled in. */
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
	struct listen_addresses listen; /* 0.0.0.0:179, [::]:179 */
	const char *metrics_address; /* "127.0.0.1:7472"; "": off */
	int log_level; /* LOG_INFO */
	struct external_preference preference;
};

/* Aliases resolved, ascending, each once. */
struct communities {
	const uint32_t *standard;
	const struct large_community *large;
	uint32_t n_standard;
	uint32_t n_large;
	struct names names; /* as written: resolved into the above by validate */
};

enum bfd_hops { BFD_HOPS_AUTO, BFD_HOPS_SINGLE, BFD_HOPS_MULTI };

/* What the PeerPolicies say of one peer on one node. */
struct peer_settings {
	uint32_t local_pref; /* for routes whose advertisement has none; 0: not set */
	struct communities communities; /* added to every route */
	struct opt_u32 med;
	uint32_t prepend; /* added to the tier's; external peers only */
	struct external_preference
		preference; /* the Daemon's, where no PeerPolicy says otherwise */
	struct addr next_hop; /* ADDR_NONE: the session's local address */
	struct opt_u32 maximum_prefixes;
	bool passive;
	uint8_t ttl_security_hops; /* RFC 5082; 0: none */
	bool shutdown;
	const char *shutdown_message; /* "" */
	bool drain;
	const char *password_file; /* a path, or a name under $CREDENTIALS_DIRECTORY; NULL: none */
	enum bfd_hops bfd_hops;
	bool bfd_strict;
};

enum pool_vips { POOL_VIPS_SERVICES, POOL_VIPS_ADDRESSES, POOL_VIPS_PREFIXES };
enum pool_aggregates { AGGREGATES_HEALTHY, AGGREGATES_ALWAYS };
enum { POOL_ADDRESSES_MAX = 65536 }; /* of a pool whose addresses are all VIPs */

/* What the PoolPolicies say of one pool on one node. */
struct pool_settings {
	enum pool_vips vips;
	const char *interface; /* the Daemon's, where no PoolPolicy says otherwise */
	enum vip_mode vip_mode; /* likewise */
	enum pool_aggregates aggregates;
};

enum probe_type {
	PROBE_HTTP_GET,
	PROBE_TCP_SOCKET,
	PROBE_EXEC,
	PROBE_LISTENING,
	PROBE_SYSTEMD_UNIT,
};
const char *probe_field(enum probe_type type); /* "httpGet" */

struct http_header {
	const char *name;
	const char *value;
};

/* Texts may hold $(VIP), $(SERVICE) and $(NAMESPACE); "$$(" stands for "$(" itself. */
struct probe {
	enum probe_type type;
	const char *host; /* httpGet, tcpSocket */
	uint16_t port;
	const char *path; /* httpGet */
	bool https;
	const struct http_header *headers;
	uint32_t n_headers;
	struct names command; /* exec */
	const char *unit; /* systemdUnit */
	bool per_vip; /* runs once for each VIP: it names $(VIP), or looks at its ports */
	bool per_service; /* else once for each Service: it names one; else once for all */
	int64_t initial_delay_ns; /* 0 */
	int64_t period_ns; /* 10 s */
	int64_t timeout_ns; /* 1 s */
	uint32_t success_threshold; /* 1 */
	uint32_t failure_threshold; /* 3 */
};

enum on_failure { ON_FAILURE_WITHDRAW, ON_FAILURE_DEMOTE, ON_FAILURE_UNASSIGN };

/* A VIP is covered where its Service and its pool are selected; no list of either: all. */
struct health_check {
	struct object object;
	struct selectors node_selectors;
	const struct service_name {
		const char *namespace;
		const char *name; /* "": what was written is none, and was told */
	} * services;
	uint32_t n_services;
	struct selectors service_selectors;
	struct names pools;
	struct selectors pool_selectors;
	struct probe probe;
	enum on_failure on_failure;
	uint32_t local_pref; /* demote only; else 0 */
};

#endif
