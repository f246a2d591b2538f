/* plan_text.h: a plan from a text of YAML, and what it says as lines: for tests of the plan */
#ifndef MLBGPD_T_PLAN_TEXT_H
#define MLBGPD_T_PLAN_TEXT_H

#include "plan/leases.h"
#include "plan/plan.h"

#include <criterion/criterion.h>

struct planned {
	struct source_set *sources;
	struct diags *diags;
	struct model *model;
	struct plan *plan;
};

/* The text must be valid.  leases may be NULL.  All gates are closed. */
struct planned plan_text(const char *yaml, const char *node, const struct leases *leases);
void planned_fini(struct planned *p);

/* "NAMESPACE/NAME STATE ADDRESS... from SOURCE in POOL V-000", a line each; to be freed. */
char *plan_text_services(const struct plan *plan);
/* The same with the reason of those that have no address. */
char *plan_text_pending(const struct plan *plan);
/* "NAMESPACE/NAME ..." likewise, without reasons. */
char *plan_text_full_services(const struct plan *plan);
/* The same with every reason. */
char *plan_text_reasons(const struct plan *plan);
/* "PEER PREFIX via ADDRESS pref N med N prepend N COMMUNITY...": announced ones. */
char *plan_text_routes(const struct plan *plan);
/* "ADDRESS: SERVICE..." */
char *plan_text_vips(const struct plan *plan);
/* "GROUP: PEER..." */
char *plan_text_groups(const struct plan *plan);
/* "LINE RULE: message": warnings and errors by place. */
char *plan_text_findings(const struct diags *diags);

/* One text in, one text out; on node "a". */
struct plan_case {
	const char *what, *yaml, *wanted;
};
typedef char *(*plan_text_fn)(const struct plan *plan);
void expect_plans(const struct plan_case *cases, size_t n, plan_text_fn fn);
#define EXPECT_PLANS(cases, fn) expect_plans(cases, sizeof(cases) / sizeof((cases)[0]), fn)
/* The findings of each plan, as plan_text_findings(). */
void expect_plan_findings(const struct plan_case *cases, size_t n);
#define EXPECT_PLAN_FINDINGS(cases) expect_plan_findings(cases, sizeof(cases) / sizeof((cases)[0]))
/* Takes the found text. */
void expect_text(const char *what, char *found, const char *wanted);

/* Documents on a line or two each. */
#define DOC(api, kind, name, rest) \
	"---\n{apiVersion: " api ", kind: " kind ", metadata: {name: " name "}, " rest "}\n"
#define PEER(name, address, asn, more)             \
	DOC("metallb.io/v1beta2", "BGPPeer", name, \
	    "spec: {myASN: 64512, peerASN: " asn ", peerAddress: \"" address "\"" more "}")
#define POOL(name, addresses, more)                      \
	DOC("metallb.io/v1beta1", "IPAddressPool", name, \
	    "spec: {addresses: [" addresses "]" more "}")
#define ADVERTISEMENT(name, spec) \
	DOC("metallb.io/v1beta1", "BGPAdvertisement", name, "spec: {" spec "}")
#define DAEMON(spec) DOC("mlbgpd.io/v1alpha1", "Daemon", "d", "spec: {" spec "}")
#define PEER_POLICY(name, spec) DOC("mlbgpd.io/v1alpha1", "PeerPolicy", name, "spec: {" spec "}")
#define NODE(name, labels) \
	"---\n{apiVersion: v1, kind: Node, metadata: {name: " name ", labels: {" labels "}}}\n"
#define SERVICE_WITH(meta, spec, more)                                 \
	"---\n{apiVersion: v1, kind: Service, metadata: {" meta "},\n" \
	"  spec: {type: LoadBalancer, ports: [{port: 80}]" spec "}" more "}\n"
#define SERVICE(name, spec) SERVICE_WITH("name: " name, spec, "")
/* With an annotation of MetalLB's. */
#define SERVICE_ASKS(name, key, value) \
	SERVICE_WITH("name: " name ", annotations: {metallb.io/" key ": \"" value "\"}", "", "")
/* With an address that it has. */
#define SERVICE_HAS(name, address, spec)  \
	SERVICE_WITH("name: " name, spec, \
		     ", status: {loadBalancer: {ingress: [{ip: \"" address "\"}]}}")

#endif
