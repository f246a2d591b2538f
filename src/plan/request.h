/* request.h: what a Service asks for: families, addresses, pool; mistakes in it concern it alone
 *
 * Family: from clusterIPs; else both for a dual-stack policy; else from ipFamilies; else that of
 * the addresses asked for; else that of its status; else IPv4.
 */
#ifndef MLBGPD_PLAN_REQUEST_H
#define MLBGPD_PLAN_REQUEST_H

#include "base/addr.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct service;

/* Sets of families. */
enum { WANT_NONE = 0, WANT_IPV4 = 1, WANT_IPV6 = 2, WANT_BOTH = 3 };

struct request {
	uint8_t families; /* what it needs */
	bool prefer; /* needs both, but takes one where there are not both */
	bool contradicts; /* SingleStack with two families */
	uint8_t primary; /* ADDR_IPV4, ADDR_IPV6: what comes first where one must do */
	struct addr addresses[2]; /* asked for, IPv4 first */
	uint8_t n_addresses;
	uint16_t rule; /* 80: V-080 ... of a malformed one; 0: well */
	const char *reason;
};

/* Reasons are interned in the arena. */
void request_of(struct request *ret, const struct service *service, struct arena *arena);
uint8_t families_of(const struct addr *addresses, unsigned n);
/* IPv4 first; false where there are not one or two of different families. */
bool addresses_in_order(struct addr ret[2], const struct addr *addresses, unsigned n);
/* "IPv4", "IPv6", "dual-stack" */
const char *families_text(uint8_t families);
/* A reason: formatted, one copy of each. */
const char *reason_text(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
