/* plan_warn.c: what an operator should know of a plan: who reaches nobody, who stays pending */
#include "plan/plan_impl.h"

#include "base/heap.h"
#include "base/text.h"
#include "config/conflict.h"
#include "config/diag.h"
#include "config/selector.h"

#include <stdio.h>
#include <stdlib.h>

enum { SERVICES_MAX = 100 }; /* that are named; the rest is counted */

/* The plans of several nodes may find the same. */
static bool is_told(const struct warn *w, struct place place, const char *message)
{
	for (size_t i = 0; i < diags_count(w->diags) && i < SERVICES_MAX; i++) {
		const struct diag *d = diags_get(w->diags, i);

		if (d->place.file == place.file && d->place.offset == place.offset &&
		    text_equal(d->message, message))
			return true;
	}
	return false;
}

static void add(const struct warn *w, struct finding about, const char *message)
{
	const struct object *object = about.object;
	struct place place = object->place;
	struct text name = {0};
	struct diag *diag;

	if (w->sources && about.field)
		place = model_place(w->sources, object, about.field);
	if (is_told(w, place, message))
		return;
	if (object->kind == KIND_SERVICE)
		text_addf(&name, "%s/", object->namespace);
	text_add(&name, object->name);
	diag = diag_add(w->diags, (enum diag_severity)about.severity, place,
			kind_name(object->kind), name.text, about.field, about.rule, "%s", message);
	if (about.hint)
		diag_hint(w->diags, diag, "%s", about.hint);
	text_fini(&name);
}

void warn_add(const struct warn *w, struct finding about, const char *format, ...)
{
	struct text message = {0};
	va_list ap;

	va_start(ap, format);
	text_vaddf(&message, format, ap);
	va_end(ap);
	add(w, about, message.text);
	text_fini(&message);
}

static struct finding warning(const struct object *object, const char *field, const char *rule)
{
	return (struct finding){DIAG_WARNING, object, field, rule, NULL};
}

/* ---- the node ---- */

static bool runs_on(const struct bgp_peer *peer, const struct node *node)
{
	return selectors_match(&peer->node_selectors, &node->object.labels, true);
}

/* Else each peer was told of: its selectors match no Node document (selects-nothing). */
static bool runs_somewhere(const struct model *model, const struct bgp_peer *peers, size_t n)
{
	size_t n_nodes;
	const struct node *nodes = model_nodes(model, &n_nodes);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n_nodes; k++)
			if (runs_on(&peers[i], &nodes[k]))
				return true;
	return n_nodes == 0;
}

/* True where there are peers, and none is for this node. */
static bool warn_no_peer(const struct warn *w)
{
	const struct plan *plan = w->b->plan;
	struct text missing = {0}, hint = {0};
	struct finding about;
	size_t n;
	const struct bgp_peer *peers = model_peers(plan->model, &n);

	for (size_t i = 0; i < n; i++) {
		if (runs_on(&peers[i], plan->node))
			return false;
	}
	if (n == 0)
		return false;
	if (!runs_somewhere(plan->model, peers, n))
		return true;
	selector_add_missing(&missing, &peers[0].node_selectors.at[0], &plan->node->object.labels);
	text_addf(&hint, "give the labels of node \"%s\" in a Node document",
		  plan->node->object.name);
	about = warning(&peers[0].object, "spec.nodeSelectors", "no-peer");
	about.hint = hint.text;
	warn_add(w, about, "no BGPPeer selects this node: node \"%s\" lacks %s",
		 plan->node->object.name, missing.text ? missing.text : "what they ask for");
	text_fini(&missing);
	text_fini(&hint);
	return true;
}

static void warn_excluded(const struct warn *w)
{
	const struct node *node = w->b->plan->node;

	if (node_is_excluded(node))
		warn_add(w, warning(&node->object, "metadata.labels", "node-excluded"),
			 "nothing is announced: the node has the label "
			 "node.kubernetes.io/exclude-from-external-load-balancers");
	else if (node->network_unavailable)
		warn_add(w, warning(&node->object, "status.conditions", "node-excluded"),
			 "nothing is announced: the node's condition NetworkUnavailable is True");
}

/* ---- advertisements that reach nobody, on any node that the files know ---- */

static bool reaches_on(const struct warn *w, const struct bgp_advertisement *adv,
		       const struct node *node)
{
	size_t n;
	const struct bgp_peer *peers = model_peers(w->b->plan->model, &n);

	for (size_t i = 0; i < n; i++) {
		if (runs_on(&peers[i], node) && adverts_selects_peer(adv, peers[i].object.name))
			return true;
	}
	return false;
}

static const char *why_nobody(const struct warn *w, const struct bgp_advertisement *adv,
			      const char **field)
{
	const struct model *model = w->b->plan->model;
	size_t n_pools, n_peers, n_nodes;
	const struct ip_address_pool *pools = model_pools(model, &n_pools);
	const struct bgp_peer *peers = model_peers(model, &n_peers);
	const struct node *nodes = model_nodes(model, &n_nodes), *self = w->b->plan->node;
	bool any_pool = false, any_peer = false, any_node = adverts_selects_node(adv, self);

	for (size_t i = 0; i < n_pools; i++)
		any_pool |= advertisement_has_pool(adv, &pools[i]);
	*field = adv->pools.n ? "spec.ipAddressPools" : "spec.ipAddressPoolSelectors";
	if (!any_pool)
		return "it selects no IPAddressPool";
	for (size_t i = 0; i < n_peers; i++)
		any_peer |= adverts_selects_peer(adv, peers[i].object.name);
	*field = "spec.peers";
	if (!any_peer)
		return "there is no BGPPeer that it names";
	if (any_node && reaches_on(w, adv, self))
		return NULL;
	for (size_t i = 0; i < n_nodes; i++) {
		if (!adverts_selects_node(adv, &nodes[i]))
			continue;
		any_node = true;
		if (reaches_on(w, adv, &nodes[i]))
			return NULL;
	}
	if (any_node)
		return "its peers do not run on the nodes that it selects";
	*field = "spec.nodeSelectors";
	return "it selects no known node";
}

static void warn_unreached(const struct warn *w, bool no_peer_here)
{
	size_t n_peers, n_pools;

	model_peers(w->b->plan->model, &n_peers);
	model_pools(w->b->plan->model, &n_pools);
	for (size_t i = 0; i < w->b->n_advs && n_peers > 0 && n_pools > 0; i++) {
		const struct bgp_advertisement *adv = &w->b->advs[i];
		const char *field, *why;

		if (no_peer_here && adverts_selects_node(adv, w->b->plan->node))
			continue; /* told already */
		why = why_nobody(w, adv, &field);
		if (why)
			warn_add(w, warning(&adv->object, field, "reaches-nobody"),
				 "it reaches nobody: %s", why);
	}
}

/* ---- Services ---- */

/* The annotation as it is spelt: today's way, or the one before. */
static const char *annotation(const struct warn *w, const struct service *s, const char *now,
			      const char *before)
{
	uint32_t absent;

	if (!w->sources)
		return now;
	absent = model_place(w->sources, &s->object, "metadata.annotations.?").offset;
	if (model_place(w->sources, &s->object, now).offset == absent &&
	    model_place(w->sources, &s->object, before).offset != absent)
		return before;
	return now;
}

#define ANNOTATION(w, s, key)                                    \
	annotation(w, s, "metadata.annotations.metallb.io/" key, \
		   "metadata.annotations.metallb.universe.tf/" key)

static const char *field_of(const struct warn *w, const struct service *s, unsigned rule)
{
	switch (rule) {
	case 0:
	case 68:
	case 69:
	case 92:
		return NULL;
	case 91:
		return "spec.ipFamilyPolicy";
	case 86:
	case 87:
	case 88:
		if (s->requested_pool)
			return ANNOTATION(w, s, "address-pool");
		/* fall through */
	default:
		return s->load_balancer_ip ? "spec.loadBalancerIP"
					   : ANNOTATION(w, s, "loadBalancerIPs");
	}
}

/* The pool that may be meant; NULL: none is near. */
static const char *nearest_pool(const struct warn *w, const char *name)
{
	size_t n;
	const struct ip_address_pool *pools = model_pools(w->b->plan->model, &n);
	const char **names = heap_alloc_array(n + 1, sizeof(*names)), *near;

	for (size_t i = 0; i < n; i++)
		names[i] = pools[i].object.name;
	near = nearest_name(name, names, n);
	free(names);
	return near;
}

static void warn_service(const struct warn *w, const struct plan_service *s, const char *id,
			 const char *words)
{
	struct finding about = warning(&s->service->object, field_of(w, s->service, s->rule), id);
	const char *near = s->rule == 87 ? nearest_pool(w, s->service->requested_pool) : NULL;
	struct text hint = {0};
	char rule[16];

	snprintf(rule, sizeof(rule), "V-%03u", s->rule);
	if (s->rule)
		about.rule = rule;
	if (near)
		text_addf(&hint, "did you mean %s?", near);
	about.hint = hint.text;
	warn_add(w, about, "%s: %s", words, s->reason);
	text_fini(&hint);
}

/* Worth a warning are those that nobody announces by mistake; that another node is meant, or that
 * the node itself is out, is no mistake of the Service's. */
static bool is_forgotten(const struct build *b, uint32_t profile)
{
	enum silence silence = adverts_get(b->adverts, profile)->silence;

	if (silence == SILENCE_NONE)
		return b->plan->n_peers > 0;
	/* Of a pool without advertisement the pool is told. */
	return silence != SILENCE_OTHER_NODES && silence != SILENCE_NODE &&
	       silence != SILENCE_NO_ADVERTISEMENT;
}

static void warn_services(const struct warn *w)
{
	const struct plan *plan = w->b->plan;
	const struct plan_service *last_pending = NULL, *last_silent = NULL;
	size_t pending = 0, silent = 0;

	for (size_t i = 0; i < plan->n_services; i++) {
		const struct plan_service *s = &plan->services[i];
		bool is_pending = s->state == SERVICE_PENDING;

		if (is_pending && pending++ < SERVICES_MAX)
			warn_service(w, s, NULL, "it stays pending, without address");
		else if (is_pending)
			last_pending = s;
		if (s->state != SERVICE_ALLOCATED || !s->reason)
			continue;
		if (s->rule >= 80 && s->rule <= 91) {
			warn_service(w, s, NULL, "it keeps the address that it has");
			continue;
		}
		if (!s->advertised &&
		    !is_forgotten(w->b, adverts_profile(w->b->adverts, s->pool, s->service)))
			continue;
		if (silent++ < SERVICES_MAX)
			warn_service(w, s, "not-announced",
				     s->advertised ? "not all is announced"
						   : "it is not announced");
		else
			last_silent = s;
	}
	if (last_pending)
		warn_add(w, warning(&last_pending->service->object, NULL, "V-092"),
			 "%zu more Services stay pending", pending - SERVICES_MAX);
	if (last_silent)
		warn_add(w, warning(&last_silent->service->object, NULL, "not-announced"),
			 "%zu more Services are not announced", silent - SERVICES_MAX);
}

/* ---- pools, and Services as they are written ---- */

static void warn_unadvertised(const struct warn *w)
{
	size_t n;
	const struct ip_address_pool *pools = model_pools(w->b->plan->model, &n);

	for (size_t i = 0; i < n; i++) {
		struct finding about =
			warning(&pools[i].object, "metadata.name", "no-advertisement");
		size_t k = 0;

		while (k < w->b->n_advs && !advertisement_has_pool(&w->b->advs[k], &pools[i]))
			k++;
		about.hint = "a BGPAdvertisement with its name under ipAddressPools, or with none, "
			     "selects it";
		if (k == w->b->n_advs)
			warn_add(w, about,
				 "nobody hears of its addresses: no BGPAdvertisement selects it");
	}
}

static void warn_portless(const struct warn *w)
{
	const struct plan *plan = w->b->plan;
	const struct object *last = NULL;
	size_t n = 0;

	for (size_t i = 0; i < plan->n_services; i++) {
		const struct service *s = plan->services[i].service;

		if (s->n_ports > 0 || s->object.kind != KIND_SERVICE ||
		    plan->services[i].state == SERVICE_NONE)
			continue;
		last = &s->object;
		if (n++ < SERVICES_MAX)
			warn_add(w, warning(last, "spec.ports", "no-ports"),
				 "a Service of type LoadBalancer without ports: nothing is checked"
				 " or shared by them");
	}
	if (n > SERVICES_MAX)
		warn_add(w, warning(last, NULL, "no-ports"), "%zu more Services are without ports",
			 n - SERVICES_MAX);
}

static void warn_no_pool(const struct warn *w)
{
	size_t n_pools;

	model_pools(w->b->plan->model, &n_pools);
	if (n_pools == 0 && w->b->plan->n_services > 0)
		warn_add(w, warning(&w->b->plan->services[0].service->object, NULL, "no-pool"),
			 "Services get no address: there is no IPAddressPool");
}

void plan_warn(const struct warn *w)
{
	bool no_peer_here = warn_no_peer(w);

	warn_excluded(w);
	warn_no_pool(w);
	warn_unadvertised(w);
	warn_portless(w);
	warn_unreached(w, no_peer_here);
	plan_warn_preference(w);
	plan_warn_maximum(w);
	warn_services(w);
	plan_warn_pin(w);
}
