/* session_family.c: which families a session exchanges, and by which next hop */
#include "bgp/session_private.h"

/* Did both sides say that they exchange it? */
static bool is_exchanged(const struct session *s, uint8_t family)
{
	return s->up && (family == ADDR_IPV4 ? s->up->ipv4 : s->up->ipv6);
}

/* IPv4 over IPv6 has an IPv6 next hop where that was agreed on (RFC 8950); else a family that is
 * not the connection's has our address of its own on the same link. */
struct addr session_next_hop(const struct session *s, uint8_t family)
{
	const struct addr none = {0};

	if (!is_exchanged(s, family))
		return none;
	if (s->up->conn.local.family == family || (family == ADDR_IPV4 && s->up->ipv4_by_ipv6))
		return s->up->conn.local;
	return s->up->beside;
}

struct addr session_route_next_hop(const struct session *s, const struct plan_attrs *attrs,
				   uint8_t family)
{
	if (is_exchanged(s, family) && attrs->next_hop.family == family)
		return attrs->next_hop;
	return session_next_hop(s, family);
}

const char *session_family_obstacle(const struct session *s, uint8_t family)
{
	bool wanted = family == ADDR_IPV4 ? s->peer->ipv4 : s->peer->ipv6;

	if (!wanted || !s->up)
		return NULL;
	if (!is_exchanged(s, family))
		return "the router did not offer it";
	if (session_next_hop(s, family).family == ADDR_NONE)
		return family == ADDR_IPV6 ? "this host has no global IPv6 address on the link"
					   : "this host has no IPv4 address on the link, and the "
					     "router no IPv6 next hops for it (RFC 8950)";
	return NULL;
}
