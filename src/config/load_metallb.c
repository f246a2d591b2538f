/* load_metallb.c: MetalLB's kinds but BGPPeer: rules V-052 to V-054, V-057, V-058, V-060, V-061,
 * V-063, V-066, V-070 to V-072, V-079 */
#include "config/community.h"
#include "config/loader.h"
#include "config/schema_metallb.h"

#include <stdlib.h>
#include <string.h>

/* The length of the largest CIDR block in a range. */
static uint8_t shortest_length(struct addr_range range)
{
	unsigned shortest = addr_bits(&range.first);
	struct prefix prefix;
	bool more = true;

	while (more && addr_range_take_prefix(&range, &more, &prefix))
		if (prefix.len < shortest)
			shortest = prefix.len;
	return (uint8_t)shortest;
}

static bool take_block(struct reading *r, const char *text, uint32_t index,
		       struct pool_block *block)
{
	enum addr_problem problem = addr_range_parse(&block->range, text);
	bool is_range = strchr(text, '-');
	char path[PATH_TEXT_MAX];
	struct diag *diag;

	if (problem == ADDR_OK) {
		block->text = arena_strdup(r->loader->arena, text);
		block->shortest = shortest_length(block->range);
		return true;
	}
	diag = reading_error(r, path_item(path, "spec.addresses", index),
			     is_range ? "V-054" : "V-053", "\"%.100s\": %s", text,
			     addr_problem_text(problem));
	if (problem == ADDR_NO_LENGTH)
		diag_hint(r->diags, diag, "for one address write %s/%s", text,
			  strchr(text, ':') ? "128" : "32");
	return false;
}

static void take_blocks(struct reading *r, const struct raw_pool_spec *raw,
			struct ip_address_pool *pool)
{
	struct pool_block *blocks;

	if (raw->addresses_count == 0) {
		yaml_node_t *node = reading_node(r, "spec.addresses");

		if (node && node->type == YAML_SEQUENCE_NODE)
			reading_error(r, "spec.addresses", "V-052",
				      "a pool has an address or more");
		return;
	}
	blocks = arena_array_of(r->loader->arena, struct pool_block, raw->addresses_count);
	for (uint32_t i = 0; i < raw->addresses_count; i++) {
		char path[PATH_TEXT_MAX];
		const char *text =
			take_text(r, raw->addresses[i], path_item(path, "spec.addresses", i));

		if (text && take_block(r, text, i, &blocks[pool->n_blocks]))
			pool->n_blocks++;
	}
	pool->blocks = blocks;
}

static void take_allocation(struct reading *r, const struct raw_service_allocation *raw,
			    struct ip_address_pool *pool)
{
	if (raw->priority && (*raw->priority < INT32_MIN || *raw->priority > INT32_MAX))
		reading_error(r, "spec.serviceAllocation.priority", "V-002",
			      "does not fit 32 bits");
	else if (raw->priority)
		pool->priority = (int32_t)*raw->priority;
	take_names(r, raw->namespaces, raw->namespaces_count, "spec.serviceAllocation.namespaces",
		   "V-057", &pool->namespaces);
	take_selectors(r, "spec.serviceAllocation.namespaceSelectors", &pool->namespace_selectors);
	take_selectors(r, "spec.serviceAllocation.serviceSelectors", &pool->service_selectors);
	pool->has_allocation = true;
}

void load_pool(struct reading *r, const struct object *object, const void *data)
{
	const struct raw_pool_spec *raw = ((const struct raw_pool *)data)->spec;
	struct ip_address_pool pool = {.object = *object, .auto_assign = true};

	if (raw) {
		take_blocks(r, raw, &pool);
		take_bool(raw->auto_assign, &pool.auto_assign);
		take_bool(raw->avoid_buggy_ips, &pool.avoid_buggy_ips);
		if (raw->allocation)
			take_allocation(r, raw->allocation, &pool);
	}
	*array_add(&r->loader->model->pools) = pool;
}

static void take_lengths(struct reading *r, const struct raw_advertisement_spec *raw,
			 struct bgp_advertisement *adv)
{
	uint32_t v4 = 32, v6 = 128;

	take_u32(r, raw->aggregation_length, "spec.aggregationLength", "V-060", 1, 32, &v4);
	take_u32(r, raw->aggregation_length_v6, "spec.aggregationLengthV6", "V-061", 1, 128, &v6);
	adv->aggregation_length = (uint8_t)v4;
	adv->aggregation_length_v6 = (uint8_t)v6;
	if (adv->service_selectors.n > 0 && (v4 != 32 || v6 != 128))
		reading_related(r,
				reading_error(r, "spec.serviceSelectors", "V-066",
					      "serviceSelectors and an aggregation exclude each"
					      " other"),
				v4 != 32 ? "spec.aggregationLength" : "spec.aggregationLengthV6",
				"the aggregation is here");
}

void load_advertisement(struct reading *r, const struct object *object, const void *data)
{
	const struct raw_advertisement_spec *raw = ((const struct raw_advertisement *)data)->spec;
	struct bgp_advertisement adv = {
		.object = *object, .aggregation_length = 32, .aggregation_length_v6 = 128};

	if (raw) {
		take_names(r, raw->pools, raw->pools_count, "spec.ipAddressPools", "V-063",
			   &adv.pools);
		take_names(r, raw->communities, raw->communities_count, "spec.communities", "V-063",
			   &adv.communities.names);
		take_names(r, raw->peers, raw->peers_count, "spec.peers", "V-063", &adv.peers);
		take_selectors(r, "spec.ipAddressPoolSelectors", &adv.pool_selectors);
		take_selectors(r, "spec.nodeSelectors", &adv.node_selectors);
		take_selectors(r, "spec.serviceSelectors", &adv.service_selectors);
		take_u32(r, raw->local_pref, "spec.localPref", "V-079", 0, UINT32_MAX,
			 &adv.local_pref);
		take_lengths(r, raw, &adv);
	}
	*array_add(&r->loader->model->advertisements) = adv;
}

void load_bfd(struct reading *r, const struct object *object, const void *data)
{
	const struct raw_bfd_spec *raw = ((const struct raw_bfd *)data)->spec;
	struct bfd_profile profile = {
		.object = *object, .receive_ms = 300, .transmit_ms = 300, .echo_ms = 50};
	uint32_t multiplier = 3, ttl = 254;

	if (raw) {
		take_u32(r, raw->receive, "spec.receiveInterval", "V-071", 10, 60000,
			 &profile.receive_ms);
		take_u32(r, raw->transmit, "spec.transmitInterval", "V-071", 10, 60000,
			 &profile.transmit_ms);
		take_u32(r, raw->echo, "spec.echoInterval", "V-071", 10, 60000, &profile.echo_ms);
		take_u32(r, raw->multiplier, "spec.detectMultiplier", "V-070", 2, 255, &multiplier);
		take_u32(r, raw->minimum_ttl, "spec.minimumTtl", "V-072", 1, 254, &ttl);
		take_bool(raw->echo_mode, &profile.echo_mode);
		take_bool(raw->passive_mode, &profile.passive_mode);
	}
	profile.detect_multiplier = (uint8_t)multiplier;
	profile.minimum_ttl = (uint8_t)ttl;
	*array_add(&r->loader->model->bfd_profiles) = profile;
}

static void report_value(struct reading *r, const char *path, const char *value)
{
	struct diag *diag = reading_error(r, path, "V-058",
					  "\"%.60s\" is no community: " COMMUNITY_SHAPES, value);
	struct community_alias known;

	if (community_well_known(value, &known))
		diag_hint(r->diags, diag, "its value is %u:%u", known.standard >> 16,
			  known.standard & UINT16_MAX);
}

void load_community(struct reading *r, const struct object *object, const void *data)
{
	const struct raw_community_spec *raw = ((const struct raw_community *)data)->spec;
	struct community_doc doc = {.object = *object};
	uint32_t n = raw ? raw->communities_count : 0;
	struct community_alias *aliases =
		n > 0 ? arena_array_of(r->loader->arena, struct community_alias, n) : NULL;

	for (uint32_t i = 0; i < n; i++) {
		const struct raw_alias *in = raw->communities[i];
		struct community_alias *out = &aliases[i]; /* index i is its place in the file */
		char item[PATH_TEXT_MAX], path[PATH_TEXT_MAX];
		const char *value;

		out->name = in && in->name ? take_string(r, in->name) : "";
		if (!in)
			continue;
		path_key(path, path_item(item, "spec.communities", i), "value");
		value = take_text(r, in->value, path);
		if (value && community_parse(value, out) != COMMUNITY_OK)
			report_value(r, path, value);
	}
	doc.aliases = aliases;
	doc.n_aliases = n;
	*array_add(&r->loader->model->communities) = doc;
}

void load_l2(struct reading *r, const struct object *object, const void *data)
{
	const struct raw_l2_spec *raw = ((const struct raw_l2 *)data)->spec;
	struct l2_doc doc = {.object = *object};
	struct selectors unused;
	struct names names;

	if (raw) {
		take_names(r, raw->pools, raw->pools_count, "spec.ipAddressPools", "V-063", &names);
		take_selectors(r, "spec.ipAddressPoolSelectors", &unused);
		take_selectors(r, "spec.nodeSelectors", &unused);
		take_selectors(r, "spec.serviceSelectors", &unused);
	}
	for (uint32_t i = 0; raw && i < raw->preferred_count; i++) {
		char item[PATH_TEXT_MAX], path[PATH_TEXT_MAX];
		uint32_t weight = 1;

		if (raw->preferred[i])
			take_u32(r, raw->preferred[i]->weight,
				 path_key(path, path_item(item, "spec.preferredNodeSelectors", i),
					  "weight"),
				 "V-076", 1, 100, &weight);
	}
	reading_warning(r, "kind", "no-effect", "an L2Advertisement has no effect here");
	*array_add(&r->loader->model->l2) = doc;
}
