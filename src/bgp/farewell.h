/* farewell.h: connections that are at their end: the last bytes out, then closed in good order
 *
 * A NOTIFICATION that is written and followed by close() may never be read: where we have unread
 * bytes, the kernel answers with a reset, and the peer's kernel throws away what it had.  So the
 * last bytes are written, the sending side is shut, and what comes in is read and dropped until the
 * peer closes or a few seconds are over.
 */
#ifndef MLBGPD_BGP_FAREWELL_H
#define MLBGPD_BGP_FAREWELL_H

#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct farewells;

struct farewells *farewells_new(sd_event *event);
/* Closes those that are left, as they are. */
void farewells_free(struct farewells *all);
/* Takes over the descriptor and the bytes (from the heap, may be NULL). */
void farewell_start(struct farewells *all, int fd, uint8_t *bytes, size_t len);
size_t farewells_count(const struct farewells *all);

#endif
