/* plan_route.c: routes, their classes, and the VIPs that stand behind them
 *
 * Everything is walked twice: once to count, once to fill arrays of the right size.
 */
#include "plan/plan_impl.h"

#include "base/arena.h"
#include "base/heap.h"

struct walk {
	struct build *b;
	bool fill;
	uint32_t *links; /* of each address (its first slot): how many, then where the next goes */
	uint32_t n_classes, n_links;
	uint32_t n_routes; /* of the group */
	uint32_t group;
	const struct effect *effects; /* of the group */
	uint32_t *class_of; /* of each entry of the mix at hand */
	uint64_t *linked; /* of each class of the route: the token with which it was linked last */
	uint64_t token; /* of an address and level */
};

/* The entry of level 0; those of its other levels follow. */
static uint32_t entry_of(const struct build *b, const struct mix *mix, const struct part *part)
{
	const struct mix_entry key = {part->profile, part->step, b->slots.at[part->slot].demotion,
				      0};
	uint32_t low = mix->entry, high = mix->entry + mix->n_entries;

	while (low + 1 < high) {
		uint32_t middle = low + (high - low) / 2;

		if (mix_entry_cmp(&b->entries.at[middle], &key) <= 0)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* The classes of a route: entries of its mix with equal attributes are one. */
static uint32_t make_classes(struct walk *w, const struct mix *mix)
{
	struct plan *plan = w->b->plan;
	uint32_t n = 0;

	for (uint32_t e = 0; e < mix->n_entries; e++) {
		const struct effect *effect = &w->effects[mix->entry + e];
		uint32_t first = 0;

		w->class_of[e] = PLAN_NONE;
		w->linked[e] = 0;
		if (effect->attrs == PLAN_NOT_ANNOUNCED)
			continue;
		while (first < e && (w->class_of[first] == PLAN_NONE ||
				     w->effects[mix->entry + first].attrs != effect->attrs))
			first++;
		if (first < e) {
			w->class_of[e] = w->class_of[first];
			continue;
		}
		w->class_of[e] = w->n_classes + n;
		if (w->fill)
			plan->classes[w->n_classes + n] = (struct plan_class){
				.attrs = effect->attrs, .advertisement = effect->advertisement};
		n++;
	}
	return n;
}

/* PoolPolicy.aggregates: one that stays whatever the health is open once more than its VIPs are. */
static void open_always(struct walk *w, const struct part *part, uint32_t class)
{
	const struct slot *slot = &w->b->slots.at[part->slot];
	const struct plan *plan = w->b->plan;
	const uint32_t pool = plan->services[slot->service].pool;

	if (w->fill && plan->pools[pool].settings.aggregates == AGGREGATES_ALWAYS &&
	    part->prefix.len < slot->length)
		plan->classes[class].open = 1;
}

static void add_link(struct walk *w, uint32_t address, uint32_t class, uint32_t level)
{
	w->n_links++;
	if (!w->fill) {
		w->links[address]++;
		return;
	}
	w->b->plan->links[w->links[address]++] =
		(struct plan_link){w->group, w->n_routes, class, level};
	w->b->plan->classes[class].candidates++;
}

/* A link to each class of a level, once. */
static void link_level(struct walk *w, const struct mix *mix, uint32_t from, uint32_t to,
		       uint32_t address, uint32_t level)
{
	struct build *b = w->b;

	w->token++;
	for (uint32_t i = from; i < to; i++) {
		uint32_t entry = entry_of(b, mix, &b->parts.at[i]) - mix->entry + level;
		uint32_t class = w->class_of[entry];

		if (class == PLAN_NONE)
			continue;
		b->slots.at[b->parts.at[i].slot].announced = true;
		if (level == 0)
			open_always(w, &b->parts.at[i], class);
		if (w->linked[class - w->n_classes] == w->token)
			continue;
		w->linked[class - w->n_classes] = w->token;
		add_link(w, address, class, level);
	}
}

/* The parts of one address behind one prefix. */
static void link_address(struct walk *w, const struct mix *mix, uint32_t from, uint32_t to)
{
	struct build *b = w->b;
	uint32_t address = b->parts.at[from].slot;
	const struct demotion *d = cover_get_demotion(b->cover, b->slots.at[address].demotion);

	/* The address is known by its first slot: those of other Services lie right behind it. */
	while (address > 0 &&
	       addr_equal(&b->slots.at[address - 1].addr, &b->slots.at[address].addr))
		address--;
	for (uint32_t level = 0; level <= d->n_levels; level++)
		link_level(w, mix, from, to, address, level);
}

static bool same_address(const struct build *b, uint32_t i, uint32_t j)
{
	return addr_equal(&b->slots.at[b->parts.at[i].slot].addr,
			  &b->slots.at[b->parts.at[j].slot].addr);
}

static void walk_run(struct walk *w, const struct run *run)
{
	struct build *b = w->b;
	const struct mix *mix = &b->mixes.at[run->mix];
	uint32_t end = run[1].part, n = make_classes(w, mix);

	if (n == 0)
		return;
	if (w->fill)
		b->plan->groups[w->group].routes[w->n_routes] =
			(struct plan_route){.prefix = b->parts.at[run->part].prefix,
					    .attrs = PLAN_NOT_ANNOUNCED,
					    .class = w->n_classes,
					    .n_classes = n};
	for (uint32_t i = run->part, j; i < end; i = j) {
		for (j = i + 1; j < end && same_address(b, i, j);)
			j++;
		link_address(w, mix, i, j);
	}
	if (w->fill) {
		struct plan_route *route = &b->plan->groups[w->group].routes[w->n_routes];

		route->attrs = plan_route_attrs(b->plan, route);
	}
	w->n_classes += n;
	w->n_routes++;
}

static void walk_all(struct walk *w)
{
	struct build *b = w->b;

	w->n_classes = w->n_links = 0;
	for (w->group = 0; w->group < b->plan->n_groups; w->group++) {
		w->n_routes = 0;
		w->effects = b->kinds.at[b->group_kinds.at[w->group]].effects;
		for (size_t r = 0; r + 1 < b->runs.n; r++)
			walk_run(w, &b->runs.at[r]);
		b->plan->groups[w->group].n_routes = w->n_routes;
	}
}

static size_t address_end(const struct build *b, size_t i)
{
	size_t j = i + 1;

	while (j < b->slots.n && addr_equal(&b->slots.at[i].addr, &b->slots.at[j].addr))
		j++;
	return j;
}

static bool is_route(const struct plan *plan, const struct slot *slot)
{
	const uint32_t pool = plan->services[slot->service].pool;

	if (slot->length < addr_bits(&slot->addr) ||
	    plan->pools[pool].settings.vips == POOL_VIPS_PREFIXES)
		return true;
	return slot->addr.family == ADDR_IPV4 &&
	       plan->pools[pool].settings.vip_mode == VIP_MODE_ROUTE;
}

/* A VIP for each address that has links; from counts to places in the links' array. */
static void make_vips(struct walk *w)
{
	struct build *b = w->b;
	struct plan *plan = b->plan;
	uint32_t vip = 0, service = 0, link = 0;

	for (size_t i = 0; i < b->slots.n; i = address_end(b, i)) {
		if (w->links[i] == 0)
			continue;
		plan->n_vips++;
		plan->n_vip_services += address_end(b, i) - i;
	}
	plan->vips = arena_array_of(plan->arena, struct plan_vip, plan->n_vips);
	plan->vip_services = arena_array_of(plan->arena, uint32_t, plan->n_vip_services);
	for (size_t i = 0, end; i < b->slots.n; i = end) {
		uint32_t n = w->links[i];

		end = address_end(b, i);
		if (n == 0)
			continue;
		plan->vips[vip++] = (struct plan_vip){
			.addr = b->slots.at[i].addr,
			.length = b->slots.at[i].length,
			.route = is_route(plan, &b->slots.at[i]),
			.interface =
				plan->pools[plan->services[b->slots.at[i].service].pool].interface,
			.pool = plan->services[b->slots.at[i].service].pool,
			.check_set = b->slots.at[i].check_set,
			.link = link,
			.n_links = n,
			.service = service,
			.n_services = (uint32_t)(end - i),
		};
		for (size_t k = i; k < end; k++)
			plan->vip_services[service++] = b->slots.at[k].service;
		w->links[i] = link;
		link += n;
	}
}

static uint32_t widest_mix(const struct build *b)
{
	uint32_t ret = 0;

	for (size_t i = 0; i < b->mixes.n; i++) {
		if (b->mixes.at[i].n_entries > ret)
			ret = b->mixes.at[i].n_entries;
	}
	return ret;
}

void build_routes(struct build *b)
{
	struct plan *plan = b->plan;
	struct walk w = {.b = b};

	w.links = heap_alloc_array(b->slots.n, sizeof(*w.links));
	w.class_of = heap_alloc_array(widest_mix(b), sizeof(*w.class_of));
	w.linked = heap_alloc_array(widest_mix(b), sizeof(*w.linked));
	walk_all(&w);
	plan->n_classes = w.n_classes;
	plan->n_links = w.n_links;
	plan->classes = arena_array_of(plan->arena, struct plan_class, w.n_classes);
	plan->links = arena_array_of(plan->arena, struct plan_link, w.n_links);
	for (size_t g = 0; g < plan->n_groups; g++)
		plan->groups[g].routes =
			arena_array_of(plan->arena, struct plan_route, plan->groups[g].n_routes);
	make_vips(&w);
	w.fill = true;
	walk_all(&w);
	free(w.links);
	free(w.class_of);
	free(w.linked);
	for (size_t i = 0; i < b->slots.n; i++) {
		if (b->slots.at[i].announced)
			plan->services[b->slots.at[i].service].advertised = true;
	}
}
