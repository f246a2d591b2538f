/* link.c: a libnl cache of links behind the event loop
 *
 * The cache tells when to look, the kernel what is there: events of bridges bring a link back into
 * the cache that is gone, and it knows no altnames.
 */
#include "kernel/link.h"

#include "base/heap.h"
#include "base/log.h"
#include "kernel/netlink.h"

#include <errno.h>
#include <net/if.h>
#include <netlink/cache.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	RECEIVE_BUFFER = 4 << 20,
	ALTNAME_SIZE = 128, /* the ALTIFNAMSIZ of linux/if.h, which net/if.h excludes */
};

struct link_watch {
	struct nl_cache_mngr *manager;
	struct nl_sock *socket; /* the manager's, but ours to free */
	struct nl_sock *refill; /* for a dump of its own after lost events */
	struct nl_cache *links; /* the manager's */
	sd_event_source *source;
	link_changed_fn fn;
	void *arg;
};

/* libnl's errors are its own numbers. */
static int errno_of(int nl_error)
{
	switch (-nl_error) {
	case NLE_SUCCESS:
		return 0;
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM;
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_OPNOTSUPP:
		return -EOPNOTSUPP;
	case NLE_EXIST:
		return -EEXIST;
	case NLE_NODEV:
		return -ENODEV;
	default:
		return -EIO;
	}
}

static void on_change(struct nl_cache *cache, struct nl_object *object, int action, void *data)
{
	struct link_watch *w = data;
	struct rtnl_link *link = (struct rtnl_link *)object;

	(void)cache;
	log_debug("interface %s: %s", rtnl_link_get_name(link),
		  action == NL_ACT_DEL		       ? "gone"
		  : rtnl_link_get_flags(link) & IFF_UP ? "up"
						       : "down");
	w->fn(w->arg);
}

static int on_readable(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct link_watch *w = data;
	int r;

	(void)source;
	(void)fd;
	(void)events;
	r = nl_cache_mngr_data_ready(w->manager);
	if (r < 0) {
		/* events were lost: a refill calls no callback, so tell of a change */
		r = nl_cache_refill(w->refill, w->links);
		if (r < 0)
			log_warning("interfaces can't be read: %s", nl_geterror(r));
		w->fn(w->arg);
	}
	return 0;
}

/* The manager with a buffer that a burst of events does not overflow. */
static int open_manager(struct link_watch *w)
{
	int r;

	w->socket = nl_socket_alloc();
	if (!w->socket)
		return -NLE_NOMEM;
	r = nl_cache_mngr_alloc(w->socket, NETLINK_ROUTE, 0, &w->manager);
	if (r < 0)
		return r;
	nl_socket_set_buffer_size(w->socket, RECEIVE_BUFFER, 0);
	return nl_cache_mngr_add(w->manager, "route/link", on_change, w, &w->links);
}

int link_watch_new(struct link_watch **ret, sd_event *event, link_changed_fn fn, void *arg)
{
	struct link_watch *w = heap_new_of(struct link_watch);
	int r;

	w->fn = fn;
	w->arg = arg;
	r = errno_of(open_manager(w));
	if (r < 0)
		goto fail;
	w->refill = nl_socket_alloc();
	r = w->refill ? errno_of(nl_connect(w->refill, NETLINK_ROUTE)) : -ENOMEM;
	if (r < 0)
		goto fail;
	r = sd_event_add_io(event, &w->source, nl_cache_mngr_get_fd(w->manager), EPOLLIN,
			    on_readable, w);
	if (r < 0)
		goto fail;
	*ret = w;
	return 0;
fail:
	link_watch_free(w);
	return r;
}

void link_watch_free(struct link_watch *w)
{
	if (!w)
		return;
	sd_event_source_disable_unref(w->source);
	nl_cache_mngr_free(w->manager);
	nl_socket_free(w->socket);
	nl_socket_free(w->refill);
	free(w);
}

static void on_link(void *arg, const struct nlmsghdr *h)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(h);

	if (h->nlmsg_type == RTM_NEWLINK && mnl_nlmsg_get_payload_len(h) >= sizeof(*link) &&
	    link->ifi_index > 0)
		*(uint32_t *)arg = (uint32_t)link->ifi_index;
}

/* An altname that is longer than a name may be: only netlink knows it. */
static uint32_t find_long(const char *name)
{
	char buf[NLMSG_HDRLEN + 32 + ALTNAME_SIZE];
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct netlink nl;
	uint32_t index = 0;

	if (strlen(name) >= ALTNAME_SIZE)
		return 0;
	h->nlmsg_type = RTM_GETLINK;
	(void)mnl_nlmsg_put_extra_header(h, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(h, IFLA_ALT_IFNAME, name);
	if (netlink_open(&nl, NETLINK_ROUTE, 0) == 0)
		(void)netlink_ask(&nl, h, on_link, &index);
	netlink_close(&nl);
	return index;
}

uint32_t link_find(const char *name)
{
	return strlen(name) < IFNAMSIZ ? if_nametoindex(name) : find_long(name);
}

bool link_is_up(uint32_t index)
{
	struct ifreq request = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up = false;

	if (fd < 0)
		return true; /* not known: nothing is to be ended for that */
	if (if_indextoname(index, request.ifr_name) && ioctl(fd, SIOCGIFFLAGS, &request) == 0)
		up = (request.ifr_flags & IFF_UP) && (request.ifr_flags & IFF_RUNNING);
	close(fd);
	return up;
}

int link_create_dummy(const char *name)
{
	struct nl_sock *sk = nl_socket_alloc();
	struct rtnl_link *link = rtnl_link_alloc();
	int r = -NLE_NOMEM;

	if (sk && link) {
		rtnl_link_set_name(link, name);
		rtnl_link_set_flags(link, IFF_UP);
		r = rtnl_link_set_type(link, "dummy");
	}
	if (r >= 0)
		r = nl_connect(sk, NETLINK_ROUTE);
	if (r >= 0)
		r = rtnl_link_add(sk, link, NLM_F_CREATE | NLM_F_EXCL);
	if (link)
		rtnl_link_put(link);
	nl_socket_free(sk);
	return r == -NLE_EXIST ? 0 : errno_of(r);
}
