/* engine_way.c: by which of our addresses and by which interface a session goes, and whether its
 * peer is more than one hop away
 *
 * BFD has the address that BGP has: sourceAddress, else the kernel's choice, which is BGP's too;
 * but where the router has dialled another address of ours, its BFD looks for us there.  That is
 * known once BGP is established, and moves no session that is Up.  A VIP is never it (RFC 5881 4:
 * the address is one of the interface's).
 *
 * Echoes go past the kernel's IP layer: where to, is asked of it while a session is Up.
 */
#include "bfd/engine_private.h"

#include "base/log.h"

#include <string.h>

enum { LOOKS = 64 };

static const uint64_t LOOK_US = 5000000;

/* An internal peer that can't be reached now stays what it was. */
static bool is_multihop(const struct plan_peer *peer, const struct bfd_entry *old,
			const struct bfd_path *path)
{
	if (peer->bfd_hops != BFD_HOPS_AUTO)
		return peer->bfd_hops == BFD_HOPS_MULTI;
	if (peer->type == PEER_EXTERNAL && !peer->multihop)
		return false;
	if (!path->known && old)
		return old->multihop;
	return !path->on_link;
}

static struct addr source_of(const struct bfd_engine *e, const struct plan_peer *peer,
			     const struct bfd_entry *old, const struct bfd_path *path)
{
	const struct addr none = {.family = ADDR_NONE};
	struct addr bgp;

	if (peer->source_address.family != ADDR_NONE)
		return peer->source_address;
	if (old && old->state == BFD_UP && old->asked.family == ADDR_NONE)
		return old->source;
	bgp = e->ops->bgp_address(e->arg, peer->name);
	return path->known && addr_equal(&path->source, &bgp) ? none : bgp;
}

struct bfd_route bfd_engine_route(const struct bfd_engine *e, const struct plan_peer *peer,
				  const struct bfd_entry *old)
{
	const struct bfd_path path = e->ops->path_to(e->arg, &peer->address);
	struct bfd_route ret = {.source = source_of(e, peer, old, &path),
				.multihop = is_multihop(peer, old, &path)};
	const struct addr *local = ret.source.family != ADDR_NONE ? &ret.source : &path.source;

	if (!ret.multihop && path.on_link)
		ret.ifindex = path.ifindex;
	ret.is_vip = local->family != ADDR_NONE && e->ops->is_vip(e->arg, local);
	return ret;
}

/* ---- the interface, while a session is not Up, and then the peer's link address ---- */

void bfd_engine_set_ifindex(struct bfd_engine *e, struct bfd_entry *entry, uint32_t ifindex)
{
	if (entry->ifindex == ifindex)
		return;
	entry->ifindex = ifindex;
	bfd_engine_send_params(e, entry);
}

static uint32_t link_to(const struct bfd_engine *e, const struct bfd_entry *entry)
{
	const struct bfd_path path = e->ops->path_to(e->arg, &entry->peer);

	return path.on_link ? path.ifindex : 0;
}

/* The loop asks, not the thread: before Linux 6.17 the kernel answers under the lock of all network
 * configuration (RTNL), which others hold for many milliseconds.  Control packets keep the kernel's
 * entry alive; while it has none, the last one stays. */
void bfd_engine_find_link(struct bfd_engine *e, struct bfd_entry *entry)
{
	const struct bfd_link_address *old = &entry->link_address;
	struct bfd_link_address now = {.ifindex = entry->ifindex};

	if (entry->state != BFD_UP || !bfd_engine_may_echo(entry))
		return;
	if (!now.ifindex)
		now.ifindex = link_to(e, entry);
	if (!now.ifindex || !e->ops->link_address(e->arg, &entry->peer, now.ifindex, now.mac) ||
	    (now.ifindex == old->ifindex && memcmp(now.mac, old->mac, sizeof(now.mac)) == 0))
		return;
	entry->link_address = now;
	bfd_engine_send_params(e, entry);
}

static void look_at(struct bfd_engine *e, struct bfd_entry *entry)
{
	bfd_engine_find_link(e, entry);
	if (entry->state != BFD_UP && !entry->multihop)
		bfd_engine_set_ifindex(e, entry, link_to(e, entry));
}

/* Some at a time: each is a question to the kernel. */
static int on_look(sd_event_source *source, uint64_t usec, void *arg)
{
	struct bfd_engine *e = arg;

	(void)usec;
	for (size_t i = 0; i < LOOKS && i < e->entries.n; i++)
		look_at(e, e->entries.at[e->look_from++ % e->entries.n]);
	if (sd_event_source_set_time_relative(source, LOOK_US) >= 0)
		sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

void bfd_engine_watch_ways(struct bfd_engine *e)
{
	if (!e->look)
		(void)sd_event_add_time_relative(e->event, &e->look, CLOCK_MONOTONIC, LOOK_US, 0,
						 on_look, e);
}
