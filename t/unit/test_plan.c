/* test_plan.c: sessions and their parameters, output groups, findings, sizes */
#include "plan/plan.h"

#include "base/text.h"
#include "config/load.h"
#include "plan_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOUR POOL("four", "192.0.2.0/28", "")
#define SESSION(spec) DOC("metallb.io/v1beta2", "BGPPeer", "p", "spec: {" spec "}")
#define AT "myASN: 64512, peerASN: 65001, peerAddress: 203.0.113.1"

static void add_asn(struct text *out, const struct plan_peer *p)
{
	static const char *const types[] = {"internal", "external", "dynamic"};

	text_addf(out, "%s %s %u-%u", p->name, types[p->type], p->my_asn, p->peer_asn);
}

static char *text_timers(const struct plan *plan)
{
	struct text out = {0};
	size_t n;
	const struct plan_peer *p = plan_peers(plan, &n);

	for (size_t i = 0; i < n; i++)
		text_addf(&out, "%u %u %u\n", p[i].hold_time_s, p[i].keepalive_s,
			  p[i].connect_retry_s);
	return text_take(&out);
}

static const struct plan_case timers[] = {
	{"neither", SESSION(AT), "90 30 5\n"},
	{"hold alone", SESSION(AT ", holdTime: 60s"), "60 20 5\n"},
	{"keepalive alone", SESSION(AT ", keepaliveTime: 10s"), "30 10 5\n"},
	{"both", SESSION(AT ", holdTime: 1m30s, keepaliveTime: 5s"), "90 5 5\n"},
	{"none", SESSION(AT ", holdTime: 0s"), "0 0 5\n"},
	{"fractions are cut", SESSION(AT ", holdTime: 4.9s, keepaliveTime: 1.5s"), "4 1 5\n"},
	{"a hold time without keepalives would not last",
	 SESSION(AT ", holdTime: 30s, keepaliveTime: 0s"), "30 10 5\n"},
	{"connect", SESSION(AT ", connectTime: 70s"), "90 30 70\n"},
	{"v1beta1: absent is absent",
	 "{apiVersion: metallb.io/v1beta1, kind: BGPPeer, metadata: {name: p}, spec: {" AT
	 ", holdTime: 60s}}\n",
	 "60 20 5\n"},
};

Test(plan, timers)
{
	EXPECT_PLANS(timers, text_timers);
}

static char *text_peers(const struct plan *plan)
{
	struct text out = {0};
	char addr[ADDR_TEXT_MAX];
	size_t n;
	const struct plan_peer *p = plan_peers(plan, &n);

	for (size_t i = 0; i < n; i++) {
		add_asn(&out, &p[i]);
		if (p[i].router_id) {
			struct addr id = addr_from_ipv4_u32(p[i].router_id);

			text_addf(&out, " id %s", addr_format(addr, &id));
		}
		text_addf(&out, "%s%s%s%s%s%s\n", p[i].ipv4 ? " ipv4" : "",
			  p[i].ipv6 ? " ipv6" : "", p[i].multihop ? " multihop" : "",
			  p[i].graceful_restart ? " restart" : "", p[i].password ? " password" : "",
			  p[i].bfd ? " bfd" : "");
	}
	return text_take(&out);
}

#define INTERNAL_IP                                                                   \
	"---\n{apiVersion: v1, kind: Node, metadata: {name: a}, status: {addresses: " \
	"[{type: Hostname, address: a}, {type: InternalIP, address: 10.0.0.1}]}}\n"
#define BFD DOC("metallb.io/v1beta1", "BFDProfile", "quick", "spec: {}")

static const struct plan_case peers[] = {
	{"external", SESSION(AT), "p external 64512-65001 ipv4\n"},
	{"by name, only those of this node, not those on an interface or in a VRF",
	 NODE("a", "rack: east") PEER("z", "203.0.113.1", "65001", "") PEER(
		 "b", "203.0.113.2", "64512", ", nodeSelectors: [{matchLabels: {rack: east}}]")
		 PEER("c", "203.0.113.3", "64512", ", nodeSelectors: [{matchLabels: {rack: west}}]")
			 PEER("d", "203.0.113.4", "64512", ", vrf: red")
				 DOC("metallb.io/v1beta2", "BGPPeer", "e",
				     "spec: {myASN: 64512, peerASN: 65001, interface: eth0}"),
	 "b internal 64512-64512 ipv4\nz external 64512-65001 ipv4\n"},
	{"localASN is what the peer sees", SESSION(AT ", localASN: 65001"),
	 "p internal 65001-65001 ipv4\n"},
	{"dynamic", SESSION("myASN: 1, dynamicASN: external, peerAddress: 203.0.113.1"),
	 "p external 1-0 ipv4\n"},
	{"IPv6", SESSION("myASN: 1, peerASN: 2, peerAddress: '2001:db8::1'"),
	 "p external 1-2 ipv6\n"},
	{"all sorts",
	 BFD SESSION(AT
		     ", ebgpMultiHop: true, enableGracefulRestart: true, password: x, bfdProfile: "
		     "quick, dualStackAddressFamily: true"),
	 "p external 64512-65001 ipv4 ipv6 multihop restart password bfd\n"},
	{"router ID: the node's", INTERNAL_IP SESSION(AT),
	 "p external 64512-65001 id 10.0.0.1 ipv4\n"},
	{"router ID: the daemon's before it", INTERNAL_IP DAEMON("routerID: 10.0.0.2") SESSION(AT),
	 "p external 64512-65001 id 10.0.0.2 ipv4\n"},
	{"router ID: the peer's before all",
	 INTERNAL_IP DAEMON("routerID: 10.0.0.2") SESSION(AT ", routerID: 10.0.0.3"),
	 "p external 64512-65001 id 10.0.0.3 ipv4\n"},
};

Test(plan, peers)
{
	EXPECT_PLANS(peers, text_peers);
}

#define P(name, n, asn) PEER(name, "203.0.113." n, asn, "")
static const struct plan_case groups[] = {
	{"equal output, whatever the names and ASes",
	 P("p", "1", "65001") P("q", "2", "65002") P("r", "3", "65003") FOUR SERVICE("s", "")
		 ADVERTISEMENT("k", ""),
	 "p q r: 1\n"},
	{"equal by content, from different advertisements",
	 P("p", "1", "65001") P("q", "2", "65002") FOUR SERVICE("s", "")
		 ADVERTISEMENT("k", "peers: [p], communities: ['1:1']")
			 ADVERTISEMENT("l", "peers: [q], communities: ['1:1']"),
	 "p q: 1\n"},
	{"different communities",
	 P("p", "1", "65001") P("q", "2", "65002") FOUR SERVICE("s", "")
		 ADVERTISEMENT("k", "peers: [p], communities: ['1:1']")
			 ADVERTISEMENT("l", "peers: [q], communities: ['1:2']"),
	 "p: 1\nq: 1\n"},
	{"internal and external, IPv4 and IPv6",
	 P("p", "1", "65001") P("q", "2", "64512") PEER("r", "2001:db8::1", "65001", "")
		 FOUR SERVICE("s", "") ADVERTISEMENT("k", ""),
	 "p: 1\nq: 1\nr: 0\n"},
	{"a peer that is reached by nothing",
	 P("p", "1", "65001") P("q", "2", "65001") P("r", "3", "65001") FOUR SERVICE("s", "")
		 ADVERTISEMENT("k", "peers: [q]"),
	 "p r: 0\nq: 1\n"},
	{"nobody", FOUR SERVICE("s", "") ADVERTISEMENT("k", ""), ""},
};

Test(plan, groups)
{
	EXPECT_PLANS(groups, plan_text_groups);
}

#define WORKERS ", nodeSelectors: [{matchLabels: {node-role.kubernetes.io/worker: 'true'}}]"
static const struct plan_case findings[] = {
	{"nothing to tell", P("p", "1", "64512") FOUR SERVICE("s", "") ADVERTISEMENT("k", ""), ""},
	{"no peer selects the node: told once, with the label",
	 PEER("p", "203.0.113.1", "64512", WORKERS) PEER("q", "203.0.113.2", "64512", WORKERS)
		 FOUR SERVICE("s", "") ADVERTISEMENT("k", ""),
	 "p no-peer: no BGPPeer selects this node: node \"a\" lacks "
	 "node-role.kubernetes.io/worker=true\n"},
	{"no pool", P("p", "1", "64512") SERVICE("s", "") SERVICE("t", ""),
	 "default/s no-pool: Services get no address: there is no IPAddressPool\n"},
	{"an advertisement that reaches nobody",
	 NODE("a", "rack: east") NODE("b", "rack: west") PEER(
		 "p", "203.0.113.1", "64512", ", nodeSelectors: [{matchLabels: {rack: east}}]")
		 FOUR SERVICE("s", ", loadBalancerIP: 192.0.2.1") ADVERTISEMENT("k", "")
			 ADVERTISEMENT("l", "nodeSelectors: [{matchLabels: {rack: west}}]")
				 ADVERTISEMENT("m", "nodeSelectors: [{matchLabels: {rack: north}}]")
					 ADVERTISEMENT("o", "ipAddressPoolSelectors: "
							    "[{matchLabels: {rack: east}}]"),
	 "l reaches-nobody: it reaches nobody: its peers do not run on the nodes that it selects\n"
	 "m reaches-nobody: it reaches nobody: it selects no known node\n"
	 "o reaches-nobody: it reaches nobody: it selects no IPAddressPool\n"},
	{"another node's advertisement is no mistake",
	 NODE("a", "rack: east") NODE("b", "rack: west") P("p", "1", "64512")
		 FOUR SERVICE("s", ", loadBalancerIP: 192.0.2.1")
			 ADVERTISEMENT("k", "nodeSelectors: [{matchLabels: {rack: west}}]"),
	 ""},
	{"Services",
	 P("p", "1", "64512") FOUR POOL("silent", "198.51.100.0/32", "") SERVICE_ASKS(
		 "s", "address-pool", "silent") SERVICE("t", ", loadBalancerIP: 1.2.3.4")
		 SERVICE_HAS("u", "192.0.2.3", ", loadBalancerIP: x")
			 ADVERTISEMENT("k", "ipAddressPools: [four]"),
	 "silent no-advertisement: nobody hears of its addresses: no BGPAdvertisement selects it\n"
	 "default/t V-084: it stays pending, without address: 1.2.3.4 is in no IPAddressPool\n"
	 "default/u V-081: it keeps the address that it has: \"x\" is not an IP address\n"},
	{"a node of no traffic, and nothing of its Services",
	 NODE("a", "node.kubernetes.io/exclude-from-external-load-balancers: ''")
		 P("p", "1", "64512") FOUR SERVICE("s", "") ADVERTISEMENT("k", ""),
	 "a node-excluded: nothing is announced: the node has the label "
	 "node.kubernetes.io/exclude-from-external-load-balancers\n"},
};

Test(plan, findings)
{
	for (size_t i = 0; i < sizeof(findings) / sizeof(findings[0]); i++) {
		struct planned p = plan_text(findings[i].yaml, "a", NULL);

		expect_text(findings[i].what, plan_text_findings(p.diags), findings[i].wanted);
		plan_free(plan_new(p.model, NULL, NULL, p.sources, p.diags));
		expect_text("not told twice", plan_text_findings(p.diags), findings[i].wanted);
		planned_fini(&p);
	}
}

Test(plan, look_ups)
{
	struct planned p = plan_text(
		P("p", "1", "64512") FOUR SERVICE("s", "") ADVERTISEMENT("k", ""), "a", NULL);
	struct addr a;

	addr_parse(&a, "192.0.2.0");
	cr_expect_eq(plan_find_vip(p.plan, &a), 0);
	addr_parse(&a, "192.0.2.1");
	cr_expect_eq(plan_find_vip(p.plan, &a), PLAN_NONE);
	cr_expect_eq(plan_find_peer(p.plan, "p"), 0);
	cr_expect_eq(plan_find_peer(p.plan, "q"), PLAN_NONE);
	planned_fini(&p);
}

/* The digest tells who has which address, in any order of documents. */
Test(plan, address_digest)
{
	static const char *const texts[] = {
		FOUR SERVICE("s", ", loadBalancerIP: 192.0.2.1")
			SERVICE("t", ", loadBalancerIP: 192.0.2.2"),
		FOUR SERVICE("t", ", loadBalancerIP: 192.0.2.2")
			SERVICE("s", ", loadBalancerIP: 192.0.2.1"),
		FOUR SERVICE("t", ", loadBalancerIP: 192.0.2.1")
			SERVICE("s", ", loadBalancerIP: 192.0.2.2"),
	};
	char digests[3][64];

	for (unsigned i = 0; i < 3; i++) {
		struct planned p = plan_text(texts[i], "a", NULL);

		snprintf(digests[i], sizeof(digests[i]), "%s", plan_address_digest(p.plan));
		planned_fini(&p);
	}
	cr_expect_str_eq(digests[0], digests[1]);
	cr_expect_str_neq(digests[0], digests[2]);
}

static size_t size_of(unsigned services, unsigned n_peers)
{
	struct text yaml = {0};
	struct planned p;
	size_t ret;

	text_add(&yaml, POOL("p", "10.0.0.0/15", "") ADVERTISEMENT("k", "communities: ['1:1']"));
	for (unsigned i = 0; i < n_peers; i++)
		text_addf(&yaml,
			  "---\n{apiVersion: metallb.io/v1beta2, kind: BGPPeer, metadata: {name: "
			  "p%u}, spec: {myASN: 1, peerASN: 2, peerAddress: 203.0.113.%u}}\n",
			  i, i);
	for (unsigned i = 0; i < services; i++)
		text_addf(
			&yaml,
			"---\n{apiVersion: v1, kind: Service, metadata: {name: s%u}, spec: {type: "
			"LoadBalancer, ports: [{port: 80}]}}\n",
			i);
	p = plan_text(yaml.text, "a", NULL);
	ret = plan_size(p.plan);
	planned_fini(&p);
	text_fini(&yaml);
	return ret;
}

/* Groups x prefixes, never peers x prefixes; and 100,000 Services in less than 25 MiB. */
Test(plan, size)
{
	size_t few = size_of(2000, 1), many = size_of(2000, 64);

	cr_expect_lt(many, few + few / 10 + 65536, "%zu bytes with one peer, %zu with 64", few,
		     many);
	cr_expect_lt(few * 50, 25u << 20, "%zu bytes for 2000 Services", few);
}
