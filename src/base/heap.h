/* heap.h: zeroed memory from the heap; out of memory aborts with a message */
#ifndef MLBGPD_BASE_HEAP_H
#define MLBGPD_BASE_HEAP_H

#include <stddef.h>
#include <stdlib.h>

/* To be freed by free(). */
void *heap_alloc(size_t size);
/* n objects of size each; aborts where the product overflows. */
void *heap_alloc_array(size_t n, size_t size);
/* As realloc(); what is new is not zeroed. */
void *heap_realloc(void *p, size_t size);
char *heap_strdup(const char *text); /* NULL gives NULL */

#define heap_new_of(type) ((type *)heap_alloc(sizeof(type)))

#endif
