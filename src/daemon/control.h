/* control.h: the control socket: who may ask, many clients at once, answers in bounded pieces
 *
 * A unix stream socket, root:mlbgpd 0660.  Nothing here blocks: a request is read as it comes, an
 * answer is made as the reader takes it (control_stream()) or when it is ready (control_send()),
 * and whoever stands still for too long is cut off.  Runs in the loop's thread.
 */
#ifndef MLBGPD_DAEMON_CONTROL_H
#define MLBGPD_DAEMON_CONTROL_H

#include "daemon/request.h"

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct control;
struct control_client;

/* A whole request.  may_change: root asks; else a member of the group, who may look.  Answer now or
 * later, and end with control_end() or control_stream(). */
typedef void (*control_request_fn)(void *arg, struct control_client *client,
				   struct request *request, bool may_change);

/* 0, -EADDRINUSE where a living daemon has the path, or another -errno; *problem is what to tell
 * the user then, to be freed. */
int control_new(struct control **ret, sd_event *event, const char *path, control_request_fn fn,
		void *arg, char **problem);
/* Cuts all clients off and removes the socket.  NULL does nothing. */
void control_free(struct control *control);

/* For an answer that comes later: a client may be gone by then. */
uint64_t control_client_id(const struct control_client *client);
struct control_client *control_find(struct control *control, uint64_t id);

/* Lines of an answer (request.h).  The value is taken. */
void control_send_item(struct control_client *client, json_t *take);
/* The same, of JSON text that is made already; one line. */
void control_send_item_text(struct control_client *client, const char *json);
void control_send_object(struct control_client *client, json_t *take);
void control_send_object_text(struct control_client *client, const char *json);
void control_send_text(struct control_client *client, const char *text);
/* "mlbgpd: words" as text, then the end. */
void control_refuse(struct control_client *client, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The last line; the client is closed once it has all. */
void control_end(struct control_client *client, int status);

/* Calls more() whenever the client has taken what was there, until it returns false; then fin() and
 * the end with status 0.  more() sends a bounded piece; fin() is called in any case. */
typedef bool (*control_more_fn)(void *arg, struct control_client *client);
typedef void (*control_fin_fn)(void *arg);
void control_stream(struct control_client *client, control_more_fn more, control_fin_fn fin,
		    void *arg);

#endif
