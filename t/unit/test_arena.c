/* test_arena.c: memory from an arena; arrays that grow, and the walk of two sorted ones */
#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>

Test(arena, memory_is_zeroed_aligned_and_apart)
{
	static const size_t sizes[] = {1, 3, 16, 100, 0, 4096, 16384, 16385, 200000, 5};
	struct arena *arena = arena_new();
	unsigned char *parts[500];

	for (size_t i = 0; i < 500; i++) {
		size_t size = sizes[i % 10];

		parts[i] = arena_alloc(arena, size);
		cr_assert_not_null(parts[i]);
		cr_expect_eq((uintptr_t)parts[i] % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < size; k++)
			cr_assert_eq(parts[i][k], 0);
		memset(parts[i], (int)(i % 255) + 1, size);
		(void)arena_strdup(arena, "a text in between");
	}
	for (size_t i = 0; i < 500; i++) {
		for (size_t k = 0; k < sizes[i % 10]; k++)
			cr_assert_eq(parts[i][k], i % 255 + 1);
	}
	cr_expect_gt(arena_size(arena), 500 / 10 * (200000 + 16385));
	arena_free(arena);
	arena_free(NULL);
}

Test(arena, texts)
{
	struct arena *arena = arena_new();
	char *big = arena_printf(arena, "%0*d", 100000, 7);

	cr_expect_eq(strlen(big), 100000);
	cr_expect_str_eq(arena_strdup(arena, ""), "");
	cr_expect_str_eq(arena_strdup(arena, "word"), "word");
	cr_expect_str_eq(arena_strndup(arena, "word", 2), "wo");
	cr_expect_str_eq(arena_strndup(arena, "word", 99), "word");
	cr_expect_str_eq(arena_printf(arena, "%s/%d", "a", 1), "a/1");
	cr_expect_arr_eq(arena_copy(arena, "a\0b", 3), "a\0b", 3);
	cr_expect_not_null(arena_copy(arena, NULL, 0));
	arena_free(arena);
}

Test(arena, equal_texts_are_interned_once)
{
	enum { TEXTS = 5000 };
	static const char *first[TEXTS];
	struct arena *arena = arena_new();
	char word[32];

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < TEXTS; i++) {
			const char *text;

			snprintf(word, sizeof(word), "name-%d", i);
			text = arena_intern(arena, word);
			cr_assert_str_eq(text, word);
			if (round == 0)
				first[i] = text;
			else
				cr_assert_eq(text, first[i]);
		}
	}
	cr_expect_eq(arena_intern(arena, ""), arena_intern(arena, ""));
	arena_free(arena);
}

/* By heap.c; a sanitizer that looks at sizes is quicker, and aborts too. */
Test(arena, an_overflow_dies_instead_of_giving_less, .signal = SIGABRT)
{
	struct arena *arena = arena_new();

	(void)arena_alloc_array(arena, SIZE_MAX / 8, 16);
	cr_assert_fail("came back");
}

struct item {
	int key;
	char content;
};

static int by_key(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

Test(array, grows_sorts_finds)
{
	ARRAY(struct item) items = {0};
	struct item key;

	for (int i = 0; i < 1000; i++) {
		struct item *item = array_add(&items);

		cr_assert_eq(item->key, 0);
		item->key = (i * 7919) % 1000 * 2;
	}
	cr_expect_eq(items.n, 1000);
	array_sort(&items, by_key);
	for (int i = 0; i < 1000; i++) {
		cr_assert_eq(items.at[i].key, i * 2);
		key.key = i * 2;
		cr_expect_eq(array_find(items.at, items.n, sizeof(key), &key, by_key), (size_t)i);
		key.key++;
		cr_expect_eq(array_find(items.at, items.n, sizeof(key), &key, by_key), items.n);
	}
	array_fini(&items);
	cr_expect_null(items.at);
	array_sort(&items, by_key);
	cr_expect_eq(array_find(items.at, 0, sizeof(key), &key, by_key), 0);
}

static void tell(void *arg, const void *old_one, const void *new_one)
{
	const struct item *o = old_one, *n = new_one;

	text_addf(arg, "%c%d ",
		  !o			     ? '+'
		  : !n			     ? '-'
		  : o->content == n->content ? '='
					     : '~',
		  (o ? o : n)->key);
}

Test(array, merge_walk_tells_every_key_once)
{
	static const struct item abc[] = {{1, 'a'}, {3, 'b'}, {5, 'c'}};
	static const struct item mix[] = {{0, 'x'}, {3, 'y'}, {5, 'c'}, {9, 'z'}};
	static const struct {
		const struct item *o, *n;
		size_t o_n, n_n;
		const char *told;
	} rows[] = {
		{abc, mix, 3, 4, "+0 -1 ~3 =5 +9 "}, {mix, abc, 4, 3, "-0 +1 ~3 =5 -9 "},
		{abc, abc, 3, 3, "=1 =3 =5 "},	     {NULL, abc, 0, 3, "+1 +3 +5 "},
		{abc, NULL, 3, 0, "-1 -3 -5 "},	     {NULL, NULL, 0, 0, ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text told = {0};

		text_add(&told, "");
		array_merge_walk(rows[i].o, rows[i].o_n, rows[i].n, rows[i].n_n,
				 sizeof(struct item), by_key, tell, &told);
		cr_expect_str_eq(told.text, rows[i].told);
		text_fini(&told);
	}
}
