/* model.c: the arrays of a model, its indexes by name, and its end */
#include "config/model.h"

#include "config/load.h"
#include "config/model_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[KIND_COUNT] = {
	[KIND_NONE] = "none",
	[KIND_BGP_PEER] = "BGPPeer",
	[KIND_IP_ADDRESS_POOL] = "IPAddressPool",
	[KIND_BGP_ADVERTISEMENT] = "BGPAdvertisement",
	[KIND_BFD_PROFILE] = "BFDProfile",
	[KIND_COMMUNITY] = "Community",
	[KIND_L2_ADVERTISEMENT] = "L2Advertisement",
	[KIND_SERVICE] = "Service",
	[KIND_NODE] = "Node",
	[KIND_NAMESPACE] = "Namespace",
	[KIND_SECRET] = "Secret",
	[KIND_DAEMON] = "Daemon",
	[KIND_HEALTH_CHECK] = "HealthCheck",
	[KIND_PEER_POLICY] = "PeerPolicy",
	[KIND_POOL_POLICY] = "PoolPolicy",
	[KIND_ADDRESS_ALLOCATION] = "AddressAllocation",
};

const char *kind_name(enum kind kind)
{
	return kind < KIND_COUNT ? kind_names[kind] : "none";
}

struct model *model_new(void)
{
	struct model *m = calloc(1, sizeof(*m));

	if (!m)
		abort();
	m->arena = arena_new();
	return m;
}

void model_free(struct model *m)
{
	if (!m)
		return;
	array_fini(&m->peers);
	array_fini(&m->pools);
	array_fini(&m->advertisements);
	array_fini(&m->bfd_profiles);
	array_fini(&m->communities);
	array_fini(&m->l2);
	array_fini(&m->services);
	array_fini(&m->other_services);
	array_fini(&m->nodes);
	array_fini(&m->namespaces);
	array_fini(&m->secrets);
	array_fini(&m->daemons);
	array_fini(&m->allocations);
	array_fini(&m->peer_policies);
	array_fini(&m->pool_policies);
	array_fini(&m->health_checks);
	array_fini(&m->file_digests);
	arena_free(m->arena);
	free(m);
}

/* An array of structs that open with their object. */
struct objects {
	const void *at;
	size_t n, size;
};

#define OBJECTS_OF(a) ((struct objects){(a).at, (a).n, sizeof(*(a).at)})

static struct objects objects_of(const struct model *m, enum kind kind)
{
	switch (kind) {
	case KIND_BGP_PEER:
		return OBJECTS_OF(m->peers);
	case KIND_IP_ADDRESS_POOL:
		return OBJECTS_OF(m->pools);
	case KIND_BGP_ADVERTISEMENT:
		return OBJECTS_OF(m->advertisements);
	case KIND_BFD_PROFILE:
		return OBJECTS_OF(m->bfd_profiles);
	case KIND_COMMUNITY:
		return OBJECTS_OF(m->communities);
	case KIND_L2_ADVERTISEMENT:
		return OBJECTS_OF(m->l2);
	case KIND_SERVICE:
		return OBJECTS_OF(m->services);
	case KIND_NODE:
		return OBJECTS_OF(m->nodes);
	case KIND_NAMESPACE:
		return OBJECTS_OF(m->namespaces);
	case KIND_SECRET:
		return OBJECTS_OF(m->secrets);
	case KIND_DAEMON:
		return OBJECTS_OF(m->daemons);
	case KIND_ADDRESS_ALLOCATION:
		return OBJECTS_OF(m->allocations);
	case KIND_HEALTH_CHECK:
		return OBJECTS_OF(m->health_checks);
	case KIND_PEER_POLICY:
		return OBJECTS_OF(m->peer_policies);
	case KIND_POOL_POLICY:
		return OBJECTS_OF(m->pool_policies);
	default:
		return (struct objects){0};
	}
}

size_t model_count(const struct model *m, enum kind kind)
{
	return objects_of(m, kind).n;
}

const struct object *model_object(const struct model *m, enum kind kind, size_t i)
{
	struct objects objects = objects_of(m, kind);

	return i < objects.n ? (const void *)((const char *)objects.at + i * objects.size) : NULL;
}

static int text_cmp(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static bool has_namespace(enum kind kind)
{
	return kind == KIND_SERVICE || kind == KIND_SECRET;
}

int object_cmp(const struct object *a, const struct object *b)
{
	int c = (a->kind > b->kind) - (a->kind < b->kind);

	if (c == 0 && has_namespace(a->kind))
		c = text_cmp(a->namespace, b->namespace);
	return c != 0 ? c : text_cmp(a->name, b->name);
}

static int index_cmp(const void *a, const void *b, void *arg)
{
	const struct objects *objects = arg;
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	int c = object_cmp((const void *)((const char *)objects->at + i * objects->size),
			   (const void *)((const char *)objects->at + j * objects->size));

	return c != 0 ? c : (i > j) - (i < j);
}

static void index_build(struct model *m, enum kind kind)
{
	struct objects objects = objects_of(m, kind);
	struct index *index = &m->index[kind];

	if (objects.n == 0)
		return;
	index->at = arena_array_of(m->arena, uint32_t, objects.n);
	index->n = (uint32_t)objects.n;
	for (uint32_t i = 0; i < index->n; i++)
		index->at[i] = i;
	qsort_r(index->at, index->n, sizeof(*index->at), index_cmp, &objects);
}

const struct object *model_find(const struct model *m, enum kind kind, const char *ns,
				const char *name)
{
	struct object wanted = {.kind = kind, .namespace = ns, .name = name};
	const struct index *index = &m->index[kind];
	size_t low = 0, high = index->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct object *object = model_object(m, kind, index->at[mid]);
		int c = object_cmp(&wanted, object);

		if (c == 0)
			return object;
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

/* The Node document of that name: exactly, then by its first label. */
static const struct node *find_self(const struct model *m, const char *name)
{
	const struct node *node = model_find_node(m, name);
	size_t label = strcspn(name, ".");

	for (size_t i = 0; !node && i < m->nodes.n; i++) {
		const char *other = m->nodes.at[i].object.name;

		if (strcspn(other, ".") == label && strncmp(other, name, label) == 0)
			node = &m->nodes.at[i];
	}
	return node;
}

static const struct node *made_up_node(struct model *m, const char *name)
{
	struct node *node = arena_new_of(m->arena, struct node);
	struct label *label = arena_new_of(m->arena, struct label);

	label->key = "kubernetes.io/hostname";
	label->value = arena_strdup(m->arena, name);
	node->object.name = label->value;
	node->object.kind = KIND_NODE;
	node->object.labels = (struct labels){label, 1};
	node->object.place.file = SOURCE_NOWHERE;
	return node;
}

void model_seal(struct model *m, const char *node)
{
	for (enum kind kind = KIND_NONE; kind < KIND_COUNT; kind++)
		index_build(m, kind);
	m->self = find_self(m, node);
	if (!m->self)
		m->self = made_up_node(m, node);
	digest_format(m->digest_text, m->digest);
}

const struct bgp_peer *model_peers(const struct model *m, size_t *n)
{
	*n = m->peers.n;
	return m->peers.at;
}

const struct ip_address_pool *model_pools(const struct model *m, size_t *n)
{
	*n = m->pools.n;
	return m->pools.at;
}

const struct bgp_advertisement *model_advertisements(const struct model *m, size_t *n)
{
	*n = m->advertisements.n;
	return m->advertisements.at;
}

const struct bfd_profile *model_bfd_profiles(const struct model *m, size_t *n)
{
	*n = m->bfd_profiles.n;
	return m->bfd_profiles.at;
}

const struct service *model_services(const struct model *m, size_t *n)
{
	*n = m->services.n;
	return m->services.at;
}

const struct other_service *model_other_services(const struct model *m, size_t *n)
{
	*n = m->other_services.n;
	return m->other_services.at;
}

const struct node *model_nodes(const struct model *m, size_t *n)
{
	*n = m->nodes.n;
	return m->nodes.at;
}

const struct namespace_doc *model_namespaces(const struct model *m, size_t *n)
{
	*n = m->namespaces.n;
	return m->namespaces.at;
}

const struct address_allocation *model_allocations(const struct model *m, size_t *n)
{
	*n = m->allocations.n;
	return m->allocations.at;
}

const struct health_check *model_health_checks(const struct model *m, size_t *n)
{
	*n = m->health_checks.n;
	return m->health_checks.at;
}

bool bgp_peer_is_internal(const struct bgp_peer *peer)
{
	if (peer->dynamic_asn != DYNAMIC_ASN_NONE)
		return peer->dynamic_asn == DYNAMIC_ASN_INTERNAL;
	return peer->peer_asn == (peer->local_asn ? peer->local_asn : peer->my_asn);
}

/* An object is the first member of its struct. */
const struct bgp_peer *model_find_peer(const struct model *m, const char *name)
{
	return (const void *)model_find(m, KIND_BGP_PEER, NULL, name);
}

const struct ip_address_pool *model_find_pool(const struct model *m, const char *name)
{
	return (const void *)model_find(m, KIND_IP_ADDRESS_POOL, NULL, name);
}

const struct bfd_profile *model_find_bfd_profile(const struct model *m, const char *name)
{
	return (const void *)model_find(m, KIND_BFD_PROFILE, NULL, name);
}

const struct service *model_find_service(const struct model *m, const char *ns, const char *name)
{
	return (const void *)model_find(m, KIND_SERVICE, ns, name);
}

const struct node *model_find_node(const struct model *m, const char *name)
{
	return (const void *)model_find(m, KIND_NODE, NULL, name);
}

const struct namespace_doc *model_find_namespace(const struct model *m, const char *name)
{
	return (const void *)model_find(m, KIND_NAMESPACE, NULL, name);
}

const struct node *model_self(const struct model *m)
{
	return m->self;
}

const char *model_digest(const struct model *m)
{
	return m->digest_text;
}

__uint128_t model_file_digest(const struct model *m, uint16_t file)
{
	return file < m->file_digests.n ? m->file_digests.at[file] : digest_start();
}

size_t model_size(const struct model *m)
{
	size_t size = sizeof(*m) + arena_size(m->arena);

	for (enum kind kind = KIND_NONE; kind < KIND_COUNT; kind++) {
		struct objects objects = objects_of(m, kind);

		size += objects.n * objects.size;
	}
	return size;
}
