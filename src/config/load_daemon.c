/* load_daemon.c: Daemon */
#include "config/loader.h"
#include "config/schema_mlbgpd.h"

#include "base/text.h"

#include <string.h>

bool listen_address_parse(const char *text, struct listen_address *ret)
{
	const char *colon = strrchr(text, ':');
	char host[ADDR_TEXT_MAX + 2];
	size_t len = colon ? (size_t)(colon - text) : 0;
	uint64_t port;

	if (len == 0 || len >= sizeof(host) || number_parse(&port, colon + 1, UINT16_MAX) < 0 ||
	    port == 0)
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	ret->port = (uint16_t)port;
	if (host[0] != '[')
		return addr_parse(&ret->addr, host) == ADDR_OK && ret->addr.family == ADDR_IPV4;
	if (host[len - 1] != ']')
		return false;
	host[len - 1] = '\0';
	return addr_parse(&ret->addr, host + 1) == ADDR_OK && ret->addr.family == ADDR_IPV6;
}

static void bad_listen(struct reading *r, const char *path, const char *text)
{
	struct diag *diag =
		reading_error(r, path, "bad-value", "\"%.60s\" is no ADDRESS:PORT", text);

	diag_hint(r->diags, diag, "such as 192.0.2.1:179 or \"[2001:db8::1]:179\"");
}

static void take_listen(struct reading *r, const struct raw_daemon_spec *raw,
			struct settings_doc *doc, struct listen_addresses *ret)
{
	yaml_node_t *node = reading_node(r, "spec.listenAddresses");
	struct listen_address *list;
	char path[PATH_TEXT_MAX];
	uint32_t n = 0;

	if (!node || node->type != YAML_SEQUENCE_NODE)
		return;
	setting_give(doc, DAEMON_LISTEN); /* an empty list too: dial only */
	list = arena_array_of(r->loader->arena, struct listen_address, raw->listen_count + 1);
	for (uint32_t i = 0; i < raw->listen_count; i++) {
		if (!raw->listen[i])
			continue;
		if (listen_address_parse(raw->listen[i], &list[n]))
			n++;
		else
			bad_listen(r, path_item(path, "spec.listenAddresses", i), raw->listen[i]);
	}
	*ret = (struct listen_addresses){list, n};
}

static void take_time(struct reading *r, const char *raw, struct settings_doc *doc,
		      enum daemon_field field, int64_t *ret)
{
	const char *path = daemon_kind.fields[field].path;
	struct opt_duration duration = {0};

	if (!raw || !take_duration(r, raw, path, &duration))
		return;
	if (duration.ns < 0) {
		reading_error(r, path, "V-022", "a time can't be negative");
		return;
	}
	setting_give(doc, field);
	*ret = duration.ns;
}

static void take_metrics(struct reading *r, const char *raw, struct settings_doc *doc,
			 const char **ret)
{
	struct listen_address unused;

	if (!reading_node(r, "spec.metricsAddress"))
		return;
	setting_give(doc, DAEMON_METRICS);
	*ret = raw ? take_string(r, raw) : "";
	if (raw && !listen_address_parse(raw, &unused))
		bad_listen(r, "spec.metricsAddress", raw);
}

static void take_router_id(struct reading *r, const char *raw, struct settings_doc *doc,
			   struct addr *ret)
{
	if (!raw || !take_addr(r, raw, "spec.routerID", "V-019", ret))
		return;
	setting_give(doc, DAEMON_ROUTER_ID);
	if (ret->family != ADDR_IPV4 || addr_is_unspecified(ret))
		reading_error(r, "spec.routerID", "V-019",
			      "a router ID has the form of an IPv4 address, and is not 0.0.0.0");
}

static void take_daemon(struct reading *r, const struct raw_daemon_spec *raw,
			struct settings_doc *doc, struct daemon_settings *to)
{
	take_selectors(r, "spec.nodeSelectors", &doc->node_selectors);
	take_setting_text(r, "spec.loadBalancerClass", doc, DAEMON_CLASS, &to->load_balancer_class);
	take_interface(r, "spec.vipInterface", doc, DAEMON_VIP_INTERFACE, &to->vip_interface);
	take_metrics(r, raw->metrics_address, doc, &to->metrics_address);
	take_router_id(r, raw->router_id, doc, &to->router_id);
	TAKE_SETTING(doc, DAEMON_VIP_MODE, raw->vip_mode, &to->vip_mode);
	TAKE_SETTING(doc, DAEMON_DEFAULT_PROBE, raw->default_probe, &to->default_probe);
	TAKE_SETTING(doc, DAEMON_LOG_LEVEL, raw->log_level, &to->log_level);
	TAKE_SETTING(doc, DAEMON_CREATE_INTERFACE, raw->create_interface, &to->create_interface);
	TAKE_SETTING(doc, DAEMON_ANNOUNCE_ON_LINK, raw->announce_on_link, &to->announce_on_link);
	TAKE_SETTING(doc, DAEMON_KEEP_VIPS, raw->keep_vips_on_stop, &to->keep_vips_on_stop);
	TAKE_SETTING(doc, DAEMON_UNREACHABLE, raw->unreachable_aggregates,
		     &to->unreachable_aggregates);
	take_time(r, raw->vip_lifetime, doc, DAEMON_VIP_LIFETIME, &to->vip_lifetime_ns);
	take_time(r, raw->withdraw_hold, doc, DAEMON_WITHDRAW_HOLD, &to->withdraw_hold_ns);
	take_time(r, raw->stop_timeout, doc, DAEMON_STOP_TIMEOUT, &to->stop_timeout_ns);
	take_listen(r, raw, doc, &to->listen);
	take_preference(r, raw->preference, doc, DAEMON_PREFERENCE, &to->preference);
}

static void not_yet(struct reading *r, bool is_asked_for, const char *path)
{
	if (is_asked_for)
		reading_warning(r, path, "not-yet", "this has no effect yet");
}

static void warn_of_idle_fields(struct reading *r, const struct daemon_settings *s)
{
	not_yet(r, s->vip_lifetime_ns > 0, "spec.vipLifetime");
	not_yet(r, s->announce_on_link, "spec.announceOnLink");
	not_yet(r, s->unreachable_aggregates, "spec.unreachableAggregates");
	not_yet(r, s->default_probe == DEFAULT_PROBE_LISTENING, "spec.defaultProbe");
}

void load_daemon(struct reading *r, const struct object *object, const void *data)
{
	const struct raw_daemon_spec *raw = ((const struct raw_daemon *)data)->spec;
	struct daemon_settings *to = arena_new_of(r->loader->arena, struct daemon_settings);
	struct settings_doc doc = {.object = *object, .settings = to};

	if (raw)
		take_daemon(r, raw, &doc, to);
	warn_of_idle_fields(r, to);
	*array_add(&r->loader->model->daemons) = doc;
}
