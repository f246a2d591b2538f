/* model_daemon.c: the Daemon documents that select a node, merged field by field
 *
 * One with nodeSelectors beats one without; where two of one rank set a field, the first counts
 * here (validate.c refuses them where they differ).
 */
#include "config/model_private.h"
#include "config/selector.h"

#include <string.h>
#include <syslog.h>

static const char *const paths[DAEMON_FIELD_COUNT] = {
	[DAEMON_CLASS] = "spec.loadBalancerClass",
	[DAEMON_ROUTER_ID] = "spec.routerID",
	[DAEMON_VIP_INTERFACE] = "spec.vipInterface",
	[DAEMON_VIP_MODE] = "spec.vipMode",
	[DAEMON_CREATE_INTERFACE] = "spec.createInterface",
	[DAEMON_VIP_LIFETIME] = "spec.vipLifetime",
	[DAEMON_ANNOUNCE_ON_LINK] = "spec.announceOnLink",
	[DAEMON_WITHDRAW_HOLD] = "spec.withdrawHold",
	[DAEMON_STOP_TIMEOUT] = "spec.stopTimeout",
	[DAEMON_KEEP_VIPS] = "spec.keepVIPsOnStop",
	[DAEMON_UNREACHABLE] = "spec.unreachableAggregates",
	[DAEMON_DEFAULT_PROBE] = "spec.defaultProbe",
	[DAEMON_LISTEN] = "spec.listenAddresses",
	[DAEMON_METRICS] = "spec.metricsAddress",
	[DAEMON_LOG_LEVEL] = "spec.logLevel",
	[DAEMON_PREFERENCE_MODE] = "spec.externalPreference.mode",
	[DAEMON_PREFERENCE_PREPEND] = "spec.externalPreference.prependPerTier",
	[DAEMON_PREFERENCE_MED_BASE] = "spec.externalPreference.medBase",
	[DAEMON_PREFERENCE_MED_PER_TIER] = "spec.externalPreference.medPerTier",
	[DAEMON_PREFERENCE_COMMUNITY] = "spec.externalPreference.community",
};

const char *daemon_field_path(enum daemon_field field)
{
	return paths[field];
}

void daemon_defaults(struct daemon_settings *ret)
{
	static const struct listen_address any[] = {
		{.addr = {.family = ADDR_IPV4}, .port = 179},
		{.addr = {.family = ADDR_IPV6}, .port = 179},
	};

	*ret = (struct daemon_settings){
		.load_balancer_class = "",
		.vip_interface = "lo",
		.withdraw_hold_ns = 5 * INT64_C(1000000000),
		.stop_timeout_ns = 20 * INT64_C(1000000000),
		.unreachable_aggregates = true,
		.listen = any,
		.n_listen = 2,
		.metrics_address = "127.0.0.1:7472",
		.log_level = LOG_INFO,
		.preference = {.prepend_per_tier = 3, .med_base = 100, .med_per_tier = 100},
	};
}

#define COPY(member)                       \
	do {                               \
		to->member = from->member; \
	} while (0)

void daemon_field_copy(struct daemon_settings *to, const struct daemon_settings *from,
		       enum daemon_field field)
{
	switch (field) {
	case DAEMON_CLASS:
		COPY(load_balancer_class);
		break;
	case DAEMON_ROUTER_ID:
		COPY(router_id);
		break;
	case DAEMON_VIP_INTERFACE:
		COPY(vip_interface);
		break;
	case DAEMON_VIP_MODE:
		COPY(vip_mode);
		break;
	case DAEMON_CREATE_INTERFACE:
		COPY(create_interface);
		break;
	case DAEMON_VIP_LIFETIME:
		COPY(vip_lifetime_ns);
		break;
	case DAEMON_ANNOUNCE_ON_LINK:
		COPY(announce_on_link);
		break;
	case DAEMON_WITHDRAW_HOLD:
		COPY(withdraw_hold_ns);
		break;
	case DAEMON_STOP_TIMEOUT:
		COPY(stop_timeout_ns);
		break;
	case DAEMON_KEEP_VIPS:
		COPY(keep_vips_on_stop);
		break;
	case DAEMON_UNREACHABLE:
		COPY(unreachable_aggregates);
		break;
	case DAEMON_DEFAULT_PROBE:
		COPY(default_probe);
		break;
	case DAEMON_LISTEN:
		COPY(listen);
		COPY(n_listen);
		break;
	case DAEMON_METRICS:
		COPY(metrics_address);
		break;
	case DAEMON_LOG_LEVEL:
		COPY(log_level);
		break;
	case DAEMON_PREFERENCE_MODE:
		COPY(preference.mode);
		to->preference.has_mode = true;
		break;
	case DAEMON_PREFERENCE_PREPEND:
		COPY(preference.prepend_per_tier);
		to->preference.has_prepend = true;
		break;
	case DAEMON_PREFERENCE_MED_BASE:
		COPY(preference.med_base);
		to->preference.has_med_base = true;
		break;
	case DAEMON_PREFERENCE_MED_PER_TIER:
		COPY(preference.med_per_tier);
		to->preference.has_med_per_tier = true;
		break;
	case DAEMON_PREFERENCE_COMMUNITY:
		COPY(preference.community);
		break;
	default:
		break;
	}
}

static bool same_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_listen(const struct daemon_settings *a, const struct daemon_settings *b)
{
	if (a->n_listen != b->n_listen)
		return false;
	for (uint32_t i = 0; i < a->n_listen; i++)
		if (a->listen[i].port != b->listen[i].port ||
		    !addr_equal(&a->listen[i].addr, &b->listen[i].addr))
			return false;
	return true;
}

bool daemon_field_same(const struct daemon_settings *a, const struct daemon_settings *b,
		       enum daemon_field field)
{
	switch (field) {
	case DAEMON_CLASS:
		return same_text(a->load_balancer_class, b->load_balancer_class);
	case DAEMON_ROUTER_ID:
		return addr_equal(&a->router_id, &b->router_id);
	case DAEMON_VIP_INTERFACE:
		return same_text(a->vip_interface, b->vip_interface);
	case DAEMON_VIP_MODE:
		return a->vip_mode == b->vip_mode;
	case DAEMON_CREATE_INTERFACE:
		return a->create_interface == b->create_interface;
	case DAEMON_VIP_LIFETIME:
		return a->vip_lifetime_ns == b->vip_lifetime_ns;
	case DAEMON_ANNOUNCE_ON_LINK:
		return a->announce_on_link == b->announce_on_link;
	case DAEMON_WITHDRAW_HOLD:
		return a->withdraw_hold_ns == b->withdraw_hold_ns;
	case DAEMON_STOP_TIMEOUT:
		return a->stop_timeout_ns == b->stop_timeout_ns;
	case DAEMON_KEEP_VIPS:
		return a->keep_vips_on_stop == b->keep_vips_on_stop;
	case DAEMON_UNREACHABLE:
		return a->unreachable_aggregates == b->unreachable_aggregates;
	case DAEMON_DEFAULT_PROBE:
		return a->default_probe == b->default_probe;
	case DAEMON_LISTEN:
		return same_listen(a, b);
	case DAEMON_METRICS:
		return same_text(a->metrics_address, b->metrics_address);
	case DAEMON_LOG_LEVEL:
		return a->log_level == b->log_level;
	case DAEMON_PREFERENCE_MODE:
		return a->preference.mode == b->preference.mode;
	case DAEMON_PREFERENCE_PREPEND:
		return a->preference.prepend_per_tier == b->preference.prepend_per_tier;
	case DAEMON_PREFERENCE_MED_BASE:
		return a->preference.med_base == b->preference.med_base;
	case DAEMON_PREFERENCE_MED_PER_TIER:
		return a->preference.med_per_tier == b->preference.med_per_tier;
	case DAEMON_PREFERENCE_COMMUNITY:
		return same_text(a->preference.community, b->preference.community);
	default:
		return true;
	}
}

static void merge(struct daemon_settings *ret, bool done[DAEMON_FIELD_COUNT],
		  const struct daemon_doc *doc)
{
	for (enum daemon_field field = 0; field < DAEMON_FIELD_COUNT; field++) {
		if (!doc->given[field] || done[field])
			continue;
		daemon_field_copy(ret, &doc->settings, field);
		done[field] = true;
	}
}

void model_daemon(const struct model *m, const struct node *node, struct daemon_settings *ret)
{
	bool done[DAEMON_FIELD_COUNT] = {0};

	daemon_defaults(ret);
	for (int selective = 1; selective >= 0; selective--)
		for (size_t i = 0; i < m->daemons.n; i++) {
			const struct daemon_doc *doc = &m->daemons.at[i];

			if ((doc->node_selectors.n > 0) == (selective == 1) &&
			    selectors_match(&doc->node_selectors, &node->object.labels, true))
				merge(ret, done, doc);
		}
}
