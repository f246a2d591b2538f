/* diff_updates.h: how many UPDATE messages a list of changes takes; private to diff*.c */
#ifndef MLBGPD_PLAN_DIFF_UPDATES_H
#define MLBGPD_PLAN_DIFF_UPDATES_H

#include "base/array.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>

struct diff_change {
	const struct plan_attrs *attrs; /* interned in one plan; NULL: withdrawn */
	uint8_t family;
	uint8_t bytes; /* length octet and prefix */
};

struct diff_changes {
	ARRAY(struct diff_change);
};

void diff_changes_add(struct diff_changes *list, const struct prefix *prefix,
		      const struct plan_attrs *attrs);
/* Of changes that are pending together, in the order in which they were made; the list is sorted.
 * As adjout_take() and struct update_packer have it: those with equal attributes and family share
 * messages of 4096 bytes, within pieces of 8192 changes. */
size_t diff_changes_messages(struct diff_changes *list, bool internal);

#endif
