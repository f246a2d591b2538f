/* thread_commands.c: what the thread's owner wants of it */
#include "bfd/guard.h"
#include "bfd/thread_private.h"

#include <sys/mman.h>
#include <unistd.h>

void bfd_keep_in_memory(const void *at, size_t size)
{
	(void)mlock2(at, size, MLOCK_ONFAULT);
}

static void set_listening(struct bfd_thread *b, enum bfd_socket_kind kind, int fd)
{
	bfd_guard_forget(b, kind);
	if (b->listening[kind] >= 0)
		close(b->listening[kind]);
	b->listening[kind] = fd;
}

void bfd_thread_remove(struct bfd_thread *b, unsigned index)
{
	struct bfd_track *t = b->tracks[index];
	const int64_t now = bfd_now_ns();

	/* twice: one may be lost */
	for (int i = 0; i < 2; i++) {
		bfd_session_admin_down(&t->session, now);
		t->session.send_now = true;
		bfd_thread_send(t, now);
	}
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	bfd_peers_remove(b, index);
	due_set(&b->due, index, 0);
	b->tracks[index] = NULL;
	b->removed[index] = true;
	bfd_guard_renew(b);
	bfd_thread_serve(b, index, now);
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
	const int64_t now = bfd_now_ns();

	for (unsigned i = 0; i < b->n_tracks; i++) {
		if (!b->tracks[i])
			continue;
		bfd_session_admin_down(&b->tracks[i]->session, now);
		bfd_thread_serve(b, i, now);
	}
}

/* Connected at once: by our address in the session it is known what is sent to it. */
static void add_track(struct bfd_thread *b, const struct bfd_command *c)
{
	b->tracks[c->index] = c->track;
	bfd_thread_connect(c->track);
	if (c->index >= b->n_tracks)
		b->n_tracks = c->index + 1;
	bfd_keep_in_memory(c->track, sizeof(*c->track));
	bfd_peers_add(b, c->index);
	bfd_thread_serve(b, c->index, bfd_now_ns());
	bfd_guard_renew(b);
}

static void set_params(struct bfd_thread *b, const struct bfd_command *c)
{
	struct bfd_track *t = b->tracks[c->index];
	const int64_t now = bfd_now_ns();

	t->minimum_ttl = c->minimum_ttl;
	t->ifindex = c->ifindex;
	t->link_address = c->link_address;
	bfd_session_set_params(&t->session, &c->params, now);
	bfd_thread_serve(b, c->index, now);
	bfd_guard_renew(b);
}

static void obey(struct bfd_thread *b, const struct bfd_command *c)
{
	switch (c->what) {
	case BFD_COMMAND_ADD:
		add_track(b, c);
		break;
	case BFD_COMMAND_REMOVE:
		bfd_thread_remove(b, c->index);
		break;
	case BFD_COMMAND_PARAMS:
		set_params(b, c);
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

void bfd_thread_obey(struct bfd_thread *b)
{
	struct bfd_command c;

	ring_clear(&b->commands);
	b->fastest_us = 0;
	while (ring_take(&b->commands, &c))
		obey(b, &c);
}
