/* track_receive.c: messages received on one connection
 *
 * What is received is checked and dropped: we use no routes of anybody.
 */
#include "bgp/session_private.h"

#include "base/log.h"
#include "bgp/update.h"

#include <stdio.h>
#include <string.h>

static void error_event(struct track *t, enum bgp_event event, const struct bgp_error *error)
{
	char text[BGP_ERROR_TEXT_MAX];

	track_event(t, event, error, bgp_error_text(text, error));
}

/* What the two sides have in common. */
static void take_open(struct track *t, const struct bgp_open *open)
{
	const struct plan_peer *peer = t->session->peer;
	uint32_t caps = open->capabilities, both = caps & t->offered;

	t->open = *open;
	t->has_open = true;
	t->internal = open->asn == peer->my_asn;
	t->as4 = both & BGP_CAP_AS4;
	/* Without any multiprotocol capability it is IPv4 unicast (RFC 4760 section 8). */
	t->ipv4 = peer->ipv4 && ((caps & BGP_CAP_IPV4) || !(caps & BGP_CAP_MULTIPROTOCOL));
	t->ipv6 = both & BGP_CAP_IPV6;
	t->ipv4_by_ipv6 = t->ipv4 && (both & BGP_CAP_NEXT_HOP);
	t->extended = both & BGP_CAP_EXTENDED_MESSAGE;
	t->enhanced = (both & BGP_CAP_ENHANCED_REFRESH) && (both & BGP_CAP_ROUTE_REFRESH);
	t->end_of_rib_received = 0;
}

static void on_open(struct track *t, struct reader *body)
{
	const struct plan_peer *peer = t->session->peer;
	const struct bgp_expect expect = {
		.my_asn = peer->my_asn,
		.peer_asn = peer->peer_asn,
		.dynamic_internal = peer->peer->dynamic_asn == DYNAMIC_ASN_INTERNAL,
		.dynamic_external = peer->peer->dynamic_asn == DYNAMIC_ASN_EXTERNAL,
		.router_id = t->router_id,
		.ipv4 = peer->ipv4,
		.ipv6 = peer->ipv6,
	};
	struct bgp_open open = {0};
	struct bgp_error error;

	if (t->fsm.state == BGP_OPEN_SENT) {
		if (!bgp_open_decode(body, &open, &error) ||
		    !bgp_open_check(&open, &expect, &error)) {
			error_event(t, BGP_EV_OPEN_ERR, &error);
			return;
		}
		take_open(t, &open);
		if (!session_opened(t))
			return;
	}
	track_event(t, BGP_EV_OPEN, NULL, "OPEN received");
}

static void on_notification(struct track *t, struct reader *body)
{
	struct session *s = t->session;
	struct bgp_error error;
	char text[BGP_ERROR_TEXT_MAX], why[REASON_MAX];
	bool version;

	if (!bgp_notification_decode(body, &error))
		bgp_error_set(&error, 0, 0);
	/* RFC 5492 3: to be tried without capabilities, and with them again where that fails too */
	if (error.code == BGP_ERR_OPEN && error.subcode == BGP_OPEN_BAD_OPTION)
		s->plain_open = !s->plain_open;
	version = error.code == BGP_ERR_OPEN && error.subcode == BGP_OPEN_BAD_VERSION;
	session_blame(t, &error);
	session_tell_notification(s, false, &error);
	snprintf(why, sizeof(why), "NOTIFICATION received: %s", bgp_error_text(text, &error));
	track_event(t, version ? BGP_EV_NOTIF_VERSION_ERR : BGP_EV_NOTIF, NULL, why);
}

static void tell_update(struct session *s, const char *what)
{
	if (s->told_update)
		return;
	s->told_update = true;
	log_event(LOG_WARNING, EVENT_PEER_ERROR,
		  LOG_FIELDS({"PEER", s->peer->name}, {"REASON", what}),
		  "peer %s: a received UPDATE is malformed: %s; not told again in this session",
		  s->peer->name, what);
}

/* RFC 4724 2: an UPDATE of nothing, or an MP_UNREACH_NLRI without a prefix alone. */
static void note_end_of_rib(struct track *t, struct reader body)
{
	uint8_t family = ADDR_NONE;

	if (reader_left(&body) == 4)
		family = ADDR_IPV4;
	else if (update_is_mp_end_of_rib(body))
		family = ADDR_IPV6;
	else
		return;
	if (t->end_of_rib_received & FAMILY_BIT(family))
		return;
	t->end_of_rib_received |= FAMILY_BIT(family);
	log_debug("peer %s: End-of-RIB received of %s", t->session->peer->name,
		  family == ADDR_IPV4 ? "IPv4" : "IPv6");
}

static void on_update(struct track *t, const struct reader *body)
{
	const struct update_context context = {
		.internal = t->internal, .as4 = t->as4, .ipv4 = t->ipv4, .ipv6 = t->ipv6};
	enum update_verdict verdict = UPDATE_GOOD;
	struct bgp_error error;
	const char *what = "";

	t->session->updates_received++;
	if (t->fsm.state == BGP_ESTABLISHED)
		verdict = update_check(*body, &context, &error, &what);
	if (verdict != UPDATE_GOOD)
		tell_update(t->session, what);
	if (verdict == UPDATE_GOOD)
		note_end_of_rib(t, *body);
	if (verdict == UPDATE_SESSION_RESET)
		error_event(t, BGP_EV_UPDATE_ERR, &error);
	else
		track_event(t, BGP_EV_UPDATE, NULL, "UPDATE received");
}

static void on_route_refresh(struct track *t, struct reader *body)
{
	struct session *s = t->session;
	uint8_t family = ADDR_NONE;
	enum bgp_refresh what = BGP_REFRESH_REQUEST;
	struct bgp_error error;
	bool good = bgp_refresh_decode(body, &family, &what, &error);

	if (!good && t->fsm.state == BGP_ESTABLISHED) {
		error_event(t, BGP_EV_UPDATE_ERR, &error);
		return;
	}
	track_event(t, BGP_EV_ROUTE_REFRESH, NULL, "ROUTE-REFRESH received");
	/* of a family that was not agreed on it is ignored (RFC 2918 4) */
	if (s->up == t && what == BGP_REFRESH_REQUEST &&
	    ((family == ADDR_IPV4 && t->ipv4) || (family == ADDR_IPV6 && t->ipv6)))
		track_refresh(t, family);
}

static void dispatch(struct track *t, enum bgp_type type, struct reader *body)
{
	switch (type) {
	case BGP_OPEN:
		on_open(t, body);
		break;
	case BGP_UPDATE:
		on_update(t, body);
		break;
	case BGP_NOTIFICATION:
		on_notification(t, body);
		break;
	case BGP_KEEPALIVE:
		track_event(t, BGP_EV_KEEPALIVE, NULL, "KEEPALIVE received");
		break;
	case BGP_ROUTE_REFRESH:
		on_route_refresh(t, body);
		break;
	}
}

size_t track_received(void *arg, struct conn *c, const uint8_t *data, size_t len)
{
	struct track *t = arg;
	struct bgp_error error;
	enum bgp_type type;
	struct reader body;
	int whole;

	(void)c;
	/* RFC 8654 4: once both sides said that they can */
	whole = bgp_frame(data, len,
			  t->has_open && t->extended ? BGP_EXTENDED_MAX : BGP_MESSAGE_MAX, &type,
			  &error);
	if (whole < 0) {
		error_event(t, BGP_EV_HEADER_ERR, &error);
		return 0;
	}
	if (whole == 0 || (size_t)whole > len)
		return 0;
	t->session->messages_received++;
	body = reader_of(data + BGP_HEADER_LEN, (size_t)whole - BGP_HEADER_LEN);
	dispatch(t, type, &body);
	return (size_t)whole;
}
