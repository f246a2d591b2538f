/* diff_settings.c: which fields of a node's Daemon documents differ, and what that costs */
#include "plan/diff.h"

#include "config/settings.h"

#include <string.h>

static const struct {
	const char *kind, *field;
	enum plan_cost cost;
} rows[] = {
#define FIELD(kind, field, cost) {kind, field, COST_##cost},
#include "plan/field_costs.def"
#undef FIELD
};

enum plan_cost plan_field_cost(const char *kind, const char *field)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].kind, kind) == 0 && strcmp(rows[i].field, field) == 0)
			return rows[i].cost;
	return COST_NOTHING;
}

void plan_diff_settings(const struct plan *old_plan, const struct plan *new_plan, plan_field_fn fn,
			void *arg)
{
	const struct daemon_settings *a = plan_settings(old_plan), *b = plan_settings(new_plan);

	for (unsigned i = 0; i < daemon_kind.n; i++) {
		const char *field = daemon_kind.fields[i].path + strlen("spec.");

		if (!settings_same(&daemon_kind, i, a, b))
			fn(arg, field, plan_field_cost("Daemon", field));
	}
}
