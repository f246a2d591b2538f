/* netlink.h: one request socket and one event socket of rtnetlink, by libmnl
 *
 * Requests are answered while the caller waits (bounded by a time-out); events come through the
 * loop.  The words of an error are the kernel's own (extended acks), where it has any.
 */
#ifndef MLBGPD_KERNEL_NETLINK_H
#define MLBGPD_KERNEL_NETLINK_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NETLINK_WORDS_MAX = 128, NETLINK_TIMEOUT_S = 5 };

struct netlink {
	struct mnl_socket *socket;
	uint32_t port; /* ours: events that we caused bear it */
	uint32_t seq;
};

/* protocol: NETLINK_ROUTE, NETLINK_SOCK_DIAG.  groups: a mask as for bind(), 0 for requests.
 * 0 or -errno. */
int netlink_open(struct netlink *nl, int protocol, uint32_t groups);
void netlink_close(struct netlink *nl);

/* Sends a dump request (its header is completed here) and hands out the answer once it is whole and
 * of one piece: where the table changed meanwhile, it is asked for again.  0 or -errno (-EINTR: it
 * never stood still). */
typedef void (*netlink_fn)(void *arg, const struct nlmsghdr *h);
int netlink_dump(struct netlink *nl, struct nlmsghdr *request, netlink_fn fn, void *arg);
/* The same with a request that has one answer. */
int netlink_ask(struct netlink *nl, struct nlmsghdr *request, netlink_fn fn, void *arg);

/* Sends a batch whose messages are numbered from first_seq, the last of them with NLM_F_ACK, and
 * gathers the errors: errors[i] is 0 or -errno of message first_seq + i; words (NULL: not wanted)
 * likewise, "" where the kernel has none.  0 or -errno where the socket failed. */
int netlink_batch(struct netlink *nl, const void *data, size_t len, uint32_t first_seq, size_t n,
		  int *errors, char (*words)[NETLINK_WORDS_MAX]);

#endif
