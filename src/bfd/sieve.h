/* sieve.h: a filter in the kernel that lets through to a socket what its sessions may take
 *
 * For floods: what it drops costs neither room in the socket nor a turn of the thread.  It drops
 * nothing that a session would take (a passive one does not wake by packets of an earlier run,
 * though); what it lets through is still checked.  No reason is counted for
 * what it drops, so it is not attached in quiet times.
 */
#ifndef MLBGPD_BFD_SIEVE_H
#define MLBGPD_BFD_SIEVE_H

#include "base/addr.h"

#include <linux/filter.h>

enum {
	SIEVE_SESSIONS_MAX = 256, /* with more, discriminators and addresses are not checked: the
				     kernel's memory for options of a socket is bounded */
	SIEVE_LENGTH_MAX = 32 + 8 * SIEVE_SESSIONS_MAX,
};

/* Instructions of classic BPF; the headers seen are UDP's, and IP's by SKF_NET_OFF (of echoes,
 * which are read beneath IP, IP's and what follows it). */
struct bfd_sieve {
	struct sock_filter at[SIEVE_LENGTH_MAX];
	unsigned n;
};

struct bfd_sieve_session {
	uint32_t discriminator; /* ours */
	struct addr peer;
	uint32_t ifindex; /* by which its packets come; 0: by any */
};

/* For a socket of this family whose packets need a TTL of at least ttl. */
void bfd_sieve_build(struct bfd_sieve *sieve, uint8_t family, uint8_t ttl,
		     const struct bfd_sieve_session *sessions, unsigned n);
/* For a packet socket of this family, always: echoes alone.  Whole packets by UDP to their port,
 * for this host, from the address that they go to, from the link: the peer's own, or ours once
 * forwarded. */
void bfd_sieve_build_echo(struct bfd_sieve *sieve, uint8_t family);
/* 0 or -errno. */
int bfd_sieve_attach(const struct bfd_sieve *sieve, int fd);
int bfd_sieve_detach(int fd);
/* How many packets the kernel dropped for this socket, whether it was the sieve or want of room;
 * counts on from 2^32 - 1 to 0. */
uint32_t bfd_sieve_drops(int fd);

#endif
