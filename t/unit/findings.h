/* findings.h: what is found in a text, as lines "LINE:COLUMN RULE"; warnings end in "w" */
#ifndef MLBGPD_T_FINDINGS_H
#define MLBGPD_T_FINDINGS_H

#include "base/text.h"
#include "config/diag.h"
#include "config/load.h"
#include "config/model.h"
#include "config/rules.h"
#include "config/source.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* A text loaded as the file "t"; all of it until loaded_fini(). */
struct loaded {
	struct source_set *sources;
	struct diags *diags;
	struct model *model;
};

static inline struct loaded load_text(const char *yaml)
{
	struct loaded l = {.sources = source_set_new()};

	l.diags = diags_new(l.sources);
	source_set_add_bytes(l.sources, "t", yaml, strlen(yaml));
	l.model = config_load(l.sources, "node-a.example", l.diags);
	return l;
}

static inline void loaded_fini(struct loaded *l)
{
	model_free(l->model);
	diags_free(l->diags);
	source_set_free(l->sources);
}

/* Without those of one rule; NULL: all. */
static inline char *findings_text(const struct diags *diags, const char *but)
{
	struct text out = {0};

	for (size_t i = 0; i < diags_count(diags); i++) {
		const struct diag *d = diags_get(diags, i);

		cr_expect(d->rule && rule_words(d->rule), "%s is in rules.def", d->rule);
		if (but && d->rule && strcmp(d->rule, but) == 0)
			continue;
		text_addf(&out, "%s%u:%u %s%s", out.len > 0 ? "\n" : "", d->place.line,
			  d->place.column, d->rule ? d->rule : "-",
			  d->severity == DIAG_WARNING ? " w" : "");
	}
	return text_take(&out);
}

static inline void expect_findings_but(const char *what, const char *yaml, const char *wanted,
				       const char *but)
{
	struct loaded l = load_text(yaml);
	char *found = findings_text(l.diags, but);

	cr_expect_str_eq(found, wanted, "%s:\nfound\n%s\nwanted\n%s\n%s", what, found, wanted,
			 yaml);
	cr_expect_eq(!l.model, diags_errors(l.diags) > 0, "%s: a model, and errors", what);
	free(found);
	loaded_fini(&l);
}

static inline void expect_findings(const char *what, const char *yaml, const char *wanted)
{
	expect_findings_but(what, yaml, wanted, NULL);
}

struct golden {
	const char *what, *yaml, *findings;
};

#define EXPECT_GOLDEN(table)                                                     \
	for (size_t row_ = 0; row_ < sizeof(table) / sizeof((table)[0]); row_++) \
	expect_findings((table)[row_].what, (table)[row_].yaml, (table)[row_].findings)

/* Whatever else does nothing in this version. */
#define EXPECT_GOLDEN_BUT_NOT_YET(table)                                                    \
	for (size_t row_ = 0; row_ < sizeof(table) / sizeof((table)[0]); row_++)            \
	expect_findings_but((table)[row_].what, (table)[row_].yaml, (table)[row_].findings, \
			    "not-yet")

/* Heads of documents, in one line, so that the spec starts at line 2. */
#define HEAD(api, kind, name) \
	"{apiVersion: " api ", kind: " kind ", metadata: {name: " name "}, spec: {\n"
#define PEER(name) HEAD("metallb.io/v1beta2", "BGPPeer", name)
#define POOL(name) HEAD("metallb.io/v1beta1", "IPAddressPool", name)
#define ADVERTISEMENT(name) HEAD("metallb.io/v1beta1", "BGPAdvertisement", name)
#define BFD(name) HEAD("metallb.io/v1beta1", "BFDProfile", name)
#define COMMUNITY(name) HEAD("metallb.io/v1beta1", "Community", name)
#define SERVICE(name) HEAD("v1", "Service", name)
#define DAEMON(name) HEAD("mlbgpd.io/v1alpha1", "Daemon", name)
#define PEER_POLICY(name) HEAD("mlbgpd.io/v1alpha1", "PeerPolicy", name)
#define POOL_POLICY(name) HEAD("mlbgpd.io/v1alpha1", "PoolPolicy", name)
#define HEALTH_CHECK(name) HEAD("mlbgpd.io/v1alpha1", "HealthCheck", name)
#define NODE(name, labels) \
	"{apiVersion: v1, kind: Node, metadata: {name: " name ", labels: {" labels "}}}\n---\n"
#define END "}}\n"
#define NEXT "}}\n---\n"

#endif
