/* address.c: RTM_NEWADDR and RTM_DELADDR, with our mark in IFA_PROTO */
#include "kernel/address.h"

#include "base/heap.h"
#include "kernel/route.h"
#include "kernel/vip.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#ifndef IFA_PROTO
#define IFA_PROTO 11 /* since Linux 5.18 */
#endif

enum { MESSAGE_SIZE = 128 };

static void put_address(struct nlmsghdr *h, const struct address_op *op)
{
	struct ifaddrmsg *ifa;
	size_t len = addr_bits(&op->addr) / 8;

	h->nlmsg_type = op->add ? RTM_NEWADDR : RTM_DELADDR;
	ifa = mnl_nlmsg_put_extra_header(h, sizeof(*ifa));
	ifa->ifa_family = op->addr.family == ADDR_IPV4 ? AF_INET : AF_INET6;
	ifa->ifa_prefixlen = (uint8_t)addr_bits(&op->addr);
	ifa->ifa_scope = RT_SCOPE_UNIVERSE;
	/* an anycast address would fail duplicate detection on a shared link for ever */
	ifa->ifa_flags = op->addr.family == ADDR_IPV6 ? IFA_F_NODAD : 0;
	ifa->ifa_index = op->ifindex;
	mnl_attr_put(h, IFA_LOCAL, len, op->addr.bytes);
	mnl_attr_put(h, IFA_ADDRESS, len, op->addr.bytes);
	if (op->add)
		mnl_attr_put_u8(h, IFA_PROTO, OUR_PROTOCOL);
}

static void put_message(void *at, const struct address_op *op, uint32_t seq, bool ack)
{
	struct nlmsghdr *h = mnl_nlmsg_put_header(at);
	/* an IPv4 route stands beside the one that the kernel made for an address: so a VIP can go
	 * from one to the other without a gap */
	int beside = op->route && op->addr.family == ADDR_IPV4 ? NLM_F_APPEND : NLM_F_EXCL;

	(op->route ? route_put : put_address)(h, op);
	h->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | (op->add ? NLM_F_CREATE | beside : 0) |
				    (ack ? NLM_F_ACK : 0));
	h->nlmsg_seq = seq;
}

static const char *words_for(int error)
{
	return error == 0	 ? ""
	       : error == -EPERM ? "not permitted (CAP_NET_ADMIN is missing)"
				 : strerror(-error);
}

int address_apply(struct netlink *nl, struct address_op *ops, size_t n)
{
	char(*words)[NETLINK_WORDS_MAX];
	uint32_t first = nl->seq + 1;
	int errors[ADDRESS_BATCH], r;
	size_t len = 0;
	char *buf;

	if (n == 0)
		return 0;
	if (n > ADDRESS_BATCH)
		return -EINVAL;
	buf = heap_alloc_array(n, MESSAGE_SIZE);
	words = heap_alloc_array(n, sizeof(*words));
	for (size_t i = 0; i < n; i++) {
		put_message(buf + len, &ops[i], first + (uint32_t)i, i == n - 1);
		len += MNL_ALIGN(((struct nlmsghdr *)(buf + len))->nlmsg_len);
	}
	nl->seq += (uint32_t)n;
	r = netlink_batch(nl, buf, len, first, n, errors, words);
	for (size_t i = 0; r == 0 && i < n; i++) {
		ops[i].error = errors[i];
		snprintf(ops[i].words, sizeof(ops[i].words), "%s",
			 words[i][0] ? words[i] : words_for(errors[i]));
	}
	free(words);
	free(buf);
	return r;
}

static int on_attr(const struct nlattr *attr, void *data)
{
	const struct nlattr **table = data;

	if (mnl_attr_get_type(attr) <= IFA_PROTO)
		table[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

bool address_decode(const struct nlmsghdr *h, struct address_entry *ret)
{
	const struct nlattr *attrs[IFA_PROTO + 1] = {NULL}, *address;
	const struct ifaddrmsg *ifa;
	uint8_t family;

	if ((h->nlmsg_type != RTM_NEWADDR && h->nlmsg_type != RTM_DELADDR) ||
	    mnl_nlmsg_get_payload_len(h) < sizeof(*ifa))
		return false;
	ifa = mnl_nlmsg_get_payload(h);
	family = ifa->ifa_family == AF_INET    ? ADDR_IPV4
		 : ifa->ifa_family == AF_INET6 ? ADDR_IPV6
					       : ADDR_NONE;
	mnl_attr_parse(h, sizeof(*ifa), on_attr, attrs);
	/* the address itself; IFA_ADDRESS is the other end of a point-to-point link */
	address = attrs[IFA_LOCAL] ? attrs[IFA_LOCAL] : attrs[IFA_ADDRESS];
	if (family == ADDR_NONE || !address ||
	    mnl_attr_get_payload_len(address) != (family == ADDR_IPV4 ? 4 : 16))
		return false;
	*ret = (struct address_entry){
		.addr = addr_from_bytes(family, mnl_attr_get_payload(address)),
		.ifindex = ifa->ifa_index,
		.len = ifa->ifa_prefixlen,
	};
	if (attrs[IFA_PROTO] && mnl_attr_get_payload_len(attrs[IFA_PROTO]) >= 1)
		ret->proto = mnl_attr_get_u8(attrs[IFA_PROTO]);
	return true;
}

struct dump {
	address_fn fn;
	void *arg;
};

static void on_message(void *arg, const struct nlmsghdr *h)
{
	struct dump *d = arg;
	struct address_entry entry;

	if (address_decode(h, &entry))
		d->fn(d->arg, &entry);
}

int address_dump(struct netlink *nl, address_fn fn, void *arg)
{
	struct dump d = {.fn = fn, .arg = arg};
	char buf[MESSAGE_SIZE];
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct ifaddrmsg *ifa;
	int r;

	h->nlmsg_type = RTM_GETADDR;
	ifa = mnl_nlmsg_put_extra_header(h, sizeof(*ifa));
	ifa->ifa_family = AF_UNSPEC;
	r = netlink_dump(nl, h, on_message, &d);
	return r;
}
