/* resolve_communities.c: communities of advertisements and policies, from names to sorted numbers
 */
#include "config/validate_private.h"

#include <stdlib.h>
#include <string.h>

static int standard_cmp(const void *pa, const void *pb)
{
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	return (a > b) - (a < b);
}

static int large_cmp(const void *pa, const void *pb)
{
	const struct large_community *a = pa, *b = pb;

	if (a->global_admin != b->global_admin)
		return a->global_admin > b->global_admin ? 1 : -1;
	if (a->data1 != b->data1)
		return a->data1 > b->data1 ? 1 : -1;
	return (a->data2 > b->data2) - (a->data2 < b->data2);
}

/* Sorts, and keeps each once. */
static uint32_t sort_once(void *at, uint32_t n, size_t size, int (*cmp)(const void *, const void *))
{
	char *bytes = at;
	uint32_t kept = 0;

	if (n > 0)
		qsort(at, n, size, cmp);
	for (uint32_t i = 0; i < n; i++) {
		if (kept > 0 && cmp(bytes + (kept - 1) * size, bytes + i * size) == 0)
			continue;
		memmove(bytes + kept * size, bytes + i * size, size);
		kept++;
	}
	return kept;
}

/* ret has the names; those that stand for nothing are left out. */
static void resolve(struct check *c, struct communities *ret)
{
	uint32_t max = ret->names.n, n_standard = 0, n_large = 0;
	struct large_community *large;
	uint32_t *standard;

	if (max == 0)
		return;
	standard = arena_array_of(c->model->arena, uint32_t, max);
	large = arena_array_of(c->model->arena, struct large_community, max);
	for (uint32_t i = 0; i < max; i++) {
		struct community_alias value = {0};

		if (check_community(c, ret->names.at[i], &value) != COMMUNITY_OK)
			continue;
		if (value.large)
			large[n_large++] = value.value;
		else
			standard[n_standard++] = value.standard;
	}
	ret->standard = standard;
	ret->n_standard = sort_once(standard, n_standard, sizeof(*standard), standard_cmp);
	ret->large = large;
	ret->n_large = sort_once(large, n_large, sizeof(*large), large_cmp);
}

void resolve_communities(struct check *c)
{
	struct settings_docs *policies = &c->model->peer_policies;

	for (size_t i = 0; i < c->model->advertisements.n; i++)
		resolve(c, &c->model->advertisements.at[i].communities);
	for (size_t i = 0; i < policies->n; i++) {
		struct peer_settings *settings = policies->at[i].settings;

		resolve(c, &settings->communities);
	}
}
