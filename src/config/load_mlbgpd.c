/* load_mlbgpd.c: our own kinds: Daemon; those of which nothing but the form is looked at yet
 */
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
			struct daemon_doc *doc)
{
	yaml_node_t *node = reading_node(r, "spec.listenAddresses");
	struct listen_address *list;
	char path[PATH_TEXT_MAX];
	uint32_t n = 0;

	if (!node || node->type != YAML_SEQUENCE_NODE)
		return;
	doc->given[DAEMON_LISTEN] = true; /* an empty list too: dial only */
	list = arena_array_of(r->loader->arena, struct listen_address, raw->listen_count + 1);
	for (uint32_t i = 0; i < raw->listen_count; i++) {
		if (!raw->listen[i])
			continue;
		if (listen_address_parse(raw->listen[i], &list[n]))
			n++;
		else
			bad_listen(r, path_item(path, "spec.listenAddresses", i), raw->listen[i]);
	}
	doc->settings.listen = list;
	doc->settings.n_listen = n;
}

static void take_time(struct reading *r, const char *raw, const char *path, bool *given,
		      int64_t *ret)
{
	struct opt_duration duration = {0};

	if (!raw || !take_duration(r, raw, path, &duration))
		return;
	if (duration.ns < 0) {
		reading_error(r, path, "V-022", "a time can't be negative");
		return;
	}
	*given = true;
	*ret = duration.ns;
}

static void take_flag(const bool *raw, bool *given, bool *ret)
{
	*given = raw;
	take_bool(raw, ret);
}

/* "65000:$localPref" or "large:65000:1:$localPref" */
static bool is_template(const char *text)
{
	static const char tail[] = ":$localPref";
	size_t len = strlen(text), tail_len = sizeof(tail) - 1, colons = 0;

	if (len <= tail_len || strcmp(text + len - tail_len, tail) != 0)
		return false;
	for (const char *c = text; *c; c++)
		colons += *c == ':';
	return strncmp(text, "large:", 6) == 0 ? colons == 3 : colons == 1;
}

static void take_mode_word(struct reading *r, struct daemon_doc *doc)
{
	yaml_node_t *node = reading_node(r, "spec.externalPreference");
	const char *word = node_text(node);
	const char *words[SCHEMA_PREFERENCE_MODES], *near;
	struct diag *diag;

	if (!word)
		return;
	for (size_t i = 0; i < SCHEMA_PREFERENCE_MODES; i++) {
		words[i] = schema_preference_modes[i].str;
		if (strcmp(word, words[i]) != 0)
			continue;
		doc->given[DAEMON_PREFERENCE_MODE] = true;
		doc->settings.preference.mode =
			(enum preference_mode)schema_preference_modes[i].val;
		return;
	}
	diag = reading_error(r, "spec.externalPreference", "bad-value",
			     "\"%.30s\" is not one of: auto, prepend, med, community, send, none",
			     word);
	near = nearest_name(word, words, SCHEMA_PREFERENCE_MODES);
	if (near)
		diag_hint(r->diags, diag, "did you mean %s?", near);
}

static void take_preference(struct reading *r, const struct raw_preference *raw,
			    struct daemon_doc *doc)
{
	struct external_preference *to = &doc->settings.preference;

	take_mode_word(r, doc);
	if (!raw)
		return;
	if (raw->mode) {
		doc->given[DAEMON_PREFERENCE_MODE] = true;
		to->mode = *raw->mode;
	}
	doc->given[DAEMON_PREFERENCE_PREPEND] = raw->prepend_per_tier;
	doc->given[DAEMON_PREFERENCE_MED_BASE] = raw->med_base;
	doc->given[DAEMON_PREFERENCE_MED_PER_TIER] = raw->med_per_tier;
	take_u32(r, raw->prepend_per_tier, "spec.externalPreference.prependPerTier", "bad-value", 1,
		 32, &to->prepend_per_tier);
	take_u32(r, raw->med_base, "spec.externalPreference.medBase", "bad-value", 0, UINT32_MAX,
		 &to->med_base);
	take_u32(r, raw->med_per_tier, "spec.externalPreference.medPerTier", "bad-value", 1,
		 UINT32_MAX, &to->med_per_tier);
	if (raw->community && !is_template(raw->community))
		reading_error(r, "spec.externalPreference.community", "bad-value",
			      "\"%.60s\" has not the form 65000:$localPref or"
			      " large:65000:1:$localPref",
			      raw->community);
	doc->given[DAEMON_PREFERENCE_COMMUNITY] = raw->community;
	to->community = take_string(r, raw->community);
	if (raw->mode && *raw->mode == PREFERENCE_COMMUNITY && !raw->community)
		reading_error(r, "spec.externalPreference.community", "bad-value",
			      "mode community needs a community");
}

static void take_texts(struct reading *r, const struct raw_daemon_spec *raw, struct daemon_doc *doc)
{
	struct daemon_settings *to = &doc->settings;

	doc->given[DAEMON_CLASS] = raw->load_balancer_class;
	to->load_balancer_class = take_string(r, raw->load_balancer_class);
	doc->given[DAEMON_VIP_INTERFACE] = raw->vip_interface;
	to->vip_interface = take_string(r, raw->vip_interface);
	if (raw->vip_interface &&
	    (strlen(raw->vip_interface) > 127 || strpbrk(raw->vip_interface, "/ \t")))
		reading_error(r, "spec.vipInterface", "bad-value", "no interface has this name");
	doc->given[DAEMON_METRICS] = reading_node(r, "spec.metricsAddress");
	to->metrics_address = raw->metrics_address ? take_string(r, raw->metrics_address) : "";
	if (raw->metrics_address) {
		struct listen_address unused;

		if (!listen_address_parse(raw->metrics_address, &unused))
			bad_listen(r, "spec.metricsAddress", raw->metrics_address);
	}
}

static void take_router_id(struct reading *r, const char *raw, struct daemon_doc *doc)
{
	if (!raw || !take_addr(r, raw, "spec.routerID", "V-019", &doc->settings.router_id))
		return;
	doc->given[DAEMON_ROUTER_ID] = true;
	if (doc->settings.router_id.family != ADDR_IPV4 ||
	    addr_is_unspecified(&doc->settings.router_id))
		reading_error(r, "spec.routerID", "V-019",
			      "a router ID has the form of an IPv4 address, and is not 0.0.0.0");
}

static void take_daemon(struct reading *r, const struct raw_daemon_spec *raw,
			struct daemon_doc *doc)
{
	struct daemon_settings *to = &doc->settings;
	bool *given = doc->given;

	take_selectors(r, "spec.nodeSelectors", &doc->node_selectors);
	take_texts(r, raw, doc);
	take_router_id(r, raw->router_id, doc);
	if (raw->vip_mode) {
		given[DAEMON_VIP_MODE] = true;
		to->vip_mode = *raw->vip_mode;
	}
	if (raw->default_probe) {
		given[DAEMON_DEFAULT_PROBE] = true;
		to->default_probe = *raw->default_probe;
	}
	if (raw->log_level) {
		given[DAEMON_LOG_LEVEL] = true;
		to->log_level = *raw->log_level;
	}
	take_flag(raw->create_interface, &given[DAEMON_CREATE_INTERFACE], &to->create_interface);
	take_flag(raw->announce_on_link, &given[DAEMON_ANNOUNCE_ON_LINK], &to->announce_on_link);
	take_flag(raw->keep_vips_on_stop, &given[DAEMON_KEEP_VIPS], &to->keep_vips_on_stop);
	take_flag(raw->unreachable_aggregates, &given[DAEMON_UNREACHABLE],
		  &to->unreachable_aggregates);
	take_time(r, raw->vip_lifetime, "spec.vipLifetime", &given[DAEMON_VIP_LIFETIME],
		  &to->vip_lifetime_ns);
	take_time(r, raw->withdraw_hold, "spec.withdrawHold", &given[DAEMON_WITHDRAW_HOLD],
		  &to->withdraw_hold_ns);
	take_time(r, raw->stop_timeout, "spec.stopTimeout", &given[DAEMON_STOP_TIMEOUT],
		  &to->stop_timeout_ns);
	take_listen(r, raw, doc);
	take_preference(r, raw->preference, doc);
}

static void not_yet(struct reading *r, bool is_asked_for, const char *path)
{
	if (is_asked_for)
		reading_warning(r, path, "not-yet", "this has no effect yet");
}

static void warn_of_idle_fields(struct reading *r, const struct daemon_doc *doc)
{
	const struct daemon_settings *s = &doc->settings;

	not_yet(r, s->vip_lifetime_ns > 0, "spec.vipLifetime");
	not_yet(r, s->announce_on_link, "spec.announceOnLink");
	not_yet(r, s->unreachable_aggregates, "spec.unreachableAggregates");
	not_yet(r, s->default_probe == DEFAULT_PROBE_LISTENING, "spec.defaultProbe");
}

void load_daemon(struct reading *r, const struct object *object, const void *data)
{
	const struct raw_daemon_spec *raw = ((const struct raw_daemon *)data)->spec;
	struct daemon_doc doc = {.object = *object};

	if (raw)
		take_daemon(r, raw, &doc);
	warn_of_idle_fields(r, &doc);
	*array_add(&r->loader->model->daemons) = doc;
}

void load_other(struct reading *r, const struct object *object, const void *data)
{
	(void)data;
	reading_warning(r, "kind", "not-yet", "a %s does nothing yet", kind_name(object->kind));
	*array_add(&r->loader->model->others) = (struct other_doc){.object = *object};
}
