/* leases.h: this node's memory of the addresses that Services have, so that they do not move
 *
 * A table in memory; to read and write it is the daemon's.  Owns its texts.
 */
#ifndef MLBGPD_PLAN_LEASES_H
#define MLBGPD_PLAN_LEASES_H

#include "base/addr.h"

#include <stddef.h>
#include <stdint.h>

struct leases;

struct lease {
	const char *namespace;
	const char *name;
	struct addr addresses[2]; /* one, or one of each family */
	uint8_t n_addresses;
};

struct leases *leases_new(void);
void leases_free(struct leases *leases);
/* Copies; a second one for the same Service replaces the first. */
void leases_set(struct leases *leases, const struct lease *lease);
/* NULL where there is none; leases may be NULL. */
const struct lease *leases_find(const struct leases *leases, const char *namespace,
				const char *name);
size_t leases_count(const struct leases *leases);

#endif
