/* array.c: growing, walking and searching arrays */
#include "base/array.h"

#include "base/heap.h"

#include <stdint.h>

void *array_grown(void *at, size_t *max, size_t n, size_t size)
{
	size_t want, bytes;
	void *p;

	if (n < *max)
		return at;
	want = n + n / 2 + 8;
	if (__builtin_mul_overflow(want, size, &bytes))
		bytes = SIZE_MAX / 2; /* fails below, with a message */
	p = heap_realloc(at, bytes);
	*max = want;
	return p;
}

void array_merge_walk(const void *old_at, size_t old_n, const void *new_at, size_t new_n,
		      size_t size, array_cmp_fn cmp, array_merge_fn fn, void *arg)
{
	const char *o = old_at, *n = new_at;

	while (old_n > 0 || new_n > 0) {
		int c = old_n == 0 ? 1 : new_n == 0 ? -1 : cmp(o, n);

		fn(arg, c <= 0 ? o : NULL, c >= 0 ? n : NULL);
		if (c <= 0)
			o += size, old_n--;
		if (c >= 0)
			n += size, new_n--;
	}
}

size_t array_find(const void *at, size_t n, size_t size, const void *key, array_cmp_fn cmp)
{
	const char *p = n > 0 ? bsearch(key, at, n, size, cmp) : NULL;

	return p ? (size_t)(p - (const char *)at) / size : n;
}
