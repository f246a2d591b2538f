/* diff_job.c: what a reload of the files that a client sends would change
 *
 *	worker ... their files -> a generation (loader.c)
 *	loop ..... the gates of the running plan are noted
 *	worker ... the running plan is made again with these gates, for the one that runs goes on
 *	           changing; the two are compared, and the answer is written out
 *	loop ..... line by line to the client
 */
#include "daemon/diff_job.h"
#include "base/array.h"
#include "base/heap.h"
#include "daemon/changes.h"
#include "daemon/control.h"
#include "daemon/exit_status.h"
#include "daemon/findings.h"
#include "daemon/lease.h"
#include "daemon/loader.h"
#include "daemon/state.h"
#include "daemon/worker.h"
#include "plan/leases.h"
#include "plan/plan.h"

#include <jansson.h>
#include <stdlib.h>

enum { WORK_WAITING_MAX = 8 };

/* Of a VIP of the running plan. */
struct gate {
	bool open;
	uint32_t demoted; /* plan_demoted() */
};

struct diff_job {
	struct daemon *daemon;
	uint64_t client;
	struct generation *asked; /* of the client's files; NULL: done with */
	struct generation *running; /* with a reference, the loop's */
	struct gate *gates; /* of each of its VIPs */
	char *leases; /* of the running plan */
	ARRAY(char *) lines; /* JSON: the object, then the routes of each peer */
	size_t sent;
};

static void job_free(void *arg)
{
	struct diff_job *job = arg;

	generation_unref(job->asked);
	generation_unref(job->running);
	for (size_t i = 0; i < job->lines.n; i++)
		free(job->lines.at[i]);
	array_fini(&job->lines);
	free(job->gates);
	free(job->leases);
	free(job);
}

static struct gate *gates_of(const struct plan *plan)
{
	size_t n;
	const struct plan_vip *vips = plan_vips(plan, &n);
	struct gate *gates = heap_alloc_array(n, sizeof(*gates));

	for (size_t i = 0; i < n; i++)
		gates[i] = (struct gate){vips[i].open, plan_demoted(plan, (uint32_t)i)};
	return gates;
}

/* In the worker: of the running plan only what never changes is read. */
static struct plan *plan_again(const struct diff_job *job)
{
	const struct plan *running = job->running->plan;
	struct leases *leases = lease_parse(job->leases);
	struct plan *plan = plan_new(job->running->model, NULL, leases, NULL, NULL);
	size_t n, n_peers;
	const struct plan_vip *vips = plan_vips(running, &n);
	const struct plan_peer *peers = plan_peers(running, &n_peers);

	leases_free(leases);
	for (size_t i = 0; i < n; i++) {
		uint32_t vip = plan_find_vip(plan, &vips[i].addr);

		if (vip == PLAN_NONE)
			continue;
		plan_gate(plan, vip, job->gates[i].open, NULL, NULL);
		(void)plan_demote(plan, vip, job->gates[i].demoted, NULL, NULL);
	}
	for (uint32_t i = 0; i < n_peers; i++)
		if (peers[i].password)
			plan_set_password(plan, i, peers[i].password);
	return plan;
}

static void add_line(void *arg, json_t *take)
{
	struct diff_job *job = arg;
	char *text = json_dumps(take, JSON_COMPACT);

	json_decref(take);
	if (!text)
		abort();
	*array_add(&job->lines) = text;
}

static void compare(void *arg)
{
	struct diff_job *job = arg;
	struct plan *before = plan_again(job);

	changes_expect(before, job->asked->plan);
	add_line(job, changes_object(before, job->asked->plan));
	changes_routes(before, job->asked->plan, add_line, job);
	plan_free(before);
	generation_unref(job->asked);
	job->asked = NULL;
}

static bool send_line(void *arg, struct control_client *client)
{
	struct diff_job *job = arg;

	if (job->sent == job->lines.n)
		return false;
	if (job->sent == 0)
		control_send_object_text(client, job->lines.at[0]);
	else
		control_send_item_text(client, job->lines.at[job->sent]);
	job->sent++;
	return true;
}

static void on_compared(void *arg, bool dropped)
{
	struct diff_job *job = arg;
	struct control_client *client =
		dropped ? NULL : control_find(job->daemon->control, job->client);

	if (client)
		control_stream(client, send_line, job_free, job);
	else
		job_free(job);
}

static void send_findings(struct control_client *client, const struct diags *diags)
{
	char *text = findings_text(diags);

	if (*text)
		control_send_text(client, text);
	free(text);
}

static void on_loaded(void *arg, struct generation *take)
{
	struct diff_job *job = arg;
	struct daemon *d = job->daemon;
	struct control_client *client = take ? control_find(d->control, job->client) : NULL;

	job->asked = take;
	if (client)
		send_findings(client, take->diags);
	if (!client || !generation_ok(take)) {
		if (client)
			control_end(client, EXIT_INVALID);
		job_free(job);
		return;
	}
	job->running = generation_ref(d->running);
	job->gates = gates_of(d->running->plan);
	job->leases = heap_strdup(d->leases);
	worker_queue(d->worker,
		     &(const struct work){.work = compare, .done = on_compared, .arg = job});
}

void diff_answer(struct daemon *d, struct control_client *client, struct request *request)
{
	struct diff_job *job;

	if (worker_queued(d->worker) >= WORK_WAITING_MAX) {
		control_refuse(client, EXIT_INVALID, "busy with other requests; try again");
		return;
	}
	job = heap_new_of(struct diff_job);
	*job = (struct diff_job){.daemon = d, .client = control_client_id(client)};
	loader_queue(d->worker, d->options, request_take_sources(request), d->leases, on_loaded,
		     job);
}
