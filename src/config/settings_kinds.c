/* settings_kinds.c: Daemon, PeerPolicy and PoolPolicy: their fields, their defaults, what they say
 * of a target
 */
#include "config/model_private.h"

#include <stddef.h>
#include <syslog.h>

#define SETTING(type, member, path, what)                                                     \
	{                                                                                     \
		path, what, offsetof(struct type, member), sizeof(((struct type *)0)->member) \
	}
#define VALUE(type, member, path) SETTING(type, member, path, SETTING_VALUE)
#define TEXT(type, member, path) SETTING(type, member, path, SETTING_TEXT)
#define PREFERENCE(type, first)                                                                  \
	[(first) + PREFERENCE_FIELD_MODE] =                                                      \
		VALUE(type, preference.mode, "spec.externalPreference.mode"),                    \
		   [(first) + PREFERENCE_FIELD_PREPEND] =                                        \
			   VALUE(type, preference.prepend_per_tier,                              \
				 "spec.externalPreference.prependPerTier"),                      \
		   [(first) + PREFERENCE_FIELD_MED_BASE] =                                       \
			   VALUE(type, preference.med_base, "spec.externalPreference.medBase"),  \
		   [(first) + PREFERENCE_FIELD_MED_PER_TIER] = VALUE(                            \
			   type, preference.med_per_tier, "spec.externalPreference.medPerTier"), \
		   [(first) + PREFERENCE_FIELD_COMMUNITY] =                                      \
			   TEXT(type, preference.community, "spec.externalPreference.community")

static const struct setting daemon_fields[DAEMON_FIELDS] = {
	[DAEMON_CLASS] = TEXT(daemon_settings, load_balancer_class, "spec.loadBalancerClass"),
	[DAEMON_ROUTER_ID] = VALUE(daemon_settings, router_id, "spec.routerID"),
	[DAEMON_VIP_INTERFACE] = TEXT(daemon_settings, vip_interface, "spec.vipInterface"),
	[DAEMON_VIP_MODE] = VALUE(daemon_settings, vip_mode, "spec.vipMode"),
	[DAEMON_CREATE_INTERFACE] =
		VALUE(daemon_settings, create_interface, "spec.createInterface"),
	[DAEMON_VIP_LIFETIME] = VALUE(daemon_settings, vip_lifetime_ns, "spec.vipLifetime"),
	[DAEMON_ANNOUNCE_ON_LINK] = VALUE(daemon_settings, announce_on_link, "spec.announceOnLink"),
	[DAEMON_WITHDRAW_HOLD] = VALUE(daemon_settings, withdraw_hold_ns, "spec.withdrawHold"),
	[DAEMON_STOP_TIMEOUT] = VALUE(daemon_settings, stop_timeout_ns, "spec.stopTimeout"),
	[DAEMON_KEEP_VIPS] = VALUE(daemon_settings, keep_vips_on_stop, "spec.keepVIPsOnStop"),
	[DAEMON_UNREACHABLE] =
		VALUE(daemon_settings, unreachable_aggregates, "spec.unreachableAggregates"),
	[DAEMON_DEFAULT_PROBE] = VALUE(daemon_settings, default_probe, "spec.defaultProbe"),
	[DAEMON_LISTEN] = SETTING(daemon_settings, listen, "spec.listenAddresses", SETTING_LISTEN),
	[DAEMON_METRICS] = TEXT(daemon_settings, metrics_address, "spec.metricsAddress"),
	[DAEMON_LOG_LEVEL] = VALUE(daemon_settings, log_level, "spec.logLevel"),
	PREFERENCE(daemon_settings, DAEMON_PREFERENCE),
};
const struct settings_kind daemon_kind = {daemon_fields, DAEMON_FIELDS};

static const struct setting peer_fields[PEER_FIELDS] = {
	[PEER_LOCAL_PREF] = VALUE(peer_settings, local_pref, "spec.localPref"),
	[PEER_COMMUNITIES] =
		SETTING(peer_settings, communities, "spec.communities", SETTING_COMMUNITIES),
	[PEER_MED] = SETTING(peer_settings, med, "spec.med", SETTING_OPT_U32),
	[PEER_PREPEND] = VALUE(peer_settings, prepend, "spec.asPathPrepend"),
	[PEER_NEXT_HOP] = VALUE(peer_settings, next_hop, "spec.nextHop"),
	[PEER_MAXIMUM_PREFIXES] =
		SETTING(peer_settings, maximum_prefixes, "spec.maximumPrefixes", SETTING_OPT_U32),
	[PEER_PASSIVE] = VALUE(peer_settings, passive, "spec.passive"),
	[PEER_TTL_SECURITY_HOPS] = VALUE(peer_settings, ttl_security_hops, "spec.ttlSecurityHops"),
	[PEER_SHUTDOWN] = VALUE(peer_settings, shutdown, "spec.shutdown"),
	[PEER_SHUTDOWN_MESSAGE] = TEXT(peer_settings, shutdown_message, "spec.shutdownMessage"),
	[PEER_DRAIN] = VALUE(peer_settings, drain, "spec.drain"),
	[PEER_PASSWORD_FILE] = TEXT(peer_settings, password_file, "spec.passwordFile"),
	[PEER_BFD_HOPS] = VALUE(peer_settings, bfd_hops, "spec.bfd.hops"),
	[PEER_BFD_STRICT] = VALUE(peer_settings, bfd_strict, "spec.bfd.strict"),
	PREFERENCE(peer_settings, PEER_PREFERENCE),
};
const struct settings_kind peer_policy_kind = {peer_fields, PEER_FIELDS};

static const struct setting pool_fields[POOL_FIELDS] = {
	[POOL_VIPS] = VALUE(pool_settings, vips, "spec.vips"),
	[POOL_INTERFACE] = TEXT(pool_settings, interface, "spec.interface"),
	[POOL_VIP_MODE] = VALUE(pool_settings, vip_mode, "spec.vipMode"),
	[POOL_AGGREGATES] = VALUE(pool_settings, aggregates, "spec.aggregates"),
};
const struct settings_kind pool_policy_kind = {pool_fields, POOL_FIELDS};

_Static_assert((int)DAEMON_FIELDS <= (int)SETTINGS_MAX && (int)PEER_FIELDS <= (int)SETTINGS_MAX,
	       "a document has a bit for each field");

struct daemon_settings daemon_settings_defaults(void)
{
	static const struct listen_address any[] = {
		{.addr = {.family = ADDR_IPV4}, .port = 179},
		{.addr = {.family = ADDR_IPV6}, .port = 179},
	};

	return (struct daemon_settings){
		.load_balancer_class = "",
		.vip_interface = "lo",
		.withdraw_hold_ns = 5 * INT64_C(1000000000),
		.stop_timeout_ns = 20 * INT64_C(1000000000),
		.unreachable_aggregates = true,
		.listen = {any, 2},
		.metrics_address = "127.0.0.1:7472",
		.log_level = LOG_INFO,
		.preference = {.prepend_per_tier = 3, .med_base = 100, .med_per_tier = 100},
	};
}

void model_daemon(const struct model *m, const struct node *node, struct daemon_settings *ret)
{
	*ret = daemon_settings_defaults();
	settings_merge(&daemon_kind, &m->daemons, node, NULL, ret, NULL, NULL, NULL);
}

const struct object *model_daemon_giver(const struct model *m, const struct node *node,
					unsigned field)
{
	struct daemon_settings unused;
	struct settings_origin origin;

	settings_merge(&daemon_kind, &m->daemons, node, NULL, &unused, &origin, NULL, NULL);
	return origin.by[field] ? &origin.by[field]->object : NULL;
}

struct peer_settings peer_settings_defaults(const struct daemon_settings *daemon)
{
	return (struct peer_settings){.preference = daemon->preference, .shutdown_message = ""};
}

struct pool_settings pool_settings_defaults(const struct daemon_settings *daemon)
{
	return (struct pool_settings){.interface = daemon->vip_interface,
				      .vip_mode = daemon->vip_mode};
}

void model_peer_policy(const struct model *m, const struct node *node, const struct bgp_peer *peer,
		       struct peer_settings *ret)
{
	struct daemon_settings daemon;

	model_daemon(m, node, &daemon);
	*ret = peer_settings_defaults(&daemon);
	settings_merge(&peer_policy_kind, &m->peer_policies, node, &peer->object, ret, NULL, NULL,
		       NULL);
}

const struct object *model_peer_policy_giver(const struct model *m, const struct node *node,
					     const struct bgp_peer *peer, unsigned field)
{
	struct settings_origin origin;
	struct peer_settings unused;

	settings_merge(&peer_policy_kind, &m->peer_policies, node, &peer->object, &unused, &origin,
		       NULL, NULL);
	return origin.by[field] ? &origin.by[field]->object : NULL;
}

struct local_pref_teller {
	model_local_pref_fn fn;
	void *arg;
};

static void tell_local_pref(void *arg, const struct settings_doc *doc)
{
	const struct local_pref_teller *t = arg;

	t->fn(t->arg, ((const struct peer_settings *)doc->settings)->local_pref);
}

void model_peer_local_prefs(const struct model *m, const struct bgp_peer *peer,
			    model_local_pref_fn fn, void *arg)
{
	struct local_pref_teller t = {fn, arg};

	if (settings_givers(&m->peer_policies, &peer->object, PEER_LOCAL_PREF, tell_local_pref, &t))
		fn(arg, 0);
}

void model_pool_policy(const struct model *m, const struct node *node,
		       const struct ip_address_pool *pool, struct pool_settings *ret)
{
	struct daemon_settings daemon;

	model_daemon(m, node, &daemon);
	*ret = pool_settings_defaults(&daemon);
	settings_merge(&pool_policy_kind, &m->pool_policies, node, &pool->object, ret, NULL, NULL,
		       NULL);
}
