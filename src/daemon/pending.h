/* pending.h: Services that stay without address, or keep one that they should not: to the log */
#ifndef MLBGPD_DAEMON_PENDING_H
#define MLBGPD_DAEMON_PENDING_H

#include <stdbool.h>

struct diag;
struct generation;

/* Each once, with rule and reason, and again when they change or are gone.  old NULL: at a start.
 */
void pending_log(const struct generation *old_one, const struct generation *new_one);
/* Is the finding told that way? */
bool pending_is_told(const struct diag *diag);

#endif
