/* answer.h: what the control socket's verbs answer */
#ifndef MLBGPD_DAEMON_ANSWER_H
#define MLBGPD_DAEMON_ANSWER_H

#include "daemon/control.h"

/* A control_request_fn; arg is the struct daemon. */
void answer_request(void *daemon, struct control_client *client, struct request *request,
		    bool may_change);

#endif
