/* validate_targets.c: names and selectors of our own kinds that match nothing (unknown-peer,
 * unknown-pool, unknown-service, selects-nothing) */
#include "config/reading.h"
#include "config/selector.h"
#include "config/validate_private.h"

#include "base/text.h"

enum { HINTS_MAX = 20 }; /* each looks at the names of all Services */

static bool selects_any(const struct model *m, enum kind kind, const struct selector *selector)
{
	size_t n = model_count(m, kind);

	for (size_t i = 0; i < n; i++)
		if (selector_matches(selector, &model_object(m, kind, i)->labels))
			return true;
	return false;
}

static void check_selectors(struct check *c, const struct object *object,
			    const struct selectors *selectors, const char *list, enum kind kind)
{
	char path[PATH_TEXT_MAX];

	for (uint32_t i = 0; i < selectors->n; i++)
		if (!selects_any(c->model, kind, &selectors->at[i]))
			check_warning(c, object, path_item(path, list, i), "selects-nothing",
				      "no %s has such labels", kind_name(kind));
}

static void check_policies(struct check *c, const struct settings_docs *docs, const char *names,
			   const char *selectors, enum kind kind, const char *rule)
{
	for (size_t i = 0; i < docs->n; i++) {
		const struct settings_doc *doc = &docs->at[i];

		check_names(c, &doc->object, &doc->names, names, kind, rule);
		check_selectors(c, &doc->object, &doc->selectors, selectors, kind);
	}
}

static void check_services(struct check *c, const struct health_check *check, unsigned *hints)
{
	for (uint32_t i = 0; i < check->n_services; i++) {
		const struct service_name *s = &check->services[i];
		char path[PATH_TEXT_MAX];
		struct diag *diag;

		if (model_find_service(c->model, s->namespace, s->name))
			continue;
		diag = check_warning(c, &check->object, path_item(path, "spec.services", i),
				     "unknown-service",
				     "there is no Service \"%.80s/%.80s\" of type LoadBalancer",
				     s->namespace, s->name);
		if ((*hints)++ < HINTS_MAX)
			hint_service(c, diag, s->namespace, s->name);
	}
}

void validate_targets(struct check *c)
{
	const struct model *m = c->model;
	unsigned hints = 0;

	check_policies(c, &m->peer_policies, "spec.peers", "spec.peerSelectors", KIND_BGP_PEER,
		       "unknown-peer");
	check_policies(c, &m->pool_policies, "spec.ipAddressPools", "spec.ipAddressPoolSelectors",
		       KIND_IP_ADDRESS_POOL, "unknown-pool");
	for (size_t i = 0; i < m->health_checks.n; i++) {
		const struct health_check *check = &m->health_checks.at[i];

		check_services(c, check, &hints);
		check_selectors(c, &check->object, &check->service_selectors,
				"spec.serviceSelectors", KIND_SERVICE);
		check_names(c, &check->object, &check->pools, "spec.ipAddressPools",
			    KIND_IP_ADDRESS_POOL, "unknown-pool");
		check_selectors(c, &check->object, &check->pool_selectors,
				"spec.ipAddressPoolSelectors", KIND_IP_ADDRESS_POOL);
	}
}
