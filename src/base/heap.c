/* heap.c: zeroed memory from the heap; out of memory aborts with a message */
#include "base/heap.h"

#include <string.h>
#include <unistd.h>

/* Nothing here may allocate: not even the log. */
__attribute__((noreturn)) static void die(void)
{
	static const char words[] = "out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, words, sizeof(words) - 1);

	(void)ignored;
	abort();
}

void *heap_alloc(size_t size)
{
	return heap_alloc_array(1, size);
}

void *heap_alloc_array(size_t n, size_t size)
{
	/* calloc checks the product; a request for nothing still gets an object. */
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		die();
	return p;
}

void *heap_realloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		die();
	return p;
}

char *heap_strdup(const char *text)
{
	char *copy;

	if (!text)
		return NULL;
	copy = strdup(text);
	if (!copy)
		die();
	return copy;
}
