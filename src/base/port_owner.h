/* port_owner.h: who has a port?  For the message that we can't have it
 *
 * Looks into /proc: the kernel's tables of sockets, then the descriptors of all processes, as far
 * as we may look.  Takes milliseconds: for a failure, not for a loop.
 */
#ifndef MLBGPD_BASE_PORT_OWNER_H
#define MLBGPD_BASE_PORT_OWNER_H

#include <stdint.h>

enum { PORT_OWNER_TEXT_MAX = 64 };

enum port_protocol { PORT_TCP_LISTEN, PORT_UDP };

/* "bird (pid 1234)", into buf of PORT_OWNER_TEXT_MAX.  Without CAP_SYS_PTRACE, as in the unit, that
 * can't be found out of a process with more capabilities: then the command that tells. */
void port_owner(char *buf, enum port_protocol protocol, uint16_t port);

#endif
