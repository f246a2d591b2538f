/* host.c: where an address is, by the kernel's own choice of a route, and connected subnets */
#include "kernel/host.h"

#include "kernel/address.h"
#include "kernel/netlink.h"
#include "kernel/vip.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

enum { MESSAGE_SIZE = 128 };

static struct addr addr_of_attr(const struct nlattr *attr, uint8_t family)
{
	struct addr none = {0};
	uint8_t ours = family == AF_INET ? ADDR_IPV4 : ADDR_IPV6;

	if (mnl_attr_get_payload_len(attr) != (ours == ADDR_IPV4 ? 4 : 16))
		return none;
	return addr_from_bytes(ours, mnl_attr_get_payload(attr));
}

static int on_route_attr(const struct nlattr *attr, void *data)
{
	const struct nlattr **table = data;

	if (mnl_attr_get_type(attr) <= RTA_MAX)
		table[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

static void on_route(void *arg, const struct nlmsghdr *h)
{
	const struct nlattr *attrs[RTA_MAX + 1] = {NULL}, *out;
	struct host_path *path = arg;
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(h);

	if (h->nlmsg_type != RTM_NEWROUTE || mnl_nlmsg_get_payload_len(h) < sizeof(*rtm))
		return;
	mnl_attr_parse(h, sizeof(*rtm), on_route_attr, attrs);
	memset(path, 0, sizeof(*path));
	path->local = rtm->rtm_type == RTN_LOCAL;
	path->on_link = path->local || (rtm->rtm_type == RTN_UNICAST && !attrs[RTA_GATEWAY] &&
					!attrs[RTA_VIA] && !attrs[RTA_MULTIPATH]);
	out = attrs[RTA_OIF];
	if (out && mnl_attr_get_payload_len(out) == sizeof(uint32_t))
		path->ifindex = mnl_attr_get_u32(out);
	if (attrs[RTA_PREFSRC])
		path->source = addr_of_attr(attrs[RTA_PREFSRC], rtm->rtm_family);
}

int host_path_to(const struct addr *addr, uint32_t ifindex, struct host_path *ret)
{
	char buf[MESSAGE_SIZE];
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(h, sizeof(*rtm));
	struct host_path path = {0};
	struct netlink nl;
	int r;

	h->nlmsg_type = RTM_GETROUTE;
	rtm->rtm_family = addr->family == ADDR_IPV4 ? AF_INET : AF_INET6;
	rtm->rtm_dst_len = (uint8_t)addr_bits(addr);
	mnl_attr_put(h, RTA_DST, addr_bits(addr) / 8, addr->bytes);
	if (ifindex)
		mnl_attr_put_u32(h, RTA_OIF, ifindex);
	r = netlink_open(&nl, NETLINK_ROUTE, 0);
	if (r == 0)
		r = netlink_ask(&nl, h, on_route, &path);
	netlink_close(&nl);
	if (r == 0)
		*ret = path;
	return r;
}

bool host_is_local(const struct addr *addr)
{
	struct host_path path;

	return host_path_to(addr, 0, &path) == 0 && path.local;
}

bool host_is_on_link(const struct addr *addr)
{
	struct host_path path;

	return host_path_to(addr, 0, &path) == 0 && path.on_link;
}

struct overlap {
	struct prefix with, found;
	bool any;
};

static void on_address(void *arg, const struct address_entry *entry)
{
	struct overlap *o = arg;
	struct prefix subnet = prefix_of(&entry->addr, entry->len);

	if (o->any || entry->proto == OUR_PROTOCOL || entry->len == addr_bits(&entry->addr) ||
	    addr_is_loopback(&entry->addr) || addr_is_link_local(&entry->addr))
		return;
	if (prefix_covers(&subnet, &o->with) || prefix_covers(&o->with, &subnet)) {
		o->found = subnet;
		o->any = true;
	}
}

int host_subnet_overlapping(const struct prefix *prefix, struct prefix *ret)
{
	struct overlap o = {.with = *prefix};
	struct netlink nl;
	int r = netlink_open(&nl, NETLINK_ROUTE, 0);

	if (r == 0)
		r = address_dump(&nl, on_address, &o);
	netlink_close(&nl);
	if (r < 0)
		return r;
	if (o.any)
		*ret = o.found;
	return o.any;
}
