/* pool.h: the address pools: how much they hold, which one owns an address, what is free in them */
#ifndef MLBGPD_PLAN_POOL_H
#define MLBGPD_PLAN_POOL_H

#include "base/addr.h"
#include "plan/sharing.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ip_address_pool;
struct model;
struct pool_book;
struct service;

/* Usable addresses of a family; INT64_MAX where there are as many or more. */
uint64_t pool_capacity(const struct ip_address_pool *pool, uint8_t family);
/* False for an IPv4 address that ends in 0 or 255 where the pool avoids those. */
bool pool_is_usable(const struct ip_address_pool *pool, const struct addr *addr);

/* All pools of a model, which must outlive it. */
struct pool_book *pool_book_new(const struct model *model);
void pool_book_free(struct pool_book *book);

/* The pool and block that an address lies in; false where it is in none. */
bool pool_book_find(const struct pool_book *book, const struct addr *addr, struct pool_slot *ret);

/* May a Service have addresses of the pool at all?  (serviceAllocation) */
bool pool_book_allows(const struct pool_book *book, uint32_t pool, const struct service *service);
/* The namespace's half of it. */
bool pool_book_has_namespace(const struct pool_book *book, uint32_t pool, const char *namespace);

/* The first address, in the order of the pool's blocks, that nobody uses.  A cursor remembers how
 * far all is used: usage only grows. */
bool pool_book_first_free(struct pool_book *book, uint32_t pool, uint8_t family,
			  const struct usage *usage, struct pool_slot *ret);

#endif
