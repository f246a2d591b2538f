/* vip.c: the set of VIPs: its sockets and sources, and the list of what is wanted */
#include "kernel/vip_set.h"

#include "base/heap.h"
#include "base/log.h"
#include "kernel/route.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum {
	EVENT_GROUPS = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
	EVENT_BUFFER = 64 << 10,
	READS_AT_ONCE = 64,
};

static int entry_cmp(const void *a, const void *b)
{
	return addr_cmp(&((const struct vip_entry *)a)->addr, &((const struct vip_entry *)b)->addr);
}

struct vip_entry *vip_entry_find(struct vip_set *set, const struct addr *addr)
{
	struct vip_entry key = {.addr = *addr};
	size_t i = array_find(set->entries.at, set->entries.n, sizeof(key), &key, entry_cmp);

	return i < set->entries.n ? &set->entries.at[i] : NULL;
}

void vip_set_go_on(struct vip_set *set)
{
	(void)sd_event_source_set_enabled(set->step, SD_EVENT_ONESHOT);
}

void vip_set_wake(struct vip_set *set)
{
	set->settled = false;
	set->again = true;
	vip_set_go_on(set);
}

void vip_set_wake_later(struct vip_set *set, uint64_t delay_us)
{
	uint64_t now = (uint64_t)monotime_now().us, due = 0;
	int enabled = SD_EVENT_OFF;

	(void)sd_event_source_get_enabled(set->retry, &enabled);
	(void)sd_event_source_get_time(set->retry, &due);
	if (enabled != SD_EVENT_OFF && due <= now + delay_us)
		return;
	(void)sd_event_source_set_time(set->retry, now + delay_us);
	(void)sd_event_source_set_enabled(set->retry, SD_EVENT_ONESHOT);
}

/* Not before the first list: all that is ours would be unwanted. */
static void look_again(struct vip_set *set)
{
	if (!set->started)
		return;
	set->must_dump = true;
	vip_set_wake(set);
}

static int on_readable(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct vip_set *set = data;
	char *buf = heap_alloc(EVENT_BUFFER);

	(void)source;
	(void)events;
	for (int i = 0; i < READS_AT_ONCE; i++) {
		ssize_t n = recv(fd, buf, EVENT_BUFFER, MSG_DONTWAIT);
		const struct nlmsghdr *h = (const struct nlmsghdr *)buf;
		int left = (int)n;

		if (n < 0) {
			if (errno == EAGAIN || errno == EINTR)
				break;
			/* ENOBUFS: events were lost */
			look_again(set);
			continue;
		}
		for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left))
			vip_set_hear(set, h);
	}
	free(buf);
	return 0;
}

static void on_links(void *arg)
{
	look_again(arg);
}

static int on_step(sd_event_source *source, void *data)
{
	(void)source;
	vip_set_step(data);
	return 0;
}

static int on_retry(sd_event_source *source, uint64_t usec, void *data)
{
	struct vip_set *set = data;

	(void)source;
	(void)usec;
	if (set->n_lost > 1)
		log_event(LOG_WARNING, EVENT_VIP_LOST, LOG_NO_FIELDS, "%zu more VIPs were lost",
			  set->n_lost - 1);
	set->n_lost = 0;
	set->must_dump = set->must_dump || set->stray_left;
	set->stray_left = false;
	for (size_t i = 0; i < set->entries.n; i++)
		set->entries.at[i].failed = false;
	vip_set_wake(set);
	return 0;
}

static int add_sources(struct vip_set *set)
{
	int r = sd_event_add_io(set->event, &set->on_event, mnl_socket_get_fd(set->events.socket),
				EPOLLIN, on_readable, set);

	if (r >= 0)
		r = sd_event_add_defer(set->event, &set->step, on_step, set);
	if (r >= 0)
		r = sd_event_source_set_enabled(set->step, SD_EVENT_OFF);
	/* sessions, timers and clients go first, however many VIPs there are to do */
	if (r >= 0)
		r = sd_event_source_set_priority(set->step, SD_EVENT_PRIORITY_IDLE);
	if (r >= 0)
		r = sd_event_add_time_relative(set->event, &set->retry, CLOCK_MONOTONIC, 0, 10000,
					       on_retry, set);
	if (r >= 0)
		r = sd_event_source_set_enabled(set->retry, SD_EVENT_OFF);
	return r < 0 ? r : 0;
}

int vip_set_new(struct vip_set **ret, sd_event *event, const struct vip_ops *ops, void *arg)
{
	struct vip_set *set = heap_new_of(struct vip_set);
	int r;

	set->event = sd_event_ref(event);
	set->ops = *ops;
	set->arg = arg;
	set->settled = true;
	set->batch = ADDRESS_BATCH;
	r = netlink_open(&set->events, NETLINK_ROUTE, EVENT_GROUPS);
	if (r == 0)
		r = netlink_open(&set->requests, NETLINK_ROUTE, 0);
	if (r == 0)
		r = link_watch_new(&set->links, event, on_links, set);
	if (r == 0)
		r = add_sources(set);
	if (r == 0)
		r = vip_set_may_write(set);
	if (r < 0) {
		vip_set_free(set);
		return r;
	}
	*ret = set;
	return 0;
}

void vip_set_free(struct vip_set *set)
{
	if (!set)
		return;
	sd_event_source_disable_unref(set->on_event);
	sd_event_source_disable_unref(set->step);
	sd_event_source_disable_unref(set->retry);
	link_watch_free(set->links);
	netlink_close(&set->requests);
	netlink_close(&set->events);
	for (size_t i = 0; i < set->interfaces.n; i++)
		free(set->interfaces.at[i].name);
	array_fini(&set->interfaces);
	array_fini(&set->entries);
	array_fini(&set->strays);
	sd_event_unref(set->event);
	free(set);
}

/* An address that can't be, to an interface that can't be: refused before it is looked at where we
 * lack CAP_NET_ADMIN. */
int vip_set_may_write(const struct vip_set *set)
{
	struct address_op op = {.addr = addr_from_ipv4_u32(0), .ifindex = 0};
	struct netlink requests = set->requests;
	int r = address_apply(&requests, &op, 1);

	((struct vip_set *)set)->requests.seq = requests.seq;
	if (r < 0)
		return r;
	return op.error == -EPERM ? -EPERM : 0;
}

static uint16_t interface_of(struct vip_set *set, const char *name)
{
	size_t i = set->interfaces.n;

	/* most often the one before */
	while (i > 0 && strcmp(set->interfaces.at[i - 1].name, name) != 0)
		i--;
	if (i > 0)
		return (uint16_t)(i - 1);
	*array_add(&set->interfaces) =
		(struct vip_interface){.name = heap_strdup(name), .ifindex = link_find(name)};
	return (uint16_t)(set->interfaces.n - 1);
}

/* Events of routes are heard from the first VIP on that is one. */
static void hear_routes(struct vip_set *set)
{
	int r;

	if (set->hears_routes)
		return;
	r = route_listen(&set->events);
	if (r < 0)
		log_event(LOG_WARNING, EVENT_KERNEL_ERROR, LOG_NO_FIELDS,
			  "changes of routes can't be heard: %s", strerror(-r));
	set->hears_routes = true;
}

struct want {
	struct vip_set *set;
	ARRAY(struct vip_entry) entries;
	bool any_new;
};

static void leave(struct vip_set *set, const struct vip_entry *e)
{
	if (e->owned)
		vip_stray_add(set, &(struct vip_stray){e->addr, e->ifindex, e->length, e->route});
}

static void want_one(struct want *w, const struct vip_entry *old, const struct vip_wish *wish)
{
	struct vip_set *set = w->set;
	struct vip_entry *e;
	uint16_t interface;
	uint8_t length;
	bool route;

	if (!wish) {
		leave(set, old);
		if (!old->owned)
			set->ops.removed(set->arg, &old->addr);
		return;
	}
	interface = interface_of(set, wish->interface);
	length = (uint8_t)(wish->length ? wish->length : addr_bits(&wish->addr));
	route = length < addr_bits(&wish->addr) || (wish->route && wish->addr.family == ADDR_IPV4);
	e = array_add(&w->entries);
	if (old && old->interface == interface && old->length == length && old->route == route) {
		*e = *old;
		return;
	}
	if (old)
		leave(set, old);
	if (route)
		hear_routes(set);
	*e = (struct vip_entry){
		.addr = wish->addr,
		.interface = interface,
		.length = length,
		.route = route,
		.ifindex = set->interfaces.at[interface].ifindex,
		.left_ifindex = !old	      ? 0
				: old->stands ? old->ifindex
					      : old->left_ifindex,
	};
	w->any_new = true;
}

void vip_set_want(struct vip_set *set, const struct vip_wish *wishes, size_t n)
{
	struct want w = {.set = set};
	size_t i = 0, j = 0;

	while (i < set->entries.n || j < n) {
		const struct vip_entry *old = i < set->entries.n ? &set->entries.at[i] : NULL;
		const struct vip_wish *wish = j < n ? &wishes[j] : NULL;
		int c = !old ? 1 : !wish ? -1 : addr_cmp(&old->addr, &wish->addr);

		want_one(&w, c <= 0 ? old : NULL, c >= 0 ? wish : NULL);
		i += c <= 0;
		j += c >= 0;
	}
	free(set->entries.at);
	set->entries.at = w.entries.at;
	set->entries.n = w.entries.n;
	set->entries.max = w.entries.max;
	set->cursor = 0;
	/* what is there is looked at before anything new is added */
	set->must_dump = set->must_dump || w.any_new || !set->started;
	set->started = true;
	vip_set_wake(set);
}

bool vip_set_is_settled(const struct vip_set *set)
{
	return set->settled;
}

bool vip_set_is_wanted(const struct vip_set *set, const struct addr *addr)
{
	size_t low = 0, high = set->entries.n;
	struct prefix block;

	/* the last one that does not lie behind it: blocks do not overlap */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (addr_cmp(&set->entries.at[middle].addr, addr) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return false;
	block = prefix_of(&set->entries.at[low - 1].addr, set->entries.at[low - 1].length);
	return prefix_contains(&block, addr);
}

bool vip_set_view(const struct vip_set *set, const struct addr *addr, struct vip_view *ret)
{
	const struct vip_entry *e = vip_entry_find((struct vip_set *)set, addr);

	if (!e)
		return false;
	*ret = (struct vip_view){
		.addr = e->addr,
		.interface = set->interfaces.at[e->interface].name,
		.stands = e->stands,
		.owned = e->owned,
		.left_ifindex = e->stands ? 0 : e->left_ifindex,
		.error = e->error,
	};
	return true;
}

void vip_set_missing(const struct vip_set *set, vip_missing_fn fn, void *arg)
{
	for (size_t i = 0; i < set->entries.n; i++)
		if (!set->entries.at[i].stands)
			fn(arg, &set->entries.at[i].addr);
}
