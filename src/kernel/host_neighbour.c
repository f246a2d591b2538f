/* host_neighbour.c: the link address of a neighbour, by the kernel's own table */
#include "kernel/host.h"

#include "kernel/netlink.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>

enum {
	MESSAGE_SIZE = 128,
	NUD_KNOWN = NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT,
};

struct answer {
	bool known;
	uint8_t mac[HOST_MAC_LEN];
};

static int on_attr(const struct nlattr *attr, void *data)
{
	struct answer *answer = data;

	if (mnl_attr_get_type(attr) != NDA_LLADDR || mnl_attr_get_payload_len(attr) != HOST_MAC_LEN)
		return MNL_CB_OK;
	memcpy(answer->mac, mnl_attr_get_payload(attr), HOST_MAC_LEN);
	answer->known = true;
	return MNL_CB_OK;
}

static void on_neighbour(void *arg, const struct nlmsghdr *h)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(h);

	if (h->nlmsg_type == RTM_NEWNEIGH && mnl_nlmsg_get_payload_len(h) >= sizeof(*ndm) &&
	    (ndm->ndm_state & NUD_KNOWN))
		mnl_attr_parse(h, sizeof(*ndm), on_attr, arg);
}

int host_link_address(const struct addr *addr, uint32_t ifindex, uint8_t ret[HOST_MAC_LEN])
{
	char buf[MESSAGE_SIZE];
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct ndmsg *ndm = mnl_nlmsg_put_extra_header(h, sizeof(*ndm));
	struct answer answer = {0};
	struct netlink nl;
	int r;

	h->nlmsg_type = RTM_GETNEIGH;
	ndm->ndm_family = addr->family == ADDR_IPV4 ? AF_INET : AF_INET6;
	ndm->ndm_ifindex = (int)ifindex;
	mnl_attr_put(h, NDA_DST, addr_bits(addr) / 8, addr->bytes);
	r = netlink_open(&nl, NETLINK_ROUTE, 0);
	if (r == 0)
		r = netlink_ask(&nl, h, on_neighbour, &answer);
	netlink_close(&nl);
	if (r < 0)
		return r;
	if (!answer.known)
		return -ENOENT;
	memcpy(ret, answer.mac, HOST_MAC_LEN);
	return 0;
}
