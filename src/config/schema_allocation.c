/* schema_allocation.c: table of AddressAllocation */
#include "config/schema_mlbgpd.h"

static const cyaml_schema_field_t pinned_fields[] = {
	S_STRING("namespace", struct raw_pinned, namespace),
	S_STRING_AS("name", SCHEMA_REQUIRED, struct raw_pinned, name),
	S_LIST_AS("addresses", SCHEMA_REQUIRED, struct raw_pinned, addresses, &schema_string_entry),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t pinned_entry = S_ENTRY(struct raw_pinned, pinned_fields);

static const cyaml_schema_field_t allocation_spec_fields[] = {
	S_SELECTORS("nodeSelectors", struct raw_allocation_spec, node_selectors),
	S_LIST("services", struct raw_allocation_spec, services, &pinned_entry),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t address_allocation_fields[] = {
	S_HEAD(struct raw_address_allocation),
	S_MAP_AS("spec", SCHEMA_REQUIRED, struct raw_address_allocation, spec,
		 allocation_spec_fields),
	S_ANY("status"),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t schema_address_allocation =
	S_KIND(struct raw_address_allocation, address_allocation_fields);
