/* answer.c: the table of verbs of the control socket */
#include "daemon/answer.h"
#include "base/log.h"
#include "bgp/speaker.h"
#include "daemon/apply.h"
#include "daemon/confirm.h"
#include "daemon/diff_job.h"
#include "daemon/exit_status.h"
#include "daemon/reload.h"
#include "daemon/report.h"
#include "daemon/state.h"

#include <stdlib.h>
#include <string.h>

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

static const struct verb {
	const char *name;
	bool changes; /* root only */
	void (*answer)(struct daemon *d, struct control_client *client, struct request *request);
} verbs[] = {
	{"show", false, answer_show},	    {"diff", false, diff_answer},
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
