/* loop.h: turns the event loop, and knows how long each turn takes
 *
 * While one source is served all others wait: timers of sessions, the control socket, the kernel.
 */
#ifndef MLBGPD_DAEMON_LOOP_H
#define MLBGPD_DAEMON_LOOP_H

#include <stdint.h>
#include <systemd/sd-event.h>

enum { LOOP_LONG_US = 50 * 1000 };

struct loop_turns {
	int64_t longest_us;
	uint64_t n_long; /* those that took LOOP_LONG_US or more */
};

/* Until sd_event_exit().  0 or -errno.  *turns is kept up to date all the while. */
int loop_run(sd_event *event, struct loop_turns *turns);

#endif
