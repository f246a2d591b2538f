/* answer.c: the table of verbs of the control socket */
#include "daemon/answer.h"
#include "base/heap.h"
#include "base/log.h"
#include "bgp/speaker.h"
#include "config/source.h"
#include "daemon/apply.h"
#include "daemon/changes.h"
#include "daemon/confirm.h"
#include "daemon/exit_status.h"
#include "daemon/findings.h"
#include "daemon/loader.h"
#include "daemon/reload.h"
#include "daemon/report.h"
#include "daemon/state.h"
#include "daemon/worker.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

enum { WORK_WAITING_MAX = 8 };

struct diff_job {
	struct daemon *daemon;
	uint64_t client;
};

static void answer_show(struct daemon *d, struct control_client *client, struct request *request)
{
	const char *what = request_text(request, "what");

	if (!report_show(d, client, what ? what : "", request_text(request, "name")))
		control_refuse(client, EXIT_USAGE, "show %s: no such thing", what ? what : "");
}

static void answer_explain(struct daemon *d, struct control_client *client, struct request *request)
{
	const char *subject = request_text(request, "subject");

	report_explain(d, client, subject ? subject : "", request_text(request, "peer"));
}

static void answer_reload(struct daemon *d, struct control_client *client, struct request *request)
{
	const char *confirm = request_text(request, "confirm");
	int64_t ns = 0;

	if (confirm && (duration_parse(&ns, confirm) < 0 || !confirm_time_ok(ns)))
		control_refuse(client, EXIT_USAGE, "reload --confirm %s: from 1s to 24h", confirm);
	else
		reload_request(d, control_client_id(client), ns / 1000);
}

static void answer_confirm(struct daemon *d, struct control_client *client, struct request *request)
{
	const bool was_taken_back = d->reload.taken_back != NULL;

	(void)request;
	if (!confirm_is_on(d)) {
		control_refuse(client, EXIT_INVALID, "nothing is on trial%s",
			       was_taken_back ? ": it is taken back; mlbgpd reload takes the files "
						"as they are"
					      : "");
		return;
	}
	confirm_end(d);
	apply_keep(d);
	confirm_answer(d, control_client_id(client));
}

static void answer_reset(struct daemon *d, struct control_client *client, struct request *request)
{
	const char *peer = request_text(request, "peer");

	if (peer)
		confirm_session_reset(d, peer);
	if (!peer || speaker_reset(d->speaker, peer) < 0) {
		control_refuse(client, EXIT_INVALID, "no peer %s; see mlbgpd show peers",
			       peer ? peer : "named");
		return;
	}
	log_info("peer %s is reset by request", peer);
	control_end(client, EXIT_WELL);
}

static void send_peer(void *arg, json_t *take)
{
	control_send_item(arg, take);
}

static void send_findings(struct control_client *client, const struct diags *diags)
{
	char *text = findings_text(diags);

	if (*text)
		control_send_text(client, text);
	free(text);
}

static void on_diff_loaded(void *arg, struct generation *g)
{
	struct diff_job *job = arg;
	struct daemon *d = job->daemon;
	struct control_client *client = g ? control_find(d->control, job->client) : NULL;

	free(job);
	if (client) {
		send_findings(client, g->diags);
		if (generation_ok(g)) {
			const struct plan *running = d->running->plan;

			changes_expect(running, g->plan);
			control_send_object(client, changes_object(running, g->plan));
			changes_routes(running, g->plan, send_peer, client);
		}
		control_end(client, generation_ok(g) ? EXIT_WELL : EXIT_INVALID);
	}
	generation_unref(g);
}

static void answer_diff(struct daemon *d, struct control_client *client, struct request *request)
{
	struct diff_job *job;

	if (worker_queued(d->worker) >= WORK_WAITING_MAX) {
		control_refuse(client, EXIT_INVALID, "busy with other requests; try again");
		return;
	}
	job = heap_new_of(struct diff_job);
	*job = (struct diff_job){d, control_client_id(client)};
	loader_queue(d->worker, d->options, request_take_sources(request), d->leases,
		     on_diff_loaded, job);
}

static const struct verb {
	const char *name;
	bool changes; /* root only */
	void (*answer)(struct daemon *d, struct control_client *client, struct request *request);
} verbs[] = {
	{"show", false, answer_show},	    {"diff", false, answer_diff},
	{"explain", false, answer_explain}, {"reload", true, answer_reload},
	{"reset", true, answer_reset},	    {"confirm", true, answer_confirm},
};

void answer_request(void *arg, struct control_client *client, struct request *request,
		    bool may_change)
{
	struct daemon *d = arg;

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (strcmp(verbs[i].name, request->verb) != 0)
			continue;
		if (verbs[i].changes && !may_change)
			control_refuse(client, EXIT_INVALID, "%s: only root may", request->verb);
		else if (d->phase != DAEMON_RUNNING && verbs[i].changes)
			control_refuse(client, EXIT_INVALID, "%s: the daemon %s", request->verb,
				       d->phase == DAEMON_STOPPING ? "stops" : "is starting");
		else
			verbs[i].answer(d, client, request);
		return;
	}
	control_refuse(client, EXIT_USAGE, "the daemon knows no verb %s", request->verb);
}
