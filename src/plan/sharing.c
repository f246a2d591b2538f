/* sharing.c: which address is used by which Services, and who may join them (MetalLB's rules) */
#include "plan/sharing.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/heap.h"
#include "base/text.h"
#include "config/model.h"

#include <string.h>
#include <uthash.h>

/* One used address. */
struct user {
	struct addr addr;
	uint32_t first; /* the Service whose keys count */
	UT_hash_handle hh;
};

/* A port that is in use on an address. */
struct port_key {
	const struct user *user;
	uint32_t protocol_port;
	uint32_t zero; /* no padding in a key */
};

struct port {
	struct port_key key;
	uint32_t service;
	uint32_t next; /* of the circle's array: up to there all have the port; 0: not known */
	UT_hash_handle hh;
};

/* Addresses of one pool and family whose users have the same two keys. */
struct circle_key {
	const char *sharing, *backend; /* interned */
	uint32_t pool;
	uint32_t family;
};

struct circle {
	struct circle_key key;
	ARRAY(struct pool_slot) wished; /* sorted at the first search */
	ARRAY(struct pool_slot) found; /* ascending as they come */
	bool sorted;
	UT_hash_handle hh;
};

/* How many of a circle's addresses are known to refuse a set of ports, from the front. */
struct refusal {
	size_t wished, found;
	UT_hash_handle hh;
	uint64_t key[]; /* the circle, then the ports */
};

struct usage {
	const struct service *services;
	struct arena *arena;
	struct user *users;
	struct port *ports;
	struct circle *circles;
	struct refusal *refusals;
	const struct service *keys_of; /* whose keys these are: a search asks many pools for one */
	const char *sharing, *backend; /* interned */
};

struct usage *usage_new(const struct service *services)
{
	struct usage *usage = heap_new_of(struct usage);

	usage->services = services;
	usage->arena = arena_new();
	return usage;
}

void usage_free(struct usage *usage)
{
	if (!usage)
		return;
	for (struct circle *c = usage->circles; c; c = c->hh.next) {
		array_fini(&c->wished);
		array_fini(&c->found);
	}
	HASH_CLEAR(hh, usage->users);
	HASH_CLEAR(hh, usage->ports);
	HASH_CLEAR(hh, usage->circles);
	HASH_CLEAR(hh, usage->refusals);
	arena_free(usage->arena);
	free(usage);
}

int pool_slot_cmp(const struct pool_slot *a, const struct pool_slot *b)
{
	if (a->block != b->block)
		return a->block < b->block ? -1 : 1;
	return addr_cmp(&a->addr, &b->addr);
}

static int slot_cmp(const void *a, const void *b)
{
	return pool_slot_cmp(a, b);
}

static uint32_t protocol_port(const struct service_port *port)
{
	uint32_t protocol = 0;

	/* The first letter tells TCP, UDP and SCTP apart. */
	if (port->protocol)
		protocol = (unsigned char)port->protocol[0];
	return protocol << 16 | port->port;
}

/* Without a port a Service holds its address alone. */
static bool shares(const struct service *service)
{
	return service->n_ports > 0 && service->sharing_key && service->sharing_key[0];
}

bool usage_shares(const struct usage *usage, uint32_t service)
{
	return shares(&usage->services[service]);
}

static struct user *find_user(const struct usage *usage, const struct addr *addr)
{
	struct user *user;

	HASH_FIND(hh, usage->users, addr, sizeof(*addr), user);
	return user;
}

static struct port *find_port(const struct usage *usage, const struct user *user,
			      const struct service_port *port)
{
	struct port_key key = {.user = user, .protocol_port = protocol_port(port)};
	struct port *found;

	HASH_FIND(hh, usage->ports, &key, sizeof(key), found);
	return found;
}

bool usage_is_used(const struct usage *usage, const struct addr *addr)
{
	return find_user(usage, addr);
}

static bool same_backends(const struct service *a, const struct service *b)
{
	return strcmp(a->backend_key ? a->backend_key : "", b->backend_key ? b->backend_key : "") ==
	       0;
}

enum usage_verdict usage_ask(const struct usage *usage, const struct addr *addr, uint32_t service,
			     uint32_t *other)
{
	const struct service *s = &usage->services[service], *o;
	const struct user *user = find_user(usage, addr);

	if (!user)
		return USAGE_FREE;
	*other = user->first;
	o = &usage->services[user->first];
	if (!shares(s) || !shares(o))
		return USAGE_NO_KEY;
	if (!text_equal(s->sharing_key, o->sharing_key))
		return USAGE_OTHER_KEY;
	if (!same_backends(s, o))
		return USAGE_OTHER_BACKENDS;
	for (unsigned i = 0; i < s->n_ports; i++) {
		const struct port *port = find_port(usage, user, &s->ports[i]);

		if (port) {
			*other = port->service;
			return USAGE_SAME_PORT;
		}
	}
	return USAGE_SHARABLE;
}

static void take_ports(struct usage *usage, const struct user *user, uint32_t service)
{
	const struct service *s = &usage->services[service];

	for (unsigned i = 0; i < s->n_ports; i++) {
		struct port *port;

		if (find_port(usage, user, &s->ports[i]))
			continue; /* the Service names it twice */
		port = arena_new_of(usage->arena, struct port);
		port->key.user = user;
		port->key.protocol_port = protocol_port(&s->ports[i]);
		port->service = service;
		HASH_ADD(hh, usage->ports, key, sizeof(port->key), port);
	}
}

static void intern_keys(struct usage *usage, const struct service *s)
{
	if (usage->keys_of == s)
		return;
	usage->keys_of = s;
	usage->sharing = arena_intern(usage->arena, s->sharing_key);
	usage->backend = arena_intern(usage->arena, s->backend_key ? s->backend_key : "");
}

static struct circle *find_circle(struct usage *usage, uint32_t service, uint32_t pool,
				  uint8_t family, bool add)
{
	struct circle_key key = {.pool = pool, .family = family};
	struct circle *circle;

	intern_keys(usage, &usage->services[service]);
	key.sharing = usage->sharing;
	key.backend = usage->backend;
	HASH_FIND(hh, usage->circles, &key, sizeof(key), circle);
	if (!circle && add) {
		circle = arena_new_of(usage->arena, struct circle);
		circle->key = key;
		HASH_ADD(hh, usage->circles, key, sizeof(key), circle);
	}
	return circle;
}

bool usage_take(struct usage *usage, const struct pool_slot *slot, uint32_t service, bool searched)
{
	struct user *user = find_user(usage, &slot->addr);
	bool is_new = !user;

	if (is_new) {
		user = arena_new_of(usage->arena, struct user);
		user->addr = slot->addr;
		user->first = service;
		HASH_ADD(hh, usage->users, addr, sizeof(user->addr), user);
	}
	if (!shares(&usage->services[service]))
		return is_new;
	take_ports(usage, user, service);
	if (is_new) {
		struct circle *circle =
			find_circle(usage, service, slot->pool, slot->addr.family, true);

		if (searched)
			*array_add(&circle->found) = *slot;
		else
			*array_add(&circle->wished) = *slot;
	}
	return is_new;
}

static struct refusal *find_refusal(struct usage *usage, const struct circle *circle,
				    uint32_t service)
{
	const struct service *s = &usage->services[service];
	size_t n = 1 + (size_t)s->n_ports;
	uint64_t *key = heap_alloc_array(n, sizeof(*key));
	struct refusal *refusal;

	key[0] = (uintptr_t)circle;
	for (unsigned i = 0; i < s->n_ports; i++)
		key[1 + i] = protocol_port(&s->ports[i]);
	HASH_FIND(hh, usage->refusals, key, n * sizeof(*key), refusal);
	if (!refusal) {
		refusal = arena_alloc(usage->arena, sizeof(*refusal) + n * sizeof(*key));
		memcpy(refusal->key, key, n * sizeof(*key));
		HASH_ADD(hh, usage->refusals, key, n * sizeof(*key), refusal);
	}
	free(key);
	return refusal;
}

/* The port's entry at one of a circle's addresses; NULL where the port is free there. */
static struct port *port_at(const struct usage *usage, const struct pool_slot *slot,
			    const struct service_port *port)
{
	return find_port(usage, find_user(usage, &slot->addr), port);
}

static size_t behind(const struct port *taken, size_t at)
{
	return taken->next > at ? taken->next : at + 1;
}

/* The first from `at` on where the port is free, or n.  What is full of it stays so: the way is
 * remembered in each entry passed, and taken in one jump the next time. */
static size_t first_without(const struct usage *usage, const struct pool_slot *slots, size_t n,
			    size_t at, const struct service_port *port)
{
	struct port *taken;
	size_t end = at;

	while (end < n && (taken = port_at(usage, &slots[end], port)))
		end = behind(taken, end);
	while (at < end) {
		taken = port_at(usage, &slots[at], port);
		at = behind(taken, at);
		taken->next = (uint32_t)end;
	}
	return end;
}

/* Moves *at past what refuses; the address that does not, or NULL.  The keys of a circle are equal,
 * so that only a port can be in the way. */
static const struct pool_slot *skip(const struct usage *usage, const struct pool_slot *slots,
				    size_t n, size_t *at, uint32_t service)
{
	const struct service *s = &usage->services[service];
	unsigned fit = 0;

	/* Until all of them fit, one after the other, without a move. */
	for (unsigned i = 0; *at < n && fit < s->n_ports; i = (i + 1) % s->n_ports) {
		size_t end = first_without(usage, slots, n, *at, &s->ports[i]);

		fit = end == *at ? fit + 1 : 1;
		*at = end;
	}
	return *at < n ? &slots[*at] : NULL;
}

bool usage_first_sharable(struct usage *usage, uint32_t service, uint32_t pool, uint8_t family,
			  struct pool_slot *ret)
{
	const struct pool_slot *wished, *found;
	struct circle *circle;
	struct refusal *refusal;

	if (!shares(&usage->services[service]))
		return false;
	circle = find_circle(usage, service, pool, family, false);
	if (!circle)
		return false;
	if (!circle->sorted)
		array_sort(&circle->wished, slot_cmp);
	circle->sorted = true;
	refusal = find_refusal(usage, circle, service);
	wished = skip(usage, circle->wished.at, circle->wished.n, &refusal->wished, service);
	found = skip(usage, circle->found.at, circle->found.n, &refusal->found, service);
	if (!wished || (found && pool_slot_cmp(found, wished) < 0))
		wished = found;
	if (!wished)
		return false;
	*ret = *wished;
	return true;
}
