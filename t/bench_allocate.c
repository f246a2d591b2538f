/* bench_allocate.c: how long the allocation of a file's Services takes: bench_allocate FILE
 *
 * Prints services, milliseconds (the best of three) and how many got an address.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "config/diag.h"
#include "config/load.h"
#include "config/model.h"
#include "config/source.h"
#include "plan/allocate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Microseconds of one allocation from scratch. */
static int64_t allocate_once(const struct model *model, size_t *ret_services, size_t *ret_placed)
{
	struct arena *arena = arena_new();
	struct plan_service *services;
	struct plan_pool *pools;
	size_t n_services, n_pools;
	struct monotime begin;
	int64_t took;

	model_services(model, &n_services);
	model_pools(model, &n_pools);
	services = calloc(n_services + 1, sizeof(*services));
	pools = calloc(n_pools + 1, sizeof(*pools));
	if (!services || !pools)
		abort();
	for (size_t i = 0; i < n_pools; i++)
		pools[i].pool = &model_pools(model, &n_pools)[i];
	begin = monotime_now();
	allocate(model, model_self(model), "", NULL, arena, services, pools);
	took = monotime_since_us(monotime_now(), begin);
	*ret_services = n_services;
	*ret_placed = 0;
	for (size_t i = 0; i < n_services; i++)
		*ret_placed += services[i].n_addresses > 0;
	free(services);
	free(pools);
	arena_free(arena);
	return took;
}

int main(int argc, char **argv)
{
	struct source_set *sources = source_set_new();
	struct diags *diags = diags_new(sources);
	struct model *model = NULL;
	int64_t best = INT64_MAX;
	size_t services = 0, placed = 0;

	if (argc == 2 && source_set_add(sources, argv[1], diags) == 0)
		model = config_load(sources, "bench", diags);
	if (!model) {
		fprintf(stderr, "usage: bench_allocate FILE, a valid one\n");
		return 1;
	}
	for (int i = 0; i < 3; i++) {
		int64_t took = allocate_once(model, &services, &placed);

		best = took < best ? took : best;
	}
	printf("%zu %" PRId64 ".%" PRId64 " %zu\n", services, best / 1000, best / 100 % 10, placed);
	model_free(model);
	diags_free(diags);
	source_set_free(sources);
	return 0;
}
