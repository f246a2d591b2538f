/* due.h: what is due when: a heap of deadlines, each with the number of who waits for it
 *
 * Pure: times are the caller's.  All zero is an empty one; nothing is allocated.
 */
#ifndef MLBGPD_BFD_DUE_H
#define MLBGPD_BFD_DUE_H

#include <stdint.h>

enum { DUE_MAX = 4096 /* numbers are below */ };

struct due_at {
	int64_t at;
	unsigned who;
};

struct due {
	unsigned n;
	struct due_at heap[DUE_MAX];
	uint16_t place[DUE_MAX]; /* of each number in the heap, from 1; 0: it waits for nothing */
};

/* In place of the deadline that it had; at 0: it waits for none. */
void due_set(struct due *due, unsigned who, int64_t at);
/* The earliest; at is 0 where nobody waits. */
struct due_at due_first(const struct due *due);
/* 0: none. */
int64_t due_of(const struct due *due, unsigned who);

#endif
