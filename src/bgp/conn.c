/* conn.c: one TCP connection of a session: bytes in, bytes out, nothing of BGP's meaning */
#include "bgp/conn.h"

#include "base/heap.h"
#include "base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	RX_SIZE = 16384, /* holds the longest message several times */
	RX_LARGE = 65536, /* for one extended message (RFC 8654), as long as it is needed */
	TX_KEPT = 4096, /* a larger buffer is given back once it is empty */
	READS_MAX = 4, /* in one turn of the loop: others want their turn too */
};

void conn_init(struct conn *c, sd_event *event, const struct conn_ops *ops, void *arg)
{
	*c = (struct conn){.event = event, .ops = ops, .arg = arg, .fd = -1};
}

void conn_fini(struct conn *c)
{
	conn_close(c);
}

/* Forgets the connection without closing its descriptor. */
static void let_go(struct conn *c)
{
	c->source = sd_event_source_disable_unref(c->source);
	free(c->rx);
	free(c->tx);
	c->rx = c->tx = NULL;
	c->rx_len = c->rx_max = c->tx_len = c->tx_sent = c->tx_max = 0;
	c->fd = -1;
	c->dialling = c->paused = false;
	c->generation++;
	c->local = c->remote = (struct addr){0};
}

void conn_close(struct conn *c)
{
	int fd = c->fd;

	if (fd < 0)
		return;
	let_go(c);
	close(fd);
}

int conn_detach(struct conn *c, uint8_t **bytes, size_t *len)
{
	int fd = c->fd;

	*bytes = NULL;
	*len = 0;
	if (fd < 0)
		return -1;
	if (c->tx_len > c->tx_sent) {
		*len = c->tx_len - c->tx_sent;
		*bytes = heap_alloc(*len);
		memcpy(*bytes, c->tx + c->tx_sent, *len);
	}
	let_go(c);
	return fd;
}

static void fail(struct conn *c, int error)
{
	conn_close(c);
	c->ops->closed(c->arg, c, error);
}

static void set_events(struct conn *c, uint32_t events)
{
	uint32_t now = 0;

	if (c->paused)
		events &= ~(uint32_t)EPOLLIN;
	if (sd_event_source_get_io_events(c->source, &now) >= 0 && now == events)
		return;
	(void)sd_event_source_set_io_events(c->source, events);
}

static void established(struct conn *c)
{
	c->dialling = false;
	c->local = tcp_local_address(c->fd);
	c->remote = tcp_remote_address(c->fd);
	c->rx = heap_alloc(RX_SIZE);
	c->rx_max = RX_SIZE;
	c->sent_at = monotime_now();
	set_events(c, EPOLLIN);
}

static void resize_rx(struct conn *c, size_t max)
{
	uint8_t *resized = heap_alloc(max);

	memcpy(resized, c->rx, c->rx_len);
	free(c->rx);
	c->rx = resized;
	c->rx_max = max;
}

/* Offers what was received until no more is taken; false: the connection is no longer the same. */
static bool offer(struct conn *c)
{
	uint64_t generation = c->generation;
	size_t at = 0;

	while (at < c->rx_len) {
		size_t used = c->ops->received(c->arg, c, c->rx + at, c->rx_len - at);

		if (c->generation != generation)
			return false;
		if (used == 0)
			break;
		at += used;
	}
	c->rx_len -= at;
	if (at > 0 && c->rx_len > 0)
		memmove(c->rx, c->rx + at, c->rx_len);
	if (c->rx_max > RX_SIZE && c->rx_len < RX_SIZE)
		resize_rx(c, RX_SIZE);
	return true;
}

static bool read_some(struct conn *c)
{
	for (int i = 0; i < READS_MAX; i++) {
		size_t room;
		ssize_t n;

		if (c->rx_len == RX_SIZE && c->rx_max == RX_SIZE)
			resize_rx(c, RX_LARGE); /* its header was found good */
		room = c->rx_max - c->rx_len;
		if (room == 0)
			return fail(c, EMSGSIZE), false;
		n = read(c->fd, c->rx + c->rx_len, room);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return true;
		if (n <= 0)
			return fail(c, n < 0 ? errno : 0), false;
		c->rx_len += (size_t)n;
		if (!offer(c))
			return false;
		if ((size_t)n < room)
			return true;
	}
	return true;
}

static void tx_reset(struct conn *c)
{
	c->tx_len = c->tx_sent = 0;
	if (c->tx_max > TX_KEPT) {
		free(c->tx);
		c->tx = NULL;
		c->tx_max = 0;
	}
}

/* Returns false where the connection broke. */
static bool write_some(struct conn *c)
{
	while (c->tx_sent < c->tx_len) {
		ssize_t n = send(c->fd, c->tx + c->tx_sent, c->tx_len - c->tx_sent, MSG_NOSIGNAL);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return true;
		if (n < 0)
			return fail(c, errno), false;
		c->tx_sent += (size_t)n;
		c->sent_at = monotime_now();
	}
	tx_reset(c);
	return true;
}

static void on_writable(struct conn *c)
{
	uint64_t generation = c->generation;

	if (!write_some(c) || c->tx_len > 0)
		return;
	c->ops->fill(c->arg, c);
	if (c->generation != generation)
		return;
	if (c->tx_len == 0)
		set_events(c, EPOLLIN);
	else
		(void)write_some(c); /* the rest, and the next piece, in another turn */
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *arg)
{
	struct conn *c = arg;
	int r;

	(void)source;
	if (c->dialling) {
		r = tcp_dial_result(fd);
		if (r < 0) {
			fail(c, -r);
		} else if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) {
			established(c);
			c->ops->connected(c->arg, c);
		}
		return 0;
	}
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
		if (!read_some(c))
			return 0;
	}
	if (events & EPOLLOUT)
		on_writable(c);
	return 0;
}

static int watch(struct conn *c, int fd, uint32_t events)
{
	int r = sd_event_add_io(c->event, &c->source, fd, events, on_io, c);

	if (r < 0) {
		close(fd);
		return r;
	}
	c->fd = fd;
	c->generation++;
	return 0;
}

int conn_dial(struct conn *c, const struct tcp_params *params)
{
	int fd, r;

	conn_close(c);
	r = tcp_dial(&fd, params);
	if (r < 0)
		return r;
	r = watch(c, fd, EPOLLOUT);
	if (r < 0)
		return r;
	c->dialling = true;
	return 0;
}

int conn_take(struct conn *c, int fd, const struct tcp_params *params)
{
	int r;

	conn_close(c);
	r = tcp_adopt(fd, params);
	if (r < 0) {
		close(fd);
		return r;
	}
	r = watch(c, fd, EPOLLIN);
	if (r < 0)
		return r;
	established(c);
	return 0;
}

bool conn_is_open(const struct conn *c)
{
	return c->fd >= 0 && !c->dialling;
}

void conn_send(struct conn *c, const void *data, size_t len)
{
	if (!conn_is_open(c) || len == 0)
		return;
	if (c->tx_len + len > c->tx_max) {
		size_t max = c->tx_max * 2 > c->tx_len + len ? c->tx_max * 2 : c->tx_len + len;
		uint8_t *grown = heap_alloc(max);

		if (c->tx_len > 0)
			memcpy(grown, c->tx, c->tx_len);
		free(c->tx);
		c->tx = grown;
		c->tx_max = max;
	}
	memcpy(c->tx + c->tx_len, data, len);
	c->tx_len += len;
	set_events(c, EPOLLIN | EPOLLOUT);
}

void conn_want_fill(struct conn *c)
{
	if (conn_is_open(c))
		set_events(c, EPOLLIN | EPOLLOUT);
}

int conn_set_password(struct conn *c, const struct addr *peer, const char *password)
{
	return conn_is_open(c) ? tcp_set_password(c->fd, peer, password) : 0;
}

void conn_pause(struct conn *c)
{
	if (!conn_is_open(c))
		return;
	c->paused = true;
	set_events(c, c->tx_len > 0 ? EPOLLOUT : 0);
}

void conn_resume(struct conn *c)
{
	if (!conn_is_open(c) || !c->paused)
		return;
	c->paused = false;
	set_events(c, EPOLLIN | EPOLLOUT);
}

void conn_set_patience(struct conn *c, unsigned seconds)
{
	if (conn_is_open(c))
		(void)tcp_set_user_timeout(c->fd, seconds);
}

bool conn_has_input(const struct conn *c)
{
	int waiting = 0;

	return conn_is_open(c) && ioctl(c->fd, FIONREAD, &waiting) == 0 && waiting > 0;
}

bool conn_is_flushed(const struct conn *c)
{
	return c->tx_len == 0;
}
