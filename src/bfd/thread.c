/* thread.c: the thread that drives all BFD sessions
 *
 * A turn: commands, packets, timers, events.  Whatever happens to a session, it is served at once:
 * its packet goes, its deadline takes its place in the heap, its news in the queue.
 *
 * What a session costs is wake-ups more than packets, so that a turn sends what may go now, not
 * only what must; and where turns follow closely they are kept apart, while packets gather in the
 * sockets.
 */
#include "bfd/thread_private.h"

#include "base/heap.h"
#include "bfd/guard.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	AGAIN_MS = 5, /* events that found no room are tried again */
	PRIORITY = 10,
	STACK_SIZE = 256 * 1024,
};

static const int64_t MS = 1000000;
static const int64_t GATHER_LEAST = 1000000, GATHER_MOST = BFD_SLACK_MOST_US * 1000;

/* ---- a session ---- */

static void note_news(struct bfd_thread *b, unsigned i)
{
	if (b->has_news[i])
		return;
	b->has_news[i] = true;
	b->news[b->n_news++] = (uint16_t)i;
}

/* Where turns follow closely, the time between two: as much as a packet of the fastest interval may
 * go early, and a detection be late.  In a flood, it leaves the processor to others for so long. */
static int64_t gather_ns(const struct bfd_thread *b)
{
	const int64_t ns = (int64_t)bfd_slack_us(b->fastest_us) * 1000;

	if (b->busy || ns < GATHER_LEAST)
		return GATHER_LEAST;
	return ns < GATHER_MOST ? ns : GATHER_MOST;
}

static void note_faster(struct bfd_thread *b, uint32_t us)
{
	if (us && (!b->fastest_us || us < b->fastest_us))
		b->fastest_us = us;
}

/* Echoes come back, and are sent back, as often as we take them. */
static void note_interval(struct bfd_thread *b, const struct bfd_session *s)
{
	if (s->machine.state != BFD_UP)
		return;
	note_faster(b, bfd_tx_interval_us(&s->machine));
	note_faster(b, s->machine.params.echo_receive_us);
}

void bfd_thread_serve(struct bfd_thread *b, unsigned i, int64_t now)
{
	struct bfd_track *t = b->tracks[i];
	int64_t at;

	if (t) {
		bfd_thread_send(t, now);
		bfd_echo_send(b, t, now);
		note_interval(b, &t->session);
		at = bfd_session_deadline(&t->session);
		if (at != due_of(&b->due, i))
			due_set(&b->due, i, at);
	}
	if (b->removed[i] || (t && t->session.change.pending))
		note_news(b, i);
}

/* ---- timers ---- */

/* Returns the turn's time.  Where we were late, what came in time waits in the sockets. */
static int64_t tick(struct bfd_thread *b)
{
	int64_t now = bfd_now_ns();
	struct due_at first;
	bool drained = false;

	while ((first = due_first(&b->due)).at) {
		struct bfd_session *s = &b->tracks[first.who]->session;

		if (first.at > now && !bfd_session_may_send(s, now))
			break;
		if (bfd_session_expires(s, now) && !drained) {
			bfd_thread_receive_all(b, BATCHES_TO_JUDGE);
			now = bfd_now_ns();
			drained = true;
			continue;
		}
		bfd_session_tick(s, now);
		bfd_thread_serve(b, first.who, now);
	}
	bfd_guard_tick(b, now);
	return now;
}

/* ---- events ---- */

static bool tell(struct bfd_thread *b, unsigned i)
{
	struct bfd_event event = {.index = i};

	if (b->removed[i]) {
		event.what = BFD_EVENT_REMOVED;
		if (!ring_put(&b->events, &event))
			return false;
		b->removed[i] = false;
	}
	if (b->tracks[i] && b->tracks[i]->session.change.pending) {
		event.what = BFD_EVENT_STATE;
		event.change = b->tracks[i]->session.change;
		if (!ring_put(&b->events, &event))
			return false;
		b->tracks[i]->session.change.pending = false;
	}
	return true;
}

static bool tell_discards(struct bfd_thread *b)
{
	struct bfd_event event = {.what = BFD_EVENT_DISCARDED};
	const int64_t now = b->discards.pending ? bfd_now_ns() : 0;

	while (bfd_discards_due(&b->discards, now, &event.discarded)) {
		if (!ring_put(&b->events, &event))
			return false;
		bfd_discards_told(&b->discards, &event.discarded, now);
	}
	return true;
}

static void tell_all(struct bfd_thread *b)
{
	b->behind = !tell_discards(b);
	while (b->n_news > 0 && !b->behind) {
		const unsigned i = b->news[b->n_news - 1];

		b->behind = !tell(b, i);
		if (b->behind)
			break;
		b->has_news[i] = false;
		b->n_news--;
	}
}

/* ---- the loop ---- */

static void keep_stack_in_memory(void)
{
	pthread_attr_t attr;
	void *stack;
	size_t size;

	if (pthread_getattr_np(pthread_self(), &attr) != 0)
		return;
	if (pthread_attr_getstack(&attr, &stack, &size) == 0)
		bfd_keep_in_memory(stack, size);
	pthread_attr_destroy(&attr);
}

/* How long may nothing be looked at: until the first deadline, but for what waits for room; -1: for
 * ever. */
static int64_t time_left(const struct bfd_thread *b, int64_t now)
{
	const int64_t first = due_first(&b->due).at;
	int64_t left = first ? first - now : -1;

	if (b->behind && (!first || left > AGAIN_MS * MS))
		left = AGAIN_MS * MS;
	return first && left < 0 ? 0 : left;
}

static struct timespec as_timespec(int64_t ns)
{
	return (struct timespec){ns / 1000000000, ns % 1000000000};
}

/* Packets wait in their sockets. */
static unsigned gather(struct bfd_thread *b)
{
	struct pollfd commands = {.fd = b->commands.wake, .events = POLLIN};
	const int64_t now = bfd_now_ns(), until = b->turned_at + gather_ns(b);
	int64_t left = time_left(b, now);
	struct timespec timeout;

	if (left < 0 || left > until - now)
		left = until - now;
	timeout = as_timespec(left);
	if (left > 0)
		(void)ppoll(&commands, 1, &timeout, NULL);
	b->busy = false;
	if (commands.revents)
		bfd_thread_obey(b);
	return bfd_thread_receive_all(b, BATCHES_A_TURN);
}

/* Commands first: a packet may be for the session that one of them adds.  By ppoll(), which every
 * kernel and every sandbox knows: a call that is refused would not wait, with real-time priority.
 */
static unsigned sleep_until_called(struct bfd_thread *b)
{
	struct pollfd polled[BFD_KINDS + 1];
	const int64_t left = time_left(b, bfd_now_ns());
	const struct timespec timeout = as_timespec(left);
	unsigned n = 0;

	for (enum bfd_socket_kind kind = 0; kind < BFD_KINDS; kind++)
		polled[kind] = (struct pollfd){.fd = b->listening[kind], .events = POLLIN};
	polled[BFD_KINDS] = (struct pollfd){.fd = b->commands.wake, .events = POLLIN};
	if (ppoll(polled, BFD_KINDS + 1, left < 0 ? NULL : &timeout, NULL) <= 0)
		return 0;
	if (polled[BFD_KINDS].revents)
		bfd_thread_obey(b);
	for (enum bfd_socket_kind kind = 0; kind < BFD_KINDS; kind++)
		if (polled[kind].revents && b->listening[kind] >= 0)
			n += bfd_thread_receive(b, kind, BATCHES_A_TURN);
	return n;
}

static void turn(struct bfd_thread *b)
{
	const unsigned n = b->gathers ? gather(b) : sleep_until_called(b);
	const int64_t now = tick(b);

	tell_all(b);
	b->gathers = b->busy || (n > 0 && b->heard && now - b->turned_at < 2 * gather_ns(b));
	b->heard = n > 0;
	b->turned_at = now;
}

static void *run(void *arg)
{
	struct bfd_thread *b = arg;

	keep_stack_in_memory();
	bfd_keep_in_memory(b, sizeof(*b));
	bfd_keep_in_memory(b->events.at, b->events.size * RING_LENGTH);
	while (!b->ends)
		turn(b);
	for (unsigned i = 0; i < b->n_tracks; i++)
		if (b->tracks[i])
			bfd_thread_remove(b, i);
	return NULL;
}

/* Late timers are what BFD takes for a lost peer.  Where priority is not permitted, it goes as well
 * as the host's other work lets it. */
static int start_thread(struct bfd_thread *b)
{
	const struct sched_param param = {.sched_priority = PRIORITY};
	pthread_attr_t attr;
	int r;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	r = -pthread_create(&b->thread, &attr, run, b);
	pthread_attr_destroy(&attr);
	if (r >= 0)
		b->priority_error = pthread_setschedparam(b->thread, SCHED_FIFO, &param);
	return r;
}

static int open_all(struct bfd_thread *b)
{
	int r = ring_init(&b->commands, sizeof(struct bfd_command));

	if (r >= 0)
		r = ring_init(&b->events, sizeof(struct bfd_event));
	return r;
}

static void close_all(struct bfd_thread *b)
{
	for (unsigned i = 0; i < BFD_KINDS; i++)
		if (b->listening[i] >= 0)
			close(b->listening[i]);
	ring_fini(&b->commands);
	ring_fini(&b->events);
	free(b);
}

int bfd_thread_start(struct bfd_thread **ret)
{
	struct bfd_thread *b = heap_new_of(struct bfd_thread);
	int r;

	memset(b->listening, -1, sizeof(b->listening));
	r = open_all(b);
	if (r >= 0)
		r = start_thread(b);
	if (r < 0)
		close_all(b);
	else
		*ret = b;
	return r;
}

void bfd_thread_stop(struct bfd_thread *b)
{
	const struct bfd_command end = {.what = BFD_COMMAND_END};

	bfd_thread_command(b, &end);
	pthread_join(b->thread, NULL);
	close_all(b);
}

void bfd_thread_command(struct bfd_thread *b, const struct bfd_command *command)
{
	static const struct timespec moment = {.tv_nsec = 1000000};

	while (!ring_put(&b->commands, command))
		nanosleep(&moment, NULL);
}
