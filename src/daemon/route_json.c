/* route_json.c: routes -> text, as JSON and as words */
#include "daemon/route_json.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

enum { INTERNAL_LOCAL_PREF = 100 };

bool route_local_pref(const struct plan_attrs *attrs, bool internal, uint32_t *ret)
{
	*ret = attrs->has_local_pref ? attrs->local_pref : INTERNAL_LOCAL_PREF;
	return attrs->has_local_pref || internal;
}

/* As the router sees it: empty from an internal peer. */
void route_add_as_path(struct text *out, const struct plan_attrs *attrs, uint32_t my_asn,
		       bool internal)
{
	if (internal)
		return;
	for (unsigned i = 0; i <= attrs->prepend; i++)
		text_addf(out, "%s%" PRIu32, i > 0 ? " " : "", my_asn);
}

void route_add_communities(struct text *out, const struct plan_attrs *attrs)
{
	for (size_t i = 0; i < attrs->n_communities; i++)
		text_addf(out, "%s%u:%u", i > 0 ? " " : "", attrs->communities[i] >> 16,
			  attrs->communities[i] & 0xffff);
}

void route_add_large_communities(struct text *out, const struct plan_attrs *attrs)
{
	for (size_t i = 0; i < attrs->n_large_communities; i++) {
		const struct large_community *c = &attrs->large_communities[i];

		text_addf(out, "%s%" PRIu32 ":%" PRIu32 ":%" PRIu32, i > 0 ? " " : "",
			  c->global_admin, c->data1, c->data2);
	}
}

/* "a b" becomes ["a", "b"], or [a, b] without quotes. */
static void add_list(struct text *out, const char *words, const char *quote)
{
	text_add(out, "[");
	if (words && *words) {
		text_add(out, quote);
		for (; *words; words++) {
			if (*words == ' ')
				text_addf(out, "%s, %s", quote, quote);
			else
				text_add_n(out, words, 1);
		}
		text_add(out, quote);
	}
	text_add(out, "]");
}

/* What all routes with one set of attributes share. */
static void add_attrs(struct text *out, const struct route_facts *facts)
{
	const struct plan_attrs *attrs = facts->attrs;
	struct text words = {0};
	uint32_t local_pref;

	if (route_local_pref(attrs, facts->internal, &local_pref))
		text_addf(out, ", \"localPref\": %" PRIu32, local_pref);
	else
		text_add(out, ", \"localPref\": null");
	if (attrs->has_med)
		text_addf(out, ", \"med\": %" PRIu32, attrs->med);
	else
		text_add(out, ", \"med\": null");
	text_add(out, ", \"asPath\": ");
	route_add_as_path(&words, attrs, facts->my_asn, facts->internal);
	add_list(out, words.text, "");
	text_fini(&words);
	text_add(out, ", \"communities\": ");
	route_add_communities(&words, attrs);
	add_list(out, words.text, "\"");
	text_fini(&words);
	text_add(out, ", \"largeCommunities\": ");
	route_add_large_communities(&words, attrs);
	add_list(out, words.text, "\"");
	text_fini(&words);
	text_add(out, "}");
}

static void add_peer(struct text *out, const char *peer)
{
	json_t *name = json_string(peer);
	char *quoted = name ? json_dumps(name, JSON_ENCODE_ANY) : NULL;

	text_addf(out, "{\"peer\": %s", quoted ? quoted : "null");
	free(quoted);
	json_decref(name);
}

static void add_prefix(struct text *out, const struct route_facts *facts)
{
	char prefix[PREFIX_TEXT_MAX], next_hop[ADDR_TEXT_MAX];

	text_addf(out, ", \"prefix\": \"%s\"", prefix_format(prefix, facts->prefix));
	if (facts->next_hop && facts->next_hop->family != ADDR_NONE)
		text_addf(out, ", \"nextHop\": \"%s\"", addr_format(next_hop, facts->next_hop));
	else
		text_add(out, ", \"nextHop\": null");
}

void route_json(struct text *out, const struct route_facts *facts)
{
	add_peer(out, facts->peer);
	add_prefix(out, facts);
	add_attrs(out, facts);
}

/* The ends of the lines, which repeat, are made once for each run of equal attributes. */
static void peer_routes(const struct plan *plan, const struct plan_peer *peer, route_json_fn fn,
			void *arg)
{
	size_t n;
	const struct plan_group *group = &plan_groups(plan, &n)[peer->group];
	struct text line = {0}, tail = {0};
	uint32_t attrs = PLAN_NOT_ANNOUNCED;
	size_t head;

	add_peer(&line, peer->name);
	head = line.len;
	for (size_t i = 0; i < group->n_routes; i++) {
		const struct plan_route *route = &group->routes[i];
		struct route_facts facts = {
			.peer = peer->name,
			.prefix = &route->prefix,
			.my_asn = peer->my_asn,
			.internal = peer->type == PEER_INTERNAL,
		};

		if (route->attrs == PLAN_NOT_ANNOUNCED)
			continue;
		facts.attrs = plan_attrs(plan, route->attrs);
		facts.next_hop = &facts.attrs->next_hop;
		if (route->attrs != attrs) {
			tail.len = 0;
			add_attrs(&tail, &facts);
			attrs = route->attrs;
		}
		line.len = head;
		add_prefix(&line, &facts);
		text_add_n(&line, tail.text, tail.len);
		fn(arg, line.text);
	}
	text_fini(&line);
	text_fini(&tail);
}

void route_json_plan(const struct plan *plan, route_json_fn fn, void *arg)
{
	size_t n;
	const struct plan_peer *peers = plan_peers(plan, &n);

	for (size_t i = 0; i < n; i++)
		if (peers[i].group != PLAN_NONE)
			peer_routes(plan, &peers[i], fn, arg);
}
