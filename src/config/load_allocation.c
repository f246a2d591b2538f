/* load_allocation.c: AddressAllocation: the addresses of Services, written down */
#include "config/loader.h"
#include "config/schema_mlbgpd.h"

static bool take_pinned(struct reading *r, const struct raw_pinned *raw, const char *entry,
			struct pinned *ret)
{
	char list[PATH_TEXT_MAX], path[PATH_TEXT_MAX];
	bool good = raw->name;

	ret->namespace = raw->namespace ? take_string(r, raw->namespace) : "default";
	ret->name = take_string(r, raw->name);
	path_key(list, entry, "addresses");
	if (raw->addresses_count < 1 || raw->addresses_count > 2) {
		if (reading_node(r, list))
			reading_error(r, list, "bad-value",
				      "one address, or one of each family, is wanted");
		return false;
	}
	for (uint32_t i = 0; i < raw->addresses_count; i++)
		good &= raw->addresses[i] &&
			take_addr(r, raw->addresses[i], path_item(path, list, i), "bad-value",
				  &ret->addresses[i]);
	if (!good)
		return false;
	ret->n_addresses = (uint8_t)raw->addresses_count;
	if (ret->n_addresses == 2 && ret->addresses[0].family == ret->addresses[1].family) {
		reading_error(r, path, "bad-value", "two addresses of one family");
		return false;
	}
	if (ret->n_addresses == 2 && ret->addresses[0].family == ADDR_IPV6) {
		struct addr first = ret->addresses[0];

		ret->addresses[0] = ret->addresses[1];
		ret->addresses[1] = first;
	}
	return true;
}

void load_allocation(struct reading *r, const struct object *object, const void *data)
{
	const struct raw_allocation_spec *raw = ((const struct raw_address_allocation *)data)->spec;
	struct address_allocation doc = {.object = *object};
	struct pinned *pins;

	if (raw) {
		take_selectors(r, "spec.nodeSelectors", &doc.node_selectors);
		pins = arena_array_of(r->loader->arena, struct pinned, raw->services_count + 1);
		for (uint32_t i = 0; i < raw->services_count; i++) {
			struct pinned pin = {.entry = i};
			char path[PATH_TEXT_MAX];

			if (raw->services[i] &&
			    take_pinned(r, raw->services[i], path_item(path, "spec.services", i),
					&pin))
				pins[doc.n_pins++] = pin;
		}
		doc.pins = pins;
	}
	*array_add(&r->loader->model->allocations) = doc;
}
