/* thread_packets.c: whose packet it is that came, and what is sent */
#include "bfd/guard.h"
#include "bfd/thread_private.h"

#include <errno.h>
#include <unistd.h>

enum {
	LOAD_NS = 10000000, /* with so many packets in such a time */
	LOAD_PACKETS = 256,
};

/* ---- who is who ---- */

static uint16_t *chain_of(struct bfd_thread *b, const struct addr *peer)
{
	return &b->peers[addr_hash(peer) & (BFD_TRACKS_MAX - 1)];
}

void bfd_peers_add(struct bfd_thread *b, unsigned i)
{
	uint16_t *chain = chain_of(b, &b->tracks[i]->peer);

	b->next_peer[i] = *chain;
	*chain = (uint16_t)(i + 1);
}

void bfd_peers_remove(struct bfd_thread *b, unsigned i)
{
	uint16_t *at = chain_of(b, &b->tracks[i]->peer);

	while (*at != i + 1)
		at = &b->next_peer[*at - 1];
	*at = b->next_peer[i];
}

static unsigned index_of(const struct bfd_track *t)
{
	return t->session.machine.local_discr & (BFD_TRACKS_MAX - 1);
}

/* ---- sending ---- */

static int send_packet(struct bfd_track *t, const uint8_t *data)
{
	/* an ICMP error of an earlier packet is told in place of sending this one */
	if (send(t->fd, data, BFD_PACKET_LEN, MSG_NOSIGNAL) == BFD_PACKET_LEN ||
	    (errno == ECONNREFUSED &&
	     send(t->fd, data, BFD_PACKET_LEN, MSG_NOSIGNAL) == BFD_PACKET_LEN))
		return 0;
	return errno;
}

void bfd_thread_connect(struct bfd_track *t)
{
	t->fd = bfd_socket_connect(&t->peer, &t->source, t->ifindex, t->multihop);
	t->local = t->fd < 0 ? (struct addr){.family = ADDR_NONE} : bfd_socket_local(t->fd);
}

/* A session that is not Up looks for its way anew when the old one fails: our address may be
 * another one now. */
void bfd_thread_send(struct bfd_track *t, int64_t now)
{
	struct bfd_packet packet;
	uint8_t data[BFD_PACKET_LEN];

	if (!bfd_session_take_packet(&t->session, &packet, now))
		return;
	bfd_encode(data, &packet);
	if (t->fd < 0)
		bfd_thread_connect(t);
	if (t->fd < 0) {
		t->error = -t->fd;
		return;
	}
	t->error = send_packet(t, data);
	if (t->error == 0 || t->session.machine.state == BFD_UP)
		return;
	close(t->fd);
	t->fd = -1;
}

/* ---- receiving ---- */

static enum bfd_socket_kind kind_of(const struct bfd_track *t)
{
	return bfd_kind_of(t->peer.family, t->multihop);
}

/* A link-local address is a router's on one link alone. */
static bool is_from(const struct bfd_track *t, const struct bfd_datagram *d)
{
	return addr_equal(&t->peer, &d->from) &&
	       (!addr_is_link_local_ipv6(&t->peer) || t->ifindex == d->scope);
}

/* Of this kind, else of the other one with that peer. */
static struct bfd_track *find_peer(struct bfd_thread *b, enum bfd_socket_kind kind,
				   const struct bfd_datagram *d)
{
	struct bfd_track *other = NULL;

	for (unsigned i = *chain_of(b, &d->from); i > 0; i = b->next_peer[i - 1]) {
		struct bfd_track *t = b->tracks[i - 1];

		if (!is_from(t, d))
			continue;
		if (kind_of(t) == kind)
			return t;
		other = t;
	}
	return other;
}

struct bfd_track *bfd_peers_find(struct bfd_thread *b, enum bfd_socket_kind kind,
				 const struct addr *peer)
{
	struct bfd_track *t = find_peer(b, kind, &(struct bfd_datagram){.from = *peer});

	return t && kind_of(t) == kind ? t : NULL;
}

static bool is_low(const struct bfd_track *t, const struct bfd_datagram *d)
{
	return d->ttl < (t->multihop ? t->minimum_ttl : BFD_TTL);
}

/* Whose packet it is, whether it is taken or not; *ret stays NULL where nobody's. */
static enum bfd_discard match(struct bfd_thread *b, enum bfd_socket_kind kind,
			      const struct bfd_datagram *d, uint32_t discriminator,
			      struct bfd_track **ret)
{
	struct bfd_track *t = b->tracks[discriminator & (BFD_TRACKS_MAX - 1)];

	if (!discriminator || !t || t->session.machine.local_discr != discriminator)
		t = find_peer(b, kind, d);
	*ret = t;
	if (discriminator && (!t || t->session.machine.local_discr != discriminator))
		return BFD_NO_SESSION;
	if (!t)
		return BFD_UNKNOWN_SOURCE;
	if (kind_of(t) != kind)
		return BFD_OTHER_HOPS;
	if (!t->multihop && t->ifindex && d->ifindex != t->ifindex)
		return BFD_OTHER_INTERFACE;
	if (t->multihop && t->local.family != ADDR_NONE && !addr_equal(&d->to, &t->local))
		return BFD_OTHER_ADDRESS;
	return is_low(t, d) ? BFD_BAD_TTL : BFD_OK;
}

void bfd_thread_discard(struct bfd_thread *b, struct bfd_track *t, enum bfd_discard reason,
			const struct addr *from, uint8_t ttl)
{
	bfd_discards_add(&b->discards, reason, from, ttl);
	if (t)
		t->discards[reason]++;
}

/* The session that may have to answer it; NULL: none. */
static struct bfd_track *take_datagram(struct bfd_thread *b, enum bfd_socket_kind kind,
				       const struct bfd_datagram *d, int64_t now)
{
	struct bfd_packet packet;
	struct bfd_track *t = NULL;
	enum bfd_discard reason = bfd_decode(&packet, d->data, d->len);
	bool may_act;

	if (reason == BFD_OK)
		reason = match(b, kind, d, packet.your_discr, &t);
	else
		t = find_peer(b, kind, d);
	/* one for a session of an earlier run may wake that of today */
	may_act = reason == BFD_OK ||
		  (reason == BFD_NO_SESSION && t && match(b, kind, d, 0, &t) == BFD_OK);
	if (may_act)
		bfd_session_receive(&t->session, &packet, &reason, now);
	if (reason == BFD_OK) {
		bfd_way_learn(&t->way, d);
		return t;
	}
	bfd_thread_discard(b, t, reason, &d->from, d->ttl);
	bfd_guard_discarded(b, kind, now);
	return may_act ? t : NULL;
}

/* What is to be answered is answered once, however many asked for it.  The time is taken behind
 * what came: a detection must not begin before its packet. */
static unsigned receive_batch(struct bfd_thread *b, enum bfd_socket_kind kind, int64_t *now)
{
	const unsigned n = bfd_batch_receive(&b->batch, b->listening[kind]);
	struct bfd_track *taken[BFD_BATCH];

	*now = bfd_now_ns();
	for (unsigned i = 0; i < n; i++) {
		const struct bfd_datagram d = bfd_batch_at(&b->batch, i);

		taken[i] = take_datagram(b, kind, &d, *now);
	}
	for (unsigned i = 0; i < n; i++) {
		if (!taken[i])
			continue;
		bfd_session_follow(&taken[i]->session, !b->gathers, *now);
		bfd_thread_serve(b, index_of(taken[i]), *now);
	}
	return n;
}

/* Is there more than what sessions send?  Then rests gather what comes. */
static void note_load(struct bfd_thread *b, unsigned packets, int64_t now)
{
	if (now - b->load_since >= LOAD_NS) {
		b->load_since = now;
		b->load = 0;
	}
	b->load += packets;
	b->busy = b->busy || b->load >= LOAD_PACKETS;
}

unsigned bfd_thread_receive(struct bfd_thread *b, enum bfd_socket_kind kind, unsigned batches)
{
	unsigned n = BFD_BATCH, all = 0;

	if (kind >= BFD_ECHO_DIRECT_IPV4) {
		const int64_t now = bfd_now_ns();

		note_load(b, bfd_echo_receive(b, kind, now), now);
		return 0;
	}
	for (unsigned i = 0; i < batches && n == BFD_BATCH; i++) {
		int64_t now;

		n = receive_batch(b, kind, &now);
		note_load(b, n, now);
		all += n;
	}
	return all;
}

unsigned bfd_thread_receive_all(struct bfd_thread *b, unsigned batches)
{
	unsigned n = 0;

	for (enum bfd_socket_kind kind = 0; kind < BFD_KINDS; kind++)
		if (b->listening[kind] >= 0)
			n += bfd_thread_receive(b, kind, batches);
	return n;
}
