/* vips_view.c: what is told of the VIPs */
#include "base/heap.h"
#include "base/text.h"
#include "daemon/vips_private.h"
#include "kernel/vip.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

const char *vip_format(char *buf, const struct vip *vip)
{
	return addr_format_block(buf, &vip->addr, vip->length);
}

static void fill(struct vip_status *ret, const struct vips *v, const struct vip *vip)
{
	struct vip_view view = {0};

	(void)vip_set_view(v->set, &vip->addr, &view);
	*ret = (struct vip_status){
		.addr = vip->addr,
		.length = vip->length,
		.interface = vip->interface->name,
		.state = vip->life.state,
		.owned = vip->owned,
		.stands = view.stands,
		.error = view.error,
		.hold_left_s = -1,
		.index = vip->index,
	};
	if (view.left_ifindex)
		(void)if_indextoname(view.left_ifindex, ret->elsewhere);
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

void vip_status_text(struct text *out, const struct vip_status *s)
{
	char addr[PREFIX_TEXT_MAX];

	text_addf(out, "VIP %s is not on %s: %s", addr_format_block(addr, &s->addr, s->length),
		  s->interface, s->error ? strerror(abs(s->error)) : "no answer yet");
	if (s->elsewhere[0])
		text_addf(out, "; it stays on %s", s->elsewhere);
}

struct missing {
	const struct vips *vips;
	vips_missing_fn fn;
	void *arg;
	size_t n;
};

static void on_missing(void *arg, const struct addr *addr)
{
	struct missing *m = arg;
	const struct vip *vip = vips_find(m->vips, addr);
	struct vip_status status;

	if (!vip || vip->index == PLAN_NONE)
		return;
	m->n++;
	fill(&status, m->vips, vip);
	m->fn(m->arg, &status);
}

size_t vips_missing(const struct vips *v, vips_missing_fn fn, void *arg)
{
	struct missing m = {.vips = v, .fn = fn, .arg = arg};

	vip_set_missing(v->set, on_missing, &m);
	return m.n;
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
