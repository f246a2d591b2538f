/* port_owner.h: who has a port?  For the message that we can't have it
 *
 * Looks into /proc: the kernel's tables of sockets, then the descriptors of all processes, as far
 * as we may look.  Takes milliseconds: for a failure, not for a loop.
 */
#ifndef MLBGPD_BASE_PORT_OWNER_H
#define MLBGPD_BASE_PORT_OWNER_H

#include <stdbool.h>
#include <stdint.h>

enum { PORT_OWNER_TEXT_MAX = 64 };

enum port_protocol { PORT_TCP_LISTEN, PORT_UDP };

/* "bird (pid 1234)", into buf of PORT_OWNER_TEXT_MAX; false, and buf untouched, where it can't be
 * found out. */
bool port_owner(char *buf, enum port_protocol protocol, uint16_t port);

#endif
