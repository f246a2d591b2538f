/* socket.h: UDP sockets of BFD (RFC 5881 4, 5; RFC 5883 5) */
#ifndef MLBGPD_BFD_SOCKET_H
#define MLBGPD_BFD_SOCKET_H

#include "base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
	BFD_PORT_SINGLE = 3784,
	BFD_PORT_MULTI = 4784,
	BFD_TTL = 255,
	BFD_BATCH = 32,
	BFD_DATAGRAM_MAX = 128, /* what is longer is cut: a packet is 24 bytes */
};

/* What is received where; of two, the second is for IPv6. */
enum bfd_socket_kind {
	BFD_SINGLE_IPV4,
	BFD_SINGLE_IPV6,
	BFD_MULTI_IPV4,
	BFD_MULTI_IPV6,
	BFD_ECHO_DIRECT_IPV4,
	BFD_ECHO_DIRECT_IPV6,
	BFD_ECHO_LOOPED_IPV4,
	BFD_ECHO_LOOPED_IPV6,
	BFD_KINDS
};

static inline enum bfd_socket_kind bfd_kind_of(uint8_t family, bool multihop)
{
	return (multihop ? 2u : 0u) + (family == ADDR_IPV6);
}

static inline enum bfd_socket_kind bfd_echo_kind_of(uint8_t family, bool looped)
{
	return (looped ? BFD_ECHO_LOOPED_IPV4 : BFD_ECHO_DIRECT_IPV4) + (family == ADDR_IPV6);
}

static inline uint8_t bfd_family_of(enum bfd_socket_kind kind)
{
	return kind & 1 ? ADDR_IPV6 : ADDR_IPV4;
}

/* What a datagram came with. */
struct bfd_datagram {
	struct addr from, to; /* to: ADDR_NONE: the kernel did not tell */
	uint16_t port; /* that it came from */
	uint32_t ifindex; /* by which it came; 0: the kernel did not tell */
	uint32_t scope; /* interface index for link-local IPv6, else 0 */
	uint8_t ttl; /* 0: the kernel did not tell */
	size_t len;
	const uint8_t *data; /* the batch's */
};

/* Room for one recvmmsg(). */
struct bfd_batch {
	struct mmsghdr messages[BFD_BATCH];
	struct iovec vectors[BFD_BATCH];
	struct sockaddr_storage from[BFD_BATCH];
	uint8_t data[BFD_BATCH][BFD_DATAGRAM_MAX];
	_Alignas(16) uint8_t control[BFD_BATCH][64];
};

/* Bound to the port on all addresses of the family (ADDR_IPV4, ADDR_IPV6).  A descriptor or
 * -errno. */
int bfd_socket_listen(uint8_t family, uint16_t port);
/* Connected to the peer, TTL 255, from a port in 49152..65535; source ADDR_NONE: the kernel's
 * choice.  A descriptor or -errno. */
int bfd_socket_connect(const struct addr *peer, const struct addr *source, uint32_t scope,
		       bool multihop);
/* TTL or hop limit of what is sent from now on.  0 or -errno. */
int bfd_socket_set_ttl(int fd, uint8_t family, int ttl);
/* The datagram back to the port that it came from, by our address that it came to; what fails is
 * lost. */
void bfd_socket_return(int fd, const struct bfd_datagram *datagram);
/* Our address of a connected one; ADDR_NONE where the kernel does not tell. */
struct addr bfd_socket_local(int fd);
/* How many came (0: none waits); never blocks. */
unsigned bfd_batch_receive(struct bfd_batch *batch, int fd);
struct bfd_datagram bfd_batch_at(struct bfd_batch *batch, unsigned i);

#endif
