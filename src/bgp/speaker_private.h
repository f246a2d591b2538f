/* speaker_private.h: the inside of a speaker, for speaker*.c alone
 *
 *	speaker.c         the plan's slice taken and kept
 *	speaker_accept.c  whose a connection is that comes in; passwords of the listening sockets
 *	speaker_view.c    what is told of peers and routes
 */
#ifndef MLBGPD_BGP_SPEAKER_PRIVATE_H
#define MLBGPD_BGP_SPEAKER_PRIVATE_H

#include "base/array.h"
#include "bgp/listener.h"
#include "bgp/regroup.h"
#include "bgp/session.h"
#include "bgp/speaker.h"
#include "bgp/timer.h"

struct speaker {
	struct session_env env;
	struct attrset_table *sets;
	struct farewells *farewells;
	struct listener *listener;
	ARRAY(struct session *) sessions; /* by name */
	struct adjout_array outs; /* by the plan's group */
	const struct plan *plan; /* last wanted; NULL: none yet */
	sd_event_source *wake;
	struct bgp_timer gathering; /* runs: nobody is woken before its end */
	bool is_woken; /* but somebody is to be then */
	bool stopping;
};

/* By its peer's name; NULL where there is none. */
struct session *speaker_session(const struct speaker *speaker, const char *peer);

/* speaker_accept.c */
extern const struct listener_ops speaker_listener_ops; /* with the speaker */
/* What the listening sockets must know of the peers; old: the plan before, NULL: none. */
void speaker_sync_listener(struct speaker *speaker, const struct plan *old);

#endif
