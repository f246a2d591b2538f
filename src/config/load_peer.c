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

static void take_asns(struct reading *r, const struct raw_peer_spec *raw, struct bgp_peer *peer)
{
	if (raw->my_asn && *raw->my_asn == 0)
		reading_error(r, "spec.myASN", "V-010", "an AS number of 0 does not exist");
	else
		take_u32(r, raw->my_asn, "spec.myASN", "V-011", 0, UINT32_MAX, &peer->my_asn);
	take_u32(r, raw->peer_asn, "spec.peerASN", "V-011", 0, UINT32_MAX, &peer->peer_asn);
	take_u32(r, raw->local_asn, "spec.localASN", "V-011", 1, UINT32_MAX, &peer->local_asn);
	if (raw->dynamic_asn && strcmp(raw->dynamic_asn, "internal") == 0)
		peer->dynamic_asn = DYNAMIC_ASN_INTERNAL;
	else if (raw->dynamic_asn && strcmp(raw->dynamic_asn, "external") == 0)
		peer->dynamic_asn = DYNAMIC_ASN_EXTERNAL;
	else if (raw->dynamic_asn)
		reading_error(r, "spec.dynamicASN", "V-014",
			      "\"%.40s\" is not one of: internal, external", raw->dynamic_asn);
}

/* What was written counts, though it may have been wrong. */
static void check_asns(struct reading *r, const struct raw_peer_spec *raw,
		       const struct bgp_peer *peer)
{
	bool has_peer_asn = reading_node(r, "spec.peerASN") && !(raw->peer_asn && !*raw->peer_asn);
	bool has_dynamic = reading_node(r, "spec.dynamicASN");

	if (!has_peer_asn && !has_dynamic && !is_v1beta1(r))
		reading_error(r, "spec.peerASN", "V-012", "peerASN or dynamicASN is needed");
	else if (has_peer_asn && has_dynamic)
		reading_error(r, "spec.dynamicASN", "V-013",
			      "peerASN and dynamicASN exclude each other");
	if (peer->ebgp_multihop && peer->my_asn != 0 && peer->peer_asn == peer->my_asn)
		reading_error(r, "spec.ebgpMultiHop", "V-015",
			      "the peer is in our own AS, ebgpMultiHop is for external ones");
}

static void check_router_id(struct reading *r, const struct raw_peer_spec *raw,
			    struct bgp_peer *peer)
{
	if (!take_addr(r, raw->router_id, "spec.routerID", "V-019", &peer->router_id) ||
	    !raw->router_id)
		return;
	if (peer->router_id.family != ADDR_IPV4 || addr_is_unspecified(&peer->router_id))
		reading_error(r, "spec.routerID", "V-019",
			      "a router ID has the form of an IPv4 address, and is not 0.0.0.0");
}

static void take_addresses(struct reading *r, const struct raw_peer_spec *raw,
			   struct bgp_peer *peer)
{
	bool good = take_addr(r, raw->peer_address, "spec.peerAddress", "V-018", &peer->address) &&
		    take_addr(r, raw->source_address, "spec.sourceAddress", "V-020",
			      &peer->source_address);

	peer->interface = take_string(r, raw->interface);
	peer->vrf = take_string(r, raw->vrf);
	check_router_id(r, raw, peer);
	if (!reading_node(r, "spec.peerAddress") && !raw->interface && !is_v1beta1(r))
		reading_error(r, "spec.peerAddress", "V-016", "peerAddress or interface is needed");
	else if (raw->peer_address && raw->interface)
		reading_error(r, "spec.interface", "V-017",
			      "peerAddress and interface exclude each other");
	if (good && raw->peer_address && addr_is_unspecified(&peer->address))
		reading_error(r, "spec.peerAddress", "V-018", "no router has this address");
	if (good && raw->peer_address && raw->source_address &&
	    peer->address.family != peer->source_address.family)
		reading_error(r, "spec.sourceAddress", "V-020",
			      "the source address and the peer's are of different families");
	if (raw->interface)
		reading_warning(r, "spec.interface", "not-yet",
				"peers by interface do not run yet: this one stays down");
	if (raw->vrf)
		reading_warning(r, "spec.vrf", "not-yet",
				"peers in a VRF do not run yet: this one stays down");
	if (raw->bfd_profile)
		reading_warning(r, "spec.bfdProfile", "not-yet",
				"BFD does not run yet: the hold time alone finds a dead router");
	if (raw->graceful_restart && *raw->graceful_restart)
		reading_warning(r, "spec.enableGracefulRestart", "not-yet",
				"graceful restart is not negotiated yet");
	if (raw->dual_stack && *raw->dual_stack)
		reading_warning(r, "spec.dualStackAddressFamily", "not-yet",
				"routes of the other family are not sent on this session yet");
}

/* The hold time counts in whole seconds, fractions are cut. */
static void check_hold(struct reading *r, struct bgp_peer *peer)
{
	struct opt_duration *hold = &peer->hold_time, *keepalive = &peer->keepalive_time;
	const char *field = hold->set ? "spec.holdTime" : "spec.keepaliveTime";
	int64_t seconds;

	if (keepalive->set && keepalive->ns < 0) {
		reading_error(r, "spec.keepaliveTime", "V-022", "a time can't be negative");
		return;
	}
	if (!hold->set && !keepalive->set)
		return;
	if (hold->set)
		seconds = hold->ns < 0 ? -1 : hold->ns / second;
	else
		seconds = keepalive->ns > (HOLD_MAX_S + 1) * second ? HOLD_MAX_S + 1
								    : keepalive->ns * 3 / second;
	if (seconds < 0 || seconds == 1 || seconds == 2 || seconds > HOLD_MAX_S) {
		reading_error(r, field, "V-023",
			      hold->set ? "a hold time is 0s, or 3s to 65535s"
					: "the hold time follows as three times this, and is 0s,"
					  " or 3s to 65535s");
		return;
	}
	if (hold->set)
		hold->ns = seconds * second;
	if (hold->set && keepalive->set && keepalive->ns > hold->ns)
		reading_error(r, "spec.keepaliveTime", "V-024", "is above the hold time");
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
		reading_error(r, "spec.passwordSecret", "V-027",
			      "password and passwordSecret exclude each other");
	if (peer->password && strlen(peer->password) > MD5_KEY_MAX)
		reading_error(r, "spec.password", "password-length",
			      "a TCP MD5 key has at most %d bytes", MD5_KEY_MAX);
}

/* In v1beta1 every expression has values. */
static void check_v1beta1_selectors(struct reading *r, const struct bgp_peer *peer)
{
	for (uint32_t i = 0; i < peer->node_selectors.n; i++) {
		const struct selector *selector = &peer->node_selectors.at[i];

		for (uint32_t k = 0; k < selector->n_exprs; k++) {
			char item[PATH_TEXT_MAX], list[PATH_TEXT_MAX], path[PATH_TEXT_MAX];

			if (selector->exprs[k].values.n > 0)
				continue;
			path_key(list, path_item(item, "spec.nodeSelectors", i),
				 "matchExpressions");
			path_key(path, path_item(item, list, k), "values");
			reading_error(r, path, "V-003", "v1beta1 wants values here");
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
