/* guard.h: the thread's sockets in a flood: each has a sieve (sieve.h) as long as it lasts
 *
 * Called by the thread alone.
 */
#ifndef MLBGPD_BFD_GUARD_H
#define MLBGPD_BFD_GUARD_H

#include "bfd/thread.h"

/* A packet of this socket was thrown away. */
void bfd_guard_discarded(struct bfd_thread *b, enum bfd_socket_kind kind, int64_t now);
/* To be called in each turn. */
void bfd_guard_tick(struct bfd_thread *b, int64_t now);
/* Sessions came, went or take another TTL. */
void bfd_guard_renew(struct bfd_thread *b);
/* Counts what the kernel dropped until now. */
void bfd_guard_count(struct bfd_thread *b);
/* The socket is about to be another one. */
void bfd_guard_forget(struct bfd_thread *b, enum bfd_socket_kind kind);

#endif
