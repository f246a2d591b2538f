/* engine_view.c: snapshots of sessions for show and metrics
 *
 * The thread copies its sessions into memory of ours and says when it is done: microseconds.
 */
#include "base/heap.h"
#include "bfd/engine_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTE_MAX = 160 };

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* What most of the peer's control packets were thrown away for; BFD_OK: none were. */
static enum bfd_discard main_discard(const struct bfd_track *t)
{
	enum bfd_discard ret = BFD_OK;

	for (unsigned i = 1; i < BFD_ECHO_NOT_TAKEN; i++)
		if (t->discards[i] > t->discards[ret])
			ret = (enum bfd_discard)i;
	return ret;
}

/* What is in the way of its packets; NULL: nothing. */
static const char *obstacle(const struct bfd_engine *e, const struct bfd_entry *entry, int error)
{
	const enum bfd_socket_kind kind = bfd_kind_of(entry->peer.family, entry->multihop);

	if (!e->sockets[kind].open)
		return e->sockets[kind].problem;
	return error ? strerror(error) : NULL;
}

static const char *note_of(const struct bfd_engine *e, const struct bfd_entry *entry,
			   const struct bfd_track *t, char words[NOTE_MAX])
{
	const enum bfd_discard reason = main_discard(t);
	const char *why = obstacle(e, entry, t->error);

	if (why || t->session.machine.state == BFD_UP || reason == BFD_OK)
		return why;
	snprintf(words, NOTE_MAX, "packets of the peer are discarded: %s",
		 bfd_discard_text(reason));
	return words;
}

/* Why echoes are not used; NULL: they are, or are not asked for. */
static const char *no_echo(const struct bfd_engine *e, const struct bfd_entry *entry,
			   const struct bfd_track *t)
{
	const struct bfd_machine *m = &t->session.machine;
	const enum bfd_socket_kind direct = bfd_echo_kind_of(entry->peer.family, false);
	const enum bfd_socket_kind looped = bfd_echo_kind_of(entry->peer.family, true);

	if (!entry->echo_us || t->session.echo.proven)
		return NULL;
	if (entry->multihop)
		return "for a single hop only";
	if (addr_is_link_local_ipv6(&entry->peer))
		return "routers forward nothing that comes from a link-local address";
	if (!e->sockets[direct].open)
		return e->sockets[direct].problem;
	if (!e->sockets[looped].open)
		return e->sockets[looped].problem;
	if (m->state != BFD_UP)
		return "the session is not Up";
	if (!m->remote_min_echo_rx_us)
		return "the peer takes no echoes";
	if (t->way.error)
		return t->way.error == EHOSTUNREACH
			       ? "the peer has no Ethernet address that is known"
			       : strerror(t->way.error);
	return "none has come back yet";
}

static struct bfd_view view_of(const struct bfd_engine *e, const struct bfd_entry *entry,
			       const struct bfd_track *t, char note[NOTE_MAX])
{
	const struct bfd_session *s = &t->session;
	const struct bfd_machine *m = &s->machine;

	return (struct bfd_view){
		.name = entry->name,
		.address = &entry->peer,
		.state = m->state,
		.remote_state = m->remote_state,
		.local_discr = m->local_discr,
		.remote_discr = m->remote_discr,
		.diag = m->diag,
		.transmit_us = bfd_tx_interval_us(m),
		.receive_us = m->remote_mult ? larger(m->rx_in_use_us, m->remote_desired_tx_us) : 0,
		.detect_us = bfd_detection_us(m),
		.multihop = entry->multihop,
		.packets_in = s->packets_in,
		.packets_out = s->packets_out,
		.ups = s->ups,
		.downs = s->downs,
		.last_down = {entry->down_wall_us, entry->down_diag, entry->verdict},
		.lateness = {s->lateness.n, histogram_percentile_us(&s->lateness, 50),
			     histogram_percentile_us(&s->lateness, 99),
			     (uint64_t)s->lateness.max_ns / 1000},
		.gaps = {s->gaps.n, histogram_percentile_us(&s->gaps, 50),
			 histogram_percentile_us(&s->gaps, 99), (uint64_t)s->gaps.max_ns / 1000},
		.echo = {s->echo.proven, no_echo(e, entry, t), s->echo.interval_us,
			 s->echo.packets_in, s->echo.packets_out,
			 histogram_percentile_us(&s->echo.round_trip, 50),
			 histogram_percentile_us(&s->echo.round_trip, 99),
			 (uint64_t)s->echo.round_trip.max_ns / 1000},
		.discards = t->discards,
		.note = note_of(e, entry, t, note),
	};
}

static struct bfd_track *take_snapshot(const struct bfd_engine *e, unsigned n,
				       struct bfd_discards *discards)
{
	struct bfd_track *tracks = heap_alloc_array(n, sizeof(*tracks));
	sem_t done;

	sem_init(&done, 0, 0);
	bfd_thread_command(e->thread, &(struct bfd_command){.what = BFD_COMMAND_SNAPSHOT,
							    .index = n,
							    .track = tracks,
							    .discards = discards,
							    .done = &done});
	while (sem_wait(&done) < 0 && errno == EINTR)
		continue;
	sem_destroy(&done);
	return tracks;
}

void bfd_sessions(struct bfd_engine *e, bfd_view_fn fn, void *arg)
{
	struct bfd_discards discards;
	struct bfd_track *tracks;
	unsigned n = 0;

	for (size_t i = 0; i < e->entries.n; i++)
		if (e->entries.at[i]->index >= n)
			n = e->entries.at[i]->index + 1;
	if (n == 0)
		return;
	tracks = take_snapshot(e, n, &discards);
	for (size_t i = 0; i < e->entries.n; i++) {
		const struct bfd_entry *entry = e->entries.at[i];
		char note[NOTE_MAX];
		const struct bfd_view view = view_of(e, entry, &tracks[entry->index], note);

		fn(arg, &view);
	}
	free(tracks);
}

void bfd_discarded(struct bfd_engine *e, uint64_t ret[BFD_DISCARD_COUNT])
{
	struct bfd_discards discards = {0};

	if (e->thread)
		free(take_snapshot(e, 0, &discards));
	for (unsigned i = 0; i < BFD_DISCARD_COUNT; i++)
		ret[i] = discards.of[i].n;
}

const char *bfd_why_not_up(const struct bfd_engine *e, const struct plan_peer *peer)
{
	const struct bfd_entry *entry = bfd_engine_find(e, peer->name);
	const char *why;

	if (!entry || !addr_equal(&entry->peer, &peer->address) ||
	    !addr_equal(&entry->asked, &peer->source_address))
		return "it has no BFD session";
	if (entry->state == BFD_UP)
		return NULL;
	why = obstacle(e, entry, atomic_load(&e->tracks[entry->index]->error));
	if (why)
		return why;
	return entry->verdict[0] ? entry->verdict : "it has not been Up yet";
}

void bfd_lost_sessions(const struct bfd_engine *e, bfd_lost_fn fn, void *arg)
{
	for (size_t i = 0; i < e->entries.n; i++)
		if (e->entries.at[i]->lost)
			fn(arg, e->entries.at[i]->name, e->entries.at[i]->verdict);
}
