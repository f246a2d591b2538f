/* echo_io.h: echoes on the link: ours sent and come back, those of the peer looped (RFC 5881 4, 5)
 *
 * Single hop.  Ours go to the peer's link address with our own address as source and as
 * destination, so that the peer's forwarding returns them; our own IP layer may drop what comes
 * from outside with its address, so they are read beneath it (AF_PACKET).  What the peer sends so
 * is returned here as well, for most hosts forward nothing; and what it sends to our address, as
 * FRR does by IPv6 (and up to 8.4 by IPv4), is returned by a socket of its own.
 *
 * Nothing is returned but to the peer of a session that is Up and whose profile says so, on the
 * interface of its control packets, from one hop away, no more often than it was told that it may
 * send, twice.  Runs in BFD's thread.
 */
#ifndef MLBGPD_BFD_ECHO_IO_H
#define MLBGPD_BFD_ECHO_IO_H

#include "base/addr.h"
#include "bfd/socket.h"

#include <stdint.h>

struct bfd_thread;
struct bfd_track;

/* The peer's link address, which is Ethernet's, and on which link. */
struct bfd_link_address {
	uint32_t ifindex; /* 0: not known */
	uint8_t mac[6];
};

/* The way by which the peer's control packets come. */
struct bfd_way {
	struct addr local; /* ADDR_NONE: none has come yet */
	uint32_t ifindex;
	int64_t loop_at; /* bfd_echo_may_loop() */
	int error; /* errno of the last try to send an echo; 0: it went */
};

/* A descriptor or -errno. */
int bfd_echo_open_direct(uint8_t family);
int bfd_echo_open_looped(uint8_t family);

/* A control packet of the session has come this way. */
void bfd_way_learn(struct bfd_way *way, const struct bfd_datagram *d);
/* What is due. */
void bfd_echo_send(struct bfd_thread *thread, struct bfd_track *track, int64_t now);
/* What waits in one of the sockets, some packets at the most: how many it were. */
unsigned bfd_echo_receive(struct bfd_thread *thread, enum bfd_socket_kind kind, int64_t now);

#endif
