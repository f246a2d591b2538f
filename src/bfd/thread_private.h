/* thread_private.h: inside the thread of BFD */
#ifndef MLBGPD_BFD_THREAD_PRIVATE_H
#define MLBGPD_BFD_THREAD_PRIVATE_H

#include "bfd/thread.h"

#include <time.h>

static inline int64_t bfd_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* ---- thread_packets.c ---- */

/* Opens its socket to send. */
void bfd_thread_connect(struct bfd_track *track);
void bfd_thread_send(struct bfd_track *track, int64_t now);
enum {
	BATCHES_A_TURN = 16, /* a flood must not hold up the timers */
	BATCHES_TO_JUDGE = 512, /* nobody is given up before what waits was read */
};

/* Both: how many came, of so many batches at most. */
unsigned bfd_thread_receive(struct bfd_thread *thread, enum bfd_socket_kind kind, unsigned batches);
unsigned bfd_thread_receive_all(struct bfd_thread *thread, unsigned batches);
/* A packet is thrown away; track: its peer's, or NULL. */
void bfd_thread_discard(struct bfd_thread *thread, struct bfd_track *track, enum bfd_discard reason,
			const struct addr *from, uint8_t ttl);
/* By whom packets are known that know no discriminator yet. */
void bfd_peers_add(struct bfd_thread *thread, unsigned i);
void bfd_peers_remove(struct bfd_thread *thread, unsigned i);
/* NULL: no session of this kind is with it. */
struct bfd_track *bfd_peers_find(struct bfd_thread *thread, enum bfd_socket_kind kind,
				 const struct addr *peer);

/* ---- thread_commands.c ---- */

void bfd_thread_obey(struct bfd_thread *thread);
void bfd_thread_remove(struct bfd_thread *thread, unsigned i);
void bfd_keep_in_memory(const void *at, size_t size);

#endif
