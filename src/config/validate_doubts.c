/* validate_doubts.c: what is legal, and surely not meant: looks-like-blackhole, same-router-id,
 * echo-link-local, restart-and-bfd */
#include "config/reading.h"
#include "config/selector.h"
#include "config/validate_private.h"

/* ---- communities that people read as blackhole (RFC 7999: 65535:666) ---- */

enum { BLACKHOLE_LOW = 666, WELL_KNOWN_HIGH = 65535 };

static void check_value(struct check *c, const struct object *object, const char *path,
			const struct community_alias *value)
{
	unsigned high = value->standard >> 16;
	struct diag *diag;

	if (value->large || (value->standard & UINT16_MAX) != BLACKHOLE_LOW ||
	    high == WELL_KNOWN_HIGH)
		return;
	diag = check_warning(c, object, path, "looks-like-blackhole",
			     "%u:666 looks like the blackhole community, which is 65535:666"
			     " (RFC 7999): routers do with this one what their own policy says",
			     high);
	diag_hint(c->diags, diag,
		  "for traffic to be dropped write blackhole, for it to move away"
		  " graceful-shutdown (RFC 8326)");
}

/* An alias is told of where it is defined. */
static void check_literals(struct check *c, const struct object *object, const struct names *names)
{
	for (uint32_t i = 0; i < names->n; i++) {
		struct community_alias value;
		char path[PATH_TEXT_MAX];

		if (community_parse(names->at[i], &value) == COMMUNITY_OK)
			check_value(c, object,
				    check_name_path(c, object, "spec.communities", i, path),
				    &value);
	}
}

void looks_like_blackhole(struct check *c)
{
	const struct model *m = c->model;

	for (size_t i = 0; i < c->n_aliases; i++) {
		const struct alias_at *at = &c->aliases[i];
		char item[PATH_TEXT_MAX], path[PATH_TEXT_MAX];

		path_item(item, "spec.communities", (size_t)(at->alias - at->doc->aliases));
		check_value(c, &at->doc->object, path_key(path, item, "value"), at->alias);
	}
	for (size_t i = 0; i < m->advertisements.n; i++)
		check_literals(c, &m->advertisements.at[i].object,
			       &m->advertisements.at[i].communities.names);
	for (size_t i = 0; i < m->peer_policies.n; i++) {
		const struct peer_settings *settings = m->peer_policies.at[i].settings;

		check_literals(c, &m->peer_policies.at[i].object, &settings->communities.names);
	}
}

/* ---- one router ID for two nodes ---- */

struct id_of {
	const struct addr *id;
	const struct object *object;
	const struct node *nodes[2]; /* the first that it is for; NULL: no more */
};

static void find_nodes(const struct model *m, const struct selectors *selectors, struct id_of *ret)
{
	unsigned found = 0;

	for (size_t i = 0; i < m->nodes.n && found < 2; i++)
		if (selectors_match(selectors, &m->nodes.at[i].object.labels, true))
			ret->nodes[found++] = &m->nodes.at[i];
}

struct ids {
	ARRAY(struct id_of) list;
};

/* The node, if there is one, that has the ID by an earlier document, and is not `node`. */
static const struct node *other_node(const struct ids *ids, const struct id_of *of,
				     const struct node *node)
{
	for (size_t i = 0; i < ids->list.n; i++)
		for (unsigned k = 0; k < 2; k++)
			if (addr_equal(ids->list.at[i].id, of->id) && ids->list.at[i].nodes[k] &&
			    ids->list.at[i].nodes[k] != node)
				return ids->list.at[i].nodes[k];
	return NULL;
}

/* Told once an ID: where a second node comes to have it. */
static bool is_told(const struct ids *told, const struct addr *id)
{
	for (size_t i = 0; i < told->list.n; i++)
		if (addr_equal(told->list.at[i].id, id))
			return true;
	return false;
}

static void check_id(struct check *c, struct ids *seen, struct ids *told, struct id_of of)
{
	const struct node *other = of.nodes[1];
	char text[ADDR_TEXT_MAX];
	struct diag *diag;

	if (!of.nodes[0])
		return;
	if (!other)
		other = other_node(seen, &of, of.nodes[0]);
	*array_add(&seen->list) = of;
	if (!other || is_told(told, of.id))
		return;
	*array_add(&told->list) = of;
	diag = check_warning(c, of.object, "spec.routerID", "same-router-id",
			     "%s is the router ID of nodes %s and %s: each needs its own",
			     addr_format(text, of.id), of.nodes[0]->object.name,
			     other->object.name);
	diag_hint(c->diags, diag,
		  "without it a node takes its InternalIP, else the session's own IPv4 address");
}

void same_router_id(struct check *c)
{
	const struct model *m = c->model;
	struct ids seen = {0}, told = {0};

	for (size_t i = 0; i < m->daemons.n; i++) {
		const struct settings_doc *doc = &m->daemons.at[i];
		const struct daemon_settings *settings = doc->settings;
		struct id_of of = {&settings->router_id, &doc->object, {NULL}};

		find_nodes(m, &doc->node_selectors, &of);
		if (setting_is_given(doc, DAEMON_ROUTER_ID))
			check_id(c, &seen, &told, of);
	}
	for (size_t i = 0; i < m->peers.n; i++) {
		const struct bgp_peer *peer = &m->peers.at[i];
		struct id_of of = {&peer->router_id, &peer->object, {NULL}};

		find_nodes(m, &peer->node_selectors, &of);
		if (peer->router_id.family == ADDR_IPV4)
			check_id(c, &seen, &told, of);
	}
	array_fini(&seen.list);
	array_fini(&told.list);
}

/* ---- BFD's echo is what routers forward ---- */

void echo_link_local(struct check *c)
{
	const struct model *m = c->model;

	for (size_t i = 0; i < m->peers.n; i++) {
		const struct bgp_peer *peer = &m->peers.at[i];
		const struct bfd_profile *profile =
			peer->bfd_profile ? model_find_bfd_profile(m, peer->bfd_profile) : NULL;
		struct place place;
		struct diag *diag;

		if (!profile || !profile->echo_mode || !addr_is_link_local_ipv6(&peer->address))
			continue;
		place = check_place(c, &profile->object, "spec.echoMode");
		diag = check_warning(c, &peer->object, "spec.bfdProfile", "echo-link-local",
				     "BFDProfile/%s has echoMode, which is not used with a peer by"
				     " a link-local address: routers do not forward what comes"
				     " from one",
				     profile->object.name);
		diag_hint(c->diags, diag,
			  "another address of the router as peerAddress, or another profile for"
			  " this peer");
		diag_related(c->diags, diag, place, "echoMode is here");
	}
}

/* ---- our BFD dies with the daemon ---- */

/* RFC 5882 4.3.2: as the C bit says, BFD shares the fate of what speaks BGP. */
void restart_and_bfd(struct check *c)
{
	const struct model *m = c->model;

	for (size_t i = 0; i < m->peers.n; i++) {
		const struct bgp_peer *peer = &m->peers.at[i];
		struct place place;
		struct diag *diag;

		if (!peer->graceful_restart || !peer->bfd_profile)
			continue;
		place = check_place(c, &peer->object, "spec.bfdProfile");
		diag = check_warning(
			c, &peer->object, "spec.enableGracefulRestart", "restart-and-bfd",
			"after a crash the router may keep no routes: BFD ends with mlbgpd,"
			" and tells it that we are gone (C bit 0, RFC 5882 4.3.2): BIRD"
			" drops them, FRR keeps them");
		diag_related(c->diags, diag, place, "BFD is asked for here");
		diag_hint(c->diags, diag,
			  "choose: routes that stay over a crash, or a dead host found quickly");
	}
}
