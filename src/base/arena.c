/* arena.c: blocks of memory, freed at once; and one copy of each interned text */
#include "base/arena.h"

#include "base/heap.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK_BYTES = 64 << 10, ALIGNMENT = 16, INTERN_SLOTS_MIN = 256 };

struct block {
	struct block *next;
	size_t size; /* of the whole block */
	_Alignas(ALIGNMENT) char bytes[];
};

struct arena {
	struct block *blocks;
	char *at, *end; /* what is left of the first block */
	size_t size;
	const char **interned; /* open addressing; a power of two */
	size_t n_interned, n_slots;
};

struct arena *arena_new(void)
{
	return heap_new_of(struct arena);
}

void arena_free(struct arena *arena)
{
	struct block *next;

	if (!arena)
		return;
	for (struct block *b = arena->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	free(arena->interned);
	free(arena);
}

static struct block *block_new(struct arena *arena, size_t bytes)
{
	struct block *b = heap_alloc(sizeof(*b) + bytes);

	b->size = sizeof(*b) + bytes;
	arena->size += b->size;
	return b;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	void *p;

	if (rounded < size)
		rounded = SIZE_MAX / 2; /* fails below, with a message */
	if (rounded > BLOCK_BYTES / 4) {
		/* A block of its own, behind the one that is being filled. */
		struct block *own = block_new(arena, rounded);

		if (arena->blocks) {
			own->next = arena->blocks->next;
			arena->blocks->next = own;
		} else {
			arena->blocks = own;
		}
		return own->bytes;
	}
	if (!arena->at || (size_t)(arena->end - arena->at) < rounded) {
		struct block *b = block_new(arena, BLOCK_BYTES);

		b->next = arena->blocks;
		arena->blocks = b;
		arena->at = b->bytes;
		arena->end = b->bytes + BLOCK_BYTES;
	}
	p = arena->at;
	arena->at += rounded;
	return p;
}

void *arena_alloc_array(struct arena *arena, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		bytes = SIZE_MAX / 2;
	return arena_alloc(arena, bytes);
}

void *arena_copy(struct arena *arena, const void *data, size_t size)
{
	void *p = arena_alloc(arena, size);

	if (size > 0)
		memcpy(p, data, size);
	return p;
}

/* Texts need no alignment: they are packed at the end of the block that is being filled. */
static char *alloc_text(struct arena *arena, size_t size)
{
	if (arena->at && size <= BLOCK_BYTES / 4 && (size_t)(arena->end - arena->at) >= size) {
		arena->end -= size;
		return arena->end;
	}
	return arena_alloc(arena, size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	size_t n = strnlen(text, len);
	char *copy = alloc_text(arena, n + 1);

	memcpy(copy, text, n);
	copy[n] = 0;
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, format);
	n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (n < 0)
		return arena_strdup(arena, "");
	p = alloc_text(arena, (size_t)n + 1);
	va_start(ap, format);
	vsnprintf(p, (size_t)n + 1, format, ap);
	va_end(ap);
	return p;
}

static size_t text_hash(const char *s)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a */

	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 1099511628211u;
	return (size_t)h;
}

/* The slot of the text, or the free one where it belongs. */
static const char **intern_slot(const char **slots, size_t n_slots, const char *text)
{
	size_t i = text_hash(text) & (n_slots - 1);

	while (slots[i] && strcmp(slots[i], text) != 0)
		i = (i + 1) & (n_slots - 1);
	return &slots[i];
}

static void intern_grow(struct arena *arena)
{
	size_t n = arena->n_slots ? arena->n_slots * 2 : INTERN_SLOTS_MIN;
	const char **slots = heap_alloc_array(n, sizeof(*slots));

	for (size_t i = 0; i < arena->n_slots; i++) {
		if (arena->interned[i])
			*intern_slot(slots, n, arena->interned[i]) = arena->interned[i];
	}
	arena->size += (n - arena->n_slots) * sizeof(*slots);
	free(arena->interned);
	arena->interned = slots;
	arena->n_slots = n;
}

const char *arena_intern(struct arena *arena, const char *text)
{
	const char **slot;

	if ((arena->n_interned + 1) * 4 > arena->n_slots * 3)
		intern_grow(arena);
	slot = intern_slot(arena->interned, arena->n_slots, text);
	if (!*slot) {
		*slot = arena_strdup(arena, text);
		arena->n_interned++;
	}
	return *slot;
}

size_t arena_size(const struct arena *arena)
{
	return sizeof(*arena) + arena->size;
}
