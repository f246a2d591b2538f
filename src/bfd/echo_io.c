/* echo_io.c: sockets of echoes; what comes by them is ours that came back, or the peer's */
#include "bfd/echo_io.h"

#include "base/clock.h"
#include "bfd/frame.h"
#include "bfd/thread_private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/ip.h>
#include <string.h>
#include <unistd.h>

enum { PACKETS_A_TURN = 2 * BFD_BATCH, TTL_RETURNED = BFD_TTL - 1 };

/* ---- sockets ---- */

int bfd_echo_open_direct(void)
{
	int fd = bfd_socket_listen(ADDR_IPV4, BFD_PORT_ECHO);
	const int ttl = TTL_RETURNED;

	if (fd >= 0)
		(void)setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	return fd;
}

/* Whole IPv4 packets by UDP to the port, for this host, from the address that they go to, from the
 * link: the peer's own, or ours once forwarded. */
static int attach_filter(int fd)
{
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_HOST, 0, 13),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 8),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, TTL_RETURNED, 0, 11),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 9),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x3fff, 7, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 22),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, BFD_PORT_ECHO, 0, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 12),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, BFD_FRAME_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = {sizeof(code) / sizeof(*code), code};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0 ? -errno
											   : 0;
}

/* Bound when the filter is there: nothing else is ever queued. */
int bfd_echo_open_looped(void)
{
	const struct sockaddr_ll all = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP)};
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int r;

	if (fd < 0)
		return -errno;
	r = attach_filter(fd);
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

static int send_frame(int fd, uint32_t ifindex, const uint8_t mac[6], const uint8_t *data,
		      size_t len)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET,
				 .sll_protocol = htons(ETH_P_IP),
				 .sll_ifindex = (int)ifindex,
				 .sll_halen = 6};

	memcpy(to.sll_addr, mac, 6);
	return sendto(fd, data, len, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof(to)) < 0 ? errno
											   : 0;
}

void bfd_echo_send(struct bfd_thread *b, struct bfd_track *t, int64_t now)
{
	const int looped = b->listening[BFD_ECHO_LOOPED];
	struct bfd_way *way = &t->way;
	uint8_t payload[BFD_ECHO_LEN], frame[BFD_FRAME_HEADERS + BFD_ECHO_LEN];
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
	way->error = send_frame(looped, way->ifindex, t->link_address.mac, frame, len);
}

/* ---- receiving ---- */

/* May whoever sent it use us as a mirror? */
static bool is_mirrored(struct bfd_thread *b, const struct addr *from, uint32_t ifindex,
			int64_t now)
{
	struct bfd_track *t = bfd_peers_find(b, BFD_SINGLE_IPV4, from);
	const uint32_t interval_us = t ? t->session.machine.params.echo_receive_us : 0;

	return interval_us && t->way.ifindex == ifindex && t->session.machine.state == BFD_UP &&
	       bfd_echo_may_loop(&t->way.loop_at, interval_us, now);
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
	struct bfd_frame f;
	uint32_t ifindex;

	if (len < 0)
		return 0;
	if (!bfd_frame_read(&f, data, (size_t)len) || from.sll_halen != 6)
		return 1;
	ifindex = (uint32_t)from.sll_ifindex;
	if (f.ttl != BFD_TTL) {
		(void)take_returned(b, &f, ifindex, now);
	} else if (is_mirrored(b, &f.from, ifindex, now)) {
		bfd_frame_forward(data);
		(void)send_frame(fd, ifindex, from.sll_addr, data, BFD_FRAME_HEADERS + f.len);
	}
	return 1;
}

/* To the port that it came from, by our address that it came to. */
static void return_datagram(int fd, const struct bfd_datagram *d)
{
	struct sockaddr_storage sa;
	struct iovec data = {(void *)(uintptr_t)d->data, d->len};
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(struct in_pktinfo))] = {0};
	struct msghdr message = {
		.msg_name = &sa,
		.msg_namelen = addr_to_sockaddr(&d->from, d->port, 0, &sa),
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);
	struct in_pktinfo info = {.ipi_ifindex = (int)d->ifindex};

	memcpy(&info.ipi_spec_dst, d->to.bytes, sizeof(info.ipi_spec_dst));
	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	(void)sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static unsigned receive_direct(struct bfd_thread *b, int fd, int64_t now)
{
	const unsigned n = bfd_batch_receive(&b->batch, fd);

	for (unsigned i = 0; i < n; i++) {
		const struct bfd_datagram d = bfd_batch_at(&b->batch, i);

		if (d.ttl == BFD_TTL && d.len < BFD_DATAGRAM_MAX &&
		    is_mirrored(b, &d.from, d.ifindex, now))
			return_datagram(fd, &d);
	}
	return n;
}

unsigned bfd_echo_receive(struct bfd_thread *b, int fd, bool looped, int64_t now)
{
	const unsigned batch = looped ? 1 : BFD_BATCH;
	unsigned all = 0, n = batch;

	while (all < PACKETS_A_TURN && n == batch) {
		n = looped ? receive_looped(b, fd, now) : receive_direct(b, fd, now);
		all += n;
	}
	return all;
}
