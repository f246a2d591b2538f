/* load_peer.c: a BGPPeer of either version: rules V-010 to V-027 */
#include "config/loader.h"
#include "config/schema_metallb.h"

#include <string.h>

enum { PORT_MAX = 16384, HOLD_MAX_S = 65535 };
static const int64_t second = 1000000000;

static bool is_v1beta1(const struct reading *r)
{
	return strcmp(r->api, "metallb.io/v1beta1") == 0;
}

/* Of two that exclude each other: an error at one, with the place of the other. */
static void exclude(struct reading *r, const char *path, const char *other, const char *rule,
		    const char *words)
{
	reading_related(r, reading_error(r, path, rule, "%s", words), other, other);
}

/* An empty text stands for none. */
static const char *given(const char *raw)
{
	return raw && *raw ? raw : NULL;
}

static void take_dynamic(struct reading *r, const char *raw, struct bgp_peer *peer)
{
	static const char *const words[] = {"internal", "external"};
	static const enum dynamic_asn values[] = {DYNAMIC_ASN_INTERNAL, DYNAMIC_ASN_EXTERNAL,
						  DYNAMIC_ASN_NONE};

	peer->dynamic_asn = values[take_word(r, raw, "spec.dynamicASN", "V-014", words, 2)];
}

static void take_asns(struct reading *r, const struct raw_peer_spec *raw, struct bgp_peer *peer)
{
	if (raw->my_asn && *raw->my_asn == 0)
		reading_error(r, "spec.myASN", "V-010", "an AS number of 0 does not exist");
	else
		take_u32(r, raw->my_asn, "spec.myASN", "V-011", 1, UINT32_MAX, &peer->my_asn);
	take_u32(r, raw->peer_asn, "spec.peerASN", "V-011", 0, UINT32_MAX, &peer->peer_asn);
	take_u32(r, raw->local_asn, "spec.localASN", "V-011", 1, UINT32_MAX, &peer->local_asn);
	take_dynamic(r, raw->dynamic_asn, peer);
}

/* What was written counts, though it may have been wrong. */
static bool is_written(struct reading *r, const char *path)
{
	yaml_node_t *node = reading_node(r, path);

	return node && !node_is_null(node);
}

static void check_asns(struct reading *r, const struct raw_peer_spec *raw,
		       const struct bgp_peer *peer)
{
	bool is_there = is_written(r, "spec.peerASN");
	bool has_peer_asn = is_there && !(raw->peer_asn && !*raw->peer_asn);
	bool has_dynamic = is_written(r, "spec.dynamicASN");

	if (!has_peer_asn && is_v1beta1(r) && is_there)
		reading_error(r, "spec.peerASN", "V-012", "peerASN is needed, 0 stands for none");
	else if (!has_peer_asn && !has_dynamic && !is_v1beta1(r))
		reading_error(r, "spec.peerASN", "V-012", "peerASN or dynamicASN is needed");
	else if (has_peer_asn && has_dynamic)
		exclude(r, "spec.dynamicASN", "spec.peerASN", "V-013",
			"peerASN and dynamicASN exclude each other");
	if (peer->ebgp_multihop && peer->my_asn != 0 && peer->peer_asn == peer->my_asn)
		exclude(r, "spec.ebgpMultiHop", "spec.peerASN", "V-015",
			"the peer is in our own AS, ebgpMultiHop is for external ones");
}

static void check_router_id(struct reading *r, const struct raw_peer_spec *raw,
			    struct bgp_peer *peer)
{
	const char *text = given(raw->router_id);

	if (!take_addr(r, text, "spec.routerID", "V-019", &peer->router_id) || !text)
		return;
	if (peer->router_id.family != ADDR_IPV4 || addr_is_unspecified(&peer->router_id))
		reading_error(r, "spec.routerID", "V-019",
			      "a router ID has the form of an IPv4 address, and is not 0.0.0.0");
}

static void check_source(struct reading *r, const struct raw_peer_spec *raw, struct bgp_peer *peer)
{
	const char *text = given(raw->source_address);

	if (!take_addr(r, text, "spec.sourceAddress", "V-020", &peer->source_address) || !text)
		return;
	if (peer->address.family != ADDR_NONE &&
	    peer->address.family != peer->source_address.family)
		exclude(r, "spec.sourceAddress", "spec.peerAddress", "V-020",
			"the source address and the peer's are of different families");
}

static void warn_of_idle_fields(struct reading *r, const struct raw_peer_spec *raw)
{
	if (given(raw->interface))
		reading_warning(r, "spec.interface", "not-yet",
				"peers by interface do not run yet: this one stays down");
	if (given(raw->vrf))
		reading_warning(r, "spec.vrf", "not-yet",
				"peers in a VRF do not run yet: this one stays down");
}

static void take_addresses(struct reading *r, const struct raw_peer_spec *raw,
			   struct bgp_peer *peer)
{
	const char *address = given(raw->peer_address);
	const char *text = take_text(r, raw->peer_address, "spec.peerAddress");
	bool wrong_type = !text && is_written(r, "spec.peerAddress");

	peer->interface = take_string(r, given(raw->interface));
	peer->vrf = take_string(r, given(raw->vrf));
	if (address && peer->interface)
		exclude(r, "spec.interface", "spec.peerAddress", "V-017",
			"peerAddress and interface exclude each other");
	else if (!address && !peer->interface && !wrong_type && (!is_v1beta1(r) || text))
		reading_error(r, "spec.peerAddress", "V-016", "peerAddress or interface is needed");
	if (take_addr(r, address, "spec.peerAddress", "V-018", &peer->address) && address &&
	    (addr_is_unspecified(&peer->address) || addr_is_multicast(&peer->address)))
		reading_error(r, "spec.peerAddress", "V-018", "no router has this address");
	check_router_id(r, raw, peer);
	check_source(r, raw, peer);
	warn_of_idle_fields(r, raw);
}

static int64_t whole_seconds(int64_t ns)
{
	return ns < 0 ? -1 : ns / second;
}

/* The hold time counts in whole seconds, fractions are cut.  Where only the keepalive interval is
 * given, it follows as three times that. */
static void check_hold(struct reading *r, struct bgp_peer *peer)
{
	struct opt_duration *hold = &peer->hold_time, *keepalive = &peer->keepalive_time;
	const char *field = hold->set ? "spec.holdTime" : "spec.keepaliveTime";
	int64_t seconds = 0;

	if (hold->set)
		seconds = whole_seconds(hold->ns);
	else if (keepalive->set && keepalive->ns > HOLD_MAX_S * second)
		seconds = HOLD_MAX_S + 1;
	else if (keepalive->set)
		seconds = keepalive->ns < 0 ? -1 : whole_seconds(keepalive->ns * 3);
	if (seconds < 0 || seconds == 1 || seconds == 2 || seconds > HOLD_MAX_S)
		reading_error(r, field, "V-023",
			      hold->set ? "a hold time is 0s, or 3s to 65535s"
					: "the hold time follows as three times this, and is 0s,"
					  " or 3s to 65535s");
	else if (hold->set && keepalive->set && keepalive->ns < 0)
		reading_error(r, "spec.keepaliveTime", "bad-value", "a time can't be negative");
	else if (hold->set && keepalive->set && keepalive->ns > hold->ns)
		exclude(r, "spec.keepaliveTime", "spec.holdTime", "V-024",
			"is above the hold time");
	else if (hold->set)
		hold->ns = seconds * second;
}

static void take_timers(struct reading *r, const struct raw_peer_spec *raw, struct bgp_peer *peer)
{
	struct opt_duration *connect = &peer->connect_time;

	if (take_duration(r, raw->hold_time, "spec.holdTime", &peer->hold_time) &&
	    take_duration(r, raw->keepalive_time, "spec.keepaliveTime", &peer->keepalive_time))
		check_hold(r, peer);
	take_duration(r, raw->connect_time, "spec.connectTime", connect);
	if (!connect->set)
		return;
	if (connect->ns < second || connect->ns > 65535 * second)
		reading_error(r, "spec.connectTime", "V-025", "is not between 1s and 65535s");
	else if (connect->ns % second != 0)
		reading_error(r, "spec.connectTime", "V-026", "is not a whole number of seconds");
}

static void take_password(struct reading *r, const struct raw_peer_spec *raw, struct bgp_peer *peer)
{
	/* From the tree: libcyaml takes a quoted "null" for none. */
	const char *password =
		raw->password ? raw->password : node_text(reading_node(r, "spec.password"));
	const char *secret = raw->password_secret ? raw->password_secret->name : NULL;

	if (password && *password)
		peer->password = arena_strdup(r->loader->arena, password);
	if (secret && *secret)
		peer->password_secret = take_string(r, secret);
	if (peer->password && peer->password_secret)
		exclude(r, "spec.passwordSecret.name", "spec.password", "V-027",
			"password and passwordSecret exclude each other");
	if (peer->password && strlen(peer->password) > MD5_KEY_MAX)
		reading_error(r, "spec.password", "password-length",
			      "a TCP MD5 key has at most %d bytes", MD5_KEY_MAX);
}

static bool takes_no_values(const struct selector_expr *expr)
{
	return expr->op == SELECTOR_EXISTS || expr->op == SELECTOR_DOES_NOT_EXIST;
}

/* In v1beta1 every expression has values, so that these two can't be said. */
static void check_v1beta1_selectors(struct reading *r, const struct bgp_peer *peer)
{
	for (uint32_t i = 0; i < peer->node_selectors.n; i++) {
		const struct selector *selector = &peer->node_selectors.at[i];

		for (uint32_t k = 0; k < selector->n_exprs; k++) {
			char item[PATH_TEXT_MAX], list[PATH_TEXT_MAX], path[PATH_TEXT_MAX];

			if (!takes_no_values(&selector->exprs[k]))
				continue;
			path_key(list, path_item(item, "spec.nodeSelectors", i),
				 "matchExpressions");
			path_key(path, path_item(item, list, k), "values");
			diag_hint(r->diags,
				  reading_error(r, path, "V-003",
						"v1beta1 wants values, which this operator does not"
						" take"),
				  "apiVersion metallb.io/v1beta2 knows it without");
		}
	}
}

void load_peer(struct reading *r, const struct object *object, const void *data)
{
	const struct raw_peer_spec *raw = ((const struct raw_peer *)data)->spec;
	struct bgp_peer peer = {.object = *object, .port = 179};
	int64_t port_min = is_v1beta1(r) ? 0 : 1;
	uint32_t port = 179;

	if (raw) {
		take_bool(raw->graceful_restart, &peer.graceful_restart);
		take_bool(raw->ebgp_multihop, &peer.ebgp_multihop);
		take_bool(raw->dual_stack, &peer.dual_stack);
		take_asns(r, raw, &peer);
		check_asns(r, raw, &peer);
		take_addresses(r, raw, &peer);
		take_u32(r, raw->peer_port, "spec.peerPort", "V-021", (uint32_t)port_min, PORT_MAX,
			 &port);
		peer.port = port > 0 ? (uint16_t)port : 179;
		take_timers(r, raw, &peer);
		take_password(r, raw, &peer);
		if (raw->bfd_profile && *raw->bfd_profile)
			peer.bfd_profile = take_string(r, raw->bfd_profile);
		take_selectors(r, "spec.nodeSelectors", &peer.node_selectors);
		if (is_v1beta1(r))
			check_v1beta1_selectors(r, &peer);
	}
	*array_add(&r->loader->model->peers) = peer;
}
