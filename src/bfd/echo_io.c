/* echo_io.c: sockets of echoes; what comes by them is ours that came back, or the peer's */
#include "bfd/echo_io.h"

#include "base/clock.h"
#include "bfd/frame.h"
#include "bfd/thread_private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>
#include <unistd.h>

enum { PACKETS_A_TURN = 2 * BFD_BATCH, TTL_RETURNED = BFD_TTL - 1 };

/* ---- sockets ---- */

int bfd_echo_open_direct(uint8_t family)
{
	int fd = bfd_socket_listen(family, BFD_PORT_ECHO);

	if (fd >= 0)
		(void)bfd_socket_set_ttl(fd, family, TTL_RETURNED);
	return fd;
}

static uint16_t ethernet_type(uint8_t family)
{
	return htons(family == ADDR_IPV4 ? ETH_P_IP : ETH_P_IPV6);
}

/* Bound when the filter is there: nothing else is ever queued. */
int bfd_echo_open_looped(uint8_t family)
{
	const struct sockaddr_ll all = {.sll_family = AF_PACKET,
					.sll_protocol = ethernet_type(family)};
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct bfd_sieve sieve;
	int r;

	if (fd < 0)
		return -errno;
	bfd_sieve_build_echo(&sieve, family);
	r = bfd_sieve_attach(&sieve, fd);
	if (r >= 0 && bind(fd, (const struct sockaddr *)&all, sizeof(all)) < 0)
		r = -errno;
	if (r >= 0)
		return fd;
	close(fd);
	return r;
}

/* ---- the way ---- */

void bfd_way_learn(struct bfd_way *way, const struct bfd_datagram *d)
{
	if (way->ifindex == d->ifindex && addr_equal(&way->local, &d->to))
		return;
	way->ifindex = d->ifindex;
	way->local = d->to;
}

/* ---- sending ---- */

static int send_frame(int fd, uint8_t family, const struct bfd_link_address *at,
		      const uint8_t *data, size_t len)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET,
				 .sll_protocol = ethernet_type(family),
				 .sll_ifindex = (int)at->ifindex,
				 .sll_halen = sizeof(at->mac)};

	memcpy(to.sll_addr, at->mac, sizeof(at->mac));
	return sendto(fd, data, len, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof(to)) < 0 ? errno
											   : 0;
}

void bfd_echo_send(struct bfd_thread *b, struct bfd_track *t, int64_t now)
{
	const uint8_t family = t->peer.family;
	const int looped = b->listening[bfd_echo_kind_of(family, true)];
	struct bfd_way *way = &t->way;
	uint8_t payload[BFD_ECHO_LEN], frame[BFD_FRAME_HEADERS_MAX + BFD_ECHO_LEN];
	struct bfd_echo_packet packet;
	size_t len;

	if (!bfd_echo_is_due(&t->session.echo, now) ||
	    !bfd_session_take_echo(&t->session, &packet, random_between(1, UINT64_MAX), now))
		return;
	if (looped < 0 || way->local.family == ADDR_NONE) {
		way->error = ENOTCONN;
		return;
	}
	if (t->link_address.ifindex != way->ifindex) {
		way->error = EHOSTUNREACH;
		return;
	}
	bfd_echo_encode(payload, &packet);
	len = bfd_frame_write(frame, &way->local, (uint16_t)packet.sequence, payload,
			      sizeof(payload));
	way->error = send_frame(looped, family, &t->link_address, frame, len);
}

/* ---- receiving ---- */

/* May the peer use us as a mirror? */
static enum bfd_discard judge(struct bfd_track *t, uint32_t ifindex, uint8_t ttl, int64_t now)
{
	const uint32_t interval_us = t->session.machine.params.echo_receive_us;

	if (!interval_us || t->session.machine.state != BFD_UP)
		return BFD_ECHO_NOT_TAKEN;
	if (t->way.ifindex != ifindex)
		return BFD_OTHER_INTERFACE;
	if (ttl != BFD_TTL)
		return BFD_BAD_TTL;
	return bfd_echo_may_loop(&t->way.loop_at, interval_us, now) ? BFD_OK : BFD_ECHO_TOO_OFTEN;
}

/* May whoever sent it? */
static bool is_mirrored(struct bfd_thread *b, const struct addr *from, uint32_t ifindex,
			uint8_t ttl, int64_t now)
{
	struct bfd_track *t = bfd_peers_find(b, bfd_kind_of(from->family, false), from);
	const enum bfd_discard reason = t ? judge(t, ifindex, ttl, now) : BFD_UNKNOWN_SOURCE;

	if (reason == BFD_OK)
		return true;
	bfd_thread_discard(b, t, reason, from, ttl);
	return false;
}

/* One of ours? */
static bool take_returned(struct bfd_thread *b, const struct bfd_frame *f, uint32_t ifindex,
			  int64_t now)
{
	struct bfd_echo_packet packet;
	struct bfd_track *t;

	if (f->ttl != TTL_RETURNED || !bfd_echo_decode(&packet, f->payload, f->len))
		return false;
	t = b->tracks[packet.discr & (BFD_TRACKS_MAX - 1)];
	if (!t || t->way.ifindex != ifindex || !addr_equal(&t->way.local, &f->to) ||
	    !bfd_session_echo_returned(&t->session, &packet, now))
		return false;
	bfd_thread_serve(b, packet.discr & (BFD_TRACKS_MAX - 1), now);
	return true;
}

/* Both: how many came; less than were asked for: no more wait. */
static unsigned receive_looped(struct bfd_thread *b, int fd, int64_t now)
{
	uint8_t data[BFD_FRAME_MAX];
	struct sockaddr_ll from;
	socklen_t from_len = sizeof(from);
	ssize_t len =
		recvfrom(fd, data, sizeof(data), MSG_DONTWAIT, (struct sockaddr *)&from, &from_len);
	struct bfd_link_address at;
	struct bfd_frame f;

	if (len < 0)
		return 0;
	if (!bfd_frame_read(&f, data, (size_t)len) || from.sll_halen != sizeof(at.mac))
		return 1;
	at.ifindex = (uint32_t)from.sll_ifindex;
	memcpy(at.mac, from.sll_addr, sizeof(at.mac));
	if (f.ttl != BFD_TTL) {
		(void)take_returned(b, &f, at.ifindex, now);
	} else if (is_mirrored(b, &f.from, at.ifindex, f.ttl, now)) {
		bfd_frame_forward(data);
		(void)send_frame(fd, f.from.family, &at, data, f.size);
	}
	return 1;
}

static unsigned receive_direct(struct bfd_thread *b, int fd, int64_t now)
{
	const unsigned n = bfd_batch_receive(&b->batch, fd);

	for (unsigned i = 0; i < n; i++) {
		const struct bfd_datagram d = bfd_batch_at(&b->batch, i);

		/* by IPv6 what comes back of ours, which is looped, comes here as well */
		if (!addr_equal(&d.from, &d.to) && d.len < BFD_DATAGRAM_MAX &&
		    is_mirrored(b, &d.from, d.ifindex, d.ttl, now))
			bfd_socket_return(fd, &d);
	}
	return n;
}

unsigned bfd_echo_receive(struct bfd_thread *b, enum bfd_socket_kind kind, int64_t now)
{
	const bool looped = kind >= BFD_ECHO_LOOPED_IPV4;
	const unsigned batch = looped ? 1 : BFD_BATCH;
	const int fd = b->listening[kind];
	unsigned all = 0, n = batch;

	while (all < PACKETS_A_TURN && n == batch) {
		n = looped ? receive_looped(b, fd, now) : receive_direct(b, fd, now);
		all += n;
	}
	return all;
}
