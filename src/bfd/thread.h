/* thread.h: the thread that drives all BFD sessions: sockets, timers, packets
 *
 * Nothing but rings joins it to the thread that owns it: commands in, events out.  It takes no lock
 * and allocates nothing once it runs.  A track is the owner's until BFD_COMMAND_ADD and after
 * BFD_EVENT_REMOVED, the thread's in between.
 */
#ifndef MLBGPD_BFD_THREAD_H
#define MLBGPD_BFD_THREAD_H

#include "bfd/due.h"
#include "bfd/echo_io.h"
#include "bfd/flood.h"
#include "bfd/ring.h"
#include "bfd/session.h"
#include "bfd/sieve.h"
#include "bfd/socket.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

enum { BFD_TRACKS_MAX = 4096 /* a power of two: the low bits of a discriminator */ };

/* A session and its way to the peer; what each packet needs is at the beginning. */
struct bfd_track {
	int fd; /* to send; -1: none */
	atomic_int error; /* errno of the last try to send; 0: it went; read by the owner too */
	uint32_t ifindex; /* of single hop: its packets come by this one; 0: by any (not for a
			     link-local peer) */
	bool multihop;
	uint8_t minimum_ttl; /* of multihop; single hop takes 255 only */
	struct addr peer, source; /* source ADDR_NONE: the kernel's choice */
	struct addr local; /* which that was; ADDR_NONE: not known yet */
	struct bfd_link_address link_address; /* of the peer, for echoes */
	struct bfd_way way;
	struct bfd_session session;
	uint64_t discards[BFD_DISCARD_COUNT]; /* packets of the peer's, by reason */
};

struct bfd_command {
	enum {
		BFD_COMMAND_ADD, /* track, at index */
		BFD_COMMAND_REMOVE,
		BFD_COMMAND_PARAMS, /* params, minimum_ttl, ifindex, link_address */
		BFD_COMMAND_LISTEN, /* socket `fd` for kind `index`, which is the thread's from now
			       on; -1: none any more */
		BFD_COMMAND_ADMIN_DOWN, /* all */
		BFD_COMMAND_SNAPSHOT, /* tracks below index are copied, and discards; then done is
					 posted */
		BFD_COMMAND_END,
	} what;
	unsigned index;
	struct bfd_track *track;
	struct bfd_discards *discards;
	struct bfd_params params;
	uint8_t minimum_ttl;
	uint32_t ifindex;
	struct bfd_link_address link_address;
	int fd;
	sem_t *done;
};

struct bfd_event {
	enum { BFD_EVENT_STATE, BFD_EVENT_REMOVED, BFD_EVENT_DISCARDED } what;
	unsigned index;
	struct bfd_change change;
	struct bfd_discard_report discarded;
};

_Static_assert((int)BFD_TRACKS_MAX == (int)DUE_MAX, "each session has a deadline");

struct bfd_thread {
	struct ring commands, events;
	pthread_t thread;
	int priority_error; /* errno; 0: it runs with real-time priority */
	int listening[BFD_KINDS]; /* -1: none */
	struct bfd_track *tracks[BFD_TRACKS_MAX];
	unsigned n_tracks; /* all are below */
	int64_t turned_at; /* the last turn's time */
	bool heard; /* packets came in it */
	bool gathers; /* turns follow closely: packets wait in the sockets for the next one */
	uint32_t fastest_us; /* of the intervals since the last command; 0: none */
	struct due due; /* each session's deadline */
	uint16_t peers[BFD_TRACKS_MAX]; /* chains of tracks by the hash of their peer: from 1; 0:
					   end */
	uint16_t next_peer[BFD_TRACKS_MAX];
	bool removed[BFD_TRACKS_MAX]; /* not told yet */
	bool has_news[BFD_TRACKS_MAX]; /* is among these: there is something to tell of it */
	uint16_t news[BFD_TRACKS_MAX];
	unsigned n_news;
	bool behind; /* an event found no room */
	bool ends;
	struct bfd_batch batch;
	int64_t load_since;
	unsigned load; /* packets since then */
	bool busy; /* they are more than sessions send */
	struct bfd_flood floods[BFD_KINDS];
	uint32_t drops[BFD_KINDS]; /* the kernel's count, as seen last */
	int64_t look_at; /* at the floods; 0: there is none */
	struct bfd_sieve sieve; /* as built last */
	struct bfd_discards discards; /* of all, whether a session is known or not */
};

/* 0 or -errno. */
int bfd_thread_start(struct bfd_thread **ret);
/* Sends AdminDown for all sessions, ends the thread and frees it; the tracks are the caller's. */
void bfd_thread_stop(struct bfd_thread *thread);
/* Something happened to the session: sends what is to go, keeps its deadline and its news.  For the
 * thread alone. */
void bfd_thread_serve(struct bfd_thread *thread, unsigned i, int64_t now);
/* Waits where the ring is full. */
void bfd_thread_command(struct bfd_thread *thread, const struct bfd_command *command);

#endif
