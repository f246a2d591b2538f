/* vip.c: the set of VIPs: what is wanted, what is there by dumps and events
 *
 * The kernel is asked what is there before anything new is added, and again whenever events were
 * lost, an interface changed, or an address was there already.  Events that we caused ourselves
 * bear our port and are passed over: the answer to the request has told.
 */
#include "kernel/vip_set.h"

#include "base/heap.h"
#include "base/log.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum {
	EVENT_GROUPS = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
	EVENT_BUFFER = 64 << 10,
	READS_AT_ONCE = 64,
	FIGHT_FORGET_US = 60 * 1000 * 1000, /* so long without a loss: the fight is over */
	PUT_BACK_US = 100 * 1000,
	PUT_BACK_MAX_US = 10 * 1000 * 1000,
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
	int enabled = SD_EVENT_OFF;

	(void)sd_event_source_get_enabled(set->retry, &enabled);
	if (enabled != SD_EVENT_OFF)
		return;
	(void)sd_event_source_set_time_relative(set->retry, delay_us);
	(void)sd_event_source_set_enabled(set->retry, SD_EVENT_ONESHOT);
}

/* --- what is there ------------------------------------------------------------------------- */

static void stray_add(struct vip_set *set, const struct addr *addr, uint32_t ifindex)
{
	for (size_t i = set->strays.n; i > 0 && i + 16 > set->strays.n; i--) {
		const struct vip_stray *s = &set->strays.at[i - 1];

		if (s->ifindex == ifindex && addr_equal(&s->addr, addr))
			return;
	}
	*array_add(&set->strays) = (struct vip_stray){.addr = *addr, .ifindex = ifindex};
}

static void see(struct vip_set *set, struct vip_entry *e, bool ours)
{
	bool stood = e->stands;

	e->seen = true;
	e->stands = true;
	e->owned = ours;
	e->failed = e->add_told = false;
	e->error = 0;
	if (!stood)
		set->ops.stands(set->arg, &e->addr, ours, ours);
}

static void on_dumped(void *arg, const struct address_entry *there)
{
	struct vip_set *set = arg;
	struct vip_entry *e = vip_entry_find(set, &there->addr);
	bool ours = there->proto == OUR_PROTOCOL;

	if (e && e->ifindex == there->ifindex) {
		/* should it be there twice, with two lengths, the other one's counts */
		see(set, e, ours && !(e->seen && !e->owned));
		return;
	}
	if (ours && there->len == addr_bits(&there->addr))
		stray_add(set, &there->addr, there->ifindex);
}

static void lost(struct vip_set *set, struct vip_entry *e, const char *why)
{
	struct monotime now = monotime_now();
	uint64_t delay;

	e->stands = false;
	if (monotime_since_us(now, set->fought) > FIGHT_FORGET_US)
		set->fights = 0;
	delay = (uint64_t)PUT_BACK_US << (set->fights < 8 ? set->fights : 8);
	set->fights++;
	set->fought = now;
	set->ops.lost(set->arg, &e->addr, why);
	/* the entry waits with those that failed */
	e->failed = true;
	vip_set_wake_later(set, delay < PUT_BACK_MAX_US ? delay : PUT_BACK_MAX_US);
}

static void resolve_interfaces(struct vip_set *set)
{
	uint32_t *indexes = heap_alloc_array(set->names.n, sizeof(*indexes));

	for (size_t i = 0; i < set->names.n; i++)
		indexes[i] = link_find(set->names.at[i]);
	for (size_t i = 0; i < set->entries.n; i++) {
		struct vip_entry *e = &set->entries.at[i];
		uint32_t ifindex = indexes[e->interface];

		if (e->ifindex == ifindex)
			continue;
		if (e->stands) {
			e->stands = false;
			set->ops.lost(set->arg, &e->addr, "its interface is gone");
		}
		e->ifindex = ifindex;
		e->failed = false;
		e->error = ifindex ? 0 : -ENODEV;
	}
	free(indexes);
}

void vip_set_look(struct vip_set *set)
{
	int r;

	set->must_dump = false;
	resolve_interfaces(set);
	set->strays.n = 0;
	for (size_t i = 0; i < set->entries.n; i++)
		set->entries.at[i].seen = false;
	r = address_dump(&set->requests, on_dumped, set);
	if (r < 0) {
		log_event(LOG_WARNING, EVENT_KERNEL_ERROR, LOG_NO_FIELDS,
			  "addresses can't be read from the kernel: %s", strerror(-r));
		set->must_dump = true;
		vip_set_wake_later(set, PUT_BACK_MAX_US);
		return;
	}
	for (size_t i = 0; i < set->entries.n; i++) {
		struct vip_entry *e = &set->entries.at[i];

		if (e->stands && !e->seen)
			lost(set, e, "somebody removed it");
	}
}

/* --- events -------------------------------------------------------------------------------- */

static void on_address(struct vip_set *set, const struct nlmsghdr *h)
{
	struct address_entry there;
	struct vip_entry *e;

	if (h->nlmsg_pid == set->requests.port || !address_decode(h, &there))
		return;
	e = vip_entry_find(set, &there.addr);
	if (!e || e->ifindex != there.ifindex)
		return;
	if (h->nlmsg_type == RTM_NEWADDR && !e->stands)
		see(set, e, there.proto == OUR_PROTOCOL);
	else if (h->nlmsg_type == RTM_DELADDR && e->stands)
		lost(set, e, "somebody removed it");
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
			set->must_dump = true;
			vip_set_wake(set);
			continue;
		}
		for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left))
			on_address(set, h);
	}
	free(buf);
	return 0;
}

static void on_links(void *arg)
{
	struct vip_set *set = arg;

	set->must_dump = true;
	vip_set_wake(set);
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
	for (size_t i = 0; i < set->entries.n; i++)
		set->entries.at[i].failed = false;
	vip_set_wake(set);
	return 0;
}

/* --- the set ------------------------------------------------------------------------------- */

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

static void names_free(char **at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(at[i]);
	free(at);
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
	names_free(set->names.at, set->names.n);
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

static uint16_t name_index(struct vip_set *set, const char *name)
{
	size_t i = set->names.n;

	/* most often the one before */
	while (i > 0 && strcmp(set->names.at[i - 1], name) != 0)
		i--;
	if (i > 0)
		return (uint16_t)(i - 1);
	*array_add(&set->names) = heap_strdup(name);
	return (uint16_t)(set->names.n - 1);
}

struct want {
	struct vip_set *set;
	ARRAY(struct vip_entry) entries;
	bool any_new;
};

static void want_one(struct want *w, const struct vip_entry *old, const struct vip_wish *wish)
{
	struct vip_set *set = w->set;
	struct vip_entry *e;
	uint16_t interface;

	if (!wish) {
		if (old->stands && old->owned)
			stray_add(set, &old->addr, old->ifindex);
		else
			set->ops.removed(set->arg, &old->addr);
		return;
	}
	interface = name_index(set, wish->interface);
	e = array_add(&w->entries);
	if (old && old->interface == interface) {
		*e = *old;
		return;
	}
	if (old && old->stands && old->owned)
		stray_add(set, &old->addr, old->ifindex);
	e->addr = wish->addr;
	e->interface = interface;
	e->ifindex = link_find(wish->interface);
	e->error = e->ifindex ? 0 : -ENODEV;
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
	set->must_dump = set->must_dump || w.any_new || !set->looked;
	set->looked = true;
	vip_set_wake(set);
}

bool vip_set_is_settled(const struct vip_set *set)
{
	return set->settled;
}

bool vip_set_is_wanted(const struct vip_set *set, const struct addr *addr)
{
	return vip_entry_find((struct vip_set *)set, addr) != NULL;
}

bool vip_set_view(const struct vip_set *set, const struct addr *addr, struct vip_view *ret)
{
	const struct vip_entry *e = vip_entry_find((struct vip_set *)set, addr);

	if (!e)
		return false;
	*ret = (struct vip_view){
		.addr = e->addr,
		.interface = set->names.at[e->interface],
		.stands = e->stands,
		.owned = e->owned,
		.error = e->error,
	};
	return true;
}
