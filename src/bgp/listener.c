/* listener.c: the listening sockets, and the connections that come in by them */
#include "bgp/listener.h"

#include "base/array.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/port_owner.h"
#include "bgp/tcp.h"
#include "bgp/timer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	RETRY_US = 10 * 1000 * 1000,
	REST_US = 1000 * 1000, /* after accept() found no descriptor or memory */
	ACCEPT_MAX = 16, /* in one turn of the loop */
};

/* One address that is wanted. */
struct door {
	struct listener *listener;
	struct listen_address at;
	int fd; /* -1: it could not be had yet */
	int error; /* why; told once */
	sd_event_source *source;
	bool wanted;
	char text[ADDR_TEXT_MAX + 10]; /* "[::]:179" */
};

struct listener {
	sd_event *event;
	const struct listener_ops *ops;
	void *arg;
	ARRAY(struct door *) doors;
	struct bgp_timer retry, rest;
};

static void door_free(struct door *d)
{
	sd_event_source_disable_unref(d->source);
	if (d->fd >= 0)
		close(d->fd);
	free(d);
}

/* Wakes the sockets that rested. */
static void on_rested(void *arg)
{
	struct listener *l = arg;

	for (size_t i = 0; i < l->doors.n; i++) {
		if (l->doors.at[i]->source)
			sd_event_source_set_enabled(l->doors.at[i]->source, SD_EVENT_ON);
	}
}

/* A socket that stays readable while accept() fails would turn the loop for nothing. */
static void take_rest(struct door *d, int error)
{
	struct listener *l = d->listener;

	log_warning("accepting on %s: %s", d->text, strerror(error));
	sd_event_source_set_enabled(d->source, SD_EVENT_OFF);
	bgp_timer_start(&l->rest, l->event, REST_US, on_rested, l);
}

static void take_one(struct listener *l, int fd)
{
	struct addr local = tcp_local_address(fd), remote = tcp_remote_address(fd);
	char text[ADDR_TEXT_MAX];

	if (local.family != ADDR_NONE && remote.family != ADDR_NONE &&
	    l->ops->accepted(l->arg, fd, &local, &remote))
		return;
	log_debug("a connection from %s is not wanted", addr_format(text, &remote));
	close(fd);
}

static int on_readable(sd_event_source *source, int fd, uint32_t events, void *arg)
{
	struct door *d = arg;

	(void)source;
	(void)events;
	for (int i = 0; i < ACCEPT_MAX; i++) {
		int got = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (got >= 0)
			take_one(d->listener, got);
		else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			return take_rest(d, errno), 0;
		else if (errno != ECONNABORTED && errno != EINTR)
			return 0;
	}
	return 0;
}

static int door_open(struct door *d)
{
	struct listener *l = d->listener;
	int fd, r;

	r = tcp_listen(&fd, &d->at.addr, d->at.port);
	if (r < 0)
		return r;
	r = sd_event_add_io(l->event, &d->source, fd, EPOLLIN, on_readable, d);
	if (r < 0) {
		close(fd);
		return r;
	}
	d->fd = fd;
	return 0;
}

/* What stands behind the error; buf is PORT_OWNER_TEXT_MAX long. */
static const char *advice(char *buf, const struct door *d, int error)
{
	switch (error) {
	case EADDRINUSE:
		port_owner(buf, PORT_TCP_LISTEN, d->at.port);
		return buf;
	case EACCES:
		return "a port below 1024 needs CAP_NET_BIND_SERVICE";
	case EADDRNOTAVAIL:
		return "this host does not have the address";
	default:
		return "see the kernel's log";
	}
}

static void tell(struct door *d, int r)
{
	char owner[PORT_OWNER_TEXT_MAX];
	int error = -r;

	if (error == d->error)
		return;
	d->error = error;
	if (error == 0) {
		log_info("listening on %s", d->text);
		return;
	}
	log_event(LOG_WARNING, EVENT_LISTEN_FAILED, LOG_FIELDS({"REASON", strerror(error)}),
		  "cannot listen on %s: %s (%s); peers are dialled, and it is tried again", d->text,
		  strerror(error), advice(owner, d, error));
}

static void on_retry(void *arg);

/* Opens what is not open; returns how many stand. */
static size_t open_all(struct listener *l)
{
	size_t stand = 0;
	bool opened = false;

	for (size_t i = 0; i < l->doors.n; i++) {
		struct door *d = l->doors.at[i];

		if (d->fd < 0) {
			int r = door_open(d);

			tell(d, r);
			opened |= r == 0;
		}
		stand += d->fd >= 0;
	}
	if (opened)
		l->ops->opened(l->arg);
	if (stand < l->doors.n)
		bgp_timer_start(&l->retry, l->event, RETRY_US, on_retry, l);
	else
		bgp_timer_stop(&l->retry);
	return stand;
}

static void on_retry(void *arg)
{
	(void)open_all(arg);
}

struct listener *listener_new(sd_event *event, const struct listener_ops *ops, void *arg)
{
	struct listener *l = heap_new_of(struct listener);

	l->event = event;
	l->ops = ops;
	l->arg = arg;
	return l;
}

void listener_free(struct listener *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->doors.n; i++)
		door_free(l->doors.at[i]);
	array_fini(&l->doors);
	bgp_timer_fini(&l->retry);
	bgp_timer_fini(&l->rest);
	free(l);
}

static struct door *find_door(struct listener *l, const struct listen_address *at)
{
	for (size_t i = 0; i < l->doors.n; i++) {
		struct door *d = l->doors.at[i];

		if (d->at.port == at->port && addr_equal(&d->at.addr, &at->addr))
			return d;
	}
	return NULL;
}

static struct door *door_new(struct listener *l, const struct listen_address *at)
{
	struct door *d = heap_new_of(struct door);
	char text[ADDR_TEXT_MAX];

	d->listener = l;
	d->at = *at;
	d->fd = -1;
	d->error = -1; /* so that the first result is told, good or bad */
	addr_format(text, &at->addr);
	snprintf(d->text, sizeof(d->text), at->addr.family == ADDR_IPV6 ? "[%s]:%u" : "%s:%u", text,
		 at->port);
	return d;
}

size_t listener_want(struct listener *l, const struct listen_address *at, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->doors.n; i++)
		l->doors.at[i]->wanted = false;
	for (size_t i = 0; i < n; i++) {
		struct door *d = find_door(l, &at[i]);

		if (!d)
			d = *array_add(&l->doors) = door_new(l, &at[i]);
		d->wanted = true;
	}
	/* What goes, goes first: 0.0.0.0:179 and 192.0.2.1:179 exclude each other. */
	for (size_t i = 0; i < l->doors.n; i++) {
		if (l->doors.at[i]->wanted)
			l->doors.at[kept++] = l->doors.at[i];
		else
			door_free(l->doors.at[i]);
	}
	l->doors.n = kept;
	return open_all(l);
}

void listener_set_password(struct listener *l, const struct addr *peer, const char *password)
{
	for (size_t i = 0; i < l->doors.n; i++) {
		struct door *d = l->doors.at[i];
		char text[ADDR_TEXT_MAX];
		int r;

		if (d->fd < 0 || d->at.addr.family != peer->family)
			continue;
		r = tcp_set_password(d->fd, peer, password);
		if (r < 0)
			log_warning("TCP MD5 for %s on %s: %s", addr_format(text, peer), d->text,
				    strerror(-r));
	}
}
