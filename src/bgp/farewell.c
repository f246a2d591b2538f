/* farewell.c: connections that are at their end: the last bytes out, then closed in good order */
#include "bgp/farewell.h"

#include "base/heap.h"
#include "bgp/timer.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	PATIENCE_US = 3 * 1000 * 1000,
	FAREWELLS_MAX = 256, /* more are closed at once */
};

struct farewell {
	struct farewells *all;
	LIST_ENTRY(farewell) others;
	int fd;
	uint8_t *bytes;
	size_t len, sent;
	sd_event_source *source;
	struct bgp_timer patience;
};

struct farewells {
	sd_event *event;
	size_t n;
	LIST_HEAD(, farewell) list;
};

struct farewells *farewells_new(sd_event *event)
{
	struct farewells *all = heap_new_of(struct farewells);

	all->event = event;
	LIST_INIT(&all->list);
	return all;
}

static void farewell_free(struct farewell *f)
{
	LIST_REMOVE(f, others);
	f->all->n--;
	sd_event_source_disable_unref(f->source);
	bgp_timer_fini(&f->patience);
	close(f->fd);
	free(f->bytes);
	free(f);
}

void farewells_free(struct farewells *all)
{
	if (!all)
		return;
	while (!LIST_EMPTY(&all->list))
		farewell_free(LIST_FIRST(&all->list));
	free(all);
}

size_t farewells_count(const struct farewells *all)
{
	return all->n;
}

static void on_impatience(void *arg)
{
	farewell_free(arg);
}

/* False: it is broken. */
static bool write_rest(struct farewell *f)
{
	while (f->sent < f->len) {
		ssize_t n = send(f->fd, f->bytes + f->sent, f->len - f->sent, MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		f->sent += (size_t)n;
	}
	return shutdown(f->fd, SHUT_WR) == 0;
}

/* False: the peer has closed, or it is broken. */
static bool read_away(struct farewell *f)
{
	uint8_t dropped[4096];
	ssize_t n = read(f->fd, dropped, sizeof(dropped));

	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *arg)
{
	struct farewell *f = arg;

	(void)fd;
	if ((events & EPOLLOUT) && !write_rest(f)) {
		farewell_free(f);
		return 0;
	}
	if (f->sent == f->len)
		(void)sd_event_source_set_io_events(source, EPOLLIN);
	if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) && !read_away(f))
		farewell_free(f);
	return 0;
}

void farewell_start(struct farewells *all, int fd, uint8_t *bytes, size_t len)
{
	struct farewell *f = heap_new_of(struct farewell);

	f->all = all;
	f->fd = fd;
	f->bytes = bytes;
	f->len = len;
	LIST_INSERT_HEAD(&all->list, f, others);
	all->n++;
	if (!write_rest(f) || all->n > FAREWELLS_MAX ||
	    sd_event_add_io(all->event, &f->source, fd, EPOLLIN | (f->sent < f->len ? EPOLLOUT : 0),
			    on_io, f) < 0) {
		farewell_free(f);
		return;
	}
	bgp_timer_start(&f->patience, all->event, PATIENCE_US, on_impatience, f);
}
