/* netlink.c: requests, dumps, batches and their errors, by libmnl */
#include "kernel/netlink.h"

#include "base/heap.h"
#include "base/text.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

enum { RECEIVE_BUFFER = 4 << 20, READ_SIZE = 64 << 10, DUMP_TRIES = 100 };

int netlink_open(struct netlink *nl, int protocol, uint32_t groups)
{
	struct timeval timeout = {.tv_sec = NETLINK_TIMEOUT_S};
	int on = 1, size = RECEIVE_BUFFER, fd, r;

	memset(nl, 0, sizeof(*nl));
	nl->socket = mnl_socket_open2(protocol, SOCK_CLOEXEC | (groups ? SOCK_NONBLOCK : 0));
	if (!nl->socket)
		return -errno;
	if (mnl_socket_bind(nl->socket, groups, MNL_SOCKET_AUTOPID) < 0) {
		r = -errno;
		netlink_close(nl);
		return r;
	}
	nl->port = mnl_socket_get_portid(nl->socket);
	fd = mnl_socket_get_fd(nl->socket);
	/* a burst of a thousand events overflows the default; without privilege the limit stays */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	(void)mnl_socket_setsockopt(nl->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	(void)mnl_socket_setsockopt(nl->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	/* what a dump is asked for it is asked of the kernel, not picked out here */
	(void)mnl_socket_setsockopt(nl->socket, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	if (!groups)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	return 0;
}

void netlink_close(struct netlink *nl)
{
	if (nl->socket)
		mnl_socket_close(nl->socket);
	nl->socket = NULL;
}

/* Looks through what was received: 1: more is to come, 0: that was all, or -errno. */
static int look_through(const struct netlink *nl, const char *at, size_t len, bool one,
			bool *interrupted)
{
	const struct nlmsghdr *h = (const struct nlmsghdr *)at;
	int left = (int)len;

	for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left)) {
		const struct nlmsgerr *error = mnl_nlmsg_get_payload(h);

		/* others answer what an earlier request left behind */
		if (h->nlmsg_seq != nl->seq)
			continue;
		if (h->nlmsg_flags & NLM_F_DUMP_INTR)
			*interrupted = true;
		if (h->nlmsg_type == NLMSG_DONE)
			return 0;
		if (h->nlmsg_type == NLMSG_ERROR)
			return mnl_nlmsg_get_payload_len(h) < sizeof(*error) ? -EPROTO
									     : error->error;
		if (one)
			return 0;
	}
	return 1;
}

static void hand_out(const struct netlink *nl, const struct text *answer, netlink_fn fn, void *arg)
{
	const struct nlmsghdr *h = (const struct nlmsghdr *)answer->text;
	int left = (int)answer->len;

	for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left)) {
		if (h->nlmsg_seq == nl->seq && h->nlmsg_type >= NLMSG_MIN_TYPE)
			fn(arg, h);
	}
}

/* One request and its whole answer.  A dump is read to its end, even where it is known to be of no
 * use: while one runs, the kernel takes no other on this socket. */
static int ask(struct netlink *nl, struct nlmsghdr *request, bool one, netlink_fn fn, void *arg)
{
	char *buf = heap_alloc(READ_SIZE);
	struct text answer = {0};
	bool interrupted = false;
	int r = 1;

	request->nlmsg_seq = ++nl->seq;
	if (mnl_socket_sendto(nl->socket, request, request->nlmsg_len) < 0)
		r = -errno;
	while (r > 0) {
		ssize_t n = mnl_socket_recvfrom(nl->socket, buf, READ_SIZE);

		if (n < 0) {
			r = -errno;
			break;
		}
		/* messages stay aligned: their lengths are padded but for a packet's last */
		text_add_n(&answer, buf, MNL_ALIGN((size_t)n));
		r = look_through(nl, buf, (size_t)n, one, &interrupted);
	}
	if (r == 0 && interrupted)
		r = -EINTR;
	if (r == 0 && answer.text)
		hand_out(nl, &answer, fn, arg);
	text_fini(&answer);
	free(buf);
	return r;
}

int netlink_dump(struct netlink *nl, struct nlmsghdr *request, netlink_fn fn, void *arg)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	int r;

	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	for (int i = 0; (r = ask(nl, request, false, fn, arg)) == -EINTR && i < DUMP_TRIES; i++)
		nanosleep(&pause, NULL);
	return r;
}

int netlink_ask(struct netlink *nl, struct nlmsghdr *request, netlink_fn fn, void *arg)
{
	request->nlmsg_flags = NLM_F_REQUEST;
	return ask(nl, request, true, fn, arg);
}

static int on_ack_attr(const struct nlattr *attr, void *data)
{
	char *words = data;

	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
	    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
		snprintf(words, NETLINK_WORDS_MAX, "%s", mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

/* The words of an error message; with NETLINK_CAP_ACK the request's payload is not repeated. */
static void take_words(const struct nlmsghdr *h, char *words)
{
	words[0] = 0;
	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	(void)mnl_attr_parse(h, sizeof(struct nlmsgerr), on_ack_attr, words);
}

/* One answer; true where it was the last one's. */
static bool take_answer(const struct nlmsghdr *h, uint32_t first_seq, size_t n, int *errors,
			char (*words)[NETLINK_WORDS_MAX])
{
	const struct nlmsgerr *error;
	size_t i = h->nlmsg_seq - first_seq;

	if (h->nlmsg_type != NLMSG_ERROR || i >= n || mnl_nlmsg_get_payload_len(h) < sizeof(*error))
		return false;
	error = mnl_nlmsg_get_payload(h);
	errors[i] = error->error;
	if (words)
		take_words(h, words[i]);
	return i == n - 1;
}

int netlink_batch(struct netlink *nl, const void *data, size_t len, uint32_t first_seq, size_t n,
		  int *errors, char (*words)[NETLINK_WORDS_MAX])
{
	char *buf = heap_alloc(READ_SIZE);
	bool done = false;
	int r = 0;

	for (size_t i = 0; i < n; i++) {
		errors[i] = 0;
		if (words)
			words[i][0] = 0;
	}
	if (mnl_socket_sendto(nl->socket, data, len) < 0)
		r = -errno;
	while (r == 0 && !done) {
		ssize_t got = mnl_socket_recvfrom(nl->socket, buf, READ_SIZE);
		const struct nlmsghdr *h = (const struct nlmsghdr *)buf;
		int left = (int)got;

		if (got < 0) {
			r = -errno;
			break;
		}
		for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left))
			done = take_answer(h, first_seq, n, errors, words) || done;
	}
	free(buf);
	return r;
}
