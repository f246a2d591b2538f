/* explain.c: why an address of a Service is told to a peer, or why not, as a chain of steps */
#include "plan/explain.h"

#include "base/arena.h"
#include "base/text.h"
#include "config/conflict.h"
#include "config/settings.h"
#include "plan/advertise.h"
#include "plan/explain_reason.h"

#include <stdlib.h>

/* One chain on its way. */
struct chain {
	struct explain *to;
	const struct plan *plan;
	const struct plan_service *service;
	const struct addr *addr;
	const struct bgp_peer *peer;
	const struct ip_address_pool *pool;
	const struct bgp_advertisement *advs;
	size_t n_advs;
	const struct adverts *adverts;
	const struct profile *profile;
};

void explain_add(struct explain *explain, struct explain_step step, const char *format, ...)
{
	struct text text = {0};
	va_list ap;

	if (!explain->ok)
		return;
	va_start(ap, format);
	text_vaddf(&text, format, ap);
	va_end(ap);
	step.text = text_take(&text);
	explain->ok = step.ok;
	if (!step.ok)
		explain->reason = explain_reason(step.name);
	*array_add(&explain->steps) = step;
}

void explain_fini(struct explain *explain)
{
	for (size_t i = 0; i < explain->steps.n; i++)
		free(explain->steps.at[i].text);
	array_fini(&explain->steps);
}

static void add_service(const struct chain *c)
{
	const struct object *o = &c->service->service->object;
	bool ok = c->service->state != SERVICE_NONE;
	size_t n_pools;

	if (c->service->whole_pool) {
		explain_add(c->to,
			    (struct explain_step){"service", true, NULL, o, "spec.addresses"},
			    "all of IPAddressPool %s are VIPs, by a PoolPolicy", o->name);
		return;
	}
	explain_add(c->to, (struct explain_step){"service", ok, NULL, o, NULL},
		    "Service %s/%s of type LoadBalancer %s%s", o->namespace, o->name,
		    ok ? "is ours" : "is not ours: ", ok ? "" : c->service->reason);
	(void)model_pools(plan_model(c->plan), &n_pools);
	if (!ok) /* no pool at all, or a class that is not ours */
		c->to->reason = n_pools == 0 ? "noIPAllocated" : "otherLoadBalancerClass";
}

static void add_address(const struct chain *c)
{
	static const char *const sources[] = {
		[SOURCE_NONE] = "",
		[SOURCE_REQUESTED] = "asked for by the Service",
		[SOURCE_STATUS] = "from the Service's status",
		[SOURCE_PINNED] = "pinned",
		[SOURCE_LEASE] = "as it had before",
		[SOURCE_ALLOCATED] = "given to it",
	};
	const struct explain_step step = {"address", c->addr != NULL, NULL,
					  &c->service->service->object, NULL};
	char text[ADDR_TEXT_MAX];
	struct text rule = {0};

	if (c->service->whole_pool || !c->to->ok)
		return; /* of a pool its own step tells */
	if (c->addr) {
		explain_add(c->to, step, "it has %s, %s", addr_format(text, c->addr),
			    sources[c->service->source]);
		return;
	}
	if (c->service->rule)
		text_addf(&rule, " [V-%03u]", c->service->rule);
	explain_add(c->to, step, "it has no address: %s%s",
		    c->service->reason ? c->service->reason : "pending",
		    rule.text ? rule.text : "");
	text_fini(&rule);
	c->to->reason = explain_reason_of_rule(c->service->rule);
}

enum which { OF_POOL, OF_POOL_HERE, OF_SERVICE_HERE, OF_PEER };

static bool is_of_service(const struct profile *p, uint32_t adv)
{
	for (uint32_t i = 0; i < p->n_advs; i++)
		if (p->advs[i] == adv)
			return true;
	return false;
}

static bool is_one(const struct chain *c, uint32_t adv, enum which which)
{
	if (!advertisement_has_pool(&c->advs[adv], c->pool))
		return false;
	if (which >= OF_POOL_HERE && !adverts_is_here(c->adverts, adv))
		return false;
	if (which >= OF_SERVICE_HERE && !is_of_service(c->profile, adv))
		return false;
	return which < OF_PEER || adverts_selects_peer(&c->advs[adv], c->peer->object.name);
}

/* Names of those advertisements, the first few; the first itself, or NULL. */
static const struct object *list(const struct chain *c, enum which which, struct text *names)
{
	enum { NAMES_MAX = 3 };
	const struct object *first = NULL;
	size_t n = 0;

	for (uint32_t i = 0; i < c->n_advs; i++) {
		if (!is_one(c, i, which))
			continue;
		if (!first)
			first = &c->advs[i].object;
		if (n++ < NAMES_MAX)
			text_addf(names, "%s%s", n > 1 ? ", " : "", c->advs[i].object.name);
	}
	if (n > NAMES_MAX)
		text_addf(names, " and %zu more", n - NAMES_MAX);
	return first;
}

/* A step of the advertisements: what the profile says where it ends here. */
static void add_adverts(const struct chain *c, const char *name, enum silence silence,
			enum which which, const char *field, const char *words)
{
	const struct profile *p = c->profile;
	bool ok = p->silence != silence;
	/* Where none is left, those of the step before tell where to look. */
	const enum which shown = ok || which == OF_POOL ? which : which - 1;
	struct text names = {0};
	const struct object *first = list(c, shown, &names);
	const struct explain_step step = {name, ok, NULL, first ? first : &c->pool->object,
					  first ? field : NULL};

	if (ok)
		explain_add(c->to, step, "BGPAdvertisement %s %s", names.text, words);
	else if (names.text)
		explain_add(c->to, step, "%s (there is %s)", p->reason, names.text);
	else
		explain_add(c->to, step, "%s", p->reason);
	text_fini(&names);
}

static void add_profile(const struct chain *c)
{
	const struct profile *p = c->profile;
	const bool agree = p->silence != SILENCE_CONFLICT && p->silence != SILENCE_COMMUNITIES;
	const struct node *node = plan_node(c->plan);
	const struct object *first;
	struct text names = {0};

	add_adverts(c, "advertisement", SILENCE_NO_ADVERTISEMENT, OF_POOL, "spec.ipAddressPools",
		    "selects the pool");
	add_adverts(c, "node", SILENCE_OTHER_NODES, OF_POOL_HERE, "spec.nodeSelectors",
		    "selects this node");
	add_adverts(c, "serviceSelectors", SILENCE_OTHER_SERVICES, OF_SERVICE_HERE,
		    "spec.serviceSelectors", "selects the Service");
	first = list(c, OF_SERVICE_HERE, &names);
	explain_add(c->to,
		    (struct explain_step){"conflict", agree, NULL, first,
					  p->silence == SILENCE_COMMUNITIES ? "spec.communities"
									    : "spec.localPref"},
		    "%s", agree ? "no two of them contradict each other" : p->reason);
	text_fini(&names);
	if (!agree && p->silence == SILENCE_COMMUNITIES)
		c->to->reason = "tooManyCommunities";
	explain_add(c->to,
		    (struct explain_step){"excluded", p->silence != SILENCE_NODE, NULL,
					  &node->object, NULL},
		    "%s%s", p->silence == SILENCE_NODE ? "" : "the node is not excluded: ",
		    p->silence == SILENCE_NODE ? p->reason : node->object.name);
	if (p->silence == SILENCE_NODE && !node->network_unavailable)
		c->to->reason = "nodeLabeledExcludeBalancers";
}

/* Only where there are some: most VIPs have none. */
static void add_checks(const struct chain *c)
{
	const uint32_t vip = plan_find_vip_around(c->plan, c->addr);
	struct text names = {0};
	const struct plan_check_set *set;
	const struct health_check *checks;
	size_t n;

	if (vip == PLAN_NONE)
		return;
	set = &plan_check_sets(c->plan, &n)[plan_vips(c->plan, &n)[vip].check_set];
	checks = model_health_checks(plan_model(c->plan), &n);
	for (uint32_t i = 0; i < set->n_checks; i++)
		text_addf(&names, "%s%s", i > 0 ? ", " : "", checks[set->checks[i]].object.name);
	if (names.text)
		explain_add(c->to,
			    (struct explain_step){"healthCheck", true, NULL,
						  &checks[set->checks[0]].object, "spec.probe"},
			    "HealthCheck %s covers it, and probes do not run in this version: it "
			    "counts as good",
			    names.text);
	text_fini(&names);
}

static void add_pool(const struct chain *c)
{
	char text[ADDR_TEXT_MAX];

	if (c->addr)
		explain_add(c->to,
			    (struct explain_step){"pool", true, NULL, &c->pool->object,
						  "spec.addresses"},
			    "%s is in IPAddressPool %s", addr_format(text, c->addr),
			    c->pool->object.name);
}

static void add_selected_peer(const struct chain *c)
{
	struct text names = {0};
	const struct object *first = list(c, OF_PEER, &names);
	const bool ok = first != NULL;

	if (!ok)
		first = list(c, OF_SERVICE_HERE, &names);
	explain_add(c->to, (struct explain_step){"peer", ok, NULL, first, "spec.peers"},
		    ok ? "BGPAdvertisement %s reaches peer %s"
		       : "BGPAdvertisement %s does not name peer %s",
		    names.text ? names.text : "", c->peer->object.name);
	text_fini(&names);
}

static bool is_set(const char *text)
{
	return text && text[0];
}

/* What PeerPolicies make of its routes, as far as they are to blame for a router's choice. */
static void add_policy(const struct chain *c, const struct plan_peer *peer)
{
	const struct object *by = model_peer_policy_giver(plan_model(c->plan), plan_node(c->plan),
							  c->peer, PEER_SHUTDOWN);

	if (peer->shutdown && by)
		explain_add(
			c->to, (struct explain_step){"shutdown", false, NULL, by, "spec.shutdown"},
			"PeerPolicy %s shuts the session with peer %s down", by->name, peer->name);
	by = model_peer_policy_giver(plan_model(c->plan), plan_node(c->plan), c->peer, PEER_DRAIN);

	if (peer->drain && by)
		explain_add(c->to, (struct explain_step){"drain", true, NULL, by, "spec.drain"},
			    "PeerPolicy %s drains peer %s: its routes are the least preferred",
			    by->name, peer->name);
	by = model_peer_policy_giver(plan_model(c->plan), plan_node(c->plan), c->peer,
				     PEER_LOCAL_PREF);
	if (by)
		explain_add(c->to,
			    (struct explain_step){"localPref", true, NULL, by, "spec.localPref"},
			    "PeerPolicy %s gives localPref %u where the advertisement has none",
			    by->name, peer->policy->local_pref);
}

static void add_session(const struct chain *c)
{
	uint32_t index = plan_find_peer(c->plan, c->peer->object.name);
	const char *node = plan_node(c->plan)->object.name;
	const struct object *o = &c->peer->object;
	const struct plan_peer *peer;
	bool ipv6, ok;
	size_t n;

	if (index == PLAN_NONE) {
		/* As plan_peer.c has it: these do not run on any node. */
		const bool nowhere = is_set(c->peer->interface) || is_set(c->peer->vrf);

		explain_add(c->to,
			    (struct explain_step){"nodeSelectors", false, NULL, o,
						  nowhere ? NULL : "spec.nodeSelectors"},
			    "BGPPeer %s does not run on node %s: %s", o->name, node,
			    nowhere ? "it is on an interface or in a VRF"
				    : "its nodeSelectors select other nodes");
		return;
	}
	peer = &plan_peers(c->plan, &n)[index];
	explain_add(c->to,
		    (struct explain_step){"nodeSelectors", true, NULL, o, "spec.nodeSelectors"},
		    "BGPPeer %s runs on node %s", o->name, node);
	ipv6 = c->addr && c->addr->family == ADDR_IPV6;
	ok = ipv6 ? peer->ipv6 : peer->ipv4;
	explain_add(c->to,
		    (struct explain_step){"family", ok, NULL, o, "spec.dualStackAddressFamily"},
		    "its session %s %s prefixes%s", ok ? "takes" : "does not take",
		    ipv6 ? "IPv6" : "IPv4", ok ? "" : " (dualStackAddressFamily: true would)");
	if (ok)
		add_policy(c, peer);
}

/* Which routes carry it: an aggregate, where an advertisement says so. */
static void add_prefixes(const struct chain *c)
{
	const struct plan_link *link = explain_link(c->plan, c->addr, c->peer->object.name);
	const struct bgp_advertisement *adv;
	const struct plan_group *group;
	const struct plan_link *links;
	const struct plan_vip *vip;
	struct text list = {0};
	char text[PREFIX_TEXT_MAX];
	bool whole = true;
	size_t n;

	if (!link || !c->to->ok)
		return;
	adv = &c->advs[plan_classes(c->plan)[link->class].advertisement];
	group = &plan_groups(c->plan, &n)[link->group];
	vip = &plan_vips(c->plan, &n)[plan_find_vip_around(c->plan, c->addr)];
	links = plan_links(c->plan) + vip->link;
	for (uint32_t i = 0; i < vip->n_links; i++) {
		const struct prefix *p = &group->routes[links[i].route].prefix;

		if (links[i].group != link->group || (i > 0 && links[i - 1].group == link->group &&
						      links[i - 1].route == links[i].route))
			continue;
		whole = whole && p->len == vip->length;
		text_addf(&list, "%s%s", list.len > 0 ? " and " : "", prefix_format(text, p));
	}
	explain_add(c->to,
		    (struct explain_step){"prefix", true, NULL, &adv->object,
					  whole ? NULL
					  : c->addr->family == ADDR_IPV6
						  ? "spec.aggregationLengthV6"
						  : "spec.aggregationLength"},
		    "%s is carried by %s", addr_format(text, c->addr), list.text);
	text_fini(&list);
}

void explain_static(struct explain *ret, const struct plan *plan,
		    const struct plan_service *service, const struct addr *addr,
		    const struct bgp_peer *peer)
{
	struct chain c = {.to = ret, .plan = plan, .service = service, .addr = addr, .peer = peer};
	struct adverts *adverts;
	struct arena *arena;
	size_t n;
	const struct plan_peer *peers = plan_peers(plan, &n);

	*ret = (struct explain){.ok = true};
	/* one address of a pool that is all VIPs speaks for all of them */
	if (service->whole_pool && !addr)
		c.addr = &service->whole_pool->blocks[0].range.first;
	add_service(&c);
	add_address(&c);
	if (!ret->ok)
		return;
	c.advs = model_advertisements(plan_model(plan), &c.n_advs);
	arena = arena_new();
	adverts = adverts_new(plan_model(plan), plan_node(plan), peers, n, arena, arena);
	c.adverts = adverts;
	c.pool = &model_pools(plan_model(plan), &n)[service->pool];
	c.profile = adverts_get(adverts, adverts_profile(adverts, service->pool, service->service));
	add_pool(&c);
	add_profile(&c);
	add_checks(&c);
	ret->of_peer = ret->ok;
	add_selected_peer(&c);
	add_session(&c);
	add_prefixes(&c);
	adverts_free(adverts);
	arena_free(arena);
}

const struct plan_link *explain_link(const struct plan *plan, const struct addr *addr,
				     const char *peer)
{
	const uint32_t p = plan_find_peer(plan, peer), v = plan_find_vip_around(plan, addr);
	const struct plan_vip *vip;
	const struct plan_link *links;
	size_t n;
	uint32_t group;

	if (p == PLAN_NONE || v == PLAN_NONE)
		return NULL;
	group = plan_peers(plan, &n)[p].group;
	vip = &plan_vips(plan, &n)[v];
	links = plan_links(plan) + vip->link;
	for (uint32_t i = 0; i < vip->n_links; i++)
		if (links[i].group == group)
			return &links[i];
	return NULL;
}
