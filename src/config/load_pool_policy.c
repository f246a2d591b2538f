/* load_pool_policy.c: PoolPolicy: what VIPs a pool makes, and where they stand */
#include "config/loader.h"
#include "config/schema_mlbgpd.h"

static void take_pool_policy(struct reading *r, const struct raw_pool_policy_spec *raw,
			     struct settings_doc *doc, struct pool_settings *to)
{
	take_selectors(r, "spec.nodeSelectors", &doc->node_selectors);
	take_names(r, raw->pools, raw->pools_count, "spec.ipAddressPools", "V-063", &doc->names);
	take_selectors(r, "spec.ipAddressPoolSelectors", &doc->selectors);
	TAKE_SETTING(doc, POOL_VIPS, raw->vips, &to->vips);
	take_interface(r, "spec.interface", doc, POOL_INTERFACE, &to->interface);
	TAKE_SETTING(doc, POOL_VIP_MODE, raw->vip_mode, &to->vip_mode);
	TAKE_SETTING(doc, POOL_AGGREGATES, raw->aggregates, &to->aggregates);
	if (to->vips == POOL_VIPS_PREFIXES && raw->vip_mode && to->vip_mode == VIP_MODE_ADDRESS)
		reading_error(r, "spec.vipMode", "bad-value",
			      "with vips: prefixes each block is a route, not an address");
}

void load_pool_policy(struct reading *r, const struct object *object, const void *data)
{
	const struct raw_pool_policy_spec *raw = ((const struct raw_pool_policy *)data)->spec;
	struct pool_settings *to = arena_new_of(r->loader->arena, struct pool_settings);
	struct settings_doc doc = {.object = *object, .settings = to};

	if (raw)
		take_pool_policy(r, raw, &doc, to);
	*array_add(&r->loader->model->pool_policies) = doc;
}
