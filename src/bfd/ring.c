/* ring.c: one writer, one reader, no lock */
#include "bfd/ring.h"

#include "base/heap.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

int ring_init(struct ring *r, size_t size)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		return -errno;
	*r = (struct ring){.wake = fd, .size = size, .at = heap_alloc_array(RING_LENGTH, size)};
	return 0;
}

void ring_fini(struct ring *r)
{
	if (!r->at)
		return;
	close(r->wake);
	free(r->at);
	r->at = NULL;
}

static unsigned char *slot(const struct ring *r, unsigned i)
{
	return r->at + (size_t)(i & (RING_LENGTH - 1)) * r->size;
}

bool ring_put(struct ring *r, const void *element)
{
	const unsigned tail = atomic_load_explicit(&r->tail, memory_order_relaxed);

	if (tail - atomic_load_explicit(&r->head, memory_order_acquire) == RING_LENGTH)
		return false;
	memcpy(slot(r, tail), element, r->size);
	atomic_store_explicit(&r->tail, tail + 1, memory_order_release);
	(void)eventfd_write(r->wake, 1);
	return true;
}

bool ring_take(struct ring *r, void *element)
{
	const unsigned head = atomic_load_explicit(&r->head, memory_order_relaxed);

	if (head == atomic_load_explicit(&r->tail, memory_order_acquire))
		return false;
	memcpy(element, slot(r, head), r->size);
	atomic_store_explicit(&r->head, head + 1, memory_order_release);
	return true;
}

void ring_clear(const struct ring *r)
{
	eventfd_t count;

	(void)eventfd_read(r->wake, &count);
}
