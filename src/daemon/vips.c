/* vips.c: feeds the lives of VIPs and does what they ask for
 *
 *	plan wants it ............ WANTED, GOOD     -> the kernel is asked (vip_set_want)
 *	the kernel has it ........ STANDS           -> gate open, the speaker announces
 *	plan no longer has it .... UNWANTED         -> withdrawn (speaker_want has done it)
 *	sessions have sent it .... WITHDRAWN        -> held for withdrawHold
 *	nobody uses it any more .. HOLD_OVER        -> off
 *
 * The kernel's list is written once a turn of the loop, however many lives changed, and never from
 * inside one of its callbacks.
 */
#include "daemon/vips_private.h"
#include "base/heap.h"
#include "bgp/speaker.h"
#include "kernel/vip.h"
#include "plan/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

static const int64_t WITHDRAW_PATIENCE_US = 5000000; /* a peer that does not read */

static struct interface *interface_get(struct vips *v, const char *name)
{
	struct interface *i;

	for (i = v->interfaces; i; i = i->next)
		if (strcmp(i->name, name) == 0) {
			i->refs++;
			return i;
		}
	i = heap_alloc(sizeof(*i) + strlen(name) + 1);
	i->refs = 1;
	strcpy(i->name, name);
	LL_PREPEND(v->interfaces, i);
	return i;
}

static void interface_put(struct vips *v, struct interface *i)
{
	if (!i || --i->refs > 0)
		return;
	LL_DELETE(v->interfaces, i);
	free(i);
}

struct vip *vips_find(const struct vips *v, const struct addr *addr)
{
	size_t low = 0, high = v->list.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int c = addr_cmp(&v->list.at[middle]->addr, addr);

		if (c == 0)
			return v->list.at[middle];
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The list still has it. */
static void vip_free(struct vips *v, struct vip *vip)
{
	v->count[vip->life.state]--;
	if (vip->leaving)
		DL_DELETE(v->leaving, vip);
	interface_put(v, vip->interface);
	free(vip);
}

static void on_route(void *arg, uint32_t group, uint32_t route)
{
	struct vips *v = arg;

	speaker_route_changed(v->speaker, group, route);
}

static void gate(struct vips *v, const struct vip *vip, bool open)
{
	if (vip->index != PLAN_NONE)
		plan_gate(v->plan, vip->index, open, on_route, v);
}

static void want_soon(struct vips *v)
{
	sd_event_source_set_enabled(v->want_soon, SD_EVENT_ONESHOT);
}

void vips_feed(struct vips *v, struct vip *vip, enum vip_event event)
{
	enum vip_state from = vip->life.state;
	unsigned actions = vip_life_event(&vip->life, event);

	if (vip->life.state != from) {
		v->count[from]--;
		v->count[vip->life.state]++;
		vips_log_state(v, vip, from);
	}
	if (actions & VIP_DO_CLOSE)
		gate(v, vip, false);
	if (vip->life.state == VIP_WITHDRAWING && from != VIP_WITHDRAWING)
		vips_leave_until(v, vip, WITHDRAW_PATIENCE_US);
	if (actions & VIP_DO_HOLD)
		vips_leave_until(v, vip, v->hold_us);
	if (actions & VIP_DO_CANCEL_HOLD ||
	    (vip->life.state != VIP_WITHDRAWING && vip->life.state != VIP_HOLDING))
		vips_leave_no_more(v, vip);
	if (actions & (VIP_DO_ASSIGN | VIP_DO_UNASSIGN))
		want_soon(v);
	if (actions & VIP_DO_OPEN)
		gate(v, vip, true);
}

/* What the kernel tells */

static void on_stands(void *arg, const struct addr *addr, bool owned, bool adopted)
{
	struct vips *v = arg;
	struct vip *vip = vips_find(v, addr);

	(void)adopted;
	if (!vip)
		return;
	vip->owned = owned;
	/* the next batch comes at once: one UPDATE for all */
	if (v->speaker && !vip_set_is_settled(v->set))
		speaker_gather(v->speaker, true);
	vips_feed(v, vip, VIP_EVENT_STANDS);
}

static void on_lost(void *arg, const struct addr *addr, const char *why)
{
	struct vips *v = arg;
	struct vip *vip = vips_find(v, addr);

	(void)why;
	if (vip)
		vips_feed(v, vip, VIP_EVENT_LOST);
}

static void on_failed(void *arg, const struct addr *addr, int error, const char *words)
{
	(void)arg;
	(void)addr;
	(void)error;
	(void)words;
}

static void on_removed(void *arg, const struct addr *addr)
{
	(void)arg;
	(void)addr;
}

static void on_settled(void *arg)
{
	struct vips *v = arg;

	if (v->speaker)
		speaker_gather(v->speaker, false);
	v->settled(v->settled_arg);
}

/* The kernel gets the whole list: wanted ones, and those that are still held. */
static void want(struct vips *v)
{
	ARRAY(struct vip_wish) wishes = {0};
	size_t kept = 0;

	for (size_t i = 0; i < v->list.n; i++) {
		struct vip *vip = v->list.at[i];

		if (vip->life.state == VIP_ABSENT && !vip->life.wanted) {
			vip_free(v, vip);
			continue;
		}
		v->list.at[kept++] = vip;
		if (vip->life.state != VIP_ABSENT)
			*array_add(&wishes) = (struct vip_wish){
				.addr = vip->addr,
				.interface = vip->interface->name,
				.length = vip->length,
				.route = vip->route,
			};
	}
	v->list.n = kept;
	sd_event_source_set_enabled(v->want_soon, SD_EVENT_OFF);
	vip_set_want(v->set, wishes.at, wishes.n);
	array_fini(&wishes);
}

static int on_want_soon(sd_event_source *source, void *arg)
{
	(void)source;
	want(arg);
	return 0;
}

static const struct vip_ops kernel_ops = {
	.stands = on_stands,
	.lost = on_lost,
	.failed = on_failed,
	.removed = on_removed,
	.settled = on_settled,
};

int vips_new(struct vips **ret, sd_event *event, vips_settled_fn settled, void *arg)
{
	struct vips *v = heap_new_of(struct vips);
	int r;

	*v = (struct vips){.settled = settled, .settled_arg = arg};
	r = vips_leaving_init(v, event);
	if (r < 0)
		goto fail;
	r = vips_log_init(v, event);
	if (r < 0)
		goto fail;
	r = sd_event_add_defer(event, &v->want_soon, on_want_soon, v);
	if (r < 0)
		goto fail;
	sd_event_source_set_enabled(v->want_soon, SD_EVENT_OFF);
	r = vip_set_new(&v->set, event, &kernel_ops, v);
	if (r < 0)
		goto fail;
	r = vip_set_may_write(v->set);
	if (r < 0)
		goto fail;
	*ret = v;
	return 0;
fail:
	vips_free(v);
	return r;
}

void vips_set_speaker(struct vips *v, struct speaker *speaker)
{
	v->speaker = speaker;
}

void vips_free(struct vips *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < v->list.n; i++)
		vip_free(v, v->list.at[i]);
	array_fini(&v->list);
	if (v->set)
		vip_set_free(v->set);
	vips_leaving_fini(v);
	vips_log_fini(v);
	sd_event_source_disable_unref(v->want_soon);
	free(v);
}

static struct vip *vip_new(struct vips *v, const struct addr *addr)
{
	struct vip *vip = heap_new_of(struct vip);

	vip->addr = *addr;
	v->count[VIP_ABSENT]++;
	return vip;
}

/* What the plan says of it. */
static void follow(struct vips *v, struct vip *vip, const struct plan_vip *planned,
		   const char *interface, uint32_t index)
{
	struct interface *old = vip->interface;

	vip->interface = interface_get(v, interface);
	interface_put(v, old);
	vip->index = index;
	vip->length = planned->length;
	vip->route = planned->route;
	plan_gate(v->plan, index, vip->life.state == VIP_ANNOUNCED, NULL, NULL);
}

void vips_prepare(struct vips *v, struct plan *plan)
{
	ARRAY(struct vip *) list = {0};
	size_t n, n_interfaces;
	const struct plan_vip *planned = plan_vips(plan, &n);
	const char *const *interfaces = plan_interfaces(plan, &n_interfaces);

	v->plan = plan;
	v->hold_us = plan_settings(plan)->withdraw_hold_ns / 1000;
	for (size_t i = 0, j = 0; i < v->list.n || j < n;) {
		struct vip *vip = i < v->list.n ? v->list.at[i] : NULL;
		int c = !vip ? 1 : j == n ? -1 : addr_cmp(&vip->addr, &planned[j].addr);

		if (c > 0)
			vip = vip_new(v, &planned[j].addr);
		if (c < 0)
			vip->index = PLAN_NONE;
		else
			follow(v, vip, &planned[j], interfaces[planned[j].interface], (uint32_t)j);
		*array_add(&list) = vip;
		i += c <= 0;
		j += c >= 0;
	}
	free(v->list.at);
	v->list.at = list.at;
	v->list.n = list.n;
	v->list.max = list.max;
}

/* One that goes and comes back before the kernel was told is there already: nobody will say so. */
static void begin(struct vips *v, struct vip *vip)
{
	struct vip_view view;

	vips_feed(v, vip, VIP_EVENT_WANTED);
	vips_feed(v, vip, VIP_EVENT_GOOD); /* nobody asks yet */
	if (!vip->life.stands && vip_set_view(v->set, &vip->addr, &view) && view.stands) {
		vip->owned = view.owned;
		vips_feed(v, vip, VIP_EVENT_STANDS);
	}
}

void vips_commit(struct vips *v)
{
	for (size_t i = 0; i < v->list.n; i++) {
		struct vip *vip = v->list.at[i];
		bool wanted = vip->index != PLAN_NONE;

		if (wanted == vip->life.wanted)
			continue;
		if (wanted)
			begin(v, vip);
		else
			vips_feed(v, vip, VIP_EVENT_UNWANTED);
	}
	want(v);
}

void vips_leave(struct vips *v, bool hold)
{
	v->hold_us = hold ? v->hold_us : 0;
	for (size_t i = 0; i < v->list.n; i++) {
		struct vip *vip = v->list.at[i];

		vip->index = PLAN_NONE; /* no gate matters any more */
		vips_feed(v, vip, VIP_EVENT_UNWANTED);
		vips_feed(v, vip, VIP_EVENT_WITHDRAWN);
		if (!hold)
			vips_feed(v, vip, VIP_EVENT_HOLD_OVER);
	}
	want(v);
}

bool vips_are_gone(const struct vips *v)
{
	return v->list.n == v->count[VIP_ABSENT] && vips_are_settled(v);
}

bool vips_are_settled(const struct vips *v)
{
	int soon = SD_EVENT_OFF;

	sd_event_source_get_enabled(v->want_soon, &soon);
	return soon == SD_EVENT_OFF && vip_set_is_settled(v->set);
}

bool vips_is_ours(const struct vips *v, const struct addr *addr)
{
	return vip_set_is_wanted(v->set, addr);
}
