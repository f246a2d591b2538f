/* test_health_check.c: HealthCheck: what it covers, its probe, what follows when that fails */
#include "findings.h"

#define GOLD POOL("gold") "addresses: [198.51.100.0/24]" NEXT
#define WEB SERVICE("web") "type: LoadBalancer" NEXT
#define CHECK HEALTH_CHECK("h")
#define UNIT "systemdUnit: {name: x.service}"

static const struct golden goldens[] = {
	{"all of httpGet",
	 CHECK "probe: {httpGet: {host: $(VIP), port: 65535, path: /a?b=$(SERVICE), scheme: HTTPS,"
	       " httpHeaders: [{name: X-A, value: \"b c\"}]}, initialDelaySeconds: 0,"
	       " periodSeconds: 0.1, timeoutSeconds: 0.05, successThreshold: 1,"
	       " failureThreshold: 1}, onFailure: {action: demote, localPref: 1}" END,
	 ""},
	{"tcpSocket", CHECK "probe: {tcpSocket: {port: 1}}, onFailure: {action: unassign}" END, ""},
	{"exec", CHECK "probe: {exec: {command: [/bin/true, \"$(NAMESPACE)\"]}}, onFailure: {}" END,
	 ""},
	{"listening", CHECK "probe: {listening: {}}" END, ""},
	{"systemdUnit", CHECK "probe: {systemdUnit: {name: haproxy@$(SERVICE).service}}" END, ""},
	{"no probe", CHECK "probe: {periodSeconds: 5}" END, "2:8 V-003"},
	{"no probe at all", CHECK "services: []" END, "1:74 V-003"},
	{"a null is none", CHECK "probe: {listening: }" END, "2:8 V-003"},
	{"two probes", CHECK "probe: {listening: {}, " UNIT "}" END, "2:37 bad-value"},
	{"ports",
	 CHECK "probe: {httpGet: {port: 0}}" NEXT HEALTH_CHECK(
		 "i") "probe: {tcpSocket: {port: 65536}}" NEXT
		 HEALTH_CHECK("j") "probe: {tcpSocket: {port: http}}" NEXT HEALTH_CHECK(
			 "k") "probe: {tcpSocket: {}}" END,
	 "2:25 bad-value\n5:27 bad-value\n8:27 V-002\n11:9 V-003"},
	{"a scheme", CHECK "probe: {httpGet: {port: 80, scheme: https}}" END, "2:37 bad-value"},
	{"paths",
	 CHECK "probe: {httpGet: {port: 80, path: a}}" NEXT HEALTH_CHECK(
		 "i") "probe: {httpGet: {port: 80, path: \"/a b\"}}" END,
	 "2:35 bad-value\n5:35 bad-value"},
	{"hosts",
	 CHECK "probe: {httpGet: {port: 80, host: \"http://a\"}}" NEXT HEALTH_CHECK(
		 "i") "probe: {tcpSocket: {port: 80, host: \"[::1]\"}}" NEXT
		 HEALTH_CHECK("j") "probe: {tcpSocket: {port: 80, host: \"::1\"}}" END,
	 "2:35 bad-value\n5:37 bad-value"},
	{"headers",
	 CHECK "probe: {httpGet: {port: 80, httpHeaders: [{name: \"a b\", value: c},\n"
	       "{name: a, value: \"b\\nc\"}, {name: \"\", value: c}, {name: a}]}}" END,
	 "2:50 bad-value\n3:18 bad-value\n3:34 bad-value\n3:49 V-003"},
	{"commands",
	 CHECK "probe: {exec: {command: []}}" NEXT
		 HEALTH_CHECK("i") "probe: {exec: {command: [\"\"]}}" NEXT HEALTH_CHECK(
			 "j") "probe: {exec: {}}" END,
	 "2:25 bad-value\n5:25 bad-value\n8:9 V-003"},
	{"variables",
	 CHECK "probe: {exec: {command: [a, $(VIPS), $(date), \"$$(date)\", \"$HOME\",\n"
	       "\"$(VIP\", \"$\"]}}" END,
	 "2:29 bad-value\n2:38 bad-value\n3:1 bad-value"},
	{"units",
	 CHECK "probe: {systemdUnit: {name: nginx}}" NEXT
		 HEALTH_CHECK("i") "probe: {systemdUnit: {name: .service}}" NEXT HEALTH_CHECK(
			 "j") "probe: {systemdUnit: {name: nginx.timer}}" END,
	 "2:29 bad-value\n5:29 bad-value"},
	{"times",
	 CHECK "probe: {listening: {}, initialDelaySeconds: -1,\nperiodSeconds: 0,\n"
	       "timeoutSeconds: 0.0,\nsuccessThreshold: 0,\nfailureThreshold: 0}" END,
	 "2:45 V-002\n3:16 bad-value\n4:17 bad-value\n5:19 bad-value\n6:19 bad-value"},
	{"a day is the longest",
	 CHECK "probe: {listening: {}, periodSeconds: 86400,\n"
	       "timeoutSeconds: 86401}" END,
	 "3:17 bad-value"},
	{"demote without localPref",
	 CHECK "probe: {listening: {}}, onFailure: {action: demote}" END, "2:25 V-003"},
	{"localPref without demote",
	 CHECK "probe: {listening: {}}, onFailure: {localPref: 50}" NEXT HEALTH_CHECK(
		 "i") "probe: {listening: {}}, onFailure: {action: withdraw, localPref: 50}" END,
	 "2:48 bad-value\n5:66 bad-value"},
	{"localPref 0",
	 CHECK "probe: {listening: {}}, onFailure: {action: demote, localPref: 0}" END,
	 "2:64 bad-value"},
	{"an action", CHECK "probe: {listening: {}}, onFailure: {action: remove}" END,
	 "2:45 bad-value"},
	{"Services",
	 WEB CHECK "services: [web, default/web, other/web, wep, a/b/c, /a, B],"
		   " probe: {listening: {}}" END,
	 "5:30 unknown-service w\n5:41 unknown-service w\n5:46 bad-value\n"
	 "5:53 bad-value\n5:57 bad-value"},
	{"a pool whose addresses are VIPs",
	 GOLD CHECK "services: [pool/gold, pool/glod], probe: {listening: {}}" END,
	 "5:23 unknown-service w"},
	{"what matches nothing",
	 WEB GOLD CHECK "probe: {listening: {}},\nserviceSelectors: [{matchLabels: {a: b}}],\n"
			"ipAddressPools: [gold, glod],\n"
			"ipAddressPoolSelectors: [{}, {matchLabels: {a: b}}]" END,
	 "9:20 selects-nothing w\n10:24 unknown-pool w\n11:30 selects-nothing w"},
};

Test(health_check, goldens)
{
	EXPECT_GOLDEN_BUT_NOT_YET(goldens);
}

Test(health_check, says_that_it_does_not_probe)
{
	expect_findings("one warning, at the probe", CHECK "probe: {listening: {}}" END,
			"2:8 not-yet w");
}

Test(health_check, what_it_holds)
{
	struct loaded l = load_text(
		"{apiVersion: mlbgpd.io/v1alpha1, kind: HealthCheck,"
		" metadata: {name: a, namespace: ns}, spec: {services: [web, other/web],\n"
		"probe: {httpGet: {port: 8080, httpHeaders: [{name: Host, value: $(SERVICE)}]},"
		" periodSeconds: 0.5}, onFailure: {action: demote, localPref: 50}}}\n---\n" HEALTH_CHECK(
			"b") "probe: {" UNIT
			     ", failureThreshold: 7}" NEXT HEALTH_CHECK(
				     "c") "probe: {tcpSocket: {host: 127.0.0.1, port: 53}}" END);
	const struct health_check *c;
	size_t n;

	cr_assert(l.model);
	c = model_health_checks(l.model, &n);
	cr_assert_eq(n, 3);
	cr_assert_eq(c[0].n_services, 2);
	cr_expect_str_eq(c[0].services[0].namespace, "ns", "the document's");
	cr_expect_str_eq(c[0].services[1].namespace, "other");
	cr_expect_str_eq(c[0].services[1].name, "web");
	cr_expect_eq(c[0].probe.type, PROBE_HTTP_GET);
	cr_expect_str_eq(c[0].probe.host, "$(VIP)");
	cr_expect_str_eq(c[0].probe.path, "/");
	cr_expect(!c[0].probe.https && c[0].probe.per_vip && c[0].probe.per_service);
	cr_expect_eq(c[0].probe.period_ns, INT64_C(500000000));
	cr_expect_eq(c[0].probe.timeout_ns, INT64_C(1000000000));
	cr_expect_eq(c[0].on_failure, ON_FAILURE_DEMOTE);
	cr_expect_eq(c[0].local_pref, 50);
	cr_expect_eq(c[1].probe.type, PROBE_SYSTEMD_UNIT);
	cr_expect_eq(c[1].probe.period_ns, INT64_C(10000000000));
	cr_expect_eq(c[1].probe.success_threshold, 1);
	cr_expect_eq(c[1].probe.failure_threshold, 7);
	cr_expect_eq(c[1].on_failure, ON_FAILURE_WITHDRAW);
	cr_expect(!c[1].probe.per_vip && !c[1].probe.per_service);
	cr_expect(!c[2].probe.per_vip, "a fixed host: once for all");
	loaded_fini(&l);
}

Test(health_check, hints)
{
	static const struct {
		const char *probe, *hint;
	} rows[] = {
		{"systemdUnit: {name: nginx}", "did you mean nginx.service?"},
		{"exec: {command: [a, $(VIPS)]}", "did you mean $(VIP)?"},
		{"exec: {command: [a, $(date)]}", "for the text $(date) itself write $$(date)"},
		{"httpGet: {port: 80, scheme: https}", "did you mean HTTPS?"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text yaml = {0};
		const struct diag *d = NULL;
		struct loaded l;

		text_addf(&yaml, CHECK "probe: {%s}" END, rows[i].probe);
		l = load_text(yaml.text);
		for (size_t k = 0; k < diags_count(l.diags); k++)
			if (diags_get(l.diags, k)->severity == DIAG_ERROR)
				d = diags_get(l.diags, k);
		cr_assert(d, "%s", rows[i].probe);
		cr_expect_str_eq(d->hint, rows[i].hint, "%s", rows[i].probe);
		loaded_fini(&l);
		text_fini(&yaml);
	}
}
