/* control_listen.h: the control socket's file: one living daemon has it, and who may connect */
#ifndef MLBGPD_DAEMON_CONTROL_LISTEN_H
#define MLBGPD_DAEMON_CONTROL_LISTEN_H

#include <stdbool.h>
#include <sys/types.h>

struct control_listen {
	int fd;
	int lock_fd; /* on PATH.lock, held as long as we live */
	char *path;
	gid_t group; /* of the socket */
};

/* Makes the folder where it is missing (one level), takes a dead daemon's socket over and refuses a
 * living one's: -EADDRINUSE.  *problem is what to tell the user, to be freed. */
int control_listen_open(struct control_listen *listen, const char *path, char **problem);
void control_listen_close(struct control_listen *listen);
/* Whether the connected process may ask at all; *may_change: root, or who runs the daemon. */
bool control_listen_allows(const struct control_listen *listen, int fd, bool *may_change);

#endif
