/* fuzz_config.c: any bytes as a configuration: load, findings as text and JSON, places, the end */
#include "config/diag.h"
#include "config/load.h"
#include "config/model.h"
#include "config/source.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct source_set *sources, const struct model *model)
{
	struct daemon_settings settings;
	const struct ip_address_pool *pools;
	size_t n;

	model_daemon(model, model_self(model), &settings);
	pools = model_pools(model, &n);
	for (size_t i = 0; i < n; i++)
		model_place(sources, &pools[i].object, "spec.addresses[0]");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source_set *sources = source_set_new();
	struct diags *diags = diags_new(sources);
	FILE *out = fopen("/dev/null", "w");
	struct model *model;

	source_set_add_bytes(sources, "fuzz", (const char *)data, size);
	model = config_load(sources, "node", diags);
	if (model)
		look(sources, model);
	if (out) {
		diags_print(diags, out);
		fclose(out);
	}
	json_decref(diags_json(diags));
	model_free(model);
	diags_free(diags);
	source_set_free(sources);
	return 0;
}
