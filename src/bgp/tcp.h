/* tcp.h: TCP sockets as BGP needs them: non-blocking, with source address, TTL, MD5 and time-out
 *
 * All return 0 or -errno and touch nothing on failure.
 */
#ifndef MLBGPD_BGP_TCP_H
#define MLBGPD_BGP_TCP_H

#include "base/addr.h"

#include <stdbool.h>
#include <stdint.h>

struct tcp_params {
	struct addr remote;
	uint16_t port;
	uint32_t scope; /* interface index of a link-local address, else 0 */
	struct addr source; /* ADDR_NONE: the kernel chooses */
	uint8_t ttl; /* of what is sent; 0: the system's default */
	uint8_t min_ttl; /* what is received with less is dropped (RFC 5082); 0: all is taken */
	const char *password; /* TCP MD5 (RFC 2385); NULL: none */
};

enum { TCP_PASSWORD_MAX = 80 }; /* the kernel's bound */

/* Starts to connect; the socket becomes writable when that is decided. */
int tcp_dial(int *ret, const struct tcp_params *params);
/* What became of it. */
int tcp_dial_result(int fd);
/* An accepted connection gets what a dialled one has. */
int tcp_adopt(int fd, const struct tcp_params *params);
/* IPv6 sockets take no IPv4 connections.  It answers with the greatest TTL: a peer that looks at it
 * (RFC 5082) would not hear us otherwise. */
int tcp_listen(int *ret, const struct addr *addr, uint16_t port);
/* Sent bytes that are not acknowledged for so long end it; 0: the system's default. */
int tcp_set_user_timeout(int fd, unsigned seconds);
/* TTL or hop limit that the first segment of an accepted connection came with; 0: not known. */
uint8_t tcp_syn_ttl(int fd);
/* Does the other side acknowledge what is sent?  False: the kernel repeats it, so far in vain. */
bool tcp_is_heard(int fd);
/* Segments that the kernel has dropped for their min_ttl, of all sockets in this network namespace.
 */
uint64_t tcp_min_ttl_drops(void);
/* The password that a listening socket expects of a peer; NULL takes it off. */
int tcp_set_password(int fd, const struct addr *peer, const char *password);
struct addr tcp_local_address(int fd);
struct addr tcp_remote_address(int fd);

#endif
