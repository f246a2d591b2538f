/* report.c: which report, and the short ones: summary, config */
#include "daemon/report.h"
#include "base/log.h"
#include "base/text.h"
#include "bfd/engine.h"
#include "bgp/speaker.h"
#include "config.h"
#include "config/source.h"
#include "daemon/exit_status.h"
#include "daemon/confirm.h"
#include "daemon/keep.h"
#include "daemon/metrics_http.h"
#include "daemon/plan_json.h"
#include "daemon/reload.h"
#include "daemon/state.h"
#include "daemon/vips.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PROBLEMS_MAX = 100 };

json_t *report_time(int64_t wall_us)
{
	time_t seconds = wall_us / 1000000;
	struct tm tm;
	char text[32];

	if (wall_us == 0 || !gmtime_r(&seconds, &tm))
		return json_null();
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_string(text);
}

/* As explain has it: what is waited for, then what went wrong last. */
static void problem_of_peer(void *arg, const struct bgp_peer_view *view)
{
	const char *error =
		view->last_error.text && *view->last_error.text ? view->last_error.text : NULL;
	json_t *problems = arg;

	if (view->state == BGP_ESTABLISHED || view->shut_down ||
	    json_array_size(problems) >= PROBLEMS_MAX)
		return;
	json_array_append_new(problems,
			      json_sprintf("peer %s is not established (%s)%s%s%s%s", view->name,
					   bgp_state_name(view->state), view->note ? ": " : "",
					   view->note ? view->note : "",
					   !error	? ""
					   : view->note ? "; last error: "
							: ": ",
					   error ? error : ""));
}

static void problem_of_bfd(void *arg, const char *peer, const char *verdict)
{
	json_t *problems = arg;

	if (json_array_size(problems) < PROBLEMS_MAX)
		json_array_append_new(problems,
				      json_sprintf("peer %s: BFD was lost: %s", peer, verdict));
}

static void problem_of_vip(void *arg, const struct vip_status *status)
{
	struct text words = {0};
	json_t *problems = arg;

	if (json_array_size(problems) >= PROBLEMS_MAX)
		return;
	vip_status_text(&words, status);
	json_array_append_new(problems, json_string(words.text));
	text_fini(&words);
}

/* *missing: VIPs that do not stand. */
static json_t *problems(const struct daemon *d, size_t *missing)
{
	const struct daemon_settings *settings = plan_settings(d->running->plan);
	json_t *list = json_array();
	char *stale = reload_stale_words(d);

	if (stale)
		json_array_append_new(list, json_text(stale));
	free(stale);
	if (d->n_listening < settings->listen.n)
		json_array_append_new(list, json_sprintf("%zu of %u listening sockets stand",
							 d->n_listening, settings->listen.n));
	if (metrics_http_problem(d->metrics))
		json_array_append_new(list, json_string(metrics_http_problem(d->metrics)));
	for (enum keep_file i = 0; i < KEEP_COUNT; i++)
		if (keep_problem(d->keep, i))
			json_array_append_new(list, json_text(keep_problem(d->keep, i)));
	speaker_peers(d->speaker, problem_of_peer, list);
	bfd_lost_sessions(d->bfd, problem_of_bfd, list);
	*missing = vips_missing(d->vips, problem_of_vip, list);
	return list;
}

json_t *report_summary(const struct daemon *d)
{
	const struct plan *plan = d->running->plan;
	size_t n_peers, n_vips, n_established, missing;
	json_t *problem_list = problems(d, &missing);

	(void)plan_peers(plan, &n_peers);
	(void)plan_vips(plan, &n_vips);
	free(report_established(d, &n_established));
	return json_pack(
		"{s:s, s:s, s:b, s:o, s:I, s:b, s:o, s:s, s:s, s:o, s:{s:I, s:I}, "
		"s:{s:I, s:I, s:I}}",
		"node", plan_node(plan)->object.name, "version", PACKAGE_VERSION, "ok",
		json_array_size(problem_list) == 0, "problems", problem_list, "uptimeSeconds",
		(json_int_t)(monotime_since_us(monotime_now(), d->started) / 1000000), "stale",
		d->stale, "confirmSecondsLeft",
		confirm_is_on(d) ? json_integer(confirm_seconds_left(d)) : json_null(),
		"configDigest", model_digest(plan_model(plan)), "addressDigest",
		plan_address_digest(plan), "lastReload",
		d->reload.wall_us
			? json_pack("{s:o, s:b, s:I}", "time", report_time(d->reload.wall_us), "ok",
				    d->reload.ok, "errors", (json_int_t)d->reload.errors)
			: json_null(),
		"peers", "total", (json_int_t)n_peers, "established", (json_int_t)n_established,
		"vips", "total", (json_int_t)n_vips, "assigned", (json_int_t)(n_vips - missing),
		"announced", (json_int_t)vips_count_state(d->vips, VIP_ANNOUNCED));
}

void report_refuse(struct control_client *client, const char *before, const char *name,
		   const char *after, const char *const *names, size_t n)
{
	const char *near = nearest_name(name, names, n);

	control_refuse(client, EXIT_INVALID, "%s%s%s%s%s%s", before, name, after,
		       near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

void report_refuse_peer(const struct daemon *d, struct control_client *client, const char *name)
{
	const struct plan *plan = d->running->plan;
	ARRAY(const char *) names = {0};
	size_t n;
	const struct plan_peer *peers = plan_peers(plan, &n);

	for (size_t i = 0; i < n; i++)
		*array_add(&names) = peers[i].name;
	if (model_find_peer(plan_model(plan), name))
		control_refuse(client, EXIT_INVALID,
			       "peer %s does not run on this node: mlbgpd explain tells why", name);
	else
		report_refuse(client, "no peer ", name, " runs on this node", names.at, names.n);
	array_fini(&names);
}

bool report_show(struct daemon *d, struct control_client *client, const char *what,
		 const char *name)
{
	if (strcmp(what, "summary") == 0 || strcmp(what, "config") == 0) {
		control_send_object(client, *what == 's' ? report_summary(d) : report_config(d));
		control_end(client, EXIT_WELL);
	} else if (strcmp(what, "peers") == 0) {
		if (report_peers(d, client, name))
			control_end(client, EXIT_WELL);
		else
			report_refuse_peer(d, client, name);
	} else if (strcmp(what, "bfd") == 0) {
		if (report_bfd(d, client, name))
			control_end(client, EXIT_WELL);
		else
			report_refuse_bfd(d, client, name);
	} else if (strcmp(what, "vips") == 0) {
		report_vips(d, client, name);
	} else if (strcmp(what, "routes") == 0) {
		report_routes(d, client, name);
	} else if (strcmp(what, "services") == 0) {
		report_services(d, client, name);
	} else {
		return false;
	}
	return true;
}

static void log_peer(void *arg, const struct bgp_peer_view *view)
{
	char text[ADDR_TEXT_MAX] = "";

	(void)arg;
	if (view->address.family != ADDR_NONE)
		addr_format(text, &view->address);
	log_info("state: peer %s (%s%s): %s, %llu prefixes advertised", view->name, text,
		 view->interface ? view->interface : "", bgp_state_name(view->state),
		 (unsigned long long)view->prefixes_advertised);
}

void report_to_log(const struct daemon *d)
{
	json_t *summary = report_summary(d);
	char *text = json_dumps(summary, JSON_COMPACT);

	json_decref(summary);
	if (!text)
		return;
	log_info("state: %s", text);
	free(text);
	speaker_peers(d->speaker, log_peer, NULL);
}
