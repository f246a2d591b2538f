/* vips_view.c: what is told of the VIPs */
#include "base/heap.h"
#include "daemon/vips_private.h"
#include "kernel/vip.h"

#include <stdlib.h>

const char *vip_format(char *buf, const struct vip *vip)
{
	return addr_format_block(buf, &vip->addr, vip->length);
}

bool vips_status(const struct vips *v, const struct addr *addr, struct vip_status *ret)
{
	const struct vip *vip = vips_find(v, addr);
	struct vip_view view = {0};

	if (!vip)
		return false;
	(void)vip_set_view(v->set, addr, &view);
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
	return true;
}

size_t vips_count(const struct vips *v)
{
	return HASH_COUNT(v->table);
}

size_t vips_count_state(const struct vips *v, enum vip_state state)
{
	return v->count[state];
}

static int addr_order(const void *a, const void *b)
{
	return addr_cmp(a, b);
}

struct addr *vips_list(const struct vips *v, size_t *n)
{
	struct addr *list = heap_alloc_array(HASH_COUNT(v->table) + 1, sizeof(*list));
	struct vip *vip, *next;

	*n = 0;
	HASH_ITER (hh, v->table, vip, next)
		list[(*n)++] = vip->addr;
	qsort(list, *n, sizeof(*list), addr_order);
	return list;
}
