/* generation.c: files -> sources -> model -> plan */
#include "daemon/generation.h"
#include "base/heap.h"
#include "config/diag.h"
#include "config/load.h"
#include "config/source.h"
#include "daemon/paths.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Both are there in a usual installation, one is enough. */
static void read_defaults(struct source_set *sources, struct diags *diags)
{
	bool dir = access(DEFAULT_CONFIG_DIR, F_OK) == 0;

	if (!dir || access(DEFAULT_CONFIG, F_OK) == 0)
		(void)source_set_add(sources, DEFAULT_CONFIG, diags);
	if (dir)
		(void)source_set_add(sources, DEFAULT_CONFIG_DIR, diags);
}

void config_files_read(const struct config_files *files, struct source_set *sources,
		       struct diags *diags)
{
	if (files->n == 0)
		read_defaults(sources, diags);
	for (size_t i = 0; i < files->n; i++)
		(void)source_set_add(sources, files->names[i], diags);
}

struct generation *generation_new_unplanned(struct source_set *take_sources,
					    struct diags *take_diags, const char *node)
{
	struct generation *g = heap_new_of(struct generation);
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	g->wall_us = now.tv_sec * 1000000LL + now.tv_nsec / 1000;
	g->refs = 1;
	g->sources = take_sources;
	g->diags = take_diags ? take_diags : diags_new(take_sources);
	g->model = config_load(g->sources, node, g->diags);
	return g;
}

struct generation *generation_new(struct source_set *take_sources, struct diags *take_diags,
				  const char *node, const struct leases *leases)
{
	struct generation *g = generation_new_unplanned(take_sources, take_diags, node);

	if (g->model)
		g->plan = plan_new(g->model, NULL, leases, g->sources, g->diags);
	return g;
}

struct generation *generation_ref(struct generation *g)
{
	g->refs++;
	return g;
}

void generation_unref(struct generation *g)
{
	if (!g || --g->refs > 0)
		return;
	plan_free(g->plan);
	model_free(g->model);
	diags_free(g->diags);
	source_set_free(g->sources);
	free(g);
}

bool generation_ok(const struct generation *g)
{
	return g->model && diags_errors(g->diags) == 0;
}
