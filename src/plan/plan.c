/* plan.c: what a node does: made from model, node and leases; read by whoever does it */
#include "plan/plan_impl.h"

#include "base/arena.h"
#include "base/heap.h"
#include "plan/allocate.h"

#include <inttypes.h>
#include <string.h>

static void make_services(struct plan *plan, const struct leases *leases)
{
	plan_make_pools(plan);
	allocate(plan->model, plan->node, plan->settings.load_balancer_class, leases, plan->arena,
		 plan->services, plan->pools);
}

static uint64_t add_bytes(uint64_t h, const void *data, size_t n)
{
	const uint8_t *at = data;

	for (size_t i = 0; i < n; i++)
		h = (h ^ at[i]) * 1099511628211u; /* FNV-1a */
	return h;
}

/* A sum over the Services: their order does not count. */
static void make_digest(struct plan *plan)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < plan->n_services; i++) {
		const struct plan_service *s = &plan->services[i];
		const struct object *o = &s->service->object;
		uint64_t h = 14695981039346656037u;

		if (s->n_addresses == 0)
			continue;
		h = add_bytes(h, o->namespace, strlen(o->namespace) + 1);
		h = add_bytes(h, o->name, strlen(o->name) + 1);
		for (unsigned k = 0; k < s->n_addresses; k++)
			h = add_bytes(h, &s->addresses[k], sizeof(s->addresses[k]));
		sum += h ^ (h >> 31);
	}
	plan->address_digest = arena_printf(plan->arena, "%016" PRIx64, sum);
}

static void build_fini(struct build *b)
{
	build_groups_fini(b);
	array_fini(&b->slots);
	array_fini(&b->parts);
	array_fini(&b->runs);
	array_fini(&b->mixes);
	array_fini(&b->entries);
	array_fini(&b->misfits);
	adverts_free(b->adverts);
	cover_free(b->cover);
}

static void keep_check_sets(struct build *b)
{
	size_t n;
	const struct plan_check_set *sets = cover_sets(b->cover, &n);

	b->plan->check_sets = arena_copy(b->plan->arena, sets, n * sizeof(*sets));
	b->plan->n_check_sets = n;
}

static void make_output(struct plan *plan, const struct source_set *sources, struct diags *diags)
{
	struct arena *arena = arena_new();
	struct build b = {.plan = plan, .arena = arena};

	b.advs = model_advertisements(plan->model, &b.n_advs);
	b.adverts = adverts_new(plan->model, plan->node, plan->peers, plan->n_peers, arena,
				plan->arena);
	b.cover = cover_new(plan->model, plan->node, plan->services, plan->n_services, plan->arena);
	build_mixes(&b);
	build_groups(&b);
	build_routes(&b);
	build_reasons(&b);
	if (diags) {
		const struct warn w = {&b, sources, diags};

		plan_warn(&w);
	}
	keep_check_sets(&b);
	build_fini(&b);
	arena_free(arena);
}

struct plan *plan_new(const struct model *model, const struct node *node,
		      const struct leases *leases, const struct source_set *sources,
		      struct diags *diags)
{
	struct plan *plan = heap_new_of(struct plan);

	plan->arena = arena_new();
	plan->model = model;
	plan->node = node ? node : model_self(model);
	plan->attrs = attrs_table_new(plan->arena);
	model_daemon(model, plan->node, &plan->settings);
	plan_make_peers(plan);
	make_services(plan, leases);
	make_digest(plan);
	make_output(plan, sources, diags);
	return plan;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	attrs_table_free(plan->attrs);
	arena_free(plan->arena);
	free(plan);
}

size_t plan_size(const struct plan *plan)
{
	return sizeof(*plan) + arena_size(plan->arena) + attrs_table_size(plan->attrs);
}

const struct model *plan_model(const struct plan *plan)
{
	return plan->model;
}

const struct node *plan_node(const struct plan *plan)
{
	return plan->node;
}

const struct daemon_settings *plan_settings(const struct plan *plan)
{
	return &plan->settings;
}

const struct plan_peer *plan_peers(const struct plan *plan, size_t *n)
{
	*n = plan->n_peers;
	return plan->peers;
}

const struct plan_peer *plan_idle_peers(const struct plan *plan, size_t *n)
{
	*n = plan->n_idle_peers;
	return plan->idle_peers;
}

const struct plan_group *plan_groups(const struct plan *plan, size_t *n)
{
	*n = plan->n_groups;
	return plan->groups;
}

const struct plan_vip *plan_vips(const struct plan *plan, size_t *n)
{
	*n = plan->n_vips;
	return plan->vips;
}

const struct plan_link *plan_links(const struct plan *plan)
{
	return plan->links;
}

const struct plan_class *plan_classes(const struct plan *plan)
{
	return plan->classes;
}

const struct plan_check_set *plan_check_sets(const struct plan *plan, size_t *n)
{
	*n = plan->n_check_sets;
	return plan->check_sets;
}

const uint32_t *plan_vip_services(const struct plan *plan)
{
	return plan->vip_services;
}

const struct plan_service *plan_services(const struct plan *plan, size_t *n)
{
	*n = plan->n_services;
	return plan->services;
}

const struct plan_pool *plan_pools(const struct plan *plan, size_t *n)
{
	*n = plan->n_pools;
	return plan->pools;
}

const char *const *plan_interfaces(const struct plan *plan, size_t *n)
{
	*n = plan->n_interfaces;
	return plan->interfaces;
}

const struct plan_attrs *plan_attrs(const struct plan *plan, uint32_t attrs)
{
	return attrs_get(plan->attrs, attrs);
}

static int vip_cmp(const void *a, const void *b)
{
	return addr_cmp(&((const struct plan_vip *)a)->addr, &((const struct plan_vip *)b)->addr);
}

uint32_t plan_find_vip(const struct plan *plan, const struct addr *addr)
{
	struct plan_vip key = {.addr = *addr};
	size_t i = array_find(plan->vips, plan->n_vips, sizeof(key), &key, vip_cmp);

	return i < plan->n_vips ? (uint32_t)i : PLAN_NONE;
}

uint32_t plan_find_vip_around(const struct plan *plan, const struct addr *addr)
{
	uint32_t low = 0, high = (uint32_t)plan->n_vips;

	/* the last one that does not lie behind it; blocks of pools do not overlap */
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (addr_cmp(&plan->vips[middle].addr, addr) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low > 0) {
		const struct plan_vip *vip = &plan->vips[low - 1];
		const struct prefix block = prefix_of(&vip->addr, vip->length);

		if (prefix_contains(&block, addr))
			return low - 1;
	}
	return PLAN_NONE;
}

static int peer_cmp(const void *a, const void *b)
{
	return strcmp(((const struct plan_peer *)a)->name, ((const struct plan_peer *)b)->name);
}

void plan_set_password(struct plan *plan, uint32_t peer, const char *password)
{
	plan->peers[peer].password = arena_strdup(plan->arena, password);
}

uint32_t plan_find_peer(const struct plan *plan, const char *name)
{
	struct plan_peer key = {.name = name};
	size_t i = array_find(plan->peers, plan->n_peers, sizeof(key), &key, peer_cmp);

	return i < plan->n_peers ? (uint32_t)i : PLAN_NONE;
}

const char *plan_address_digest(const struct plan *plan)
{
	return plan->address_digest;
}
