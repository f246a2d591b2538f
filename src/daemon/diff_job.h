/* diff_job.h: what a reload of the files that a client sends would change */
#ifndef MLBGPD_DAEMON_DIFF_JOB_H
#define MLBGPD_DAEMON_DIFF_JOB_H

struct control_client;
struct daemon;
struct request;

/* The answer to the verb diff: loaded and compared by the worker, sent as the client reads it. */
void diff_answer(struct daemon *daemon, struct control_client *client, struct request *request);

#endif
