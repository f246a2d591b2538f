/* route.c: RTM_NEWROUTE and RTM_DELROUTE of local routes, with our mark as their protocol */
#include "kernel/route.h"

#include "kernel/vip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

enum { MESSAGE_SIZE = 128 };

void route_put(struct nlmsghdr *h, const struct address_op *op)
{
	const uint8_t bits = (uint8_t)addr_bits(&op->addr);
	struct rtmsg *rtm;

	h->nlmsg_type = op->add ? RTM_NEWROUTE : RTM_DELROUTE;
	rtm = mnl_nlmsg_put_extra_header(h, sizeof(*rtm));
	rtm->rtm_family = op->addr.family == ADDR_IPV4 ? AF_INET : AF_INET6;
	rtm->rtm_dst_len = op->length ? op->length : bits;
	rtm->rtm_table = RT_TABLE_LOCAL;
	/* in a removal too: one of somebody else's does not match */
	rtm->rtm_protocol = OUR_PROTOCOL;
	rtm->rtm_scope = RT_SCOPE_HOST;
	rtm->rtm_type = RTN_LOCAL;
	mnl_attr_put(h, RTA_DST, bits / 8, op->addr.bytes);
	mnl_attr_put_u32(h, RTA_OIF, op->ifindex);
}

static int on_attr(const struct nlattr *attr, void *data)
{
	const struct nlattr **table = data;

	if (mnl_attr_get_type(attr) <= RTA_OIF)
		table[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

bool route_decode(const struct nlmsghdr *h, struct address_entry *ret)
{
	const struct nlattr *attrs[RTA_OIF + 1] = {NULL};
	const struct rtmsg *rtm;
	uint8_t family;

	if ((h->nlmsg_type != RTM_NEWROUTE && h->nlmsg_type != RTM_DELROUTE) ||
	    mnl_nlmsg_get_payload_len(h) < sizeof(*rtm))
		return false;
	rtm = mnl_nlmsg_get_payload(h);
	family = rtm->rtm_family == AF_INET    ? ADDR_IPV4
		 : rtm->rtm_family == AF_INET6 ? ADDR_IPV6
					       : ADDR_NONE;
	if (family == ADDR_NONE || rtm->rtm_type != RTN_LOCAL || rtm->rtm_table != RT_TABLE_LOCAL ||
	    rtm->rtm_protocol == RTPROT_KERNEL)
		return false;
	mnl_attr_parse(h, sizeof(*rtm), on_attr, attrs);
	if (!attrs[RTA_DST] ||
	    mnl_attr_get_payload_len(attrs[RTA_DST]) != (family == ADDR_IPV4 ? 4 : 16) ||
	    !attrs[RTA_OIF] || mnl_attr_get_payload_len(attrs[RTA_OIF]) != sizeof(uint32_t))
		return false;
	*ret = (struct address_entry){
		.addr = addr_from_bytes(family, mnl_attr_get_payload(attrs[RTA_DST])),
		.ifindex = mnl_attr_get_u32(attrs[RTA_OIF]),
		.len = rtm->rtm_dst_len,
		.proto = rtm->rtm_protocol,
		.route = true,
	};
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

	if (route_decode(h, &entry))
		d->fn(d->arg, &entry);
}

static int dump_family(struct netlink *nl, uint8_t family, struct dump *d)
{
	char buf[MESSAGE_SIZE];
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct rtmsg *rtm;
	int r;

	/* of this table alone: the main one may hold the Internet */
	h->nlmsg_type = RTM_GETROUTE;
	rtm = mnl_nlmsg_put_extra_header(h, sizeof(*rtm));
	rtm->rtm_family = family;
	rtm->rtm_table = RT_TABLE_LOCAL;
	r = netlink_dump(nl, h, on_message, d);
	return r == -ENOENT ? 0 : r; /* no such table yet: no address either */
}

int route_dump(struct netlink *nl, address_fn fn, void *arg)
{
	struct dump d = {.fn = fn, .arg = arg};
	int r = dump_family(nl, AF_INET, &d);

	return r < 0 ? r : dump_family(nl, AF_INET6, &d);
}

/* Each event is a packet of one message: addresses pass, and routes of the type local. */
int route_listen(struct netlink *events)
{
	enum {
		TYPE = offsetof(struct nlmsghdr, nlmsg_type),
		ROUTE_TYPE = sizeof(struct nlmsghdr) + offsetof(struct rtmsg, rtm_type),
	};
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, TYPE), /* as if it were in network order */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWROUTE), 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELROUTE), 0, 2),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, ROUTE_TYPE),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RTN_LOCAL, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = {.len = sizeof(code) / sizeof(code[0]), .filter = code};
	int fd = mnl_socket_get_fd(events->socket);
	int groups[] = {RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE};

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0)
		return -errno;
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (mnl_socket_setsockopt(events->socket, NETLINK_ADD_MEMBERSHIP, &groups[i],
					  sizeof(groups[i])) < 0)
			return -errno;
	return 0;
}
