/* leases.c: this node's memory of the addresses that Services have, so that they do not move */
#include "plan/leases.h"

#include "base/arena.h"
#include "base/heap.h"

#include <string.h>
#include <uthash.h>

struct entry {
	struct lease lease;
	UT_hash_handle hh;
	char key[]; /* "namespace/name" */
};

struct leases {
	struct arena *arena;
	struct entry *table;
};

struct leases *leases_new(void)
{
	struct leases *leases = heap_new_of(struct leases);

	leases->arena = arena_new();
	return leases;
}

void leases_free(struct leases *leases)
{
	if (!leases)
		return;
	HASH_CLEAR(hh, leases->table);
	arena_free(leases->arena);
	free(leases);
}

/* "namespace/name": neither may contain a slash. */
static struct entry *find(const struct leases *leases, const char *namespace, const char *name)
{
	size_t n = strlen(namespace), len = n + 1 + strlen(name);
	char *key = heap_alloc(len + 1);
	struct entry *entry;

	memcpy(key, namespace, n);
	key[n] = '/';
	strcpy(key + n + 1, name);
	HASH_FIND(hh, leases->table, key, len, entry);
	free(key);
	return entry;
}

static struct entry *add(struct leases *leases, const char *namespace, const char *name)
{
	size_t n = strlen(namespace), len = n + 1 + strlen(name);
	struct entry *entry = arena_alloc(leases->arena, sizeof(*entry) + len + 1);

	memcpy(entry->key, namespace, n);
	entry->key[n] = '/';
	strcpy(entry->key + n + 1, name);
	entry->lease.namespace = arena_intern(leases->arena, namespace);
	entry->lease.name = entry->key + n + 1;
	HASH_ADD(hh, leases->table, key, len, entry);
	return entry;
}

void leases_set(struct leases *leases, const struct lease *lease)
{
	struct entry *entry = find(leases, lease->namespace, lease->name);

	if (!entry)
		entry = add(leases, lease->namespace, lease->name);
	memcpy(entry->lease.addresses, lease->addresses, sizeof(lease->addresses));
	entry->lease.n_addresses = lease->n_addresses;
}

const struct lease *leases_find(const struct leases *leases, const char *namespace,
				const char *name)
{
	const struct entry *entry = leases ? find(leases, namespace, name) : NULL;

	return entry ? &entry->lease : NULL;
}

size_t leases_count(const struct leases *leases)
{
	return HASH_COUNT(leases->table);
}
