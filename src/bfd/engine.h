/* engine.h: all BFD sessions of this process: takes the plan's slice, keeps it, tells of itself
 *
 * Called by the thread of the event loop only.  Packets and timers are a thread's own (thread.h),
 * which starts with the first session.  Copies what it needs of a plan.
 */
#ifndef MLBGPD_BFD_ENGINE_H
#define MLBGPD_BFD_ENGINE_H

#include "bfd/machine.h"
#include "plan/plan.h"

#include <systemd/sd-event.h>

struct bfd_engine;

struct bfd_path {
	bool known; /* there is one */
	bool on_link; /* no gateway in between */
	uint32_t ifindex;
	struct addr source; /* by the kernel's choice; ADDR_NONE: not told */
};

struct bfd_ops {
	/* A session that was Up is Down, by no administrator's will.  Not to be answered by
	 * bfd_want(). */
	void (*lost)(void *arg, const char *peer);
	/* A session is Up; likewise. */
	void (*up)(void *arg, const char *peer);
	/* How a packet to the peer would go now. */
	struct bfd_path (*path_to)(void *arg, const struct addr *peer);
	/* The Ethernet address of a peer on the link of this interface; false: not known now. */
	bool (*link_address)(void *arg, const struct addr *peer, uint32_t ifindex, uint8_t ret[6]);
	/* Our address in the BGP session with it; ADDR_NONE where that is not established. */
	struct addr (*bgp_address)(void *arg, const char *peer);
	bool (*is_vip)(void *arg, const struct addr *addr);
};

struct bfd_engine *bfd_engine_new(sd_event *event, const struct bfd_ops *ops, void *arg);
/* The peers are told AdminDown. */
void bfd_engine_free(struct bfd_engine *engine);

/* One session for each peer with a profile that is not shut down.  Other intervals go to a session
 * that runs; another address or number of hops is another session. */
void bfd_want(struct bfd_engine *engine, const struct plan *plan);
/* BGP is established with this peer of the plan last wanted: there is a way to it, which may not
 * have been known. */
void bfd_look_at(struct bfd_engine *engine, const struct plan *plan, const char *peer);
/* Tells all peers that we are administratively down: an orderly stop is no failure (RFC 5882 3.2).
 * No session comes back. */
void bfd_admin_down(struct bfd_engine *engine);

/* A snapshot of one session; texts are good until the loop turns. */
struct bfd_view {
	const char *name; /* the peer's */
	const struct addr *address;
	enum bfd_state state, remote_state;
	uint32_t local_discr, remote_discr;
	uint8_t diag;
	uint32_t transmit_us, receive_us; /* as agreed; 0: none are sent, nothing is known */
	uint64_t detect_us;
	bool multihop;
	uint64_t packets_in, packets_out, ups, downs;
	const uint64_t *discards; /* of the peer's packets, by enum bfd_discard */
	struct {
		int64_t wall_us; /* CLOCK_REALTIME; 0: never */
		uint8_t diag;
		const char *verdict;
	} last_down;
	struct {
		uint64_t n, p50_us, p99_us, max_us;
	} lateness, gaps; /* of our timers; between the peer's packets */
	struct {
		bool used; /* they come back, and count */
		const char *why_not; /* NULL: used, or not asked for */
		uint32_t interval_us; /* 0: none are sent */
		uint64_t packets_in, packets_out;
		uint64_t p50_us, p99_us, max_us; /* there and back */
	} echo;
	const char *note; /* what is in its way; NULL: nothing */
};

typedef void (*bfd_view_fn)(void *arg, const struct bfd_view *view);
/* Every session, by name. */
void bfd_sessions(struct bfd_engine *engine, bfd_view_fn fn, void *arg);
/* Packets that were thrown away since the start, of any source, by enum bfd_discard. */
void bfd_discarded(struct bfd_engine *engine, uint64_t ret[BFD_DISCARD_COUNT]);
/* "Up"; NULL where the peer has no session. */
const char *bfd_state_of(const struct bfd_engine *engine, const char *peer);
typedef void (*bfd_lost_fn)(void *arg, const char *peer, const char *verdict);
/* Those that were lost and are not back. */
void bfd_lost_sessions(const struct bfd_engine *engine, bfd_lost_fn fn, void *arg);
/* NULL where the session with the peer, as it is in this plan, is Up; else why it is not, as far as
 * that is known without asking the thread.  Good until the loop turns. */
const char *bfd_why_not_up(const struct bfd_engine *engine, const struct plan_peer *peer);

#endif
