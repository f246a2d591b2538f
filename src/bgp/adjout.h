/* adjout.h: the Adj-RIB-Out of one output group (RFC 4271 3.2): what its members are to be sent
 *
 * A table prefix -> attributes, and through it one list of changes in the order of their versions:
 * an entry that changes moves to the tail, so a change that nobody has seen yet replaces the one
 * before it.  A withdrawn entry stays in the list as a tombstone until every member has passed it.
 *
 * A member (an established session) is a cursor in that list and nothing else: what it is sent is
 * decided when its socket can take it.  A slow peer costs no memory and holds up nobody, and all
 * together are bounded by the size of the table.  A late joiner starts at the head of the list,
 * which then is the table.  Changes that come together are entered by attributes and prefix, and
 * adjout_take() sorts what it hands out, so that routes with the same attributes lie together.
 *
 * A member that changes from one Adj-RIB-Out to another (a reload changed who is in which group) is
 * sent what differs: either the new one is a copy of the old one (adjout_clone), brought up to date
 * after the move, and the cursor stays where it was; or two groups became one, and the member
 * carries the list of prefixes that differ (adjout_move).  This list is its own, and goes away when
 * it is through.
 *
 * Pure: no socket, no clock, no log.  One thread.
 */
#ifndef MLBGPD_BGP_ADJOUT_H
#define MLBGPD_BGP_ADJOUT_H

#include "base/addr.h"
#include "base/array.h"
#include "bgp/attrset.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct adjout;
struct adjout_entry;

/* A prefix that a moved member must be told of; serial orders them by attributes. */
struct adjout_todo {
	uint64_t serial;
	struct prefix prefix;
};

/* A member.  Zeroed is "in none"; the fields are adjout's own. */
struct adjout_cursor {
	struct adjout *out; /* NULL: in none */
	LIST_ENTRY(adjout_cursor) members;
	struct adjout_entry *next; /* NULL: all is sent */
	uint64_t seen; /* version up to which all is sent */
	uint64_t had; /* sent up to here before it was rewound; UINT64_MAX: moved, can't tell */
	uint64_t joined; /* version when it came in */
	uint8_t again; /* rewound for this family alone; 0: for both */
	ARRAY(struct adjout_todo) todo;
	size_t todo_at;
};

struct adjout_change {
	struct prefix prefix;
	const struct attrset *set; /* NULL: withdrawn.  Good until the Adj-RIB-Out changes. */
};

/* The table of attribute sets must outlive it. */
struct adjout *adjout_new(struct attrset_table *sets);
/* It must have no members. */
void adjout_free(struct adjout *out);
/* A copy in the same state, without the members. */
struct adjout *adjout_clone(const struct adjout *out);
size_t adjout_members(const struct adjout *out);
/* Announced routes of a family (ADDR_IPV4, ADDR_IPV6). */
size_t adjout_count(const struct adjout *out, uint8_t family);

/* All that is wanted: routes sorted by prefix; attrs gives the attributes of an index.  An entry
 * that is the same already is not touched. */
typedef const struct plan_attrs *(*adjout_attrs_fn)(const void *arg, uint32_t attrs);
void adjout_sync(struct adjout *out, const struct plan_route *routes, size_t n,
		 adjout_attrs_fn attrs, const void *arg);
/* One route; attrs NULL: not announced. */
void adjout_update(struct adjout *out, const struct prefix *prefix, const struct plan_attrs *attrs);

/* A new member, to be sent the whole table. */
void adjout_join(struct adjout *out, struct adjout_cursor *c);
/* Does nothing for one that is in none. */
void adjout_leave(struct adjout_cursor *c);
/* All of a family (0: of both) once more: ROUTE-REFRESH (RFC 2918). */
void adjout_rewind(struct adjout_cursor *c, uint8_t family);
/* To a clone of its own Adj-RIB-Out that has not changed since it was made; nor has the old one. */
void adjout_transfer(struct adjout_cursor *c, struct adjout *clone);
/* To any other, which is up to date; the old one must still be as it was for its members. */
void adjout_move(struct adjout_cursor *c, struct adjout *to);

/* Is there something to be sent? */
bool adjout_pending(const struct adjout_cursor *c);
/* Takes what comes next, each prefix once: at most max changes, and no more after about `size`
 * bytes of UPDATE messages.  Sorted: announcements by attributes, family and prefix, then
 * withdrawals.  Returns how many; 0 does not say that nothing is pending. */
size_t adjout_take(struct adjout_cursor *c, struct adjout_change *ret, size_t max, size_t size);

/* How many routes of a family the member was sent that stand; costs as much as is pending. */
size_t adjout_sent_count(const struct adjout_cursor *c, uint8_t family);
/* One of those routes: how it was sent, or NULL. */
const struct plan_attrs *adjout_sent(const struct adjout_cursor *c, const struct prefix *prefix);
/* Some of them, by prefix: those behind *at (zeroed: from the first on), of `max` that are looked
 * at; one that changed and is not sent yet is left out.  *at is the last one looked at then; false:
 * that was all. */
typedef void (*adjout_sent_fn)(void *arg, const struct prefix *prefix,
			       const struct plan_attrs *attrs);
bool adjout_some_sent(const struct adjout_cursor *c, struct prefix *at, size_t max,
		      adjout_sent_fn fn, void *arg);

#endif
