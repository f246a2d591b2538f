/* bfd_responder_bgp.c: BGP as far as a peer needs it to be Established: OPEN, KEEPALIVE (RFC
 * 4271 4.2, 4.4); everything else is passed over */
#include "bfd_responder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER = 19, OPEN = 1, NOTIFICATION = 3, KEEPALIVE = 4, OUR_ASN = 64512, HOLD_S = 240 };

int bgp_listen(void)
{
	const struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(179)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	if (bind(fd, (const struct sockaddr *)&any, sizeof(any)) < 0 || listen(fd, 1024) < 0)
		die("port 179");
	return fd;
}

int bgp_accept(int listener, uint32_t *address)
{
	struct sockaddr_in to;
	socklen_t len = sizeof(to);
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0 && getsockname(fd, (struct sockaddr *)&to, &len) == 0)
		*address = ntohl(to.sin_addr.s_addr);
	return fd;
}

static void say(int fd, uint8_t type, const uint8_t *body, size_t len)
{
	uint8_t message[128];

	memset(message, 0xff, 16);
	message[16] = 0;
	message[17] = (uint8_t)(HEADER + len);
	message[18] = type;
	if (len)
		memcpy(message + HEADER, body, len);
	if (send(fd, message, HEADER + len, MSG_NOSIGNAL) < 0)
		return; /* told by the next read */
}

static void greet(int fd, uint32_t router_id)
{
	const uint8_t open[] = {
		4, OUR_ASN >> 8, OUR_ASN & 0xff, 0, HOLD_S, (uint8_t)(router_id >> 24),
		(uint8_t)(router_id >> 16), (uint8_t)(router_id >> 8), (uint8_t)router_id,
		/* one parameter: IPv4 unicast (RFC 4760), four octets (RFC 6793) */
		14, 2, 12, 1, 4, 0, 1, 0, 1, 65, 4, 0, 0, OUR_ASN >> 8, OUR_ASN & 0xff};

	say(fd, OPEN, open, sizeof(open));
	say(fd, KEEPALIVE, NULL, 0);
}

/* False: it was a NOTIFICATION. */
static bool take(struct bgp_conn *c, uint8_t type, uint32_t router_id)
{
	if (type == OPEN)
		greet(c->fd, router_id);
	if (type == KEEPALIVE && c->established)
		say(c->fd, KEEPALIVE, NULL, 0);
	if (type == KEEPALIVE)
		c->established = true;
	return type != NOTIFICATION;
}

static bool take_all(struct bgp_conn *c, uint32_t router_id)
{
	size_t at = 0;

	while (c->got - at >= HEADER) {
		const size_t len = (size_t)(c->in[at + 16] << 8 | c->in[at + 17]);

		if (len < HEADER || c->got - at < len)
			break;
		if (!take(c, c->in[at + 18], router_id))
			return false;
		at += len;
	}
	memmove(c->in, c->in + at, c->got - at);
	c->got -= at;
	return true;
}

bool bgp_read(struct bgp_conn *c, uint32_t router_id)
{
	ssize_t n;

	while ((n = recv(c->fd, c->in + c->got, sizeof(c->in) - c->got, 0)) > 0) {
		c->got += (size_t)n;
		if (!take_all(c, router_id)) {
			n = 0;
			break;
		}
	}
	if (n < 0 && errno == EAGAIN)
		return true;
	close(c->fd);
	*c = (struct bgp_conn){.fd = -1};
	return false;
}
