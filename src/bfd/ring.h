/* ring.h: a bounded queue from one thread to one other, without a lock, with an eventfd that wakes
 * the reader */
#ifndef MLBGPD_BFD_RING_H
#define MLBGPD_BFD_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { RING_LENGTH = 256 /* a power of two */ };

struct ring {
	atomic_uint head; /* the reader's */
	atomic_uint tail; /* the writer's */
	int wake; /* readable when something was put */
	size_t size; /* of an element */
	unsigned char *at;
};

/* 0 or -errno. */
int ring_init(struct ring *ring, size_t size);
void ring_fini(struct ring *ring);
/* False where it is full. */
bool ring_put(struct ring *ring, const void *element);
bool ring_take(struct ring *ring, void *element);
/* The reader has been woken. */
void ring_clear(const struct ring *ring);

#endif
