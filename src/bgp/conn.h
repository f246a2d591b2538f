/* conn.h: one TCP connection of a session: bytes in, bytes out, nothing of BGP's meaning
 *
 * Received bytes are gathered in a buffer of bounded size and offered until the owner takes no
 * more.  What is to be sent is asked for when the socket can take it (`fill`), in pieces of at most
 * about 64 kB, so nothing piles up behind a slow peer.
 *
 * Lies inside its owner and may be closed, and opened again, from any of its callbacks.
 */
#ifndef MLBGPD_BGP_CONN_H
#define MLBGPD_BGP_CONN_H

#include "base/addr.h"
#include "base/clock.h"
#include "bgp/tcp.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct conn;

enum { CONN_PIECE = 65536 }; /* bytes to be built at once */

struct conn_ops {
	/* A dialled connection stands. */
	void (*connected)(void *arg, struct conn *c);
	/* Returns how many bytes were used up; 0: more are needed. */
	size_t (*received)(void *arg, struct conn *c, const uint8_t *data, size_t len);
	/* The socket can take more: conn_send() up to CONN_PIECE bytes, if there are any. */
	void (*fill)(void *arg, struct conn *c);
	/* It could not be made, broke, or the peer closed it (error 0).  It is closed already. */
	void (*closed)(void *arg, struct conn *c, int error);
};

struct conn {
	sd_event *event;
	const struct conn_ops *ops;
	void *arg;
	sd_event_source *source;
	int fd; /* -1: closed */
	bool dialling;
	bool paused; /* nothing is read */
	uint64_t generation; /* counts openings and closings */
	uint8_t *rx;
	size_t rx_len, rx_max;
	uint8_t *tx;
	size_t tx_len, tx_sent, tx_max;
	struct monotime sent_at; /* when the kernel last took bytes (or the connection stood) */
	struct addr local, remote;
};

void conn_init(struct conn *c, sd_event *event, const struct conn_ops *ops, void *arg);
void conn_fini(struct conn *c);
/* 0 or -errno (it is closed then, and `closed` is not called). */
int conn_dial(struct conn *c, const struct tcp_params *params);
/* An accepted connection; fd is the conn's, or closed on failure. */
int conn_take(struct conn *c, int fd, const struct tcp_params *params);
bool conn_is_open(const struct conn *c); /* connected, not just dialling */
/* At once.  What was not sent is lost. */
void conn_close(struct conn *c);
/* Appends bytes to what is sent next. */
void conn_send(struct conn *c, const void *data, size_t len);
/* There is something to be sent: `fill` is called once the socket can take it. */
void conn_want_fill(struct conn *c);
/* Sent bytes that are not acknowledged for so long end the connection; 0: the system's default. */
void conn_set_patience(struct conn *c, unsigned seconds);
/* Another TCP MD5 password for a connection that stands; 0 or -errno. */
int conn_set_password(struct conn *c, const struct addr *peer, const char *password);
/* What the peer sends waits in the socket, until it is resumed. */
void conn_pause(struct conn *c);
void conn_resume(struct conn *c);
/* Is there something in the socket that was not read yet? */
bool conn_has_input(const struct conn *c);
/* Has all been handed to the kernel? */
bool conn_is_flushed(const struct conn *c);
/* Closes it, but gives the descriptor and the bytes not sent to the caller (fd -1: was not open);
 * *bytes is to be freed. */
int conn_detach(struct conn *c, uint8_t **bytes, size_t *len);

#endif
