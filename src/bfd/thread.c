/* thread.c: the thread that drives all BFD sessions
 *
 * A turn: commands, packets, timers, packets to send, events.  Timers are looked through one by
 * one: a few hundred sessions take a microsecond, less than the system calls of one packet.
 */
#include "bfd/thread.h"

#include "base/heap.h"
#include "bfd/guard.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum {
	BATCHES_A_TURN = 16, /* a flood must not hold up the timers */
	BATCHES_TO_JUDGE = 512, /* nobody is given up before what waits was read */
	LOAD_NS = 10000000, /* with so many packets in such a time */
	LOAD_PACKETS = 256,
	REST_NS = 1000000, /* each turn leaves the processor to others for so long */
	AGAIN_MS = 5, /* events that found no room are tried again */
	PRIORITY = 10,
	STACK_SIZE = 256 * 1024,
	TIMER = BFD_KINDS, /* epoll's data; below it a kind of socket */
	COMMANDS,
};

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* ---- sending ---- */

static int send_packet(struct bfd_track *t, const uint8_t *data)
{
	/* an ICMP error of an earlier packet is told in place of sending this one */
	if (send(t->fd, data, BFD_PACKET_LEN, MSG_NOSIGNAL) == BFD_PACKET_LEN ||
	    (errno == ECONNREFUSED &&
	     send(t->fd, data, BFD_PACKET_LEN, MSG_NOSIGNAL) == BFD_PACKET_LEN))
		return 0;
	return errno;
}

static void connect_track(struct bfd_track *t)
{
	t->fd = bfd_socket_connect(&t->peer, &t->source, 0, t->multihop);
	t->local = t->fd < 0 ? (struct addr){.family = ADDR_NONE} : bfd_socket_local(t->fd);
}

/* A session that is not Up looks for its way anew when the old one fails: our address may be
 * another one now. */
static void send_due(struct bfd_track *t, int64_t now)
{
	struct bfd_packet packet;
	uint8_t data[BFD_PACKET_LEN];

	if (!bfd_session_take_packet(&t->session, &packet, now))
		return;
	bfd_encode(data, &packet);
	if (t->fd < 0)
		connect_track(t);
	if (t->fd < 0) {
		t->error = -t->fd;
		return;
	}
	t->error = send_packet(t, data);
	if (t->error == 0 || t->session.machine.state == BFD_UP)
		return;
	close(t->fd);
	t->fd = -1;
}

/* ---- receiving ---- */

static enum bfd_socket_kind kind_of(const struct bfd_track *t)
{
	return bfd_kind_of(t->peer.family, t->multihop);
}

/* Of this kind, else of the other one with that peer. */
static struct bfd_track *find_peer(const struct bfd_thread *b, enum bfd_socket_kind kind,
				   const struct addr *peer)
{
	struct bfd_track *other = NULL;

	for (unsigned i = 0; i < b->n_tracks; i++) {
		struct bfd_track *t = b->tracks[i];

		if (!t || !addr_equal(&t->peer, peer))
			continue;
		if (kind_of(t) == kind)
			return t;
		other = t;
	}
	return other;
}

static bool is_low(const struct bfd_track *t, const struct bfd_datagram *d)
{
	return d->ttl < (t->multihop ? t->minimum_ttl : BFD_TTL);
}

/* Whose packet it is, whether it is taken or not; *ret stays NULL where nobody's. */
static enum bfd_discard match(const struct bfd_thread *b, enum bfd_socket_kind kind,
			      const struct bfd_datagram *d, uint32_t discriminator,
			      struct bfd_track **ret)
{
	struct bfd_track *t = b->tracks[discriminator & (BFD_TRACKS_MAX - 1)];

	if (!discriminator || !t || t->session.machine.local_discr != discriminator)
		t = find_peer(b, kind, &d->from);
	*ret = t;
	if (discriminator && (!t || t->session.machine.local_discr != discriminator))
		return BFD_NO_SESSION;
	if (!t)
		return BFD_UNKNOWN_SOURCE;
	if (kind_of(t) != kind)
		return BFD_OTHER_HOPS;
	if (!t->multihop && t->ifindex && d->ifindex != t->ifindex)
		return BFD_OTHER_INTERFACE;
	if (t->multihop && t->local.family != ADDR_NONE && !addr_equal(&d->to, &t->local))
		return BFD_OTHER_ADDRESS;
	return is_low(t, d) ? BFD_BAD_TTL : BFD_OK;
}

void bfd_thread_serve(struct bfd_thread *b, unsigned i, int64_t now)
{
	send_due(b->tracks[i], now);
	bfd_echo_send(b, b->tracks[i], now);
}

/* The session that may have to answer it; NULL: none. */
static struct bfd_track *take_datagram(struct bfd_thread *b, enum bfd_socket_kind kind,
				       const struct bfd_datagram *d, int64_t now)
{
	struct bfd_packet packet;
	struct bfd_track *t = NULL;
	enum bfd_discard reason = bfd_decode(&packet, d->data, d->len);
	bool may_act;

	if (reason == BFD_OK)
		reason = match(b, kind, d, packet.your_discr, &t);
	else
		t = find_peer(b, kind, &d->from);
	/* one for a session of an earlier run may wake that of today */
	may_act = reason == BFD_OK ||
		  (reason == BFD_NO_SESSION && t && match(b, kind, d, 0, &t) == BFD_OK);
	if (may_act)
		bfd_session_receive(&t->session, &packet, &reason, now);
	if (reason == BFD_OK) {
		bfd_way_learn(&t->way, d);
		return t;
	}
	bfd_discards_add(&b->discards, reason, &d->from, d->ttl);
	bfd_guard_discarded(b, kind, now);
	if (t)
		t->discards[reason]++;
	return may_act ? t : NULL;
}

/* What is to be answered is answered once, however many asked for it. */
static unsigned receive_batch(struct bfd_thread *b, enum bfd_socket_kind kind, int64_t now)
{
	const unsigned n = bfd_batch_receive(&b->batch, b->listening[kind]);
	struct bfd_track *taken[BFD_BATCH];

	for (unsigned i = 0; i < n; i++) {
		const struct bfd_datagram d = bfd_batch_at(&b->batch, i);

		taken[i] = take_datagram(b, kind, &d, now);
	}
	for (unsigned i = 0; i < n; i++)
		if (taken[i])
			send_due(taken[i], now);
	return n;
}

/* Is there more than what sessions send?  Then rests gather what comes. */
static void note_load(struct bfd_thread *b, unsigned packets, int64_t now)
{
	if (now - b->load_since >= LOAD_NS) {
		b->load_since = now;
		b->load = 0;
	}
	b->load += packets;
	b->busy = b->busy || b->load >= LOAD_PACKETS;
}

static void receive(struct bfd_thread *b, enum bfd_socket_kind kind, unsigned batches)
{
	unsigned n = BFD_BATCH;

	for (unsigned i = 0; i < batches && n == BFD_BATCH; i++) {
		const int64_t now = now_ns();

		if (kind >= BFD_ECHO_DIRECT) {
			bfd_echo_receive(b, b->listening[kind], kind == BFD_ECHO_LOOPED, now);
			return;
		}
		n = receive_batch(b, kind, now);
		note_load(b, n, now);
	}
}

static void receive_all(struct bfd_thread *b, unsigned batches)
{
	for (enum bfd_socket_kind kind = 0; kind < BFD_KINDS; kind++)
		if (b->listening[kind] >= 0)
			receive(b, kind, batches);
}

/* ---- timers ---- */

static bool some_expires(const struct bfd_thread *b, int64_t now)
{
	for (unsigned i = 0; i < b->n_tracks; i++)
		if (b->tracks[i] && bfd_session_expires(&b->tracks[i]->session, now))
			return true;
	return false;
}

/* Where we were late, what came in time waits in the sockets. */
static void tick_all(struct bfd_thread *b)
{
	int64_t now = now_ns();

	if (some_expires(b, now)) {
		receive_all(b, BATCHES_TO_JUDGE);
		now = now_ns();
	}
	for (unsigned i = 0; i < b->n_tracks; i++) {
		struct bfd_track *t = b->tracks[i];

		if (!t)
			continue;
		bfd_session_tick(&t->session, now);
		bfd_thread_serve(b, i, now);
	}
	bfd_guard_tick(b, now);
}

static void arm(struct bfd_thread *b)
{
	struct itimerspec spec = {0};
	int64_t first = 0;

	for (unsigned i = 0; i < b->n_tracks; i++) {
		const int64_t at = b->tracks[i] ? bfd_session_deadline(&b->tracks[i]->session) : 0;

		if (at && (!first || at < first))
			first = at;
	}
	if (first == b->armed)
		return;
	b->armed = first;
	spec.it_value.tv_sec = first / 1000000000;
	spec.it_value.tv_nsec = first % 1000000000;
	timerfd_settime(b->timer, TFD_TIMER_ABSTIME, &spec, NULL);
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
	const int64_t now = b->discards.pending ? now_ns() : 0;

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
	for (unsigned i = 0; i < b->n_tracks && !b->behind; i++)
		b->behind = !tell(b, i);
}

/* ---- commands ---- */

static void keep_in_memory(const void *at, size_t size)
{
	(void)mlock2(at, size, MLOCK_ONFAULT);
}

static void set_listening(struct bfd_thread *b, enum bfd_socket_kind kind, int fd)
{
	struct epoll_event e = {.events = EPOLLIN, .data.u32 = kind};

	bfd_guard_forget(b, kind);
	if (b->listening[kind] >= 0)
		close(b->listening[kind]);
	b->listening[kind] = fd;
	if (fd >= 0)
		epoll_ctl(b->epoll, EPOLL_CTL_ADD, fd, &e);
}

static void remove_track(struct bfd_thread *b, unsigned index)
{
	struct bfd_track *t = b->tracks[index];
	const int64_t now = now_ns();

	/* twice: one may be lost */
	for (int i = 0; i < 2; i++) {
		bfd_session_admin_down(&t->session, now);
		t->session.send_now = true;
		send_due(t, now);
	}
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	b->tracks[index] = NULL;
	b->removed[index] = true;
	bfd_guard_renew(b);
}

static void snapshot(struct bfd_thread *b, const struct bfd_command *c)
{
	for (unsigned i = 0; i < c->index; i++)
		if (b->tracks[i])
			c->track[i] = *b->tracks[i];
	bfd_guard_count(b);
	*c->discards = b->discards;
	sem_post(c->done);
}

static void admin_down_all(struct bfd_thread *b)
{
	for (unsigned i = 0; i < b->n_tracks; i++)
		if (b->tracks[i])
			bfd_session_admin_down(&b->tracks[i]->session, now_ns());
}

/* Connected at once: by our address in the session it is known what is sent to it. */
static void add_track(struct bfd_thread *b, const struct bfd_command *c)
{
	b->tracks[c->index] = c->track;
	connect_track(c->track);
	if (c->index >= b->n_tracks)
		b->n_tracks = c->index + 1;
	keep_in_memory(c->track, sizeof(*c->track));
	bfd_guard_renew(b);
}

static void obey(struct bfd_thread *b, const struct bfd_command *c)
{
	switch (c->what) {
	case BFD_COMMAND_ADD:
		add_track(b, c);
		break;
	case BFD_COMMAND_REMOVE:
		remove_track(b, c->index);
		break;
	case BFD_COMMAND_PARAMS:
		b->tracks[c->index]->minimum_ttl = c->minimum_ttl;
		b->tracks[c->index]->ifindex = c->ifindex;
		bfd_session_set_params(&b->tracks[c->index]->session, &c->params, now_ns());
		bfd_guard_renew(b);
		break;
	case BFD_COMMAND_LISTEN:
		set_listening(b, c->index, c->fd);
		break;
	case BFD_COMMAND_ADMIN_DOWN:
		admin_down_all(b);
		break;
	case BFD_COMMAND_SNAPSHOT:
		snapshot(b, c);
		break;
	case BFD_COMMAND_END:
		b->ends = true;
		break;
	}
}

static void obey_all(struct bfd_thread *b)
{
	struct bfd_command c;

	ring_clear(&b->commands);
	while (ring_take(&b->commands, &c))
		obey(b, &c);
}

/* ---- the loop ---- */

static void handle(struct bfd_thread *b, uint32_t what)
{
	uint64_t expirations;

	if (what == COMMANDS) {
		obey_all(b);
	} else if (what == TIMER) {
		b->armed = 0;
		if (read(b->timer, &expirations, sizeof(expirations)) < 0)
			return;
	} else if (b->listening[what] >= 0) {
		receive(b, what, BATCHES_A_TURN);
	}
}

static void keep_stack_in_memory(void)
{
	pthread_attr_t attr;
	void *stack;
	size_t size;

	if (pthread_getattr_np(pthread_self(), &attr) != 0)
		return;
	if (pthread_attr_getstack(&attr, &stack, &size) == 0)
		keep_in_memory(stack, size);
	pthread_attr_destroy(&attr);
}

/* Without it a flood would have all of a processor, at this priority. */
static void rest(const struct bfd_thread *b)
{
	const int64_t now = now_ns();
	int64_t ns = REST_NS;

	if (b->armed && b->armed - now < ns)
		ns = b->armed - now;
	if (ns > 0)
		nanosleep(&(struct timespec){.tv_nsec = ns}, NULL);
}

static void *run(void *arg)
{
	struct bfd_thread *b = arg;
	struct epoll_event events[BFD_KINDS + 2];

	keep_stack_in_memory();
	keep_in_memory(b, sizeof(*b));
	keep_in_memory(b->events.at, b->events.size * RING_LENGTH);
	while (!b->ends) {
		int n = epoll_wait(b->epoll, events, BFD_KINDS + 2, b->behind ? AGAIN_MS : -1);

		for (int i = 0; i < n; i++)
			handle(b, events[i].data.u32);
		tick_all(b);
		tell_all(b);
		arm(b);
		if (b->busy)
			rest(b);
		b->busy = false;
	}
	for (unsigned i = 0; i < b->n_tracks; i++)
		if (b->tracks[i])
			remove_track(b, i);
	return NULL;
}

static int watch(const struct bfd_thread *b, int fd, uint32_t what)
{
	struct epoll_event e = {.events = EPOLLIN, .data.u32 = what};

	return epoll_ctl(b->epoll, EPOLL_CTL_ADD, fd, &e) < 0 ? -errno : 0;
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
	b->epoll = epoll_create1(EPOLL_CLOEXEC);
	b->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (r >= 0 && (b->epoll < 0 || b->timer < 0))
		r = -errno;
	if (r >= 0)
		r = watch(b, b->timer, TIMER);
	if (r >= 0)
		r = watch(b, b->commands.wake, COMMANDS);
	return r;
}

static void close_all(struct bfd_thread *b)
{
	for (unsigned i = 0; i < BFD_KINDS; i++)
		if (b->listening[i] >= 0)
			close(b->listening[i]);
	if (b->timer >= 0)
		close(b->timer);
	if (b->epoll >= 0)
		close(b->epoll);
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
