/* report_bfd.c: show bfd: what the engine tells of its sessions */
#include "base/text.h"
#include "bfd/engine.h"
#include "daemon/exit_status.h"
#include "daemon/plan_json.h"
#include "daemon/report.h"
#include "daemon/state.h"
#include "plan/plan.h"

static json_t *number_or_null(uint64_t value)
{
	return value ? json_integer((json_int_t)value) : json_null();
}

static json_t *last_down(const struct bfd_view *view)
{
	if (view->last_down.wall_us == 0)
		return json_null();
	return json_pack("{s:o, s:s, s:s}", "time", report_time(view->last_down.wall_us),
			 "diagnostic", bfd_diag_text(view->last_down.diag), "verdict",
			 view->last_down.verdict);
}

/* By reason, those that happened. */
static json_t *discarded(const struct bfd_view *view)
{
	json_t *ret = json_object();

	for (unsigned i = 0; i < BFD_DISCARD_COUNT; i++)
		if (view->discards[i])
			json_object_set_new(ret, bfd_discard_name((enum bfd_discard)i),
					    json_integer((json_int_t)view->discards[i]));
	return ret;
}

static json_t *round_trip(const struct bfd_view *view)
{
	return json_pack("{s:I, s:I, s:I}", "p50Us", (json_int_t)view->echo.p50_us, "p99Us",
			 (json_int_t)view->echo.p99_us, "maxUs", (json_int_t)view->echo.max_us);
}

static json_t *bfd_object(const struct bfd_view *view)
{
	return json_pack(
		"{s:s, s:s, s:s, s:I, s:o, s:s, s:o, s:o, s:o, s:s, s:b, s:o, s:o, s:o, s:I, s:o, "
		"s:{s:I, s:I, s:I}, s:{s:I, s:I, s:I}, s:o, s:o}",
		"peer", view->name, "state", bfd_state_name(view->state), "remoteState",
		bfd_state_name(view->remote_state), "localDiscriminator",
		(json_int_t)view->local_discr, "remoteDiscriminator",
		number_or_null(view->remote_discr), "diagnostic", bfd_diag_text(view->diag),
		"transmitIntervalMs", number_or_null(view->transmit_us / 1000), "receiveIntervalMs",
		number_or_null(view->receive_us / 1000), "detectTimeMs",
		number_or_null(view->detect_us / 1000), "hops", view->multihop ? "multi" : "single",
		"echo", view->echo.used, "echoNote", json_text(view->echo.why_not),
		"echoIntervalMs", number_or_null(view->echo.interval_us / 1000), "echoRoundTrip",
		round_trip(view), "downCount", (json_int_t)view->downs, "lastDown", last_down(view),
		"lateness", "p50Us", (json_int_t)view->lateness.p50_us, "p99Us",
		(json_int_t)view->lateness.p99_us, "maxUs", (json_int_t)view->lateness.max_us,
		"gaps", "p50Us", (json_int_t)view->gaps.p50_us, "p99Us",
		(json_int_t)view->gaps.p99_us, "maxUs", (json_int_t)view->gaps.max_us, "discarded",
		discarded(view), "note", json_text(view->note));
}

struct sessions {
	struct control_client *client;
	const char *name;
	size_t found;
};

static void send_session(void *arg, const struct bfd_view *view)
{
	struct sessions *s = arg;

	if (s->name && !text_equal(s->name, view->name))
		return;
	s->found++;
	control_send_item(s->client, bfd_object(view));
}

bool report_bfd(const struct daemon *d, struct control_client *client, const char *name)
{
	struct sessions s = {.client = client, .name = name};

	bfd_sessions(d->bfd, send_session, &s);
	return !name || s.found > 0;
}

void report_refuse_bfd(const struct daemon *d, struct control_client *client, const char *name)
{
	if (plan_find_peer(d->running->plan, name) == PLAN_NONE)
		report_refuse_peer(d, client, name);
	else
		control_refuse(client, EXIT_INVALID,
			       "peer %s has no BFD session: its BGPPeer names no bfdProfile, or it "
			       "is shut down",
			       name);
}
