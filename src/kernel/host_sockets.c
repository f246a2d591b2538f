/* host_sockets.c: which addresses have sockets, by sock_diag
 *
 * For a few addresses the kernel gets a program (inet_diag's own byte code) that picks their
 * sockets, so that a million connections of others are not copied; for many, all are looked at.
 */
#include "kernel/host.h"

#include "base/heap.h"
#include "kernel/netlink.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

enum {
	FILTERED_MAX = 64, /* addresses that a program picks */
	CONDITION_MAX = sizeof(struct inet_diag_bc_op) + sizeof(struct inet_diag_hostcond) + 16,
	JUMP = sizeof(struct inet_diag_bc_op),
	PROGRAM_MAX = FILTERED_MAX * (CONDITION_MAX + JUMP),
	REQUEST_MAX = PROGRAM_MAX + 256,
	DUMP_TRIES = 3,
	TCP_STATES = (1 << TCP_ESTABLISHED) | (1 << TCP_SYN_SENT) | (1 << TCP_SYN_RECV) |
		     (1 << TCP_FIN_WAIT1) | (1 << TCP_FIN_WAIT2) | (1 << TCP_CLOSE_WAIT) |
		     (1 << TCP_LAST_ACK) | (1 << TCP_LISTEN) | (1 << TCP_CLOSING),
	UDP_STATES = (1 << TCP_ESTABLISHED) | (1 << TCP_CLOSE),
};

struct look {
	const struct addr *addrs; /* sorted */
	size_t n;
	bool *in_use;
};

static int addr_order(const void *a, const void *b)
{
	return addr_cmp(a, b);
}

static void on_socket(void *arg, const struct nlmsghdr *h)
{
	struct look *look = arg;
	const struct inet_diag_msg *m = mnl_nlmsg_get_payload(h);
	const struct addr *found;
	struct sockaddr_in6 mapped = {.sin6_family = AF_INET6};
	struct addr addr;

	if (h->nlmsg_type != SOCK_DIAG_BY_FAMILY || mnl_nlmsg_get_payload_len(h) < sizeof(*m))
		return;
	if (m->idiag_family == AF_INET) {
		addr = addr_from_bytes(ADDR_IPV4, m->id.idiag_src);
	} else if (m->idiag_family == AF_INET6) {
		/* an IPv4 connection of an IPv6 socket */
		memcpy(&mapped.sin6_addr, m->id.idiag_src, sizeof(mapped.sin6_addr));
		addr = addr_from_sockaddr((const struct sockaddr *)&mapped, NULL);
	} else {
		return;
	}
	found = bsearch(&addr, look->addrs, look->n, sizeof(addr), addr_order);
	if (found)
		look->in_use[found - look->addrs] = true;
}

/* "the local address is this one"; returns the length. */
static size_t put_condition(char *at, const struct addr *addr)
{
	size_t bytes = addr_bits(addr) / 8;
	struct inet_diag_bc_op op = {.code = INET_DIAG_BC_S_COND};
	struct inet_diag_hostcond cond;
	size_t len = sizeof(op) + sizeof(cond) + bytes;

	memset(&cond, 0, sizeof(cond)); /* its padding goes to the kernel, too */
	cond.family = addr->family == ADDR_IPV4 ? AF_INET : AF_INET6;
	cond.prefix_len = (uint8_t)addr_bits(addr);
	cond.port = -1; /* any */
	op.yes = (uint8_t)len;
	op.no = (uint16_t)(len + JUMP); /* over the jump; after the last one: refused */
	memcpy(at, &op, sizeof(op));
	memcpy(at + sizeof(op), &cond, sizeof(cond));
	memcpy(at + sizeof(op) + sizeof(cond), addr->bytes, bytes);
	return len;
}

/* The conditions, ORed: after each but the last a jump to the end, where a socket is taken. */
static size_t put_program(char *at, const struct addr *addrs, size_t n)
{
	size_t jumps[FILTERED_MAX], len = 0;

	for (size_t i = 0; i < n; i++) {
		len += put_condition(at + len, &addrs[i]);
		if (i == n - 1)
			break;
		jumps[i] = len;
		len += JUMP;
	}
	for (size_t i = 0; i + 1 < n; i++) {
		struct inet_diag_bc_op op = {.code = INET_DIAG_BC_JMP, .yes = JUMP};

		op.no = (uint16_t)(len - jumps[i]);
		memcpy(at + jumps[i], &op, sizeof(op));
	}
	return len;
}

static int look_at(struct netlink *nl, struct look *look, uint8_t family, uint8_t protocol)
{
	char *buf = heap_alloc(REQUEST_MAX), program[PROGRAM_MAX];
	int r = -EINTR;

	for (int i = 0; i < DUMP_TRIES && r == -EINTR; i++) {
		struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
		struct inet_diag_req_v2 *req = mnl_nlmsg_put_extra_header(h, sizeof(*req));

		h->nlmsg_type = SOCK_DIAG_BY_FAMILY;
		req->sdiag_family = family;
		req->sdiag_protocol = protocol;
		req->idiag_states = protocol == IPPROTO_TCP ? TCP_STATES : UDP_STATES;
		if (look->n <= FILTERED_MAX)
			mnl_attr_put(h, INET_DIAG_REQ_BYTECODE,
				     put_program(program, look->addrs, look->n), program);
		r = netlink_dump(nl, h, on_socket, look);
	}
	free(buf);
	return r;
}

int host_addresses_in_use(const struct addr *addrs, size_t n, bool *in_use)
{
	static const uint8_t protocols[] = {IPPROTO_TCP, IPPROTO_UDP};
	struct look look = {.addrs = addrs, .n = n, .in_use = in_use};
	struct netlink nl;
	int r;

	if (n == 0)
		return 0;
	memset(in_use, 0, n * sizeof(*in_use));
	r = netlink_open(&nl, NETLINK_SOCK_DIAG, 0);
	for (size_t i = 0; i < 2 && r == 0; i++) {
		if (addrs[0].family == ADDR_IPV4)
			r = look_at(&nl, &look, AF_INET, protocols[i]);
		if (r == 0)
			r = look_at(&nl, &look, AF_INET6, protocols[i]);
		/* a kernel without IPv6 has no such sockets */
		if (r == -ENOENT && addrs[n - 1].family == ADDR_IPV4)
			r = 0;
	}
	netlink_close(&nl);
	return r;
}

int host_address_in_use(const struct addr *addr)
{
	bool in_use = false;
	int r = host_addresses_in_use(addr, 1, &in_use);

	return r < 0 ? r : in_use;
}
