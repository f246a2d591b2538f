/* vips_leaving.c: VIPs that withdraw or are held, and when that is over
 *
 * Withdrawing is over once every session has sent what it has to; a peer that does not read is not
 * waited for for ever.  Holding is over after withdrawHold, or once no socket is left on the VIP
 * (but not within the first moment). One timer looks through all of them; the kernel's table of
 * sockets, which may be large, is read at a pace that leaves most of the time to others.
 */
#include "base/array.h"
#include "base/heap.h"
#include "bgp/speaker.h"
#include "daemon/vips_private.h"
#include "kernel/host.h"

#include <utlist.h>

static const uint64_t TICK_US = 20000;
static const int64_t LOOK_US = 200000; /* between two looks at the sockets, at the least */
enum { LOOK_SHARE = 20 }; /* one part of so many of our time */
/* Routers need a moment to act on a withdrawal; what they still send should find its address. */
static const int64_t HOLD_LEAST_US = 500000;

static void tick_soon(struct vips *v)
{
	int on = SD_EVENT_OFF;

	sd_event_source_get_enabled(v->tick, &on);
	if (on != SD_EVENT_OFF)
		return;
	sd_event_source_set_time_relative(v->tick, TICK_US);
	sd_event_source_set_enabled(v->tick, SD_EVENT_ONESHOT);
}

void vips_leave_until(struct vips *v, struct vip *vip, int64_t us)
{
	vip->since = monotime_now();
	vip->until = monotime_add_us(vip->since, us);
	if (!vip->leaving)
		DL_APPEND(v->leaving, vip);
	vip->leaving = true;
	tick_soon(v);
}

void vips_leave_no_more(struct vips *v, struct vip *vip)
{
	if (vip->leaving)
		DL_DELETE(v->leaving, vip);
	vip->leaving = false;
	vip->until = (struct monotime){0};
}

static int addr_order(const void *a, const void *b)
{
	return addr_cmp(a, b);
}

/* A kernel that can't tell: they are held for the whole time. */
static void release_unused(struct vips *v)
{
	ARRAY(struct addr) held = {0};
	struct monotime before = monotime_now();
	struct vip *vip;
	int64_t cost;
	bool *in_use;

	DL_FOREACH (v->leaving, vip) {
		/* of a block the kernel would have to be asked for each address */
		if (vip->life.state == VIP_HOLDING && vip->length == addr_bits(&vip->addr) &&
		    monotime_since_us(before, vip->since) >= HOLD_LEAST_US)
			*array_add(&held) = vip->addr;
	}
	if (held.n == 0)
		return;
	array_sort(&held, addr_order);
	in_use = heap_alloc_array(held.n, sizeof(*in_use));
	if (host_addresses_in_use(held.at, held.n, in_use) >= 0)
		for (size_t i = 0; i < held.n; i++)
			if (!in_use[i])
				vips_feed(v, vips_find(v, &held.at[i]), VIP_EVENT_HOLD_OVER);
	free(in_use);
	array_fini(&held);
	cost = LOOK_SHARE * monotime_since_us(monotime_now(), before);
	v->next_look = monotime_add_us(monotime_now(), cost > LOOK_US ? cost : LOOK_US);
}

static bool is_over(const struct vip *vip, struct monotime now, bool flushed)
{
	if (vip->life.state == VIP_WITHDRAWING && flushed)
		return true;
	return monotime_since_us(now, vip->until) >= 0;
}

static int on_tick(sd_event_source *source, uint64_t usec, void *arg)
{
	struct vips *v = arg;
	struct monotime now = monotime_now();
	bool flushed = speaker_is_flushed(v->speaker);
	struct vip *vip, *next;

	(void)source;
	(void)usec;
	DL_FOREACH_SAFE (v->leaving, vip, next)
		if (is_over(vip, now, flushed))
			vips_feed(v, vip,
				  vip->life.state == VIP_WITHDRAWING ? VIP_EVENT_WITHDRAWN
								     : VIP_EVENT_HOLD_OVER);
	if (monotime_since_us(now, v->next_look) >= 0)
		release_unused(v);
	if (v->leaving)
		tick_soon(v);
	return 0;
}

int vips_leaving_init(struct vips *v, sd_event *event)
{
	int r = sd_event_add_time_relative(event, &v->tick, CLOCK_MONOTONIC, TICK_US, 1000, on_tick,
					   v);

	return r < 0 ? r : sd_event_source_set_enabled(v->tick, SD_EVENT_OFF);
}

void vips_leaving_fini(struct vips *v)
{
	sd_event_source_disable_unref(v->tick);
}
