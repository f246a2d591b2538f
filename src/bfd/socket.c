/* socket.c: UDP sockets of BFD: one for each port and family to receive, one a session to send */
#include "bfd/socket.h"

#include "base/clock.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <string.h>
#include <unistd.h>

enum { PORT_LOW = 49152, PORT_HIGH = 65535, PORT_TRIES = 64, RECEIVE_BUFFER = 4 << 20 };

static int set(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value)) < 0 ? -errno : 0;
}

int bfd_socket_set_ttl(int fd, uint8_t family, int ttl)
{
	return family == ADDR_IPV4 ? set(fd, IPPROTO_IP, IP_TTL, ttl)
				   : set(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, ttl);
}

static int set_family(int fd, uint8_t family)
{
	const int control = IPTOS_CLASS_CS6;
	int r;

	if (family == ADDR_IPV4) {
		(void)set(fd, IPPROTO_IP, IP_TOS, control);
		r = bfd_socket_set_ttl(fd, family, BFD_TTL);
		if (r >= 0)
			r = set(fd, IPPROTO_IP, IP_PKTINFO, 1);
		return r < 0 ? r : set(fd, IPPROTO_IP, IP_RECVTTL, 1);
	}
	(void)set(fd, IPPROTO_IPV6, IPV6_TCLASS, control);
	r = set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (r >= 0)
		r = bfd_socket_set_ttl(fd, family, BFD_TTL);
	if (r >= 0)
		r = set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
	return r < 0 ? r : set(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
}

static int open_socket(uint8_t family)
{
	int fd = socket(family == ADDR_IPV4 ? AF_INET : AF_INET6,
			SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int r;

	if (fd < 0)
		return -errno;
	r = set_family(fd, family);
	if (r >= 0)
		return fd;
	close(fd);
	return r;
}

static int bind_to(int fd, const struct addr *addr, uint16_t port, uint32_t scope)
{
	struct sockaddr_storage sa;
	socklen_t len = addr_to_sockaddr(addr, port, scope, &sa);

	return bind(fd, (struct sockaddr *)&sa, len) < 0 ? -errno : 0;
}

static int failed(int fd, int error)
{
	close(fd);
	return error;
}

int bfd_socket_listen(uint8_t family, uint16_t port)
{
	const struct addr any = {.family = family};
	int fd = open_socket(family);
	int r;

	if (fd < 0)
		return fd;
	/* the system's limit is a millisecond of a flood */
	if (set(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER) < 0)
		(void)set(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
	r = bind_to(fd, &any, port, 0);
	return r < 0 ? failed(fd, r) : fd;
}

int bfd_socket_connect(const struct addr *peer, const struct addr *source, uint32_t scope,
		       bool multihop)
{
	const struct addr any = {.family = peer->family};
	struct sockaddr_storage sa;
	socklen_t len = addr_to_sockaddr(peer, multihop ? BFD_PORT_MULTI : BFD_PORT_SINGLE,
					 addr_is_link_local_ipv6(peer) ? scope : 0, &sa);
	int fd = open_socket(peer->family);
	int r = -EADDRINUSE;

	if (fd < 0)
		return fd;
	for (unsigned i = 0; i < PORT_TRIES && r == -EADDRINUSE; i++)
		r = bind_to(fd, source->family != ADDR_NONE ? source : &any,
			    (uint16_t)random_between(PORT_LOW, PORT_HIGH), scope);
	if (r >= 0 && connect(fd, (struct sockaddr *)&sa, len) < 0)
		r = -errno;
	return r < 0 ? failed(fd, r) : fd;
}

struct addr bfd_socket_local(int fd)
{
	struct sockaddr_storage sa = {0};
	socklen_t len = sizeof(sa);

	if (getsockname(fd, (struct sockaddr *)&sa, &len) < 0)
		return (struct addr){.family = ADDR_NONE};
	return addr_from_sockaddr((struct sockaddr *)&sa, NULL);
}

unsigned bfd_batch_receive(struct bfd_batch *b, int fd)
{
	int n;

	for (unsigned i = 0; i < BFD_BATCH; i++) {
		b->vectors[i] = (struct iovec){b->data[i], sizeof(b->data[i])};
		b->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &b->from[i],
			.msg_namelen = sizeof(b->from[i]),
			.msg_iov = &b->vectors[i],
			.msg_iovlen = 1,
			.msg_control = b->control[i],
			.msg_controllen = sizeof(b->control[i]),
		};
	}
	n = recvmmsg(fd, b->messages, BFD_BATCH, MSG_DONTWAIT, NULL);
	return n > 0 ? (unsigned)n : 0;
}

/* TTL, and our address and interface that it came by. */
static void read_control(struct bfd_datagram *ret, struct msghdr *header)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
		const bool ipv4 = c->cmsg_level == IPPROTO_IP;
		int ttl;

		if ((ipv4 && c->cmsg_type == IP_TTL) || (!ipv4 && c->cmsg_type == IPV6_HOPLIMIT)) {
			memcpy(&ttl, CMSG_DATA(c), sizeof(ttl));
			ret->ttl = (uint8_t)ttl;
		} else if (ipv4 && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			ret->to = addr_from_bytes(ADDR_IPV4, &info.ipi_addr);
			ret->ifindex = (uint32_t)info.ipi_ifindex;
		} else if (!ipv4 && c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			ret->to = addr_from_bytes(ADDR_IPV6, &info.ipi6_addr);
			ret->ifindex = info.ipi6_ifindex;
		}
	}
}

struct bfd_datagram bfd_batch_at(struct bfd_batch *b, unsigned i)
{
	const struct sockaddr *sa = (const struct sockaddr *)&b->from[i];
	struct bfd_datagram ret = {
		.len = b->messages[i].msg_len,
		.data = b->data[i],
	};

	ret.from = addr_from_sockaddr(sa, &ret.port);
	read_control(&ret, &b->messages[i].msg_hdr);
	if (sa->sa_family == AF_INET6)
		ret.scope = ((const struct sockaddr_in6 *)sa)->sin6_scope_id;
	return ret;
}

/* By which of our addresses and which interface a message goes. */
static void put_way(struct msghdr *message, const struct bfd_datagram *d)
{
	const bool ipv4 = d->to.family == ADDR_IPV4;
	struct in_pktinfo info = {.ipi_ifindex = (int)d->ifindex};
	struct in6_pktinfo info6 = {.ipi6_ifindex = d->ifindex};
	const size_t len = ipv4 ? sizeof(info) : sizeof(info6);
	struct cmsghdr *c = CMSG_FIRSTHDR(message);

	memcpy(&info.ipi_spec_dst, d->to.bytes, sizeof(info.ipi_spec_dst));
	memcpy(&info6.ipi6_addr, d->to.bytes, sizeof(info6.ipi6_addr));
	c->cmsg_level = ipv4 ? IPPROTO_IP : IPPROTO_IPV6;
	c->cmsg_type = ipv4 ? IP_PKTINFO : IPV6_PKTINFO;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), ipv4 ? (const void *)&info : (const void *)&info6, len);
	message->msg_controllen = CMSG_SPACE(len);
}

void bfd_socket_return(int fd, const struct bfd_datagram *d)
{
	struct sockaddr_storage sa;
	struct iovec data = {(void *)(uintptr_t)d->data, d->len};
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(struct in6_pktinfo))] = {0};
	struct msghdr message = {
		.msg_name = &sa,
		.msg_namelen = addr_to_sockaddr(&d->from, d->port, d->scope, &sa),
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};

	put_way(&message, d);
	(void)sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}
