/* vips_view.c: what is told of the VIPs */
#include "base/heap.h"
#include "daemon/vips_private.h"
#include "kernel/vip.h"
#include "plan/plan.h"

#include <stdlib.h>

const char *vip_format(char *buf, const struct vip *vip)
{
	return addr_format_block(buf, &vip->addr, vip->length);
}

static void fill(struct vip_status *ret, const struct vips *v, const struct vip *vip)
{
	struct vip_view view = {0};

	if (!vip->life.stands)
		(void)vip_set_view(v->set, &vip->addr, &view);
	*ret = (struct vip_status){
		.addr = vip->addr,
		.length = vip->length,
		.interface = vip->interface->name,
		.state = vip->life.state,
		.owned = vip->owned,
		.stands = vip->life.stands,
		.error = view.error,
		.hold_left_s = -1,
		.index = vip->index,
	};
	if (vip->life.state == VIP_HOLDING)
		ret->hold_left_s = (double)monotime_since_us(vip->until, monotime_now()) / 1e6;
}

bool vips_status(const struct vips *v, const struct addr *addr, struct vip_status *ret)
{
	const struct vip *vip = vips_find(v, addr);

	if (vip)
		fill(ret, v, vip);
	return vip != NULL;
}

size_t vips_missing(const struct vips *v, vips_missing_fn fn, void *arg)
{
	size_t n = 0;

	for (size_t i = 0; i < v->list.n; i++) {
		const struct vip *vip = v->list.at[i];
		struct vip_status status;

		if (vip->index == PLAN_NONE || vip->life.stands)
			continue;
		n++;
		fill(&status, v, vip);
		fn(arg, &status);
	}
	return n;
}

size_t vips_count(const struct vips *v)
{
	return v->list.n;
}

size_t vips_count_state(const struct vips *v, enum vip_state state)
{
	return v->count[state];
}

struct addr *vips_list(const struct vips *v, size_t *n)
{
	struct addr *list = heap_alloc_array(v->list.n + 1, sizeof(*list));

	for (size_t i = 0; i < v->list.n; i++)
		list[i] = v->list.at[i]->addr;
	*n = v->list.n;
	return list;
}
