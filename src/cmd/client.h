/* client.h: asks the daemon on its control socket (daemon/request.h has the form) */
#ifndef MLBGPD_CMD_CLIENT_H
#define MLBGPD_CMD_CLIENT_H

#include <jansson.h>

struct source_set;

/* What comes; either may be NULL.  The values are borrowed. */
struct client_ops {
	void (*object)(void *arg, const json_t *object);
	void (*item)(void *arg, const json_t *item);
};

/* Sends the request (args is taken, may be NULL; files may be NULL) and reads the answer to its
 * end.  Words for the user go to stderr.  The exit status. */
int client_ask(const char *socket, const char *verb, json_t *take_args,
	       const struct source_set *files, const struct client_ops *ops, void *arg);

#endif
