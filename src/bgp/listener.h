/* listener.h: the listening sockets, and the connections that come in by them
 *
 * A connection is handed on with its two addresses; whoever is told says whether it is wanted.  One
 * that is not is closed at once, without any state.
 */
#ifndef MLBGPD_BGP_LISTENER_H
#define MLBGPD_BGP_LISTENER_H

#include "base/addr.h"
#include "config/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

struct listener; /* all sockets */

struct listener_ops {
	/* False: unwanted, it is closed here; true: the descriptor was taken. */
	bool (*accepted)(void *arg, int fd, const struct addr *local, const struct addr *remote);
	/* A socket came up and has no passwords yet. */
	void (*opened)(void *arg);
};

struct listener *listener_new(sd_event *event, const struct listener_ops *ops, void *arg);
void listener_free(struct listener *l);
/* Opens what is not open, closes what is not named.  A socket that can't be had is logged and tried
 * again later.  Returns how many stand. */
size_t listener_want(struct listener *l, const struct listen_address *at, size_t n);
/* The TCP MD5 password of a peer, on every open socket of its family; NULL takes it off. */
void listener_set_password(struct listener *l, const struct addr *peer, const char *password);

#endif
