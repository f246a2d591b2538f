/* speaker.c: all BGP sessions of this process: takes the plan's slice, keeps it, tells of itself
 *
 * A session keeps a pointer to its peer in the plan last wanted; speaker_want() gives it that of
 * the new plan before the old one goes.  Routes are copied into the Adj-RIB-Outs.
 *
 * Changes only mark; the sessions are woken from the loop, so that a thousand gates that open
 * together are one run of UPDATEs.
 */
#include "bgp/speaker_private.h"

#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "bgp/codec.h"
#include "plan/diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *bgp_state_name(enum bgp_state state)
{
	static const char *const names[] = {
		[BGP_IDLE] = "Idle",
		[BGP_CONNECT] = "Connect",
		[BGP_ACTIVE] = "Active",
		[BGP_OPEN_SENT] = "OpenSent",
		[BGP_OPEN_CONFIRM] = "OpenConfirm",
		[BGP_ESTABLISHED] = "Established",
	};

	return names[state];
}

/* Every session that has something to be sent is told to look. */
static int on_wake(sd_event_source *source, void *arg)
{
	struct speaker *speaker = arg;

	(void)source;
	for (size_t i = 0; i < speaker->sessions.n; i++) {
		if (adjout_pending(session_cursor(speaker->sessions.at[i])))
			session_poke(speaker->sessions.at[i]);
	}
	return 0;
}

static void wake(struct speaker *speaker)
{
	if (bgp_timer_runs(&speaker->gathering))
		speaker->is_woken = true;
	else
		(void)sd_event_source_set_enabled(speaker->wake, SD_EVENT_ONESHOT);
}

static void gathered(void *arg)
{
	struct speaker *speaker = arg;

	bgp_timer_stop(&speaker->gathering);
	if (speaker->is_woken)
		wake(speaker);
	speaker->is_woken = false;
}

void speaker_gather(struct speaker *speaker, bool on)
{
	if (!on)
		gathered(speaker);
	else if (!bgp_timer_runs(&speaker->gathering))
		bgp_timer_start(&speaker->gathering, speaker->env.event, SPEAKER_GATHER_US,
				gathered, speaker);
}

struct speaker *speaker_new(sd_event *event, const struct speaker_ops *ops, void *arg)
{
	struct speaker *speaker = heap_new_of(struct speaker);
	int r;

	speaker->sets = attrset_table_new();
	speaker->farewells = farewells_new(event);
	speaker->env = (struct session_env){.event = event,
					    .farewells = speaker->farewells,
					    .room = heap_new_of(struct send_room),
					    .ops = ops,
					    .arg = arg};
	speaker->listener = listener_new(event, &speaker_listener_ops, speaker);
	r = sd_event_add_defer(event, &speaker->wake, on_wake, speaker);
	if (r < 0) {
		log_error("cannot watch for changes of routes: %s", strerror(-r));
		abort();
	}
	(void)sd_event_source_set_enabled(speaker->wake, SD_EVENT_OFF);
	return speaker;
}

void speaker_free(struct speaker *speaker)
{
	if (!speaker)
		return;
	listener_free(speaker->listener);
	for (size_t i = 0; i < speaker->sessions.n; i++)
		session_free(speaker->sessions.at[i]);
	array_fini(&speaker->sessions);
	for (size_t i = 0; i < speaker->outs.n; i++)
		adjout_free(speaker->outs.at[i]);
	array_fini(&speaker->outs);
	farewells_free(speaker->farewells);
	free(speaker->env.room);
	attrset_table_free(speaker->sets);
	sd_event_source_disable_unref(speaker->wake);
	bgp_timer_fini(&speaker->gathering);
	free(speaker);
}

size_t speaker_listen(struct speaker *speaker, const struct listen_address *at, size_t n)
{
	return listener_want(speaker->listener, at, n);
}

static void peer_gone(struct session *s)
{
	session_stop(s, BGP_CEASE_PEER_DECONFIGURED, NULL, "no longer configured");
	session_free(s);
}

static void tell_deferred(void *arg, const char *field, enum plan_cost cost)
{
	const struct session *s = arg;
	const char *name = session_peer(s)->name;

	if (cost == COST_NEXT)
		log_event(LOG_INFO, EVENT_NONE, LOG_FIELDS({"PEER", name}),
			  "peer %s: %s takes effect when the session is established the next time",
			  name, field);
}

/* From one password to another; true: the session must be started again. */
static bool change_password(struct session *s, const struct plan_peer *peer)
{
	int r = session_set_password(s, peer->password);

	if (r >= 0)
		return false;
	log_warning("peer %s: the kernel does not take another password for a connection that "
		    "stands: %s",
		    peer->name, strerror(-r));
	session_stop(s, BGP_CEASE_OTHER_CHANGE, NULL, "its password changed");
	return true;
}

/* The new version of a peer's parameters; returns whether the session must be started again. */
static bool peer_kept(struct session *s, const struct plan_peer *peer)
{
	const struct plan_peer *old = session_peer(s);
	bool restart = plan_peer_cost(old, peer, NULL, NULL) == COST_RESTART;

	if (peer->shutdown && !old->shutdown)
		session_stop(s, BGP_CEASE_ADMIN_SHUTDOWN, peer->shutdown_message,
			     "shut down by a PeerPolicy");
	else if (restart)
		session_stop(s, BGP_CEASE_OTHER_CHANGE, NULL, "its configuration changed");
	else if (session_state(s) == BGP_ESTABLISHED)
		(void)plan_peer_cost(old, peer, tell_deferred, s);
	if (!restart && !text_equal(old->password, peer->password))
		restart = change_password(s, peer);
	session_set_peer(s, peer);
	return restart;
}

/* Brings the list of sessions up to the plan's; those that are to be started are marked in it. */
static void sync_sessions(struct speaker *speaker, const struct plan *plan, bool *start)
{
	size_t n, n_old = speaker->sessions.n;
	const struct plan_peer *peers = plan_peers(plan, &n);
	struct session **old = speaker->sessions.at;

	speaker->sessions.at = NULL;
	speaker->sessions.n = speaker->sessions.max = 0;
	for (size_t i = 0, j = 0; i < n_old || j < n;) {
		int c = i == n_old ? 1
			: j == n   ? -1
				   : strcmp(session_peer(old[i])->name, peers[j].name);

		if (c < 0) {
			peer_gone(old[i++]);
			continue;
		}
		if (c == 0) {
			start[j] = peer_kept(old[i], &peers[j]);
			*array_add(&speaker->sessions) = old[i++];
		} else {
			start[j] = true;
			*array_add(&speaker->sessions) = session_new(&speaker->env, &peers[j]);
		}
		j++;
	}
	free(old);
}

void speaker_want(struct speaker *speaker, const struct plan *plan)
{
	size_t n;
	bool *start;

	(void)plan_peers(plan, &n);
	start = heap_alloc_array(n, sizeof(*start));
	sync_sessions(speaker, plan, start);
	speaker_sync_listener(speaker, speaker->plan);
	regroup(&speaker->outs, speaker->sets, plan, speaker->sessions.at, speaker->sessions.n);
	speaker->plan = plan;
	for (size_t i = 0; i < speaker->sessions.n; i++) {
		if (start[i] && !speaker->stopping)
			session_start(speaker->sessions.at[i]);
		session_look_for_bfd(speaker->sessions.at[i]); /* strict no more */
	}
	free(start);
	wake(speaker);
}

void speaker_route_changed(struct speaker *speaker, uint32_t group, uint32_t route)
{
	const struct plan_route *changed;
	size_t n;

	if (!speaker->plan || group >= speaker->outs.n)
		return;
	changed = &plan_groups(speaker->plan, &n)[group].routes[route];
	adjout_update(speaker->outs.at[group], &changed->prefix,
		      changed->attrs == PLAN_NOT_ANNOUNCED
			      ? NULL
			      : plan_attrs(speaker->plan, changed->attrs));
	wake(speaker);
}

bool speaker_is_flushed(const struct speaker *speaker)
{
	for (size_t i = 0; i < speaker->sessions.n; i++) {
		if (!session_is_flushed(speaker->sessions.at[i]))
			return false;
	}
	return true;
}

void speaker_shutdown(struct speaker *speaker, const char *text)
{
	speaker->stopping = true;
	(void)listener_want(speaker->listener, NULL, 0);
	for (size_t i = 0; i < speaker->sessions.n; i++)
		session_shutdown(speaker->sessions.at[i], text);
}

bool speaker_is_shut_down(const struct speaker *speaker)
{
	for (size_t i = 0; i < speaker->sessions.n; i++) {
		if (session_state(speaker->sessions.at[i]) != BGP_IDLE)
			return false;
	}
	return speaker->stopping && farewells_count(speaker->farewells) == 0;
}

struct session *speaker_session(const struct speaker *speaker, const char *name)
{
	for (size_t i = 0; i < speaker->sessions.n; i++) {
		if (strcmp(session_peer(speaker->sessions.at[i])->name, name) == 0)
			return speaker->sessions.at[i];
	}
	return NULL;
}

int speaker_reset(struct speaker *speaker, const char *peer)
{
	struct session *s = speaker_session(speaker, peer);

	if (!s)
		return -ENOENT;
	if (speaker->stopping)
		return -ESHUTDOWN;
	session_stop(s, BGP_CEASE_ADMIN_RESET, NULL, "reset by the operator");
	session_start(s);
	return 0;
}

int speaker_bfd_down(struct speaker *speaker, const char *peer)
{
	struct session *s = speaker_session(speaker, peer);

	if (!s)
		return -ENOENT;
	session_give_up(s, BGP_CEASE_BFD_DOWN, "BFD down");
	return 0;
}

int speaker_bfd_up(struct speaker *speaker, const char *peer)
{
	struct session *s = speaker_session(speaker, peer);

	if (!s)
		return -ENOENT;
	session_bfd_up(s);
	return 0;
}

struct addr speaker_local_address(const struct speaker *speaker, const char *peer)
{
	const struct session *s = speaker_session(speaker, peer);

	return s ? session_local(s) : (struct addr){.family = ADDR_NONE};
}

void speaker_links_changed(struct speaker *speaker)
{
	for (size_t i = 0; i < speaker->sessions.n; i++)
		session_links_changed(speaker->sessions.at[i]);
}
