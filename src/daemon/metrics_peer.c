/* metrics_peer.c: a session is known by MetalLB's labels peer ("192.0.2.1:179") and vrf
 * ("default"); mlbgpd_bgp_peer_info tells its name
 */
#include "daemon/metrics_peer.h"
#include "base/array.h"
#include "base/heap.h"
#include "base/text.h"
#include "bgp/speaker.h"
#include "daemon/exposition.h"
#include "daemon/generation.h"
#include "daemon/state.h"
#include "plan/plan.h"

#include <stdlib.h>

enum peer_metric {
	SESSION_UP,
	SESSION_ESTABLISHED,
	ANNOUNCED,
	PENDING,
	UPDATES_SENT,
	UPDATES_RECEIVED,
	MESSAGES_SENT,
	MESSAGES_RECEIVED,
	PEER_METRICS,
};

static const struct {
	const char *name;
	enum metric_type type;
	const char *help;
} families[PEER_METRICS] = {
	[SESSION_UP] = {"metallb_bgp_session_up", METRIC_GAUGE, "1: the session is established."},
	[SESSION_ESTABLISHED] = {"mlbgpd_bgp_sessions_established_total", METRIC_COUNTER,
				 "How often the session was established."},
	[ANNOUNCED] = {"metallb_bgp_announced_prefixes_total", METRIC_GAUGE,
		       "Prefixes that are announced to the peer."},
	[PENDING] = {"metallb_bgp_pending_prefixes_total", METRIC_GAUGE,
		     "Prefixes that should be announced to the peer."},
	[UPDATES_SENT] = {"metallb_bgp_updates_total", METRIC_COUNTER,
			  "UPDATE messages sent, withdrawals included."},
	[UPDATES_RECEIVED] = {"metallb_bgp_updates_total_received", METRIC_COUNTER,
			      "UPDATE messages received."},
	[MESSAGES_SENT] = {"metallb_bgp_total_sent", METRIC_COUNTER,
			   "Messages sent, of all types."},
	[MESSAGES_RECEIVED] = {"metallb_bgp_total_received", METRIC_COUNTER,
			       "Messages received, of all types."},
};

struct row {
	struct text labels;
	const char *name; /* the plan's */
	double values[PEER_METRICS];
};

/* Routes of an output group that are open now. */
struct wanted {
	size_t ipv4, ipv6;
};

struct peers {
	const struct plan *plan;
	struct wanted *wanted; /* of each group */
	ARRAY(struct row) rows;
};

static struct wanted *count_wanted(const struct plan *plan)
{
	size_t n;
	const struct plan_group *groups = plan_groups(plan, &n);
	struct wanted *wanted = heap_alloc_array(n + 1, sizeof(*wanted));

	for (size_t g = 0; g < n; g++)
		for (uint32_t i = 0; i < groups[g].n_routes; i++) {
			const struct plan_route *route = &groups[g].routes[i];

			if (route->attrs == PLAN_NOT_ANNOUNCED)
				continue;
			wanted[g].ipv4 += route->prefix.addr.family == ADDR_IPV4;
			wanted[g].ipv6 += route->prefix.addr.family == ADDR_IPV6;
		}
	return wanted;
}

static size_t wanted_of(const struct peers *p, const struct plan_peer *peer)
{
	if (peer->group == PLAN_NONE)
		return 0;
	return (peer->ipv4 ? p->wanted[peer->group].ipv4 : 0) +
	       (peer->ipv6 ? p->wanted[peer->group].ipv6 : 0);
}

static void add_labels(struct text *labels, const struct plan_peer *peer)
{
	struct text at = {0};
	char addr[ADDR_TEXT_MAX];

	if (peer->address.family == ADDR_NONE)
		text_add(&at, peer->interface);
	else
		text_addf(&at, peer->address.family == ADDR_IPV6 ? "[%s]:%u" : "%s:%u",
			  addr_format(addr, &peer->address), peer->port);
	exposition_label(labels, "peer", at.text);
	exposition_label(labels, "vrf", peer->vrf && *peer->vrf ? peer->vrf : "default");
	text_fini(&at);
}

/* A session that only waits for its end is told no more. */
static void add_row(void *arg, const struct bgp_peer_view *view)
{
	struct peers *p = arg;
	uint32_t index = plan_find_peer(p->plan, view->name);
	const struct plan_peer *peer;
	struct row *row;
	size_t n;

	if (index == PLAN_NONE)
		return;
	peer = &plan_peers(p->plan, &n)[index];
	row = array_add(&p->rows);
	row->name = peer->name;
	add_labels(&row->labels, peer);
	row->values[SESSION_UP] = view->state == BGP_ESTABLISHED;
	row->values[SESSION_ESTABLISHED] = (double)view->established_count;
	row->values[ANNOUNCED] = (double)view->prefixes_advertised;
	row->values[PENDING] = (double)wanted_of(p, peer);
	row->values[UPDATES_SENT] = (double)view->updates_sent;
	row->values[UPDATES_RECEIVED] = (double)view->updates_received;
	row->values[MESSAGES_SENT] = (double)view->messages_sent;
	row->values[MESSAGES_RECEIVED] = (double)view->messages_received;
}

static void add_names(struct text *out, struct peers *p)
{
	static const char name[] = "mlbgpd_bgp_peer_info";

	exposition_family(out, name, METRIC_GAUGE, "Always 1: the BGPPeer's name.");
	for (size_t i = 0; i < p->rows.n; i++) {
		struct row *row = &p->rows.at[i];

		exposition_label(&row->labels, "name", row->name);
		exposition_sample(out, name, row->labels.text, 1);
		text_fini(&row->labels);
	}
}

void metrics_add_peers(struct text *out, const struct daemon *d)
{
	struct peers p = {.plan = d->running->plan, .wanted = count_wanted(d->running->plan)};

	speaker_peers(d->speaker, add_row, &p);
	for (size_t f = 0; f < PEER_METRICS; f++) {
		exposition_family(out, families[f].name, families[f].type, families[f].help);
		for (size_t i = 0; i < p.rows.n; i++)
			exposition_sample(out, families[f].name, p.rows.at[i].labels.text,
					  p.rows.at[i].values[f]);
	}
	add_names(out, &p);
	array_fini(&p.rows);
	free(p.wanted);
}
