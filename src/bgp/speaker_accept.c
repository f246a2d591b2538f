/* speaker_accept.c: whose a connection is that comes in, and the passwords of the listening sockets
 */
#include "bgp/speaker_private.h"

#include "base/log.h"
#include "base/text.h"
#include "bgp/tcp.h"

/* The one that counts of those with this address (they differ by port or source address): a
 * listening socket has one password for each. */
static const struct plan_peer *password_peer(const struct speaker *speaker, const struct addr *addr)
{
	for (size_t i = 0; i < speaker->sessions.n; i++) {
		const struct plan_peer *peer = session_peer(speaker->sessions.at[i]);

		if (peer->password && addr_equal(&peer->address, addr))
			return peer;
	}
	return NULL;
}

/* The listening sockets' password for an address that a peer has or had. */
static void sync_password(struct speaker *speaker, const struct plan_peer *peer)
{
	const struct plan_peer *counts;

	if (peer->address.family == ADDR_NONE)
		return;
	counts = password_peer(speaker, &peer->address);
	listener_set_password(speaker->listener, &peer->address, counts ? counts->password : NULL);
}

/* One password of two, told once each time the peer comes or changes. */
static void tell_ambiguous(const struct speaker *speaker, const struct plan_peer *peer)
{
	const struct plan_peer *counts = password_peer(speaker, &peer->address);

	if (counts && counts != peer && !text_equal(counts->password, peer->password))
		log_event(LOG_WARNING, EVENT_PEER_ERROR, LOG_FIELDS({"PEER", peer->name}),
			  "peer %s: has the address of peer %s and another password: it can be "
			  "dialled, but its own connections are refused",
			  peer->name, counts->name);
}

static void on_opened(void *arg)
{
	struct speaker *speaker = arg;

	for (size_t i = 0; i < speaker->sessions.n; i++) {
		const struct plan_peer *peer = session_peer(speaker->sessions.at[i]);

		if (peer->password)
			sync_password(speaker, peer);
	}
}

static bool local_is_allowed(const struct speaker *speaker, const struct addr *local)
{
	const struct speaker_ops *ops = speaker->env.ops;

	return !ops->local_address_allowed || ops->local_address_allowed(speaker->env.arg, local);
}

static bool on_accepted(void *arg, int fd, const struct addr *local, const struct addr *remote)
{
	struct speaker *speaker = arg;
	uint8_t ttl;

	if (!local_is_allowed(speaker, local))
		return false;
	for (size_t i = 0; i < speaker->sessions.n; i++) {
		const struct plan_peer *peer = session_peer(speaker->sessions.at[i]);

		if (!addr_equal(&peer->address, remote))
			continue;
		/* RFC 5082: what comes from afar gets no further than here */
		ttl = tcp_syn_ttl(fd);
		if (peer->ttl_security_hops && ttl < 256 - peer->ttl_security_hops) {
			session_too_far(speaker->sessions.at[i], ttl);
			continue;
		}
		if (peer->source_address.family == ADDR_NONE ||
		    addr_equal(&peer->source_address, local))
			return session_accept(speaker->sessions.at[i], fd);
	}
	return false;
}

const struct listener_ops speaker_listener_ops = {.accepted = on_accepted, .opened = on_opened};

void speaker_sync_listener(struct speaker *speaker, const struct plan *old)
{
	size_t n = 0;
	const struct plan_peer *peers = old ? plan_peers(old, &n) : NULL;

	for (size_t i = 0; i < n; i++) {
		if (peers[i].password)
			sync_password(speaker, &peers[i]);
	}
	for (size_t i = 0; i < speaker->sessions.n; i++) {
		const struct plan_peer *peer = session_peer(speaker->sessions.at[i]);

		if (peer->password)
			sync_password(speaker, peer);
		tell_ambiguous(speaker, peer);
	}
}
