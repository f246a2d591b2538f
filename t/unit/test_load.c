/* test_load.c: what stands in the model after a load; rules of single objects */
#include "findings.h"

#include <syslog.h>

#define GOOD "myASN: 64512, peerASN: 64513, peerAddress: 192.0.2.1"
#define ALLOCATION(name) HEAD("mlbgpd.io/v1alpha1", "AddressAllocation", name)
#define WEB SERVICE("web") "type: LoadBalancer" NEXT
#define BASE "peerASN: 64513, peerAddress: 192.0.2.1"

static const struct golden goldens[] = {
	{"AS 0", PEER("p") "myASN: 0, " BASE END, "2:8 V-010"},
	{"AS numbers out of range",
	 PEER("p") "myASN: 4294967296, peerAddress: 192.0.2.1,\npeerASN: -1, localASN: 0" END,
	 "2:8 V-011\n3:10 V-011\n3:24 V-011"},
	{"no peer AS", PEER("p") "myASN: 1, peerAddress: 192.0.2.1, peerASN: 0" END, "2:44 V-012"},
	{"no peer AS at all", PEER("p") "myASN: 1, peerAddress: 192.0.2.1" END, "1:70 V-012"},
	{"two peer AS", PEER("p") GOOD ",\ndynamicASN: external" END, "3:13 V-013"},
	{"a dynamic AS that is none",
	 PEER("p") "myASN: 1, peerAddress: 192.0.2.1, dynamicASN: External" END, "2:47 V-014"},
	{"multihop in our own AS",
	 PEER("p") "myASN: 5, peerASN: 5, peerAddress: 192.0.2.1,\nebgpMultiHop: true" END,
	 "3:15 V-015"},
	{"no address", PEER("p") "myASN: 1, peerASN: 2" END, "1:70 V-016"},
	{"address and interface", PEER("p") GOOD ",\ninterface: eth0" END,
	 "3:12 V-017\n3:12 not-yet w"},
	{"addresses that are none",
	 PEER("p") "myASN: 1, peerASN: 2, peerAddress: router.example,\nrouterID: x,"
		   " sourceAddress: 192.0.2.1/24" END,
	 "2:36 V-018\n3:11 V-019\n3:29 V-020"},
	{"a source that is none", PEER("p") GOOD ",\nsourceAddress: 192.0.2.1/24" END,
	 "3:16 V-020"},
	{"a source of another family", PEER("p") GOOD ",\nsourceAddress: 2001:db8::1" END,
	 "3:16 V-020"},
	{"router IDs", PEER("p") GOOD ",\nrouterID: 0.0.0.0" END, "3:11 V-019"},
	{"port 0", PEER("p") GOOD ", peerPort: 0" END, "2:65 V-021"},
	{"port 16385", PEER("p") GOOD ", peerPort: 16385" END, "2:65 V-021"},
	{"a duration that is none", PEER("p") GOOD ", holdTime: 90x" END, "2:65 V-022"},
	{"hold 1 s", PEER("p") GOOD ", holdTime: 1.9s" END, "2:65 V-023"},
	{"hold 0.5 s is 0", PEER("p") GOOD ", holdTime: 500ms" END, ""},
	{"hold too long", PEER("p") GOOD ", holdTime: 65536s" END, "2:65 V-023"},
	{"hold from keepalive", PEER("p") GOOD ", keepaliveTime: 900ms" END, "2:70 V-023"},
	{"keepalive above hold", PEER("p") GOOD ", holdTime: 9s,\nkeepaliveTime: 10s" END,
	 "3:16 V-024"},
	{"connect below 1 s", PEER("p") GOOD ", connectTime: 0s" END, "2:68 V-025"},
	{"connect with fractions", PEER("p") GOOD ", connectTime: 1500ms" END, "2:68 V-026"},
	{"two passwords", PEER("p") GOOD ", password: x,\npasswordSecret: {name: s}" END,
	 "3:24 V-027\n3:24 V-028"},
	{"a long password",
	 PEER("p") GOOD ",\npassword: 123456789-123456789-123456789-123456789-"
			"123456789-123456789-123456789-123456789-1" END,
	 "3:11 password-length"},
	{"v1beta1", HEAD("metallb.io/v1beta1", "BGPPeer", "p") "myASN: 1, vrf: x" END,
	 "1:70 V-003\n1:70 V-003\n2:11 unknown-field"},
	{"selectors",
	 PEER("p") GOOD ",\nnodeSelectors: [{matchLabels: {a b: c}},\n"
			"{matchExpressions: [{key: a, operator: In}]},\n"
			"{matchExpressions: [{key: a, operator: Exists, values: [b]}]},\n"
			"{matchExpressions: [{key: a, operator: In, values: [b, b]}]},\n"
			"{matchExpressions: [{key: a, operator: In, values: [b, c]},\n"
			"{key: a, operator: In, values: [c, b]}]},\n"
			"{matchLabels: {x: y}},\n{matchLabels: {x: y}},\n"
			"{matchExpressions: [{operator: Exists}]}]" END,
	 "3:32 V-005\n4:40 V-005\n5:56 V-005\n6:56 V-007\n8:1 V-008\n10:1 V-006\n11:21 V-003"},
	{"no addresses", POOL("a") "addresses: []" END, "2:12 V-052"},
	{"addresses that are none",
	 POOL("a") "addresses: [192.0.2.1, 192.0.2.0/33,\n"
		   "192.0.2.9-192.0.2.1, 192.0.2.1-x, 192.0.2.1-2001:db8::1,\n"
		   "\" 192.0.2.0/24\", 198.51.100.77/24, 203.0.113.1 - 203.0.113.9]" END,
	 "2:13 V-053\n2:24 V-053\n3:1 V-054\n3:22 V-054\n3:35 V-054\n4:1 V-053"},
	{"namespaces twice",
	 POOL("a") "addresses: [192.0.2.0/24], serviceAllocation: {namespaces: [b, c,\nb]}" END,
	 "3:1 V-057"},
	{"aliases",
	 COMMUNITY("c") "communities: [{name: a, value: \"1:65536\"},\n{value: x},\n"
			"{name: b, value: 1:2}, {name: d, value: large:1:2:4294967295}]" END,
	 "2:32 V-058\n3:1 V-003\n3:9 V-058"},
	{"lengths", ADVERTISEMENT("a") "aggregationLength: 33,\naggregationLengthV6: 0" END,
	 "2:20 V-060\n3:22 V-061"},
	{"lists with doubles", ADVERTISEMENT("a") "communities: [\"1:2\", \"1:2\"]" END,
	 "2:22 V-063"},
	{"serviceSelectors with an aggregation",
	 ADVERTISEMENT("a") "aggregationLength: 24,\nserviceSelectors: [{}]" END, "3:19 V-066"},
	{"localPref", ADVERTISEMENT("a") "localPref: -1" END, "2:12 V-079"},
	{"localPref above 32 bits", ADVERTISEMENT("a") "localPref: 4294967296" END, "2:12 V-079"},
	{"BFD bounds",
	 BFD("b") "detectMultiplier: 1, minimumTtl: 255,\nreceiveInterval: 9,"
		  " transmitInterval: 60001, echoInterval: 0" END,
	 "2:19 V-070\n2:34 V-072\n3:18 V-071\n3:39 V-071\n3:60 V-071"},
	{"an L2Advertisement", HEAD("metallb.io/v1beta1", "L2Advertisement", "l") END,
	 "1:40 no-effect w"},
	{"an unknown kind of ours", HEAD("metallb.io/v1beta1", "BGPThing", "x") END, "1:40 V-001"},
	{"a kind in the wrong group", HEAD("v1", "IPAddressPool", "x") END, "1:14 V-001"},
	{"a version that is not served", HEAD("metallb.io/v1beta3", "BGPPeer", "x") END,
	 "1:14 V-001"},
	{"a foreign kind", HEAD("apps/v1", "Deployment", "x") END, "1:29 unknown-kind w"},
	{"a report of MetalLB", HEAD("metallb.io/v1beta1", "ServiceBGPStatus", "x") END,
	 "1:40 unknown-kind w"},
	{"services",
	 SERVICE("s") "type: LoadBalanser" NEXT SERVICE("t") "type: ClusterIP, clusterIP: None" NEXT
		 SERVICE("u") "type: LoadBalancer, ports: [{port: 0}, {protocol: tcp, port: 1}],\n"
			      "ipFamilies: [IPv5], ipFamilyPolicy: Both, externalTrafficPolicy: local" END,
	 "2:7 bad-value\n8:36 bad-value\n8:51 bad-value\n9:14 bad-value\n9:37 bad-value\n"
	 "9:66 bad-value"},
	{"a Daemon",
	 DAEMON("d") "routerID: x, vipInterface: a/b, withdrawHold: -1s,\n"
		     "listenAddresses: [192.0.2.1, \"[::]:179\"], metricsAddress: here,\n"
		     "externalPreference: {mode: community, community: \"1:2\"}" END,
	 "2:11 V-019\n2:28 bad-value\n2:47 V-022\n3:19 bad-value\n3:59 bad-value\n4:50 bad-value"},
	{"pinned addresses that are none",
	 WEB ALLOCATION("a") "services: [{name: web, addresses: [192.0.2.300]},\n"
			     "{name: web, addresses: []},\n"
			     "{name: web, addresses: [192.0.2.1, 192.0.2.2]},\n"
			     "{addresses: [192.0.2.1]}, {name: web}]" END,
	 "5:36 bad-value\n6:24 bad-value\n7:36 bad-value\n8:1 V-003\n8:27 V-003"},
	{"a pin of nobody",
	 WEB ALLOCATION("a") "services: [{namespace: default, name: wep, addresses: [192.0.2.1]},\n"
			     "{namespace: other, name: web, addresses: [192.0.2.1]}]" END,
	 "5:12 unknown-service w\n6:1 unknown-service w"},
	{"two addresses in one document",
	 WEB ALLOCATION("a") "services: [{name: web, addresses: [192.0.2.1]},\n"
			     "{name: web, addresses: [192.0.2.2]}]" END,
	 "6:1 conflict"},
	{"and in two",
	 WEB ALLOCATION("a") "services: [{name: web, addresses: [192.0.2.1]}]" NEXT ALLOCATION(
		 "b") "services: [{name: web, addresses: [192.0.2.2]}]" END,
	 "8:12 conflict"},
	{"the same twice, in any order of families",
	 WEB ALLOCATION("a") "services: [{name: web, addresses: [192.0.2.1, \"::1\"]}]" NEXT
		 ALLOCATION("b") "services: [{name: web, addresses: [\"::1\", 192.0.2.1]}]" END,
	 ""},
	{"two, for different nodes",
	 WEB ALLOCATION("a") "nodeSelectors: [{matchLabels: {x: a}}],\n"
			     "services: [{name: web, addresses: [192.0.2.1]}]" NEXT ALLOCATION(
				     "b") "nodeSelectors: [{matchLabels: {x: b}}],\n"
					  "services: [{name: web, addresses: [192.0.2.2]}]" END,
	 ""},
};

Test(load, goldens)
{
	EXPECT_GOLDEN(goldens);
}

Test(load, peer)
{
	struct loaded l = load_text(
		"apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
		"type: kubernetes.io/basic-auth\n"
		"data: {password: c2VjcmV0}\n---\n" PEER("p") GOOD
		", holdTime: 9.5s, passwordSecret: {name: s}, localASN: 7,\n"
		"sourceAddress: 192.0.2.9, routerID: 10.0.0.1, nodeSelectors: [{}]" NEXT PEER(
			"q") "myASN: 1, dynamicASN: internal, peerAddress: 2001:db8::1,\n"
			     "peerPort: 1790, password: \"null\"" NEXT HEAD(
				     "metallb.io/v1beta1", "BGPPeer",
				     "r") "myASN: 1, peerASN: 2, peerAddress: 192.0.2.8, peerPort: 0" END);
	const struct bgp_peer *p, *q, *r;
	char buf[ADDR_TEXT_MAX];

	cr_assert(l.model);
	p = model_find_peer(l.model, "p");
	q = model_find_peer(l.model, "q");
	r = model_find_peer(l.model, "r");
	cr_expect_eq(p->my_asn, 64512);
	cr_expect_eq(p->local_asn, 7);
	cr_expect_eq(p->port, 179);
	cr_expect(p->hold_time.set && p->hold_time.ns == INT64_C(9000000000), "whole seconds");
	cr_expect(!p->keepalive_time.set);
	cr_expect_str_eq(p->password, "secret");
	cr_expect_str_eq(addr_format(buf, &p->source_address), "192.0.2.9");
	cr_expect_eq(p->node_selectors.n, 1);
	cr_expect_eq(q->dynamic_asn, DYNAMIC_ASN_INTERNAL);
	cr_expect_eq(q->port, 1790);
	cr_expect_str_eq(q->password, "null", "a quoted null is a password");
	cr_expect_eq(r->port, 179, "0 stands for the default in v1beta1");
	cr_expect(!r->hold_time.set, "an absent timer of v1beta1 is absent");
	loaded_fini(&l);
}

Test(load, pool_and_advertisement)
{
	struct loaded l = load_text(
		POOL("a") "addresses: [198.51.100.77/24, 203.0.113.2-203.0.113.254,"
			  " \"2001:db8::/120\"]" NEXT ADVERTISEMENT(
				  "x") "communities: [no-export, b, \"large:1:2:3\","
				       " \"1:2\", c]" NEXT COMMUNITY("k") "communities: "
									  "[{name: b,"
									  " value: \"1:2\"},"
									  " {name: c,"
									  " value: \"0:9\"}]" END);
	const struct ip_address_pool *pool;
	const struct bgp_advertisement *adv;
	size_t n;

	cr_assert(l.model);
	pool = model_find_pool(l.model, "a");
	adv = model_advertisements(l.model, &n);
	cr_assert_eq(n, 1);
	cr_assert_eq(pool->n_blocks, 3);
	cr_expect_eq(pool->blocks[0].shortest, 24);
	cr_expect_eq(pool->blocks[1].shortest, 26);
	cr_expect_eq(pool->blocks[2].shortest, 120);
	cr_expect(pool->auto_assign && !pool->avoid_buggy_ips && !pool->has_allocation);
	cr_expect_eq(adv->aggregation_length, 32);
	cr_assert_eq(adv->communities.n_standard, 3, "an alias and a literal of one value are one");
	cr_expect_eq(adv->communities.standard[0], 9);
	cr_expect_eq(adv->communities.standard[1], 1 << 16 | 2);
	cr_expect_eq(adv->communities.standard[2], 0xffffff01u);
	cr_assert_eq(adv->communities.n_large, 1);
	cr_expect_eq(adv->communities.large[0].data2, 3);
	loaded_fini(&l);
}

Test(load, service)
{
	struct loaded l = load_text(
		"apiVersion: v1\nkind: Service\n"
		"metadata:\n  name: web\n  labels: {b: \"1\", a: x}\n  annotations:\n"
		"    metallb.universe.tf/loadBalancerIPs: 192.0.2.9\n"
		"    metallb.io/loadBalancerIPs: 192.0.2.1, 2001:db8::1\n"
		"    metallb.io/address-pool: \"\"\n    metallb.universe.tf/address-pool: old\n"
		"    metallb.universe.tf/allow-shared-ip: key\n"
		"spec:\n  type: LoadBalancer\n  externalTrafficPolicy: Local\n"
		"  selector: {z: \"1\", app: web}\n  ipFamilyPolicy: RequireDualStack\n"
		"  ipFamilies: [IPv6, IPv4]\n  clusterIPs: [10.0.0.1]\n"
		"  ports: [{port: 53, protocol: UDP}, {name: t, port: 53}]\n"
		"status: {loadBalancer: {ingress: [{hostname: x}, {ip: 192.0.2.1}]}}\n");
	const struct service *s;

	cr_assert(l.model);
	s = model_find_service(l.model, "default", "web");
	cr_assert(s);
	cr_expect_str_eq(s->requested_ips, "192.0.2.1, 2001:db8::1");
	cr_expect_null(s->requested_pool, "the new spelling wins even when empty");
	cr_expect_str_eq(s->sharing_key, "key");
	cr_expect_str_eq(s->backend_key, "app=web,z=1");
	cr_expect_str_eq(s->object.labels.at[0].key, "a");
	cr_expect(s->has_policy && s->policy == REQUIRE_DUAL_STACK);
	cr_expect(s->n_families == 2 && s->families[0] == ADDR_IPV6);
	cr_expect(s->cluster_ips.n == 1 && s->n_status == 1 && s->n_ports == 2);
	cr_expect_str_eq(s->ports[0].protocol, "UDP");
	cr_expect_str_eq(s->ports[1].protocol, "TCP");
	loaded_fini(&l);
}

Test(load, node_by_name_and_by_first_label)
{
	struct loaded l =
		load_text("{apiVersion: v1, kind: Node, metadata: {name: node-a,"
			  " labels: {rack: r1}},\nstatus: {addresses: [{type: Hostname,"
			  " address: x}, {type: InternalIP, address: 10.0.0.7}],\n"
			  "conditions: [{type: NetworkUnavailable, status: \"True\"}]}}\n");
	char buf[ADDR_TEXT_MAX];

	cr_assert(l.model);
	cr_expect_str_eq(model_self(l.model)->object.name, "node-a");
	cr_expect(model_self(l.model)->network_unavailable);
	cr_expect_str_eq(addr_format(buf, &model_self(l.model)->internal_ip), "10.0.0.7");
	loaded_fini(&l);
	l = load_text(BFD("b") END);
	cr_assert(l.model);
	cr_expect_str_eq(model_self(l.model)->object.name, "node-a.example");
	cr_expect_str_eq(model_self(l.model)->object.labels.at[0].key, "kubernetes.io/hostname");
	loaded_fini(&l);
}

Test(load, daemons_merge)
{
	struct loaded l = load_text(
		DAEMON("all") "vipInterface: dummy0, logLevel: debug, vipMode: route" NEXT DAEMON(
			"some") "nodeSelectors: [{matchLabels: {kubernetes.io/hostname:"
				" node-a.example}}],\n"
				"logLevel: error, listenAddresses: [], externalPreference: off" NEXT DAEMON(
					"other") "nodeSelectors: [{matchLabels: {a: b}}], logLevel: info" END);
	struct daemon_settings settings;

	cr_assert(l.model);
	model_daemon(l.model, model_self(l.model), &settings);
	cr_expect_str_eq(settings.vip_interface, "dummy0");
	cr_expect_eq(settings.log_level, LOG_ERR, "one with a selector beats one without");
	cr_expect_eq(settings.vip_mode, VIP_MODE_ROUTE);
	cr_expect_eq(settings.listen.n, 0);
	cr_expect_eq(settings.withdraw_hold_ns, INT64_C(5000000000));
	cr_expect(settings.unreachable_aggregates);
	cr_expect_eq(settings.preference.mode, PREFERENCE_NONE);
	cr_expect_eq(settings.preference.prepend_per_tier, 3);
	loaded_fini(&l);
}

Test(load, a_conflict_of_pins_names_both_places)
{
	struct loaded l = load_text(
		WEB ALLOCATION("a") "services: [{name: web, addresses: [192.0.2.1]}]" NEXT
			ALLOCATION("b") "services: [{name: web, addresses: [192.0.2.2]}]" END);
	const struct diag *d = diags_get(l.diags, 0);

	cr_assert_eq(diags_count(l.diags), 1);
	cr_assert_eq(d->n_related, 1);
	cr_expect_eq(d->place.line, 8);
	cr_expect_eq(d->related[0].place.line, 5);
	loaded_fini(&l);
}

Test(load, a_pin_of_nobody_hints_at_the_nearest)
{
	struct loaded l = load_text(
		WEB ALLOCATION("a") "services: [{name: wep, addresses: [192.0.2.1]}]" END);

	cr_assert_eq(diags_count(l.diags), 1);
	cr_expect_str_eq(diags_get(l.diags, 0)->hint, "did you mean default/web?");
	loaded_fini(&l);
}

Test(load, digest_tells_content_not_form)
{
	struct loaded a = load_text(BFD("b") "receiveInterval: 100" END);
	struct loaded b =
		load_text("apiVersion: \"metallb.io/v1beta1\"\r\nkind: BFDProfile # c\r\n"
			  "metadata:\r\n  name: b\r\nspec:\r\n  receiveInterval: 100\r\n");
	struct loaded c = load_text(BFD("b") "receiveInterval: 101" END);

	cr_assert(a.model && b.model && c.model);
	cr_expect_str_eq(model_digest(a.model), model_digest(b.model));
	cr_expect_str_neq(model_digest(a.model), model_digest(c.model));
	cr_expect_eq(strlen(model_digest(a.model)), 32);
	loaded_fini(&a);
	loaded_fini(&b);
	loaded_fini(&c);
}

/* Every file of the examples for tests is valid; those whose name says so, with warnings. */
Test(load, files_of_a_guide)
{
	struct source_set *all = source_set_new();
	size_t n;

	cr_assert_eq(source_set_add(all, SRCDIR "/t/unit/data", NULL), 0);
	n = source_set_count(all);
	cr_assert_geq(n, 5);
	for (uint16_t i = 0; i < n; i++) {
		const struct source_file *file = source_set_file(all, i);
		struct loaded l = load_text(file->bytes);
		char *found = findings_text(l.diags, NULL);

		cr_expect(l.model, "%s:\n%s", file->name, found);
		cr_expect_eq(diags_warnings(l.diags) > 0, strstr(file->name, "-warned") != NULL,
			     "%s:\n%s", file->name, found);
		free(found);
		loaded_fini(&l);
	}
	source_set_free(all);
}
