/* array.h: typed growable arrays on the heap, and the merge walk of two sorted arrays
 *
 *	ARRAY(struct route) routes = {0};
 *	*array_add(&routes) = (struct route){...};
 *	array_sort(&routes, route_cmp);
 *	array_fini(&routes);
 *
 * `at` may move at each add: keep indexes, not pointers.  Out of memory aborts with a message.
 */
#ifndef MLBGPD_BASE_ARRAY_H
#define MLBGPD_BASE_ARRAY_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY(type)         \
	struct {            \
		type *at;   \
		size_t n;   \
		size_t max; \
	}

/* Returns the array with room for one more than n, growing by half. */
void *array_grown(void *at, size_t *max, size_t n, size_t size);

/* A pointer to a new, zeroed last element. */
#define array_add(a)                                                          \
	((a)->at = array_grown((a)->at, &(a)->max, (a)->n, sizeof(*(a)->at)), \
	 (__typeof__((a)->at))memset(&(a)->at[(a)->n++], 0, sizeof(*(a)->at)))
#define array_sort(a, cmp)                                               \
	do {                                                             \
		if ((a)->n > 1)                                          \
			qsort((a)->at, (a)->n, sizeof(*(a)->at), (cmp)); \
	} while (0)
#define array_fini(a)                  \
	do {                           \
		free((a)->at);         \
		(a)->at = NULL;        \
		(a)->n = (a)->max = 0; \
	} while (0)

/* Walks two sorted arrays side by side and tells of each key: only in the old one (new NULL), only
 * in the new one (old NULL), in both.  Whether equal keys have equal contents is the caller's. */
typedef int (*array_cmp_fn)(const void *a, const void *b);
typedef void (*array_merge_fn)(void *arg, const void *old_one, const void *new_one);
void array_merge_walk(const void *old_at, size_t old_n, const void *new_at, size_t new_n,
		      size_t size, array_cmp_fn cmp, array_merge_fn fn, void *arg);
/* Index of the element equal to key, or n. */
size_t array_find(const void *at, size_t n, size_t size, const void *key, array_cmp_fn cmp);

#endif
