/* netlink.c: requests, dumps, batches and their errors, by libmnl */
#include "kernel/netlink.h"

#include "base/heap.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

enum { RECEIVE_BUFFER = 4 << 20, READ_SIZE = 64 << 10 };

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

struct asking {
	netlink_fn fn;
	void *arg;
	bool one; /* answer is all there is */
};

static int on_answer(const struct nlmsghdr *h, void *data)
{
	struct asking *a = data;

	a->fn(a->arg, h);
	return a->one ? MNL_CB_STOP : MNL_CB_OK;
}

static int ask(struct netlink *nl, struct nlmsghdr *request, struct asking *a)
{
	char *buf = heap_alloc(READ_SIZE);
	ssize_t n;
	int r = 1;

	request->nlmsg_seq = ++nl->seq;
	if (mnl_socket_sendto(nl->socket, request, request->nlmsg_len) < 0)
		r = -errno;
	while (r > 0) {
		n = mnl_socket_recvfrom(nl->socket, buf, READ_SIZE);
		if (n < 0) {
			r = -errno;
			break;
		}
		r = mnl_cb_run(buf, (size_t)n, nl->seq, nl->port, on_answer, a);
		/* what an earlier request left behind */
		if (r < 0 && errno == EPROTO)
			r = 1;
		else if (r < 0)
			r = -errno;
	}
	free(buf);
	return r;
}

int netlink_dump(struct netlink *nl, struct nlmsghdr *request, netlink_fn fn, void *arg)
{
	struct asking a = {.fn = fn, .arg = arg};

	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	return ask(nl, request, &a);
}

int netlink_ask(struct netlink *nl, struct nlmsghdr *request, netlink_fn fn, void *arg)
{
	struct asking a = {.fn = fn, .arg = arg, .one = true};

	request->nlmsg_flags = NLM_F_REQUEST;
	return ask(nl, request, &a);
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
