/* engine_private.h: inside the engine: the loop's side of each session, and its sockets */
#ifndef MLBGPD_BFD_ENGINE_PRIVATE_H
#define MLBGPD_BFD_ENGINE_PRIVATE_H

#include "base/array.h"
#include "base/clock.h"
#include "base/port_owner.h"
#include "bfd/engine.h"
#include "bfd/thread.h"

/* What the loop's thread knows of a session. */
struct bfd_entry {
	char *name;
	unsigned index; /* of its track */
	struct addr peer;
	struct addr asked; /* the plan's sourceAddress */
	struct addr source; /* ADDR_NONE: the kernel's choice */
	uint32_t ifindex; /* by which alone its packets come; 0: by any */
	bool multihop;
	uint8_t minimum_ttl;
	struct bfd_params params;
	uint32_t echo_us; /* its profile's; 0: no echo */
	struct bfd_link_address link_address; /* while there is echo */
	enum bfd_state state; /* as told last */
	int64_t down_wall_us; /* 0: never */
	uint8_t down_diag;
	bool lost; /* and not come back since; an administrator's will is no loss */
	char verdict[BFD_VERDICT_MAX];
	struct monotime told_since; /* the log: changes told and left out since then */
	unsigned told, untold;
};

struct bfd_entries {
	struct bfd_entry **at;
	size_t n, max;
};

struct names_told {
	char **at;
	size_t n, max;
};

struct bfd_engine {
	sd_event *event;
	const struct bfd_ops *ops;
	void *arg;
	struct bfd_thread *thread; /* NULL: no session yet */
	sd_event_source *events_source, *retry, *look;
	size_t look_from; /* which entry is looked at next */
	struct names_told told; /* peers whose BFD has a VIP for an address, told once */
	struct bfd_entries entries; /* by name */
	struct bfd_entry *by_index[BFD_TRACKS_MAX];
	struct bfd_track *tracks[BFD_TRACKS_MAX]; /* the thread's */
	struct {
		bool open;
		int error; /* errno of the last try; 0: none failed */
		char problem[PORT_OWNER_TEXT_MAX + 64];
	} sockets[BFD_KINDS];
	bool stopping;
};

/* How a session with the peer is to go; old: the one that there is, or NULL. */
struct bfd_route {
	struct addr source;
	uint32_t ifindex;
	bool multihop;
	bool is_vip; /* our address would be one: it can't run */
};
struct bfd_route bfd_engine_route(const struct bfd_engine *engine, const struct plan_peer *peer,
				  const struct bfd_entry *old);
/* Links and routes change: looks at times whether the interface is still the one. */
void bfd_engine_watch_ways(struct bfd_engine *engine);
void bfd_engine_set_ifindex(struct bfd_engine *engine, struct bfd_entry *entry, uint32_t ifindex);
/* Where the session is Up, with echo: the peer's link address. */
void bfd_engine_find_link(struct bfd_engine *engine, struct bfd_entry *entry);
/* What the entry says of the session goes to the thread. */
void bfd_engine_send_params(struct bfd_engine *engine, const struct bfd_entry *entry);
/* By the peer's name; NULL: it has none. */
struct bfd_entry *bfd_engine_find(const struct bfd_engine *engine, const char *name);
/* Opens what the sessions need and closes what none does; a port that can't be had is told once
 * and tried again later. */
void bfd_engine_open_sockets(struct bfd_engine *engine);
/* Echoes are for single hops by addresses that routers forward, and for those that have the sockets
 * for it. */
bool bfd_engine_may_echo(const struct bfd_entry *entry);
/* The sockets of echoes came or went: the sessions follow. */
void bfd_engine_sync_echo(struct bfd_engine *engine);
/* The loop is woken by the thread's events.  0 or -errno. */
int bfd_engine_listen_to_thread(struct bfd_engine *engine);
void bfd_engine_on_event(struct bfd_engine *engine, const struct bfd_event *event);
void bfd_engine_log_change(struct bfd_entry *entry, const struct bfd_change *change, int level);
void bfd_engine_log_discarded(const struct bfd_engine *engine,
			      const struct bfd_discard_report *report);

#endif
