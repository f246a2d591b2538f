/* load_peer_policy.c: PeerPolicy: what a session has that MetalLB has no field for */
#include "config/loader.h"
#include "config/schema_mlbgpd.h"

#include "base/text.h"

#include <string.h>

enum {
	PREPEND_MAX = 32,
	TTL_MAX = 255,
	SHUTDOWN_MESSAGE_MAX = 255, /* bytes: RFC 9003 2 */
	COMMUNITIES_MAX = 63, /* as on an announcement (V-069) */
};

static void take_next_hop(struct reading *r, const char *raw, struct settings_doc *doc,
			  struct addr *ret)
{
	if (!raw || !take_addr(r, raw, "spec.nextHop", "bad-value", ret))
		return;
	if (addr_is_unspecified(ret) || addr_is_loopback(ret) || addr_is_multicast(ret) ||
	    addr_is_link_local(ret))
		reading_error(r, "spec.nextHop", "bad-value",
			      "a router can't send packets to %.60s", raw);
	else
		setting_give(doc, PEER_NEXT_HOP);
}

static void take_shutdown_message(struct reading *r, struct settings_doc *doc, const char **ret)
{
	const char *text =
		take_setting_text(r, "spec.shutdownMessage", doc, PEER_SHUTDOWN_MESSAGE, ret);
	size_t len = text ? strlen(text) : 0;

	if (len > SHUTDOWN_MESSAGE_MAX)
		reading_error(r, "spec.shutdownMessage", "bad-value",
			      "%zu bytes in UTF-8; a message takes at most %d (RFC 9003)", len,
			      SHUTDOWN_MESSAGE_MAX);
}

static bool is_credential(const char *text)
{
	return *text && !strchr(text, '/') && strcmp(text, ".") != 0 && strcmp(text, "..") != 0;
}

static void take_password_file(struct reading *r, struct settings_doc *doc, const char **ret)
{
	const char *text = take_setting_text(r, "spec.passwordFile", doc, PEER_PASSWORD_FILE, ret);
	struct diag *diag;

	if (!text || (text[0] == '/' && text[1]) || is_credential(text))
		return;
	diag = reading_error(r, "spec.passwordFile", "bad-value",
			     "neither an absolute path nor the name of a credential");
	diag_hint(r->diags, diag,
		  "such as /etc/mlbgpd.d/router.password, or a name that LoadCredential= gives");
}

static void take_communities(struct reading *r, const struct raw_peer_policy_spec *raw,
			     struct settings_doc *doc, struct communities *ret)
{
	yaml_node_t *node = reading_node(r, "spec.communities");

	if (!node || node->type != YAML_SEQUENCE_NODE)
		return;
	setting_give(doc, PEER_COMMUNITIES); /* an empty list too */
	take_names(r, raw->communities, raw->communities_count, "spec.communities", "V-063",
		   &ret->names);
	if (ret->names.n > COMMUNITIES_MAX)
		reading_error(r, "spec.communities", "bad-value", "more than %d communities",
			      COMMUNITIES_MAX);
}

static void take_numbers(struct reading *r, const struct raw_peer_policy_spec *raw,
			 struct settings_doc *doc, struct peer_settings *to)
{
	uint32_t hops = 0;

	take_setting_u32(r, raw->local_pref, "spec.localPref", 1, UINT32_MAX, doc, PEER_LOCAL_PREF,
			 &to->local_pref);
	take_setting_u32(r, raw->med, "spec.med", 0, UINT32_MAX, doc, PEER_MED, &to->med.value);
	to->med.set = setting_is_given(doc, PEER_MED);
	take_setting_u32(r, raw->prepend, "spec.asPathPrepend", 0, PREPEND_MAX, doc, PEER_PREPEND,
			 &to->prepend);
	take_setting_u32(r, raw->maximum_prefixes, "spec.maximumPrefixes", 1, UINT32_MAX, doc,
			 PEER_MAXIMUM_PREFIXES, &to->maximum_prefixes.value);
	to->maximum_prefixes.set = setting_is_given(doc, PEER_MAXIMUM_PREFIXES);
	take_setting_u32(r, raw->ttl_hops, "spec.ttlSecurityHops", 1, TTL_MAX, doc,
			 PEER_TTL_SECURITY_HOPS, &hops);
	to->ttl_security_hops = (uint8_t)hops;
}

static void take_peer_policy(struct reading *r, const struct raw_peer_policy_spec *raw,
			     struct settings_doc *doc, struct peer_settings *to)
{
	take_selectors(r, "spec.nodeSelectors", &doc->node_selectors);
	take_names(r, raw->peers, raw->peers_count, "spec.peers", "V-063", &doc->names);
	take_selectors(r, "spec.peerSelectors", &doc->selectors);
	take_numbers(r, raw, doc, to);
	take_communities(r, raw, doc, &to->communities);
	take_next_hop(r, raw->next_hop, doc, &to->next_hop);
	TAKE_SETTING(doc, PEER_PASSIVE, raw->passive, &to->passive);
	TAKE_SETTING(doc, PEER_SHUTDOWN, raw->shutdown, &to->shutdown);
	TAKE_SETTING(doc, PEER_DRAIN, raw->drain, &to->drain);
	take_shutdown_message(r, doc, &to->shutdown_message);
	take_password_file(r, doc, &to->password_file);
	take_preference(r, raw->preference, doc, PEER_PREFERENCE, &to->preference);
	if (raw->bfd) {
		TAKE_SETTING(doc, PEER_BFD_HOPS, raw->bfd->hops, &to->bfd_hops);
		TAKE_SETTING(doc, PEER_BFD_STRICT, raw->bfd->strict, &to->bfd_strict);
	}
}

void load_peer_policy(struct reading *r, const struct object *object, const void *data)
{
	const struct raw_peer_policy_spec *raw = ((const struct raw_peer_policy *)data)->spec;
	struct peer_settings *to = arena_new_of(r->loader->arena, struct peer_settings);
	struct settings_doc doc = {.object = *object, .settings = to};

	if (raw)
		take_peer_policy(r, raw, &doc, to);
	*array_add(&r->loader->model->peer_policies) = doc;
}
