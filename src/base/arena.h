/* arena.h: what lives and dies together is allocated together and freed at once
 *
 * One arena for a model, one for a plan.  Memory comes zeroed and aligned for any type.  Out of
 * memory aborts with a message.
 */
#ifndef MLBGPD_BASE_ARENA_H
#define MLBGPD_BASE_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void);
/* NULL does nothing. */
void arena_free(struct arena *arena);
void *arena_alloc(struct arena *arena, size_t size);
/* n objects of size each; aborts where the product overflows. */
void *arena_alloc_array(struct arena *arena, size_t n, size_t size);
void *arena_copy(struct arena *arena, const void *data, size_t size);
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* One copy of each different text: for names and values that repeat a thousand times. */
const char *arena_intern(struct arena *arena, const char *text);
/* Bytes taken from the system. */
size_t arena_size(const struct arena *arena);

#define arena_new_of(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array_of(arena, type, n) ((type *)arena_alloc_array((arena), (n), sizeof(type)))

#endif
