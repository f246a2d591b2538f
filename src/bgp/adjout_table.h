/* adjout_table.h: the inside of an Adj-RIB-Out, for adjout.c and adjout_member.c alone */
#ifndef MLBGPD_BGP_ADJOUT_TABLE_H
#define MLBGPD_BGP_ADJOUT_TABLE_H

#include "bgp/adjout.h"

struct adjout_entry {
	struct prefix prefix;
	bool planned; /* among the routes of the last sync: stays though it is not announced */
	const struct attrset *set; /* NULL: not announced; in the list it is a tombstone */
	uint64_t version; /* its place in the list; 0: not in it */
	uint64_t
		since; /* version of its first announcement: whoever has not come so far has none */
	TAILQ_ENTRY(adjout_entry) changes;
	TAILQ_ENTRY(adjout_entry) gone; /* tombstones only */
};

TAILQ_HEAD(adjout_list, adjout_entry);

struct adjout {
	struct attrset_table *sets;
	ARRAY(struct adjout_entry *) table; /* sorted by prefix */
	struct adjout_list changes; /* by version */
	struct adjout_list gone; /* the tombstones among them, by version */
	uint64_t version;
	size_t n_ipv4, n_ipv6; /* announced */
	size_t n_dead; /* neither planned nor in the list */
	LIST_HEAD(, adjout_cursor) members;
};

/* Of the first entry not below prefix. */
size_t adjout_index(const struct adjout *out, const struct prefix *prefix);
/* NULL where there is none. */
struct adjout_entry *adjout_find(const struct adjout *out, const struct prefix *prefix);
/* Drops the tombstones that every member has passed. */
void adjout_trim(struct adjout *out);

#endif
