/* validate_policies.c: what Daemon, PeerPolicy and PoolPolicy documents say together of each target
 * on each node that is known: two that contradict each other, and values that exclude others
 */
#include "config/selector.h"
#include "config/validate_private.h"

#include "base/heap.h"

#include <string.h>

/* Found once, though for many targets. */
struct told {
	const struct settings_doc *doc;
	const char *field;
	const char *about;
};

/* The documents of a kind; a bit for each field of each, whose contradiction is told. */
struct group {
	const struct settings_kind *kind;
	const struct settings_docs *docs;
	uint32_t *told;
};

struct policies {
	struct check *c;
	const struct node *node;
	const struct object *target; /* NULL: the node */
	struct group daemons, peers, pools;
	const struct group *group; /* that is merged */
	ARRAY(struct told) told;
};

static bool is_first(struct policies *p, const struct settings_doc *doc, const char *field,
		     const char *about)
{
	for (size_t i = 0; i < p->told.n; i++) {
		const struct told *t = &p->told.at[i];

		if (t->doc == doc && t->field == field && t->about == about)
			return false;
	}
	*array_add(&p->told) = (struct told){doc, field, about};
	return true;
}

static const char mode_path[] = "spec.externalPreference.mode";

/* A bare mode has no field of its own. */
static const char *path_in(struct policies *p, const struct object *object, const char *path)
{
	if (path && strcmp(path, mode_path) == 0 && !check_node(p->c, object, path))
		return "spec.externalPreference";
	return path;
}

static void on_conflict(void *arg, const struct settings_doc *first,
			const struct settings_doc *second, unsigned field)
{
	struct policies *p = arg;
	const char *path = p->group->kind->fields[field].path;
	uint32_t *told = &p->group->told[second - p->group->docs->at];
	const struct object *a = &first->object, *b = &second->object;
	const struct object *target = p->target ? p->target : &p->node->object;
	struct place place;
	struct diag *diag;

	if (*told >> field & 1)
		return;
	*told |= UINT32_C(1) << field;
	place = check_place(p->c, a, path_in(p, a, path));
	diag = check_error(p->c, b, path_in(p, b, path), "conflict",
			   "%s/%s says otherwise, for %s/%s%s%s, and neither is the more specific",
			   kind_name(a->kind), a->name, kind_name(target->kind), target->name,
			   p->target ? " on node " : "", p->target ? p->node->object.name : "");
	diag_related(p->c->diags, diag, place, "the other one is here, in %s/%s",
		     kind_name(a->kind), a->name);
	diag_hint(p->c->diags, diag,
		  "one that names or selects beats one for all; else give both the same value");
}

static void merge(struct policies *p, const struct group *group, const struct object *target,
		  void *ret, struct settings_origin *origin)
{
	p->group = group;
	p->target = target;
	settings_merge(group->kind, group->docs, p->node, target, ret, origin, on_conflict, p);
}

/* An error at a field that a policy gives to the target, with the other place. */
struct clash {
	const struct settings_doc *doc;
	const char *field;
	const char *message;
	const struct object *other;
	const char *other_field;
};

static void report(struct policies *p, const struct clash *clash)
{
	struct place place = {0};
	struct diag *diag;

	if (!clash->doc || !is_first(p, clash->doc, clash->field, clash->message))
		return;
	if (clash->other)
		place = check_place(p->c, clash->other,
				    path_in(p, clash->other, clash->other_field));
	diag = check_error(p->c, &clash->doc->object, path_in(p, &clash->doc->object, clash->field),
			   "bad-value", "%s", clash->message);
	if (clash->other)
		diag_related(p->c->diags, diag, place, "the other one is here, in %s/%s",
			     kind_name(clash->other->kind), clash->other->name);
}

/* ---- Daemon ---- */

static bool any_gives(const struct settings_docs *docs, unsigned field)
{
	for (size_t i = 0; i < docs->n; i++)
		if (setting_is_given(&docs->at[i], field))
			return true;
	return false;
}

static void check_template(struct policies *p, const struct external_preference *preference,
			   const struct settings_doc *mode_from)
{
	if (preference->mode == PREFERENCE_COMMUNITY && !preference->community)
		report(p, &(struct clash){mode_from, mode_path, "mode community needs a community",
					  NULL, NULL});
}

static void check_daemons(struct policies *p, struct daemon_settings *daemon,
			  struct settings_origin *origin)
{
	const struct model *m = p->c->model;

	*daemon = daemon_settings_defaults();
	merge(p, &p->daemons, NULL, daemon, origin);
	if (!any_gives(&m->peer_policies, PEER_PREFERENCE + PREFERENCE_FIELD_COMMUNITY))
		check_template(p, &daemon->preference,
			       origin->by[DAEMON_PREFERENCE + PREFERENCE_FIELD_MODE]);
}

/* ---- PeerPolicy ---- */

static void check_external(struct policies *p, const struct peer_settings *s,
			   const struct settings_origin *origin,
			   const struct settings_doc *mode_from)
{
	check_template(p, &s->preference, mode_from);
	if (s->med.set && s->preference.mode == PREFERENCE_MED)
		report(p, &(struct clash){origin->by[PEER_MED], "spec.med",
					  "a fixed MED, and externalPreference sets it by mode med",
					  mode_from ? &mode_from->object : NULL, mode_path});
}

static void check_session(struct policies *p, const struct bgp_peer *peer,
			  const struct peer_settings *s, const struct settings_origin *origin)
{
	if (s->ttl_security_hops && peer->ebgp_multihop)
		report(p,
		       &(struct clash){origin->by[PEER_TTL_SECURITY_HOPS], "spec.ttlSecurityHops",
				       "ttlSecurityHops and ebgpMultiHop exclude each other",
				       &peer->object, "spec.ebgpMultiHop"});
	if (s->password_file && (peer->password || peer->password_secret))
		report(p, &(struct clash){origin->by[PEER_PASSWORD_FILE], "spec.passwordFile",
					  "passwordFile excludes password and passwordSecret",
					  &peer->object,
					  peer->password_secret ? "spec.passwordSecret"
								: "spec.password"});
	/* RFC 4271 5.1.3 */
	if (s->next_hop.family != ADDR_NONE && addr_equal(&s->next_hop, &peer->address))
		report(p, &(struct clash){origin->by[PEER_NEXT_HOP], "spec.nextHop",
					  "a router can't be its own next hop", &peer->object,
					  "spec.peerAddress"});
}

static void check_peer(struct policies *p, const struct bgp_peer *peer,
		       const struct daemon_settings *daemon, const struct settings_doc *daemon_mode)
{
	struct peer_settings s = peer_settings_defaults(daemon);
	struct settings_origin origin;
	const struct settings_doc *mode_from;

	merge(p, &p->peers, &peer->object, &s, &origin);
	mode_from = origin.by[PEER_PREFERENCE + PREFERENCE_FIELD_MODE];
	if (!bgp_peer_is_internal(peer))
		check_external(p, &s, &origin, mode_from ? mode_from : daemon_mode);
	check_session(p, peer, &s, &origin);
}

/* ---- PoolPolicy ---- */

static void check_pool(struct policies *p, const struct ip_address_pool *pool,
		       const struct daemon_settings *daemon)
{
	struct pool_settings s = pool_settings_defaults(daemon);
	struct settings_origin origin;
	uint64_t size = 0;

	merge(p, &p->pools, &pool->object, &s, &origin);
	if (s.vips != POOL_VIPS_ADDRESSES)
		return;
	for (uint32_t i = 0; i < pool->n_blocks && size <= POOL_ADDRESSES_MAX; i++)
		size += addr_range_size(&pool->blocks[i].range);
	if (size > POOL_ADDRESSES_MAX)
		report(p, &(struct clash){origin.by[POOL_VIPS], "spec.vips",
					  "the pool has more than 65536 addresses, too many to be"
					  " VIPs each: vips: prefixes makes a VIP of each block",
					  &pool->object, "spec.addresses"});
}

static void check_on_node(struct policies *p, const struct node *node)
{
	const struct model *m = p->c->model;
	struct daemon_settings daemon;
	struct settings_origin origin;

	p->node = node;
	check_daemons(p, &daemon, &origin);
	for (size_t i = 0; i < m->peers.n && m->peer_policies.n > 0; i++)
		if (selectors_match(&m->peers.at[i].node_selectors, &node->object.labels, true))
			check_peer(p, &m->peers.at[i], &daemon,
				   origin.by[DAEMON_PREFERENCE + PREFERENCE_FIELD_MODE]);
	for (size_t i = 0; i < m->pools.n && m->pool_policies.n > 0; i++)
		check_pool(p, &m->pools.at[i], &daemon);
}

/* ---- policies that do nothing to those that they select ---- */

static bool has_family(const struct bgp_peer *peer, uint8_t family)
{
	return peer->dual_stack || peer->address.family == family ||
	       peer->address.family == ADDR_NONE;
}

/* Where it selects peers, and none of them can do with the field. */
static void check_use(struct check *c, const struct settings_doc *doc)
{
	const struct model *m = c->model;
	const struct peer_settings *s = doc->settings;
	bool any = false, external = false, family = false, bfd = false;

	for (size_t i = 0; i < m->peers.n; i++) {
		const struct bgp_peer *peer = &m->peers.at[i];

		if (!settings_select_target(doc, &peer->object))
			continue;
		any = true;
		external |= !bgp_peer_is_internal(peer);
		family |= has_family(peer, s->next_hop.family);
		bfd |= peer->bfd_profile != NULL;
	}
	if (any && !external && s->prepend > 0)
		check_warning(c, &doc->object, "spec.asPathPrepend", "no-effect",
			      "it selects internal peers only, which would take our AS in a path"
			      " for a loop: nothing is prepended");
	if (any && !family && setting_is_given(doc, PEER_NEXT_HOP))
		check_warning(c, &doc->object, "spec.nextHop", "no-effect",
			      "the peers that it selects get no routes of this family");
	if (any && !bfd && s->bfd_strict)
		check_warning(c, &doc->object, "spec.bfd.strict", "no-effect",
			      "none of the peers that it selects has a bfdProfile");
}

static struct group group_of(const struct settings_kind *kind, const struct settings_docs *docs)
{
	return (struct group){kind, docs, heap_alloc_array(docs->n, sizeof(uint32_t))};
}

void conflict_of_settings(struct check *c)
{
	const struct model *m = c->model;
	struct policies p = {.c = c,
			     .daemons = group_of(&daemon_kind, &m->daemons),
			     .peers = group_of(&peer_policy_kind, &m->peer_policies),
			     .pools = group_of(&pool_policy_kind, &m->pool_policies)};
	bool self_is_known = false;

	for (size_t i = 0; i < m->nodes.n; i++) {
		self_is_known |= &m->nodes.at[i] == m->self;
		check_on_node(&p, &m->nodes.at[i]);
	}
	if (!self_is_known)
		check_on_node(&p, m->self);
	array_fini(&p.told);
	free(p.daemons.told);
	free(p.peers.told);
	free(p.pools.told);
	for (size_t i = 0; i < m->peer_policies.n; i++)
		check_use(c, &m->peer_policies.at[i]);
}
