/* vip_look.c: what is there, by dumps and events
 *
 * The kernel is asked what is there before anything new is added, and again whenever events were
 * lost, an interface changed, or an address was there already.  Events that we caused ourselves
 * bear our port and are passed over: the answer to the request has told.
 */
#include "kernel/vip_set.h"

#include "base/heap.h"
#include "base/log.h"
#include "kernel/route.h"

#include <linux/rtnetlink.h>
#include <string.h>

enum {
	FIGHT_FORGET_US = 60 * 1000 * 1000, /* so long without a loss: the fight is over */
	PUT_BACK_US = 100 * 1000,
	PUT_BACK_DOUBLINGS = 7, /* 12.8 s */
	LOOK_AGAIN_US = 10 * 1000 * 1000,
	STRAYS_COMPARED = 16,
};

void vip_stray_add(struct vip_set *set, const struct vip_stray *stray)
{
	/* a dump that was asked for again tells of some twice: no harm, but work */
	for (size_t i = set->strays.n; i > 0 && i + STRAYS_COMPARED > set->strays.n; i--) {
		const struct vip_stray *s = &set->strays.at[i - 1];

		if (s->ifindex == stray->ifindex && s->route == stray->route &&
		    s->length == stray->length && addr_equal(&s->addr, &stray->addr))
			return;
	}
	*array_add(&set->strays) = *stray;
}

/* Such as we put there; others may use our number, but for such a one nobody can tell. */
static bool is_ours(const struct address_entry *there)
{
	return there->proto == OUR_PROTOCOL &&
	       (there->route || there->len == addr_bits(&there->addr));
}

/* The very thing that we put there for an entry. */
static bool is_mine(const struct vip_entry *e, const struct address_entry *there)
{
	return is_ours(there) && there->route == e->route && there->len == e->length;
}

/* Somebody else's, by which the VIP stands as well: an address of any length, or the same local
 * route where a route would do. */
static bool is_as_good(const struct vip_entry *e, const struct address_entry *there)
{
	if (is_ours(there))
		return false;
	if (there->route)
		return e->route && there->len == e->length;
	return e->length == addr_bits(&e->addr);
}

static void see(struct vip_set *set, struct vip_entry *e, bool owned)
{
	bool stood = e->stands;

	e->seen = true;
	e->stands = true;
	e->left_ifindex = 0;
	e->owned = owned;
	e->failed = e->fail_told = false;
	e->error = 0;
	if (!stood)
		set->ops.stands(set->arg, &e->addr, owned, owned);
}

static void on_dumped(void *arg, const struct address_entry *there)
{
	struct vip_set *set = arg;
	struct vip_entry *e = vip_entry_find(set, &there->addr);

	if (e && e->ifindex == there->ifindex && (is_mine(e, there) || is_as_good(e, there))) {
		/* there twice (two lengths, an address and a route): ours is to be removed in the
		 * end */
		see(set, e, is_mine(e, there) || (e->seen && e->owned));
		return;
	}
	if (e && e->left_ifindex == there->ifindex)
		e->left_seen = true;
	if (is_ours(there))
		vip_stray_add(set, &(struct vip_stray){there->addr, there->ifindex, there->len,
						       there->route});
}

static void tell_lost(struct vip_set *set, const struct addr *addr, const char *why)
{
	char text[ADDR_TEXT_MAX];

	/* the rest is told as a number */
	if (set->n_lost++ == 0)
		log_event(LOG_WARNING, EVENT_VIP_LOST,
			  LOG_FIELDS({"VIP", addr_format(text, addr)}, {"REASON", why}),
			  "VIP %s: %s", text, why);
	set->ops.lost(set->arg, addr, why);
}

static void lost(struct vip_set *set, struct vip_entry *e)
{
	struct monotime now = monotime_now();

	e->stands = e->owned = false;
	e->left_ifindex = 0;
	if (set->n_lost == 0) {
		/* a new round of a fight, if it is one */
		if (monotime_since_us(now, set->fought) > FIGHT_FORGET_US)
			set->fights = 0;
		else if (set->fights < PUT_BACK_DOUBLINGS)
			set->fights++;
		set->fought = now;
	}
	tell_lost(set, &e->addr, "somebody removed it");
	/* the entry waits with those that failed */
	e->failed = true;
	vip_set_wake_later(set, (uint64_t)PUT_BACK_US << set->fights);
}

static void resolve_interfaces(struct vip_set *set)
{
	for (size_t i = 0; i < set->interfaces.n; i++)
		set->interfaces.at[i].ifindex = link_find(set->interfaces.at[i].name);
	for (size_t i = 0; i < set->entries.n; i++) {
		struct vip_entry *e = &set->entries.at[i];
		uint32_t ifindex = set->interfaces.at[e->interface].ifindex;
		bool stood = e->stands;

		if (e->ifindex == ifindex)
			continue;
		e->ifindex = ifindex;
		e->stands = e->owned = e->failed = e->fail_told = false;
		e->error = 0;
		if (stood)
			tell_lost(set, &e->addr, "its interface is gone");
	}
	if (set->n_lost > 0)
		vip_set_wake_later(set, PUT_BACK_US);
}

bool vip_set_look(struct vip_set *set)
{
	int r;

	set->must_dump = false;
	resolve_interfaces(set);
	set->strays.n = 0;
	for (size_t i = 0; i < set->entries.n; i++)
		set->entries.at[i].seen = set->entries.at[i].left_seen = false;
	r = address_dump(&set->requests, on_dumped, set);
	if (r == 0)
		r = route_dump(&set->requests, on_dumped, set);
	if (r < 0) {
		log_event(LOG_WARNING, EVENT_KERNEL_ERROR, LOG_NO_FIELDS,
			  "addresses can't be read from the kernel: %s", strerror(-r));
		set->must_dump = true;
		vip_set_wake_later(set, LOOK_AGAIN_US);
		return false;
	}
	for (size_t i = 0; i < set->entries.n; i++) {
		struct vip_entry *e = &set->entries.at[i];

		if ((e->stands && !e->seen) || (e->left_ifindex && !e->left_seen))
			lost(set, e);
	}
	return true;
}

void vip_set_hear(struct vip_set *set, const struct nlmsghdr *h)
{
	struct address_entry there;
	struct vip_entry *e;
	bool gone = h->nlmsg_type == RTM_DELADDR || h->nlmsg_type == RTM_DELROUTE;

	if (h->nlmsg_pid == set->requests.port ||
	    !(address_decode(h, &there) || route_decode(h, &there)))
		return;
	e = vip_entry_find(set, &there.addr);
	if (e && gone && !e->stands && e->left_ifindex == there.ifindex) {
		/* there twice: another look tells whether it still stands */
		set->must_dump = true;
		vip_set_wake(set);
		return;
	}
	if (!e || e->ifindex != there.ifindex || !(is_mine(e, &there) || is_as_good(e, &there)))
		return;
	if (gone) {
		/* of two the one by which it stands */
		if (e->stands && e->owned == is_mine(e, &there))
			lost(set, e);
	} else if (!e->stands) {
		see(set, e, is_mine(e, &there));
	} else if (e->owned && there.route == e->route && there.len == e->length) {
		/* ours was replaced by one without our mark: it is not ours any more */
		e->owned = is_mine(e, &there);
	}
}
