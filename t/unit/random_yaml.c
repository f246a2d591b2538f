/* random_yaml.c: nodes, peers, pools, advertisements, policies, checks, Services, pins */
#include "random_yaml.h"

#include "base/text.h"

#include <stdlib.h>

enum { POOLS = 4, PEERS = 4, SERVICES_MAX = 24 };

struct dice dice_of(uint64_t seed)
{
	return (struct dice){seed * 0x9E3779B97F4A7C15u | 1};
}

unsigned dice_roll(struct dice *d, unsigned n)
{
	d->state ^= d->state >> 12;
	d->state ^= d->state << 25;
	d->state ^= d->state >> 27;
	return (unsigned)((d->state * 0x2545F4914F6CDD1Du) >> 33) % n;
}

static bool one_in(struct dice *d, unsigned n)
{
	return dice_roll(d, n) == 0;
}

struct making {
	struct documents *docs;
	struct dice *dice;
	struct text text;
	bool fixed;
};

static void begin(struct making *m, const char *api, const char *kind, const char *name, unsigned i,
		  const char *more)
{
	text_addf(&m->text, "{apiVersion: %s, kind: %s, metadata: {name: %s%u%s}, spec: {", api,
		  kind, name, i, more);
}

static void end(struct making *m, const char *more)
{
	text_addf(&m->text, "}%s}\n", more);
	*array_add(&m->docs->at) = text_take(&m->text);
}

#define METALLB "metallb.io/v1beta1"
#define OURS "mlbgpd.io/v1alpha1"

static void add_nodes(struct making *m)
{
	for (unsigned i = 0; i < 2; i++) {
		text_addf(
			&m->text,
			"{apiVersion: v1, kind: Node, metadata: {name: %c, labels: {rack: r%u%s}}, "
			"spec: {",
			'a' + i, i,
			one_in(m->dice, 12)
				? ", node.kubernetes.io/exclude-from-external-load-balancers: ''"
				: "");
		end(m, "");
	}
}

static void add_peers(struct making *m)
{
	for (unsigned i = 0; i < PEERS; i++) {
		begin(m, "metallb.io/v1beta2", "BGPPeer", "peer", i,
		      i % 2 ? ", labels: {odd: one}" : "");
		text_addf(&m->text, "myASN: 64512, peerASN: %u, peerAddress: '%s%u'",
			  dice_roll(m->dice, 2) ? 64512 : 65000 + i,
			  one_in(m->dice, 4) ? "2001:db8:f::1" : "203.0.113.1", i);
		if (one_in(m->dice, 3))
			text_add(&m->text, ", dualStackAddressFamily: true");
		if (one_in(m->dice, 5))
			text_add(&m->text, ", nodeSelectors: [{matchLabels: {rack: r0}}]");
		end(m, "");
	}
}

static void add_pools(struct making *m)
{
	for (unsigned i = 0; i < POOLS; i++) {
		begin(m, METALLB, "IPAddressPool", "pool", i, i % 2 ? ", labels: {odd: one}" : "");
		text_addf(&m->text, "addresses: [10.%u.0.248-10.%u.1.7, '2001:db8:%u::/124']", i, i,
			  i);
		if (one_in(m->dice, 3))
			text_add(&m->text, ", avoidBuggyIPs: true");
		if (one_in(m->dice, 4))
			text_add(&m->text, ", autoAssign: false");
		if (one_in(m->dice, 3))
			text_addf(&m->text, ", serviceAllocation: {priority: %u%s}", 1 + i,
				  one_in(m->dice, 2) ? ", namespaces: [team0]" : "");
		end(m, "");
	}
}

/* One preference a pool: two that contradict each other are no valid file. */
static void add_advertisements(struct making *m)
{
	for (unsigned i = 0; i < POOLS; i++) {
		unsigned preference = one_in(m->dice, 2) ? 100 * dice_roll(m->dice, 4) : 0;
		unsigned n = 1 + dice_roll(m->dice, 3);

		for (unsigned k = 0; k < n; k++) {
			begin(m, METALLB, "BGPAdvertisement", "adv", 10 * i + k, "");
			text_addf(&m->text, "ipAddressPools: [pool%u], localPref: %u", i,
				  preference);
			if (one_in(m->dice, 2))
				text_addf(&m->text, ", peers: [peer%u, peer%u]", k, k + 1);
			if (one_in(m->dice, 2))
				text_addf(&m->text,
					  ", communities: ['1:%u', '2:%u', 'large:1:2:%u']",
					  dice_roll(m->dice, 3), k, i);
			if (one_in(m->dice, 4))
				text_add(&m->text, ", nodeSelectors: [{matchLabels: {rack: r1}}]");
			if (one_in(m->dice, 3))
				text_add(&m->text,
					 ", serviceSelectors: [{matchLabels: {app: a0}}]");
			else if (one_in(m->dice, 3))
				text_add(&m->text,
					 ", aggregationLength: 30, aggregationLengthV6: 125");
			end(m, "");
		}
	}
}

static void add_policies(struct making *m)
{
	if (one_in(m->dice, 2)) {
		begin(m, OURS, "PeerPolicy", "pp", 0, "");
		text_addf(&m->text, "peers: [peer%u], localPref: %u, asPathPrepend: %u, drain: %s",
			  dice_roll(m->dice, PEERS), 50 * (1 + dice_roll(m->dice, 5)),
			  dice_roll(m->dice, 3), one_in(m->dice, 3) ? "true" : "false");
		end(m, "");
	}
	if (one_in(m->dice, 3)) {
		static const char *const what[] = {"vips: addresses", "vips: prefixes",
						   "aggregates: always", "vipMode: route"};
		begin(m, OURS, "PoolPolicy", "pool-policy", 0, "");
		/* the first pool is asked for by none of the fixed Services */
		text_addf(&m->text, "ipAddressPools: [pool0], %s", what[dice_roll(m->dice, 4)]);
		end(m, "");
	}
	if (one_in(m->dice, 2)) {
		begin(m, OURS, "HealthCheck", "hc", 0, "");
		text_addf(&m->text,
			  "serviceSelectors: [{matchLabels: {app: a%u}}], probe: {listening: {}}, "
			  "onFailure: {action: demote, localPref: %u}",
			  dice_roll(m->dice, 3), 10 + dice_roll(m->dice, 100));
		end(m, "");
	}
}

static void add_service(struct making *m, unsigned i)
{
	struct dice *d = m->dice;
	/* one of its own; the first pool may be all VIPs */
	unsigned pool = 1 + i % (POOLS - 1), at = 1 + i / (POOLS - 1);
	bool six = one_in(d, 3), two = !m->fixed && one_in(d, 4);

	text_addf(
		&m->text,
		"{apiVersion: v1, kind: Service, metadata: {name: s%u, namespace: team%u, labels: "
		"{app: a%u}, annotations: {",
		i, m->fixed ? 0 : dice_roll(d, 2), dice_roll(d, 3));
	if (m->fixed && six)
		text_addf(&m->text, "metallb.io/loadBalancerIPs: '2001:db8:%u::%x'", pool, at);
	else if (m->fixed)
		text_addf(&m->text, "metallb.io/loadBalancerIPs: 10.%u.1.%u", pool, at);
	else if (one_in(d, 4))
		text_addf(&m->text, "metallb.io/loadBalancerIPs: 10.%u.1.%u", dice_roll(d, POOLS),
			  dice_roll(d, 9));
	else if (one_in(d, 4))
		text_addf(&m->text, "metallb.io/address-pool: pool%u", dice_roll(d, POOLS + 1));
	if (!m->fixed && one_in(d, 3))
		text_addf(&m->text, "%smetallb.io/allow-shared-ip: k%u",
			  m->text.text[m->text.len - 1] == '{' ? "" : ", ", dice_roll(d, 2));
	text_addf(&m->text, "}}, spec: {type: LoadBalancer, ports: [{port: %u}]%s%s",
		  80 + dice_roll(d, 3), six ? ", ipFamilies: [IPv6]" : "",
		  two		 ? ", ipFamilyPolicy: PreferDualStack"
		  : one_in(d, 6) ? ", externalTrafficPolicy: Local, selector: {x: y}"
				 : "");
	end(m, !m->fixed && one_in(d, 5) ? ", status: {loadBalancer: {ingress: [{ip: 10.1.1.3}]}}"
					 : "");
}

void random_documents(struct documents *ret, struct dice *dice, bool fixed)
{
	struct making m = {.docs = ret, .dice = dice, .fixed = fixed};
	unsigned n = 1 + dice_roll(dice, fixed ? 3 * (POOLS - 1) : SERVICES_MAX);

	add_nodes(&m);
	add_peers(&m);
	add_pools(&m);
	add_advertisements(&m);
	add_policies(&m);
	for (unsigned i = 0; i < n; i++)
		add_service(&m, i);
}

void documents_shuffle(struct documents *docs, struct dice *dice)
{
	for (size_t i = docs->at.n; i > 1; i--) {
		size_t k = dice_roll(dice, (unsigned)i);
		char *swap = docs->at.at[i - 1];

		docs->at.at[i - 1] = docs->at.at[k];
		docs->at.at[k] = swap;
	}
}

/* Services stand at the end: one goes, and one that was not there comes. */
void documents_change(struct documents *docs, struct dice *dice)
{
	struct making m = {.docs = docs, .dice = dice};

	free(docs->at.at[--docs->at.n]);
	for (unsigned i = 0; i < 1 + dice_roll(dice, 3); i++)
		add_service(&m, 1000 + i);
	if (one_in(dice, 3)) {
		begin(&m, OURS, "PeerPolicy", "later", 0, "");
		text_addf(&m.text, "peers: [peer%u], communities: ['9:%u']", dice_roll(dice, PEERS),
			  dice_roll(dice, 9));
		end(&m, "");
	}
}

char *documents_text(const struct documents *docs)
{
	struct text text = {0};

	for (size_t i = 0; i < docs->at.n; i++)
		text_addf(&text, "---\n%s", docs->at.at[i]);
	return text_take(&text);
}

void documents_fini(struct documents *docs)
{
	for (size_t i = 0; i < docs->at.n; i++)
		free(docs->at.at[i]);
	array_fini(&docs->at);
}
