/* speaker.h: all BGP sessions of this process: takes the plan's slice, keeps it, tells of itself
 *
 * The speaker owns the sessions, the listening sockets and the Adj-RIB-Outs (one for each output
 * group).  It copies what it needs: a plan may be freed after speaker_want() with the next one, or
 * after speaker_free().  Runs in the thread of the event loop that it was given.
 */
#ifndef MLBGPD_BGP_SPEAKER_H
#define MLBGPD_BGP_SPEAKER_H

#include "base/addr.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct speaker;

/* RFC 4271 8.2.2 */
enum bgp_state {
	BGP_IDLE,
	BGP_CONNECT,
	BGP_ACTIVE,
	BGP_OPEN_SENT,
	BGP_OPEN_CONFIRM,
	BGP_ESTABLISHED,
};
const char *bgp_state_name(enum bgp_state state); /* "Idle", "Connect", ... */

struct speaker_ops {
	/* A session came to or left Established.  Called from the midst of the speaker's work: to
	 * be noted, not to be answered by speaker_want(), _reset() or _shutdown(). */
	void (*session_changed)(void *arg, const char *peer, bool established);
	/* May a connection be made from or to this local address?  (a VIP is neither) */
	bool (*local_address_allowed)(void *arg, const struct addr *local);
	/* The interface by which an address on the link is reached; 0: by a gateway, or not known.
	 * May be NULL. */
	uint32_t (*interface_to)(void *arg, const struct addr *peer);
	/* NULL where the interface works; else what happened to it, good until the next call.  May
	 * be NULL. */
	const char *(*interface_lost)(void *arg, uint32_t ifindex);
	/* NULL where the peer's BFD is Up; else what it waits for, good until the next call.  Asked
	 * of peers with bfd.strict.  May be NULL. */
	const char *(*awaits_bfd)(void *arg, const struct plan_peer *peer);
};

struct speaker *speaker_new(sd_event *event, const struct speaker_ops *ops, void *arg);
void speaker_free(struct speaker *speaker);

/* Opens the listening sockets that are not yet open, closes those no longer named.  One that can't
 * be had is logged with the reason (and the owner's name where known) and tried again later; never
 * fatal.  Returns how many stand. */
size_t speaker_listen(struct speaker *speaker, const struct listen_address *at, size_t n);

/* What is to be: sessions come, go or change as plan_peer_cost() says, routes are sent as they
 * differ from what was sent; an unchanged session or route is not touched. */
void speaker_want(struct speaker *speaker, const struct plan *plan);
/* One route of a group of the plan last wanted was patched by a gate. */
void speaker_route_changed(struct speaker *speaker, uint32_t group, uint32_t route);

/* More changes will follow at once: what is to be sent is gathered until it is told otherwise, for
 * SPEAKER_GATHER_US at the longest, so that it goes out together. */
enum { SPEAKER_GATHER_US = 100000 };
void speaker_gather(struct speaker *speaker, bool on);

/* Has every established session been sent (into its TCP socket) all that is wanted? */
bool speaker_is_flushed(const struct speaker *speaker);
/* Ends every session with Cease/Administrative Shutdown (RFC 4486; text by RFC 9003, may be NULL)
 * after what is still to be sent; none is started again. */
void speaker_shutdown(struct speaker *speaker, const char *text);
bool speaker_is_shut_down(const struct speaker *speaker);
/* Restarts one session (Cease/Administrative Reset); -ENOENT where there is none of that name. */
int speaker_reset(struct speaker *speaker, const char *peer);
/* BFD lost the peer: Cease/BFD Down (RFC 9384), tried again later; -ENOENT where there is none of
 * that name. */
int speaker_bfd_down(struct speaker *speaker, const char *peer);
/* BFD is Up: a session that has waited for it (bfd.strict) is dialled at once; -ENOENT likewise. */
int speaker_bfd_up(struct speaker *speaker, const char *peer);
/* Ours in an established session; else ADDR_NONE. */
struct addr speaker_local_address(const struct speaker *speaker, const char *peer);
/* Something happened to some interface: external sessions with peers on one that was lost end at
 * once. */
void speaker_links_changed(struct speaker *speaker);

/* A snapshot of one session; texts are good until the loop turns. */
struct bgp_peer_view {
	const char *name;
	struct addr address;
	const char *interface;
	struct addr local_address; /* ADDR_NONE: not connected */
	enum bgp_state state;
	bool internal;
	bool draining; /* by its PeerPolicy */
	bool shut_down; /* likewise */
	const char *note; /* why it does not run, or a family is not announced; NULL: nothing */
	uint32_t my_asn, peer_asn; /* peer_asn 0: not known yet */
	uint32_t remote_router_id; /* host order; 0: unknown */
	uint16_t hold_time_s; /* negotiated, or proposed while there is no session */
	uint16_t keepalive_s;
	const char *const *capabilities; /* of the peer, in words */
	size_t n_capabilities;
	int64_t uptime_us; /* of Established */
	uint64_t established_count;
	uint64_t prefixes_advertised;
	uint64_t updates_sent, updates_received, messages_sent, messages_received;
	struct {
		int64_t wall_us; /* CLOCK_REALTIME; 0: none */
		bool sent; /* we sent the NOTIFICATION; else it was received, or no message */
		uint8_t code, subcode;
		const char *text;
	} last_error;
};

typedef void (*bgp_peer_view_fn)(void *arg, const struct bgp_peer_view *view);
/* Every session, by name. */
void speaker_peers(const struct speaker *speaker, bgp_peer_view_fn fn, void *arg);

/* What was sent to a peer and stands there, by prefix. */
struct bgp_route_view {
	const char *peer;
	struct prefix prefix;
	struct addr next_hop;
	const struct plan_attrs
		*attrs; /* local_pref as on the wire: 100 where unset and internal */
	uint32_t my_asn; /* first in the AS path of an external session */
	bool internal;
};

typedef void (*bgp_route_view_fn)(void *arg, const struct bgp_route_view *view);
/* Of one peer, by prefix: those behind *at (zeroed: from the first on), of `max` that are looked
 * at. *at is the last one looked at then; false: that was all. */
bool speaker_routes(const struct speaker *speaker, const char *peer, struct prefix *at, size_t max,
		    bgp_route_view_fn fn, void *arg);
/* One of them, where it was sent. */
void speaker_route(const struct speaker *speaker, const char *peer, const struct prefix *prefix,
		   bgp_route_view_fn fn, void *arg);

#endif
