/* load_health.c: HealthCheck: what it covers, and what follows when its probe fails */
#include "config/loader.h"
#include "config/schema_mlbgpd.h"

#include <string.h>

static void take_on_failure(struct reading *r, const struct raw_on_failure *raw,
			    struct health_check *check)
{
	struct diag *diag;

	if (raw->action)
		check->on_failure = *raw->action;
	take_u32(r, raw->local_pref, "spec.onFailure.localPref", "bad-value", 1, UINT32_MAX,
		 &check->local_pref);
	if (check->on_failure == ON_FAILURE_DEMOTE && !raw->local_pref) {
		reading_error(r, "spec.onFailure.localPref", "V-003",
			      "demote needs the localPref to announce with");
	} else if (check->on_failure != ON_FAILURE_DEMOTE && raw->local_pref) {
		diag = reading_error(r, "spec.onFailure.localPref", "bad-value",
				     "a localPref goes with the action demote only");
		if (!raw->action)
			diag_hint(r->diags, diag, "write action: demote, or leave it out");
	}
}

/* "namespace/name" or "name" */
static void take_services(struct reading *r, const struct raw_health_spec *raw,
			  struct health_check *check)
{
	const char *ns = check->object.namespace ? check->object.namespace : "default";
	struct names names;
	struct service_name *services;

	take_names(r, raw->services, raw->services_count, "spec.services", "V-063", &names);
	services = arena_array_of(r->loader->arena, struct service_name, names.n + 1);
	for (uint32_t i = 0; i < names.n; i++) {
		const char *slash = strchr(names.at[i], '/');
		char path[PATH_TEXT_MAX];

		services[i].name = slash ? slash + 1 : names.at[i];
		services[i].namespace = slash ? arena_strndup(r->loader->arena, names.at[i],
							      (size_t)(slash - names.at[i]))
					      : ns;
		if (is_object_name(services[i].name) && is_object_name(services[i].namespace))
			continue;
		reading_error(r, path_item(path, "spec.services", i), "bad-value",
			      "\"%.80s\" is neither NAMESPACE/NAME nor NAME of a Service",
			      names.at[i]);
		services[i] = (struct service_name){"", ""};
	}
	check->services = services;
	check->n_services = names.n;
}

void load_health_check(struct reading *r, const struct object *object, const void *data)
{
	const struct raw_health_spec *raw = ((const struct raw_health_check *)data)->spec;
	struct health_check check = {.object = *object};

	if (raw) {
		take_selectors(r, "spec.nodeSelectors", &check.node_selectors);
		take_services(r, raw, &check);
		take_selectors(r, "spec.serviceSelectors", &check.service_selectors);
		take_names(r, raw->pools, raw->pools_count, "spec.ipAddressPools", "V-063",
			   &check.pools);
		take_selectors(r, "spec.ipAddressPoolSelectors", &check.pool_selectors);
		if (raw->probe)
			take_probe(r, raw->probe, &check.probe);
		if (raw->on_failure)
			take_on_failure(r, raw->on_failure, &check);
	}
	reading_warning(r, "spec.probe", "not-yet",
			"probes do not run yet: what it covers is announced without being probed");
	*array_add(&r->loader->model->health_checks) = check;
}
